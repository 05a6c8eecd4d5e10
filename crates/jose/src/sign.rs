//! Signing compact JWS (RFC 7515 §5.1) with keys that are held parsed.

use crate::{
    algorithm::Algorithm,
    base64url,
    jwk::{Jwk, JwkError, PublicKey, RSA_BITS},
    verify::MIN_SECRET_BYTES,
};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RSA_PSS_SHA256, RsaKeyPair,
    },
};
use serde_json::json;
use zeroize::Zeroizing;

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the bytes are not a PKCS#8 private key for {0}")]
    NotPkcs8(&'static str),
    #[error("{0} takes a shared secret, not a key pair")]
    NotAKeyPair(&'static str),
    #[error("the secret has not the length that {0} needs")]
    SecretLength(&'static str),
    #[error(transparent)]
    Public(#[from] JwkError),
    #[error("the key could not be generated")]
    Generation,
}

/// The cryptographic library could not sign: the token must not be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SigningFailed;

/// What `typ` tokens usually have; their headers are encoded once.
const USUAL_TYPES: [Option<&str>; 4] = [None, Some("JWT"), Some("at+jwt"), Some("logout+jwt")];

/// A private key or a secret, and the one algorithm it signs with.
pub struct SigningKey {
    algorithm: Algorithm,
    key: Key,
    jwk: Option<Jwk>,
    /// The encoded headers of [`USUAL_TYPES`], each with its dot.
    headers: [String; USUAL_TYPES.len()],
}

enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Secret(Box<hmac::Key>),
}

impl SigningKey {
    /// A new private key as PKCS#8, to be stored sealed; RSA with 2048 bits.
    ///
    /// # Errors
    /// [`KeyError::NotAKeyPair`] for HS256, [`KeyError::Generation`].
    pub fn generate(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Generation;
        let random = SystemRandom::new();
        let der = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                der.as_ref().to_vec()
            }
            Algorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                    .map_err(failed)?
                    .as_ref()
                    .to_vec()
            }
            Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&random)
                .map_err(failed)?
                .as_ref()
                .to_vec(),
            Algorithm::Hs256 => return Err(KeyError::NotAKeyPair("HS256")),
        };
        Ok(Zeroizing::new(der))
    }

    /// Reads a private key; its `kid` is the thumbprint of its public half.
    ///
    /// # Errors
    /// [`KeyError`]: not PKCS#8, another kind of key, RSA outside [`RSA_BITS`], HS256.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        let refused = |_| KeyError::NotPkcs8(algorithm.name());
        let (key, public) = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                let pair = RsaKeyPair::from_pkcs8(der).map_err(refused)?;
                let n = pair.public_key().modulus();
                let e = pair.public_key().exponent();
                let public = PublicKey::rsa(
                    n.big_endian_without_leading_zero().to_vec(),
                    e.big_endian_without_leading_zero().to_vec(),
                )?;
                (Key::Rsa(pair), public)
            }
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
                    .map_err(refused)?;
                let point = pair.public_key().as_ref().try_into();
                let point = point.map_err(|_| JwkError::Point)?;
                (Key::P256(pair), PublicKey::p256_point(point)?)
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(der).map_err(refused)?;
                let public = PublicKey::ed25519(pair.public_key().as_ref())?;
                (Key::Ed25519(pair), public)
            }
            Algorithm::Hs256 => return Err(KeyError::NotAKeyPair("HS256")),
        };
        let jwk = Jwk::published(public, algorithm.name(), "sig");
        Ok(Self::new(algorithm, key, Some(jwk)))
    }

    /// A shared secret, for HS256.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`] below [`MIN_SECRET_BYTES`] (RFC 7518 §3.2).
    pub fn from_secret(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(KeyError::SecretLength("HS256"));
        }
        let key = Key::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)));
        Ok(Self::new(Algorithm::Hs256, key, None))
    }

    /// The same key under another id.
    ///
    /// # Errors
    /// [`JwkError::KeyId`]; a shared secret has no id, so it stays as it is.
    pub fn with_kid(self, kid: &str) -> Result<Self, JwkError> {
        let jwk = self.jwk.map(|jwk| jwk.with_kid(kid)).transpose()?;
        Ok(Self::new(self.algorithm, self.key, jwk))
    }

    fn new(algorithm: Algorithm, key: Key, jwk: Option<Jwk>) -> Self {
        let headers = USUAL_TYPES.map(|typ| header(algorithm, jwk.as_ref(), typ));
        Self {
            algorithm,
            key,
            jwk,
            headers,
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's id; `None` for a shared secret.
    pub fn kid(&self) -> Option<&str> {
        self.jwk.as_ref().and_then(Jwk::kid)
    }

    /// The public half, with `kid`, `alg` and `use`; `None` for a shared secret.
    pub fn public_jwk(&self) -> Option<&Jwk> {
        self.jwk.as_ref()
    }

    /// A compact JWS over `payload`; the header has `alg`, `kid` and `typ`.
    ///
    /// # Errors
    /// [`SigningFailed`].
    pub fn sign(&self, typ: Option<&str>, payload: &[u8]) -> Result<String, SigningFailed> {
        let mut usual = USUAL_TYPES.iter().zip(&self.headers);
        match usual.find(|(known, _)| **known == typ) {
            Some((_, header)) => self.sign_under(header, payload),
            None => self.sign_under(&header(self.algorithm, self.jwk.as_ref(), typ), payload),
        }
    }

    fn sign_under(&self, header: &str, payload: &[u8]) -> Result<String, SigningFailed> {
        let length = header.len() + (payload.len() + self.signature_bytes() + 4) * 4 / 3 + 1;
        let mut text = String::with_capacity(length);
        text.push_str(header);
        base64url::push(payload, &mut text);
        let mut bytes = [0; RSA_BITS.end().div_ceil(8)];
        let signature = self.signature(text.as_bytes(), &mut bytes)?;
        text.push('.');
        base64url::push(signature, &mut text);
        Ok(text)
    }

    fn signature_bytes(&self) -> usize {
        match &self.key {
            Key::Rsa(pair) => pair.public_modulus_len(),
            Key::P256(_) | Key::Ed25519(_) => 64,
            Key::Secret(_) => 32,
        }
    }

    fn signature<'b>(
        &self,
        message: &[u8],
        bytes: &'b mut [u8],
    ) -> Result<&'b [u8], SigningFailed> {
        let failed = |_| SigningFailed;
        let random = SystemRandom::new();
        let out = bytes
            .get_mut(..self.signature_bytes())
            .ok_or(SigningFailed)?;
        match &self.key {
            Key::Rsa(pair) => {
                let padding = match self.algorithm {
                    Algorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, message, out).map_err(failed)?;
            }
            Key::P256(pair) => {
                out.copy_from_slice(pair.sign(&random, message).map_err(failed)?.as_ref());
            }
            Key::Ed25519(pair) => {
                out.copy_from_slice(pair.try_sign(message).map_err(failed)?.as_ref());
            }
            Key::Secret(key) => out.copy_from_slice(hmac::sign(key, message).as_ref()),
        }
        Ok(out)
    }
}

fn header(algorithm: Algorithm, jwk: Option<&Jwk>, typ: Option<&str>) -> String {
    let mut members = json!({"alg": algorithm.name()});
    if let Some(kid) = jwk.and_then(Jwk::kid) {
        members["kid"] = kid.into();
    }
    if let Some(typ) = typ {
        members["typ"] = typ.into();
    }
    let mut text = base64url::encode(members.to_string().as_bytes());
    text.push('.');
    text
}
