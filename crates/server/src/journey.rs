//! A login elsewhere and back: what its browser holds, what goes along with it, and what
//! waits for it here. A row is used once, whichever node the browser comes back to.
//!
//! 1. [`begin`]: the row, and a secret in a cookie of its own. `state`, `nonce` and the PKCE
//!    verifier come of the secret: whoever has seen one of them knows none of the others.
//! 2. The browser goes elsewhere with `state`.
//! 3. [`resume`]: it comes back with `state` and the cookie.

use crate::{app::App, client_address, context::Context, failure::Failure, throttle::JOURNEYS};
use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::{
    openid::upstream::About,
    secret::Kind,
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};

/// How long somebody may take to log in elsewhere, or to decide what follows.
const PATIENCE: Millis = Millis::minutes(15);

/// What a journey is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Facts {
    /// Where to: a provider's id.
    pub via: String,
    /// A path of this server, for afterwards.
    pub return_to: String,
    /// When it began, in milliseconds.
    pub begun: i64,
    /// Whether a login anew was asked for.
    pub anew: bool,
    /// The session and the user that ask to be connected.
    pub connecting: Option<(i64, i64)>,
    /// Who came back, where something is still to be decided.
    pub found: Option<Found>,
    /// The path at which that is decided, and no other.
    #[serde(default)]
    pub decided_at: Option<String>,
}

/// Somebody whom a server elsewhere vouches for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    pub issuer: String,
    pub subject: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Whether the address is checked, by somebody whose word the operator takes.
    pub vouched: bool,
    #[serde(default)]
    pub locale: Option<String>,
}

impl Found {
    pub fn new((issuer, subject): (&str, &str), about: About, trusted: bool) -> Self {
        Self {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            name: about.name,
            vouched: about.email_verified && about.email.is_some() && trusted,
            email: about.email,
            locale: about.locale,
        }
    }

    /// By which its user knows it again.
    pub fn label(&self) -> String {
        let known = self.email.as_ref().or(self.name.as_ref());
        known.unwrap_or(&self.subject).chars().take(254).collect()
    }
}

impl Facts {
    pub fn begun(&self) -> Timestamp {
        Timestamp(self.begun)
    }
}

/// A journey that goes on.
pub struct Journey {
    pub id: i64,
    /// What the browser carries along.
    pub state: String,
    pub nonce: String,
    /// PKCE's, which it does not.
    pub verifier: String,
    pub facts: Facts,
}

fn derive(secret: &str, purpose: &str) -> String {
    let sum = digest(&SHA256, format!("{purpose} {secret}").as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(sum.as_ref())
}

impl Journey {
    fn of(id: i64, secret: &str, facts: Facts) -> Self {
        Self {
            id,
            state: derive(secret, "state"),
            nonce: derive(secret, "nonce"),
            verifier: derive(secret, "verifier"),
            facts,
        }
    }
}

/// A journey that begins, and the cookie for its browser.
pub async fn begin(
    app: &App,
    context: &Context,
    facts: Facts,
) -> Result<(Journey, String), Failure> {
    let from = client_address::prefix(context.address).to_string();
    app.count(JOURNEYS, &from, context.now).await?;
    let id = app.world.new_id(context.now);
    let keys = app.keys.now();
    let secret = keys.format.mint(Kind::Journey, id, &app.world.random());
    let written = serde_json::to_string(&facts);
    let written = written.map_err(|error| Failure::Internal(error.to_string()))?;
    let expires = context.now + PATIENCE;
    app.store
        .begin_journey(id, secret.digest(), &written, expires)
        .await?;
    let text = secret.reveal_for_response();
    let journey = Journey::of(id, text, facts);
    let cookies = app.cookies();
    let name = cookies.journey_name(&journey.state);
    let cookie = cookies.set(&name, text, Some(PATIENCE));
    Ok((journey, cookie))
}

/// The journey with this `state`, if it is this browser's and goes on.
pub async fn resume(
    app: &App,
    (headers, context): (&HeaderMap, &Context),
    state: &str,
) -> Result<Option<Journey>, Failure> {
    let cookies = app.cookies();
    let Some(text) = cookies.find(headers, &cookies.journey_name(state))? else {
        return Ok(None);
    };
    let presented = app.keys.now().format.parse(&text);
    let presented =
        presented.filter(|it| it.kind == Kind::Journey && derive(&text, "state") == state);
    let Some(presented) = presented else {
        return Ok(None);
    };
    let kept = app
        .store
        .journey(presented.id, &presented.digest, context.now);
    let Some(facts) = kept.await? else {
        return Ok(None);
    };
    let facts = serde_json::from_str(&facts)
        .map_err(|error| Failure::Internal(format!("a journey cannot be read: {error}")))?;
    Ok(Some(Journey::of(presented.id, &text, facts)))
}

/// The cookie that ends a journey's.
pub fn forget(app: &App, state: &str) -> String {
    let cookies = app.cookies();
    cookies.set(&cookies.journey_name(state), "", Some(Millis(0)))
}
