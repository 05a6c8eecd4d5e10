//! A scope of the platform's own, in the file.

use crate::language::{Language, Languages};
use grantor_protocol::scope;
use toml::{Spanned, de::DeValue};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub name: String,
    /// What users read when they decide. `None`: in whatever language they read.
    descriptions: Vec<(Option<Language>, String)>,
}

impl Scope {
    pub fn new(name: &str, description: &str) -> Result<Self, String> {
        let mut scope = Self::named(name)?;
        scope.describe(None, description)?;
        Ok(scope)
    }

    fn named(name: &str) -> Result<Self, String> {
        // RFC 6749 §3.3
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if !(1..=64).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err("the name must be 1 to 64 printable ASCII characters \
                        without space, quote and backslash"
                .to_owned());
        }
        // Those that the server itself gives a meaning.
        if scope::BUILT_IN.contains(&name) || [scope::IDENTITY, scope::SCIM].contains(&name) {
            return Err(format!(
                "{name} is a scope of the server's own: choose another name"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            descriptions: Vec::new(),
        })
    }

    fn describe(&mut self, language: Option<Language>, text: &str) -> Result<(), String> {
        let text = text.trim();
        let length = text.chars().count();
        if !(1..=200).contains(&length) || text.contains(char::is_control) {
            return Err("the description must have 1 to 200 characters on one line".to_owned());
        }
        self.descriptions.push((language, text.to_owned()));
        Ok(())
    }

    pub(super) fn read(item: &Spanned<DeValue<'_>>, earlier: &[Self]) -> Result<Self, String> {
        let shape = "each has a name and a description, both texts, and nothing else; \
                     the description may also be one text for each language, \
                     { en = \"…\", fr = \"…\" }";
        let table = item.get_ref().as_table().ok_or(shape)?;
        let value = |key: &str| table.get(key).map(Spanned::get_ref);
        let name = value("name").and_then(DeValue::as_str);
        let (Some(name), Some(description), 2) = (name, value("description"), table.len()) else {
            return Err(shape.to_owned());
        };
        if earlier.iter().any(|scope| scope.name == name) {
            return Err(format!("{name} is there twice"));
        }
        let texts = match description {
            DeValue::String(text) => return Self::new(name, text),
            DeValue::Table(texts) => texts,
            _ => return Err(shape.to_owned()),
        };
        let mut scope = Self::named(name)?;
        for (tag, text) in texts {
            let tag = tag.get_ref().as_ref();
            let language = Language::ALL.into_iter().find(|it| it.tag() == tag);
            let language = language.ok_or_else(|| {
                let all = Language::ALL.map(Language::tag).join(", ");
                format!("{name} is described in {tag}: there are {all}")
            })?;
            let text = text.get_ref().as_str().ok_or(shape)?;
            scope.describe(Some(language), text)?;
        }
        Ok(scope)
    }

    /// What is wrong with it on a platform of these languages.
    pub(super) fn wrong(&self, languages: &Languages) -> Option<String> {
        let (name, first) = (&self.name, languages.first());
        let mut described = self.descriptions.iter().filter_map(|(it, _)| *it);
        let foreign = described.find(|it| languages.of_tag(it.tag()).is_none());
        if let Some(foreign) = foreign {
            let (tag, offered) = (foreign.tag(), languages.tags().join(", "));
            return Some(format!(
                "scopes: {name} is described in {tag}, which is none of the languages offered ({offered}): \
                 add it to languages, or leave it out here"
            ));
        }
        let for_others = |it: &Option<Language>| it.is_none_or(|it| it == first);
        let whole = self.descriptions.iter().any(|(it, _)| for_others(it));
        (!whole).then(|| {
            let tag = first.tag();
            format!(
                "scopes: {name} needs a description in {tag}, the first of languages: \
                 whoever reads one that has none gets this"
            )
        })
    }

    /// What it allows, for a reader of `language`, or else in the `first` of the platform's.
    pub fn description(&self, language: Language, first: Language) -> &str {
        let of = |wanted| {
            let fits = |it: &Option<Language>| it.is_none_or(|it| it == wanted);
            self.descriptions.iter().find(|(it, _)| fits(it))
        };
        let found = of(language).or_else(|| of(first));
        found.map_or(&self.name, |(_, text)| text)
    }
}
