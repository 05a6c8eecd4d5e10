//! Input: a JWK, and at the same time a set.
//!
//! - What is accepted has no private member, in no spelling.
//! - Written again it is read as the same key, with the same thumbprint.
//! - A key verifies or encrypts, never both when it states its use.
//! - A set chooses a key that fits, or says why it has none.
#![no_main]

use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, EncryptingKey, KeyManagement},
    jwk::{Jwk, JwkSet},
    verify::VerifyingKey,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    if let Ok(jwk) = Jwk::parse(data) {
        let text: Value = serde_json::from_slice(data).expect("JSON");
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(text.get(private).is_none());
        }
        assert_eq!(jwk.kid(), text["kid"].as_str());
        sound(&jwk);
    }
    if let Ok(set) = JwkSet::parse(data) {
        let text: Value = serde_json::from_slice(data).expect("JSON");
        let listed = text["keys"].as_array().map_or(0, Vec::len);
        assert_eq!(set.keys().len() + set.skipped().len(), listed);
        set.keys().iter().for_each(sound);
        for algorithm in Algorithm::ALL {
            let fitting = |jwk: &&Jwk| jwk.may_verify(algorithm).is_ok();
            let found = set.to_verify(None, algorithm).is_ok();
            assert_eq!(found, set.keys().iter().filter(fitting).count() == 1);
        }
        let again = JwkSet::parse(set.to_json().to_string().as_bytes()).expect("our own text");
        assert_eq!(again.keys(), set.keys());
    }
});

fn sound(jwk: &Jwk) {
    let text = jwk.to_json().to_string();
    let again = Jwk::parse(text.as_bytes()).expect("our own text");
    assert_eq!(&again, jwk);
    assert_eq!(again.thumbprint(), jwk.thumbprint());
    assert_eq!(jwk.thumbprint().len(), 43);
    let renamed = again.with_kid("another").expect("a kid");
    assert_eq!(renamed.thumbprint(), jwk.thumbprint());

    let verifies = Algorithm::ALL.map(|algorithm| {
        let may = jwk.may_verify(algorithm).is_ok();
        assert!(!may || algorithm != Algorithm::Hs256);
        // Whatever may be verified with can be: the key was checked when it was read.
        assert_eq!(VerifyingKey::from_jwk(jwk, algorithm).is_ok(), may);
        may
    });
    let encrypts = KeyManagement::ALL.map(|alg| {
        let may = jwk.may_encrypt(alg).is_ok();
        let enc = ContentEncryption::A128Gcm;
        assert_eq!(EncryptingKey::from_jwk(jwk, alg, enc).is_ok(), may);
        may
    });
    if jwk.to_json().get("use").is_some() {
        assert!(!(verifies.contains(&true) && encrypts.contains(&true)));
    }
}
