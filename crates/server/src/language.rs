//! The languages of the pages: which there are, which one a reader gets, and what is said
//! in it. Every sentence stands in `locales/<language>/`, as messages in Fluent's syntax.

mod offered;
mod plural;
mod say;
mod setting;
mod wrong;

#[cfg(test)]
mod tests;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use std::{borrow::Cow, sync::LazyLock};
use unic_langid::LanguageIdentifier;

pub use offered::Languages;
pub use say::Say;

/// A language that the pages can speak, whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    French,
    Spanish,
    Arabic,
}

/// The text of each file of a language.
macro_rules! messages {
    ($tag:literal) => {
        messages!($tag: "common" "pages" "login" "account" "factors" "tokens" "apps" "docs" "admin" "mail")
    };
    ($tag:literal: $($file:literal)*) => {
        &[$(include_str!(concat!("../locales/", $tag, "/", $file, ".ftl"))),*]
    };
}

impl Language {
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Arabic,
    ];

    /// RFC 5646.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Arabic => "ar",
        }
    }

    /// The direction of its script, as HTML says it.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
        }
    }

    /// The one that a tag names, whatever the region: `de-AT` is German.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        let same = |it: &Self| it.tag().eq_ignore_ascii_case(primary);
        Self::ALL.into_iter().find(same)
    }

    /// The message `id` in this language, to be completed.
    pub fn say(self, id: &'static str) -> Say {
        Say::new(self, id)
    }

    /// A message without anything to be filled in.
    pub fn text(self, id: &'static str) -> String {
        self.say(id).plain()
    }

    /// "a", "a and b", "a, b and c".
    pub fn list(self, parts: &[String]) -> String {
        match parts {
            [] => String::new(),
            [one] => one.clone(),
            [first, last] => self
                .say("list-two")
                .words("first", first)
                .words("last", last)
                .plain(),
            [first, rest @ ..] => {
                let rest = self.list(rest);
                self.say("list-more")
                    .words("first", first)
                    .words("rest", &rest)
                    .plain()
            }
        }
    }

    fn messages(self) -> &'static [&'static str] {
        match self {
            Self::English => messages!("en"),
            Self::German => messages!("de"),
            Self::French => messages!("fr"),
            Self::Spanish => messages!("es"),
            Self::Arabic => messages!("ar"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        &BUNDLES[self as usize]
    }

    /// Placeables hold what `args` says; `None`: there is no such message.
    fn format(self, id: &str, args: &FluentArgs<'_>) -> Option<Cow<'static, str>> {
        let bundle = self.bundle();
        let pattern = bundle.get_message(id)?.value()?;
        let mut troubles = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut troubles);
        debug_assert!(troubles.is_empty(), "{id}: {troubles:?}");
        Some(text.into_owned().into())
    }
}

/// Each is read when it is first spoken.
static BUNDLES: [LazyLock<FluentBundle<FluentResource>>; 5] = [
    LazyLock::new(|| bundle(Language::English)),
    LazyLock::new(|| bundle(Language::German)),
    LazyLock::new(|| bundle(Language::French)),
    LazyLock::new(|| bundle(Language::Spanish)),
    LazyLock::new(|| bundle(Language::Arabic)),
];

/// A test reads every file: what it finds wrong never gets here.
fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag = LanguageIdentifier::from_bytes(language.tag().as_bytes()).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // What is filled in is isolated by what it is filled into: `<bdi>`, or marks.
    bundle.set_use_isolating(false);
    if language == Language::Arabic {
        let added = bundle.add_function("PLURAL", plural::arabic);
        debug_assert!(added.is_ok(), "{added:?}");
    }
    for text in language.messages() {
        let parsed = FluentResource::try_new((*text).to_owned());
        let resource = parsed.unwrap_or_else(|(readable, _)| readable);
        let added = bundle.add_resource(resource);
        debug_assert!(added.is_ok(), "{added:?}");
    }
    bundle
}
