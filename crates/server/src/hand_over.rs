//! The platform that logs users in for this server: how to ask it, and by what its answers
//! are proved.

use crate::{
    app::App,
    config::{self, Config, OwnSecret},
    failure::Failure,
    journey::Journey,
    outbound::kept::{Kept, Wanted},
    upstream::Trouble,
};
use anyhow::{Context, anyhow};
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    jwk::{Jwk, JwkSet, MAX_SET_BYTES},
    sign::SigningKey,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use grantor_protocol::{
    hand_over::{
        ANSWER_TYPE, Answer, CHALLENGE_TYPE, Challenge, Expected, Fault, MAX_BYTES, judge,
    },
    redirect::{Place, with_params},
    time::Millis,
};
use serde_json::Value;
use std::sync::Arc;

/// Where the platform's answers arrive.
pub const PATH: &str = "/login/hand-over";
/// What a journey to the platform goes by; no provider has such an id.
pub const VIA: &str = "/hand-over";
const KEPT: Millis = Millis::hours(1);

/// The platform's login, where one is configured.
pub struct HandOver {
    login: String,
    /// The platform's name in what is signed: the origin of its login page.
    pub platform: String,
    pub logout: Option<String>,
    /// Of its login and logout, as a policy of forms names them.
    pub origins: String,
    algorithm: Algorithm,
    proof: Proof,
}

enum Proof {
    /// Both sides sign with it.
    Secret(Box<VerifyingKey>, Box<SigningKey>),
    Keys(JwkSet),
    Fetched(String, Kept<Arc<JwkSet>, Trouble>),
}

impl HandOver {
    pub fn open(config: &Config) -> anyhow::Result<Option<Self>> {
        let settings = &config.hand_over;
        let Some(login) = &settings.url else {
            return Ok(None);
        };
        let (algorithm, proof) = proof(settings)?;
        let mut origins = vec![login.origin()];
        origins.extend(settings.logout.as_ref().map(config::PlatformUrl::origin));
        origins.dedup();
        Ok(Some(Self {
            login: login.as_str().to_owned(),
            platform: login.origin(),
            logout: settings.logout.as_ref().map(|url| url.as_str().to_owned()),
            origins: origins.join(" "),
            algorithm,
            proof,
        }))
    }

    /// Where the browser goes with the question.
    pub fn question(&self, app: &App, journey: &Journey) -> Result<String, Failure> {
        let answer_to = format!("{}{PATH}", app.config.service.public_url.origin());
        let wish = |name| wish(&journey.facts.return_to, name);
        let (login_hint, ui_locales) = (wish("login_hint"), wish("ui_locales"));
        let claims = Challenge {
            issuer: &app.policy.issuer,
            platform: &self.platform,
            id: &journey.state,
            answer_to: &answer_to,
            issued: journey.facts.begun(),
            anew: journey.facts.anew,
            login_hint: login_hint.as_deref(),
            ui_locales: ui_locales.as_deref(),
        };
        let payload = Value::Object(claims.claims()).to_string();
        let keys = app.keys.now();
        let key = match &self.proof {
            Proof::Secret(_, key) => Some(&**key),
            Proof::Keys(_) | Proof::Fetched(..) => keys.signing(self.algorithm).map(|key| &**key),
        };
        let signed = key.map(|key| key.sign(Some(CHALLENGE_TYPE), payload.as_bytes()));
        let Some(Ok(challenge)) = signed else {
            return Err(Failure::Internal("a challenge cannot be signed".into()));
        };
        let params = [("challenge", challenge.as_str())];
        Ok(with_params(&self.login, &params, Place::Query))
    }

    /// Who came back.
    pub async fn answer(&self, app: &App, journey: &Journey, text: &str) -> Result<Answer, Wrong> {
        let jws = Compact::parse(text, MAX_BYTES).map_err(|_| Fault::Signature)?;
        let payload = self.verify(app, &jws).await?;
        let claims = Claims::parse(payload, MAX_BYTES).map_err(Fault::Claim)?;
        let expected = Expected {
            platform: &self.platform,
            issuer: &app.policy.issuer,
            id: &journey.state,
            anew_since: journey.facts.anew.then(|| journey.facts.begun()),
            now: app.world.now(),
        };
        Ok(judge(&claims, &expected)?)
    }

    async fn verify<'c>(&self, app: &App, jws: &'c Compact<'_>) -> Result<&'c [u8], Wrong> {
        let pick = |set: &JwkSet| {
            let jwk = set.to_verify(jws.kid(), self.algorithm).ok()?;
            VerifyingKey::from_jwk(jwk, self.algorithm).ok()
        };
        let fetched;
        let key = match &self.proof {
            Proof::Secret(key, _) => Some(&**key),
            Proof::Keys(set) => {
                fetched = pick(set);
                fetched.as_ref()
            }
            Proof::Fetched(uri, kept) => {
                let mut found = pick(&*fetch(app, (uri, kept), Wanted::Kept).await?);
                if found.is_none() {
                    found = pick(&*fetch(app, (uri, kept), Wanted::Newer).await?);
                }
                fetched = found;
                fetched.as_ref()
            }
        };
        let payload = key.and_then(|key| key.verify(jws, ExpectedType::Only(ANSWER_TYPE)).ok());
        payload.ok_or(Wrong::Fault(Fault::Signature))
    }
}

/// Why nobody came back.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Keys(#[from] Trouble),
}

async fn fetch(
    app: &App,
    (uri, kept): (&str, &Kept<Arc<JwkSet>, Trouble>),
    wanted: Wanted,
) -> Result<Arc<JwkSet>, Trouble> {
    let fetch = async || app.providers.fetch_keys(uri).await;
    kept.get((0, uri), wanted, app.world.now(), fetch).await
}

fn proof(settings: &config::HandOver) -> anyhow::Result<(Algorithm, Proof)> {
    if let Some(path) = &settings.secret_file {
        let secret = OwnSecret::read(&path.to_string_lossy()).map_err(|error| anyhow!(error))?;
        let bytes = secret.reveal().as_bytes();
        let key = VerifyingKey::from_secret(bytes);
        let sign = SigningKey::from_secret(bytes).ok();
        let pair = key
            .zip(sign)
            .map(|(key, sign)| (Box::new(key), Box::new(sign)));
        let (key, sign) = pair.with_context(|| {
            format!(
                "{}: the secret needs at least 32 bytes; `openssl rand -base64 32` makes one",
                path.display()
            )
        })?;
        return Ok((Algorithm::Hs256, Proof::Secret(key, sign)));
    }
    let algorithm = settings.algorithm.into();
    if let Some(uri) = &settings.jwks_uri {
        let kept = Kept::new(1, KEPT);
        return Ok((algorithm, Proof::Fetched(uri.as_str().to_owned(), kept)));
    }
    let path = settings.keys_file.as_ref();
    let path = path.context("hand_over_url needs a key: name hand_over_secret_file, hand_over_keys_file or hand_over_jwks_uri")?;
    let place = || {
        format!(
            "cannot use {}, which hand_over_keys_file names",
            path.display()
        )
    };
    let text = std::fs::read(path).with_context(place)?;
    anyhow::ensure!(text.len() <= MAX_SET_BYTES, "{}: it is too long", place());
    let set = match Jwk::parse(&text) {
        Ok(one) => JwkSet::new(vec![one]),
        Err(_) => JwkSet::parse(&text).with_context(place)?,
    };
    let fits = set
        .keys()
        .iter()
        .any(|key| key.may_verify(algorithm).is_ok());
    anyhow::ensure!(
        fits,
        "{}: no key in it verifies {algorithm}, which hand_over_algorithm names",
        place()
    );
    Ok((algorithm, Proof::Keys(set)))
}

/// What the app that waits asked for, to be passed on.
fn wish(return_to: &str, name: &str) -> Option<String> {
    let (_, query) = return_to.split_once('?')?;
    let params = grantor_protocol::form::Params::parse(query.as_bytes()).ok()?;
    let value = params.get(name).filter(|value| value.len() <= 254)?;
    Some(value.to_owned())
}
