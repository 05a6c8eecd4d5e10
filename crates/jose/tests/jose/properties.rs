//! What must hold for every input.

use crate::keys::{of, pairs};
use aws_lc_rs::rand::SystemRandom;
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    hash::half_hash,
    jwe::{CompactJwe, ContentEncryption, DecryptingKey, EncryptingKey, KeyManagement},
    jwk::{Jwk, JwkSet},
    sign::SigningKey,
    unsecured::{read_proved_by_nothing, write_proved_by_nothing},
    verify::{Compact, ExpectedType, VerifyingKey},
};
use proptest::prelude::*;

const MAX: usize = 64 * 1024;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";

/// `text` with one character replaced by another.
fn changed(text: &str, at: usize, by: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    let new = ALPHABET[by % ALPHABET.len()];
    bytes[at] = if bytes[at] == new { b'!' } else { new };
    String::from_utf8(bytes).unwrap()
}

fn verifies(algorithm: Algorithm, text: &str, typ: ExpectedType<'_>) -> Option<Vec<u8>> {
    let jws = Compact::parse(text, MAX).ok()?;
    let payload = of(algorithm).verifying.verify(&jws, typ).ok()?;
    Some(payload.to_vec())
}

#[test]
fn keys_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<(SigningKey, VerifyingKey, EncryptingKey, DecryptingKey)>();
}

#[test]
fn half_hashes() {
    // OpenID Connect Core A.3 and A.4 print these beside the values they come from.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(half_hash(Algorithm::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    assert_eq!(half_hash(Algorithm::Es256, code), "LDktKdoQak3Pk0cnXxCltA");
    assert_eq!(half_hash(Algorithm::EdDsa, code).len(), 43);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_signed_verifies(payload in prop::collection::vec(any::<u8>(), 0..600), typ in "[a-z+]{1,20}") {
        for pair in pairs() {
            for typ in [None, Some("JWT"), Some(&*typ)] {
                let token = pair.signing.sign(typ, &payload).unwrap();
                let expected = typ.map_or(ExpectedType::AbsentOr(&[]), ExpectedType::Only);
                prop_assert_eq!(verifies(pair.algorithm, &token, expected), Some(payload.clone()));
                // The buffer was taken once, of the right size or hardly larger.
                prop_assert!(token.capacity() <= token.len() + 8);
            }
        }
    }

    #[test]
    fn no_changed_character_is_accepted(at in any::<usize>(), by in any::<usize>()) {
        for pair in pairs() {
            let token = pair.signing.sign(Some("JWT"), br#"{"sub":"alice"}"#).unwrap();
            let other = changed(&token, at, by);
            let any = ExpectedType::AbsentOr(&["JWT"]);
            prop_assert_eq!(verifies(pair.algorithm, &other, any), None, "{}", other);
        }
    }

    #[test]
    fn no_changed_character_of_a_jwe_is_accepted(at in any::<usize>(), by in any::<usize>()) {
        for (alg, enc, length) in [
            (KeyManagement::A128Kw, ContentEncryption::A128Gcm, 16),
            (KeyManagement::Dir, ContentEncryption::A128CbcHs256, 32),
            (KeyManagement::Dir, ContentEncryption::A256CbcHs512, 64),
        ] {
            let secret = vec![3; length];
            let key = EncryptingKey::from_secret(alg, enc, &secret).unwrap();
            let text = key.encrypt(None, b"content", &SystemRandom::new()).unwrap();
            let key = DecryptingKey::from_secret(alg, enc, &secret).unwrap();
            let opens = |text: &str| key.decrypt(CompactJwe::parse(text, MAX).ok()?).ok();
            prop_assert_eq!(opens(&text).unwrap().to_vec(), b"content");
            prop_assert!(opens(&changed(&text, at, by)).is_none());
        }
    }

    #[test]
    fn an_unsecured_token_comes_back(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = write_proved_by_nothing(&payload);
        prop_assert_eq!(read_proved_by_nothing(&text, MAX).unwrap(), payload);
        for pair in pairs() {
            prop_assert_eq!(verifies(pair.algorithm, &text, ExpectedType::AbsentOr(&[])), None);
        }
    }

    #[test]
    fn rubbish_never_panics(text in "[A-Za-z0-9_.-]{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Compact::parse(&text, MAX);
        let _ = CompactJwe::parse(&text, MAX);
        let _ = read_proved_by_nothing(&text, MAX);
        let _ = Jwk::parse(&bytes);
        let _ = JwkSet::parse(&bytes);
        let _ = Claims::parse(&bytes, MAX);
    }
}
