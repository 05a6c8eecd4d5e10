//! Sets of public keys (RFC 7517 §5), and the choice of one of them.

use super::{Jwk, JwkError};
use crate::{algorithm::Algorithm, json::parse_object, jwe::KeyManagement};
use serde_json::{Value, json};

/// The longest set that is read, in bytes.
pub const MAX_SET_BYTES: usize = 64 * 1024;
/// The most keys in one set.
pub const MAX_SET_KEYS: usize = 100;

/// A set of public keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<(usize, JwkError)>,
}

/// Why a set gave no key. The sentences are for the developer of the app whose set it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    #[error("no key of the set has this kid, algorithm and use")]
    NoKey,
    #[error("several keys of the set fit: name one by kid")]
    SeveralKeys,
}

impl JwkSet {
    pub fn new(keys: Vec<Jwk>) -> Self {
        Self {
            keys,
            skipped: Vec::new(),
        }
    }

    /// Reads a set of at most [`MAX_SET_BYTES`] and [`MAX_SET_KEYS`] keys.
    ///
    /// Keys that this crate does not support or that are malformed are skipped,
    /// so that one new or broken key does not lock its owner out (RFC 7517 §5);
    /// [`JwkSet::skipped`] tells why. A private or symmetric key refuses the
    /// whole set: it has been published, and only refusal will be noticed.
    ///
    /// # Errors
    /// [`JwkError`]: for the set itself, or of the key that refuses it.
    pub fn parse(text: &[u8]) -> Result<Self, JwkError> {
        let members = parse_object(text, MAX_SET_BYTES)?;
        let list = members.get("keys").ok_or(JwkError::Missing("keys"))?;
        let list = list.as_array().ok_or(JwkError::Type("keys"))?;
        if list.len() > MAX_SET_KEYS {
            return Err(JwkError::TooManyKeys);
        }
        let mut set = Self::default();
        for (at, item) in list.iter().enumerate() {
            let members = item.as_object().ok_or(JwkError::Type("keys"));
            match members.and_then(Jwk::from_members) {
                Ok(jwk) => set.keys.push(jwk),
                Err(leak @ (JwkError::PrivateMember(_) | JwkError::SymmetricKey)) => {
                    return Err(leak);
                }
                Err(reason) => set.skipped.push((at, reason)),
            }
        }
        Ok(set)
    }

    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// What was skipped: the place in `keys`, counted from 0, and why.
    pub fn skipped(&self) -> &[(usize, JwkError)] {
        &self.skipped
    }

    /// The set as it may be published.
    pub fn to_json(&self) -> Value {
        json!({"keys": self.keys.iter().map(Jwk::to_json).collect::<Vec<_>>()})
    }

    /// The one key to verify a signature of `algorithm` with. `algorithm` is
    /// what was agreed with the signer, never the header's; `kid` is the
    /// header's. Two keys may share a kid as long as only one of them fits
    /// (RFC 7517 §4.5); with no kid, only one may fit at all.
    ///
    /// # Errors
    /// [`SelectError`].
    pub fn to_verify(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Jwk, SelectError> {
        self.only(kid, |jwk| jwk.may_verify(algorithm).is_ok())
    }

    /// The one key to encrypt to with `algorithm`: the first that fits, for the
    /// owner of the set can open what is sent to any.
    ///
    /// # Errors
    /// [`SelectError::NoKey`].
    pub fn to_encrypt(&self, algorithm: KeyManagement) -> Result<&Jwk, SelectError> {
        let mut keys = self.keys.iter();
        keys.find(|jwk| jwk.may_encrypt(algorithm).is_ok())
            .ok_or(SelectError::NoKey)
    }

    fn only(&self, kid: Option<&str>, fits: impl Fn(&Jwk) -> bool) -> Result<&Jwk, SelectError> {
        let named = |jwk: &&Jwk| kid.is_none_or(|kid| jwk.kid() == Some(kid));
        let mut fitting = self.keys.iter().filter(named).filter(|jwk| fits(jwk));
        match (fitting.next(), fitting.next()) {
            (Some(jwk), None) => Ok(jwk),
            (None, _) => Err(SelectError::NoKey),
            _ => Err(SelectError::SeveralKeys),
        }
    }
}
