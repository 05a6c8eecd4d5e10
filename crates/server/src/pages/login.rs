//! `/login`: who are you, and, before something delicate, is it still you?

use askama::Template;

use super::Frame;

/// Posts `email`, `password`, `return_to` and `action=login` to `/login`.
/// In a step-up there is a second form, with `action=switch` and `return_to`.
#[derive(Template)]
#[template(path = "login.html")]
pub struct Login {
    pub frame: Frame,
    pub why: Why,
    /// As typed, or as an app hinted; fixed in a step-up.
    pub email: String,
    /// A path of this server, and where to go afterwards.
    pub return_to: String,
    /// One sentence, the same for a wrong address and a wrong password.
    pub error: Option<String>,
    /// Where to sign up, with the way back in it; `None` while that is closed.
    pub sign_up: Option<String>,
}

pub enum Why {
    /// To come in.
    Visit,
    /// On the way to this app's consent page.
    App(String),
    /// Signed in already, about to do something that asks for a fresh proof.
    StepUp,
}

#[cfg(test)]
impl Login {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let plain = || Self {
            frame: Frame::sample_out(),
            why: Why::Visit,
            email: String::new(),
            return_to: "/".into(),
            error: None,
            sign_up: Some("/signup".into()),
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("login", plain()),
            (
                "login-app",
                Self {
                    why: Why::App("Clock".into()),
                    email: "ada@example.org".into(),
                    return_to: "/-/oauth_authorize?client_id=1&state=a%26b".into(),
                    ..plain()
                },
            ),
            (
                "login-wrong",
                Self {
                    why: Why::App(hostile.into()),
                    email: hostile.into(),
                    return_to: hostile.into(),
                    error: Some("That email address and password do not belong together.".into()),
                    sign_up: None,
                    ..plain()
                },
            ),
            (
                "login-step-up",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    why: Why::StepUp,
                    email: "ada@example.org".into(),
                    ..plain()
                },
            ),
        ]
    }
}
