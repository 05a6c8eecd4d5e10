//! What is wrong with what somebody typed, in her language. The protocol's own words for it
//! are English, for the command line and for directories.

use super::Language;
use grantor_protocol::{
    email::{self, EmailError},
    name::TextError,
};

pub trait Told {
    fn told(&self, language: Language) -> String;
}

impl Told for EmailError {
    fn told(&self, language: Language) -> String {
        let said = match self {
            Self::Empty => language.say("email-empty"),
            Self::TooLong => language.say("email-too-long").number("n", email::MAX_BYTES),
            Self::At => language.say("email-at"),
            Self::Local => language.say("email-local").number("n", email::MAX_LOCAL),
            Self::Domain => language.say("email-domain"),
        };
        said.plain()
    }
}

impl Told for TextError {
    fn told(&self, language: Language) -> String {
        let said = match self {
            Self::Empty => language.say("text-empty"),
            Self::TooLong { max } => language.say("text-too-long").number("n", *max),
            Self::Character { code_point } => language
                .say("text-character")
                .code("character", &format!("U+{code_point:04X}")),
            Self::Marks => language.say("text-marks"),
            Self::NoLetter => language.say("text-no-letter"),
        };
        said.plain()
    }
}
