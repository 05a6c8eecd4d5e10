//! Which pages of other origins may call which endpoint: everybody's where no cookie
//! counts, the registered origins of public apps at the token endpoint, none at
//! authorize. Credentials are never allowed.

use crate::{
    app::App,
    routes::{Cors, Route},
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use grantor_protocol::redirect::RedirectUri;

/// What browser libraries of the described service send.
const HEADERS: &str =
    "Authorization, Content-Type, X-Asana-Client-Lib, Asana-Enable, Asana-Disable";

/// Whether a page of `origin` may read this answer, and the header that says so.
/// `client_id`: what the request said, at endpoints where apps authenticate.
pub async fn allowed(
    app: &App,
    route: &Route,
    origin: Option<&HeaderValue>,
    client_id: Option<&str>,
) -> Option<HeaderValue> {
    let origin = origin?;
    match route.cors {
        Cors::None => None,
        Cors::Public => Some(HeaderValue::from_static("*")),
        Cors::Apps => {
            let id = client_id?.parse().ok()?;
            let found = app.store.app(id).await.ok()??;
            let client = &found.client;
            let registered = |uri: &RedirectUri| {
                uri.origin()
                    .is_some_and(|own| own.as_bytes() == origin.as_bytes())
            };
            (client.kind.is_public() && client.redirect_uris.iter().any(registered))
                .then(|| origin.clone())
        }
    }
}

pub fn dress(route: &Route, allowed: Option<HeaderValue>, headers: &mut HeaderMap) {
    if route.cors == Cors::Apps {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(allowed) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("WWW-Authenticate, Retry-After, X-Request-Id"),
        );
    }
}

/// A preflight lets the request be sent, no more: whether the answer may be read is
/// decided when the app is known.
pub fn preflight(route: &Route, asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let origin = asked.get(header::ORIGIN).cloned();
    let allowed = if route.cors == Cors::Public {
        Some(HeaderValue::from_static("*"))
    } else {
        origin
    };
    dress(route, allowed, headers);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PUT, DELETE"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(HEADERS),
    );
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("600"),
    );
    response
}
