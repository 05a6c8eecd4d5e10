//! Authorization server metadata (RFC 8414).

use crate::{
    app::{App, Shared},
    config::{Config, DynamicRegistration, Link},
    context::Headers,
    failure::{Answer, Failure},
    routes,
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
    authorize::{Policy, ResponseType},
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
        let mut response = Response::new(self.body.clone().into());
        let json = HeaderValue::from_static("application/json");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::ETAG, self.etag.clone());
        response
    }
}

/// How what is signed for apps, or by them, may be signed.
const SIGNING: [&str; 5] = ["RS256", "PS256", "ES256", "EdDSA", "none"];

/// One document for both specifications (RFC 8414 §2, OpenID Connect Discovery §3). What
/// is off is left out.
pub fn document(config: &Config, policy: &Policy) -> Document {
    let parts = [
        endpoints(config),
        flows(config, policy),
        authentication(),
        openid(config),
        logout(config),
    ];
    let members = parts.iter().filter_map(Value::as_object).flatten();
    let there = members.filter(|(_, value)| !value.is_null());
    let there: Map<_, _> = there.map(|(name, it)| (name.clone(), it.clone())).collect();
    Document::new(Value::Object(there).to_string())
}

fn endpoints(config: &Config) -> Value {
    let at = |path: &str| format!("{}{path}", config.service.public_url.origin());
    let registers = config.registration.dynamic_registration != DynamicRegistration::Off;
    json!({
        "issuer": config.service.public_url.issuer(),
        "authorization_endpoint": at(routes::AUTHORIZE),
        "token_endpoint": at(routes::TOKEN),
        "userinfo_endpoint": at("/api/1.0/openid_connect/userinfo"),
        "jwks_uri": at("/api/1.0/openid_connect/jwks"),
        "revocation_endpoint": at("/-/oauth_revoke"),
        "introspection_endpoint": at("/-/oauth_introspect"),
        "registration_endpoint": registers.then(|| at(routes::REGISTER)), // RFC 8414 §2
        "end_session_endpoint": at(routes::LOGOUT),
        "check_session_iframe": at(routes::CHECK_SESSION),
        "service_documentation": at("/docs"),
    })
}

fn flows(config: &Config, policy: &Policy) -> Value {
    let possible = |response: &&ResponseType| policy.implicit || !response.token;
    let response_types = ResponseType::ALL.iter().filter(possible);
    let response_types: Vec<_> = response_types.map(|response| response.name()).collect();
    let scopes: Vec<_> = policy.scopes.iter().map(|scope| scope.as_str()).collect();
    let (encryption, content) = encryption();
    let grants = ["authorization_code", "refresh_token", "implicit"];
    json!({
        "scopes_supported": scopes,
        "response_types_supported": response_types,
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": if policy.implicit { &grants[..] } else { &grants[..2] },
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": config.outbound.on,
        "require_request_uri_registration": true,
        "request_object_signing_alg_values_supported": SIGNING,
        "request_object_encryption_alg_values_supported": encryption,
        "request_object_encryption_enc_values_supported": content,
    })
}

fn authentication() -> Value {
    let methods = AuthMethod::ALL.map(AuthMethod::as_str);
    let proving = AuthMethod::ALL
        .into_iter()
        .filter(|method| *method != AuthMethod::None);
    let proving: Vec<_> = proving.map(AuthMethod::as_str).collect();
    let asserting = Algorithm::ALL.map(Algorithm::name);
    json!({
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": proving,
        "token_endpoint_auth_signing_alg_values_supported": asserting,
        "revocation_endpoint_auth_signing_alg_values_supported": asserting,
        "introspection_endpoint_auth_signing_alg_values_supported": asserting,
    })
}

fn openid(config: &Config) -> Value {
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
    let (encryption, content) = encryption();
    json!({
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": SIGNING,
        "id_token_encryption_alg_values_supported": encryption,
        "id_token_encryption_enc_values_supported": content,
        "userinfo_signing_alg_values_supported": SIGNING,
        "userinfo_encryption_alg_values_supported": encryption,
        "userinfo_encryption_enc_values_supported": content,
        "acr_values_supported": Level::CLASSES,
        "claim_types_supported": ["normal"],
        "claims_supported": claims,
        "display_values_supported": ["page", "popup", "touch"],
        "ui_locales_supported": config.service.languages.tags(),
        "op_policy_uri": config.branding.privacy_policy_url.as_ref().map(Link::as_str),
        "op_tos_uri": config.branding.terms_url.as_ref().map(Link::as_str),
    })
}

/// How what is meant for one reader alone is encrypted, by apps and for them.
fn encryption() -> (Vec<&'static str>, [&'static str; 4]) {
    let to_keys = KeyManagement::ALL.iter().filter(|alg| alg.is_asymmetric());
    let content = ContentEncryption::ALL.map(ContentEncryption::name);
    (to_keys.map(|alg| alg.name()).collect(), content)
}

/// Apps are told behind the browser's back where this server may post at all.
fn logout(config: &Config) -> Value {
    let posts = config.outbound.on;
    json!({
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": posts,
        "backchannel_logout_session_supported": posts,
    })
}

pub async fn show(State(app): State<Shared>, Headers(headers): Headers) -> Response {
    app.metadata.answer(&headers)
}

/// Where clients look when the issuer has a path (RFC 8414 §3.1); nothing is there
/// when it has none.
pub async fn show_below(State(app): State<Shared>, Headers(headers): Headers) -> Answer {
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
