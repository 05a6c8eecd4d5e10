//! An app's own website, which consent pages link to.

use std::fmt;

use url::{Host, Position, Url};

/// The longest URL, in bytes, as typed and as kept.
pub const MAX_BYTES: usize = 2000;

/// Why a text is no website of an app. None of the sentences echoes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppUrlError {
    #[error("enter the address of the app's website, such as https://app.example")]
    Empty,
    #[error("the address has at most {MAX_BYTES} bytes")]
    TooLong,
    #[error("the address contains a space, a backslash or a control character")]
    Character,
    #[error("the address starts with https:// or http://")]
    Scheme,
    #[error("remove the user name or password before the @")]
    UserInfo,
    #[error("the address is not a valid URL")]
    Invalid,
}

/// An `http` or `https` URL without user-info, written as browsers write it
/// (international hosts as `xn--…`): what is shown is where the link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppUrl(String);

impl AppUrl {
    /// Reads what a developer typed.
    ///
    /// # Errors
    /// [`AppUrlError`].
    pub fn parse(text: &str) -> Result<Self, AppUrlError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(AppUrlError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(AppUrlError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(AppUrlError::Character);
        }
        // The URL Standard also reads `https:a.example` and `https:///a.example`.
        let (scheme, rest) = text.split_once("://").ok_or(AppUrlError::Scheme)?;
        let web = ["https", "http"]
            .iter()
            .any(|own| scheme.eq_ignore_ascii_case(own));
        if !web || rest.starts_with('/') {
            return Err(AppUrlError::Scheme);
        }
        let url = Url::parse(text).map_err(|_| AppUrlError::Invalid)?;
        // `%60` in a host would come out as a character that no address has.
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if matches!(url.host(), Some(Host::Domain(name)) if !name.bytes().all(named)) {
            return Err(AppUrlError::Invalid);
        }
        if url[Position::BeforeUsername..Position::BeforeHost].contains('@')
            || !url.username().is_empty()
        {
            return Err(AppUrlError::UserInfo);
        }
        if url.as_str().len() > MAX_BYTES {
            return Err(AppUrlError::TooLong);
        }
        Ok(Self(url.into()))
    }

    /// Takes back what this type wrote to the database, unchecked.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `host[:port]`, for showing.
    pub fn host(&self) -> &str {
        let after = self.0.split_once("://").map_or("", |(_, rest)| rest);
        after.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

impl fmt::Display for AppUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn websites() {
        for (typed, kept, host) in [
            ("https://app.example", "https://app.example/", "app.example"),
            (
                " HTTP://App.Example:8080/About?x#y ",
                "http://app.example:8080/About?x#y",
                "app.example:8080",
            ),
            (
                "https://münchen.example/ä",
                "https://xn--mnchen-3ya.example/%C3%A4",
                "xn--mnchen-3ya.example",
            ),
            ("http://[::1]:3000/", "http://[::1]:3000/", "[::1]:3000"),
        ] {
            let url = AppUrl::parse(typed).unwrap();
            assert_eq!((url.as_str(), url.host()), (kept, host));
        }
    }

    #[test]
    fn everything_else() {
        for (text, error) in [
            ("", AppUrlError::Empty),
            ("app.example", AppUrlError::Scheme),
            ("javascript:alert(1)", AppUrlError::Scheme),
            ("JavaScript://app.example/%0aalert(1)", AppUrlError::Scheme),
            ("https:app.example", AppUrlError::Scheme),
            ("https:///app.example", AppUrlError::Scheme),
            ("http:///app.example", AppUrlError::Scheme),
            ("日本語日本", AppUrlError::Scheme),
            ("https://u@app.example", AppUrlError::UserInfo),
            ("https://:p@app.example", AppUrlError::UserInfo),
            ("https://u:p@app.example", AppUrlError::UserInfo),
            ("https://a b.example", AppUrlError::Character),
            ("https://a.example/\u{85}", AppUrlError::Character),
            ("https://a.example\\x", AppUrlError::Character),
            ("https://a.example/\n", AppUrlError::Character),
            ("https://", AppUrlError::Invalid),
            ("https://a.example:99999", AppUrlError::Invalid),
            ("https://a%60.example", AppUrlError::Invalid),
            ("https://a%22.example/", AppUrlError::Invalid),
            ("https://a'.example/", AppUrlError::Invalid),
        ] {
            assert_eq!(AppUrl::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(
            AppUrl::parse(&format!("https://a.example/{}", "x".repeat(1990))),
            Err(AppUrlError::TooLong)
        );
        assert_eq!(
            AppUrl::parse(&format!("https://a.example/{}", "ä".repeat(900))),
            Err(AppUrlError::TooLong)
        );
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(rest in "\\PC{0,40}") {
            if let Ok(url) = AppUrl::parse(&format!("https://{rest}")) {
                let parsed = Url::parse(url.as_str()).unwrap();
                prop_assert_eq!(&parsed[Position::BeforeHost..Position::AfterPort], url.host());
                prop_assert_eq!(AppUrl::parse(url.as_str()), Ok(url));
            }
        }
    }
}
