//! Vectors of RFC 7515, 7516, 7517, 7520, 7638 and 8037. Those whose algorithms
//! the crate does not have must be refused.

use crate::keys::{decode, member, parse, pkcs8, public};
use aws_lc_rs::rand::SystemRandom;
use grantor_jose::{
    algorithm::Algorithm,
    header::HeaderError,
    jwe::{
        CompactJwe, ContentEncryption, DecryptError, DecryptingKey, EncryptingKey, JweParseError,
        KeyManagement,
    },
    jwk::{Jwk, JwkError, JwkSet},
    sign::SigningKey,
    unsecured::read_proved_by_nothing,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use serde_json::Value;

const ANY: ExpectedType<'_> = ExpectedType::AbsentOr(&["JWT"]);

fn load(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().unwrap()
}

#[test]
fn signatures() {
    let mut verified = Vec::new();
    for vector in load(include_str!("../vectors/jws.json")) {
        let (section, token) = (text(&vector, "section"), text(&vector, "token"));
        let payload = decode(token.split('.').nth(1).unwrap());
        let jws = Compact::parse(token, 4096).unwrap();
        let (Some(algorithm), key) = (Algorithm::parse(text(&vector, "alg")), &vector["key"])
        else {
            for pair in crate::keys::pairs() {
                assert!(pair.verifying.verify(&jws, ANY).is_err(), "{section}");
            }
            if jws.alg() == "none" {
                assert_eq!(
                    read_proved_by_nothing(token, 4096),
                    Ok(payload),
                    "{section}"
                );
            }
            continue;
        };
        let verifying = match algorithm {
            Algorithm::Hs256 => VerifyingKey::from_secret(&member(key, "k")).unwrap(),
            _ => VerifyingKey::from_jwk(&parse(&public(key)), algorithm).unwrap(),
        };
        assert_eq!(verifying.verify(&jws, ANY), Ok(&*payload), "{section}");
        signs_alike(algorithm, key, &payload, &verifying);
        verified.push(section.to_owned());
    }
    let expected = [
        "RFC 7515 A.1",
        "RFC 7515 A.2",
        "RFC 7515 A.3",
        "RFC 7520 4.1",
        "RFC 7520 4.4",
        "RFC 8037 A.4",
    ];
    assert_eq!(verified, expected);
}

/// The private halves of the vectors sign what the public ones verify.
fn signs_alike(algorithm: Algorithm, key: &Value, payload: &[u8], verifying: &VerifyingKey) {
    let signing = match algorithm {
        Algorithm::Hs256 => SigningKey::from_secret(&member(key, "k")).unwrap(),
        _ => SigningKey::from_pkcs8(algorithm, &pkcs8(key)).unwrap(),
    };
    let signing = match key["kid"].as_str() {
        Some(kid) => signing.with_kid(kid).unwrap(),
        None => signing,
    };
    let token = signing.sign(None, payload).unwrap();
    let jws = Compact::parse(&token, 4096).unwrap();
    assert_eq!(verifying.verify(&jws, ANY), Ok(payload));
}

#[test]
fn encryption() {
    let mut opened = Vec::new();
    for vector in load(include_str!("../vectors/jwe.json")) {
        let (section, token) = (text(&vector, "section"), text(&vector, "token"));
        let Some(plaintext) = vector["plaintext"].as_str() else {
            refused(section, token);
            continue;
        };
        let alg = KeyManagement::parse(text(&vector, "alg")).unwrap();
        let enc = ContentEncryption::parse(text(&vector, "enc")).unwrap();
        let key = &vector["key"];
        let shared = key["kty"] == "oct";
        let decrypting = match shared {
            true => DecryptingKey::from_secret(alg, enc, &member(key, "k")),
            false => DecryptingKey::from_pkcs8(alg, &[enc], &pkcs8(key)),
        };
        let decrypting = decrypting.unwrap();
        let decrypting = match key["kid"].as_str() {
            Some(kid) => decrypting.with_kid(kid).unwrap(),
            None => decrypting,
        };
        let opens = |token: &str| {
            let jwe = CompactJwe::parse(token, 4096).unwrap();
            decrypting.decrypt(jwe).map(|text| text.to_vec())
        };
        assert_eq!(opens(token).unwrap(), plaintext.as_bytes(), "{section}");
        let encrypting = match shared {
            true => EncryptingKey::from_secret(alg, enc, &member(key, "k")).unwrap(),
            false => EncryptingKey::from_jwk(&parse(&public(key)), alg, enc).unwrap(),
        };
        let again = encrypting.encrypt(None, plaintext.as_bytes(), &SystemRandom::new());
        assert_eq!(opens(&again.unwrap()).unwrap(), plaintext.as_bytes());
        opened.push(section.to_owned());
    }
    let expected = [
        "RFC 7516 A.1",
        "RFC 7516 A.3",
        "RFC 7520 5.2",
        "RFC 7520 5.5",
        "RFC 7520 5.6",
        "RFC 7520 5.8",
    ];
    assert_eq!(opened, expected);
}

fn refused(section: &str, token: &str) {
    match (section, CompactJwe::parse(token, 4096)) {
        ("RFC 7520 5.4", Err(JweParseError::EphemeralKey(JwkError::UnsupportedKey))) => {} // P-384
        ("RFC 7520 5.9", Err(JweParseError::Header(HeaderError::Extension("zip")))) => {}
        (_, Ok(jwe)) => {
            let alg = KeyManagement::A128Kw;
            let key = DecryptingKey::from_secret(alg, ContentEncryption::A128CbcHs256, &[0; 16]);
            let refused = key.unwrap().decrypt(jwe).map(|_| ());
            assert_eq!(refused, Err(DecryptError::OtherAlgorithm(alg)), "{section}");
        }
        (_, Err(error)) => panic!("{section}: {error}"),
    }
}

#[test]
fn keys() {
    for vector in load(include_str!("../vectors/jwk.json")) {
        let section = text(&vector, "section");
        if let Some(expected) = vector["thumbprint"].as_str() {
            assert_eq!(parse(&vector["key"]).thumbprint(), expected, "{section}");
        }
        let whole = vector["set"].to_string();
        let one = || Jwk::parse(vector["key"].to_string().as_bytes());
        match section {
            "RFC 7517 A.1" => {
                let set = JwkSet::parse(whole.as_bytes()).unwrap();
                assert_eq!((set.keys().len(), set.skipped().len()), (2, 0));
                // The first is for encryption, the second carries RS256.
                assert_eq!(
                    set.to_verify(None, Algorithm::Rs256).unwrap().kid(),
                    Some("2011-04-29")
                );
                assert!(set.to_verify(None, Algorithm::Es256).is_err());
                assert!(set.to_encrypt(KeyManagement::EcdhEs).is_ok());
            }
            "RFC 7517 A.2" => {
                let error = JwkSet::parse(whole.as_bytes()).unwrap_err();
                assert_eq!(error, JwkError::PrivateMember("d"));
            }
            "RFC 7517 A.3" => {
                let error = JwkSet::parse(whole.as_bytes()).unwrap_err();
                assert_eq!(error, JwkError::SymmetricKey);
            }
            "RFC 7520 3.1" => assert_eq!(one(), Err(JwkError::UnsupportedKey)), // P-521
            "RFC 7520 3.2" | "RFC 7520 3.4" => {
                assert_eq!(one(), Err(JwkError::PrivateMember("d")), "{section}");
            }
            "RFC 7520 3.5" | "RFC 7520 3.6" => {
                assert_eq!(one(), Err(JwkError::SymmetricKey), "{section}");
            }
            // The rest are public: read, and written again without what is not ours (x5c).
            _ => {
                let jwk = one().unwrap();
                assert_eq!(parse(&jwk.to_json()), jwk, "{section}");
                assert_eq!(jwk.to_json().get("x5c"), None);
            }
        }
    }
}
