//! `client::authenticate`: what each kind of app must prove.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_jose::{algorithm::Algorithm, sign::SigningKey, verify::VerifyingKey};
use grantor_protocol::{
    client::{
        Authenticated, Credential, Proof,
        assertion::{self, Agreed, Assertion},
        authenticate,
    },
    error::Cause,
    openid::registration::{AuthMethod, Signing},
    time::Millis,
};
use serde_json::{Value, json};

#[test]
fn authenticate_truth_table() {
    const FACTS: &[Fact] = &[
        ("app", &["unknown", "active", "suspended"]),
        ("kind", &["confidential", "native", "browser"]),
        (
            "its secrets",
            &[
                "none",
                "current",
                "current and older",
                "current and expired",
            ],
        ),
        ("sent", &["nothing", "current", "older", "another app's"]),
    ];
    let decide = |case: &Case| {
        let mut client = client(kind(case.get("kind")));
        client.suspended = case.is("app", "suspended");
        client.secrets = match case.get("its secrets") {
            "none" => vec![],
            "current" => vec![secret(1, SECRET, None)],
            "current and older" => vec![
                secret(2, "the older secret", Some(ago(-1))),
                secret(1, SECRET, None),
            ],
            _ => vec![
                secret(2, "the older secret", Some(NOW)),
                secret(1, SECRET, None),
            ],
        };
        let sent = match case.get("sent") {
            "nothing" => None,
            "current" => Some(SECRET),
            "older" => Some("the older secret"),
            _ => Some("the secret of another app"),
        };
        let found = (!case.is("app", "unknown")).then_some(&client);
        let verdict = authenticate(found, &Credential::posted(sent), NOW);
        Some(outcome(verdict))
    };
    keep("authenticate", &Table::of(FACTS, decide).merged("pass"));
}

fn outcome(verdict: Result<Authenticated<'_>, Cause>) -> String {
    match verdict {
        Ok(passed) => match (passed.proof, passed.once) {
            (Proof::Nothing, None) => "pass without proof".into(),
            (Proof::Secret(id), None) => format!("pass by secret {id}"),
            (Proof::Secret(id), Some(_)) => format!("pass ONCE by secret {id}"),
            (Proof::Key, Some(_)) => "pass ONCE by key".into(),
            (proof, once) => format!("HOLE: {proof:?} {}", once.is_some()),
        },
        Err(cause) => format!("refuse {} {cause:?}", cause.code().as_str()),
    }
}

/// What an app has registered decides what it may send, whatever else it could.
#[test]
fn authenticate_by_method_truth_table() {
    const FACTS: &[Fact] = &[
        ("kind", &["confidential", "native", "browser"]),
        (
            "registered",
            &[
                "nothing",
                "none",
                "client_secret_basic",
                "client_secret_post",
                "client_secret_jwt",
                "private_key_jwt",
            ],
        ),
        (
            "sent",
            &[
                "client_id",
                "secret by basic",
                "secret by post",
                "assertion by secret",
                "assertion by key",
            ],
        ),
    ];
    let (by_secret, by_key) = (hs256(&claims()), es256(&claims()));
    let decide = |case: &Case| {
        let mut client = client(kind(case.get("kind")));
        client.secrets = vec![secret(1, SECRET, None)];
        client.registration.token_endpoint_auth_method = AuthMethod::parse(case.get("registered"));
        let secret = |by| Credential::Secret { text: SECRET, by };
        let assertion = |assertion| Credential::Assertion {
            assertion,
            audiences: AUDIENCES,
        };
        let credential = match case.get("sent") {
            "client_id" => Credential::Nothing,
            "secret by basic" => secret(AuthMethod::ClientSecretBasic),
            "secret by post" => secret(AuthMethod::ClientSecretPost),
            "assertion by secret" => assertion(&by_secret),
            _ => assertion(&by_key),
        };
        Some(outcome(authenticate(Some(&client), &credential, NOW)))
    };
    let table = Table::of(FACTS, decide);
    keep("authenticate_by_method", &table.merged("pass"));
}

const AUDIENCES: &[&str] = &["https://id.example", "https://id.example/-/oauth_token"];
const LONG_SECRET: &[u8] = b"a secret of at least 32 bytes, as HS256 wants it";

/// Claims of an assertion that is right, `exp` in a minute.
fn claims() -> Value {
    let (id, now) = (APP.to_string(), NOW.seconds());
    json!({"iss": id, "sub": id, "aud": AUDIENCES[0], "exp": now + 60, "jti": "one"})
}

fn sealed(key: &SigningKey, verifier: (Option<i64>, VerifyingKey), claims: &Value) -> Assertion {
    let text = key.sign(None, claims.to_string().as_bytes()).unwrap();
    let jws = assertion::read(Some(assertion::TYPE), &text).unwrap();
    assertion::verify(&jws, &[verifier]).unwrap_or_else(|cause| panic!("{cause:?}"))
}

fn hs256(claims: &Value) -> Assertion {
    let verifier = VerifyingKey::from_secret(LONG_SECRET).unwrap();
    let key = SigningKey::from_secret(LONG_SECRET).unwrap();
    sealed(&key, (Some(1), verifier), claims)
}

fn es256(claims: &Value) -> Assertion {
    let der = SigningKey::generate(Algorithm::Es256).unwrap();
    let key = SigningKey::from_pkcs8(Algorithm::Es256, &der).unwrap();
    let verifier = VerifyingKey::from_jwk(key.public_jwk().unwrap(), Algorithm::Es256).unwrap();
    sealed(&key, (None, verifier), claims)
}

/// RFC 7523 §3, OpenID Connect Core §9, CVE-2025-2559: each claim that an assertion
/// cannot do without, and what it may say.
#[test]
fn an_assertion_speaks_of_this_app_to_this_server_now() {
    let mut client = client(kind("confidential"));
    client.registration.token_endpoint_auth_method = Some(AuthMethod::PrivateKeyJwt);
    let now = NOW.seconds();
    let judge = |claims: &Value| {
        let assertion = es256(claims);
        let credential = Credential::Assertion {
            assertion: &assertion,
            audiences: AUDIENCES,
        };
        authenticate(Some(&client), &credential, NOW).map(|passed| passed.once.unwrap())
    };
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        claims
    };
    for good in [
        with("aud", json!(AUDIENCES[1])),
        with("aud", json!(["https://other.example", AUDIENCES[0]])),
        with("exp", json!(now + 3600)),
        with("exp", json!(now - 59)),
        with("iat", json!(now + 8)),
        with("nbf", json!(now + 8)),
        with("more", json!({"of": "this"})),
    ] {
        assert!(judge(&good).is_ok(), "{good}");
    }
    for (bad, why) in [
        (with("iss", json!("200")), Cause::AssertionIssuer),
        (with("sub", json!("200")), Cause::AssertionIssuer),
        (with("iss", json!(APP)), Cause::AssertionIncomplete),
        (with("sub", Value::Null), Cause::AssertionIncomplete),
        (
            with("aud", json!("https://id.example/")),
            Cause::AssertionAudience,
        ),
        (
            with("aud", json!("https://id.example.evil.example")),
            Cause::AssertionAudience,
        ),
        (with("aud", json!([])), Cause::AssertionAudience),
        (
            with("aud", json!({"a": AUDIENCES[0]})),
            Cause::AssertionIncomplete,
        ),
        (with("exp", json!(now - 60)), Cause::AssertionTime),
        (
            with("exp", json!((now + 60).to_string())),
            Cause::AssertionIncomplete,
        ),
        (with("exp", json!(now + 3661)), Cause::AssertionTooLong),
        (
            with("exp", json!(253_402_300_799_i64)),
            Cause::AssertionTooLong,
        ),
        (with("nbf", json!(now + 61)), Cause::AssertionTime),
        (with("iat", json!(now + 61)), Cause::AssertionTime),
        (with("jti", json!(1)), Cause::AssertionIncomplete),
    ] {
        assert_eq!(judge(&bad).err(), Some(why), "{bad}");
    }
    for missing in ["iss", "sub", "aud", "exp", "jti"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(missing);
        assert_eq!(
            judge(&claims).err(),
            Some(Cause::AssertionIncomplete),
            "{missing}"
        );
    }
    // Used up is the pair of app and jti, until it would be refused for its age.
    let (one, again) = (
        judge(&claims()).unwrap(),
        judge(&with("exp", json!(now + 90))).unwrap(),
    );
    assert!(one.digest.proves(&again.digest));
    let other = judge(&with("jti", json!("two"))).unwrap();
    assert!(!one.digest.proves(&other.digest));
    assert!(one.expires > NOW + Millis::seconds(60 + 60));
}

/// RFC 8725 §2.1, §3.1, §3.11: nothing in the header chooses how it is proved.
#[test]
fn an_assertion_is_proved_as_agreed() {
    let mut client = client(kind("confidential"));
    let mut agreed = |method, algorithm: Option<Algorithm>, header: &str| {
        client.registration.token_endpoint_auth_method = method;
        client.registration.token_endpoint_auth_signing_alg = algorithm.map(Signing::Signed);
        let text = format!("{}.e30.AAAA", BASE64_URL_SAFE_NO_PAD.encode(header));
        let jws = assertion::read(Some(assertion::TYPE), &text)?;
        assertion::agreed(&client, &jws)
    };
    let (jwt, key) = (
        Some(AuthMethod::ClientSecretJwt),
        Some(AuthMethod::PrivateKeyJwt),
    );
    let (hs256, es256) = (r#"{"alg":"HS256"}"#, r#"{"alg":"ES256"}"#);
    assert_eq!(agreed(jwt, None, hs256), Ok(Agreed::Secret));
    assert_eq!(agreed(key, None, es256), Ok(Agreed::Key(Algorithm::Es256)));
    let rs256 = Some(Algorithm::Rs256);
    assert_eq!(agreed(key, rs256, es256), Ok(Agreed::Key(Algorithm::Rs256)));
    let refused = Err(Cause::AssertionAlgorithm);
    assert_eq!(agreed(key, None, hs256), refused);
    assert_eq!(agreed(key, Some(Algorithm::Hs256), hs256), refused);
    assert_eq!(agreed(jwt, rs256, es256), refused);
    assert_eq!(agreed(key, None, r#"{"alg":"none"}"#), refused);
    for other in [
        None,
        Some(AuthMethod::ClientSecretPost),
        Some(AuthMethod::None),
    ] {
        assert_eq!(agreed(other, None, hs256), Err(Cause::AuthMethodOther));
    }
    let extension = r#"{"alg":"ES256","crit":["b64"]}"#;
    assert_eq!(agreed(key, None, extension), Err(Cause::AssertionMalformed));
    let of_type = |typ| assertion::read(typ, "a.b.c").err();
    assert_eq!(of_type(None), Some(Cause::AssertionType));
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    assert_eq!(of_type(Some(saml)), Some(Cause::AssertionType));
    let huge = "a".repeat(assertion::MAX_BYTES + 1);
    let refused = assertion::read(Some(assertion::TYPE), &huge).err();
    assert_eq!(refused, Some(Cause::AssertionMalformed));

    let key = SigningKey::from_secret(LONG_SECRET).unwrap();
    let signed = |typ| key.sign(typ, claims().to_string().as_bytes()).unwrap();
    let verify = |text: &str, secret: &[u8]| {
        let jws = assertion::read(Some(assertion::TYPE), text).unwrap();
        let keys = [(Some(1), VerifyingKey::from_secret(secret).unwrap())];
        assertion::verify(&jws, &keys).err()
    };
    assert_eq!(
        verify(&signed(Some("client-authentication+jwt")), LONG_SECRET),
        None
    );
    let request = verify(&signed(Some("oauth-authz-req+jwt")), LONG_SECRET);
    assert_eq!(request, Some(Cause::AssertionMalformed));
    let other = verify(&signed(None), b"another secret of at least 32 bytes");
    assert_eq!(other, Some(Cause::AssertionSignature));
}
