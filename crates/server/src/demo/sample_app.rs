//! "Clock", an app of a third party: it knows the server only by its public
//! endpoints, as every other app does.
//!
//! 1. `/` shows a "Connect with …" button.
//! 2. `/connect` sends the browser to the authorization endpoint, with state and PKCE.
//! 3. `/callback` checks the state and exchanges the code.
//! 4. `/` now calls the API with the token; `/disconnect` revokes it.

use anyhow::Context;
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
    tokens: Option<Tokens>,
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

    fn page(&self, answer: Option<String>, trouble: Option<String>) -> Response {
        let page = Page {
            server: self.server.clone(),
            answer,
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
        return app.page(None, None);
    };
    match app.call(&tokens).await {
        Ok(Ok(answer)) => app.page(
            Some(serde_json::to_string_pretty(&answer).unwrap_or_default()),
            None,
        ),
        Ok(Err(ended)) => app.page(None, Some(ended)),
        Err(error) => app.page(None, Some(format!("The server does not answer: {error}"))),
    }
}

async fn connect(State(app): State<Shared>) -> Response {
    let (id, state, verifier) = (app.random(), app.random(), app.random());
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(hash);
    let redirect = format!("{}/callback", app.url);
    let query = encode([
        ("client_id", app.client_id.as_str()),
        ("redirect_uri", &redirect),
        ("response_type", "code"),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    app.visitors.lock().insert(
        id.clone(),
        Visitor {
            state,
            verifier,
            tokens: None,
        },
    );
    let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
    let to = format!("{}/-/oauth_authorize?{query}", app.server);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
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
        return app.page(
            None,
            Some("This browser did not start a connection here.".into()),
        );
    };
    if answer.state.as_ref() != Some(&visitor.state) || answer.iss.as_ref() != Some(&app.server) {
        return app.page(
            None,
            Some("This answer does not belong to the connection that was started.".into()),
        );
    }
    let Some(code) = answer.code else {
        return app.page(
            None,
            Some(
                answer
                    .error_description
                    .unwrap_or("No code came back.".into()),
            ),
        );
    };
    let redirect = format!("{}/callback", app.url);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &redirect),
        ("code_verifier", &visitor.verifier),
    ];
    match app.post("/-/oauth_token", &form).await {
        Ok((status, body)) if status.is_success() => {
            let tokens = serde_json::from_value(body).ok();
            app.visitors
                .lock()
                .insert(id, Visitor { tokens, ..visitor });
            Redirect::to("/").into_response()
        }
        Ok((_, body)) => app.page(None, Some(body["error_description"].to_string())),
        Err(error) => app.page(None, Some(format!("The server does not answer: {error}"))),
    }
}

async fn disconnect(State(app): State<Shared>, headers: HeaderMap) -> Response {
    if let Some((id, visitor)) = app.visitor(&headers) {
        if let Some(tokens) = visitor.tokens
            && let Err(error) = app
                .post("/-/oauth_revoke", &[("token", &tokens.refresh_token)])
                .await
        {
            return app.page(None, Some(format!("The server does not answer: {error}")));
        }
        app.visitors.lock().remove(&id);
    }
    Redirect::to("/").into_response()
}
