//! The claims of a JWT (RFC 7519 §4), read without guessing.
//!
//! A claim of the wrong type is an error and never counts as absent: an `exp`
//! in quotes would otherwise be a token without end.

use crate::json::{JsonError, parse_object};
use serde_json::{Map, Value};

/// The last second a date may name: the end of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// Why claims are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    #[error("the claim {0} has the wrong type")]
    Type(&'static str),
    #[error("the claim {0} is no date between 1970 and 9999")]
    Date(&'static str),
    #[error("the token is from another issuer")]
    Issuer,
    #[error("the token is for another audience")]
    Audience,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is valid for too long")]
    ValidTooLong,
}

/// Claims: of somebody whom a verified signature stands for, or of nobody.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Reads a payload of at most `max` bytes.
    ///
    /// # Errors
    /// [`ClaimError::Json`].
    pub fn parse(payload: &[u8], max: usize) -> Result<Self, ClaimError> {
        Ok(Self(parse_object(payload, max)?))
    }

    /// A claim as it came.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A claim that is a string, if it is there.
    ///
    /// # Errors
    /// [`ClaimError::Type`].
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, ClaimError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ClaimError::Type(name)),
        }
    }

    /// A claim that is a string and has to be there.
    ///
    /// # Errors
    /// [`ClaimError::Missing`], [`ClaimError::Type`].
    pub fn required_text(&self, name: &'static str) -> Result<&str, ClaimError> {
        self.text(name)?.ok_or(ClaimError::Missing(name))
    }

    /// A claim that is a date, in seconds since 1970; a fraction is cut off
    /// (RFC 7519 §2).
    ///
    /// # Errors
    /// [`ClaimError::Type`] for anything but a JSON number, [`ClaimError::Date`].
    pub fn date(&self, name: &'static str) -> Result<Option<i64>, ClaimError> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let Value::Number(number) = value else {
            return Err(ClaimError::Type(name));
        };
        // Every whole second up to the last is exact in a float.
        let seconds = match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole,
            (None, Some(float)) if (0.0..=LAST_SECOND as f64).contains(&float) => {
                float.floor() as i64
            }
            _ => return Err(ClaimError::Date(name)),
        };
        match (0..=LAST_SECOND).contains(&seconds) {
            true => Ok(Some(seconds)),
            false => Err(ClaimError::Date(name)),
        }
    }

    /// A claim that is a date and has to be there.
    ///
    /// # Errors
    /// [`ClaimError::Missing`], and those of [`Claims::date`].
    pub fn required_date(&self, name: &'static str) -> Result<i64, ClaimError> {
        self.date(name)?.ok_or(ClaimError::Missing(name))
    }

    /// Whom the token is for: the one string or the array of strings in `aud`
    /// (RFC 7519 §4.1.3).
    ///
    /// # Errors
    /// [`ClaimError::Missing`], [`ClaimError::Type`].
    pub fn audience(&self) -> Result<Vec<&str>, ClaimError> {
        let wrong = ClaimError::Type("aud");
        match self.0.get("aud") {
            None => Err(ClaimError::Missing("aud")),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(several)) => several
                .iter()
                .map(|it| it.as_str().ok_or(wrong.clone()))
                .collect(),
            Some(_) => Err(wrong),
        }
    }

    /// `iss` is there and is `expected` (RFC 7519 §4.1.1).
    ///
    /// # Errors
    /// [`ClaimError::Issuer`], [`ClaimError::Missing`], [`ClaimError::Type`].
    pub fn check_issuer(&self, expected: &str) -> Result<(), ClaimError> {
        match self.required_text("iss")? == expected {
            true => Ok(()),
            false => Err(ClaimError::Issuer),
        }
    }

    /// `aud` is there and names one of `ours` (RFC 7519 §4.1.3).
    ///
    /// # Errors
    /// [`ClaimError::Audience`], [`ClaimError::Missing`], [`ClaimError::Type`].
    pub fn check_audience(&self, ours: &[&str]) -> Result<(), ClaimError> {
        match self.audience()?.iter().any(|it| ours.contains(it)) {
            true => Ok(()),
            false => Err(ClaimError::Audience),
        }
    }

    /// `exp` is there and has not come (RFC 7519 §4.1.4); `nbf` and `iat`, if
    /// there, have (§4.1.5, §4.1.6). `now` and `leeway` are seconds.
    ///
    /// # Errors
    /// [`ClaimError::Expired`], [`ClaimError::NotYetValid`], and those of [`Claims::date`].
    pub fn check_time(&self, now: i64, leeway: i64) -> Result<(), ClaimError> {
        if now >= self.required_date("exp")?.saturating_add(leeway) {
            return Err(ClaimError::Expired);
        }
        for name in ["nbf", "iat"] {
            if self
                .date(name)?
                .is_some_and(|it| it > now.saturating_add(leeway))
            {
                return Err(ClaimError::NotYetValid);
            }
        }
        Ok(())
    }

    /// `exp` is at most `longest` seconds away, so that what remembers used
    /// tokens until they expire stays small.
    ///
    /// # Errors
    /// [`ClaimError::ValidTooLong`], and those of [`Claims::date`].
    pub fn check_lifetime(&self, now: i64, longest: i64) -> Result<(), ClaimError> {
        match self.required_date("exp")? > now.saturating_add(longest) {
            true => Err(ClaimError::ValidTooLong),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claims(text: &str) -> Claims {
        Claims::parse(text.as_bytes(), 4096).unwrap()
    }

    #[test]
    fn a_date_is_a_number() {
        let date = |value: &str| claims(&format!("{{\"exp\":{value}}}")).date("exp");
        assert_eq!(date("1700000000"), Ok(Some(1_700_000_000)));
        assert_eq!(date("1700000000.999"), Ok(Some(1_700_000_000)));
        assert_eq!(date("1.7e9"), Ok(Some(1_700_000_000)));
        assert_eq!(date("0"), Ok(Some(0)));
        assert_eq!(date("253402300799"), Ok(Some(LAST_SECOND)));
        for wrong in ["\"1700000000\"", "null", "true", "[1700000000]", "{}"] {
            assert_eq!(date(wrong), Err(ClaimError::Type("exp")), "{wrong}");
        }
        for far in [
            "-1",
            "-0.5",
            "253402300800",
            "253402300799.5",
            "1e300",
            "18446744073709551615",
            "-9223372036854775808",
        ] {
            assert_eq!(date(far), Err(ClaimError::Date("exp")), "{far}");
        }
        assert_eq!(claims("{}").date("exp"), Ok(None));
        assert_eq!(
            claims("{}").required_date("exp"),
            Err(ClaimError::Missing("exp"))
        );
    }

    #[test]
    fn time_is_judged_to_the_second() {
        let token = claims(r#"{"exp":1000,"nbf":900,"iat":900}"#);
        assert_eq!(token.check_time(999, 0), Ok(()));
        assert_eq!(token.check_time(1000, 0), Err(ClaimError::Expired));
        assert_eq!(token.check_time(1029, 30), Ok(()));
        assert_eq!(token.check_time(1030, 30), Err(ClaimError::Expired));
        assert_eq!(token.check_time(900, 0), Ok(()));
        assert_eq!(token.check_time(899, 0), Err(ClaimError::NotYetValid));
        assert_eq!(token.check_time(870, 30), Ok(()));
        assert_eq!(token.check_time(869, 30), Err(ClaimError::NotYetValid));
        assert_eq!(token.check_lifetime(900, 100), Ok(()));
        assert_eq!(
            token.check_lifetime(899, 100),
            Err(ClaimError::ValidTooLong)
        );
        let endless = claims(r#"{"nbf":900}"#);
        assert_eq!(endless.check_time(950, 0), Err(ClaimError::Missing("exp")));
        let quoted = claims(r#"{"exp":1000,"nbf":"2000"}"#);
        assert_eq!(quoted.check_time(950, 0), Err(ClaimError::Type("nbf")));
    }

    #[test]
    fn an_audience_is_one_string_or_several() {
        let check = |text: &str| claims(text).check_audience(&["a", "b"]);
        assert_eq!(check(r#"{"aud":"b"}"#), Ok(()));
        assert_eq!(check(r#"{"aud":["x","a"]}"#), Ok(()));
        for other in [
            r#"{"aud":"ab"}"#,
            r#"{"aud":[]}"#,
            r#"{"aud":["x"]}"#,
            r#"{"aud":"A"}"#,
        ] {
            assert_eq!(check(other), Err(ClaimError::Audience), "{other}");
        }
        for wrong in [
            r#"{"aud":1}"#,
            r#"{"aud":["a",1]}"#,
            r#"{"aud":null}"#,
            r#"{"aud":{}}"#,
        ] {
            assert_eq!(check(wrong), Err(ClaimError::Type("aud")), "{wrong}");
        }
        assert_eq!(check("{}"), Err(ClaimError::Missing("aud")));
    }

    #[test]
    fn an_issuer_is_compared_whole() {
        let check = |text: &str| claims(text).check_issuer("https://a.example");
        assert_eq!(check(r#"{"iss":"https://a.example"}"#), Ok(()));
        assert_eq!(
            check(r#"{"iss":"https://a.example/"}"#),
            Err(ClaimError::Issuer)
        );
        assert_eq!(
            check(r#"{"iss":["https://a.example"]}"#),
            Err(ClaimError::Type("iss"))
        );
        assert_eq!(check("{}"), Err(ClaimError::Missing("iss")));
    }

    proptest! {
        #[test]
        fn no_moment_makes_it_panic(exp in any::<f64>(), now in any::<i64>(), leeway in any::<i64>()) {
            prop_assume!(exp.is_finite());
            let token = claims(&format!("{{\"exp\":{exp:?}}}"));
            let _ = token.check_time(now, leeway);
            let _ = token.check_lifetime(now, leeway);
        }
    }
}
