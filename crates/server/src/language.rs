//! The languages of the pages: which there are, which one a reader gets, and what is said
//! in it. Every sentence stands in `locales/<language>/`, as messages in Fluent's syntax.

mod say;
mod setting;
mod wrong;

#[cfg(test)]
mod tests;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use std::{borrow::Cow, sync::LazyLock};
use unic_langid::LanguageIdentifier;

pub use say::Say;

/// A language that the pages speak, whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    French,
    Spanish,
    Arabic,
}

/// More entries of a list than this are not looked at: it comes from outside.
const WISHES: usize = 20;

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

    /// The first known one of `ui_locales` (OpenID Connect Core §3.1.2.1).
    pub fn of_ui_locales(tags: &str) -> Option<Self> {
        tags.split(' ').take(WISHES).find_map(Self::of_tag)
    }

    /// The known one with the highest weight in an `Accept-Language` header (RFC 9110
    /// §12.5.4); of equals, the first.
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let wish = |entry: &str| {
            let mut parts = entry.split(';').map(str::trim);
            let language = Self::of_tag(parts.next()?)?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
            (0.0 < weight && weight <= 1.0).then_some((language, weight))
        };
        let wishes = header.split(',').take(WISHES).filter_map(wish);
        let best = wishes.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(language, _)| language)
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

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 5]> =
    LazyLock::new(|| Language::ALL.map(bundle));

/// A test reads every file: what it finds wrong never gets here.
fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag = LanguageIdentifier::from_bytes(language.tag().as_bytes()).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // What is filled in is isolated by what it is filled into: `<bdi>`, or marks.
    bundle.set_use_isolating(false);
    for text in language.messages() {
        let parsed = FluentResource::try_new((*text).to_owned());
        let resource = parsed.unwrap_or_else(|(readable, _)| readable);
        let added = bundle.add_resource(resource);
        debug_assert!(added.is_ok(), "{added:?}");
    }
    bundle
}
