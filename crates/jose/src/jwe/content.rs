//! Content encryption: `enc` (RFC 7518 §5).

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{
        AES_128, AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
        PaddedBlockEncryptingKey, UnboundCipherKey,
    },
    constant_time,
    error::Unspecified,
    hmac,
    iv::FixedLength,
};
use std::fmt;
use zeroize::Zeroizing;

/// How the content is encrypted and protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentEncryption {
    A128CbcHs256,
    A256CbcHs512,
    A128Gcm,
    A256Gcm,
}

/// Ciphertext and what opening it needs beside the key.
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl ContentEncryption {
    pub const ALL: [Self; 4] = [
        Self::A128CbcHs256,
        Self::A256CbcHs512,
        Self::A128Gcm,
        Self::A256Gcm,
    ];

    /// The name as `enc` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// Reads an `enc`, by case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The length of the content encryption key, in bytes.
    pub fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A256CbcHs512 => 64,
        }
    }

    pub(super) fn iv_bytes(self) -> usize {
        match self {
            Self::A128Gcm | Self::A256Gcm => 12,           // RFC 7518 §5.3
            Self::A128CbcHs256 | Self::A256CbcHs512 => 16, // RFC 7518 §5.2.2.1
        }
    }

    /// `key` and `iv` have their lengths, or nothing is sealed.
    pub(super) fn seal(
        self,
        key: &[u8],
        iv: Vec<u8>,
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Sealed, Unspecified> {
        let mut ciphertext = Vec::with_capacity(plaintext.len() + 16);
        ciphertext.extend_from_slice(plaintext);
        let tag = match self {
            Self::A128Gcm | Self::A256Gcm => {
                let nonce = Nonce::try_assume_unique_for_key(&iv)?;
                self.gcm(key)?
                    .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut ciphertext)?
                    .as_ref()
                    .to_vec()
            }
            Self::A128CbcHs256 | Self::A256CbcHs512 => {
                let halves = self.halves(key)?;
                let block: [u8; 16] = iv.as_slice().try_into().map_err(|_| Unspecified)?;
                PaddedBlockEncryptingKey::cbc_pkcs7(halves.cipher)?.less_safe_encrypt(
                    &mut ciphertext,
                    EncryptionContext::Iv128(FixedLength::from(block)),
                )?;
                mac(&halves.mac, aad, &iv, &ciphertext)
            }
        };
        Ok(Sealed {
            iv,
            ciphertext,
            tag,
        })
    }

    /// The plaintext. One error for everything, and the tag is checked before
    /// anything of the plaintext is looked at (RFC 7518 §5.2.2.2, RFC 7516 §11.5).
    pub(super) fn open(
        self,
        key: &[u8],
        aad: &[u8],
        sealed: Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let mut text = Zeroizing::new(sealed.ciphertext);
        let length = match self {
            Self::A128Gcm | Self::A256Gcm => {
                if sealed.tag.len() != 16 {
                    return Err(Unspecified); // RFC 7518 §5.3: 128 bits, never fewer
                }
                let nonce = Nonce::try_assume_unique_for_key(&sealed.iv)?;
                text.extend_from_slice(&sealed.tag);
                let key = self.gcm(key)?;
                key.open_in_place(nonce, Aad::from(aad), &mut text)?.len()
            }
            Self::A128CbcHs256 | Self::A256CbcHs512 => {
                let halves = self.halves(key)?;
                let block: [u8; 16] = sealed.iv.as_slice().try_into().map_err(|_| Unspecified)?;
                let expected = mac(&halves.mac, aad, &sealed.iv, &text);
                constant_time::verify_slices_are_equal(&expected, &sealed.tag)?;
                let context = DecryptionContext::Iv128(FixedLength::from(block));
                PaddedBlockDecryptingKey::cbc_pkcs7(halves.cipher)?
                    .decrypt(&mut text, context)?
                    .len()
            }
        };
        text.truncate(length);
        Ok(text)
    }

    fn gcm(self, key: &[u8]) -> Result<LessSafeKey, Unspecified> {
        let cipher = match self {
            Self::A128Gcm => &AES_128_GCM,
            _ => &AES_256_GCM,
        };
        Ok(LessSafeKey::new(UnboundKey::new(cipher, key)?))
    }

    /// The MAC key, then the key of the cipher (RFC 7518 §5.2.2.1).
    fn halves(self, key: &[u8]) -> Result<Halves, Unspecified> {
        let (hash, cipher) = match self {
            Self::A128CbcHs256 => (hmac::HMAC_SHA256, &AES_128),
            _ => (hmac::HMAC_SHA512, &AES_256),
        };
        if key.len() != self.key_bytes() {
            return Err(Unspecified);
        }
        let (first, second) = key.split_at(key.len() / 2);
        Ok(Halves {
            mac: hmac::Key::new(hash, first),
            cipher: UnboundCipherKey::new(cipher, second)?,
        })
    }
}

struct Halves {
    mac: hmac::Key,
    cipher: UnboundCipherKey,
}

/// The first half of the HMAC over AAD, IV, ciphertext and the AAD's length in
/// bits (RFC 7518 §5.2.2.1).
fn mac(key: &hmac::Key, aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(key);
    context.update(aad);
    context.update(iv);
    context.update(ciphertext);
    context.update(&(aad.len() as u64 * 8).to_be_bytes());
    let tag = context.sign();
    let whole = tag.as_ref();
    whole[..whole.len() / 2].to_vec()
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
