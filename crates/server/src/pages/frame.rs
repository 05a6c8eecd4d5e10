//! What all pages share.

use grantor_protocol::time::Timestamp;

use super::format::Time;
use crate::language::{Language, Say};
use crate::look::Look;
use std::sync::Arc;

/// Everything around a page's own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The platform's name.
    pub brand: String,
    pub look: Arc<Look>,
    /// Who is signed in.
    pub user: Option<Who>,
    /// Whether she has a role in the administration.
    pub administers: bool,
    /// The token that every form carries in its hidden field `csrf`. A visitor
    /// without a session has one too: a login form needs it as well.
    pub csrf: String,
    /// What a form that is good for one use carries in its hidden field `once`.
    pub once: String,
    /// Which entry of the navigation is the current one.
    pub here: Place,
    /// What the previous action did.
    pub notice: Option<Notice>,
    /// The moment against which "3 minutes ago" is reckoned.
    pub now: Timestamp,
    pub language: Language,
}

/// A person, as pages show one.
#[derive(Clone, Debug)]
pub struct Who {
    pub name: String,
    pub email: String,
    /// The address of a picture, on this server.
    pub photo: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Apps,
    Authorizations,
    Tokens,
    Account,
    Admin,
    /// None of the navigation's entries.
    Elsewhere,
}

/// The outcome of the last action, in a sentence.
#[derive(Clone, Debug)]
pub enum Notice {
    Done(String),
    Trouble(String),
}

/// A text field as it was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub value: String,
    pub error: Option<String>,
}

impl Field {
    pub fn of(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            error: None,
        }
    }

    pub fn wrong(value: impl Into<String>, error: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            error: Some(error.into()),
        }
    }
}

/// A scope and its sentence: what an app may do with it.
#[derive(Clone, Debug)]
pub struct ScopeLine {
    pub name: String,
    pub sentence: String,
}

impl Frame {
    /// The address of an asset, for the templates.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// A sentence in the page's language.
    pub fn say(&self, id: &'static str) -> Say {
        self.language.say(id)
    }

    /// The same as text, for an attribute.
    pub fn text(&self, id: &'static str) -> String {
        self.language.text(id)
    }

    /// The platform's own words about itself, and where they are.
    pub fn legal(&self) -> impl Iterator<Item = (Say, &str)> {
        self.look.legal().map(|(id, url)| (self.say(id), url))
    }

    pub fn date(&self, at: &Timestamp) -> Time {
        Time::date(*at, self.language)
    }

    pub fn exact(&self, at: &Timestamp) -> Time {
        Time::exact(*at, self.language)
    }

    pub fn ago(&self, at: &Timestamp) -> Time {
        Time::relative(*at, self.now, self.language)
    }

    /// Whether `ago` says it in days, hours or minutes.
    pub fn is_near(&self, at: &Timestamp) -> bool {
        (*at - self.now).as_seconds().abs() < super::format::MONTH
    }

    pub fn is_past(&self, at: &Timestamp) -> bool {
        *at <= self.now
    }
}

#[cfg(test)]
thread_local! {
    pub static SPOKEN: std::cell::Cell<Language> = const { std::cell::Cell::new(Language::English) };
}

/// The language in which this thread's samples speak.
#[cfg(test)]
pub fn spoken() -> Language {
    SPOKEN.get()
}

#[cfg(test)]
impl Frame {
    pub const NOW: Timestamp = Timestamp(1_795_462_070_123);

    /// A visitor.
    pub fn sample_out() -> Self {
        Self {
            brand: "Grantor".into(),
            look: Arc::default(),
            user: None,
            administers: false,
            csrf: "c5rf-sample".into(),
            once: "0nce-sample".into(),
            here: Place::Elsewhere,
            notice: None,
            now: Self::NOW,
            language: spoken(),
        }
    }

    /// A signed-in user, at a place.
    pub fn sample(here: Place) -> Self {
        Self {
            user: Some(Who::sample()),
            administers: here == Place::Admin,
            here,
            ..Self::sample_out()
        }
    }

    pub fn saying(self, notice: Notice) -> Self {
        Self {
            notice: Some(notice),
            ..self
        }
    }
}

#[cfg(test)]
impl Who {
    pub fn sample() -> Self {
        Self {
            name: "Ada Lovelace".into(),
            email: "ada@example.org".into(),
            photo: None,
        }
    }

    pub fn hostile() -> Self {
        Self {
            name: super::tests::HOSTILE.into(),
            email: "\"<b>\"@example.org".into(),
            photo: Some("/photos/x\" onerror=\"alert(1)".into()),
        }
    }
}

#[cfg(test)]
impl ScopeLine {
    pub fn samples() -> Vec<Self> {
        ["default", "openid", "email", "profile"]
            .map(Self::sample)
            .into()
    }

    pub fn sample(name: &str) -> Self {
        Self {
            name: name.into(),
            sentence: crate::app::built_in_sentence(name, "Grantor", spoken()).expect(name),
        }
    }
}
