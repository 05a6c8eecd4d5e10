//! npm's jose and our crate read what the other one made.

use super::{Client, node::NODE};
use aws_lc_rs::rand::SystemRandom;
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{CompactJwe, ContentEncryption, DecryptingKey, EncryptingKey, KeyManagement},
    jwk::Jwk,
    sign::SigningKey,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use serde_json::{Value, json};

const MAX_BYTES: usize = 8192;
const SAID: &str = r#"{"iss":"https://id.example","ä":["\u{1f511}"]}"#;

fn signatures() -> impl Iterator<Item = Algorithm> {
    let all = Algorithm::ALL.into_iter();
    all.filter(|algorithm| *algorithm != Algorithm::Hs256)
}

/// Every way to encrypt to a public key.
fn encryptions() -> Vec<(KeyManagement, ContentEncryption)> {
    let asymmetric = KeyManagement::ALL.iter().filter(|alg| alg.is_asymmetric());
    let pairs = asymmetric.flat_map(|alg| ContentEncryption::ALL.map(|enc| (*alg, enc)));
    pairs.collect()
}

fn key_of(words: &Value) -> Jwk {
    Jwk::parse(words["jwk"].to_string().as_bytes()).expect("a public key")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn npm_jose_reads_what_we_make_and_we_what_it_makes() {
    let signed = signatures().map(|algorithm| {
        let der = SigningKey::generate(algorithm).expect("a key");
        let key = SigningKey::from_pkcs8(algorithm, &der).expect("a key");
        let token = key.sign(Some("JWT"), SAID.as_bytes()).expect("a token");
        let jwk = key.public_jwk().expect("a public half").to_json();
        json!({"alg": algorithm.name(), "jwk": jwk, "token": token})
    });
    let ours = encryptions().into_iter().map(|(alg, enc)| {
        let der = DecryptingKey::generate(alg).expect("a key");
        let key = DecryptingKey::from_pkcs8(alg, &[enc], &der).expect("a key");
        (alg, enc, key)
    });
    let ours: Vec<_> = ours.collect();
    let named = |alg: &KeyManagement, enc: &ContentEncryption| json!({"alg": alg.name(), "enc": enc.name()});
    let to_encrypt = ours.iter().map(|(alg, enc, key)| {
        let mut words = named(alg, enc);
        words["jwk"] = key.public_jwk().expect("a public half").to_json();
        words
    });
    let mut client = Client::start(&NODE, "jose_oracle.mjs");
    client.say(&json!({
        "signed": signed.collect::<Vec<_>>(),
        "to_encrypt": to_encrypt.collect::<Vec<_>>(),
        "encrypted": encryptions().iter().map(|(alg, enc)| named(alg, enc)).collect::<Vec<_>>(),
    }));
    let words = client.hear();
    assert_eq!(list(&words["read"]).len(), signatures().count());
    for read in list(&words["read"]) {
        assert_eq!(read["payload"], SAID, "{read}");
    }
    let theirs = text(&words["payload"]);
    for made in list(&words["made"]["signed"]) {
        let algorithm = Algorithm::parse(text(&made["alg"])).expect("one of ours");
        let key = VerifyingKey::from_jwk(&key_of(made), algorithm).expect("a key");
        let token = Compact::parse(text(&made["token"]), MAX_BYTES).expect("a JWS");
        let payload = key.verify(&token, ExpectedType::AbsentOr(&["JWT"]));
        assert_eq!(
            payload.expect("their signature"),
            theirs.as_bytes(),
            "{made}"
        );
    }
    for (made, (alg, enc, key)) in list(&words["made"]["encrypted"]).iter().zip(&ours) {
        let token = CompactJwe::parse(text(&made["token"]), MAX_BYTES).expect("a JWE");
        let plain = key.decrypt(token).expect("their encryption");
        assert_eq!(
            &plain[..],
            theirs.as_bytes(),
            "{} {}",
            alg.name(),
            enc.name()
        );
    }
    let encrypted = list(&words["keys"])
        .iter()
        .zip(encryptions())
        .map(|(key, (alg, enc))| {
            let key = EncryptingKey::from_jwk(&key_of(key), alg, enc).expect("a key");
            let token = key.encrypt(Some("JWT"), SAID.as_bytes(), &SystemRandom::new());
            let mut words = named(&alg, &enc);
            words["token"] = token.expect("a JWE").into();
            words
        });
    client.say(&json!({"encrypted": encrypted.collect::<Vec<_>>()}));
    let words = client.hear();
    assert_eq!(list(&words["read"]).len(), encryptions().len());
    for read in list(&words["read"]) {
        assert_eq!(read["payload"], SAID, "{read}");
    }
}
