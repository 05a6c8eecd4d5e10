//! What a directory can find out (RFC 7644 §4, RFC 7643 §5–7).

use super::{BASE, respond};
use crate::{
    app::{App, Shared},
    failure::{Answer, Failure},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use grantor_protocol::scim::{LIST, USER, filter};
use serde_json::{Value, json};

fn location(app: &App, path: &str) -> String {
    format!("{}{BASE}{path}", app.config.service.public_url.origin())
}

pub async fn config(State(app): State<Shared>) -> Answer {
    let unsupported = json!({"supported": false});
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": super::search::MOST},
        "changePassword": {"supported": true},
        "sort": unsupported,
        "etag": unsupported,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A personal access token of an administrator, with the scope scim",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": location(&app, "/ServiceProviderConfig"),
        },
    });
    Ok(respond(StatusCode::OK, &body))
}

fn user_type(app: &App) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "An account",
        "schema": USER,
        "schemaExtensions": [],
        "meta": {"resourceType": "ResourceType", "location": location(app, "/ResourceTypes/User")},
    })
}

pub async fn types(State(app): State<Shared>) -> Answer {
    Ok(list(user_type(&app)))
}

pub async fn resource_type(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    one(&id, "User", user_type(&app))
}

pub async fn schemas(State(app): State<Shared>) -> Answer {
    Ok(list(user_schema(&app)))
}

pub async fn schema(State(app): State<Shared>, Path(id): Path<String>) -> Answer {
    one(&id, USER, user_schema(&app))
}

fn list(only: Value) -> axum::response::Response {
    let body = json!({
        "schemas": [LIST], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [only],
    });
    respond(StatusCode::OK, &body)
}

fn one(asked: &str, known: &str, body: Value) -> Answer {
    match asked.eq_ignore_ascii_case(known) {
        true => Ok(respond(StatusCode::OK, &body)),
        false => Err(Failure::NotFound),
    }
}

/// A text with the characteristics of most (RFC 7643 §7).
fn attribute(name: &str, description: &str) -> Value {
    json!({
        "name": name, "type": "string", "multiValued": false, "description": description, "required": false,
        "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
    })
}

fn but(mut attribute: Value, others: Value) -> Value {
    for (name, value) in others.as_object().into_iter().flatten() {
        attribute[name] = value.clone();
    }
    attribute
}

fn user_schema(app: &App) -> Value {
    let longest = filter::MAX_LENGTH;
    let name = [
        attribute("familyName", "The family name"),
        attribute("givenName", "The given name"),
        attribute("middleName", "The middle names"),
    ];
    let emails = [
        but(attribute("value", "The address"), json!({"required": true})),
        attribute("type", "What the directory calls it, such as work"),
        but(
            attribute("primary", "Whether it is the account's"),
            json!({"type": "boolean"}),
        ),
    ];
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": USER,
        "name": "User",
        "description": format!("An account. Filters have at most {longest} bytes; groups are not kept here"),
        "attributes": [
            but(attribute("userName", "What the directory calls her"), json!({"required": true, "uniqueness": "server"})),
            but(attribute("name", "Her name in parts"), json!({"type": "complex", "subAttributes": name})),
            but(attribute("displayName", "Her name as others read it; without it her name in parts, or what she is called"), json!({"required": true})),
            attribute("nickName", "What friends call her"),
            but(attribute("profileUrl", "A page about her"), json!({"type": "reference", "referenceTypes": ["external"]})),
            attribute("preferredLanguage", "In which language she reads pages and mails, as fr, or as in the header Accept-Language; without it in that of locale"),
            attribute("locale", "Where she is at home, as en-GB: apps are told"),
            attribute("timezone", "Where her clock is, as Europe/London"),
            but(attribute("active", "Whether she may come in; true where nothing is said"), json!({"type": "boolean", "required": true})),
            but(attribute("password", "A new password; whether it is good enough, the server says"),
                json!({"mutability": "writeOnly", "returned": "never", "caseExact": true})),
            but(attribute("emails", "The address of the account, one alone; needed unless userName is one"),
                json!({"type": "complex", "multiValued": true, "required": true, "subAttributes": emails})),
        ],
        "meta": {"resourceType": "Schema", "location": location(app, &format!("/Schemas/{USER}"))},
    })
}
