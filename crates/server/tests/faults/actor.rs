//! Who talks to the server: a user at a browser, an app, a holder of a token.

use crate::process::{App, PASSWORD};
use reqwest::{Client, RequestBuilder, header::HeaderMap};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
    time::Duration,
};

pub const REDIRECT: &str = "https://app.example/cb";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The connection ended before the whole answer was there: nothing was acknowledged.
#[derive(Clone, Copy, Debug)]
pub struct Lost;

impl From<reqwest::Error> for Lost {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

/// For where a lost answer is a failure.
pub trait Sure<T> {
    fn sure(self) -> T;
}

impl<T, E: Debug> Sure<T> for Result<T, E> {
    fn sure(self) -> T {
        self.expect("an answer")
    }
}

/// An answer, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// A text member of a JSON answer, `""` when absent.
    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or("").to_owned()
    }

    /// What stands between two pieces of a page.
    fn between(&self, before: &str, after: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(before)?;
        Some(rest.split_once(after)?.0.to_owned())
    }

    /// The token of the page's forms.
    pub fn form_token(&self) -> String {
        self.between("name=\"csrf\" value=\"", "\"")
            .expect("a form with its token")
    }

    /// Holds what the test demands, or shows the whole answer.
    pub fn must(self, statuses: &[u16], what: &str) -> Self {
        assert!(statuses.contains(&self.status), "{what}: {self:#?}");
        self
    }
}

/// The way to a server, and the ids of the requests that went it.
#[derive(Clone)]
pub struct Wire {
    http: Client,
    pub origin: String,
    /// The host that is asked for, where a load balancer stands between.
    pub host: Option<String>,
    pub ids: Arc<Mutex<Vec<String>>>,
    /// Whether a 503 is a lost answer: it acknowledges nothing either.
    pub unavailable_is_lost: bool,
}

impl Wire {
    pub fn new(origin: &str) -> Self {
        Self {
            http: http(),
            origin: origin.into(),
            host: None,
            ids: Arc::default(),
            unavailable_is_lost: false,
        }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.origin))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.origin))
    }

    pub async fn send(&self, mut request: RequestBuilder) -> Result<Reply, Lost> {
        if let Some(host) = &self.host {
            request = request.header("host", host);
        }
        let reply = send(request).await?;
        let id = reply.header("x-request-id").to_owned();
        self.ids.lock().expect("nobody panics").push(id);
        if self.unavailable_is_lost && reply.status == 503 {
            return Err(Lost);
        }
        Ok(reply)
    }
}

pub fn http() -> Client {
    let patient = Client::builder().timeout(Duration::from_secs(30));
    let direct = patient
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    direct.build().expect("a client")
}

pub async fn send(request: RequestBuilder) -> Result<Reply, Lost> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.text().await?;
    Ok(Reply {
        status,
        headers,
        body,
    })
}

/// A user at a browser. Cookies are plain data, so a test can look at them.
#[derive(Clone)]
pub struct Browser {
    pub wire: Wire,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(origin: &str) -> Self {
        Self {
            wire: Wire::new(origin),
            cookies: BTreeMap::new(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Result<Reply, Lost> {
        self.ask(self.wire.get(path)).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Reply, Lost> {
        self.ask(self.wire.post(path).form(form)).await
    }

    async fn ask(&mut self, request: RequestBuilder) -> Result<Reply, Lost> {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request.header("cookie", cookies.join("; "));
        let reply = self.wire.send(request).await?;
        for line in reply.headers.get_all("set-cookie") {
            let pair = line
                .to_str()
                .ok()
                .and_then(|line| line.split(';').next()?.split_once('='));
            let (name, value) = pair.expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok(reply)
    }

    /// Opens a page, then sends a form of it.
    pub async fn submit(
        &mut self,
        page: &str,
        to: &str,
        fields: &[(&str, &str)],
    ) -> Result<Reply, Lost> {
        let token = self.get(page).await?.must(&[200], page).form_token();
        self.post(to, &[fields, &[("csrf", &token)]].concat()).await
    }

    pub async fn sign_in(&mut self, email: &str) -> Result<Reply, Lost> {
        let fields = [
            ("email", email),
            ("password", PASSWORD),
            ("action", "login"),
            ("return_to", "/"),
        ];
        self.submit("/login?confirm=1", "/login", &fields).await
    }

    pub async fn is_signed_in(&mut self) -> Result<bool, Lost> {
        Ok(self
            .get("/account")
            .await?
            .must(&[200, 303], "the account page")
            .status
            == 200)
    }

    /// Allows an app what it asks; the code.
    pub async fn connect(&mut self, app: &App) -> Result<String, Lost> {
        self.allow(app, "default").await
    }

    /// Allows an app these scopes; the code.
    pub async fn allow(&mut self, app: &App, scope: &str) -> Result<String, Lost> {
        let path = authorize(app, scope);
        let mut reply = self.get(&path).await?.must(&[200, 303], "authorize");
        if reply.status == 200 {
            let token = reply.form_token();
            reply = self
                .post(&path, &[("csrf", &token), ("decision", "allow")])
                .await?;
        }
        let reply = reply.must(&[303], "the consent");
        let back = reqwest::Url::parse(reply.header("location")).expect("a redirect to the app");
        let code = back.query_pairs().find(|(name, _)| name == "code");
        Ok(code.expect("a code").1.into_owned())
    }

    /// Whether the app gets a code without a question.
    pub async fn is_remembered(&mut self, app: &App) -> Result<bool, Lost> {
        let reply = self.get(&authorize(app, "default")).await?;
        Ok(reply.header("location").contains("code="))
    }

    /// Makes a personal access token; its text.
    pub async fn make_token(&mut self, description: &str) -> Result<String, Lost> {
        let fields = [
            ("description", description),
            ("scope", "default"),
            ("expires_in", "90"),
        ];
        let reply = self.submit("/tokens", "/tokens", &fields).await?;
        let reply = reply.must(&[201], "a new personal access token");
        let ticket = reply
            .between("id=\"fresh\"", "</code>")
            .expect("the token's text");
        Ok(ticket.rsplit('>').next().unwrap_or("").to_owned())
    }

    pub async fn end_token(&mut self, gid: &str) -> Result<Reply, Lost> {
        self.submit("/tokens", &format!("/tokens/{gid}/deauthorize"), &[])
            .await
    }

    pub async fn end_grant(&mut self, gid: &str) -> Result<Reply, Lost> {
        self.submit(
            "/authorizations",
            &format!("/authorizations/{gid}/end"),
            &[],
        )
        .await
    }
}

/// Where an app sends the browser.
pub fn authorize(app: &App, scope: &str) -> String {
    let query = [
        ("scope", scope),
        ("client_id", &*app.client_id),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("state", "s"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let url = reqwest::Url::parse_with_params("http://x/-/oauth_authorize", query);
    let url = url.expect("a URL");
    format!("{}?{}", url.path(), url.query().unwrap_or(""))
}

/// An app's own server or program.
#[derive(Clone)]
pub struct Program {
    pub wire: Wire,
    pub app: App,
}

impl Program {
    pub fn new(origin: &str, app: &App) -> Self {
        Self {
            wire: Wire::new(origin),
            app: app.clone(),
        }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Reply, Lost> {
        let mut form = vec![("client_id", &*self.app.client_id)];
        form.extend(
            self.app
                .client_secret
                .as_deref()
                .map(|secret| ("client_secret", secret)),
        );
        form.extend(fields);
        self.wire.send(self.wire.post(path).form(&form)).await
    }

    pub async fn exchange(&self, code: &str) -> Result<Reply, Lost> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.post("/-/oauth_token", &fields).await
    }

    pub async fn refresh(&self, token: &str) -> Result<Reply, Lost> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/-/oauth_token", &fields).await
    }

    pub async fn revoke(&self, token: &str) -> Result<Reply, Lost> {
        self.post("/-/oauth_revoke", &[("token", token)]).await
    }

    /// Whether the API takes this token.
    pub async fn is_accepted(&self, token: &str) -> Result<bool, Lost> {
        let reply = self.api("users/me", token).await?;
        Ok(reply.must(&[200, 401], "the API").status == 200)
    }

    pub async fn api(&self, what: &str, token: &str) -> Result<Reply, Lost> {
        let request = self.wire.get(&format!("/api/1.0/{what}"));
        self.wire.send(request.bearer_auth(token)).await
    }
}
