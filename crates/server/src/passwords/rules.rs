//! Which new passwords are good enough.

use super::{MIN_CHARACTERS, Password, PasswordError, breached::Breached};
use crate::language::Language;
use std::fmt;
use zeroize::Zeroizing;
use zxcvbn::feedback::Warning;

/// What the operator asks of a new password beside its length.
#[derive(Default)]
pub struct Rules {
    /// From 0 (anything) to 4, as zxcvbn scores.
    pub strength: u8,
    /// What everybody here would think of first.
    pub brand: String,
    pub breached: Option<Breached>,
}

/// What of a password is scored, in characters: by then it is beyond guessing or nothing
/// more will come, and the time for looking at all spellings grows with the square.
const SCORED: usize = 40;

/// A new password that the rules let through; nothing else makes one.
pub struct Chosen(Password);

/// Why a password is not good enough; `Language::wrong_password` says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refused {
    TooShort,
    TooLong(PasswordError),
    Guessable(Option<Warning>),
    AboutUser,
    Breached,
}

impl From<PasswordError> for Refused {
    fn from(error: PasswordError) -> Self {
        Self::TooLong(error)
    }
}

impl std::error::Error for Refused {}

/// For the API and the command line.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::English.wrong_password(*self))
    }
}

impl Chosen {
    pub(super) fn into_password(self) -> Password {
        self.0
    }
}

impl Rules {
    pub(super) fn check_length(text: &str) -> Result<Password, Refused> {
        match text.chars().take(MIN_CHARACTERS).count() {
            ..MIN_CHARACTERS => Err(Refused::TooShort),
            _ => Ok(Password::new(text.to_owned())?),
        }
    }

    /// `about` is what is known of the user: her name, her address.
    pub(super) fn check(&self, password: Password, about: &[String]) -> Result<Chosen, Refused> {
        let words = words(about.iter().map(String::as_str).chain([&*self.brand]));
        let begun: Zeroizing<String> = password.0.chars().take(SCORED).collect::<String>().into();
        let scored = zxcvbn::zxcvbn(&begun, &words);
        if u8::from(scored.score()) < self.strength {
            let lower: Zeroizing<String> = begun.to_lowercase().into();
            let has = |word: &&str| lower.contains(&word.to_lowercase());
            return Err(
                match scored.feedback().and_then(|feedback| feedback.warning()) {
                    None if words.iter().any(has) => Refused::AboutUser,
                    why => Refused::Guessable(why),
                },
            );
        }
        match &self.breached {
            Some(list) if list.contains(&password.0) => Err(Refused::Breached),
            _ => Ok(Chosen(password)),
        }
    }
}

/// All of it and its parts: of `ada.lovelace@example.org` also `ada` and `lovelace`.
fn words<'a>(about: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let apart = |text: &'a str| text.split(|c: char| !c.is_alphanumeric());
    let all = about.flat_map(|text| [text].into_iter().chain(apart(text)));
    all.filter(|word| word.chars().count() >= 3).collect()
}
