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

/// A failure as a page.
pub fn answer(
    app: &App,
    context: &Context,
    visitor: Option<&Visitor>,
    failure: &Failure,
) -> Response {
    let title = match failure.status() {
        StatusCode::NOT_FOUND => "error-not-found",
        StatusCode::FORBIDDEN => "error-forbidden",
        StatusCode::TOO_MANY_REQUESTS => "error-too-many",
        StatusCode::SERVICE_UNAVAILABLE => "error-unavailable",
        status if status.is_server_error() => "error-server",
        _ => "error-request",
    };
    let page = ErrorPage {
        frame: plain_frame(app, context, visitor),
        title: context.language.text(title),
        sentence: failure.say(context.language),
        ways: ways(failure),
        request_id: Some(context.request_id.to_string()),
    };
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
        vec![
            (
                "error",
                Self {
                    frame: Frame::sample_out(),
                    title: "That page is not here".into(),
                    sentence: "The address may be mistyped, or what it named has been deleted."
                        .into(),
                    ways: Vec::new(),
                    request_id: Some("01JD3K9Q5V7W".into()),
                },
            ),
            (
                "error-hostile",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    title: super::tests::HOSTILE.into(),
                    sentence: super::tests::HOSTILE.into(),
                    ways: ways(&Failure::SignUpFirst(super::tests::HOSTILE.into())),
                    request_id: Some("\"><img src=x>".into()),
                },
            ),
        ]
    }
}
