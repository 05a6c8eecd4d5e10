//! What went wrong, in a sentence that its reader can act on; and the short
//! pages that say one thing.

use askama::Template;

use super::Frame;
use super::page::{html_with, plain_frame};
use crate::{
    app::App,
    context::{Context, Visitor},
    failure::{Answer, Failure, Format},
};
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use grantor_protocol::form;

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub frame: Frame,
    pub title: String,
    pub sentence: String,
    /// Where she can go on: what a button says, by the id of its message, and its address.
    pub ways: Vec<(&'static str, String)>,
    /// Under which the log has the rest.
    pub request_id: Option<String>,
}

impl ErrorPage {
    fn of(failure: &Failure, frame: Frame, request_id: String) -> Self {
        let title = match failure.status() {
            StatusCode::NOT_FOUND => "error-not-found",
            StatusCode::FORBIDDEN => "error-forbidden",
            StatusCode::TOO_MANY_REQUESTS => "error-too-many",
            StatusCode::SERVICE_UNAVAILABLE => "error-unavailable",
            status if status.is_server_error() => "error-server",
            _ => "error-request",
        };
        Self {
            title: frame.text(title),
            sentence: failure.say(frame.language),
            ways: ways(failure),
            frame,
            request_id: Some(request_id),
        }
    }
}

/// A failure as a page.
pub fn answer(
    app: &App,
    context: &Context,
    visitor: Option<&Visitor>,
    failure: &Failure,
) -> Response {
    let frame = plain_frame(app, context, visitor);
    let page = ErrorPage::of(failure, frame, context.request_id.to_string());
    let mut plain = failure.render(Format::Plain);
    match html_with(failure.status(), &page) {
        Ok(mut response) => {
            if let Some(seconds) = plain.headers_mut().remove(header::RETRY_AFTER) {
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
        Err(_) => plain,
    }
}

fn ways(failure: &Failure) -> Vec<(&'static str, String)> {
    let Failure::SignUpFirst(return_to) = failure else {
        return Vec::new();
    };
    let back = form::encode([("return_to", return_to.as_str())]);
    vec![
        ("menu-sign-in", format!("/login?{back}")),
        ("home-sign-up", format!("/signup?{back}")),
    ]
}

/// No route has this path.
pub async fn no_such_page() -> Answer {
    Err(Failure::NotFound)
}

#[cfg(test)]
impl ErrorPage {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |failure| Self::of(&failure, Frame::sample_out(), "01JD3K9Q5V7W".into());
        vec![
            ("error", page(Failure::NotFound)),
            ("error-forbidden", page(Failure::FormExpired)),
            (
                "error-sign-up-first",
                page(Failure::SignUpFirst(super::tests::HOSTILE.to_owned())),
            ),
        ]
    }
}
