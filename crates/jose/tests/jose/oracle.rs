//! The jsonwebtoken crate as a second opinion, both ways.

use crate::keys::{Pair, SECRET, pairs};
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};
use grantor_jose::{
    algorithm::Algorithm,
    verify::{Compact, ExpectedType},
};
use jsonwebtoken::{
    Algorithm as TheirAlgorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode,
    jwk::Jwk as TheirJwk,
};
use serde_json::{Value, json};

fn theirs(algorithm: Algorithm) -> TheirAlgorithm {
    match algorithm {
        Algorithm::Rs256 => TheirAlgorithm::RS256,
        Algorithm::Ps256 => TheirAlgorithm::PS256,
        Algorithm::Es256 => TheirAlgorithm::ES256,
        Algorithm::EdDsa => TheirAlgorithm::EdDSA,
        Algorithm::Hs256 => TheirAlgorithm::HS256,
    }
}

fn encoding_key(pair: &Pair) -> EncodingKey {
    match pair.algorithm {
        // It wants the PKCS#1 structure that ends a PKCS#8 one; 26 bytes stand before it.
        Algorithm::Rs256 | Algorithm::Ps256 => EncodingKey::from_rsa_der(&pair.pkcs8[26..]),
        Algorithm::Es256 => EncodingKey::from_ec_der(&pair.pkcs8),
        Algorithm::EdDsa => EncodingKey::from_ed_der(&pair.pkcs8),
        Algorithm::Hs256 => EncodingKey::from_secret(SECRET),
    }
}

fn decoding_key(pair: &Pair) -> DecodingKey {
    match pair.signing.public_jwk() {
        None => DecodingKey::from_secret(SECRET),
        Some(jwk) => {
            let jwk: TheirJwk = serde_json::from_value(jwk.to_json()).unwrap();
            DecodingKey::from_jwk(&jwk).unwrap()
        }
    }
}

fn claims() -> Value {
    json!({"iss": "https://a.example", "aud": "b", "exp": 4_000_000_000u64, "ä": ["\u{1f511}"]})
}

#[test]
fn they_accept_what_we_sign() {
    for pair in pairs() {
        let token = pair
            .signing
            .sign(Some("at+jwt"), claims().to_string().as_bytes());
        let mut rules = Validation::new(theirs(pair.algorithm));
        rules.set_audience(&["b"]);
        let read = decode::<Value>(token.unwrap(), &decoding_key(pair), &rules).unwrap();
        assert_eq!(read.claims, claims());
        assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(read.header.kid.as_deref(), pair.signing.kid());
    }
}

#[test]
fn we_accept_what_they_sign() {
    for pair in pairs() {
        let mut header = Header::new(theirs(pair.algorithm));
        header.kid = pair.signing.kid().map(str::to_owned);
        let token = encode(&header, &claims(), &encoding_key(pair)).unwrap();
        let jws = Compact::parse(&token, 4096).unwrap();
        let payload = pair.verifying.verify(&jws, ExpectedType::Only("JWT"));
        let read: Value = serde_json::from_slice(payload.unwrap()).unwrap();
        assert_eq!(read, claims());
    }
}

#[test]
fn thumbprints_agree() {
    for jwk in pairs().iter().filter_map(|pair| pair.signing.public_jwk()) {
        let theirs: TheirJwk = serde_json::from_value(jwk.to_json()).unwrap();
        let print = theirs
            .thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256)
            .unwrap();
        assert_eq!(jwk.thumbprint(), print);
    }
}

#[test]
fn the_published_point_is_the_key_s() {
    let pair = crate::keys::of(Algorithm::Es256);
    let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let key = EcdsaKeyPair::from_pkcs8(algorithm, &pair.pkcs8).unwrap();
    let json = pair.signing.public_jwk().unwrap().to_json();
    let point = [
        vec![4],
        crate::keys::member(&json, "x"),
        crate::keys::member(&json, "y"),
    ]
    .concat();
    assert_eq!(point, key.public_key().as_ref());
}
