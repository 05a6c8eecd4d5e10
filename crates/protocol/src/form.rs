//! `application/x-www-form-urlencoded`, as OAuth wants it read (RFC 6749 §3.1, §3.2, appendix B).
//!
//! Stricter than a web framework's reader: a parameter that comes twice, a
//! broken escape or a NUL is refused instead of guessed at, because two readers
//! that guess differently are how one request means two things.

use std::fmt;
use std::ops::Range;

use crate::percent;

/// The longest form or query, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most parameters in one form or query.
pub const MAX_PARAMS: usize = 64;

/// Why a form or query was refused. None of the sentences echoes a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("the request has more than {MAX_BYTES} bytes of parameters")]
    TooLong,
    #[error("the request has more than {MAX_PARAMS} parameters")]
    TooMany,
    #[error("the request has {0} more than once")]
    Duplicate(ParamName),
    #[error("a percent sign in the parameters is not followed by two hexadecimal digits")]
    Escape,
    #[error("the parameters are not UTF-8")]
    NotUtf8,
    #[error("the parameters contain a NUL character")]
    Nul,
}

/// A parameter's name, kept only when it is plain enough to be repeated in an
/// answer or a log: at most 40 characters of `a-z A-Z 0-9 _ - .`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamName(Option<Box<str>>);

impl ParamName {
    fn of(name: &str) -> Self {
        let plain = (1..=40).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        Self(plain.then(|| name.into()))
    }

    /// The name, unless it was not plain.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for ParamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "the parameter {name}"),
            None => f.write_str("a parameter"),
        }
    }
}

/// The decoded parameters of one form or query, in the order they came.
///
/// Its `Debug` shows names only: values are codes, secrets and passwords.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// Every name and value, decoded, one after the other.
    text: String,
    pairs: Vec<(Range<usize>, Range<usize>)>,
}

impl Params {
    /// Reads a query (without its `?`) or a form body; every name at most once
    /// (RFC 6749 §3.1, §3.2).
    ///
    /// # Errors
    /// [`FormError`], at the first thing wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse_with_lists(bytes, &[])
    }

    /// As [`Params::parse`], but the names in `lists` may repeat. For pages
    /// with check boxes and for RFC 8707's `resource`.
    ///
    /// # Errors
    /// [`FormError`], at the first thing wrong.
    pub fn parse_with_lists(bytes: &[u8], lists: &[&str]) -> Result<Self, FormError> {
        if bytes.len() > MAX_BYTES {
            return Err(FormError::TooLong);
        }
        let mut text = Vec::with_capacity(bytes.len());
        let mut pairs = Vec::new();
        for pair in bytes.split(|&b| b == b'&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == MAX_PARAMS {
                return Err(FormError::TooMany);
            }
            let equals = pair.iter().position(|&b| b == b'=');
            let (name, value) = match equals {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            let name = decode(name, &mut text)?;
            let value = decode(value, &mut text)?;
            pairs.push((name, value));
        }
        if text.contains(&0) {
            return Err(FormError::Nul);
        }
        let text = String::from_utf8(text).map_err(|_| FormError::NotUtf8)?;
        let params = Self { text, pairs };
        params.check(lists)?;
        Ok(params)
    }

    /// What can only be seen once everything is decoded: characters cut in two
    /// by a separator, and names that come twice under different escapes.
    fn check(&self, lists: &[&str]) -> Result<(), FormError> {
        for (at, (name, value)) in self.pairs.iter().enumerate() {
            if !self.text.is_char_boundary(name.end) || !self.text.is_char_boundary(value.end) {
                return Err(FormError::NotUtf8);
            }
            let name = &self.text[name.clone()];
            // At most 64 names: comparing each with each beats building a set.
            let earlier = self.pairs[..at]
                .iter()
                .any(|(other, _)| &self.text[other.clone()] == name);
            if earlier && !lists.contains(&name) {
                return Err(FormError::Duplicate(ParamName::of(name))); // RFC 6749 §3.1
            }
        }
        Ok(())
    }

    /// The value of `name`; an empty one counts as absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_raw(name).filter(|value| !value.is_empty()) // RFC 6749 §3.1
    }

    /// The value of `name` as it came, so also an empty one.
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// Every non-empty value of `name`, for those that may repeat.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter()
            .filter(move |(other, value)| *other == name && !value.is_empty())
            .map(|(_, value)| value)
    }

    /// Names and values in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (&self.text[name.clone()], &self.text[value.clone()]))
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Params")?;
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Decodes one name or value onto `text` and says where it lies.
fn decode(piece: &[u8], text: &mut Vec<u8>) -> Result<Range<usize>, FormError> {
    let start = text.len();
    percent::decode_form(piece, text).ok_or(FormError::Escape)?;
    Ok(start..text.len())
}

/// Writes pairs as a form or query, without a leading `?`. Whatever it writes,
/// [`Params::parse`] reads back, within the limits of that function.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    percent::push_pairs(pairs, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Params, FormError> {
        Params::parse(text.as_bytes())
    }

    #[test]
    fn reads_what_clients_send() {
        let params = parse(
            "grant_type=authorization_code&code=a%2Fb&scope=openid+email%20profile&&empty=&bare",
        )
        .unwrap();
        assert_eq!(params.get("grant_type"), Some("authorization_code"));
        assert_eq!(params.get("code"), Some("a/b"));
        assert_eq!(params.get("scope"), Some("openid email profile"));
        assert_eq!(params.get("empty"), None);
        assert_eq!(params.get_raw("empty"), Some(""));
        assert_eq!(params.get_raw("bare"), Some(""));
        assert_eq!(params.get_raw("absent"), None);
        assert_eq!(params.iter().count(), 5);
        assert_eq!(parse("a=b=c").unwrap().get("a"), Some("b=c"));
        assert_eq!(parse("").unwrap(), Params::default());
    }

    #[test]
    fn a_name_comes_once_however_it_is_written() {
        for text in [
            "code=1&code=2",
            "code=1&c%6Fde=2",
            "code&code=2",
            "code=1&code=1",
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the request has the parameter code more than once",
                "{text}"
            );
        }
    }

    #[test]
    fn a_strange_name_is_not_repeated_to_anyone() {
        let error = parse("%3Cscript%3E=1&%3Cscript%3E=2").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the request has a parameter more than once"
        );
        let FormError::Duplicate(name) = error else {
            panic!("{error}")
        };
        assert_eq!(name.as_str(), None);
    }

    #[test]
    fn lists_may_repeat_where_the_caller_says_so() {
        let params = Params::parse_with_lists(b"scope=a&scope=&scope=b&x=1", &["scope"]).unwrap();
        assert_eq!(params.get_all("scope").collect::<Vec<_>>(), ["a", "b"]);
        assert!(Params::parse_with_lists(b"scope=a&x=1&x=2", &["scope"]).is_err());
    }

    #[test]
    fn what_is_broken_is_refused_not_repaired() {
        for text in ["a=%", "a=%4", "a=%zz", "%=1", "a=%%41"] {
            assert_eq!(parse(text), Err(FormError::Escape), "{text}");
        }
        assert_eq!(parse("a=%00"), Err(FormError::Nul));
        assert_eq!(parse("a=%FF"), Err(FormError::NotUtf8));
        assert_eq!(parse("a=%C0%AF"), Err(FormError::NotUtf8));
        // Together these bytes are one letter; apart they are none.
        assert_eq!(parse("%C3=%A9"), Err(FormError::NotUtf8));
        assert_eq!(parse("a=%C3&%A9=1"), Err(FormError::NotUtf8));
    }

    #[test]
    fn size_and_number_are_bounded() {
        let many = |n: usize| {
            (0..n)
                .map(|i| format!("p{i}=1"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert!(parse(&many(MAX_PARAMS)).is_ok());
        assert_eq!(parse(&many(MAX_PARAMS + 1)), Err(FormError::TooMany));
        assert!(parse(&format!("a={}", "x".repeat(MAX_BYTES - 2))).is_ok());
        assert_eq!(parse(&"&".repeat(MAX_BYTES + 1)), Err(FormError::TooLong));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", parse("client_secret=hunter2").unwrap());
        assert_eq!(shown, r#"Params["client_secret"]"#);
    }

    proptest! {
        #[test]
        fn encode_then_parse_is_the_identity(
            pairs in prop::collection::btree_map("[^\0]{1,20}", "[^\0]{0,40}", 0..20),
        ) {
            let text = encode(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let params = parse(&text).unwrap();
            let back: Vec<_> = params.iter().collect();
            let sent: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            prop_assert_eq!(back, sent);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Params::parse(&bytes);
        }
    }
}
