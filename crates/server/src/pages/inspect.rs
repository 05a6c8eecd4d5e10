//! `/apps/inspect`: what a token says about itself. The token is never sent back.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Frame, ScopeLine};

/// Posts `token` to `/apps/inspect`.
#[derive(Template)]
#[template(path = "inspect.html")]
pub struct Inspect {
    pub frame: Frame,
    /// Of the token that was asked about.
    pub answer: Option<Inspected>,
}

pub enum Inspected {
    Active(ActiveToken),
    /// Foreign, mistyped, expired or ended: nobody is told which.
    Inactive,
}

pub struct ActiveToken {
    /// "Access token", "Refresh token", "Personal access token".
    pub kind: String,
    pub scopes: Vec<ScopeLine>,
    /// The app that holds it, by name; a personal access token has none.
    pub app: Option<String>,
    pub client_id: Option<String>,
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
}

#[cfg(test)]
impl Inspect {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |answer| Self {
            frame: Frame::sample(super::Place::Apps),
            answer,
        };
        let active = ActiveToken {
            kind: "Access token".into(),
            scopes: ScopeLine::samples(),
            app: Some(super::tests::HOSTILE.into()),
            client_id: Some("7416095123847261".into()),
            issued: Some(Timestamp(Frame::NOW.0 - 600_000)),
            expires: Some(Timestamp(Frame::NOW.0 + 3_000_000)),
        };
        vec![
            ("inspect", page(None)),
            ("inspect-active", page(Some(Inspected::Active(active)))),
            ("inspect-inactive", page(Some(Inspected::Inactive))),
        ]
    }
}
