//! Which new passwords are good enough.

use super::{MIN_CHARACTERS, Password, PasswordError, breached::Breached};
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

/// Why a password is not good enough, in a sentence for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    #[error("Use at least {MIN_CHARACTERS} characters.")]
    TooShort,
    #[error(transparent)]
    TooLong(#[from] PasswordError),
    #[error("{}", sentence(*.0))]
    Guessable(Option<Warning>),
    #[error(
        "This password is easy to guess: your name, your address or the name of this service is in it. Use a few words that have nothing to do with each other."
    )]
    AboutUser,
    #[error(
        "This password is in lists that were stolen elsewhere, and those are tried first. Use another one."
    )]
    Breached,
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

fn sentence(why: Option<Warning>) -> &'static str {
    use Warning as W;
    match why {
        Some(W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess) => {
            "This password is easy to guess: it follows the keyboard. Use a few words that have nothing to do with each other."
        }
        Some(
            W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        ) => {
            "This password is easy to guess: it repeats itself. Use a few words that have nothing to do with each other."
        }
        Some(W::ThisIsATop10Password | W::ThisIsATop100Password | W::ThisIsACommonPassword) => {
            "This password is one of the most common ones, and those are tried first. Use a few words that have nothing to do with each other."
        }
        Some(W::ThisIsSimilarToACommonlyUsedPassword) => {
            "This password is too much like a common one. Use a few words that have nothing to do with each other."
        }
        Some(W::SequencesLikeAbcAreEasyToGuess) => {
            "This password is easy to guess: it has a sequence like abc or 321. Use a few words that have nothing to do with each other."
        }
        Some(W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess) => {
            "This password is easy to guess: it is little more than a date. Use a few words that have nothing to do with each other."
        }
        Some(W::AWordByItselfIsEasyToGuess) => {
            "This password is easy to guess: it is a single word. Add two or three others."
        }
        Some(
            W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess,
        ) => {
            "This password is easy to guess: it is made of names. Use a few words that have nothing to do with each other."
        }
        None => "This password is easy to guess. Make it longer: two or three more words will do.",
    }
}
