//! Public keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2) and their thumbprints (RFC 7638).

mod set;

pub use set::{JwkSet, MAX_SET_BYTES, MAX_SET_KEYS, SelectError};

use crate::{
    algorithm::Algorithm,
    base64url,
    json::{JsonError, parse_object},
    jwe::KeyManagement,
};
use aws_lc_rs::{
    digest,
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The longest JWK that is read, in bytes. It may carry an X.509 chain, which is ignored.
pub const MAX_JWK_BYTES: usize = 16 * 1024;
/// The most `key_ops` of a JWK; there are eight (RFC 7517 §4.3).
pub const MAX_OPERATIONS: usize = 16;
/// The longest key id, in bytes.
pub const MAX_KID_BYTES: usize = 256;
/// The smallest and the largest RSA modulus, in bits (RFC 7518 §3.3 sets the smallest).
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Why a JSON object is no public key of ours, or not for this use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("the JWK has no member {0}")]
    Missing(&'static str),
    #[error("the member {0} of the JWK has the wrong type")]
    Type(&'static str),
    #[error("the member {0} of the JWK is not base64url without padding")]
    Base64(&'static str),
    #[error(
        "the JWK holds the private member {0}: publish the public key only, and replace this one"
    )]
    PrivateMember(&'static str),
    #[error("the JWK is a symmetric key: replace it, for it has been shown")]
    SymmetricKey,
    #[error("the set has more than {MAX_SET_KEYS} keys")]
    TooManyKeys,
    #[error("the JWK's kty or crv is not supported")]
    UnsupportedKey,
    #[error("the RSA modulus must be odd and have 2048 to 4096 bits, without leading zeros")]
    RsaModulus,
    #[error(
        "the RSA exponent must be odd, at least 3 and at most 33 bits long, without leading zeros"
    )]
    RsaExponent,
    #[error("the coordinates are no point of the curve, or have not its length")]
    Point,
    #[error("the kid must have 1 to {MAX_KID_BYTES} bytes")]
    KeyId,
    #[error("key_ops lists an operation twice")]
    RepeatedOperation,
    #[error("key_ops lists more than {MAX_OPERATIONS} operations")]
    TooManyOperations,
    #[error("the JWK's kty, crv or alg does not fit {0}")]
    OtherAlgorithm(&'static str),
    #[error("the JWK's use or key_ops does not allow {0}")]
    OtherUse(&'static str),
}

/// A public key, checked. Private members were refused, unknown ones dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    pub(crate) key: PublicKey,
    kid: Option<String>,
    alg: Option<String>,
    usage: Option<String>,
    operations: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point: `04`, x, y.
    P256([u8; 65]),
    Ed25519([u8; 32]),
    X25519([u8; 32]),
}

impl Jwk {
    /// Reads one JWK of at most [`MAX_JWK_BYTES`].
    ///
    /// # Errors
    /// [`JwkError`], at the first thing wrong.
    pub fn parse(text: &[u8]) -> Result<Self, JwkError> {
        Self::from_members(&parse_object(text, MAX_JWK_BYTES)?)
    }

    /// The object must come from [`parse_object`], which refuses repeated members.
    pub(crate) fn from_members(members: &Map<String, Value>) -> Result<Self, JwkError> {
        let text = |name| optional_text(members, name);
        let kty = text("kty")?.ok_or(JwkError::Missing("kty"))?;
        if kty == "oct" {
            return Err(JwkError::SymmetricKey);
        }
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            if members.contains_key(name) {
                return Err(JwkError::PrivateMember(name));
            }
        }
        let key = match (kty, text("crv")?) {
            ("RSA", _) => PublicKey::rsa(bytes(members, "n")?, bytes(members, "e")?)?,
            ("EC", Some("P-256")) => PublicKey::p256(&bytes(members, "x")?, &bytes(members, "y")?)?,
            ("OKP", Some("Ed25519")) => PublicKey::ed25519(&bytes(members, "x")?)?,
            ("OKP", Some("X25519")) => PublicKey::x25519(&bytes(members, "x")?)?,
            ("EC" | "OKP", None) => return Err(JwkError::Missing("crv")),
            _ => return Err(JwkError::UnsupportedKey),
        };
        let kid = text("kid")?;
        if kid.is_some_and(|kid| !(1..=MAX_KID_BYTES).contains(&kid.len())) {
            return Err(JwkError::KeyId);
        }
        Ok(Self {
            key,
            kid: kid.map(str::to_owned),
            alg: text("alg")?.map(str::to_owned),
            usage: text("use")?.map(str::to_owned),
            operations: operations(members)?,
        })
    }

    /// A key of our own, for the set we publish: with `kid`, `alg` and `use`.
    /// Its `kid` is its thumbprint.
    pub(crate) fn published(key: PublicKey, alg: &str, usage: &str) -> Self {
        let mut jwk = Self {
            key,
            kid: None,
            alg: Some(alg.to_owned()),
            usage: Some(usage.to_owned()),
            operations: None,
        };
        jwk.kid = Some(jwk.thumbprint());
        jwk
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The same key under another id, of 1 to [`MAX_KID_BYTES`] bytes.
    ///
    /// # Errors
    /// [`JwkError::KeyId`].
    pub fn with_kid(self, kid: &str) -> Result<Self, JwkError> {
        if !(1..=MAX_KID_BYTES).contains(&kid.len()) {
            return Err(JwkError::KeyId);
        }
        Ok(Self {
            kid: Some(kid.to_owned()),
            ..self
        })
    }

    /// The same key, for every algorithm that its type and `use` allow.
    pub fn without_alg(self) -> Self {
        Self { alg: None, ..self }
    }

    /// SHA-256 over the required members, in base64url: 43 characters (RFC 7638 §3).
    pub fn thumbprint(&self) -> String {
        // Sorted by name, without spaces; none of the values needs an escape (RFC 7638 §3.3).
        let members: BTreeMap<_, _> = self.key.members().into_iter().collect();
        let text = json!(members).to_string();
        base64url::encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
    }

    /// The public members, as they may be published.
    pub fn to_json(&self) -> Value {
        let mut members = self.key.members();
        let mut put = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                members.insert(name.to_owned(), value.as_str().into());
            }
        };
        put("kid", &self.kid);
        put("alg", &self.alg);
        put("use", &self.usage);
        if let Some(operations) = &self.operations {
            members.insert("key_ops".to_owned(), json!(operations));
        }
        Value::Object(members)
    }

    /// Whether signatures of `algorithm` may be verified with this key.
    ///
    /// # Errors
    /// [`JwkError::OtherAlgorithm`], [`JwkError::OtherUse`].
    pub fn may_verify(&self, algorithm: Algorithm) -> Result<(), JwkError> {
        let fits = matches!(
            (&self.key, algorithm),
            (PublicKey::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
                | (PublicKey::P256(_), Algorithm::Es256)
                | (PublicKey::Ed25519(_), Algorithm::EdDsa)
        );
        let named = |alg: &String| Algorithm::parse(alg) == Some(algorithm);
        if !fits || !self.alg.as_ref().is_none_or(named) {
            return Err(JwkError::OtherAlgorithm(algorithm.name())); // RFC 7517 §4.4
        }
        if !self.allows("sig", &["verify"]) {
            return Err(JwkError::OtherUse("verifying")); // RFC 7517 §4.2, §4.3
        }
        Ok(())
    }

    /// Whether something may be encrypted to this key with `algorithm`.
    ///
    /// # Errors
    /// [`JwkError::OtherAlgorithm`], [`JwkError::OtherUse`].
    pub fn may_encrypt(&self, algorithm: KeyManagement) -> Result<(), JwkError> {
        let fits = match &self.key {
            PublicKey::Rsa { .. } => algorithm.is_rsa(),
            PublicKey::P256(_) | PublicKey::X25519(_) => algorithm.is_agreement(),
            PublicKey::Ed25519(_) => false,
        };
        if !fits || self.alg.as_ref().is_some_and(|alg| alg != algorithm.name()) {
            return Err(JwkError::OtherAlgorithm(algorithm.name())); // RFC 7517 §4.4
        }
        let operations: &[&str] = match algorithm.is_rsa() {
            true => &["encrypt", "wrapKey"],
            false => &["deriveKey", "deriveBits"],
        };
        if !self.allows("enc", operations) {
            return Err(JwkError::OtherUse("encryption")); // RFC 7517 §4.2, §4.3
        }
        Ok(())
    }

    fn allows(&self, usage: &str, operations: &[&str]) -> bool {
        let listed = |list: &Vec<String>| list.iter().any(|it| operations.contains(&it.as_str()));
        self.usage.as_deref().is_none_or(|it| it == usage)
            && self.operations.as_ref().is_none_or(listed)
    }
}

impl PublicKey {
    pub(crate) fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, JwkError> {
        let bits = |number: &[u8]| match number.first() {
            None | Some(0) => None, // RFC 7518 §6.3.1.1: no octet more than needed
            Some(first) => Some(number.len() * 8 - first.leading_zeros() as usize),
        };
        let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
        if !bits(&n).is_some_and(|bits| RSA_BITS.contains(&bits)) || !odd(&n) {
            return Err(JwkError::RsaModulus);
        }
        // 33 bits are the most that cryptographic libraries agree to compute with.
        if !bits(&e).is_some_and(|bits| (2..=33).contains(&bits)) || !odd(&e) {
            return Err(JwkError::RsaExponent);
        }
        Ok(Self::Rsa { n, e })
    }

    fn p256(x: &[u8], y: &[u8]) -> Result<Self, JwkError> {
        let mut point = [4; 65];
        if x.len() != 32 || y.len() != 32 {
            return Err(JwkError::Point); // RFC 7518 §6.2.1.2: the full length
        }
        point[1..33].copy_from_slice(x);
        point[33..].copy_from_slice(y);
        Self::p256_point(point)
    }

    pub(crate) fn p256_point(point: [u8; 65]) -> Result<Self, JwkError> {
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::Point)?;
        Ok(Self::P256(point))
    }

    pub(crate) fn ed25519(x: &[u8]) -> Result<Self, JwkError> {
        let key = x.try_into().map_err(|_| JwkError::Point)?; // RFC 8037 §2
        ParsedPublicKey::new(&ED25519, x).map_err(|_| JwkError::Point)?;
        Ok(Self::Ed25519(key))
    }

    fn x25519(x: &[u8]) -> Result<Self, JwkError> {
        Ok(Self::X25519(x.try_into().map_err(|_| JwkError::Point)?)) // RFC 8037 §2
    }

    /// The members that make the key, and no other (RFC 7638 §3.2, RFC 8037 §2).
    pub(crate) fn members(&self) -> Map<String, Value> {
        let named = |kind: &str, numbers: &[(&str, &[u8])]| {
            let mut members = Map::new();
            members.insert("kty".to_owned(), kind.into());
            for (name, number) in numbers {
                members.insert((*name).to_owned(), base64url::encode(number).into());
            }
            members
        };
        let (mut members, curve) = match self {
            Self::Rsa { n, e } => return named("RSA", &[("n", n), ("e", e)]),
            Self::P256(point) => {
                let (x, y) = (&point[1..33], &point[33..]);
                (named("EC", &[("x", x), ("y", y)]), "P-256")
            }
            Self::Ed25519(x) => (named("OKP", &[("x", x)]), "Ed25519"),
            Self::X25519(x) => (named("OKP", &[("x", x)]), "X25519"),
        };
        members.insert("crv".to_owned(), curve.into());
        members
    }
}

fn optional_text<'m>(
    members: &'m Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'m str>, JwkError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwkError::Type(name)),
    }
}

fn bytes(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkError> {
    let text = optional_text(members, name)?.ok_or(JwkError::Missing(name))?;
    base64url::decode(text).ok_or(JwkError::Base64(name))
}

fn operations(members: &Map<String, Value>) -> Result<Option<Vec<String>>, JwkError> {
    let Some(value) = members.get("key_ops") else {
        return Ok(None);
    };
    let wrong = JwkError::Type("key_ops");
    let mut read: Vec<String> = Vec::new();
    for item in value.as_array().ok_or(wrong.clone())? {
        let item = item.as_str().ok_or(wrong.clone())?;
        if read.iter().any(|earlier| earlier == item) {
            return Err(JwkError::RepeatedOperation); // RFC 7517 §4.3
        }
        if read.len() == MAX_OPERATIONS {
            return Err(JwkError::TooManyOperations);
        }
        read.push(item.to_owned());
    }
    Ok(Some(read))
}
