//! Key agreement: ECDH-ES and its key derivation (RFC 7518 §4.6).

use super::{ContentEncryption, KeyManagement};
use aws_lc_rs::{
    agreement::{PrivateKey, UnparsedPublicKey, agree},
    digest,
    error::Unspecified,
};
use zeroize::Zeroizing;

/// What the derived key is bound to.
pub(super) struct Party<'a> {
    pub(super) alg: KeyManagement,
    pub(super) enc: ContentEncryption,
    /// `apu` and `apv`, decoded.
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
}

/// The key that both sides derive: the content encryption key for `ECDH-ES`,
/// otherwise the one that wraps it.
pub(super) fn derive(
    ours: &PrivateKey,
    theirs: &[u8],
    party: &Party<'_>,
) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let theirs = UnparsedPublicKey::new(ours.algorithm(), theirs);
    agree(ours, theirs, Unspecified, |secret| {
        Ok(party.concat_kdf(secret))
    })
}

impl Party<'_> {
    /// RFC 7518 §4.6.2: SHA-256 over a counter, the secret and what the key is for.
    pub(super) fn concat_kdf(&self, secret: &[u8]) -> Zeroizing<Vec<u8>> {
        let (name, length) = match self.alg.wrapping_bytes() {
            Some(length) => (self.alg.name(), length),
            None => (self.enc.name(), self.enc.key_bytes()),
        };
        let mut key = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(32)));
        let mut round = 0u32;
        while key.len() < length {
            round += 1;
            let mut hash = digest::Context::new(&digest::SHA256);
            hash.update(&round.to_be_bytes());
            hash.update(secret);
            for field in [name.as_bytes(), self.apu, self.apv] {
                hash.update(&(field.len() as u32).to_be_bytes());
                hash.update(field);
            }
            hash.update(&(length as u32 * 8).to_be_bytes());
            key.extend_from_slice(hash.finish().as_ref());
        }
        key.truncate(length);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url::{decode, encode};
    use aws_lc_rs::agreement::{ECDH_P256, X25519};

    #[test]
    fn rfc7518_appendix_c() {
        let alice = decode("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo").unwrap();
        let alice = PrivateKey::from_private_key(&ECDH_P256, &alice).unwrap();
        let mut bob = vec![4];
        bob.extend(decode("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ").unwrap());
        bob.extend(decode("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck").unwrap());
        let party = Party {
            alg: KeyManagement::EcdhEs,
            enc: ContentEncryption::A128Gcm,
            apu: b"Alice",
            apv: b"Bob",
        };
        let key = derive(&alice, &bob, &party).unwrap();
        assert_eq!(encode(&key), "VqqN6vgjbSBcIijNcacQGg");
    }

    /// The RFC gives the shared secret and leaves the rest to RFC 7518.
    #[test]
    fn rfc8037_appendix_a_6() {
        let ephemeral = decode("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo").unwrap();
        let ephemeral = PrivateKey::from_private_key(&X25519, &ephemeral).unwrap();
        let public = ephemeral.compute_public_key().unwrap();
        assert_eq!(
            encode(public.as_ref()),
            "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
        );
        let bob = decode("3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08").unwrap();
        let secret = decode("Sl2dW6TOLeFyjjv0gDUPJeB-IclH0Z4zdvCbPB4WF0I").unwrap();
        let party = Party {
            alg: KeyManagement::EcdhEsA128Kw,
            enc: ContentEncryption::A128Gcm,
            apu: &[],
            apv: &[],
        };
        let key = derive(&ephemeral, &bob, &party).unwrap();
        assert_eq!(*key, *party.concat_kdf(&secret));
    }
}
