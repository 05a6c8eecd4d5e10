//! The bearer-protected API, in the described service's envelope.

use crate::{
    app::{App, Shared},
    context::BearerAdmitted,
    failure::{Answer, Failure},
    json::Json,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use grantor_protocol::{form::Params, time::Timestamp};
use serde::Serialize;
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

    fn answer(&self, data: impl Serialize) -> Response {
        let body = Envelope { data };
        if !self.pretty {
            return Json(body).into_response();
        }
        let text = serde_json::to_string_pretty(&body).unwrap_or_default();
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    }
}

#[derive(Serialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Serialize)]
struct Me<'a> {
    gid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    resource_type: &'static str,
    name: &'a str,
    email: &'a str,
    photo: Option<Photo>,
    workspaces: [(); 0],
}

/// One picture serves all sizes that clients of the described service look for.
#[derive(Serialize)]
struct Photo {
    image_21x21: String,
    image_27x27: String,
    image_36x36: String,
    image_60x60: String,
    image_128x128: String,
}

pub async fn me(
    State(app): State<Shared>,
    BearerAdmitted(admitted): BearerAdmitted,
    RawQuery(query): RawQuery,
) -> Answer {
    let options = Options::parse(query.as_deref())?;
    let user = app.store.user(admitted.bearer.user).await?;
    let user = user.ok_or_else(|| Failure::Internal("a token of nobody".into()))?;
    let me = Me {
        gid: user.id.to_string(),
        id: options.fields.is_some().then_some(user.id),
        resource_type: "user",
        name: &user.name,
        email: &user.email,
        photo: user.photo.as_ref().map(|digest| Photo::of(&app, digest)),
        workspaces: [],
    };
    // Whoever asks for nothing gets it without a detour.
    if options.fields.is_none() {
        return Ok(options.answer(me));
    }
    match serde_json::to_value(me) {
        Ok(Value::Object(object)) => Ok(options.answer(options.trim(object))),
        _ => Err(Failure::Internal("a user is no object".into())),
    }
}

impl Photo {
    fn of(app: &App, digest: &str) -> Self {
        let origin = app.config.service.public_url.origin();
        let url = || format!("{origin}/images/{digest}.png");
        Self {
            image_21x21: url(),
            image_27x27: url(),
            image_36x36: url(),
            image_60x60: url(),
            image_128x128: url(),
        }
    }
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
    Ok(options.answer(list))
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
    Ok(options.answer(list.collect::<Vec<_>>()))
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
