//! JWS without any signature (`alg: none`, RFC 7515 appendix A.5, RFC 7519 §6).
//!
//! Only for an app that registered for exactly this: OpenID Connect's unsigned
//! request objects and `id_token_signed_response_alg: none`. Neither function
//! is reached from the ones that sign or verify.

use crate::{
    base64url,
    verify::{Compact, ParseError},
};

/// Why a text is not an unsecured JWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsecuredError {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("the token's alg is not none")]
    Algorithm,
    #[error("the token's alg is none, and yet it has a signature")]
    Signature,
}

/// The payload of a JWS that *nothing proves*: anybody may have written it.
///
/// # Errors
/// [`UnsecuredError`]; also for a signed one, so that a signature is never
/// skipped by calling this.
pub fn read_proved_by_nothing(text: &str, max: usize) -> Result<Vec<u8>, UnsecuredError> {
    let jws = Compact::parse(text, max)?;
    if jws.alg() != "none" {
        return Err(UnsecuredError::Algorithm); // RFC 7518 §3.6
    }
    if jws.is_signed() {
        return Err(UnsecuredError::Signature); // RFC 7518 §3.6
    }
    Ok(jws.payload())
}

/// A JWS that *nothing proves*: anybody can write the same.
pub fn write_proved_by_nothing(payload: &[u8]) -> String {
    let mut text = base64url::encode(br#"{"alg":"none"}"#);
    text.push('.');
    base64url::push(payload, &mut text);
    text.push('.');
    text
}
