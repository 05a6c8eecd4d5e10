//! One message, with what it speaks of: HTML for a page, or plain text.

use super::Language;
use crate::pages::format::{escaped, isolate};
use askama::filters::HtmlSafe;
use fluent_bundle::{FluentArgs, FluentValue};
use std::fmt::{self, Display};

/// A message being completed. On a page it is HTML: what was filled in is escaped, and the
/// message's own `<tag>…</tag>` become the elements that were said for them, and no others.
#[must_use]
pub struct Say {
    language: Language,
    id: &'static str,
    filled: Vec<(&'static str, Filling)>,
    marks: Vec<(&'static str, Mark)>,
}

enum Filling {
    /// Somebody's own words: may be in any language, may be hostile.
    Name(String),
    /// A host, an address, a code: always left to right.
    Code(String),
    Number(i64),
    /// Our own words, in the page's language.
    Words(String),
    /// An element of our own.
    Html(String),
}

struct Mark {
    open: String,
    close: &'static str,
}

/// Stands in a formatted message for the first filling; the others follow. Of the private
/// use area: no message holds one (a test says so).
const FIRST: u32 = 0xE000;

impl Say {
    pub(super) fn new(language: Language, id: &'static str) -> Self {
        let (filled, marks) = (Vec::new(), Vec::new());
        Self {
            language,
            id,
            filled,
            marks,
        }
    }

    fn fill(mut self, key: &'static str, filling: Filling) -> Self {
        self.filled.push((key, filling));
        self
    }

    fn mark(mut self, tag: &'static str, open: String, close: &'static str) -> Self {
        self.marks.push((tag, Mark { open, close }));
        self
    }

    /// What somebody called an app, a token, herself.
    pub fn name(self, key: &'static str, name: &str) -> Self {
        self.fill(key, Filling::Name(name.to_owned()))
    }

    /// A host, an address, a code.
    pub fn code(self, key: &'static str, code: &str) -> Self {
        self.fill(key, Filling::Code(code.to_owned()))
    }

    pub fn number(self, key: &'static str, number: impl TryInto<i64>) -> Self {
        self.fill(key, Filling::Number(number.try_into().unwrap_or(i64::MAX)))
    }

    /// Words of ours in this language, or a keyword that the message chooses by.
    pub fn words(self, key: &'static str, words: &str) -> Self {
        self.fill(key, Filling::Words(words.to_owned()))
    }

    /// An element that escapes for itself, such as a time.
    pub fn html(self, key: &'static str, element: impl HtmlSafe) -> Self {
        self.fill(key, Filling::Html(element.to_string()))
    }

    /// What stands in `<tag>` leads to a page.
    pub fn link(self, tag: &'static str, href: &str) -> Self {
        let open = format!("<a href=\"{}\">", escaped(href));
        self.mark(tag, open, "</a>")
    }

    /// The same, in a new tab and to a place that is not ours.
    pub fn away(self, tag: &'static str, href: &str) -> Self {
        let open = format!(
            "<a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">",
            escaped(href)
        );
        self.mark(tag, open, "</a>")
    }

    /// Words of a machine's: a parameter, an address.
    pub fn literal(self, tag: &'static str) -> Self {
        self.mark(tag, "<code dir=\"ltr\">".into(), "</code>")
    }

    pub fn strong(self, tag: &'static str) -> Self {
        self.mark(tag, "<strong>".into(), "</strong>")
    }

    /// Words for those who hear the page only.
    pub fn unseen(self, tag: &'static str) -> Self {
        self.mark(tag, "<span class=\"unseen\">".into(), "</span>")
    }

    /// For a title, an attribute, a mail: without elements, names between marks that keep
    /// their direction to themselves.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        self.walk(|piece| match piece {
            Piece::Text(own) => text.push_str(own),
            Piece::Filled(Filling::Name(name)) => text.push_str(&isolate(name)),
            Piece::Filled(Filling::Code(words) | Filling::Words(words) | Filling::Html(words)) => {
                text.push_str(words);
            }
            Piece::Filled(Filling::Number(_)) | Piece::Open(_) | Piece::Close(_) => {}
        });
        text
    }

    /// The message in its pieces, in order.
    fn walk(&self, mut each: impl FnMut(Piece<'_>)) {
        let mut args = FluentArgs::new();
        for (stand_in, (key, filling)) in (FIRST..).zip(&self.filled) {
            let value = match filling {
                Filling::Number(number) => FluentValue::from(*number),
                // What a message may choose by stands there itself.
                Filling::Words(words) => FluentValue::from(words.as_str()),
                _ => FluentValue::from(char::from_u32(stand_in).unwrap_or(' ').to_string()),
            };
            args.set(*key, value);
        }
        let said = self.language.format(self.id, &args);
        let said = said.or_else(|| Language::English.format(self.id, &args));
        let said = said.unwrap_or_else(|| self.id.into());
        let mut rest = &*said;
        let special = |c: char| c == '<' || is_stand_in(c);
        while let Some(at) = rest.find(special) {
            each(Piece::Text(&rest[..at]));
            rest = &rest[at..];
            let (piece, length) = self.piece(rest);
            each(piece);
            rest = &rest[length..];
        }
        each(Piece::Text(rest));
    }

    /// What begins `rest`, and how long it is: a stand-in or a tag.
    fn piece<'a>(&'a self, rest: &'a str) -> (Piece<'a>, usize) {
        let first = rest.chars().next().unwrap_or_default();
        let (own, length) = (Piece::Text(&rest[..first.len_utf8()]), first.len_utf8());
        if is_stand_in(first) {
            let place = (first as u32 - FIRST) as usize;
            let filling = self.filled.get(place);
            return (filling.map_or(own, |(_, it)| Piece::Filled(it)), length);
        }
        let Some(end) = rest.find('>') else {
            return (own, length);
        };
        let name = &rest[1..end];
        let (name, closes) = name
            .strip_prefix('/')
            .map_or((name, false), |it| (it, true));
        let mark = self.marks.iter().find(|(tag, _)| *tag == name);
        match (mark, closes) {
            (Some((_, mark)), false) => (Piece::Open(&mark.open), end + 1),
            (Some((_, mark)), true) => (Piece::Close(mark.close), end + 1),
            (None, _) => (own, length),
        }
    }
}

fn is_stand_in(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

enum Piece<'a> {
    Text(&'a str),
    Filled(&'a Filling),
    Open(&'a str),
    Close(&'static str),
}

impl Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut html = String::new();
        self.walk(|piece| match piece {
            // Between two facts: it may end a line, and begins none.
            Piece::Text(own) => html.push_str(&escaped(own).replace(" · ", "\u{a0}· ")),
            Piece::Filled(Filling::Name(name)) => {
                html.push_str("<bdi>");
                html.push_str(&escaped(name));
                html.push_str("</bdi>");
            }
            Piece::Filled(Filling::Code(code)) => {
                html.push_str("<bdi class=\"host\" dir=\"ltr\">");
                html.push_str(&escaped(code));
                html.push_str("</bdi>");
            }
            Piece::Filled(Filling::Html(element)) => html.push_str(element),
            // These two Fluent has filled in itself.
            Piece::Filled(Filling::Number(_) | Filling::Words(_)) => {}
            Piece::Open(tag) => html.push_str(tag),
            Piece::Close(tag) => html.push_str(tag),
        });
        f.write_str(&html)
    }
}

impl HtmlSafe for Say {}
