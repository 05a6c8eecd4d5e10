//! The `Authorization` header: a client's Basic credentials and a user's bearer token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::percent;

/// The longest Basic header, in bytes: room for an id and a secret of a
/// hundred characters each, every one of them escaped.
pub const MAX_BASIC_BYTES: usize = 2048;
/// The longest Bearer header, in bytes. Our longest token has 512.
pub const MAX_BEARER_BYTES: usize = 1024;

/// Why an `Authorization` header was refused. No sentence echoes the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// Not an attack and not a mistake: the caller may try another scheme.
    #[error("the Authorization header uses another scheme")]
    OtherScheme,
    #[error("the Authorization header is too long")]
    TooLong,
    #[error("the Authorization header must be the scheme, one space and the credentials")]
    Malformed,
    #[error("the credentials are not standard, padded base64")]
    NotBase64,
    #[error("the credentials are not UTF-8 without control characters")]
    NotText,
    #[error("there is no colon between client id and client secret")]
    NoColon,
    #[error(
        "client id and client secret must be form-encoded before base64 (RFC 6749 section 2.3.1)"
    )]
    Escape,
    #[error("the client id is empty")]
    NoClientId,
}

/// What a client says about itself, by Basic or in the body (RFC 6749 §2.3.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Never empty.
    pub client_id: String,
    /// `None` when the part after the colon was empty: an empty value counts
    /// as absent in every other place too.
    pub client_secret: Option<Zeroizing<String>>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Reads `Basic <base64 of form(id) ":" form(secret)>`; the scheme in any case
/// (RFC 6749 §2.3.1, RFC 7617 §2).
///
/// # Errors
/// [`AuthorizationError`]; `OtherScheme` when this is no Basic header at all.
pub fn credentials(header: &[u8]) -> Result<Credentials, AuthorizationError> {
    let encoded = after_scheme(header, b"basic", MAX_BASIC_BYTES)?; // RFC 6749 §2.3.1
    let plain = Zeroizing::new(
        STANDARD
            .decode(encoded)
            .map_err(|_| AuthorizationError::NotBase64)?,
    );
    let colon = plain
        .iter()
        .position(|&b| b == b':')
        .ok_or(AuthorizationError::NoColon)?;
    let client_id = decode(&plain[..colon])?;
    let client_secret = decode(&plain[colon + 1..])?;
    if client_id.is_empty() {
        return Err(AuthorizationError::NoClientId);
    }
    Ok(Credentials {
        client_id: client_id.to_string(),
        client_secret: (!client_secret.is_empty()).then_some(client_secret),
    })
}

/// Reads `Bearer <b64token>` and returns the token; the scheme in any case,
/// exactly one space, nothing after (RFC 6750 §2.1).
///
/// # Errors
/// [`AuthorizationError`]; `OtherScheme` when this is no Bearer header at all.
pub fn bearer(header: &[u8]) -> Result<&str, AuthorizationError> {
    let token = after_scheme(header, b"bearer", MAX_BEARER_BYTES)?; // RFC 6750 §2.1
    let padding = token.iter().rev().take_while(|&&b| b == b'=').count();
    let body = &token[..token.len() - padding];
    let in_alphabet =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
    if body.is_empty() || !body.iter().all(in_alphabet) {
        return Err(AuthorizationError::Malformed);
    }
    str::from_utf8(token).map_err(|_| AuthorizationError::Malformed)
}

/// What follows `scheme` and one space.
fn after_scheme<'a>(
    header: &'a [u8],
    scheme: &[u8],
    max: usize,
) -> Result<&'a [u8], AuthorizationError> {
    let name = header.split(|&b| b == b' ').next().unwrap_or_default();
    if !name.eq_ignore_ascii_case(scheme) {
        return Err(AuthorizationError::OtherScheme);
    }
    if header.len() > max {
        return Err(AuthorizationError::TooLong);
    }
    match header.get(name.len() + 1..) {
        None | Some([] | [b' ', ..]) => Err(AuthorizationError::Malformed),
        Some(rest) => Ok(rest),
    }
}

fn decode(part: &[u8]) -> Result<Zeroizing<String>, AuthorizationError> {
    let mut bytes = Vec::with_capacity(part.len());
    percent::decode_form(part, &mut bytes).ok_or(AuthorizationError::Escape)?;
    let text = String::from_utf8(bytes).map_err(|_| AuthorizationError::NotText)?;
    let text = Zeroizing::new(text);
    if text.chars().any(char::is_control) {
        return Err(AuthorizationError::NotText);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn basic(plain: &str) -> Vec<u8> {
        format!("Basic {}", STANDARD.encode(plain)).into_bytes()
    }

    fn read(plain: &str) -> Result<(String, Option<String>), AuthorizationError> {
        let found = credentials(&basic(plain))?;
        Ok((found.client_id, found.client_secret.map(|s| s.to_string())))
    }

    #[test]
    fn rfc6749_section_2_3_1() {
        let found = credentials(b"Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3").unwrap();
        assert_eq!(found.client_id, "s6BhdRkqt3");
        assert_eq!(
            found.client_secret.unwrap().as_str(),
            "7Fjfp0ZBr1KtDRbnfVdmIw"
        );
    }

    #[test]
    fn both_parts_are_form_decoded() {
        assert_eq!(
            read("a%3Ab+c:d%25:e"),
            Ok(("a:b c".into(), Some("d%:e".into())))
        );
        assert_eq!(read("id:"), Ok(("id".into(), None)));
        assert_eq!(read("id:%zz"), Err(AuthorizationError::Escape));
        assert_eq!(read("id:%00"), Err(AuthorizationError::NotText));
        assert_eq!(read("id:%FF"), Err(AuthorizationError::NotText));
        assert_eq!(read("id"), Err(AuthorizationError::NoColon));
        assert_eq!(read(":secret"), Err(AuthorizationError::NoClientId));
    }

    #[test]
    fn the_scheme_is_a_word_in_any_case_and_one_space() {
        for header in ["basic aWQ6eA==", "BASIC aWQ6eA=="] {
            assert!(credentials(header.as_bytes()).is_ok(), "{header}");
        }
        for header in ["", "Basic", "Basic ", "Basic  aWQ6eA=="] {
            let error = credentials(header.as_bytes()).unwrap_err();
            assert!(
                matches!(
                    error,
                    AuthorizationError::Malformed | AuthorizationError::OtherScheme
                ),
                "{header}"
            );
        }
        for header in [
            "Basic aWQ6eA",
            "Basic aWQ6eA== ",
            "Basic aWQ6eA==,x",
            "Basic aWQ6e_==",
        ] {
            assert_eq!(
                credentials(header.as_bytes()),
                Err(AuthorizationError::NotBase64),
                "{header}"
            );
        }
        for header in ["Bearer aWQ6eA==", "Basically aWQ6eA==", " Basic aWQ6eA=="] {
            assert_eq!(
                credentials(header.as_bytes()),
                Err(AuthorizationError::OtherScheme),
                "{header}"
            );
        }
        let long = format!("Basic {}", "A".repeat(MAX_BASIC_BYTES));
        assert_eq!(
            credentials(long.as_bytes()),
            Err(AuthorizationError::TooLong)
        );
    }

    #[test]
    fn a_bearer_token_is_taken_whole_or_not_at_all() {
        assert_eq!(bearer(b"Bearer gr_at_abc-._~+/=="), Ok("gr_at_abc-._~+/=="));
        assert_eq!(bearer(b"bEARER x"), Ok("x"));
        for header in [
            "Bearer",
            "Bearer ",
            "Bearer  x",
            "Bearer x y",
            "Bearer x ",
            "Bearer =",
            "Bearer a=b",
            "Bearer x,y",
            "Bearer \u{e9}",
        ] {
            assert_eq!(
                bearer(header.as_bytes()),
                Err(AuthorizationError::Malformed),
                "{header}"
            );
        }
        assert_eq!(bearer(b"Basic x"), Err(AuthorizationError::OtherScheme));
        assert_eq!(bearer(b"Bearer\tx"), Err(AuthorizationError::OtherScheme));
        let long = format!("Bearer {}", "x".repeat(MAX_BEARER_BYTES - 7));
        assert!(bearer(long.as_bytes()).is_ok());
        assert_eq!(
            bearer(format!("{long}x").as_bytes()),
            Err(AuthorizationError::TooLong)
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        assert!(!format!("{:?}", credentials(&basic("id:hunter2")).unwrap()).contains("hunter2"));
    }

    proptest! {
        #[test]
        fn credentials_survive_the_trip(id in "\\PC{1,40}", secret in "\\PC{1,40}") {
            let mut plain = String::new();
            percent::push_encoded(&id, &mut plain);
            plain.push(':');
            percent::push_encoded(&secret, &mut plain);
            prop_assert_eq!(read(&plain), Ok((id, Some(secret))));
        }
    }
}
