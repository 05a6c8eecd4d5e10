//! What is registered, as the app reads it (RFC 7591 §3.2.1, RFC 7592 §3).

use crate::{app::App, json::Json, routes::REGISTER};
use grantor_protocol::{
    app_url::AppUrl,
    name::AppName,
    openid::registration::ClientMetadata,
    scope::{self, Scope},
    secret::Secret,
};
use grantor_store::apps;
use serde_json::{Value, json};

/// `token`: the text of the registration access token; `secret`: the one just made.
pub fn of(app: &App, record: &apps::App, token: &str, secret: Option<&Secret>) -> Json<Value> {
    let client = &record.client;
    let metadata = ClientMetadata {
        name: AppName::from_stored(record.name.clone()),
        url: AppUrl::from_stored(record.url.clone()),
        kind: client.kind,
        redirect_uris: client.redirect_uris.clone(),
        implicit: client.implicit,
        registration: client.registration.clone(),
    };
    // What somebody without a role can allow.
    let offered = app.policy.scopes.iter().map(Scope::as_str);
    let scopes: Vec<_> = offered.filter(|it| scope::is_for(it, None)).collect();
    let origin = app.config.service.public_url.origin();
    let mut shown = metadata.to_json();
    let mut add = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    add("client_id", json!(client.id.to_string()));
    add("client_id_issued_at", json!(record.created.seconds()));
    add("scope", json!(scopes.join(" ")));
    let uri = format!("{origin}{REGISTER}/{}", client.id);
    add("registration_client_uri", json!(uri));
    add("registration_access_token", json!(token));
    if let Some(secret) = secret {
        add("client_secret", json!(secret.reveal_for_response()));
        add("client_secret_expires_at", json!(0));
    }
    Json(Value::Object(shown))
}
