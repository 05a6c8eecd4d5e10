//! Keys: ours, published (`GET /api/1.0/openid_connect/jwks`), and those of apps.

use crate::{
    app::{App, Shared},
    failure::Failure,
    keys::JWKS_LIFETIME,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use grantor_jose::jwk::JwkSet;
use grantor_protocol::{client::Client, error::Cause};
use std::sync::Arc;

/// RFC 7517 §5. How long it may be kept is how long a new key is announced.
pub async fn show(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let mut response = app.keys.now().jwks.answer(&headers);
    let kept = format!("public, max-age={}", JWKS_LIFETIME.as_seconds());
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    response
}

/// The public keys that an app has registered.
pub async fn of_client(_app: &App, client: &Client) -> Result<Arc<JwkSet>, Failure> {
    let missing = Failure::OAuth(Cause::ClientKeysMissing);
    match &client.registration.jwks {
        Some(text) => JwkSet::parse(text.as_bytes())
            .map(Arc::new)
            .map_err(|_| missing),
        None => Err(missing),
    }
}
