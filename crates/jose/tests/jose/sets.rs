//! JWK and JWK sets: what is refused, what is skipped, which key is chosen.

use crate::keys::{of, parse};
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{DecryptingKey, KeyManagement},
    jwk::{Jwk, JwkError, JwkSet, SelectError},
    sign::KeyError,
    sign::SigningKey,
};
use serde_json::{Value, json};

fn es256() -> Value {
    of(Algorithm::Es256).signing.public_jwk().unwrap().to_json()
}

fn rs256() -> Value {
    of(Algorithm::Rs256).signing.public_jwk().unwrap().to_json()
}

fn read(jwk: &Value) -> Result<Jwk, JwkError> {
    Jwk::parse(jwk.to_string().as_bytes())
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

fn without(mut jwk: Value, name: &str) -> Value {
    jwk.as_object_mut().unwrap().remove(name);
    jwk
}

fn set(keys: &[Value]) -> Result<JwkSet, JwkError> {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

#[test]
fn what_we_publish_we_read() {
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Ps256,
        Algorithm::Es256,
        Algorithm::EdDsa,
    ] {
        let jwk = of(algorithm).signing.public_jwk().unwrap();
        assert_eq!(&parse(&jwk.to_json()), jwk);
        assert_eq!(jwk.kid(), Some(&*jwk.thumbprint()));
        let json = jwk.to_json();
        assert_eq!(
            (&json["alg"], &json["use"]),
            (&json!(algorithm.name()), &json!("sig"))
        );
    }
    for alg in [KeyManagement::RsaOaep256, KeyManagement::EcdhEs] {
        let der = DecryptingKey::generate(alg).unwrap();
        let key = DecryptingKey::from_pkcs8(alg, &[], &der).unwrap();
        let jwk = key.public_jwk().unwrap();
        assert_eq!(jwk.may_encrypt(alg), Ok(()));
        assert_eq!(&parse(&jwk.to_json()), jwk);
        assert!(Algorithm::ALL.iter().all(|it| jwk.may_verify(*it).is_err()));
    }
}

#[test]
fn a_private_key_of_another_kind_is_refused() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let der = &of(algorithm).pkcs8;
        for other in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
            assert_eq!(
                SigningKey::from_pkcs8(other, der).is_ok(),
                other == algorithm
            );
        }
        let hmac = SigningKey::from_pkcs8(Algorithm::Hs256, der).err();
        assert_eq!(hmac, Some(KeyError::NotAKeyPair("HS256")));
        assert!(SigningKey::from_pkcs8(algorithm, &der[..der.len() - 1]).is_err());
        assert!(SigningKey::from_pkcs8(algorithm, b"").is_err());
    }
}

#[test]
fn types_and_lengths_of_members() {
    let error = |jwk: Value| read(&jwk).unwrap_err();
    assert_eq!(error(without(es256(), "kty")), JwkError::Missing("kty"));
    assert_eq!(error(without(es256(), "crv")), JwkError::Missing("crv"));
    assert_eq!(error(without(es256(), "y")), JwkError::Missing("y"));
    assert_eq!(error(with(es256(), "x", json!(1))), JwkError::Type("x"));
    assert_eq!(
        error(with(es256(), "kid", Value::Null)),
        JwkError::Type("kid")
    );
    assert_eq!(error(with(es256(), "kid", json!(""))), JwkError::KeyId);
    assert_eq!(
        error(with(es256(), "kid", json!("x".repeat(257)))),
        JwkError::KeyId
    );
    assert_eq!(
        error(with(es256(), "x", json!("AA=="))),
        JwkError::Base64("x")
    );
    assert_eq!(error(with(es256(), "x", json!("AAA"))), JwkError::Point);
    assert_eq!(
        error(with(es256(), "kty", json!("ec"))),
        JwkError::UnsupportedKey
    );
    assert_eq!(
        error(with(es256(), "use", json!(["sig"]))),
        JwkError::Type("use")
    );
    assert_eq!(
        error(with(es256(), "key_ops", json!("verify"))),
        JwkError::Type("key_ops")
    );
    let twice = json!(["verify", "verify"]);
    assert_eq!(
        error(with(es256(), "key_ops", twice)),
        JwkError::RepeatedOperation
    );
    let many = |count: u32| json!((0..count).map(|it| it.to_string()).collect::<Vec<_>>());
    assert_eq!(
        error(with(es256(), "key_ops", many(17))),
        JwkError::TooManyOperations
    );
    assert!(read(&with(es256(), "key_ops", many(16))).is_ok());
    assert!(read(&with(es256(), "unknown", json!({"a": [1]}))).is_ok());
}

#[test]
fn private_members_are_refused_by_name() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let leak = with(rs256(), name, json!("AQAB"));
        assert_eq!(read(&leak), Err(JwkError::PrivateMember(name)));
        assert_eq!(set(&[es256(), leak]), Err(JwkError::PrivateMember(name)));
    }
    let symmetric = json!({"kty": "oct", "k": "AQAB"});
    assert_eq!(set(&[es256(), symmetric]), Err(JwkError::SymmetricKey));
}

#[test]
fn rsa_numbers_have_bounds() {
    let modulus = |bytes: &[u8]| read(&with(rs256(), "n", json!(crate::keys::encode(bytes))));
    let exponent = |bytes: &[u8]| read(&with(rs256(), "e", json!(crate::keys::encode(bytes))));
    let number = |bytes: usize, first: u8, last: u8| {
        let mut number = vec![0xaa; bytes];
        number[0] = first;
        number[bytes - 1] = last;
        number
    };
    assert!(modulus(&number(256, 0x80, 1)).is_ok());
    assert!(modulus(&number(512, 0xff, 1)).is_ok());
    for wrong in [
        number(256, 0x7f, 1),  // 2047 bits
        number(128, 0xff, 1),  // 1024 bits
        number(513, 0x01, 1),  // 4097 bits
        number(1024, 0xff, 1), // 8192 bits
        number(257, 0x00, 1),  // a leading zero
        number(256, 0xff, 2),  // even
        vec![],
    ] {
        assert_eq!(modulus(&wrong), Err(JwkError::RsaModulus));
    }
    for good in [&[3][..], &[1, 0, 1], &[1, 0, 0, 0, 1]] {
        assert!(exponent(good).is_ok());
    }
    for wrong in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[1, 0, 0],
        &[0, 1, 0, 1],
        &[2, 0, 0, 0, 1],
        &[1, 0, 0, 0, 0, 1],
    ] {
        assert_eq!(exponent(wrong), Err(JwkError::RsaExponent), "{wrong:?}");
    }
}

#[test]
fn use_operations_and_alg_limit_a_key() {
    let may = |jwk: Value| parse(&jwk).may_verify(Algorithm::Es256);
    let bare = || without(without(es256(), "alg"), "use");
    assert_eq!(may(bare()), Ok(()));
    assert_eq!(may(with(bare(), "key_ops", json!(["verify"]))), Ok(()));
    for (name, value) in [
        ("use", json!("enc")),
        ("key_ops", json!([])),
        ("key_ops", json!(["sign"])),
    ] {
        let limited = with(bare(), name, value);
        assert_eq!(may(limited), Err(JwkError::OtherUse("verifying")));
    }
    for alg in ["ES384", "none", "RS256", "ECDH-ES", "es256"] {
        let other = with(bare(), "alg", json!(alg));
        assert_eq!(may(other), Err(JwkError::OtherAlgorithm("ES256")), "{alg}");
    }
    let jwk = parse(&bare());
    assert_eq!(jwk.may_encrypt(KeyManagement::EcdhEs), Ok(()));
    assert!(jwk.may_encrypt(KeyManagement::RsaOaep).is_err());
    assert!(jwk.may_encrypt(KeyManagement::Dir).is_err());
    assert!(parse(&es256()).may_encrypt(KeyManagement::EcdhEs).is_err());
    let named = of(Algorithm::EdDsa).signing.public_jwk().unwrap().to_json();
    let named = parse(&with(named, "alg", json!("Ed25519")));
    assert_eq!(named.may_verify(Algorithm::EdDsa), Ok(()));
}

#[test]
fn a_set_skips_what_it_does_not_understand_and_says_so() {
    let keys = set(&[
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AQAB"}),
        es256(),
        without(es256(), "x"),
        json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}),
        json!("a string"),
    ])
    .unwrap();
    assert_eq!(keys.keys().len(), 1);
    let reasons = [
        (0, JwkError::UnsupportedKey),
        (2, JwkError::Missing("x")),
        (3, JwkError::UnsupportedKey),
        (4, JwkError::Type("keys")),
    ];
    assert_eq!(keys.skipped(), reasons);
    assert_eq!(set(&[]).unwrap().keys(), []);
    assert_eq!(set(&vec![json!({}); 101]), Err(JwkError::TooManyKeys));
    assert_eq!(JwkSet::parse(b"{}"), Err(JwkError::Missing("keys")));
    assert_eq!(JwkSet::parse(b"{\"keys\":{}}"), Err(JwkError::Type("keys")));
    assert!(JwkSet::parse(&vec![b' '; 70_000]).is_err());
}

#[test]
fn one_key_is_chosen_or_none() {
    let named = |jwk: Value, kid: &str| with(jwk, "kid", json!(kid));
    let both = set(&[named(es256(), "a"), named(rs256(), "a")]).unwrap();
    // One kid for two kinds of key is allowed (RFC 7517 §4.5).
    let found = both.to_verify(Some("a"), Algorithm::Rs256).unwrap();
    assert_eq!(found.to_json()["kty"], "RSA");
    assert!(both.to_verify(None, Algorithm::Es256).is_ok());
    assert_eq!(
        both.to_verify(Some("b"), Algorithm::Es256),
        Err(SelectError::NoKey)
    );
    assert_eq!(
        both.to_verify(Some("a"), Algorithm::EdDsa),
        Err(SelectError::NoKey)
    );
    assert_eq!(
        both.to_verify(Some("a"), Algorithm::Hs256),
        Err(SelectError::NoKey)
    );

    let same = set(&[named(es256(), "a"), named(es256(), "a")]).unwrap();
    assert_eq!(
        same.to_verify(Some("a"), Algorithm::Es256),
        Err(SelectError::SeveralKeys)
    );
    let two = set(&[named(es256(), "a"), named(es256(), "b")]).unwrap();
    assert!(two.to_verify(Some("b"), Algorithm::Es256).is_ok());
    assert_eq!(
        two.to_verify(None, Algorithm::Es256),
        Err(SelectError::SeveralKeys)
    );
}
