//! Keys for tests: private JWKs, which the crate itself never reads, and one of each kind.

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{Ed25519KeyPair, RsaKeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_jose::{algorithm::Algorithm, jwk::Jwk, sign::SigningKey, verify::VerifyingKey};
use serde_json::Value;
use std::sync::OnceLock;

pub fn decode(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub fn member(jwk: &Value, name: &str) -> Vec<u8> {
    decode(jwk[name].as_str().unwrap())
}

/// The PKCS#8 form of a private JWK.
pub fn pkcs8(jwk: &Value) -> Vec<u8> {
    let get = |name| member(jwk, name);
    match jwk["kty"].as_str().unwrap() {
        "RSA" => {
            let components = KeyPairComponents {
                public_key: PublicKeyComponents {
                    n: get("n"),
                    e: get("e"),
                },
                d: get("d"),
                p: get("p"),
                q: get("q"),
                dP: get("dp"),
                dQ: get("dq"),
                qInv: get("qi"),
            };
            let pair = RsaKeyPair::from_components(&components).unwrap();
            let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            der.as_ref().to_vec()
        }
        "EC" => {
            let key = PrivateKey::from_private_key(&ECDH_P256, &get("d")).unwrap();
            let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
            der.as_ref().to_vec()
        }
        "OKP" => {
            let pair = Ed25519KeyPair::from_seed_and_public_key(&get("d"), &get("x")).unwrap();
            pair.to_pkcs8().unwrap().as_ref().to_vec()
        }
        other => panic!("no key pair: {other}"),
    }
}

/// The public half of a private JWK.
pub fn public(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        jwk.as_object_mut().unwrap().remove(name);
    }
    jwk
}

pub fn parse(jwk: &Value) -> Jwk {
    Jwk::parse(jwk.to_string().as_bytes()).unwrap()
}

pub const SECRET: &[u8] = b"a secret that is long enough for HMAC";

/// One key of each algorithm, with its PKCS#8 form (empty for HS256).
pub struct Pair {
    pub algorithm: Algorithm,
    pub pkcs8: Vec<u8>,
    pub signing: SigningKey,
    pub verifying: VerifyingKey,
}

pub fn pairs() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(|| Algorithm::ALL.into_iter().map(pair).collect())
}

pub fn of(algorithm: Algorithm) -> &'static Pair {
    let mut pairs = pairs().iter();
    pairs.find(|pair| pair.algorithm == algorithm).unwrap()
}

fn pair(algorithm: Algorithm) -> Pair {
    if algorithm == Algorithm::Hs256 {
        return Pair {
            algorithm,
            pkcs8: Vec::new(),
            signing: SigningKey::from_secret(SECRET).unwrap(),
            verifying: VerifyingKey::from_secret(SECRET).unwrap(),
        };
    }
    let pkcs8 = SigningKey::generate(algorithm).unwrap();
    let signing = SigningKey::from_pkcs8(algorithm, &pkcs8).unwrap();
    let verifying = VerifyingKey::from_jwk(signing.public_jwk().unwrap(), algorithm).unwrap();
    Pair {
        algorithm,
        pkcs8: pkcs8.to_vec(),
        signing,
        verifying,
    }
}
