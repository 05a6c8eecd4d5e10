//! Authorization server metadata (RFC 8414).

use crate::{
    app::{App, Shared},
    config::DynamicRegistration,
    failure::{Answer, Failure},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, KeyManagement},
};
use grantor_protocol::{
    authorize::ResponseType,
    openid::{claims::Claim, login::Level, registration::AuthMethod},
};
use serde_json::{Map, Value, json};

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

/// One document for both specifications (RFC 8414 §2, OpenID Connect Discovery §3).
pub fn document(
    app: &crate::config::Config,
    policy: &grantor_protocol::authorize::Policy,
) -> Document {
    let at = |path: &str| format!("{}{path}", app.service.public_url.origin());
    let possible = |response: &&ResponseType| policy.implicit || !response.token;
    let response_types: Vec<_> = ResponseType::ALL
        .iter()
        .filter(possible)
        .map(|response| response.name())
        .collect();
    let methods = AuthMethod::ALL.map(AuthMethod::as_str);
    let proving = methods
        .iter()
        .filter(|it| **it != AuthMethod::None.as_str());
    let proving: Vec<_> = proving.collect();
    let asserting = Algorithm::ALL.map(Algorithm::name);
    let registration = app.registration.dynamic_registration != DynamicRegistration::Off;
    let registration = registration.then(|| at(crate::routes::REGISTER));
    let scopes: Vec<_> = policy.scopes.iter().map(|scope| scope.as_str()).collect();
    let about_login = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "sid",
        "nonce",
    ];
    let about_users = Claim::ALL.iter().map(|claim| claim.name());
    let claims: Vec<_> = about_login.into_iter().chain(about_users).collect();
    let levels: Vec<_> = Level::ALL.iter().map(|level| level.acr()).collect();
    let encryption: Vec<_> = KeyManagement::ALL
        .iter()
        .filter(|alg| alg.is_asymmetric())
        .map(|alg| alg.name())
        .collect();
    let content: Vec<_> = ContentEncryption::ALL
        .iter()
        .map(|enc| enc.name())
        .collect();
    Document::new(
        json!({
            "issuer": policy.issuer,
            "authorization_endpoint": at(crate::routes::AUTHORIZE),
            "token_endpoint": at(crate::routes::TOKEN),
            "userinfo_endpoint": at("/api/1.0/openid_connect/userinfo"),
            "jwks_uri": at("/api/1.0/openid_connect/jwks"),
            "revocation_endpoint": at("/-/oauth_revoke"),
            "introspection_endpoint": at("/-/oauth_introspect"),
            "registration_endpoint": registration, // RFC 8414 §2
            "scopes_supported": scopes,
            "response_types_supported": response_types,
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": if policy.implicit {
                vec!["authorization_code", "refresh_token", "implicit"]
            } else {
                vec!["authorization_code", "refresh_token"]
            },
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "introspection_endpoint_auth_methods_supported": proving,
            "token_endpoint_auth_signing_alg_values_supported": asserting,
            "revocation_endpoint_auth_signing_alg_values_supported": asserting,
            "introspection_endpoint_auth_signing_alg_values_supported": asserting,
            "authorization_response_iss_parameter_supported": true,
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA", "none"],
            "id_token_encryption_alg_values_supported": encryption,
            "id_token_encryption_enc_values_supported": content,
            "userinfo_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA", "none"],
            "userinfo_encryption_alg_values_supported": encryption,
            "userinfo_encryption_enc_values_supported": content,
            "acr_values_supported": levels,
            "claim_types_supported": ["normal"],
            "claims_supported": claims,
            "claims_parameter_supported": true,
            "request_parameter_supported": true,
            "request_uri_parameter_supported": app.outbound.on,
            "require_request_uri_registration": true,
            "request_object_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA", "none"],
            "display_values_supported": ["page", "popup", "touch"],
            "ui_locales_supported": ["en"],
            "service_documentation": at("/docs"),
        })
        .as_object()
        .map(present)
        .unwrap_or_default(),
    )
}

/// The members that there are: what is off is left out.
fn present(members: &Map<String, Value>) -> String {
    let there = members.iter().filter(|(_, value)| !value.is_null());
    let there: Map<_, _> = there.map(|(name, it)| (name.clone(), it.clone())).collect();
    Value::Object(there).to_string()
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
