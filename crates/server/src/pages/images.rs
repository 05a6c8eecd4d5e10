//! `/images/<sha-256>.png`: icons and photos, drawn by this server.

use crate::{
    app::Shared,
    failure::{Answer, Failure},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};

pub async fn show(State(app): State<Shared>, Path(name): Path<String>) -> Answer {
    let digest = name
        .strip_suffix(".png")
        .filter(|digest| digest.len() == 64)
        .ok_or(Failure::NotFound)?;
    let png = app.store.image(digest).await?.ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    Ok((headers, png).into_response())
}
