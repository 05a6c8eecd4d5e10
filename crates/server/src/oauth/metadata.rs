//! Authorization server metadata (RFC 8414).

use crate::{
    app::{App, Shared},
    failure::{Answer, Failure},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::json;

/// A document made once, with its entity tag.
pub struct Document {
    body: Bytes,
    etag: HeaderValue,
}

impl Document {
    pub fn new(body: String) -> Self {
        let digest = grantor_protocol::secret::Digest::of(body.as_bytes());
        let hex: String = digest.as_bytes()[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let etag = HeaderValue::from_str(&format!("\"{hex}\""))
            .unwrap_or(HeaderValue::from_static("\"\""));
        Self {
            body: body.into(),
            etag,
        }
    }

    pub fn answer(&self, headers: &HeaderMap) -> Response {
        if headers.get(header::IF_NONE_MATCH) == Some(&self.etag) {
            return (
                StatusCode::NOT_MODIFIED,
                [(header::ETAG, self.etag.clone())],
            )
                .into_response();
        }
        let json = HeaderValue::from_static("application/json");
        (
            [
                (header::CONTENT_TYPE, json),
                (header::ETAG, self.etag.clone()),
            ],
            self.body.clone(),
        )
            .into_response()
    }
}

pub fn document(
    app: &crate::config::Config,
    policy: &grantor_protocol::authorize::Policy,
) -> Document {
    let at = |path: &str| format!("{}{path}", app.service.public_url.origin());
    let mut response_types = vec!["code"];
    if policy.implicit {
        response_types.push("token");
    }
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    let with_secret = ["client_secret_basic", "client_secret_post"];
    let scopes: Vec<_> = policy.scopes.iter().map(|scope| scope.as_str()).collect();
    Document::new(
        json!({
            "issuer": policy.issuer,
            "authorization_endpoint": at(crate::routes::AUTHORIZE),
            "token_endpoint": at("/-/oauth_token"),
            "revocation_endpoint": at("/-/oauth_revoke"),
            "introspection_endpoint": at("/-/oauth_introspect"),
            "scopes_supported": scopes,
            "response_types_supported": response_types,
            "response_modes_supported": if policy.implicit { vec!["query", "fragment"] } else { vec!["query"] },
            "grant_types_supported": if policy.implicit {
                vec!["authorization_code", "refresh_token", "implicit"]
            } else {
                vec!["authorization_code", "refresh_token"]
            },
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "introspection_endpoint_auth_methods_supported": with_secret,
            "authorization_response_iss_parameter_supported": true,
            "service_documentation": at("/docs"),
        })
        .to_string(),
    )
}

pub async fn show(State(app): State<Shared>, headers: HeaderMap) -> Response {
    app.metadata.answer(&headers)
}

/// Where clients look when the issuer has a path (RFC 8414 §3.1); nothing is there
/// when it has none.
pub async fn show_below(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    let url = &app.config.service.public_url;
    match url.issuer() == url.origin() {
        true => Err(Failure::NotFound),
        false => Ok(app.metadata.answer(&headers)),
    }
}

impl App {
    pub fn cookies(&self) -> crate::context::Cookies {
        crate::context::Cookies {
            secure: self.config.service.public_url.is_https(),
        }
    }
}
