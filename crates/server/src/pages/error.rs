//! What went wrong, in a sentence that its reader can act on; and the short
//! pages that say one thing.

use askama::Template;

use super::Frame;

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub frame: Frame,
    pub title: String,
    pub sentence: String,
    /// Under which the log has the rest.
    pub request_id: Option<String>,
}

/// After signing out.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    pub frame: Frame,
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
                    request_id: Some("01JD3K9Q5V7W".into()),
                },
            ),
            (
                "error-hostile",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    title: super::tests::HOSTILE.into(),
                    sentence: super::tests::HOSTILE.into(),
                    request_id: Some("\"><img src=x>".into()),
                },
            ),
        ]
    }
}

#[cfg(test)]
impl SignedOut {
    pub fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "signed-out",
            Self {
                frame: Frame::sample_out(),
            },
        )]
    }
}
