//! What has broken other implementations (RFC 8725 §2), one test each.

use crate::keys::{SECRET, encode, of, pairs};
use aws_lc_rs::{hmac, rand::SystemRandom};
use grantor_jose::{
    algorithm::Algorithm,
    claims::{ClaimError, Claims},
    header::HeaderError,
    json::JsonError,
    jwe::{
        CompactJwe, ContentEncryption, DecryptError, DecryptingKey, EncryptingKey, JweParseError,
        KeyManagement,
    },
    jwk::{Jwk, JwkError},
    sign::{KeyError, SigningKey},
    unsecured::{UnsecuredError, read_proved_by_nothing, write_proved_by_nothing},
    verify::{Compact, ExpectedType, ParseError, VerifyError, VerifyingKey},
};
use serde_json::{Value, json};

const MAX: usize = 64 * 1024;
const JWT: ExpectedType<'_> = ExpectedType::AbsentOr(&["JWT"]);

fn token(header: &Value, payload: &[u8], signature: &[u8]) -> String {
    let header = encode(header.to_string());
    format!("{header}.{}.{}", encode(payload), encode(signature))
}

/// Signed by the holder of the HS256 secret, whatever the header says.
fn signed_text(header: &str, payload: &[u8]) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    format!("{input}.{}", encode(hmac::sign(&key, input.as_bytes())))
}

fn verify(algorithm: Algorithm, token: &str) -> Result<Vec<u8>, VerifyError> {
    let jws = Compact::parse(token, MAX).unwrap();
    let verifying = &of(algorithm).verifying;
    verifying.verify(&jws, JWT).map(<[u8]>::to_vec)
}

fn header_error(header: &str) -> HeaderError {
    match Compact::parse(&signed_text(header, b"{}"), MAX) {
        Err(ParseError::Header(error)) => error,
        other => panic!("{header}: {other:?}"),
    }
}

#[test]
fn alg_none_in_any_spelling_is_no_signature() {
    for name in ["none", "None", "NONE", "nOnE", "", " none"] {
        for signature in [&b""[..], b"x"] {
            let token = token(&json!({"alg": name}), b"{}", signature);
            for pair in pairs() {
                let refused = Err(VerifyError::OtherAlgorithm(pair.algorithm));
                assert_eq!(verify(pair.algorithm, &token), refused, "{name}");
            }
        }
    }
}

#[test]
fn an_unsecured_token_has_its_own_door() {
    let text = write_proved_by_nothing(b"{\"iss\":\"a\"}");
    assert_eq!(
        read_proved_by_nothing(&text, MAX).unwrap(),
        b"{\"iss\":\"a\"}"
    );
    let signed = of(Algorithm::Es256).signing.sign(None, b"{}").unwrap();
    assert_eq!(
        read_proved_by_nothing(&signed, MAX),
        Err(UnsecuredError::Algorithm)
    );
    let both = format!("{text}AAAA");
    assert_eq!(
        read_proved_by_nothing(&both, MAX),
        Err(UnsecuredError::Signature)
    );
    let spelled = token(&json!({"alg": "None"}), b"{}", b"");
    assert_eq!(
        read_proved_by_nothing(&spelled, MAX),
        Err(UnsecuredError::Algorithm)
    );
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let jwk = of(algorithm).signing.public_jwk().unwrap();
        assert!(VerifyingKey::from_jwk(jwk, Algorithm::Hs256).is_err());
        let header = json!({"alg": "HS256"}).to_string();
        let input = format!("{}.{}", encode(header), encode("{}"));
        // Every text of the public key that a library might have used as the secret.
        let json = jwk.to_json();
        let texts = [
            json.to_string(),
            jwk.thumbprint(),
            json["x"].to_string(),
            json["n"].to_string(),
        ];
        for text in texts {
            let key = hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes());
            let forged = format!("{input}.{}", encode(hmac::sign(&key, input.as_bytes())));
            let refused = Err(VerifyError::OtherAlgorithm(algorithm));
            assert_eq!(verify(algorithm, &forged), refused);
        }
    }
}

#[test]
fn the_header_does_not_choose_the_algorithm() {
    for pair in pairs() {
        let token = pair.signing.sign(None, b"{}").unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        for other in [
            "HS256", "RS256", "PS256", "ES256", "EdDSA", "RS512", "ES384", "Ed448",
        ] {
            if Algorithm::parse(other) == Some(pair.algorithm) {
                continue;
            }
            let changed = format!("{}.{rest}", encode(json!({"alg": other}).to_string()));
            assert!(verify(pair.algorithm, &changed).is_err());
        }
    }
    // One RSA key, two paddings: which one is the key's, not the header's.
    let rs256 = of(Algorithm::Rs256);
    let ps256 = SigningKey::from_pkcs8(Algorithm::Ps256, &rs256.pkcs8).unwrap();
    let token = ps256.sign(None, b"{}").unwrap();
    let refused = Err(VerifyError::OtherAlgorithm(Algorithm::Rs256));
    assert_eq!(verify(Algorithm::Rs256, &token), refused);
}

#[test]
fn the_fully_specified_name_is_accepted_for_ed25519_only() {
    let pair = of(Algorithm::EdDsa);
    let jwk = pair.signing.public_jwk().unwrap();
    let input = format!(
        "{}.{}",
        encode(json!({"alg": "Ed25519", "kid": jwk.kid()}).to_string()),
        encode("{}")
    );
    let key = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8(&pair.pkcs8).unwrap();
    let token = format!("{input}.{}", encode(key.sign(input.as_bytes())));
    assert_eq!(verify(Algorithm::EdDsa, &token), Ok(b"{}".to_vec()));
    assert!(verify(Algorithm::Es256, &token).is_err());
}

#[test]
fn extensions_are_refused_even_if_listed_empty() {
    for (header, name) in [
        (r#"{"alg":"HS256","crit":["exp"]}"#, "crit"),
        (r#"{"alg":"HS256","crit":[]}"#, "crit"),
        (r#"{"alg":"HS256","crit":null}"#, "crit"),
        (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, "crit"),
        (r#"{"alg":"HS256","b64":false}"#, "b64"),
        (r#"{"alg":"HS256","b64":true}"#, "b64"),
        (r#"{"alg":"HS256","zip":"DEF"}"#, "zip"),
    ] {
        assert_eq!(header_error(header), HeaderError::Extension(name));
    }
}

#[test]
fn a_member_that_comes_twice_is_refused() {
    for header in [
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","\u0061lg":"none"}"#,
        r#"{"alg":"HS256","x":{"a":1,"a":1}}"#,
    ] {
        let error = header_error(header);
        assert!(matches!(error, HeaderError::Json(JsonError::Duplicate(_))));
    }
    let claims = Claims::parse(br#"{"sub":"alice","sub":"admin"}"#, MAX);
    assert!(matches!(
        claims,
        Err(ClaimError::Json(JsonError::Duplicate(_)))
    ));
    let jwk = Jwk::parse(br#"{"kty":"RSA","kty":"oct"}"#);
    assert!(matches!(jwk, Err(JwkError::Json(JsonError::Duplicate(_)))));
}

#[test]
fn header_members_have_their_types() {
    assert_eq!(header_error("{}"), HeaderError::Missing("alg"));
    for (header, name) in [
        (r#"{"alg":null}"#, "alg"),
        (r#"{"alg":["HS256"]}"#, "alg"),
        (r#"{"alg":"HS256","kid":1}"#, "kid"),
        (r#"{"alg":"HS256","kid":{"$gt":""}}"#, "kid"),
        (r#"{"alg":"HS256","typ":["JWT"]}"#, "typ"),
        (r#"{"alg":"HS256","cty":0}"#, "cty"),
    ] {
        assert_eq!(header_error(header), HeaderError::Type(name));
    }
    assert_eq!(
        header_error("[]"),
        HeaderError::Json(JsonError::NotAnObject)
    );
}

#[test]
fn an_expiry_in_quotes_is_not_absent() {
    let claims = Claims::parse(br#"{"exp":"1"}"#, MAX).unwrap();
    assert_eq!(claims.check_time(2, 0), Err(ClaimError::Type("exp")));
    let claims = Claims::parse(br#"{"exp":9999999999,"nbf":null}"#, MAX).unwrap();
    assert_eq!(claims.check_time(2, 0), Err(ClaimError::Type("nbf")));
}

#[test]
fn keys_in_the_header_prove_nothing() {
    let attacker = SigningKey::generate(Algorithm::Es256).unwrap();
    let attacker = SigningKey::from_pkcs8(Algorithm::Es256, &attacker).unwrap();
    let jwk = attacker.public_jwk().unwrap().to_json();
    let pair = of(Algorithm::Es256);
    // Signed by the attacker, with everything that could lead to the attacker's key.
    let input = json!({
        "alg": "ES256", "jwk": jwk, "jku": "https://attacker.example/jwks",
        "x5u": "https://attacker.example/cert", "x5c": ["AQAB"],
        "kid": pair.signing.kid(),
    });
    let theirs = attacker.sign(None, b"{}").unwrap();
    let signature = theirs.rsplit_once('.').unwrap().1;
    let token = format!("{}.{}.{signature}", encode(input.to_string()), encode("{}"));
    assert_eq!(
        verify(Algorithm::Es256, &token),
        Err(VerifyError::Signature)
    );
    // The right signature is not spoilt by them either.
    let header = r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"jku":"https://attacker.example"}"#;
    assert!(verify(Algorithm::Hs256, &signed_text(header, b"{}")).is_ok());
}

#[test]
fn a_kid_is_only_ever_compared() {
    for kid in [
        "../../dev/null",
        "' OR 1=1 --",
        "| id",
        "\u{0}",
        "https://attacker.example/k",
    ] {
        let header = json!({"alg": "ES256", "kid": kid});
        let token = token(&header, b"{}", &[1; 64]);
        assert_eq!(
            verify(Algorithm::Es256, &token),
            Err(VerifyError::OtherKey),
            "{kid}"
        );
    }
    assert_eq!(
        header_error(r#"{"alg":"HS256","kid":""}"#),
        HeaderError::KeyId
    );
    let long = json!({"alg": "HS256", "kid": "x".repeat(257)}).to_string();
    assert_eq!(header_error(&long), HeaderError::KeyId);
}

#[test]
fn a_short_or_empty_secret_is_no_key() {
    for length in [0, 1, 16, 31] {
        assert!(VerifyingKey::from_secret(&vec![7; length]).is_none());
        let refused = SigningKey::from_secret(&vec![7; length]).err();
        assert_eq!(refused, Some(KeyError::SecretLength("HS256")));
    }
    assert!(VerifyingKey::from_secret(&[7; 32]).is_some());
}

#[test]
fn a_point_off_the_curve_is_no_key() {
    let mut jwk = of(Algorithm::Es256).signing.public_jwk().unwrap().to_json();
    for (x, y) in [
        ([0; 32], [0; 32]),
        ([1; 32], [1; 32]),
        ([0xff; 32], [0xff; 32]),
    ] {
        jwk["x"] = json!(encode(x));
        jwk["y"] = json!(encode(y));
        assert_eq!(Jwk::parse(jwk.to_string().as_bytes()), Err(JwkError::Point));
    }
}

#[test]
fn an_ephemeral_key_off_the_curve_learns_nothing() {
    let alg = KeyManagement::EcdhEs;
    let epk = json!({"kty": "EC", "crv": "P-256", "x": encode([1; 32]), "y": encode([1; 32])});
    let header = encode(json!({"alg": alg.name(), "enc": "A128GCM", "epk": epk}).to_string());
    let jwe = format!("{header}..{}.AA.{}", encode([0; 12]), encode([0; 16]));
    let error = CompactJwe::parse(&jwe, MAX).err();
    assert_eq!(error, Some(JweParseError::EphemeralKey(JwkError::Point)));
}

#[test]
fn a_signature_of_zeros_is_none() {
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let mut one = [0; 32];
    one[31] = 1;
    for r in [[0; 32], one, order] {
        for s in [[0; 32], one, order] {
            let token = token(&json!({"alg": "ES256"}), b"{}", &[r, s].concat());
            assert_eq!(
                verify(Algorithm::Es256, &token),
                Err(VerifyError::Signature)
            );
        }
    }
    for pair in pairs() {
        for length in [0, 1, 32, 63, 64, 65, 255, 256, 257] {
            let header = json!({"alg": pair.algorithm.name()});
            let token = token(&header, b"{}", &vec![0; length]);
            assert_eq!(verify(pair.algorithm, &token), Err(VerifyError::Signature));
        }
    }
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    let pair = of(Algorithm::Es256);
    let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    let key = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(algorithm, &pair.pkcs8).unwrap();
    let input = format!("{}.{}", encode(r#"{"alg":"ES256"}"#), encode("{}"));
    let signature = key.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    let token = format!("{input}.{}", encode(signature));
    assert_eq!(
        verify(Algorithm::Es256, &token),
        Err(VerifyError::Signature)
    );
}

#[test]
fn a_token_has_one_spelling() {
    for pair in pairs() {
        let token = pair.signing.sign(Some("JWT"), b"{\"a\":1}").unwrap();
        assert!(verify(pair.algorithm, &token).is_ok());
        let others = [
            format!("{token}="),
            format!("{token}=="),
            format!("{token}\n"),
            format!(" {token}"),
            format!("{token}."),
            format!(".{token}"),
            token.replacen('.', "..", 1),
            token.replacen('.', "=.", 1),
            token.replace('.', ""),
            token.replace('.', "%2E"),
        ];
        for other in others {
            assert!(Compact::parse(&other, MAX).is_err(), "{other}");
        }
    }
    // 64 bytes leave four bits of the last character unused: they must be zero.
    let token = of(Algorithm::Es256).signing.sign(None, b"{}").unwrap();
    for last in "BCDEFGHIJKLMNOPRSTUVWXYZ"
        .chars()
        .filter(|last| !token.ends_with(*last))
    {
        let other = format!("{}{last}", &token[..token.len() - 1]);
        assert_eq!(Compact::parse(&other, MAX).err(), Some(ParseError::Base64));
    }
}

#[test]
fn size_is_judged_before_anything_else() {
    let long = "a".repeat(MAX + 1);
    assert_eq!(
        Compact::parse(&long, MAX).err(),
        Some(ParseError::TooLong(MAX))
    );
    assert_eq!(
        CompactJwe::parse(&long, MAX).err(),
        Some(JweParseError::TooLong(MAX))
    );
    let header = json!({"alg": "HS256", "x": "a".repeat(9000)}).to_string();
    assert!(matches!(
        header_error(&header),
        HeaderError::Json(JsonError::TooLong(_))
    ));
    let deep = format!(
        r#"{{"alg":"HS256","x":{}{}}}"#,
        "[".repeat(500),
        "]".repeat(500)
    );
    assert_eq!(header_error(&deep), HeaderError::Json(JsonError::TooDeep));
}

#[test]
fn no_kind_of_token_passes_as_another() {
    let pair = of(Algorithm::EdDsa);
    let admits = |typ: Option<&str>, expected: ExpectedType<'_>| {
        let token = pair.signing.sign(typ, b"{}").unwrap();
        let jws = Compact::parse(&token, MAX).unwrap();
        pair.verifying.verify(&jws, expected).is_ok()
    };
    let access = ExpectedType::Only("at+jwt");
    assert!(admits(Some("at+jwt"), access));
    assert!(admits(Some("application/at+jwt"), access));
    assert!(admits(Some("APPLICATION/AT+JWT"), access));
    for typ in [
        None,
        Some("JWT"),
        Some("dpop+jwt"),
        Some("logout+jwt"),
        Some("x-at+jwt"),
        Some(""),
    ] {
        assert!(!admits(typ, access), "{typ:?}");
    }
    assert!(admits(None, JWT) && admits(Some("jwt"), JWT));
    for typ in ["dpop+jwt", "at+jwt", "logout+jwt", "oauth-authz-req+jwt"] {
        assert!(!admits(Some(typ), JWT), "{typ}");
    }
}

#[test]
fn a_json_serialization_is_not_compact() {
    let json = r#"{"payload":"e30","signatures":[{"protected":"e30","signature":""}]}"#;
    assert_eq!(Compact::parse(json, MAX).err(), Some(ParseError::Parts));
    assert!(Compact::parse("..", MAX).is_err() && Compact::parse("", MAX).is_err());
    assert!(CompactJwe::parse("....", MAX).is_err());
    let jws = of(Algorithm::Es256).signing.sign(None, b"{}").unwrap();
    assert_eq!(
        CompactJwe::parse(&jws, MAX).err(),
        Some(JweParseError::Parts)
    );
}

fn encrypted(alg: KeyManagement, enc: ContentEncryption) -> (DecryptingKey, EncryptingKey) {
    let length = match alg {
        KeyManagement::A128Kw => 16,
        KeyManagement::A256Kw => 32,
        _ => enc.key_bytes(),
    };
    if let Ok(der) = DecryptingKey::generate(alg) {
        let decrypting = DecryptingKey::from_pkcs8(alg, &[enc], &der).unwrap();
        let jwk = decrypting.public_jwk().unwrap();
        let encrypting = EncryptingKey::from_jwk(jwk, alg, enc).unwrap();
        return (decrypting, encrypting);
    }
    let secret = vec![9; length];
    (
        DecryptingKey::from_secret(alg, enc, &secret).unwrap(),
        EncryptingKey::from_secret(alg, enc, &secret).unwrap(),
    )
}

fn opens(key: &DecryptingKey, text: &str) -> Result<Vec<u8>, DecryptError> {
    let jwe = CompactJwe::parse(text, MAX).unwrap();
    key.decrypt(jwe).map(|text| text.to_vec())
}

#[test]
fn every_pair_of_encryption_algorithms_opens_its_own_and_no_other() {
    let random = SystemRandom::new();
    for alg in KeyManagement::ALL {
        for enc in ContentEncryption::ALL {
            let (decrypting, encrypting) = encrypted(alg, enc);
            let text = encrypting.encrypt(Some("JWT"), b"nested", &random).unwrap();
            assert!(CompactJwe::parse(&text, MAX).unwrap().is_nested());
            assert_eq!(opens(&decrypting, &text).unwrap(), b"nested", "{alg} {enc}");
            // The same text under another alg or enc.
            let (header, rest) = text.split_once('.').unwrap();
            let header: Value = serde_json::from_slice(&crate::keys::decode(header)).unwrap();
            for (name, value) in [
                ("alg", "RSA1_5"),
                ("alg", "PBES2-HS256+A128KW"),
                ("enc", "A192GCM"),
            ] {
                let mut other = header.clone();
                other[name] = json!(value);
                let other = format!("{}.{rest}", encode(other.to_string()));
                assert!(opens(&decrypting, &other).is_err());
            }
        }
    }
}

#[test]
fn whatever_is_wrong_with_a_ciphertext_fails_alike() {
    let random = SystemRandom::new();
    for alg in [
        KeyManagement::RsaOaep256,
        KeyManagement::EcdhEsA256Kw,
        KeyManagement::A128Kw,
        KeyManagement::Dir,
    ] {
        for enc in ContentEncryption::ALL {
            let (decrypting, encrypting) = encrypted(alg, enc);
            let text = encrypting.encrypt(None, &[0x10; 32], &random).unwrap();
            let parts: Vec<&str> = text.split('.').collect();
            for at in 1..5 {
                for cut in [true, false] {
                    let mut bytes = crate::keys::decode(parts[at]);
                    match cut {
                        true => bytes.truncate(bytes.len().saturating_sub(1)),
                        false if bytes.is_empty() => bytes.push(0),
                        false => bytes[0] ^= 1,
                    }
                    let changed = encode(&bytes);
                    if changed == parts[at] {
                        continue;
                    }
                    let mut parts = parts.clone();
                    parts[at] = &changed;
                    let failed = opens(&decrypting, &parts.join("."));
                    assert_eq!(failed, Err(DecryptError::Failed), "{alg} {enc} part {at}");
                }
            }
            let mut parts = parts.clone();
            parts[4] = "";
            assert_eq!(
                opens(&decrypting, &parts.join(".")),
                Err(DecryptError::Failed)
            );
        }
    }
}

#[test]
fn a_failed_unwrapping_does_not_open_under_a_known_key() {
    // Sealed with the key of zeros that stands in when nothing was unwrapped.
    let enc = ContentEncryption::A256Gcm;
    let zeros = EncryptingKey::from_secret(KeyManagement::Dir, enc, &[0; 32]).unwrap();
    let text = zeros
        .encrypt(None, b"forged", &SystemRandom::new())
        .unwrap();
    let rest: Vec<&str> = text.split('.').collect();
    let (decrypting, _) = encrypted(KeyManagement::A256Kw, enc);
    let header = encode(json!({"alg": "A256KW", "enc": "A256GCM"}).to_string());
    let forged = [&*header, "AAAA", rest[2], rest[3], rest[4]].join(".");
    assert_eq!(opens(&decrypting, &forged), Err(DecryptError::Failed));
}

#[test]
fn a_shared_key_has_exactly_its_length() {
    let enc = ContentEncryption::A128CbcHs256;
    for (alg, right) in [
        (KeyManagement::A128Kw, 16),
        (KeyManagement::A256Kw, 32),
        (KeyManagement::Dir, 32),
    ] {
        for length in [0, 15, 16, 24, 31, 32, 33, 64] {
            let made = DecryptingKey::from_secret(alg, enc, &vec![1; length]).is_ok();
            assert_eq!(made, length == right, "{alg} {length}");
            let made = EncryptingKey::from_secret(alg, enc, &vec![1; length]).is_ok();
            assert_eq!(made, length == right, "{alg} {length}");
        }
    }
    assert!(DecryptingKey::from_secret(KeyManagement::RsaOaep, enc, &[1; 32]).is_err());
}

#[test]
fn a_signing_key_decrypts_nothing() {
    let signing = of(Algorithm::Es256).signing.public_jwk().unwrap();
    let enc = ContentEncryption::A128Gcm;
    let refused = EncryptingKey::from_jwk(signing, KeyManagement::EcdhEs, enc).err();
    assert_eq!(refused, Some(JwkError::OtherAlgorithm("ECDH-ES")));
    let der = DecryptingKey::generate(KeyManagement::EcdhEs).unwrap();
    let ours = DecryptingKey::from_pkcs8(KeyManagement::EcdhEs, &[enc], &der).unwrap();
    let refused = VerifyingKey::from_jwk(ours.public_jwk().unwrap(), Algorithm::Es256).err();
    assert_eq!(refused, Some(JwkError::OtherAlgorithm("ES256")));
}
