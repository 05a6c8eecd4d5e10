//! The signature algorithms that Grantor signs and verifies with (RFC 7518 §3.1, RFC 8037 §3.1).

use std::fmt;

/// A signature algorithm. It is part of a key, never taken from a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519; no other curve of EdDSA is supported.
    EdDsa,
    /// HMAC with SHA-256.
    Hs256,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [
        Self::Rs256,
        Self::Ps256,
        Self::Es256,
        Self::EdDsa,
        Self::Hs256,
    ];

    /// The name as `alg` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// Reads an `alg`, by case (RFC 7515 §4.1.1). `Ed25519` is the fully
    /// specified name of what this crate does under `EdDSA` (RFC 9864 §2.2).
    pub fn parse(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDsa);
        }
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_case_and_none_is_no_algorithm() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.name()), Some(algorithm));
            assert_eq!(
                Algorithm::parse(&algorithm.name().to_ascii_lowercase()),
                None
            );
        }
        assert_eq!(Algorithm::parse("Ed25519"), Some(Algorithm::EdDsa));
        for other in ["none", "None", "", "HS512", "ES256K", "Ed448", "RS256 "] {
            assert_eq!(Algorithm::parse(other), None, "{other}");
        }
    }
}
