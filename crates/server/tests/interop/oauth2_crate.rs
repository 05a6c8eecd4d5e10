//! The `oauth2` crate.

use crate::{
    browser::Decision,
    flow::Report,
    scene::{CALLBACK, SCOPE, Scene},
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, IntrospectionUrl,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, RevocationUrl, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use reqwest::{Url, redirect::Policy};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The described service's own part of the answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Data {
    data: Value,
}

impl ExtraTokenFields for Data {}

type Tokens = StandardTokenResponse<Data, BasicTokenType>;

/// A client that knows where to authorize, exchange, introspect and revoke.
type Connect = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
    EndpointSet,
>;

/// An app, as its developer configures the crate.
struct App<'a> {
    scene: &'a Scene,
    redirect_uri: &'a str,
    secret: Option<&'a str>,
    by: AuthType,
}

impl App<'_> {
    fn client(&self, secret: Option<&str>) -> Connect {
        let server = self.scene.server.url();
        let at = |path: &str| format!("{server}/-/{path}");
        // The crate revokes over https only; `send` knows that there is none here.
        let revoke = at("oauth_revoke").replacen("http:", "https:", 1);
        let mut client = Client::new(ClientId::new(self.scene.app.client_id.clone()));
        if let Some(secret) = secret {
            client = client.set_client_secret(ClientSecret::new(secret.into()));
        }
        client
            .set_auth_type(self.by.clone())
            .set_redirect_uri(RedirectUrl::new(self.redirect_uri.into()).expect("a URL"))
            .set_auth_uri(AuthUrl::new(at("oauth_authorize")).expect("a URL"))
            .set_token_uri(TokenUrl::new(at("oauth_token")).expect("a URL"))
            .set_introspection_url(IntrospectionUrl::new(at("oauth_introspect")).expect("a URL"))
            .set_revocation_url(RevocationUrl::new(revoke).expect("a URL"))
    }

    /// The whole flow, reported as the scripts report theirs.
    async fn play(&self) -> Report {
        let client = self.client(self.secret);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let verifier = verifier.into_secret();
        let scopes = SCOPE.split(' ').map(|word| Scope::new(word.into()));
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        let browser = &self.scene.browser;
        let callback = browser.connect(url.as_str(), Decision::Allow).await;
        assert!(callback.starts_with(self.redirect_uri), "{callback}");
        assert_eq!(parameter(&callback, "state"), *state.secret());
        assert_eq!(parameter(&callback, "iss"), self.scene.server.url());
        let code = parameter(&callback, "code");

        let wrong = exchange(&self.client(Some("wrong")), &code, &verifier).await;
        let token = exchange(&client, &code, &verifier).await.expect("tokens");
        let me = self.me(&token).await;
        let refreshed = refresh(&client, &token).await.expect("tokens");
        let me_refreshed = self.me(&refreshed).await;
        let introspected = match self.secret {
            Some(_) => introspect(&client, &refreshed).await,
            None => Value::Null,
        };
        revoke(&client, &refreshed).await;
        Report(json!({
            "wrong_secret": refusal(wrong),
            "token": token,
            "me": me,
            "refreshed": refreshed,
            "me_refreshed": me_refreshed,
            "introspected": introspected,
            "revoked": true,
            "me_after": self.me(&refreshed).await,
            "refresh_after": refusal(refresh(&client, &refreshed).await),
            "replayed": refusal(exchange(&client, &code, &verifier).await),
        }))
    }

    /// The API's answer.
    async fn me(&self, tokens: &Tokens) -> Value {
        let url = format!("{}/api/1.0/users/me", self.scene.server.url());
        let token = tokens.access_token().secret();
        let asked = http().get(url).bearer_auth(token).send().await;
        let answer = asked.expect("an answer");
        let status = answer.status().as_u16();
        json!({"status": status, "body": answer.json::<Value>().await.expect("JSON")})
    }
}

type Answer = Result<Tokens, RequestTokenError<reqwest::Error, BasicErrorResponse>>;

async fn exchange(client: &Connect, code: &str, verifier: &str) -> Answer {
    let exchange = client.exchange_code(AuthorizationCode::new(code.into()));
    let verifier = PkceCodeVerifier::new(verifier.into());
    exchange
        .set_pkce_verifier(verifier)
        .request_async(&send)
        .await
}

async fn refresh(client: &Connect, tokens: &Tokens) -> Answer {
    let token = tokens.refresh_token().expect("a refresh token");
    client
        .exchange_refresh_token(token)
        .request_async(&send)
        .await
}

async fn introspect(client: &Connect, tokens: &Tokens) -> Value {
    let request = client.introspect(tokens.access_token());
    json!(request.request_async(&send).await.expect("an answer"))
}

async fn revoke(client: &Connect, tokens: &Tokens) {
    let token = tokens.refresh_token().expect("a refresh token").clone();
    let request = client.revoke_token(token.into()).expect("an endpoint");
    request.request_async(&send).await.expect("an answer");
}

/// What the crate read in the server's refusal.
fn refusal(answer: Answer) -> Value {
    match answer {
        Err(RequestTokenError::ServerResponse(refusal)) => json!({
            "error": refusal.error(),
            "description": refusal.error_description(),
        }),
        other => unreachable!("not a refusal: {other:?}"),
    }
}

pub fn parameter(url: &str, name: &str) -> String {
    let url: Url = url.parse().expect("a URL");
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.expect("the parameter").1.into()
}

fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy();
    client.redirect(Policy::none()).build().expect("a client")
}

/// Carries the crate's requests.
pub async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let mut request = reqwest::Request::try_from(request)?;
    request.url_mut().set_scheme("http").expect("a scheme");
    let answer = http().execute(request).await?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

async fn confidential(by: AuthType) {
    let scene = Scene::new(CALLBACK, &[]);
    let app = App {
        scene: &scene,
        redirect_uri: CALLBACK,
        secret: scene.app.client_secret.as_deref(),
        by,
    };
    let report = app.play().await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
    report.was_introspected(&scene.app.client_id);
}

#[tokio::test]
async fn oauth2_crate_by_basic() {
    confidential(AuthType::BasicAuth).await;
}

#[tokio::test]
async fn oauth2_crate_by_body() {
    confidential(AuthType::RequestBody).await;
}

/// A program on the user's device: no secret, and a port that it learns when it runs.
#[tokio::test]
async fn oauth2_crate_in_a_native_app() {
    let scene = Scene::new("http://127.0.0.1/callback", &["--kind", "native"]);
    let app = App {
        scene: &scene,
        redirect_uri: "http://127.0.0.1:49153/callback",
        secret: None,
        by: AuthType::RequestBody,
    };
    let report = app.play().await;
    report.check(&scene.user, true);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
}
