//! Proof Key for Code Exchange, S256 only (RFC 7636, RFC 9700 §2.1.1).

use aws_lc_rs::{constant_time, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// A code challenge: base64url(SHA-256(verifier)), 43 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// `None` unless it is the base64url form of 32 bytes (RFC 7636 §4.2).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` is the one this challenge was made from (RFC 7636 §4.6).
    pub fn proved_by(&self, verifier: &str) -> bool {
        let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
        let expected = BASE64_URL_SAFE_NO_PAD.encode(hash);
        is_verifier(verifier)
            && constant_time::verify_slices_are_equal(expected.as_bytes(), self.0.as_bytes())
                .is_ok()
    }
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved) // RFC 7636 §4.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc7636_appendix_b() {
        let challenge = Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert!(challenge.proved_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.proved_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        assert!(!challenge.proved_by(challenge.as_str()));
    }

    #[test]
    fn a_challenge_is_a_sha_256() {
        assert_eq!(Challenge::parse(""), None);
        assert_eq!(Challenge::parse("abc"), None);
        assert_eq!(
            Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="),
            None
        );
    }

    #[test]
    fn a_verifier_has_a_length() {
        let short = "a".repeat(42);
        let hash = digest::digest(&digest::SHA256, short.as_bytes());
        let challenge = Challenge::parse(&BASE64_URL_SAFE_NO_PAD.encode(hash)).unwrap();
        assert!(!challenge.proved_by(&short));
    }
}
