//! `/admin`: for people to whom the operator has given a role. The verbs are in `desk`.

pub mod app;
pub mod apps;
pub mod audit;
pub mod keys;
pub mod settings;
pub mod tokens;
pub mod user;
pub mod users;

use super::{Frame, Notice, Place, page::Page};
use crate::{desk::Desk, failure::Failure, language::Language};
use axum::http::StatusCode;
use grantor_protocol::role::Act;
use serde::{Serialize, de::DeserializeOwned};

/// Rows on a page.
pub const PAGE: usize = 50;

/// The entries of the navigation, and which is the current one.
#[derive(Clone, Copy)]
pub struct Tabs {
    pub here: &'static str,
    /// Whether there are keys for this role.
    pub keys: bool,
}

impl Tabs {
    pub fn of(desk: &Desk, here: &'static str) -> Self {
        Self {
            here,
            keys: desk.may(Act::ReadKeys, None),
        }
    }

    #[cfg(test)]
    fn sample(here: &'static str) -> Self {
        Self { here, keys: true }
    }
}

/// What of a failure belongs on the page that the form was on.
pub fn trouble(failure: Failure, language: Language) -> Result<(StatusCode, Notice), Failure> {
    match failure {
        Failure::Conflict(_) | Failure::Invalid(_) | Failure::Forbidden(_) => {
            Ok((failure.status(), Notice::Trouble(failure.say(language))))
        }
        other => Err(other),
    }
}

impl Page {
    /// Where a list goes on: what [`Page::cursor`] made for the same list.
    pub fn after<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        let text = self.query("after");
        let open = |text: String| crate::desk::cursor::open(&self.app, self.uri.path(), &text);
        text.map(open).transpose()
    }

    /// The query by which this list goes on.
    pub fn cursor<T: Serialize>(&self, next: Option<&T>) -> Option<String> {
        next.map(|next| crate::desk::cursor::seal(&self.app, self.uri.path(), next))
    }

    pub fn admin_frame(&self, done: &[(&str, &'static str)]) -> Frame {
        self.frame_telling(Place::Admin, done)
    }
}
