//! "Clock", an app of a third party: it knows the server only by its public
//! endpoints, as every other app does.
//!
//! 1. `/` shows the buttons "Connect with …" and "Sign in with …".
//! 2. `/connect` and `/login` send the browser to the authorization endpoint, with state
//!    and PKCE; a login has a nonce too.
//! 3. `/callback` checks the state and exchanges the code; after a login it verifies the
//!    ID token and asks userinfo who it is.
//! 4. `/` now calls the API with the token, or greets the user; `/disconnect` revokes the
//!    token and forgets the user.

use super::id_token::{Expected, verified};
use anyhow::{Context, ensure};
use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::{cookie, form::encode};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};
use tokio::{net::TcpListener, sync::watch};

use crate::world::World;

pub const NAME: &str = "Clock";
const COOKIE: &str = "clock";

/// What the app remembers of one browser.
#[derive(Clone, Default)]
struct Visitor {
    state: String,
    verifier: String,
    /// Of a login that is under way.
    nonce: Option<String>,
    person: Option<Person>,
    tokens: Option<Tokens>,
}

/// Who is signed in to the app.
#[derive(Clone)]
struct Person {
    name: String,
    picture: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: String,
}

pub struct SampleApp {
    server: String,
    url: String,
    client_id: String,
    client_secret: String,
    http: reqwest::Client,
    world: World,
    visitors: Mutex<HashMap<String, Visitor>>,
}

#[derive(Template)]
#[template(path = "demo_app.html")]
struct Page {
    server: String,
    /// What the API answered, as text; `None` before the connection.
    answer: Option<String>,
    person: Option<Person>,
    trouble: Option<String>,
}

type Shared = Arc<SampleApp>;

impl SampleApp {
    pub fn new(server: &str, url: &str, (id, secret): (&str, &str)) -> anyhow::Result<Self> {
        Ok(Self {
            server: server.to_owned(),
            url: url.to_owned(),
            client_id: id.to_owned(),
            client_secret: secret.to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .context("cannot make an HTTP client")?,
            world: World::real(),
            visitors: Mutex::default(),
        })
    }

    pub async fn serve(
        self,
        listener: TcpListener,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let router = Router::new()
            .route("/", get(home))
            .route("/connect", get(connect))
            .route("/login", get(login))
            .route("/callback", get(callback))
            .route("/disconnect", post(disconnect))
            .with_state(Arc::new(self));
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        Ok(axum::serve(listener, router)
            .with_graceful_shutdown(stopped)
            .await?)
    }

    fn random(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.world.random::<32>())
    }

    fn visitor(&self, headers: &HeaderMap) -> Option<(String, Visitor)> {
        let lines = headers
            .get_all(header::COOKIE)
            .iter()
            .map(|value| value.as_bytes());
        let id = cookie::find(lines, COOKIE).ok()??.to_owned();
        let visitor = self.visitors.lock().get(&id).cloned()?;
        Some((id, visitor))
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<(StatusCode, Value)> {
        let body = encode(form.iter().copied());
        let answer = self
            .http
            .post(format!("{}{path}", self.server))
            .basic_auth(&self.client_id, Some(&self.client_secret))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await?;
        let status = answer.status();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    /// Calls the API; once more with a fresh token when the old one has expired.
    async fn call(&self, tokens: &Tokens) -> anyhow::Result<Result<Value, String>> {
        let mut access = tokens.access_token.clone();
        for last in [false, true] {
            let answer = self
                .http
                .get(format!("{}/api/1.0/users/me", self.server))
                .bearer_auth(&access)
                .send()
                .await?;
            if answer.status().is_success() {
                return Ok(Ok(answer.json().await?));
            }
            if last {
                break;
            }
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", &*tokens.refresh_token),
            ];
            let (status, body) = self.post("/-/oauth_token", &form).await?;
            match body["access_token"].as_str() {
                Some(fresh) if status.is_success() => access = fresh.to_owned(),
                _ => {
                    return Ok(Err(body["error_description"]
                        .as_str()
                        .unwrap_or("The access has ended.")
                        .to_owned()));
                }
            }
        }
        Ok(Err("The API refused a fresh token.".to_owned()))
    }

    /// Who logged in, once the ID token has shown it.
    async fn person(&self, answer: &Value, nonce: &str) -> anyhow::Result<Person> {
        let text = |name: &'static str| answer[name].as_str().context(name);
        let expected = Expected {
            issuer: &self.server,
            client_id: &self.client_id,
            nonce,
            now: self.world.now(),
        };
        let claims = verified(&self.http, &expected, text("id_token")?).await?;
        let userinfo = format!("{}/api/1.0/openid_connect/userinfo", self.server);
        let request = self.http.get(userinfo).bearer_auth(text("access_token")?);
        let userinfo: Value = request.send().await?.json().await?;
        ensure!(
            userinfo["sub"] == claims.required_text("sub")?,
            "userinfo is about somebody else"
        );
        Ok(Person {
            name: userinfo["name"].as_str().unwrap_or("you").to_owned(),
            picture: userinfo["picture"].as_str().map(str::to_owned),
        })
    }

    /// Sends the browser to the authorization endpoint; `more`: what is asked for.
    fn authorize(&self, headers: &HeaderMap, visitor: Visitor, more: &[(&str, &str)]) -> Response {
        let (id, state, verifier) = (self.random(), self.random(), self.random());
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(hash);
        let redirect = format!("{}/callback", self.url);
        let pairs = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &redirect),
            ("response_type", "code"),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query = encode(pairs.into_iter().chain(more.iter().copied()));
        let before = self.visitor(headers);
        let visitor = Visitor {
            state,
            verifier,
            person: before
                .as_ref()
                .and_then(|(_, before)| before.person.clone()),
            tokens: before
                .as_ref()
                .and_then(|(_, before)| before.tokens.clone()),
            ..visitor
        };
        let mut visitors = self.visitors.lock();
        if let Some((before, _)) = before {
            visitors.remove(&before);
        }
        visitors.insert(id.clone(), visitor);
        let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
        let to = format!("{}/-/oauth_authorize?{query}", self.server);
        ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
    }

    fn trouble(&self, headers: &HeaderMap, trouble: impl Into<String>) -> Response {
        self.page(headers, None, Some(trouble.into()))
    }

    fn page(
        &self,
        headers: &HeaderMap,
        answer: Option<String>,
        trouble: Option<String>,
    ) -> Response {
        let page = Page {
            server: self.server.clone(),
            answer,
            person: self
                .visitor(headers)
                .and_then(|(_, visitor)| visitor.person),
            trouble,
        };
        match page.render() {
            Ok(html) => Html(html).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

async fn home(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let Some(tokens) = app
        .visitor(&headers)
        .and_then(|(_, visitor)| visitor.tokens)
    else {
        return app.page(&headers, None, None);
    };
    match app.call(&tokens).await {
        Ok(Ok(answer)) => {
            let answer = serde_json::to_string_pretty(&answer).unwrap_or_default();
            app.page(&headers, Some(answer), None)
        }
        Ok(Err(ended)) => app.trouble(&headers, ended),
        Err(error) => app.trouble(&headers, silent(&error)),
    }
}

fn silent(error: &anyhow::Error) -> String {
    format!("The server does not answer: {error}")
}

async fn connect(State(app): State<Shared>, headers: HeaderMap) -> Response {
    app.authorize(&headers, Visitor::default(), &[])
}

async fn login(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let nonce = app.random();
    let asked = [("scope", "openid profile"), ("nonce", &*nonce)];
    let visitor = Visitor {
        nonce: Some(nonce.clone()),
        ..Visitor::default()
    };
    app.authorize(&headers, visitor, &asked)
}

#[derive(Deserialize)]
struct Callback {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error_description: Option<String>,
}

async fn callback(
    State(app): State<Shared>,
    headers: HeaderMap,
    Query(answer): Query<Callback>,
) -> Response {
    let Some((id, visitor)) = app.visitor(&headers) else {
        return app.trouble(&headers, "This browser did not start a connection here.");
    };
    if answer.state.as_ref() != Some(&visitor.state) || answer.iss.as_ref() != Some(&app.server) {
        let foreign = "This answer does not belong to the connection that was started.";
        return app.trouble(&headers, foreign);
    }
    let Some(code) = answer.code else {
        let why = answer.error_description;
        return app.trouble(&headers, why.unwrap_or("No code came back.".into()));
    };
    let redirect = format!("{}/callback", app.url);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &redirect),
        ("code_verifier", &visitor.verifier),
    ];
    let body = match app.post("/-/oauth_token", &form).await {
        Ok((status, body)) if status.is_success() => body,
        Ok((_, body)) => return app.trouble(&headers, body["error_description"].to_string()),
        Err(error) => return app.trouble(&headers, silent(&error)),
    };
    let after = match visitor.nonce.clone() {
        None => Visitor {
            tokens: serde_json::from_value(body).ok(),
            ..visitor
        },
        Some(nonce) => match app.person(&body, &nonce).await {
            Ok(person) => Visitor {
                person: Some(person),
                nonce: None,
                ..visitor
            },
            Err(error) => {
                return app.trouble(&headers, format!("This login cannot be believed: {error}"));
            }
        },
    };
    app.visitors.lock().insert(id, after);
    Redirect::to("/").into_response()
}

async fn disconnect(State(app): State<Shared>, headers: HeaderMap) -> Response {
    if let Some((id, visitor)) = app.visitor(&headers) {
        if let Some(tokens) = visitor.tokens
            && let Err(error) = app
                .post("/-/oauth_revoke", &[("token", &tokens.refresh_token)])
                .await
        {
            return app.trouble(&headers, silent(&error));
        }
        app.visitors.lock().remove(&id);
    }
    Redirect::to("/").into_response()
}
