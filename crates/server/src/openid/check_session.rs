//! `/-/check_session`: the frame that says whether the login at a browser has changed
//! (OpenID Connect Session Management §3.2).

use crate::assets;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// Framed by anybody: it reads one cookie that opens nothing, and answers one word.
const POLICY: &str = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'";

pub async fn show() -> Response {
    let script = assets::url("check_session.js");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Session check</title>\n\
         <script src=\"{script}\"></script>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, page).into_response()
}
