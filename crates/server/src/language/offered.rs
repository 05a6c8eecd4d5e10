//! Which of the languages a platform offers, and which of those a reader gets.

use super::Language;
use grantor_protocol::openid::profile::Profile;
use std::str::FromStr;

/// More entries of a list than this are not looked at: it comes from outside.
const WISHES: usize = 20;

/// At least one, none twice. The first is for whoever asks for none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages(Vec<Language>);

impl Languages {
    pub fn first(&self) -> Language {
        self.0.first().copied().unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = Language> {
        self.0.iter().copied()
    }

    pub fn tags(&self) -> Vec<&'static str> {
        self.0.iter().map(|language| language.tag()).collect()
    }

    /// The one that a tag names, whatever the region: `de-AT` is German.
    pub fn of_tag(&self, tag: &str) -> Option<Language> {
        Language::of_tag(tag).filter(|language| self.0.contains(language))
    }

    /// Which a user says is hers, or the directory that keeps her account.
    pub fn of_profile(&self, profile: &Profile) -> Option<Language> {
        let preferred = profile.preferred_language.as_deref();
        let preferred = preferred.and_then(|list| self.of_accept_language(list));
        preferred.or_else(|| self.of_tag(profile.locale.as_deref()?))
    }

    /// The first one of `ui_locales` that is offered (OpenID Connect Core §3.1.2.1).
    pub fn of_ui_locales(&self, tags: &str) -> Option<Language> {
        let mut wishes = tags.split(' ').take(WISHES);
        wishes.find_map(|tag| self.of_tag(tag))
    }

    /// The offered one with the highest weight in an `Accept-Language` header (RFC 9110
    /// §12.5.4); of equals, the first.
    pub fn of_accept_language(&self, header: &str) -> Option<Language> {
        let wish = |entry: &str| {
            let mut parts = entry.split(';').map(str::trim);
            let language = self.of_tag(parts.next()?)?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let weight = weight.map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
            (0.0 < weight && weight <= 1.0).then_some((language, weight))
        };
        let wishes = header.split(',').take(WISHES).filter_map(wish);
        let best = wishes.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(language, _)| language)
    }
}

impl FromStr for Languages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut languages = Vec::new();
        for tag in text.split(',').map(str::trim) {
            let known = Language::ALL.into_iter().find(|it| it.tag() == tag);
            let Some(language) = known else {
                let all = Language::ALL.map(Language::tag).join(", ");
                return Err(format!("must be some of {all}, the most usual one first"));
            };
            if languages.contains(&language) {
                return Err(format!("{tag} is there twice"));
            }
            languages.push(language);
        }
        Ok(Self(languages))
    }
}
