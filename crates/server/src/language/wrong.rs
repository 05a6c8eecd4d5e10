//! What is wrong with what was typed, for whoever typed it.

use super::Language;
use crate::{
    icons::{self, IconError},
    passwords::{MAX_CHARACTERS, MIN_CHARACTERS, PasswordError, Refused},
};
use grantor_protocol::{
    app_url::{self, AppUrlError},
    email::{self, EmailError},
    name::TextError,
};
use zxcvbn::feedback::Warning;

impl Language {
    pub fn wrong_text(self, error: TextError) -> String {
        let said = match error {
            TextError::Empty => self.say("wrong-text-empty"),
            TextError::TooLong { max } => self.say("wrong-text-long").number("max", max),
            TextError::Character { code_point } => self
                .say("wrong-text-character")
                .words("code", &format!("U+{code_point:04X}")),
            TextError::Marks => self.say("wrong-text-marks"),
            TextError::NoLetter => self.say("wrong-text-letter"),
        };
        said.plain()
    }

    pub fn wrong_email(self, error: EmailError) -> String {
        let said = match error {
            EmailError::Empty => self.say("wrong-email-empty"),
            EmailError::TooLong => self.say("wrong-email-long").number("max", email::MAX_BYTES),
            EmailError::At => self.say("wrong-email-at"),
            EmailError::Local => self
                .say("wrong-email-local")
                .number("max", email::MAX_LOCAL),
            EmailError::Domain => self.say("wrong-email-domain"),
        };
        said.plain()
    }

    pub fn wrong_url(self, error: AppUrlError) -> String {
        let said = match error {
            AppUrlError::Empty => self.say("wrong-url-empty"),
            AppUrlError::TooLong => self.say("wrong-url-long").number("max", app_url::MAX_BYTES),
            AppUrlError::Character => self.say("wrong-url-character"),
            AppUrlError::Scheme => self.say("wrong-url-scheme"),
            AppUrlError::UserInfo => self.say("wrong-url-user"),
            AppUrlError::Invalid => self.say("wrong-url-invalid"),
        };
        said.plain()
    }

    pub fn wrong_password(self, refused: Refused) -> String {
        let said = match refused {
            Refused::TooShort => self
                .say("wrong-password-short")
                .number("min", MIN_CHARACTERS),
            Refused::TooLong(PasswordError::Empty) => self.say("wrong-password-empty"),
            Refused::TooLong(PasswordError::TooLong) => self
                .say("wrong-password-long")
                .number("max", MAX_CHARACTERS),
            Refused::Guessable(why) => self.say(guessable(why)),
            Refused::AboutUser => self.say("wrong-password-about"),
            Refused::Breached => self.say("wrong-password-breached"),
        };
        said.plain()
    }

    pub fn wrong_picture(self, error: IconError) -> String {
        let said = match error {
            IconError::Empty => self.say("wrong-picture-empty"),
            IconError::TooLarge => self.say("wrong-picture-large"),
            IconError::OtherFormat => self.say("wrong-picture-format"),
            IconError::TooFewPixels => self
                .say("wrong-picture-small")
                .number("side", icons::MIN_SIDE),
            IconError::TooManyPixels => self.say("wrong-picture-big"),
            IconError::Damaged => self.say("wrong-picture-damaged"),
            IconError::Busy => self.say("wrong-picture-busy"),
        };
        said.plain()
    }
}

fn guessable(why: Option<Warning>) -> &'static str {
    use Warning as W;
    match why {
        Some(W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess) => {
            "wrong-password-keyboard"
        }
        Some(
            W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        ) => "wrong-password-repeats",
        Some(W::ThisIsATop10Password | W::ThisIsATop100Password | W::ThisIsACommonPassword) => {
            "wrong-password-common"
        }
        Some(W::ThisIsSimilarToACommonlyUsedPassword) => "wrong-password-similar",
        Some(W::SequencesLikeAbcAreEasyToGuess) => "wrong-password-sequence",
        Some(W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess) => "wrong-password-date",
        Some(W::AWordByItselfIsEasyToGuess) => "wrong-password-word",
        Some(
            W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess,
        ) => "wrong-password-names",
        None => "wrong-password-guessable",
    }
}
