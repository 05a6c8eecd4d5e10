//! An answer that travels as a form (OAuth 2.0 Form Post Response Mode §2): the page
//! sends itself, and has a button for browsers without script.

use askama::Template;

use super::{
    Frame, Place,
    page::{Page, allow_form_target, html},
};
use crate::failure::Answer;
use grantor_protocol::redirect::RedirectUri;

/// Posts `fields` to `action`.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPost {
    pub frame: Frame,
    pub action: String,
    pub fields: Vec<(&'static str, String)>,
}

pub fn answer(
    page: &Page,
    to: &RedirectUri,
    action: String,
    fields: Vec<(&'static str, String)>,
) -> Answer {
    let mut response = html(&FormPost {
        frame: page.frame(Place::Elsewhere),
        action,
        fields,
    })?;
    allow_form_target(&mut response, to.csp_source());
    Ok(response)
}

#[cfg(test)]
impl FormPost {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let of = |action: &str, value: &str| Self {
            frame: Frame::sample(Place::Elsewhere),
            action: action.into(),
            fields: vec![
                ("code", "gr_ac_0a1B2c3D".into()),
                ("state", value.into()),
                ("iss", "https://auth.example.org".into()),
            ],
        };
        vec![
            ("form-post", of("https://clock.example/cb", "xyz")),
            ("form-post-hostile", of(hostile, hostile)),
        ]
    }
}
