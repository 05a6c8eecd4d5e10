//! base64url without padding (RFC 7515 §2).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// The bytes that `text` is the one spelling of; `None` for padding, white
/// space, another alphabet and bits that no byte needs.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn push(bytes: &[u8], text: &mut String) {
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_string_has_one_spelling() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for other in ["AR", "AQ=", "AQ==", "A", "A Q", "AQ\n", "+/+/"] {
            assert_eq!(decode(other), None, "{other}");
        }
    }
}
