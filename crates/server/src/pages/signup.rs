//! `/signup`, and `/setup` for the very first account.

use askama::Template;

use super::{Field, Frame};

/// Posts `name`, `email`, `password` and, by its door, `return_to` to `/signup`
/// or `token` to `/setup`.
#[derive(Template)]
#[template(path = "signup.html")]
pub struct SignUp {
    pub frame: Frame,
    pub door: Door,
    pub name: Field,
    pub email: Field,
    /// What is wrong with the password; it is never sent back.
    pub password: Option<String>,
}

pub enum Door {
    /// Open to everyone.
    Open {
        return_to: String,
        /// The login page, with the way back in it.
        sign_in: String,
    },
    /// By the one-time link that the first start printed: an administrator.
    SetUp { token: String },
}

#[cfg(test)]
impl SignUp {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        vec![
            (
                "signup",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::Open {
                        return_to: "/".into(),
                        sign_in: "/login".into(),
                    },
                    name: Field::default(),
                    email: Field::default(),
                    password: None,
                },
            ),
            (
                "signup-wrong",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::Open {
                        return_to: hostile.into(),
                        sign_in: "/login".into(),
                    },
                    name: Field::of(hostile),
                    email: Field::wrong("ada@", "This is not an email address."),
                    password: Some("At least 8 characters, please.".into()),
                },
            ),
            (
                "setup",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::SetUp {
                        token: "gr_su_0a1B2c3D".into(),
                    },
                    name: Field::default(),
                    email: Field::default(),
                    password: None,
                },
            ),
        ]
    }
}
