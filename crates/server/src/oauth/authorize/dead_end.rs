//! What can be sent back to nobody: plain text, as the description has it. Nothing in it
//! can run or redirect. Programs and developers read it in English; before that, whoever
//! stands there at a browser is told in her language where to take it.

use super::{Visit, excerpt};
use crate::app::Shared;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use grantor_protocol::{authorize::Dead, form::Params};
use std::convert::Infallible;

/// Whether whoever asks shows what comes to somebody.
#[derive(Clone, Copy)]
pub struct AtBrowser(bool);

impl FromRequestParts<Shared> for AtBrowser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        let accepts = parts.headers.get(header::ACCEPT);
        let accepts = accepts.and_then(|it| it.to_str().ok());
        Ok(Self(accepts.is_some_and(|it| it.contains("text/html"))))
    }
}

impl Visit<'_> {
    pub(super) fn dead_end(&self, dead: Dead, params: &Params) -> Response {
        let received = match dead {
            Dead::ClientUnknown => params.get("client_id"),
            Dead::RedirectUnregistered => params.get("redirect_uri"),
            _ => None,
        };
        let received = received.map_or_else(String::new, |value| {
            format!("\n\nReceived: {}", excerpt(value))
        });
        self.plain(&format!("{}{received}", dead.sentence()))
    }

    pub(super) fn plain(&self, text: &str) -> Response {
        let text = match self.at_browser {
            AtBrowser(true) => format!(
                "{}\n\n{text}\n",
                self.page.context.language.text("authorize-dead-end")
            ),
            AtBrowser(false) => format!("{text}\n"),
        };
        (StatusCode::BAD_REQUEST, text).into_response()
    }
}
