//! `grantor demo --check`: the whole flow over HTTP as a browser and an app would
//! walk it; the conversation is printed, and the exit status says whether it held.

mod login;

use super::{EMAIL, PASSWORD, Site};
use anyhow::{Context, bail, ensure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::form::{Params, encode};
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use serde_json::Value;
use std::{net::TcpListener, process::ExitCode};

use crate::world::World;

pub async fn run() -> anyhow::Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("grantor-check-{}", World::real().new_gid()));
    let site = Site::start(&folder, free_ports()?).await?;
    let walked = Walk::new(&site)?.all().await;
    site.stop().await?;
    std::fs::remove_dir_all(&folder).context("cannot remove the check's data")?;
    match walked {
        Ok(()) => {
            println!("\nEverything held.");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            println!("\nIt did not hold: {error:#}");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn free_ports() -> anyhow::Result<[u16; 2]> {
    let (one, two) = (
        TcpListener::bind("127.0.0.1:0")?,
        TcpListener::bind("127.0.0.1:0")?,
    );
    Ok([one.local_addr()?.port(), two.local_addr()?.port()])
}

/// Who speaks: a browser with its cookies, or an app without.
#[derive(Clone, Copy)]
enum Speaker {
    Browser,
    App,
}

struct Walk<'a> {
    site: &'a Site,
    browser: reqwest::Client,
    app: reqwest::Client,
    verifier: String,
}

struct Heard {
    status: StatusCode,
    location: Option<String>,
    text: String,
}

impl Heard {
    fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.text).context("the answer is not JSON")
    }

    fn expect(self, status: u16) -> anyhow::Result<Self> {
        ensure!(
            self.status == status,
            "expected {status}, got {}",
            self.status
        );
        Ok(self)
    }

    /// The hidden fields of the page's first form.
    fn hidden(&self) -> Vec<(String, String)> {
        let form = self.text.split("</form>").next().unwrap_or("");
        let value_of = |input: &str, name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            Some(unescape(rest.split('"').next()?))
        };
        let inputs = form
            .split("<input")
            .filter(|input| input.contains("type=\"hidden\""));
        inputs
            .filter_map(|input| Some((value_of(input, "name")?, value_of(input, "value")?)))
            .collect()
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
}

impl<'a> Walk<'a> {
    fn new(site: &'a Site) -> anyhow::Result<Self> {
        let client = || {
            reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
        };
        Ok(Self {
            site,
            browser: client().cookie_store(true).build()?,
            app: client().build()?,
            verifier: BASE64_URL_SAFE_NO_PAD.encode(World::real().random::<32>()),
        })
    }

    async fn all(&self) -> anyhow::Result<()> {
        say("The app's own page, and what the server says of itself");
        let page = self
            .get(Speaker::Browser, &self.site.app_url, None)
            .await?
            .expect(200)?;
        ensure!(
            page.text.contains("Connect with"),
            "the sample app has no button"
        );
        let metadata = self.server("/.well-known/oauth-authorization-server");
        ensure!(
            self.get(Speaker::App, &metadata, None)
                .await?
                .expect(200)?
                .json()?["issuer"]
                == self.site.url
        );

        let code = self.connect().await?;
        let tokens = self.exchange(&code).await?;
        self.use_tokens(&tokens).await?;
        self.end_access(&tokens, &code).await?;
        self.log_in().await?;
        self.personal_access_token().await
    }

    /// Steps 1 to 4 of the description: the user arrives, is asked, allows.
    async fn connect(&self) -> anyhow::Result<String> {
        say("The browser goes to the authorization endpoint; the user signs in and allows");
        let (redirect, challenge) = (self.redirect(), self.challenge());
        let query = encode([
            ("client_id", self.site.client_id.as_str()),
            ("redirect_uri", &redirect),
            ("response_type", "code"),
            ("state", "a/b&c=d e"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let start = self.server(&format!("/-/oauth_authorize?{query}"));
        let to_login = self
            .get(Speaker::Browser, &start, None)
            .await?
            .expect(303)?;
        let login = self
            .get(Speaker::Browser, &self.server(&place(&to_login)?), None)
            .await?
            .expect(200)?;
        let mut form = login.hidden();
        form.extend(
            [
                ("email", EMAIL),
                ("password", PASSWORD),
                ("action", "login"),
            ]
            .map(owned),
        );
        let back = self
            .post(Speaker::Browser, &self.server("/login"), &form)
            .await?
            .expect(303)?;
        let consent_url = self.server(&place(&back)?);
        let consent = self
            .get(Speaker::Browser, &consent_url, None)
            .await?
            .expect(200)?;
        let mut form = consent.hidden();
        form.push(owned(("decision", "allow")));
        let answer = self
            .post(Speaker::Browser, &consent_url, &form)
            .await?
            .expect(303)?;
        let location = place(&answer)?;
        let (base, query) = location
            .split_once('?')
            .context("the redirect has no query")?;
        ensure!(base == redirect, "the redirect goes elsewhere");
        let params = Params::parse(query.as_bytes())?;
        ensure!(
            params.get("state") == Some("a/b&c=d e"),
            "state did not come back byte for byte"
        );
        ensure!(params.get("iss") == Some(&self.site.url), "iss is missing");
        Ok(params.get("code").context("no code came back")?.to_owned())
    }

    /// Step 5: the code becomes tokens.
    async fn exchange(&self, code: &str) -> anyhow::Result<Value> {
        say("The app exchanges the code");
        let tokens = self
            .post(
                Speaker::App,
                &self.server("/-/oauth_token"),
                &self.redemption(code),
            )
            .await?;
        let tokens = tokens.expect(200)?.json()?;
        ensure!(
            tokens["expires_in"] == 3600 && tokens["token_type"] == "bearer",
            "not a token answer"
        );
        ensure!(
            tokens["data"]["email"] == EMAIL,
            "data does not name the user"
        );
        Ok(tokens)
    }

    /// Steps 6 and 7: calls, and a refresh.
    async fn use_tokens(&self, tokens: &Value) -> anyhow::Result<()> {
        say("The app calls the API, refreshes, asks what its token may do");
        let me = self
            .me(&tokens["access_token"])
            .await?
            .expect(200)?
            .json()?;
        ensure!(me["data"]["email"] == EMAIL, "the API names somebody else");
        let fresh = self.refresh(tokens).await?.expect(200)?.json()?;
        self.me(&fresh["access_token"]).await?.expect(200)?;
        let form = [owned(("token", text(&fresh["access_token"])?))];
        let info = self
            .post(Speaker::App, &self.server("/-/token_info"), &form)
            .await?
            .expect(200)?
            .json()?;
        ensure!(info["active"] == true, "token_info does not know the token");
        Ok(())
    }

    async fn end_access(&self, tokens: &Value, code: &str) -> anyhow::Result<()> {
        say("The user ends the access: everything stops at once");
        let page = self
            .get(Speaker::Browser, &self.server("/authorizations"), None)
            .await?
            .expect(200)?;
        ensure!(
            page.text.contains(super::sample_app::NAME),
            "the app is not listed"
        );
        let (_, rest) = page
            .text
            .split_once("action=\"/authorizations/")
            .context("nothing to end")?;
        let id = rest.split('/').next().unwrap_or("");
        let end = self.server(&format!("/authorizations/{id}/end"));
        self.post(Speaker::Browser, &end, &page.hidden())
            .await?
            .expect(303)?;
        self.me(&tokens["access_token"]).await?.expect(401)?;
        let refused = self.refresh(tokens).await?.expect(400)?.json()?;
        ensure!(
            refused["error"] == "invalid_grant",
            "the refresh token is refused for another reason"
        );
        let replay = self
            .post(
                Speaker::App,
                &self.server("/-/oauth_token"),
                &self.redemption(code),
            )
            .await?;
        ensure!(
            replay.expect(400)?.json()?["error"] == "invalid_grant",
            "the code was spent twice"
        );
        Ok(())
    }

    async fn personal_access_token(&self) -> anyhow::Result<()> {
        say("A personal access token for a script: made, used, deauthorized");
        let tokens = self.server("/tokens");
        let mut form = self
            .get(Speaker::Browser, &tokens, None)
            .await?
            .expect(200)?
            .hidden();
        form.extend(
            [
                ("description", "a nightly script"),
                ("scope", "default"),
                ("expires_in", "30"),
            ]
            .map(owned),
        );
        let made = self
            .post(Speaker::Browser, &tokens, &form)
            .await?
            .expect(201)?;
        let start = made
            .text
            .find("gr_pat_")
            .context("the token is not shown")?;
        let token: String = made.text[start..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        self.me(&Value::String(token.clone())).await?.expect(200)?;
        self.post(
            Speaker::Browser,
            &self.server("/tokens/deauthorize"),
            &made.hidden(),
        )
        .await?
        .expect(303)?;
        self.me(&Value::String(token)).await?.expect(401)?;
        Ok(())
    }

    fn server(&self, path: &str) -> String {
        format!("{}{path}", self.site.url)
    }

    fn redirect(&self) -> String {
        format!("{}/callback", self.site.app_url)
    }

    fn challenge(&self) -> String {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.verifier.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(hash)
    }

    fn redemption(&self, code: &str) -> Vec<(String, String)> {
        let redirect = self.redirect();
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect),
            ("code_verifier", &self.verifier),
            ("client_id", &self.site.client_id),
            ("client_secret", &self.site.client_secret),
        ]
        .map(owned)
        .to_vec()
    }

    async fn refresh(&self, tokens: &Value) -> anyhow::Result<Heard> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", text(&tokens["refresh_token"])?),
            ("client_id", &self.site.client_id),
            ("client_secret", &self.site.client_secret),
        ];
        self.post(
            Speaker::App,
            &self.server("/-/oauth_token"),
            &form.map(owned),
        )
        .await
    }

    async fn me(&self, token: &Value) -> anyhow::Result<Heard> {
        self.get(
            Speaker::App,
            &self.server("/api/1.0/users/me"),
            Some(text(token)?),
        )
        .await
    }

    async fn get(
        &self,
        speaker: Speaker,
        url: &str,
        bearer: Option<&str>,
    ) -> anyhow::Result<Heard> {
        let mut request = self.client(speaker).get(url);
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        let with = bearer
            .map(|bearer| format!("  Authorization: Bearer {bearer}"))
            .unwrap_or_default();
        hear(Method::GET, url, with, request).await
    }

    async fn post(
        &self,
        speaker: Speaker,
        url: &str,
        form: &[(String, String)],
    ) -> anyhow::Result<Heard> {
        let body = encode(
            form.iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let request = self
            .client(speaker)
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let shown = body.replace(&encode([("password", PASSWORD)]), "password=…");
        hear(Method::POST, url, format!("  {shown}"), request.body(body)).await
    }

    fn client(&self, speaker: Speaker) -> &reqwest::Client {
        match speaker {
            Speaker::Browser => &self.browser,
            Speaker::App => &self.app,
        }
    }
}

async fn hear(
    method: Method,
    url: &str,
    with: String,
    request: reqwest::RequestBuilder,
) -> anyhow::Result<Heard> {
    println!("→ {method} {}{}", shorten(url), shorten(&with));
    let answer = request.send().await?;
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let heard = Heard {
        status: answer.status(),
        location,
        text: answer.text().await?,
    };
    let body = match (&heard.location, heard.text.starts_with('{')) {
        (Some(location), _) => location.clone(),
        (None, true) => heard.text.clone(),
        (None, false) => {
            let title = heard
                .text
                .split("<h1>")
                .nth(1)
                .and_then(|rest| rest.split("</h1>").next())
                .unwrap_or("");
            title.replace("<bdi>", "").replace("</bdi>", "")
        }
    };
    println!("← {} {}", heard.status.as_u16(), shorten(&body));
    Ok(heard)
}

fn say(sentence: &str) {
    println!("\n{sentence}");
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn text(value: &Value) -> anyhow::Result<&str> {
    value.as_str().context("a token is missing")
}

fn place(heard: &Heard) -> anyhow::Result<String> {
    match &heard.location {
        Some(location) => Ok(location.clone()),
        None => bail!("the answer redirects nowhere"),
    }
}

/// What a line shows: secrets are cut, enough to recognise and not enough to use;
/// so is what only repeats (the way back, long documents).
fn shorten(text: &str) -> String {
    let is_token = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_secret = |word: &str| word.len() > 30 && word.bytes().any(|byte| byte.is_ascii_digit());
    let mut short = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_token) {
        let end = rest[start..]
            .find(|c| !is_token(c))
            .map_or(rest.len(), |end| start + end);
        let word = &rest[start..end];
        short.push_str(&rest[..start]);
        match is_secret(word) {
            true => short.extend([&word[..12], "…"]),
            false => short.push_str(word),
        }
        rest = &rest[end..];
    }
    short.push_str(rest);
    if let Some((before, way_back)) = short.split_once("return_to=") {
        let after = way_back.find('&').map_or("", |at| &way_back[at..]);
        short = format!("{before}return_to=…{after}");
    }
    match short.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn secrets_are_cut() {
        let secret = "gr_at_AAEDerie-QLAeGVmzHDxN_W0EKIdVn9gzWuRijfobk";
        let line = format!("Authorization: Bearer {secret}, state=abc");
        assert_eq!(
            shorten(&line),
            "Authorization: Bearer gr_at_AAEDer…, state=abc"
        );
    }
}
