//! What is wrong with a configuration, in sentences that its operator can act on.

use std::error::Error as _;
use std::fmt;

use clap::error::{ContextKind, ContextValue};

/// All that is wrong, so that one start shows it all.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError(pub Vec<Problem>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `grantor.toml:12`, the environment variable or the flag; empty when
    /// several settings are at odds.
    pub place: String,
    pub reason: String,
}

impl Problem {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }

    pub(super) fn general(reason: &str) -> Self {
        Self::new("", reason)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Problem { place, reason }) in self.0.iter().enumerate() {
            let newline = if number == 0 { "" } else { "\n" };
            let colon = if place.is_empty() { "" } else { ": " };
            write!(f, "{newline}{place}{colon}{reason}")?;
        }
        Ok(())
    }
}

/// Of clap's message only what is wrong with the value: the rest speaks of
/// flags, which the operator may not have used.
pub(super) fn reason(error: &clap::Error) -> String {
    if let Some(source) = error.source() {
        return source.to_string();
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => format!("must be one of {}", values.join(", ")),
        _ => "needs a value".to_owned(),
    }
}

/// What is to be said of a line that is no TOML because its text has no quotes. The text is
/// not repeated: it may be a secret.
pub(super) fn unquoted(text: &str, at: usize) -> Option<String> {
    let begin = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let (key, value) = text.get(begin..)?.lines().next()?.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let digit = |byte: u8| byte.is_ascii_digit() || b"_+-".contains(&byte);
    let is_number = !value.is_empty() && value.bytes().all(digit);
    let is_other = value.starts_with(['"', '\'', '[', '{']) || ["true", "false"].contains(&value);
    let says = || format!("{key}: a text stands in quotes, as in brand = \"Example\"");
    (!is_number && !is_other).then(says)
}

pub(super) fn no_table(key: &str) -> &'static str {
    match key {
        "scopes" => "is written [[scopes]], in two brackets, once for each scope",
        "upstream" => "is written [[upstream]], in two brackets, once for each provider",
        _ => {
            "there is no table of this name: settings stand at the beginning, before every [[scopes]] and [[upstream]]"
        }
    }
}
