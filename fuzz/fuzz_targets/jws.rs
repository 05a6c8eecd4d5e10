//! Input: two bytes that choose a change, then a compact JWS; also the payload of one.
//!
//! - Nobody without the keys writes a token that verifies.
//! - What is read has one spelling: its parts encode to the text again.
//! - What was signed verifies, with one character changed it does not.
//! - Claims that are read are the ones that serde_json reads, and a checked date is a number.
#![no_main]

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    sign::SigningKey,
    unsecured::{read_proved_by_nothing, write_proved_by_nothing},
    verify::{Compact, ExpectedType, VerifyingKey},
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::OnceLock;

const MAX: usize = 4096;
const ANY: ExpectedType<'_> = ExpectedType::AbsentOr(&["JWT", "at+jwt"]);

struct Keys {
    signing: Vec<SigningKey>,
    verifying: Vec<VerifyingKey>,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let secret = [7; 32];
        let mut keys = Keys {
            signing: vec![SigningKey::from_secret(&secret).expect("long enough")],
            verifying: vec![VerifyingKey::from_secret(&secret).expect("long enough")],
        };
        for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
            let der = SigningKey::generate(algorithm).expect("a key");
            let signing = SigningKey::from_pkcs8(algorithm, &der).expect("our own key");
            let jwk = signing.public_jwk().expect("a key pair");
            let verifying = VerifyingKey::from_jwk(jwk, algorithm).expect("our own key");
            keys.verifying.push(verifying);
            keys.signing.push(signing);
        }
        keys
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((&[at, by], rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    if let Ok(text) = std::str::from_utf8(rest) {
        presented(text);
    }
    let which = usize::from(by >> 6);
    signed(
        &keys().signing[which],
        &keys().verifying[which],
        rest,
        (at, by),
    );
    claims(rest);
});

fn presented(text: &str) {
    let Ok(jws) = Compact::parse(text, MAX) else {
        assert!(read_proved_by_nothing(text, MAX).is_err());
        return;
    };
    assert!(text.len() <= MAX && text.matches('.').count() == 2);
    for part in text.split('.') {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).expect("was decoded");
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(bytes), part);
    }
    for key in &keys().verifying {
        assert!(key.verify(&jws, ANY).is_err());
    }
    if read_proved_by_nothing(text, MAX).is_ok() {
        assert!(jws.alg() == "none" && text.ends_with('.'));
    }
}

fn signed(signing: &SigningKey, verifying: &VerifyingKey, payload: &[u8], (at, by): (u8, u8)) {
    let token = signing.sign(Some("at+jwt"), payload).expect("a signature");
    let max = token.len();
    let jws = Compact::parse(&token, max).expect("our own token");
    assert_eq!(
        verifying.verify(&jws, ExpectedType::Only("at+jwt")),
        Ok(payload)
    );
    assert!(verifying.verify(&jws, ExpectedType::Only("JWT")).is_err());
    let mut changed = token.clone().into_bytes();
    let at = usize::from(at) % changed.len();
    changed[at] = if changed[at] == by & 0x7f {
        b'*'
    } else {
        by & 0x7f
    };
    let changed = String::from_utf8(changed).expect("ASCII");
    let verified = Compact::parse(&changed, max).is_ok_and(|it| verifying.verify(&it, ANY).is_ok());
    assert!(!verified);
    let unsecured = write_proved_by_nothing(payload);
    let read = read_proved_by_nothing(&unsecured, unsecured.len());
    assert_eq!(read.as_deref(), Ok(payload));
}

fn claims(payload: &[u8]) {
    let Ok(claims) = Claims::parse(payload, MAX) else {
        return;
    };
    let other: Value = serde_json::from_slice(payload).expect("JSON");
    for (name, value) in claims.iter() {
        assert_eq!(&other[name], value);
    }
    assert_eq!(
        claims.iter().count(),
        other.as_object().map_or(0, |it| it.len())
    );
    if claims.check_time(1_800_000_000, 30).is_ok() {
        assert!(
            other["exp"]
                .as_f64()
                .is_some_and(|exp| exp > 1_799_999_970.0)
        );
        for name in ["nbf", "iat"] {
            assert!(
                other
                    .get(name)
                    .is_none_or(|it| it.as_f64().is_some_and(|it| it < 1_800_000_031.0))
            );
        }
    }
    if claims.check_audience(&["us"]).is_ok() {
        let aud = &other["aud"];
        let listed = aud
            .as_array()
            .is_some_and(|list| list.iter().any(|it| it == "us"));
        assert!(aud == "us" || listed);
    }
}
