//! The OpenAPI document of the API, made once from the configuration.

use crate::{app::App, config::Config, language::Language, oauth::metadata::Document};
use grantor_protocol::authorize::Policy;
use serde_json::{Value, json};

pub fn document(config: &Config, policy: &Policy) -> Document {
    let origin = config.service.public_url.origin();
    let sentence = |scope: &str| json!(App::sentence(config, scope, Language::English));
    let scopes = policy
        .scopes
        .iter()
        .map(|scope| (scope.as_str().to_owned(), sentence(scope.as_str())));
    let mut body = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} API", config.service.brand.as_str()),
            "version": "1.0",
            "description": format!("Send an OAuth access token or a personal access token as a bearer in the Authorization header. \
                Directories keep accounts up to date by SCIM 2.0 (RFC 7644) at {origin}{}, with a personal access token that has the scope scim; it describes itself.", crate::scim::BASE),
        },
        "externalDocs": {
            "description": "What the SCIM endpoint can do; its resource types and schemas are at ResourceTypes and Schemas beside it",
            "url": format!("{origin}{}/ServiceProviderConfig", crate::scim::BASE),
        },
        "servers": [{"url": format!("{origin}/api/1.0")}],
        "security": [{"oauth": ["default"]}, {"bearer": []}],
        "paths": {
            "/users/me": {"get": operation("The user whom the token belongs to", "User", false)},
            "/users/me/authorizations": {"get": operation("The apps that the user allowed", "Authorization", true)},
            "/users/me/personal_access_tokens": {"get":
                operation("The user's personal access tokens, without their texts", "PersonalAccessToken", true)},
            "/openid_connect/userinfo": {"get": userinfo(), "post": userinfo()},
        },
        "components": {
            "securitySchemes": {
                "oauth": {"type": "oauth2", "flows": {"authorizationCode": {
                    "authorizationUrl": format!("{origin}{}", crate::routes::AUTHORIZE),
                    "tokenUrl": format!("{origin}/-/oauth_token"),
                    "refreshUrl": format!("{origin}/-/oauth_token"),
                    "scopes": scopes.collect::<serde_json::Map<_, _>>(),
                }}},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
            "parameters": {
                "opt_fields": {"name": "opt_fields", "in": "query", "schema": {"type": "string"},
                    "description": "Only these fields, separated by commas; gid is always there."},
                "opt_pretty": {"name": "opt_pretty", "in": "query", "schema": {"type": "boolean"},
                    "allowEmptyValue": true, "description": "Indent the answer."},
            },
            "responses": {
                "Unauthorized": error("No token, or one that is unknown, expired or revoked"),
                "Forbidden": error("The token lacks the scope that this request needs"),
            },
            "schemas": schemas(),
        }
    });
    super::admin::openapi::add(&mut body);
    Document::new(body.to_string())
}

fn operation(summary: &str, schema: &str, list: bool) -> Value {
    let item = json!({"$ref": format!("#/components/schemas/{schema}")});
    let data = if list {
        json!({"type": "array", "items": item})
    } else {
        item
    };
    json!({
        "summary": summary,
        "parameters": [
            {"$ref": "#/components/parameters/opt_fields"},
            {"$ref": "#/components/parameters/opt_pretty"}
        ],
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema":
                {"type": "object", "required": ["data"], "properties": {"data": data}}}}},
            "401": {"$ref": "#/components/responses/Unauthorized"},
            "403": {"$ref": "#/components/responses/Forbidden"},
        }
    })
}

/// OpenID Connect's own form: no envelope (OpenID Connect Core §5.3).
fn userinfo() -> Value {
    json!({
        "summary": "Who logged in, as far as the scopes go",
        "security": [{"oauth": ["openid"]}],
        "responses": {
            "200": {"description": "Claims about the user", "content": {"application/json": {"schema":
                {"type": "object", "required": ["sub"], "properties": {"sub": {"type": "string"}},
                "additionalProperties": true}}}},
            "401": {"$ref": "#/components/responses/Unauthorized"},
            "403": {"$ref": "#/components/responses/Forbidden"},
        }
    })
}

fn error(description: &str) -> Value {
    let schema = json!({"$ref": "#/components/schemas/Errors"});
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn schemas() -> Value {
    let text = json!({"type": "string"});
    let instant = json!({"type": "string", "format": "date-time"});
    let maybe_instant = json!({"type": ["string", "null"], "format": "date-time"});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    json!({
        "User": {"type": "object", "required": ["gid"], "properties": {
            "gid": text,
            "id": {"type": "integer", "description": "The gid as a number, when asked for by opt_fields"},
            "resource_type": text, "name": text, "email": {"type": "string", "format": "email"},
            "photo": {"type": ["object", "null"], "additionalProperties": {"type": "string", "format": "uri"}},
            "workspaces": {"type": "array", "items": {}},
        }},
        "Authorization": {"type": "object", "required": ["gid"], "properties": {
            "gid": text, "resource_type": text, "scopes": texts,
            "created_at": instant, "last_used_at": maybe_instant,
            "app": {"type": "object", "properties":
                {"client_id": text, "name": text, "url": {"type": "string", "format": "uri"}}},
        }},
        "PersonalAccessToken": {"type": "object", "required": ["gid"], "properties": {
            "gid": text, "resource_type": text, "description": text, "hint": text, "scopes": texts,
            "created_at": instant, "expires_at": maybe_instant, "last_used_at": maybe_instant,
        }},
        "Errors": {"type": "object", "required": ["errors"], "properties": {"errors":
            {"type": "array", "items": {"type": "object", "properties": {"message": text, "help": text}}}}},
    })
}
