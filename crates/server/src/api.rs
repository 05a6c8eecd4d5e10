//! The bearer-protected API, in the described service's envelope.

use crate::{
    app::{App, Shared},
    context::BearerAdmitted,
    failure::{Answer, Failure},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use grantor_protocol::{form::Params, time::Timestamp};
use grantor_store::users::User;
use serde_json::{Map, Value, json};

pub mod admin;
mod openapi;

/// What the query asks of the answer's form.
struct Options {
    /// Only these fields, and `gid`.
    fields: Option<Vec<String>>,
    pretty: bool,
}

impl Options {
    fn parse(query: Option<&str>) -> Result<Self, Failure> {
        let params = Params::parse(query.unwrap_or("").as_bytes()).map_err(|_| {
            Failure::BadRequest("The query is malformed or names a parameter twice.")
        })?;
        let fields = params
            .get("opt_fields")
            .map(|text| text.split(',').map(|name| name.trim().to_owned()).collect());
        Ok(Self {
            fields,
            pretty: params
                .get_raw("opt_pretty")
                .is_some_and(|value| value != "false"),
        })
    }

    fn trim(&self, mut object: Map<String, Value>) -> Value {
        match &self.fields {
            Some(fields) => {
                object.retain(|name, _| name == "gid" || fields.iter().any(|field| field == name))
            }
            // The numeric form is for those who ask.
            None => object.retain(|name, _| name != "id"),
        }
        Value::Object(object)
    }

    fn answer(&self, data: Value) -> Response {
        let body = json!({ "data": data });
        if !self.pretty {
            return Json(body).into_response();
        }
        let text = serde_json::to_string_pretty(&body).unwrap_or_default();
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    }
}

pub async fn me(
    State(app): State<Shared>,
    BearerAdmitted(admitted): BearerAdmitted,
    RawQuery(query): RawQuery,
) -> Answer {
    let options = Options::parse(query.as_deref())?;
    let user = app.store.user(admitted.bearer.user).await?;
    let user = user.ok_or_else(|| Failure::Internal("a token of nobody".into()))?;
    let mut object = Map::new();
    object.insert("gid".into(), json!(user.id.to_string()));
    object.insert("id".into(), json!(user.id));
    object.insert("resource_type".into(), json!("user"));
    object.insert("name".into(), json!(user.name));
    object.insert("email".into(), json!(user.email));
    object.insert("photo".into(), photo(&app, &user));
    object.insert("workspaces".into(), json!([]));
    Ok(options.answer(options.trim(object)))
}

/// One picture serves all sizes that clients of the described service look for.
fn photo(app: &App, user: &User) -> Value {
    let Some(digest) = &user.photo else {
        return Value::Null;
    };
    let url = format!(
        "{}/images/{digest}.png",
        app.config.service.public_url.origin()
    );
    let sizes = [
        "image_21x21",
        "image_27x27",
        "image_36x36",
        "image_60x60",
        "image_128x128",
    ];
    sizes
        .iter()
        .map(|size| ((*size).to_owned(), json!(url)))
        .collect::<Map<_, _>>()
        .into()
}

/// The apps that the user allowed, without a secret of anybody.
pub async fn authorizations(
    State(app): State<Shared>,
    BearerAdmitted(admitted): BearerAdmitted,
    RawQuery(query): RawQuery,
) -> Answer {
    let options = Options::parse(query.as_deref())?;
    let mut list = Vec::new();
    for grant in app.store.grants_of(admitted.bearer.user).await? {
        let Some(found) = app.store.app(grant.app).await? else {
            continue;
        };
        let mut object = Map::new();
        object.insert("gid".into(), json!(grant.id.to_string()));
        object.insert("resource_type".into(), json!("authorization"));
        object.insert(
            "app".into(),
            json!({"client_id": grant.app.to_string(), "name": found.name, "url": found.url}),
        );
        object.insert(
            "scopes".into(),
            json!(grant.scopes.iter().collect::<Vec<_>>()),
        );
        object.insert("created_at".into(), json!(instant(grant.created)));
        object.insert("last_used_at".into(), json!(grant.last_used.map(instant)));
        list.push(options.trim(object));
    }
    Ok(options.answer(Value::Array(list)))
}

/// The user's personal access tokens, without their texts.
pub async fn personal_access_tokens(
    State(app): State<Shared>,
    BearerAdmitted(admitted): BearerAdmitted,
    RawQuery(query): RawQuery,
) -> Answer {
    let options = Options::parse(query.as_deref())?;
    let tokens = app.store.personal_tokens_of(admitted.bearer.user).await?;
    let list = tokens.into_iter().map(|token| {
        let mut object = Map::new();
        object.insert("gid".into(), json!(token.id.to_string()));
        object.insert("resource_type".into(), json!("personal_access_token"));
        object.insert("description".into(), json!(token.description));
        object.insert("hint".into(), json!(token.hint));
        object.insert(
            "scopes".into(),
            json!(token.scopes.iter().collect::<Vec<_>>()),
        );
        object.insert("created_at".into(), json!(instant(token.created)));
        object.insert("expires_at".into(), json!(token.expires.map(instant)));
        object.insert("last_used_at".into(), json!(token.last_used.map(instant)));
        options.trim(object)
    });
    Ok(options.answer(list.collect()))
}

/// RFC 3339, in UTC.
pub fn instant(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

pub async fn openapi(State(app): State<Shared>, headers: HeaderMap) -> Response {
    app.openapi.answer(&headers)
}

pub use openapi::document;
