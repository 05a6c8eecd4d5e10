//! Verifying compact JWS (RFC 7515 §5.2), with the algorithm that belongs to the key.

use crate::{
    algorithm::Algorithm,
    base64url,
    claims::Claims,
    header::{Header, HeaderError},
    jwk::{Jwk, JwkError, PublicKey},
};
use aws_lc_rs::{
    hmac,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA256,
    },
};

/// The shortest HMAC secret, in bytes: as long as the hash (RFC 7518 §3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// Why a text is not a compact JWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("the token has more than {0} bytes")]
    TooLong(usize),
    #[error("the token does not consist of three parts")]
    Parts,
    #[error("the token's payload or signature is not base64url without padding")]
    Base64,
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// Why a JWS is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("the token is not signed with {0}, which was agreed on")]
    OtherAlgorithm(Algorithm),
    #[error("the token names another key by its kid")]
    OtherKey,
    #[error("the token's typ is not the one expected here")]
    OtherType,
    #[error("the signature does not fit")]
    Signature,
}

/// A compact JWS as somebody presented it: read, and nothing of it proved.
///
/// What its header says serves to find the key that the signer is known by;
/// the payload is given out by [`VerifyingKey::verify`] alone.
#[derive(Debug)]
pub struct Compact<'t> {
    header: Header,
    signed: &'t str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'t> Compact<'t> {
    /// Reads header, payload and signature of a text of at most `max` bytes.
    /// A header with `crit`, `b64` or `zip` is refused.
    ///
    /// # Errors
    /// [`ParseError`], at the first thing wrong.
    pub fn parse(text: &'t str, max: usize) -> Result<Self, ParseError> {
        if text.len() > max {
            return Err(ParseError::TooLong(max));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(ParseError::Parts)?;
        let (header, payload) = signed.split_once('.').ok_or(ParseError::Parts)?;
        if payload.contains('.') {
            return Err(ParseError::Parts);
        }
        Ok(Self {
            header: Header::parse(header)?,
            signed,
            payload: base64url::decode(payload).ok_or(ParseError::Base64)?,
            signature: base64url::decode(signature).ok_or(ParseError::Base64)?,
        })
    }

    /// The header's `kid`, to look for a key with.
    pub fn kid(&self) -> Option<&str> {
        self.header.known("kid")
    }

    /// The header's `alg`, to say what is wrong with. Not to choose with: that
    /// is what attackers want of it (RFC 8725 §2.1).
    pub fn alg(&self) -> &str {
        self.header.known("alg").unwrap_or_default()
    }

    /// The header's `typ`.
    pub fn typ(&self) -> Option<&str> {
        self.header.known("typ")
    }

    /// What the payload claims in a string, for finding out whose keys to fetch
    /// when nothing else says so (an assertion's `sub`). It is proved by
    /// nothing until [`VerifyingKey::verify`] has succeeded.
    pub fn unproved_claim(&self, name: &'static str) -> Option<String> {
        let claims = Claims::parse(&self.payload, self.payload.len()).ok()?;
        claims.text(name).ok().flatten().map(str::to_owned)
    }

    pub(crate) fn payload(self) -> Vec<u8> {
        self.payload
    }

    pub(crate) fn is_signed(&self) -> bool {
        !self.signature.is_empty()
    }
}

/// What `typ` a token must have, so that no kind of token passes as another
/// (RFC 8725 §3.11). Compared without case and without `application/`
/// (RFC 7515 §4.1.9).
#[derive(Clone, Copy, Debug)]
pub enum ExpectedType<'a> {
    /// This one, stated.
    Only(&'a str),
    /// None, or one of these: for kinds older than the rule, as ID tokens and
    /// client assertions.
    AbsentOr(&'a [&'a str]),
}

impl ExpectedType<'_> {
    fn admits(self, typ: Option<&str>) -> bool {
        let is = |typ: &str, expected: &str| {
            let (head, rest) = typ
                .split_at_checked("application/".len())
                .unwrap_or_default();
            let whole = head.eq_ignore_ascii_case("application/");
            typ.eq_ignore_ascii_case(expected) || whole && rest.eq_ignore_ascii_case(expected)
        };
        match (self, typ) {
            (Self::Only(expected), Some(typ)) => is(typ, expected),
            (Self::Only(_), None) => false,
            (Self::AbsentOr(_), None) => true,
            (Self::AbsentOr(known), Some(typ)) => known.iter().any(|it| is(typ, it)),
        }
    }
}

/// A key and the one algorithm it verifies, held parsed.
pub struct VerifyingKey {
    algorithm: Algorithm,
    kid: Option<String>,
    key: Key,
}

enum Key {
    Public(ParsedPublicKey),
    Secret(Box<hmac::Key>),
}

impl VerifyingKey {
    /// A public key for `algorithm`, which was agreed on with the signer and
    /// does not come from a message.
    ///
    /// # Errors
    /// [`JwkError::OtherAlgorithm`] and [`JwkError::OtherUse`] when the key is
    /// for something else, so always for HS256: a public key is no secret.
    pub fn from_jwk(jwk: &Jwk, algorithm: Algorithm) -> Result<Self, JwkError> {
        jwk.may_verify(algorithm)?;
        let parsed = match &jwk.key {
            PublicKey::Rsa { n, e } => {
                let parameters = match algorithm {
                    Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                PublicKeyComponents { n, e }
                    .to_parsed_public_key(parameters)
                    .map_err(|_| JwkError::RsaModulus)?
            }
            PublicKey::P256(point) => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .map_err(|_| JwkError::Point)?,
            PublicKey::Ed25519(x) => {
                ParsedPublicKey::new(&ED25519, x).map_err(|_| JwkError::Point)?
            }
            PublicKey::X25519(_) => return Err(JwkError::OtherAlgorithm(algorithm.name())),
        };
        Ok(Self {
            algorithm,
            kid: jwk.kid().map(str::to_owned),
            key: Key::Public(parsed),
        })
    }

    /// A shared secret, for HS256; `None` when it has fewer than
    /// [`MIN_SECRET_BYTES`] (RFC 7518 §3.2).
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        (secret.len() >= MIN_SECRET_BYTES).then(|| Self {
            algorithm: Algorithm::Hs256,
            kid: None,
            key: Key::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret))),
        })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The payload, once header and signature are what they have to be.
    ///
    /// # Errors
    /// [`VerifyError`], at the first thing wrong.
    pub fn verify<'c>(
        &self,
        jws: &'c Compact<'_>,
        typ: ExpectedType<'_>,
    ) -> Result<&'c [u8], VerifyError> {
        if Algorithm::parse(jws.alg()) != Some(self.algorithm) {
            return Err(VerifyError::OtherAlgorithm(self.algorithm)); // RFC 8725 §3.1
        }
        let same = |ours: &String| jws.kid().is_none_or(|theirs| theirs == ours);
        if !self.kid.as_ref().is_none_or(same) {
            return Err(VerifyError::OtherKey); // RFC 7515 §4.1.4
        }
        if !typ.admits(jws.typ()) {
            return Err(VerifyError::OtherType); // RFC 8725 §3.11
        }
        if !self.proves(jws.signed.as_bytes(), &jws.signature) {
            return Err(VerifyError::Signature); // RFC 7515 §5.2
        }
        Ok(&jws.payload)
    }

    pub(crate) fn proves(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            Key::Public(key) => key.verify_sig(message, signature).is_ok(),
            Key::Secret(key) => hmac::verify(key, message, signature).is_ok(),
        }
    }
}

#[cfg(test)]
mod wycheproof;
