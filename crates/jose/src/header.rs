//! The protected header of a compact message (RFC 7515 §4, RFC 7516 §4).

use crate::{
    base64url,
    json::{JsonError, parse_object},
    jwk::MAX_KID_BYTES,
};
use serde_json::{Map, Value};

/// The longest header that is read, in bytes of JSON.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("the header is not base64url without padding")]
    Base64,
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("the header has no {0}")]
    Missing(&'static str),
    #[error("the header's {0} is not a string")]
    Type(&'static str),
    #[error("the header's kid must have 1 to {MAX_KID_BYTES} bytes")]
    KeyId,
    #[error("the header asks for the extension {0}, which is not supported")]
    Extension(&'static str),
}

/// A header's members. Keys and links to keys in it (`jwk`, `jku`, `x5c`,
/// `x5u`) are never looked at: a message does not choose the key that proves it.
#[derive(Clone, Debug)]
pub(crate) struct Header(Map<String, Value>);

impl Header {
    pub(crate) fn parse(encoded: &str) -> Result<Self, HeaderError> {
        let text = base64url::decode(encoded).ok_or(HeaderError::Base64)?;
        let header = Self(parse_object(&text, MAX_HEADER_BYTES)?);
        for extension in ["crit", "b64", "zip"] {
            if header.0.contains_key(extension) {
                return Err(HeaderError::Extension(extension)); // RFC 7515 §4.1.11, RFC 7797 §3
            }
        }
        header.required("alg")?;
        header.text("typ")?;
        header.text("cty")?;
        match header.text("kid")? {
            Some(kid) if !(1..=MAX_KID_BYTES).contains(&kid.len()) => Err(HeaderError::KeyId),
            _ => Ok(header),
        }
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, HeaderError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(HeaderError::Type(name)),
        }
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&str, HeaderError> {
        self.text(name)?.ok_or(HeaderError::Missing(name))
    }

    /// A member whose type was checked before; absent otherwise.
    pub(crate) fn known(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}
