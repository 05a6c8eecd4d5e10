//! The end of an out-of-band authorization: there is nowhere to redirect to, so
//! the page itself is the answer. The code is in no address and in no title.

use askama::Template;

use super::Frame;
use super::{
    Place,
    page::{Page, html},
};
use crate::{failure::Answer, language::Language, oauth::authorize::OUT_OF_BAND_LIFETIME};
use grantor_protocol::{error::Cause, secret::Secret};
use grantor_store::apps::App;

#[derive(Template)]
#[template(path = "out_of_band.html")]
pub struct OutOfBand {
    pub frame: Frame,
    pub app: String,
    pub outcome: Outcome,
}

pub enum Outcome {
    Code {
        code: String,
        minutes: u32,
    },
    Denied,
    /// Any other error that would have gone to the redirect URL.
    Failed {
        error: String,
        description: String,
    },
}

pub async fn shown(page: Page, app: &App, code: &Secret) -> Answer {
    let minutes = OUT_OF_BAND_LIFETIME.as_seconds().unsigned_abs() as u32 / 60;
    let outcome = Outcome::Code {
        code: code.reveal_for_response().to_owned(),
        minutes,
    };
    html(&OutOfBand {
        frame: page.frame(Place::Elsewhere),
        app: app.name.clone(),
        outcome,
    })
}

impl Outcome {
    fn refused(cause: Cause, language: Language) -> Self {
        match cause {
            Cause::Denied => Self::Denied,
            cause => Self::Failed {
                error: cause.code().as_str().into(),
                description: language.text(cause.name()),
            },
        }
    }
}

pub async fn refused(page: Page, app: Option<&App>, cause: Cause) -> Answer {
    let outcome = Outcome::refused(cause, page.context.language);
    let app = app.map_or_else(String::new, |app| app.name.clone());
    html(&OutOfBand {
        frame: page.frame(Place::Elsewhere),
        app,
        outcome,
    })
}

#[cfg(test)]
impl OutOfBand {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let with = |app: &str, outcome| Self {
            frame: Frame::sample(super::Place::Elsewhere),
            app: app.into(),
            outcome,
        };
        let code = "gr_ac_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z";
        let hostile = super::tests::HOSTILE;
        let refused = |cause| Outcome::refused(cause, super::spoken());
        vec![
            (
                "out-of-band",
                with(
                    "Clock",
                    Outcome::Code {
                        code: code.into(),
                        minutes: 10,
                    },
                ),
            ),
            ("out-of-band-denied", with(hostile, refused(Cause::Denied))),
            (
                "out-of-band-failed",
                with(hostile, refused(Cause::ScopeUnknown)),
            ),
        ]
    }
}
