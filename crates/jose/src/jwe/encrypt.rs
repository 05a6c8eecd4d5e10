//! Encrypting to somebody else's key (RFC 7516 §5.1).

use super::{
    ContentEncryption, KeyManagement,
    agree::{Party, derive},
    decrypt::kek,
};
use crate::{
    base64url,
    jwk::{Jwk, JwkError, PublicKey},
    sign::KeyError,
};
use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey, X25519},
    error::Unspecified,
    key_wrap::KeyWrap,
    rand::SecureRandom,
    rsa::{
        OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey,
        PublicKeyComponents,
    },
};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

/// The cryptographic library could not encrypt: nothing must be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token could not be encrypted")]
pub struct EncryptError;

/// A receiver's key, with the algorithms that were agreed on with it.
pub struct EncryptingKey {
    alg: KeyManagement,
    enc: ContentEncryption,
    kid: Option<String>,
    key: Key,
}

enum Key {
    Rsa(OaepPublicEncryptingKey),
    P256([u8; 65]),
    X25519([u8; 32]),
    Shared(Zeroizing<Vec<u8>>),
}

impl EncryptingKey {
    /// A receiver's public key: RSA for RSA-OAEP, P-256 or X25519 for ECDH-ES.
    ///
    /// # Errors
    /// [`JwkError::OtherAlgorithm`] and [`JwkError::OtherUse`] when the key is
    /// for something else.
    pub fn from_jwk(
        jwk: &Jwk,
        alg: KeyManagement,
        enc: ContentEncryption,
    ) -> Result<Self, JwkError> {
        jwk.may_encrypt(alg)?;
        let key = match &jwk.key {
            PublicKey::Rsa { n, e } => {
                let key: Result<PublicEncryptingKey, _> = PublicKeyComponents { n, e }.try_into();
                let key = key.and_then(OaepPublicEncryptingKey::new);
                Key::Rsa(key.map_err(|_| JwkError::RsaModulus)?)
            }
            PublicKey::P256(point) => Key::P256(*point),
            PublicKey::X25519(x) => Key::X25519(*x),
            PublicKey::Ed25519(_) => return Err(JwkError::OtherAlgorithm(alg.name())),
        };
        Ok(Self {
            alg,
            enc,
            kid: jwk.kid().map(str::to_owned),
            key,
        })
    }

    /// A shared key for `A128KW`, `A256KW` or `dir`; its length is the
    /// algorithm's, for `dir` that of `enc`.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`], also for an `alg` that wants a public key.
    pub fn from_secret(
        alg: KeyManagement,
        enc: ContentEncryption,
        secret: &[u8],
    ) -> Result<Self, KeyError> {
        if Some(secret.len()) != alg.shared_bytes(enc) {
            return Err(KeyError::SecretLength(alg.name()));
        }
        Ok(Self {
            alg,
            enc,
            kid: None,
            key: Key::Shared(Zeroizing::new(secret.to_vec())),
        })
    }

    /// A compact JWE of `plaintext`. `cty` is `JWT` when that is a token itself
    /// (RFC 7519 §5.2). Keys and initial values come from `random`.
    ///
    /// # Errors
    /// [`EncryptError`].
    pub fn encrypt(
        &self,
        cty: Option<&str>,
        plaintext: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<String, EncryptError> {
        self.seal(cty, plaintext, random).map_err(|_| EncryptError)
    }

    fn seal(
        &self,
        cty: Option<&str>,
        plaintext: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<String, Unspecified> {
        let mut header = Map::new();
        let mut put = |name: &str, value: Value| header.insert(name.to_owned(), value);
        put("alg", self.alg.name().into());
        put("enc", self.enc.name().into());
        if let Some(kid) = &self.kid {
            put("kid", kid.as_str().into());
        }
        if let Some(cty) = cty {
            put("cty", cty.into());
        }
        let managed = self.content_key(random)?;
        if let Some(ephemeral) = managed.ephemeral {
            put("epk", Value::Object(ephemeral.members()));
        }
        let aad = base64url::encode(json!(header).to_string().as_bytes());
        let mut iv = vec![0; self.enc.iv_bytes()];
        random.fill(&mut iv)?;
        let sealed = self.enc.seal(&managed.key, iv, aad.as_bytes(), plaintext)?;
        let mut text = aad;
        for part in [
            &managed.encrypted,
            &sealed.iv,
            &sealed.ciphertext,
            &sealed.tag,
        ] {
            text.push('.');
            base64url::push(part, &mut text);
        }
        Ok(text)
    }

    fn content_key(&self, random: &dyn SecureRandom) -> Result<Managed, Unspecified> {
        match &self.key {
            Key::Rsa(receiver) => {
                let padding = match self.alg {
                    KeyManagement::RsaOaep => &OAEP_SHA1_MGF1SHA1,
                    _ => &OAEP_SHA256_MGF1SHA256,
                };
                let key = self.fresh(random)?;
                let mut encrypted = vec![0; receiver.ciphertext_size()];
                receiver.encrypt(padding, &key, &mut encrypted, None)?;
                Ok(Managed {
                    key,
                    encrypted,
                    ephemeral: None,
                })
            }
            Key::P256(point) => {
                let ours = PrivateKey::generate(&ECDH_P256)?;
                let public = ours.compute_public_key()?;
                let public = public.as_ref().try_into().map_err(|_| Unspecified)?;
                self.agreed(&ours, point, PublicKey::P256(public), random)
            }
            Key::X25519(x) => {
                let ours = PrivateKey::generate(&X25519)?;
                let public = ours.compute_public_key()?;
                let public = public.as_ref().try_into().map_err(|_| Unspecified)?;
                self.agreed(&ours, x, PublicKey::X25519(public), random)
            }
            Key::Shared(key) => self.managed(key.clone(), None, random),
        }
    }

    fn agreed(
        &self,
        ours: &PrivateKey,
        theirs: &[u8],
        public: PublicKey,
        random: &dyn SecureRandom,
    ) -> Result<Managed, Unspecified> {
        let party = Party {
            alg: self.alg,
            enc: self.enc,
            apu: &[],
            apv: &[],
        };
        let derived = derive(ours, theirs, &party)?;
        self.managed(derived, Some(public), random)
    }

    /// `key` as the content encryption key, or a fresh one wrapped by it.
    fn managed(
        &self,
        key: Zeroizing<Vec<u8>>,
        ephemeral: Option<PublicKey>,
        random: &dyn SecureRandom,
    ) -> Result<Managed, Unspecified> {
        if self.alg.wrapping_bytes().is_none() {
            return Ok(Managed {
                key,
                encrypted: Vec::new(),
                ephemeral,
            });
        }
        let fresh = self.fresh(random)?;
        let mut encrypted = vec![0; fresh.len() + 8];
        kek(&key)?.wrap(&fresh, &mut encrypted)?;
        Ok(Managed {
            key: fresh,
            encrypted,
            ephemeral,
        })
    }

    fn fresh(&self, random: &dyn SecureRandom) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let mut key = Zeroizing::new(vec![0; self.enc.key_bytes()]);
        random.fill(&mut key)?;
        Ok(key)
    }
}

/// A content encryption key, and how the receiver comes by it.
struct Managed {
    key: Zeroizing<Vec<u8>>,
    encrypted: Vec<u8>,
    ephemeral: Option<PublicKey>,
}
