//! What a request brings: read within its limits, and refused unless it is a form
//! of the kind that its route takes.

use crate::{
    app::Shared,
    context::{Fields, JsonObject, Upload, Visitor},
    csrf,
    failure::Failure,
    routes::{Access, Body, Route},
};
use axum::{
    body::Body as HttpBody,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
};
use bytes::Bytes;
use grantor_jose::json::parse_object;
use grantor_protocol::{
    error::Cause,
    form::{self, Params},
    openid::registration::MetadataError,
};
use std::sync::Arc;

const JSON: &str = "application/json";
const SCIM: &str = "application/scim+json";
const FORM: &str = "application/x-www-form-urlencoded";
/// An icon or photo with its form fields.
const MAX_UPLOAD: usize = 1_100_000;
const UNREADABLE: Failure = Failure::OAuth(Cause::FormUnreadable);

/// What a form brought, whoever sent it.
pub struct Sent {
    pub fields: Fields,
    pub upload: Option<Upload>,
    pub object: Option<JsonObject>,
}

/// Reads the whole body, as the route has it; nothing is known yet of who sent it.
pub async fn read(
    route: &Route,
    headers: &HeaderMap,
    body: HttpBody,
) -> Result<Option<Sent>, Failure> {
    // Our own forms have lists: the scopes of a token.
    let lists: &[&str] = match route.body {
        Body::OwnForm => &["scope"],
        Body::Form | Body::Decision => &[],
        Body::BearerForm if has_type(headers, FORM) => &[],
        Body::None | Body::BearerForm => return Ok(None),
        // Rare: other requests do not carry room for them along.
        Body::OwnUpload => return Box::pin(read_upload(headers, body)).await.map(Some),
        Body::Json => {
            return Box::pin(read_object(headers, body, &[JSON]))
                .await
                .map(Some);
        }
        Body::Scim => {
            let read = Box::pin(read_object(headers, body, &[SCIM, JSON]));
            return read.await.map(Some);
        }
    };
    if !has_type(headers, FORM) {
        return Err(UNREADABLE);
    }
    let bytes = read_whole(body).await?;
    let fields = Params::parse_with_lists(&bytes, lists).map_err(|_| UNREADABLE)?;
    Ok(Some(Sent {
        fields: Fields(Arc::new(fields)),
        upload: None,
        object: None,
    }))
}

/// Whom a body of another kind than its endpoint takes names: programs that send JSON where
/// OAuth has a form say it there.
pub async fn named(headers: &HeaderMap, body: HttpBody) -> Option<String> {
    if !has_type(headers, JSON) {
        return None;
    }
    let object = parse_object(&read_whole(body).await.ok()?, form::MAX_BYTES).ok()?;
    object.get("client_id")?.as_str().map(str::to_owned)
}

/// What an app is told whose request is no form.
pub fn no_form(route: &Route, headers: &HeaderMap) -> Option<Failure> {
    let wrong =
        route.access == Access::Client && route.body == Body::Form && !has_type(headers, FORM);
    wrong.then_some(UNREADABLE)
}

async fn read_whole(body: HttpBody) -> Result<Bytes, Failure> {
    let bytes = axum::body::to_bytes(body, form::MAX_BYTES).await;
    bytes.map_err(|_| Failure::BadRequest("failure-body-long"))
}

async fn read_object(headers: &HeaderMap, body: HttpBody, types: &[&str]) -> Result<Sent, Failure> {
    if !types.iter().any(|it| has_type(headers, it)) {
        return Err(Failure::BadRequest(
            "Send a JSON object, with the Content-Type application/json.",
        ));
    }
    let object = parse_object(&read_whole(body).await?, form::MAX_BYTES);
    let object = object.map_err(MetadataError::from)?;
    Ok(Sent {
        fields: Fields(Arc::new(Params::default())),
        upload: None,
        object: Some(JsonObject(Arc::new(object))),
    })
}

/// Refuses a form of our own pages that did not come from them, or from another session.
pub fn check(
    app: &Shared,
    route: &Route,
    parts: &Parts,
    visitor: Option<&Visitor>,
    sent: &Sent,
) -> Result<(), Failure> {
    let own = match route.body {
        Body::OwnForm | Body::OwnUpload => true,
        Body::Decision => sent.fields.get("decision").is_some(),
        Body::Form | Body::Json | Body::Scim | Body::BearerForm | Body::None => false,
    };
    if !own {
        return Ok(());
    }
    csrf::check_origin(&parts.headers, app.config.service.public_url.origin())?;
    check_host(app, &parts.headers, &parts.uri)?;
    // Whoever keeps no cookies would be told to reload for ever.
    if !parts.headers.contains_key(header::COOKIE) {
        return Err(Failure::Forbidden("failure-no-cookies"));
    }
    csrf::check(
        &app.keys.now(),
        visitor.map_or("", |visitor| &visitor.binding),
        transaction(route, &parts.uri),
        sent.fields.text(csrf::FIELD),
    )
}

/// What a form token is bound to beside the session: at consent, the very request.
fn transaction<'a>(route: &Route, uri: &'a Uri) -> &'a str {
    if route.path == crate::routes::AUTHORIZE {
        uri.query().unwrap_or("")
    } else {
        ""
    }
}

fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value.map_or(&[][..], HeaderValue::as_bytes);
    let essence = value.split(|byte| *byte == b';').next();
    essence.is_some_and(|it| it.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
}

/// Our own pages are served under one name (a rebinding attack has another).
fn check_host(app: &Shared, headers: &HeaderMap, uri: &Uri) -> Result<(), Failure> {
    let origin = app.config.service.public_url.origin();
    let own = origin
        .split_once("//")
        .map_or(origin, |(_, authority)| authority);
    let named = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let named = named.or_else(|| uri.authority().map(|authority| authority.as_str()));
    match named {
        Some(host) if host.eq_ignore_ascii_case(own) => Ok(()),
        _ => Err(Failure::BadRequest("failure-host")),
    }
}

/// The text fields and the one file of a multipart form.
async fn read_upload(headers: &HeaderMap, body: HttpBody) -> Result<Sent, Failure> {
    const BROKEN: Failure = Failure::BadRequest("failure-upload-broken");
    const OTHER: Failure = Failure::BadRequest("failure-upload-kind");
    if !has_type(headers, "multipart/form-data") {
        return Err(OTHER);
    }
    let bytes = axum::body::to_bytes(body, MAX_UPLOAD).await;
    let mut whole = Request::new(HttpBody::from(bytes.map_err(|_| BROKEN)?));
    whole.headers_mut().clone_from(headers);
    let multipart = Multipart::from_request(whole, &()).await;
    let mut multipart = multipart.map_err(|_| OTHER)?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = multipart.next_field().await.map_err(|_| BROKEN)? {
        let name = field.name().unwrap_or("").to_owned();
        if field.file_name().is_some() {
            let bytes = field.bytes().await.map_err(|_| BROKEN)?;
            file = Some(bytes).filter(|bytes| !bytes.is_empty());
        } else if pairs.len() < form::MAX_PARAMS {
            pairs.push((name, field.text().await.map_err(|_| BROKEN)?));
        }
    }
    // One parser for all forms: duplicates, sizes, encodings.
    let encoded = form::encode(
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let fields = Params::parse(encoded.as_bytes());
    let fields = fields.map_err(|_| Failure::BadRequest("failure-field-twice"))?;
    Ok(Sent {
        fields: Fields(Arc::new(fields)),
        upload: Some(Upload(file)),
        object: None,
    })
}
