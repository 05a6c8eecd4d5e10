//! What a request brings: read within its limits, and refused unless it is a form
//! of the kind that its route takes.

use crate::{
    app::Shared,
    context::{Fields, Upload, Visitor},
    csrf,
    failure::Failure,
    routes::{Body, Route},
};
use axum::{
    body::Body as HttpBody,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, Uri, header},
};
use grantor_protocol::{
    error::Cause,
    form::{self, Params},
};
use std::sync::Arc;

/// An icon or photo with its form fields.
const MAX_UPLOAD: usize = 1_100_000;

pub async fn read_body(
    app: &Shared,
    route: &'static Route,
    request: Request,
    visitor: Option<&Visitor>,
) -> Result<Request, Failure> {
    let unreadable = Failure::OAuth(Cause::FormUnreadable);
    let mut request = request;
    let fields = match route.body {
        Body::None => return Ok(request),
        Body::Form | Body::OwnForm | Body::Decision => {
            if !has_type(request.headers(), "application/x-www-form-urlencoded") {
                return Err(unreadable);
            }
            let body = std::mem::take(request.body_mut());
            let bytes = axum::body::to_bytes(body, form::MAX_BYTES).await;
            let bytes = bytes.map_err(|_| {
                Failure::BadRequest("The body is longer than 64 KiB or did not arrive whole.")
            })?;
            // Our own forms have lists: the scopes of a token.
            let lists: &[&str] = if route.body == Body::OwnForm {
                &["scope"]
            } else {
                &[]
            };
            Params::parse_with_lists(&bytes, lists).map_err(|_| unreadable)?
        }
        Body::OwnUpload => {
            let (parts, body) = request.into_parts();
            let again = Request::from_parts(parts.clone(), body);
            let (fields, upload) = read_upload(again).await?;
            request = Request::from_parts(parts, HttpBody::empty());
            request.extensions_mut().insert(Upload(upload));
            fields
        }
    };
    let own = match route.body {
        Body::OwnForm | Body::OwnUpload => true,
        Body::Decision => fields.get("decision").is_some(),
        Body::Form | Body::None => false,
    };
    if own {
        csrf::check_origin(request.headers(), app.config.service.public_url.origin())?;
        check_host(app, request.headers(), request.uri())?;
        let binding = visitor.map_or("", |visitor| &visitor.binding);
        let transaction = transaction(route, request.uri());
        csrf::check(
            &app.keys.now(),
            binding,
            transaction,
            fields.get(csrf::FIELD).unwrap_or(""),
        )?;
    }
    request.extensions_mut().insert(Fields(Arc::new(fields)));
    Ok(request)
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
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    value
        .split(';')
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
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
        _ => Err(Failure::BadRequest(
            "This server answers under another name; use its public address.",
        )),
    }
}

/// The text fields and the one file of a multipart form.
async fn read_upload(request: Request) -> Result<(Params, Option<bytes::Bytes>), Failure> {
    let broken =
        |_| Failure::BadRequest("The form did not arrive whole, or its file is larger than 1 MB.");
    let limited = request.map(|body| HttpBody::new(http_body_util::Limited::new(body, MAX_UPLOAD)));
    let mut multipart = Multipart::from_request(limited, &())
        .await
        .map_err(|_| Failure::BadRequest("The form must be multipart/form-data."))?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or("").to_owned();
        if field.file_name().is_some() {
            let bytes = field.bytes().await.map_err(broken)?;
            file = Some(bytes).filter(|bytes| !bytes.is_empty());
        } else if pairs.len() < form::MAX_PARAMS {
            pairs.push((name, field.text().await.map_err(broken)?));
        }
    }
    // One parser for all forms: duplicates, sizes, encodings.
    let encoded = form::encode(
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let params = Params::parse(encoded.as_bytes());
    params
        .map(|params| (params, file))
        .map_err(|_| Failure::BadRequest("The form has a field twice or one that is not text."))
}
