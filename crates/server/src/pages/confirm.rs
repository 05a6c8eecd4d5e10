//! "Are you sure?", for what cannot be taken back: deleting an app or an account, ending
//! all tokens.

use askama::Template;

use super::{Field, Frame};

/// Posts to `action`; with `typed`, the field `confirm`.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    pub frame: Frame,
    /// The question, without the name of what it is about.
    pub title: String,
    /// What it is about: an app's name.
    pub subject: Option<String>,
    /// What will happen, one sentence each.
    pub consequences: Vec<String>,
    pub action: String,
    /// What the button says: a verb and its object.
    pub button: String,
    /// Where "Keep it" leads.
    pub back: String,
    pub typed: Option<Typed>,
}

/// A text to be typed, so that no hasty click suffices.
pub struct Typed {
    pub wanted: String,
    pub field: Field,
}

#[cfg(test)]
impl Confirm {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let delete = |name: &str, field| Self {
            frame: Frame::sample(super::Place::Apps),
            title: "Delete this app?".into(),
            subject: Some(name.into()),
            consequences: vec![
                "Its 41 connections end at once: every code and token stops working.".into(),
                "Its client ID is never given to another app.".into(),
            ],
            action: "/apps/7416/delete".into(),
            button: "Delete this app".into(),
            back: "/apps/7416".into(),
            typed: Some(Typed {
                wanted: name.into(),
                field,
            }),
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("app-delete", delete("Clock", Field::default())),
            (
                "app-delete-wrong",
                delete(
                    hostile,
                    Field::wrong(hostile, "This is not the app’s name."),
                ),
            ),
            (
                "account-delete-wrong",
                Self {
                    frame: Frame::sample(super::Place::Account),
                    title: "Delete your account?".into(),
                    subject: Some("ada@example.org".into()),
                    consequences: vec![
                        "Apps that act for you and lose their access at once: 3.".into(),
                        "You are signed out everywhere.".into(),
                    ],
                    action: "/account/delete".into(),
                    button: "Delete my account".into(),
                    back: "/account".into(),
                    typed: Some(Typed {
                        wanted: "ada@example.org".into(),
                        field: Field::wrong("ada", "This is not the account’s email address."),
                    }),
                },
            ),
            (
                "tokens-deauthorize",
                Self {
                    frame: Frame::sample(super::Place::Tokens),
                    title: "Deauthorize all 3 tokens?".into(),
                    subject: None,
                    consequences: vec![
                        "Every script that uses one of them stops working at once.".into(),
                    ],
                    action: "/tokens/deauthorize".into(),
                    button: "Deauthorize all".into(),
                    back: "/tokens".into(),
                    typed: None,
                },
            ),
        ]
    }
}
