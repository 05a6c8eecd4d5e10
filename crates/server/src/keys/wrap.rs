//! Encryption at rest: of keys under the master key, of secrets under a key.

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// A key that encrypts what is stored (AES-256-GCM).
pub struct WrappingKey(LessSafeKey);

impl WrappingKey {
    pub fn new(bytes: &[u8]) -> anyhow::Result<Self> {
        let key = UnboundKey::new(&aead::AES_256_GCM, bytes);
        let key = key.map_err(|_| anyhow::anyhow!("a key that encrypts must have 32 bytes"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Nonce, ciphertext and tag. What is moved to another `context` does not open.
    pub fn seal(&self, context: &str, plain: &[u8], nonce: [u8; 12]) -> anyhow::Result<Vec<u8>> {
        let mut sealed = plain.to_vec();
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut sealed,
            )
            .map_err(|_| anyhow::anyhow!("cannot encrypt"))?;
        Ok([&nonce[..], &sealed, tag.as_ref()].concat())
    }

    pub fn open(&self, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<12>()?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Aad::from(context), &mut sealed);
        Some(Zeroizing::new(opened.ok()?.to_vec()))
    }
}

/// The keys that encrypt secrets which are needed again in clear: of apps that sign with
/// theirs, of authenticator apps, of links that wait in the outbox.
pub struct SecretKeys(Vec<(i64, WrappingKey)>);

impl SecretKeys {
    /// Keys with their ids, the one in use first.
    pub fn new(line: &[(i64, Zeroizing<Vec<u8>>)]) -> anyhow::Result<Self> {
        let read =
            |(id, bytes): &(i64, Zeroizing<Vec<u8>>)| WrappingKey::new(bytes).map(|key| (*id, key));
        line.iter()
            .map(read)
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }

    /// A secret to be stored, which opens only as what `context` says it is: first the id
    /// of the key, 8 bytes. `None`: there is no key.
    pub fn seal(&self, context: &str, secret: &[u8], nonce: [u8; 12]) -> Option<Vec<u8>> {
        let (number, key) = self.0.first()?;
        let sealed = key.seal(context, secret, nonce).ok()?;
        Some([&number.to_be_bytes()[..], &sealed].concat())
    }

    /// `None`: damaged, of another secret, or its key has retired.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (number, sealed) = sealed.split_first_chunk::<8>()?;
        let number = i64::from_be_bytes(*number);
        let (_, key) = self.0.iter().find(|(id, _)| *id == number)?;
        key.open(context, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(ids: &[u8]) -> SecretKeys {
        let key = |id: &u8| (i64::from(*id), Zeroizing::new(vec![*id; 32]));
        SecretKeys::new(&ids.iter().map(key).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_secret_opens_only_as_itself_and_with_its_key() {
        let sealed = keys(&[1]).seal("secret:7", b"the text", [9; 12]).unwrap();
        let opened = |keys: &[u8], context| self::keys(keys).open(context, &sealed);
        assert_eq!(opened(&[1], "secret:7").unwrap().as_slice(), b"the text");
        assert_eq!(opened(&[2, 1], "secret:7").unwrap().as_slice(), b"the text");
        assert!(opened(&[1], "secret:8").is_none() && opened(&[2], "secret:7").is_none());
        for cut in 0..sealed.len() {
            assert!(keys(&[1]).open("secret:7", &sealed[..cut]).is_none());
        }
        assert_ne!(
            keys(&[2, 1])
                .seal("secret:7", b"the text", [9; 12])
                .unwrap(),
            sealed
        );
    }
}
