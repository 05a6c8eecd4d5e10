//! An OpenID provider of our own making, on loopback: it answers what the test says.

use super::{Browser, Elsewhere, Reply, Signer, Site};
use grantor::config::{OwnSecret, Upstream};
use grantor_jose::algorithm::Algorithm;
use serde_json::{Value, json};

pub const CLIENT: &str = "grantor-at-example";
pub const SECRET: &str = "a secret: of ours/there";

pub struct Provider {
    pub host: Elsewhere,
    pub signer: Signer,
    id: &'static str,
    path: &'static str,
}

/// What the provider was asked by way of the browser.
pub struct SetOut(pub Reply);

impl SetOut {
    pub fn get(&self, name: &str) -> String {
        self.0.sent(name).unwrap_or_default()
    }
}

impl Provider {
    pub async fn open() -> Self {
        Self::called("example", "").await
    }

    /// With this id, below a path of its host.
    pub async fn called(id: &'static str, path: &'static str) -> Self {
        let provider = Self {
            host: Elsewhere::open().await,
            signer: Signer::new(Algorithm::Es256, "one"),
            id,
            path,
        };
        provider.describe(|_| ());
        provider.publish(&provider.signer);
        provider
    }

    pub fn issuer(&self) -> String {
        self.host.uri(self.path)
    }

    /// What it says of itself.
    pub fn describe(&self, change: impl FnOnce(&mut Value)) {
        let mut document = json!({
            "issuer": self.issuer(),
            "authorization_endpoint": self.host.uri("/authorize"),
            "token_endpoint": self.host.uri("/token"),
            "jwks_uri": self.host.uri("/jwks"),
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        });
        change(&mut document);
        let path = format!("{}/.well-known/openid-configuration", self.path);
        self.host.show(&path, 200, &[], &document.to_string());
    }

    pub fn publish(&self, signer: &Signer) {
        self.host.show("/jwks", 200, &[], &signer.jwks());
    }

    /// One that nobody asks anything.
    pub fn example() -> Upstream {
        Upstream {
            id: "example".into(),
            name: "Example ID".into(),
            issuer: "https://id.example".into(),
            client_id: CLIENT.into(),
            client_secret: None,
            scopes: "openid".into(),
            trust_email: false,
            sign_up: true,
        }
    }

    pub fn settings(&self) -> Upstream {
        Upstream {
            id: self.id.into(),
            name: "Example ID".into(),
            issuer: self.issuer(),
            client_id: CLIENT.into(),
            client_secret: OwnSecret::new(SECRET).ok(),
            scopes: "openid email profile".into(),
            trust_email: false,
            sign_up: true,
        }
    }

    /// A site whose users may come from here.
    pub async fn site(&self, change: impl FnOnce(&mut Upstream)) -> Site {
        let mut settings = self.settings();
        change(&mut settings);
        Site::with(|config| {
            config.outbound.allow.push(self.host.destination());
            config.upstream.push(settings);
        })
        .await
    }

    /// Follows the link of the page that the browser is shown, as far as the provider.
    pub async fn set_out(&self, browser: &Browser, page: &str) -> SetOut {
        let reply = browser.get(page).await;
        let start = format!("href=\"/login/upstream/{}?", self.id);
        let rest = reply
            .between(&start, "\"")
            .unwrap_or_else(|| panic!("{}", reply.body));
        let link = format!("/login/upstream/{}?{}", self.id, rest.replace("&#38;", "&"));
        SetOut(browser.get(&link).await)
    }

    pub fn claims(&self, site: &Site, asked: &SetOut, subject: &str) -> Value {
        let now = site.world.now().seconds();
        json!({
            "iss": self.issuer(),
            "aud": CLIENT,
            "sub": subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            "name": "Ada Lovelace",
            "email": "ada@id.example",
            "email_verified": true,
        })
    }

    /// The token endpoint answers with this ID token.
    pub fn gives(&self, id_token: &str) {
        let answer = json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token});
        self.host.show("/token", 200, &[], &answer.to_string());
    }

    /// The browser comes back with a code.
    pub async fn back(&self, browser: &Browser, asked: &SetOut) -> Reply {
        self.back_with(
            browser,
            &[("code", "a-code"), ("state", &asked.get("state"))],
        )
        .await
    }

    pub async fn back_with(&self, browser: &Browser, params: &[(&str, &str)]) -> Reply {
        let query = super::encoded(params);
        let path = format!("/login/upstream/{}/callback?{query}", self.id);
        browser.get(&path).await
    }

    /// There and back, as `subject`.
    pub async fn log_in(&self, browser: &Browser, page: &str, subject: &str) -> Reply {
        let asked = self.set_out(browser, page).await;
        let claims = self.claims(&browser.site, &asked, subject);
        self.gives(&self.signer.sign(&claims));
        self.back(browser, &asked).await
    }
}
