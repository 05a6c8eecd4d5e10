//! Decrypting with our own key (RFC 7516 §5.2).

use super::{
    ContentEncryption, KeyManagement,
    agree::{Party, derive},
    content::Sealed,
};
use crate::{
    base64url,
    header::{Header, HeaderError},
    jwk::{Jwk, JwkError, PublicKey},
    sign::KeyError,
};
use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsDer, Pkcs8V1Der},
    error::Unspecified,
    key_wrap::{AES_128, AES_256, AesKek, KeyWrap},
    rsa::{
        KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey,
        PrivateDecryptingKey,
    },
    signature::{KeyPair, RsaKeyPair},
};
use zeroize::Zeroizing;

/// Why a text is not a compact JWE.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweParseError {
    #[error("the encrypted token has more than {0} bytes")]
    TooLong(usize),
    #[error("the encrypted token does not consist of five parts")]
    Parts,
    #[error("a part of the encrypted token is not base64url without padding")]
    Base64,
    #[error(transparent)]
    Header(#[from] HeaderError),
    #[error("the header's epk is not a public key")]
    EphemeralKey(#[source] JwkError),
    #[error("the header's {0} is not base64url without padding")]
    Party(&'static str),
}

/// Why a JWE is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    #[error("the token is not encrypted with {0}, which was agreed on")]
    OtherAlgorithm(KeyManagement),
    #[error("the token's enc is not one that was agreed on")]
    OtherEncryption,
    #[error("the token names another key by its kid")]
    OtherKey,
    /// Everything that depends on the key, without a difference.
    #[error("the token cannot be decrypted")]
    Failed,
}

/// A compact JWE as somebody presented it: read, not opened.
pub struct CompactJwe<'t> {
    header: Header,
    /// The encoded header, which is what the tag protects beside the ciphertext.
    aad: &'t str,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
    ephemeral: Option<Jwk>,
    apu: Vec<u8>,
    apv: Vec<u8>,
}

impl<'t> CompactJwe<'t> {
    /// Reads the five parts of a text of at most `max` bytes. A header with
    /// `crit` or `zip` is refused: nothing is ever unpacked (RFC 8725 §3.6).
    ///
    /// # Errors
    /// [`JweParseError`], at the first thing wrong.
    pub fn parse(text: &'t str, max: usize) -> Result<Self, JweParseError> {
        if text.len() > max {
            return Err(JweParseError::TooLong(max));
        }
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(JweParseError::Parts);
        let (aad, rest) = (part()?, [part()?, part()?, part()?, part()?]);
        if parts.next().is_some() {
            return Err(JweParseError::Parts);
        }
        let decode = |text| base64url::decode(text).ok_or(JweParseError::Base64);
        let header = Header::parse(aad)?;
        header.required("enc")?;
        Ok(Self {
            aad,
            encrypted_key: decode(rest[0])?,
            iv: decode(rest[1])?,
            ciphertext: decode(rest[2])?,
            tag: decode(rest[3])?,
            ephemeral: ephemeral(&header)?,
            apu: party(&header, "apu")?,
            apv: party(&header, "apv")?,
            header,
        })
    }

    /// The header's `kid`, to find our key with.
    pub fn kid(&self) -> Option<&str> {
        self.header.known("kid")
    }

    /// The header's `alg`, to say what is wrong with; not to choose with.
    pub fn alg(&self) -> &str {
        self.header.known("alg").unwrap_or_default()
    }

    /// The header's `enc`, to say what is wrong with; not to choose with.
    pub fn enc(&self) -> &str {
        self.header.known("enc").unwrap_or_default()
    }

    /// Whether the content says that it is itself a JWT (RFC 7519 §5.2).
    pub fn is_nested(&self) -> bool {
        let cty = self.header.known("cty");
        cty.is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"))
    }
}

fn ephemeral(header: &Header) -> Result<Option<Jwk>, JweParseError> {
    let Some(value) = header.value("epk") else {
        return Ok(None);
    };
    let members = value
        .as_object()
        .ok_or(JweParseError::EphemeralKey(JwkError::Type("epk")))?;
    let jwk = Jwk::from_members(members).map_err(JweParseError::EphemeralKey)?;
    Ok(Some(jwk))
}

fn party(header: &Header, name: &'static str) -> Result<Vec<u8>, JweParseError> {
    match header.text(name)? {
        None => Ok(Vec::new()),
        Some(text) => base64url::decode(text).ok_or(JweParseError::Party(name)),
    }
}

/// Our private key or a shared one, with the algorithms that belong to it.
pub struct DecryptingKey {
    alg: KeyManagement,
    enc: Vec<ContentEncryption>,
    key: Key,
    jwk: Option<Jwk>,
}

enum Key {
    Rsa(OaepPrivateDecryptingKey),
    P256(PrivateKey),
    Shared(Zeroizing<Vec<u8>>),
}

impl DecryptingKey {
    /// A new private key as PKCS#8, to be stored sealed: RSA with 2048 bits or P-256.
    ///
    /// # Errors
    /// [`KeyError::NotAKeyPair`] for shared keys, [`KeyError::Generation`].
    pub fn generate(alg: KeyManagement) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Generation;
        let der: Pkcs8V1Der<'_> = if alg.is_rsa() {
            let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(failed)?;
            key.as_der().map_err(failed)?
        } else if alg.is_agreement() {
            let key = PrivateKey::generate(&ECDH_P256).map_err(failed)?;
            key.as_der().map_err(failed)?
        } else {
            return Err(KeyError::NotAKeyPair(alg.name()));
        };
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// Reads a private key, RSA or P-256, that opens what was encrypted with
    /// `alg` and one of `enc`. Its `kid` is the thumbprint of its public half.
    ///
    /// # Errors
    /// [`KeyError`]: not PKCS#8, another kind of key, RSA outside the bounds, a shared key's `alg`.
    pub fn from_pkcs8(
        alg: KeyManagement,
        enc: &[ContentEncryption],
        der: &[u8],
    ) -> Result<Self, KeyError> {
        let refused = |_| KeyError::NotPkcs8(alg.name());
        let (key, public) = if alg.is_rsa() {
            let pair = RsaKeyPair::from_pkcs8(der).map_err(refused)?;
            let public = PublicKey::rsa(
                pair.public_key()
                    .modulus()
                    .big_endian_without_leading_zero()
                    .to_vec(),
                pair.public_key()
                    .exponent()
                    .big_endian_without_leading_zero()
                    .to_vec(),
            )?;
            let key = PrivateDecryptingKey::from_pkcs8(der).map_err(refused)?;
            let key =
                OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::NotPkcs8(alg.name()))?;
            (Key::Rsa(key), public)
        } else if alg.is_agreement() {
            let key = PrivateKey::from_private_key_der(&ECDH_P256, der).map_err(refused)?;
            let point = key
                .compute_public_key()
                .map_err(|_| KeyError::NotPkcs8(alg.name()))?;
            let point = point.as_ref().try_into().map_err(|_| JwkError::Point)?;
            (Key::P256(key), PublicKey::p256_point(point)?)
        } else {
            return Err(KeyError::NotAKeyPair(alg.name()));
        };
        Ok(Self {
            alg,
            enc: enc.to_vec(),
            key,
            jwk: Some(Jwk::published(public, alg.name(), "enc")),
        })
    }

    /// A shared key for `A128KW`, `A256KW` or `dir`; its length is the
    /// algorithm's, for `dir` that of `enc`.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`], also for an `alg` that wants a key pair.
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
            enc: vec![enc],
            key: Key::Shared(Zeroizing::new(secret.to_vec())),
            jwk: None,
        })
    }

    /// The same key under another id.
    ///
    /// # Errors
    /// [`JwkError::KeyId`]; a shared key has no id, so it stays as it is.
    pub fn with_kid(self, kid: &str) -> Result<Self, JwkError> {
        let jwk = self.jwk.map(|jwk| jwk.with_kid(kid)).transpose()?;
        Ok(Self { jwk, ..self })
    }

    /// The public half, with `kid`, `alg` and `use`; `None` for a shared key.
    pub fn public_jwk(&self) -> Option<&Jwk> {
        self.jwk.as_ref()
    }

    /// The content. Who encrypted it is not proved by that.
    ///
    /// # Errors
    /// [`DecryptError`]; whatever depends on the key fails as one and the same
    /// after the same work (RFC 7516 §11.5).
    pub fn decrypt(&self, jwe: CompactJwe<'_>) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        if KeyManagement::parse(jwe.alg()) != Some(self.alg) {
            return Err(DecryptError::OtherAlgorithm(self.alg)); // RFC 8725 §3.1
        }
        let enc = ContentEncryption::parse(jwe.enc())
            .filter(|enc| self.enc.contains(enc))
            .ok_or(DecryptError::OtherEncryption)?;
        if let (Some(ours), Some(theirs)) = (self.jwk.as_ref().and_then(Jwk::kid), jwe.kid())
            && ours != theirs
        {
            return Err(DecryptError::OtherKey); // RFC 7516 §4.1.6
        }
        let found = self.content_key(&jwe, enc);
        // A wrong key is used all the same, so that its refusal takes no less time.
        let wrong = Zeroizing::new(vec![0; enc.key_bytes()]);
        let fits = found.as_ref().is_ok_and(|key| key.len() == enc.key_bytes());
        let key = match &found {
            Ok(key) if fits => key,
            _ => &wrong,
        };
        let sealed = Sealed {
            iv: jwe.iv,
            ciphertext: jwe.ciphertext,
            tag: jwe.tag,
        };
        match enc.open(key, jwe.aad.as_bytes(), sealed) {
            Ok(plaintext) if fits => Ok(plaintext),
            _ => Err(DecryptError::Failed),
        }
    }

    pub(super) fn content_key(
        &self,
        jwe: &CompactJwe<'_>,
        enc: ContentEncryption,
    ) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        match &self.key {
            Key::Rsa(key) => {
                let padding = match self.alg {
                    KeyManagement::RsaOaep => &OAEP_SHA1_MGF1SHA1,
                    _ => &OAEP_SHA256_MGF1SHA256,
                };
                let mut out = Zeroizing::new(vec![0; key.min_output_size()]);
                let length = key
                    .decrypt(padding, &jwe.encrypted_key, &mut out, None)?
                    .len();
                out.truncate(length);
                Ok(out)
            }
            Key::P256(key) => {
                let Some(PublicKey::P256(theirs)) = jwe.ephemeral.as_ref().map(|jwk| &jwk.key)
                else {
                    return Err(Unspecified); // RFC 7518 §4.6.1.1
                };
                let party = Party {
                    alg: self.alg,
                    enc,
                    apu: &jwe.apu,
                    apv: &jwe.apv,
                };
                let derived = derive(key, theirs, &party)?;
                self.unwrap(derived, &jwe.encrypted_key)
            }
            Key::Shared(key) => self.unwrap(key.clone(), &jwe.encrypted_key),
        }
    }

    /// `key` itself when it encrypts the content, else what it wraps.
    fn unwrap(
        &self,
        key: Zeroizing<Vec<u8>>,
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        match self.alg.wrapping_bytes() {
            Some(_) => unwrap_key(&key, encrypted),
            None if encrypted.is_empty() => Ok(key),
            None => Err(Unspecified), // RFC 7518 §4.5, RFC 7516 §5.2 step 10
        }
    }
}

/// AES key wrap with the default initial value (RFC 7518 §4.4).
pub(super) fn kek(key: &[u8]) -> Result<AesKek, Unspecified> {
    AesKek::new(if key.len() == 16 { &AES_128 } else { &AES_256 }, key)
}

pub(super) fn unwrap_key(key: &[u8], encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let mut out = Zeroizing::new(vec![0; encrypted.len()]);
    let length = kek(key)?.unwrap(encrypted, &mut out)?.len();
    out.truncate(length);
    Ok(out)
}
