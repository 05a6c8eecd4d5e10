//! Text that people choose and other people read: names of apps and users,
//! descriptions of tokens.
//!
//! What is shown must be what is there: no character that hides, reorders or
//! looks like nothing, one normal form, a bounded length.

mod confusable;
mod imitation;

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

pub use confusable::confusable_with;
pub use imitation::{app_imitates, person_imitates};

/// An app's name on consent pages and in the list of connected apps.
pub type AppName = Text<64>;
/// A user's name.
pub type DisplayName = Text<100>;
/// What a personal access token is for, in its owner's words.
pub type Description = Text<200>;

/// The most combining marks in a row. Written languages need three; more of
/// them climb out of their line.
const MAX_MARKS: usize = 4;

/// Why a text was refused. The sentences follow "The name …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("is empty")]
    Empty,
    #[error("is longer than {max} characters")]
    TooLong {
        /// In Unicode scalar values.
        max: usize,
    },
    #[error("contains the invisible or unassigned character U+{code_point:04X}; remove it")]
    Character {
        /// The character's number, which cannot disturb the page that shows it.
        code_point: u32,
    },
    #[error("has too many accents in a row")]
    Marks,
    #[error("needs at least one letter or digit")]
    NoLetter,
}

/// One line of visible text, 1 to `MAX` characters (Unicode scalar values), in
/// normal form C, trimmed, single-spaced, with a letter or digit in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`TextError`], at the first thing wrong.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        // Sixteen bytes per character is more than normalising can ever save.
        if text.len() > MAX * 16 {
            return Err(TextError::TooLong { max: MAX });
        }
        let words: Vec<&str> = text
            .split(is_space)
            .filter(|word| !word.is_empty())
            .collect();
        let text: String = words.join(" ").nfc().collect();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > MAX {
            return Err(TextError::TooLong { max: MAX });
        }
        check_characters(&text)?;
        if !text.chars().any(char::is_alphanumeric) {
            return Err(TextError::NoLetter);
        }
        Ok(Self(text))
    }

    /// Takes back what this type wrote to the database, unchecked: a newer
    /// Unicode table must not make an old name unreadable.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Only the ordinary space: keyboards make no other, and forms no line breaks.
fn is_space(c: char) -> bool {
    c == ' '
}

fn check_characters(text: &str) -> Result<(), TextError> {
    // A mark that stands first would join what the page has before the name.
    let mut marks = MAX_MARKS;
    for c in text.chars() {
        if !is_visible(c) {
            return Err(TextError::Character {
                code_point: u32::from(c),
            });
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            return Err(TextError::Marks);
        }
    }
    Ok(())
}

/// The standard library's `Debug` escapes exactly what has no glyph: controls,
/// formats (bidirectional and zero-width ones among them), private use,
/// surrogates, unassigned, and separators other than the space. It also escapes
/// marks and quotes, which are fine, and leaves some blanks, which are not.
fn is_visible(c: char) -> bool {
    let printed = c.is_alphanumeric()
        || is_combining_mark(c)
        || "'\"\\".contains(c)
        || c.escape_debug().len() == 1;
    printed && !is_blank(c)
}

/// Letters, marks and symbols that Unicode wants drawn as nothing
/// (Default_Ignorable_Code_Point), or that are drawn so: fillers, variation
/// selectors, the empty Braille cell, replacement characters.
fn is_blank(c: char) -> bool {
    matches!(c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2065}'
        | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}'
        | '\u{16FE4}' | '\u{1D159}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_in_any_script() {
        for name in [
            "Clock",
            "7",
            "Ünïcode & Söhne",
            "日本語アプリ",
            "Приложение",
            "تطبيق",
            "नमस्ते",
            "ภาษาไทย",
            "C++ \"fast\" \\o/",
            "Party 🎉",
            "O'Neill",
            "한국어",
            "Việt Nam",
            "<b>bold</b>",
        ] {
            assert_eq!(AppName::parse(name).map(|n| n.to_string()), Ok(name.into()));
        }
        assert_eq!(AppName::parse("  My   app ").unwrap().as_str(), "My app");
        assert_eq!(AppName::parse("Cafe\u{301}").unwrap().as_str(), "Café");
    }

    #[test]
    fn what_cannot_be_seen_is_refused_by_number() {
        for c in [
            '\0',
            '\n',
            '\t',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{e000}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{fff9}',
            '\u{fffd}',
            '\u{ffff}',
            '\u{378}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{10ffff}',
        ] {
            let error = AppName::parse(&format!("a{c}b")).unwrap_err();
            assert_eq!(
                error,
                TextError::Character {
                    code_point: u32::from(c)
                }
            );
        }
        let error = AppName::parse("gr\u{202e}antor").unwrap_err();
        assert_eq!(
            error.to_string(),
            "contains the invisible or unassigned character U+202E; remove it"
        );
    }

    #[test]
    fn marks_stay_in_their_line() {
        assert_eq!(AppName::parse("\u{301}abc"), Err(TextError::Marks));
        assert!(AppName::parse(&format!("q{}", "\u{321}".repeat(4))).is_ok());
        assert_eq!(
            AppName::parse(&format!("q{}", "\u{321}".repeat(5))),
            Err(TextError::Marks)
        );
    }

    #[test]
    fn length_counts_characters_after_normalising() {
        assert!(AppName::parse(&"日".repeat(64)).is_ok());
        assert_eq!(
            AppName::parse(&"日".repeat(65)),
            Err(TextError::TooLong { max: 64 })
        );
        assert!(AppName::parse(&"e\u{301}".repeat(64)).is_ok());
        assert!(DisplayName::parse(&"x".repeat(100)).is_ok());
        assert_eq!(
            Description::parse(&"x".repeat(201)),
            Err(TextError::TooLong { max: 200 })
        );
        assert_eq!(
            AppName::parse(&" ".repeat(1025)),
            Err(TextError::TooLong { max: 64 })
        );
        assert_eq!(AppName::parse(""), Err(TextError::Empty));
        assert_eq!(AppName::parse("   "), Err(TextError::Empty));
        assert_eq!(AppName::parse("!?"), Err(TextError::NoLetter));
        assert_eq!(AppName::parse("🎉"), Err(TextError::NoLetter));
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Ok(name) = AppName::parse(&text) {
                prop_assert_eq!(AppName::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = AppName::parse(&text);
            let _ = confusable_with(&text, &text);
        }
    }
}
