//! This server as a client of OpenID providers: it finds out where they are, sends browsers
//! there, and believes what they sign.

use crate::{
    app::App,
    config::{self, Config},
    journey::Journey,
    outbound::{
        Outbound, OutboundError,
        kept::{Kept, Wanted},
    },
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    json::parse_object,
    jwk::{JwkSet, MAX_SET_BYTES},
    verify::{Compact, ExpectedType, VerifyingKey},
};
use grantor_protocol::{
    form::{self, Params},
    openid::upstream::{
        self, About, Answer, Fault, MAX_METADATA_BYTES, Metadata,
        id_token::{self, Expected, Proved},
    },
    redirect::{Place, with_params},
    time::Millis,
};
use std::sync::Arc;

/// The longest answer of a token endpoint, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Documents and keys are asked for again after so long, if their host does not say sooner.
const KEPT: Millis = Millis::hours(1);
/// A login at the provider that is older than so many seconds is none anew.
const ANEW: &str = "0";

/// Why a login by a provider came to nothing; for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("{0}: {1}")]
    Unreachable(&'static str, OutboundError),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the token endpoint answers with status {0} and the error {1}")]
    Refused(u16, String),
    #[error("the token endpoint's answer has no {0}")]
    Incomplete(&'static str),
    #[error("the provider's keys are no JWK Set")]
    Keys,
    #[error("the provider answers with the error {0}")]
    Error(String),
}

/// Providers by their place in the configuration, and what they were last known to say.
pub struct Providers {
    outbound: Outbound,
    documents: Kept<Arc<Metadata>, Trouble>,
    keys: Kept<Arc<JwkSet>, Trouble>,
}

impl Providers {
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let count = config.upstream.len().max(1);
        Ok(Self {
            outbound: Outbound::to_providers(config)?,
            documents: Kept::new(count, KEPT),
            keys: Kept::new(count, KEPT),
        })
    }
}

impl Providers {
    /// The keys at an address that the operator or a provider has named.
    pub async fn fetch_keys(&self, uri: &str) -> Result<(Arc<JwkSet>, Option<Millis>), Trouble> {
        let accept = "application/jwk-set+json, application/json";
        let fetched = self.outbound.fetch(uri, accept, MAX_SET_BYTES).await;
        let fetched = fetched.map_err(|error| Trouble::Unreachable("jwks_uri", error))?;
        let set = JwkSet::parse(&fetched.body).map_err(|_| Trouble::Keys)?;
        Ok((Arc::new(set), fetched.fresh_for))
    }
}

/// One provider, and what is needed to talk to it.
#[derive(Clone, Copy)]
pub struct Provider<'a> {
    app: &'a App,
    number: i64,
    pub settings: &'a config::Upstream,
}

impl App {
    /// The provider that addresses call `id`.
    pub fn provider(&self, id: &str) -> Option<Provider<'_>> {
        let mut all = self.config.upstream.iter().enumerate();
        let (number, settings) = all.find(|(_, it)| it.id == id)?;
        Some(Provider {
            app: self,
            number: number as i64,
            settings,
        })
    }
}

/// What a login by a provider brought.
pub struct Login {
    pub proved: Proved,
    access_token: String,
}

impl<'a> Provider<'a> {
    /// Where the provider sends browsers back to. Each has its own: an answer of one is
    /// never taken for another's.
    pub fn callback(&self) -> String {
        let origin = self.app.config.service.public_url.origin();
        format!("{origin}/login/upstream/{}/callback", self.settings.id)
    }

    /// Whether it can be asked now.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn check(&self) -> Result<(), Trouble> {
        let document = self.document().await?;
        self.keys(&document.jwks_uri, Wanted::Kept).await.map(drop)
    }

    /// Where to send the browser.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn authorization(&self, journey: &Journey) -> Result<String, Trouble> {
        let document = self.document().await?;
        let endpoint = &document.authorization_endpoint;
        // Not only to be fetched: whatever is no https address is no place for a browser.
        let checked = self.app.providers.outbound.check(endpoint);
        checked.map_err(|error| Trouble::Unreachable("authorization_endpoint", error))?;
        let challenge = digest(&SHA256, journey.verifier.as_bytes());
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(challenge.as_ref());
        let callback = self.callback();
        let mut params = vec![
            ("response_type", "code"),
            ("client_id", &*self.settings.client_id),
            ("redirect_uri", &*callback),
            ("scope", &*self.settings.scopes),
            ("state", &*journey.state),
            ("nonce", &*journey.nonce),
            ("code_challenge", &*challenge),
            ("code_challenge_method", "S256"),
        ];
        if journey.facts.anew {
            params.extend([("prompt", "login"), ("max_age", ANEW)]);
        }
        Ok(with_params(endpoint, &params, Place::Query))
    }

    /// Who came back.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn login(&self, journey: &Journey, answer: &Params) -> Result<Login, Trouble> {
        let document = self.document().await?;
        let answer = upstream::read_answer(answer, &self.settings.issuer, document.names_itself)?;
        let code = match answer {
            Answer::Code(code) => code,
            Answer::Refused(error) => return Err(Trouble::Error(shown(error))),
        };
        let (id_token, access_token) = self.exchange(&document, journey, code).await?;
        let (claims, algorithm) = self.verify(&document, &id_token).await?;
        let expected = Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce: &journey.nonce,
            access_token: &access_token,
            anew_since: journey.facts.anew.then(|| journey.facts.begun()),
            now: self.app.world.now(),
        };
        let proved = id_token::judge(&claims, algorithm, &expected)?;
        Ok(Login {
            proved,
            access_token,
        })
    }

    /// What the provider knows of her; userinfo is asked for what the ID token lacks.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn about(&self, login: Login) -> Result<About, Trouble> {
        let document = self.document().await?;
        let about = login.proved.about;
        let Some(endpoint) = document
            .userinfo_endpoint
            .as_ref()
            .filter(|_| !about.is_whole())
        else {
            return Ok(about);
        };
        let bearer = format!("Bearer {}", login.access_token);
        let outbound = &self.app.providers.outbound;
        let answer = outbound
            .fetch_as(endpoint, &bearer, MAX_METADATA_BYTES)
            .await;
        let answer = answer.map_err(|error| Trouble::Unreachable("userinfo_endpoint", error))?;
        let more = upstream::userinfo(&answer, &login.proved.subject)?;
        // An address and the word on it come from one place.
        let (email, email_verified) = match about.email {
            Some(email) => (Some(email), about.email_verified),
            None => (more.email, more.email_verified),
        };
        Ok(About {
            name: about.name.or(more.name),
            locale: about.locale.or(more.locale),
            email,
            email_verified,
        })
    }

    async fn document(&self) -> Result<Arc<Metadata>, Trouble> {
        let issuer = &self.settings.issuer;
        let uri = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let fetch = async || {
            let outbound = &self.app.providers.outbound;
            let fetched = outbound
                .fetch(&uri, "application/json", MAX_METADATA_BYTES)
                .await;
            let fetched = fetched.map_err(|error| Trouble::Unreachable("the provider", error))?;
            let document = Metadata::parse(&fetched.body, issuer)?;
            Ok((Arc::new(document), fetched.fresh_for))
        };
        let (place, now) = ((self.number, uri.as_str()), self.app.world.now());
        let documents = &self.app.providers.documents;
        documents.get(place, Wanted::Kept, now, fetch).await
    }

    async fn keys(&self, uri: &str, wanted: Wanted) -> Result<Arc<JwkSet>, Trouble> {
        let fetch = async || self.app.providers.fetch_keys(uri).await;
        let now = self.app.world.now();
        let keys = &self.app.providers.keys;
        keys.get((self.number, uri), wanted, now, fetch).await
    }

    /// ID token and access token for a code.
    async fn exchange(
        &self,
        document: &Metadata,
        journey: &Journey,
        code: &str,
    ) -> Result<(String, String), Trouble> {
        let (id, callback) = (&*self.settings.client_id, self.callback());
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &*callback),
            ("code_verifier", &*journey.verifier),
        ];
        let secret = self
            .settings
            .client_secret
            .as_ref()
            .map(config::OwnSecret::reveal);
        let basic = secret.filter(|_| !document.secret_in_form);
        match (secret, basic) {
            (Some(secret), None) => fields.extend([("client_id", id), ("client_secret", secret)]),
            (None, _) => fields.push(("client_id", id)),
            (Some(_), Some(_)) => {}
        }
        let basic = basic.map(|secret| basic_header(id, secret));
        let outbound = &self.app.providers.outbound;
        let sent = (&*fields, basic.as_deref());
        let answer = outbound.ask(&document.token_endpoint, sent, MAX_ANSWER_BYTES);
        let (status, body) = answer
            .await
            .map_err(|error| Trouble::Unreachable("token_endpoint", error))?;
        let members = parse_object(&body, MAX_ANSWER_BYTES).unwrap_or_default();
        let text = |name: &str| members.get(name).and_then(|it| it.as_str());
        if status != 200 {
            return Err(Trouble::Refused(
                status,
                shown(text("error").unwrap_or("none")),
            ));
        }
        let need = |name: &'static str| text(name).ok_or(Trouble::Incomplete(name));
        Ok((
            need("id_token")?.to_owned(),
            need("access_token")?.to_owned(),
        ))
    }

    /// What the provider has signed. Its header chooses among what the provider announces,
    /// and nothing else.
    async fn verify(
        &self,
        document: &Metadata,
        text: &str,
    ) -> Result<(Claims, Algorithm), Trouble> {
        let jws = Compact::parse(text, id_token::MAX_BYTES).map_err(|_| Fault::Signature)?;
        let named = Algorithm::parse(jws.alg());
        let algorithm = named.filter(|it| document.algorithms.contains(it));
        let algorithm = algorithm.ok_or(Fault::OtherAlgorithm)?;
        let pick = |set: &JwkSet| {
            let jwk = set.to_verify(jws.kid(), algorithm).ok()?;
            VerifyingKey::from_jwk(jwk, algorithm).ok()
        };
        let mut key = pick(&*self.keys(&document.jwks_uri, Wanted::Kept).await?);
        if key.is_none() {
            key = pick(&*self.keys(&document.jwks_uri, Wanted::Newer).await?);
        }
        let key = key.ok_or(Fault::Signature)?;
        let payload = key.verify(&jws, ExpectedType::AbsentOr(&["JWT"]));
        let payload = payload.map_err(|_| Fault::Signature)?;
        let claims = Claims::parse(payload, id_token::MAX_BYTES).map_err(Fault::Claim)?;
        Ok((claims, algorithm))
    }
}

/// HTTP Basic as RFC 6749 §2.3.1 has it: both parts encoded as in a form.
fn basic_header(id: &str, secret: &str) -> String {
    let encoded = |text: &str| {
        form::encode([("", text)])
            .trim_start_matches('=')
            .to_owned()
    };
    let pair = format!("{}:{}", encoded(id), encoded(secret));
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// Of what a stranger wrote, so much that a log line stays one.
fn shown(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-. ".contains(*c);
    text.chars().filter(plain).take(60).collect()
}
