//! Input: two bytes that choose a key and a change, then a compact JWE; also the content of one.
//!
//! - Nobody who only sends rubbish writes what a shared key opens.
//! - What is read has one spelling: its parts encode to the text again.
//! - What was encrypted opens to the same content, with one character changed it does not.
#![no_main]

use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_jose::jwe::{
    CompactJwe, ContentEncryption, DecryptingKey, EncryptingKey, KeyManagement,
};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

const MAX: usize = 4096;

fn keys() -> &'static [(DecryptingKey, EncryptingKey)] {
    static KEYS: OnceLock<Vec<(DecryptingKey, EncryptingKey)>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let pairs = KeyManagement::ALL.into_iter().flat_map(|alg| {
            let encs = ContentEncryption::ALL.into_iter();
            encs.map(move |enc| pair(alg, enc))
        });
        pairs.collect()
    })
}

fn pair(alg: KeyManagement, enc: ContentEncryption) -> (DecryptingKey, EncryptingKey) {
    if let Ok(der) = DecryptingKey::generate(alg) {
        let decrypting = DecryptingKey::from_pkcs8(alg, &[enc], &der).expect("our own key");
        let jwk = decrypting.public_jwk().expect("a key pair");
        let encrypting = EncryptingKey::from_jwk(jwk, alg, enc).expect("our own key");
        return (decrypting, encrypting);
    }
    let length = match alg {
        KeyManagement::A128Kw => 16,
        KeyManagement::A256Kw => 32,
        _ => enc.key_bytes(),
    };
    let secret = vec![5; length];
    (
        DecryptingKey::from_secret(alg, enc, &secret).expect("the right length"),
        EncryptingKey::from_secret(alg, enc, &secret).expect("the right length"),
    )
}

fuzz_target!(|data: &[u8]| {
    let Some((&[at, by], rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    if let Ok(text) = std::str::from_utf8(rest) {
        presented(text);
    }
    encrypted(rest, at, by);
});

fn presented(text: &str) {
    if CompactJwe::parse(text, MAX).is_err() {
        return;
    }
    assert!(text.len() <= MAX && text.matches('.').count() == 4);
    for part in text.split('.') {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).expect("was decoded");
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(bytes), part);
    }
    for (key, _) in keys() {
        let jwe = CompactJwe::parse(text, MAX).expect("parsed before");
        assert!(key.decrypt(jwe).is_err());
    }
}

fn encrypted(content: &[u8], at: u8, by: u8) {
    let (decrypting, encrypting) = &keys()[usize::from(by) % keys().len()];
    let text = encrypting.encrypt(None, content, &SystemRandom::new());
    let text = text.expect("a ciphertext");
    let opens = |text: &str| {
        let jwe = CompactJwe::parse(text, text.len()).ok()?;
        decrypting.decrypt(jwe).ok()
    };
    assert_eq!(opens(&text).expect("our own text").as_slice(), content);
    let mut changed = text.into_bytes();
    // The change may fall anywhere, also behind the first 256 characters.
    let at = usize::from(at) * changed.len() / 256;
    changed[at] = if changed[at] == by & 0x7f {
        b'*'
    } else {
        by & 0x7f
    };
    assert!(opens(&String::from_utf8(changed).expect("ASCII")).is_none());
}
