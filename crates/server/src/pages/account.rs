//! `/account`: who the user is here, their password, where they are signed in.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Field, Frame, Who};

/// Posts `name` to `/account/profile`; `photo` (a file) with `action=upload`,
/// or `action=remove`, to `/account/photo`; `current_password` and
/// `new_password` to `/account/password`; and nothing but its token to
/// `/account/sessions/<id>/end` and `/account/sessions/end-others`.
#[derive(Template)]
#[template(path = "account.html")]
pub struct Account {
    pub frame: Frame,
    pub who: Who,
    pub name: Field,
    pub photo_error: Option<String>,
    pub current_password_error: Option<String>,
    pub new_password_error: Option<String>,
    pub sessions: Vec<SessionRow>,
}

pub struct SessionRow {
    pub id: String,
    /// As the browser said it; the page puts it into words of our own.
    pub user_agent: String,
    pub address: String,
    pub signed_in: Timestamp,
    pub seen: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

impl Account {
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.this)
    }
}

#[cfg(test)]
impl Account {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let now = Frame::NOW.0;
        let here = || SessionRow {
            id: "1".into(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                .into(),
            address: "192.0.2.7".into(),
            signed_in: Timestamp(now - 7_200_000),
            seen: Timestamp(now),
            this: true,
        };
        let hostile = super::tests::HOSTILE;
        let plain = || Self {
            frame: Frame::sample(super::Place::Account),
            who: Who::sample(),
            name: Field::of("Ada Lovelace"),
            photo_error: None,
            current_password_error: None,
            new_password_error: None,
            sessions: vec![here()],
        };
        let others = vec![
            here(),
            SessionRow {
                id: "2".into(),
                user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1".into(),
                address: "2001:db8:85a3:1234:5678:8a2e:370:7334".into(),
                signed_in: Timestamp(now - 5 * 86_400_000),
                seen: Timestamp(now - 2 * 86_400_000),
                this: false,
            },
            SessionRow { id: "3".into(), user_agent: hostile.into(), address: hostile.into(), this: false, ..here() },
        ];
        let done = super::Notice::Done(
            "Your password is changed. Everywhere else you are signed out.".into(),
        );
        vec![
            (
                "account",
                Self {
                    sessions: others,
                    ..plain()
                },
            ),
            (
                "account-done",
                Self {
                    frame: plain().frame.saying(done),
                    ..plain()
                },
            ),
            (
                "account-wrong",
                Self {
                    frame: Frame {
                        user: Some(Who::hostile()),
                        ..Frame::sample(super::Place::Account)
                    },
                    who: Who::hostile(),
                    name: Field::wrong(hostile, "Up to 64 characters, please."),
                    photo_error: Some("This is not a PNG, JPEG or WebP picture.".into()),
                    current_password_error: Some("This is not your password.".into()),
                    new_password_error: Some("At least 8 characters, please.".into()),
                    ..plain()
                },
            ),
        ]
    }
}
