//! Compact JWE (RFC 7516): encryption to an app's key, decryption with ours.
//!
//! Both algorithms are bound to the key, as for signatures. Password-based
//! (`PBES2-*`) and PKCS#1 v1.5 (`RSA1_5`) key management do not exist here: the
//! sender of the first chooses how long the receiver computes, and the second
//! is an oracle (RFC 8725 §3.2).

mod agree;
mod content;
mod decrypt;
mod encrypt;

pub use content::ContentEncryption;
pub use decrypt::{CompactJwe, DecryptError, DecryptingKey, JweParseError};
pub use encrypt::{EncryptError, EncryptingKey};

use std::fmt;

/// How the content encryption key is managed: `alg` (RFC 7518 §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyManagement {
    /// RSAES-OAEP with SHA-1: for receivers that know no better.
    RsaOaep,
    RsaOaep256,
    EcdhEs,
    EcdhEsA128Kw,
    EcdhEsA256Kw,
    A128Kw,
    A256Kw,
    Dir,
}

impl KeyManagement {
    pub const ALL: [Self; 8] = [
        Self::RsaOaep,
        Self::RsaOaep256,
        Self::EcdhEs,
        Self::EcdhEsA128Kw,
        Self::EcdhEsA256Kw,
        Self::A128Kw,
        Self::A256Kw,
        Self::Dir,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::RsaOaep => "RSA-OAEP",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
            Self::A128Kw => "A128KW",
            Self::A256Kw => "A256KW",
            Self::Dir => "dir",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether it encrypts to a public key, rather than under a shared one.
    pub fn is_asymmetric(self) -> bool {
        self.is_rsa() || self.is_agreement()
    }

    pub(crate) fn is_rsa(self) -> bool {
        matches!(self, Self::RsaOaep | Self::RsaOaep256)
    }

    pub(crate) fn is_agreement(self) -> bool {
        matches!(self, Self::EcdhEs | Self::EcdhEsA128Kw | Self::EcdhEsA256Kw)
    }

    /// The length of a shared key, in bytes; `None` where there is a key pair.
    fn shared_bytes(self, enc: ContentEncryption) -> Option<usize> {
        match self {
            Self::Dir => Some(enc.key_bytes()),
            Self::A128Kw | Self::A256Kw => self.wrapping_bytes(),
            _ => None,
        }
    }

    /// The length of the AES key that wraps, in bytes.
    fn wrapping_bytes(self) -> Option<usize> {
        match self {
            Self::A128Kw | Self::EcdhEsA128Kw => Some(16),
            Self::A256Kw | Self::EcdhEsA256Kw => Some(32),
            Self::RsaOaep | Self::RsaOaep256 | Self::EcdhEs | Self::Dir => None,
        }
    }
}

impl fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod wycheproof;
