//! E-mail addresses: the plain ones that every mail system agrees on.

use std::{borrow::Cow, fmt};
use url::Host;

/// The longest address, in bytes (RFC 5321 §4.5.3.1.3, less the brackets).
pub const MAX_BYTES: usize = 254;
/// The longest part before the `@` (RFC 5321 §4.5.3.1.1).
pub const MAX_LOCAL: usize = 64;

/// Why a text is no address. None of the sentences echoes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("the e-mail address is empty")]
    Empty,
    #[error("the e-mail address is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("an e-mail address has exactly one @")]
    At,
    #[error(
        "the part before the @ may contain letters, digits, single dots and common signs, at most {MAX_LOCAL}"
    )]
    Local,
    #[error("the part after the @ is not a domain such as example.com")]
    Domain,
}

/// A plain address: RFC 5322's `dot-atom` before one `@`, a host name in lower
/// case after it, in ASCII. No quotes, no comments, no address literals: a
/// form that two systems read differently is a way into another's account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Reads what somebody typed; spaces around it are ignored.
    ///
    /// # Errors
    /// [`EmailError`].
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        if local.len() > MAX_LOCAL || !local.split('.').all(is_atom) {
            return Err(EmailError::Local);
        }
        let domain = in_ascii(domain)?;
        let top = domain.rsplit('.').next().unwrap_or_default();
        if !domain.split('.').all(is_label) || top.bytes().all(|b| b.is_ascii_digit()) {
            return Err(EmailError::Domain);
        }
        let address = format!("{local}@{}", domain.to_ascii_lowercase());
        if address.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        Ok(Self(address))
    }

    /// Takes back what this type wrote to the database, unchecked.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address to write to: the part before the `@` as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address to compare by, all lower case. Mail systems may tell `A@x`
    /// from `a@x`; no two people should depend on it.
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A domain of other letters as it is looked up (UTS #46): however it is spelled, it is one.
fn in_ascii(domain: &str) -> Result<Cow<'_, str>, EmailError> {
    if domain.is_ascii() {
        return Ok(domain.into());
    }
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) if !domain.contains('%') => Ok(ascii.into()),
        _ => Err(EmailError::Domain),
    }
}

/// RFC 5322 §3.2.3, `1*atext`.
fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
}

/// RFC 1123 §2.1.
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_addresses() {
        for (typed, kept, canonical) in [
            (
                "alice@example.com",
                "alice@example.com",
                "alice@example.com",
            ),
            (
                " Alice.B+tag@EXAMPLE.Com ",
                "Alice.B+tag@example.com",
                "alice.b+tag@example.com",
            ),
            (
                "o'neill@xn--mnchen-3ya.example",
                "o'neill@xn--mnchen-3ya.example",
                "o'neill@xn--mnchen-3ya.example",
            ),
            (
                "olga@EXÄMPLE.org",
                "olga@xn--exmple-cua.org",
                "olga@xn--exmple-cua.org",
            ),
            (
                "olga@exa\u{308}mple。org",
                "olga@xn--exmple-cua.org",
                "olga@xn--exmple-cua.org",
            ),
            ("root@localhost", "root@localhost", "root@localhost"),
        ] {
            let email = Email::parse(typed).unwrap();
            assert_eq!(
                (email.as_str(), email.canonical().as_str()),
                (kept, canonical)
            );
        }
    }

    #[test]
    fn everything_else() {
        for (text, error) in [
            ("", EmailError::Empty),
            ("alice", EmailError::At),
            ("a@b@example.com", EmailError::At),
            ("@example.com", EmailError::Local),
            (".a@example.com", EmailError::Local),
            ("a..b@example.com", EmailError::Local),
            ("a b@example.com", EmailError::Local),
            ("\"a\"@example.com", EmailError::Local),
            ("a\n@example.com", EmailError::Local),
            ("a\0@example.com", EmailError::Local),
            ("é@example.com", EmailError::Local),
            ("<a@example.com>", EmailError::Local),
            ("a,b@example.com", EmailError::Local),
            ("a@", EmailError::Domain),
            ("a@example.com.", EmailError::Domain),
            ("a@-example.com", EmailError::Domain),
            ("a@exa mple.com", EmailError::Domain),
            ("a@[127.0.0.1]", EmailError::Domain),
            ("a@127.0.0.1", EmailError::Domain),
            ("a@ex%C3%A4mple.ä", EmailError::Domain),
            ("a@exämple..com", EmailError::Domain),
            ("a@ä b.com", EmailError::Domain),
            ("a@１２７.0.0.1", EmailError::Domain),
            ("a@ä/b.com", EmailError::Domain),
            ("a@example.com\r\nBcc: b", EmailError::Domain),
        ] {
            assert_eq!(Email::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(
            Email::parse(&format!("{}@example.com", "a".repeat(65))),
            Err(EmailError::Local)
        );
        assert_eq!(
            Email::parse(&format!("a@{}com", "abc.".repeat(63))),
            Err(EmailError::TooLong)
        );
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in "[a-zA-Z.+'@ -]{0,20}@?[a-zA-Z.-]{0,10}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(&email.canonical()).unwrap().canonical(), email.canonical());
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }
    }
}
