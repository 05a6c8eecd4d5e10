//! Keys: ours, published (`GET /api/1.0/openid_connect/jwks`), and those of apps.

use crate::{
    app::{App, Shared},
    context::Headers,
    keys::JWKS_LIFETIME,
    outbound::{
        OutboundError,
        kept::{Kept, Wanted},
    },
};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use grantor_jose::{
    algorithm::Algorithm,
    jwk::{JwkSet, MAX_SET_BYTES},
    verify::VerifyingKey,
};
use grantor_protocol::{client::Client, error::Cause, time::Millis};
use std::sync::Arc;

/// The sets that apps have elsewhere (`jwks_uri`): of so many apps, each for an hour at
/// most, 64 KiB at most.
pub type ClientKeys = Kept<Arc<JwkSet>>;

pub fn client_keys() -> ClientKeys {
    Kept::new(500, Millis::hours(1))
}

/// RFC 7517 §5. How long it may be kept is how long a new key is announced.
pub async fn show(State(app): State<Shared>, Headers(headers): Headers) -> Response {
    let mut response = app.keys.now().jwks.answer(&headers);
    let kept = format!("public, max-age={}", JWKS_LIFETIME.as_seconds());
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    response
}

/// The public keys of an app, as registered or from where it has them.
///
/// # Errors
/// [`Cause::ClientKeysMissing`], [`Cause::ClientKeysOff`], [`Cause::ClientKeysUnreachable`].
pub async fn of_client(app: &App, client: &Client) -> Result<Arc<JwkSet>, Cause> {
    load(app, client, Wanted::Kept).await
}

/// The one key of an app that a signature is to be verified with, or `None`. An app that
/// has just changed its keys is asked for them again.
///
/// # Errors
/// Those of [`of_client`].
pub async fn to_verify(
    app: &App,
    client: &Client,
    kid: Option<&str>,
    algorithm: Algorithm,
) -> Result<Option<VerifyingKey>, Cause> {
    let pick = |set: &JwkSet| {
        let jwk = set.to_verify(kid, algorithm).ok()?;
        VerifyingKey::from_jwk(jwk, algorithm).ok()
    };
    if let Some(key) = pick(&*of_client(app, client).await?) {
        return Ok(Some(key));
    }
    let newer = load(app, client, Wanted::Newer).await?;
    Ok(pick(&newer))
}

async fn load(app: &App, client: &Client, wanted: Wanted) -> Result<Arc<JwkSet>, Cause> {
    match (&client.registration.jwks, &client.registration.jwks_uri) {
        (Some(text), _) => JwkSet::parse(text.as_bytes())
            .map(Arc::new)
            .map_err(|_| Cause::ClientKeysMissing),
        (None, Some(uri)) => {
            let place = (client.id, uri.as_str());
            let fetch = async || fetch(app, client.id, uri).await;
            let now = app.world.now();
            app.client_keys.get(place, wanted, now, fetch).await
        }
        (None, None) => Err(Cause::ClientKeysMissing),
    }
}

async fn fetch(app: &App, client: i64, uri: &str) -> Result<(Arc<JwkSet>, Option<Millis>), Cause> {
    let accept = "application/jwk-set+json, application/json";
    let fetched = app.outbound.fetch(uri, accept, MAX_SET_BYTES).await;
    let fetched = fetched.map_err(|error| {
        tracing::info!(client, %error, "cannot fetch an app's jwks_uri");
        match error {
            OutboundError::Off => Cause::ClientKeysOff,
            _ => Cause::ClientKeysUnreachable,
        }
    })?;
    let set = JwkSet::parse(&fetched.body).map_err(|error| {
        tracing::info!(client, %error, "an app's jwks_uri gives no JWK Set");
        Cause::ClientKeysUnreachable
    })?;
    Ok((Arc::new(set), fetched.fresh_for))
}
