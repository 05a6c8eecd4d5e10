//! `authorize::request_object`: what an object may say, and what has to prove it.

use crate::facts::*;
use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{
        ContentEncryption, DecryptingKey, EncryptingKey,
        KeyManagement::{EcdhEs, RsaOaep256},
    },
    sign::SigningKey,
    unsecured,
    verify::VerifyingKey,
};
use grantor_protocol::{
    authorize::request_object::{self, MAX_BYTES, Sent, Unproved},
    client::{Client, ClientKind},
    error::Cause,
    form::Params,
    openid::registration::Signing,
};
use serde_json::{Value, json};

const ISSUER: &str = "https://id.example";

fn server_app(signing: Option<Signing>) -> Client {
    let mut client = client(ClientKind::Confidential);
    client.registration.request_object_signing_alg = signing;
    client
}

fn outside() -> Params {
    let id = APP.to_string();
    query(&[
        ("client_id", Some(&id)),
        ("response_type", Some("code")),
        ("redirect_uri", Some(HTTPS)),
        ("scope", Some("openid")),
        ("state", Some("outside")),
        ("request", Some("a.b.c")),
    ])
}

/// The parameters, with an unsigned object of these claims.
fn merged(claims: &Value) -> Result<Params, Cause> {
    let client = server_app(None);
    let text = unsecured::write_proved_by_nothing(claims.to_string().as_bytes());
    match request_object::read(&client, &text)? {
        Unproved::Nothing(object) => object.merge(&outside(), &client, (ISSUER, NOW.seconds())),
        Unproved::Signature(..) => panic!("this is not signed"),
    }
}

/// OpenID Connect Core §6.1: what is inside counts, what is not inside is taken from outside.
#[test]
fn an_object_supersedes_what_stands_outside() {
    let params = merged(&json!({
        "state": "inside",
        "nonce": "n",
        "max_age": 60,
        "claims": {"userinfo": {"email": null}},
        "client_secret": "not a parameter",
        "asked_login": "1.x",
        "unknown": {"of": ["any", "kind"]},
    }))
    .unwrap();
    let get = |name| params.get(name);
    assert_eq!((get("state"), get("nonce")), (Some("inside"), Some("n")));
    assert_eq!((get("scope"), get("max_age")), (Some("openid"), Some("60")));
    assert_eq!(get("claims"), Some(r#"{"userinfo":{"email":null}}"#));
    for absent in [
        "request",
        "request_uri",
        "client_secret",
        "asked_login",
        "unknown",
    ] {
        assert_eq!(get(absent), None, "{absent}");
    }
}

#[test]
fn an_object_agrees_with_what_stands_outside_and_speaks_of_this_app_to_this_server_now() {
    let (id, now) = (APP.to_string(), NOW.seconds());
    for good in [
        json!({}),
        json!({"client_id": id, "response_type": "code"}),
        json!({"iss": id, "aud": ISSUER, "sub": "somebody"}),
        json!({"aud": ["https://other.example", ISSUER]}),
        json!({"exp": now + 60, "nbf": now, "iat": now, "jti": "one"}),
        json!({"exp": now - 59}),
        json!({"nbf": now + 60}),
    ] {
        assert!(merged(&good).is_ok(), "{good}");
    }
    for (bad, why) in [
        (json!({"client_id": "200"}), Cause::RequestObjectDiffers),
        (
            json!({"response_type": "token"}),
            Cause::RequestObjectDiffers,
        ),
        (json!({"iss": "200"}), Cause::RequestObjectForOthers),
        (
            json!({"aud": "https://other.example"}),
            Cause::RequestObjectForOthers,
        ),
        // RFC 9101 §10.8: it could be sent as a client assertion.
        (json!({"sub": id}), Cause::RequestObjectForOthers),
        (json!({"exp": now - 60}), Cause::RequestObjectTime),
        (json!({"nbf": now + 61}), Cause::RequestObjectTime),
        (
            json!({"exp": (now + 60).to_string()}),
            Cause::RequestObjectMalformed,
        ),
        (json!({"request": "a.b.c"}), Cause::RequestObjectNested),
        (
            json!({"request_uri": "https://app.example/o"}),
            Cause::RequestObjectNested,
        ),
        (json!({"client_id": APP}), Cause::RequestObjectMalformed),
        (json!({"scope": ["openid"]}), Cause::RequestObjectMalformed),
        (json!({"state": null}), Cause::RequestObjectMalformed),
        (json!({"max_age": {"a": 1}}), Cause::RequestObjectMalformed),
        (json!({"state": "a\u{0}b"}), Cause::RequestObjectMalformed),
    ] {
        assert_eq!(merged(&bad), Err(why), "{bad}");
    }
}

fn text_of(header: &str) -> String {
    format!("{}.e30.AAAA", BASE64_URL_SAFE_NO_PAD.encode(header))
}

/// RFC 8725 §2.1, §3.1: the registration says what proves an object, not its header.
#[test]
fn an_object_is_proved_as_the_app_has_registered() {
    let needed = |signing, text: &str| match request_object::read(&server_app(signing), text) {
        Ok(Unproved::Nothing(_)) => Ok(None),
        Ok(Unproved::Signature(_, algorithm)) => Ok(Some(algorithm)),
        Err(cause) => Err(cause),
    };
    let none = unsecured::write_proved_by_nothing(b"{}");
    let (es256, hs256) = (text_of(r#"{"alg":"ES256"}"#), text_of(r#"{"alg":"HS256"}"#));
    let signed = |algorithm| Some(Signing::Signed(algorithm));
    assert_eq!(needed(None, &none), Ok(None));
    assert_eq!(needed(None, &es256), Ok(Some(Algorithm::Es256)));
    assert_eq!(needed(Some(Signing::Unsigned), &none), Ok(None));
    let rs256 = signed(Algorithm::Rs256);
    assert_eq!(needed(rs256, &es256), Ok(Some(Algorithm::Rs256)));
    // An unsigned one has no signature that could fit.
    assert_eq!(needed(rs256, &none), Ok(Some(Algorithm::Rs256)));
    let refused = Err(Cause::RequestObjectAlgorithm);
    assert_eq!(needed(Some(Signing::Unsigned), &es256), refused);
    assert_eq!(needed(None, &hs256), refused);
    assert_eq!(needed(signed(Algorithm::Hs256), &hs256), refused);
    assert_eq!(needed(None, &text_of(r#"{"alg":"NONE"}"#)), refused);
    assert_eq!(needed(None, &text_of(r#"{"alg":"none"}"#)), refused);
    let malformed = Err(Cause::RequestObjectMalformed);
    assert_eq!(
        needed(None, &text_of(r#"{"alg":"ES256","crit":["x"]}"#)),
        malformed
    );
    assert_eq!(needed(None, &"a".repeat(MAX_BYTES + 1)), malformed);
    assert_eq!(needed(None, "a.b.c.d.e"), malformed);
}

/// OpenID Connect Core §6.1: to any key of ours, by any way that it can be encrypted.
#[test]
fn an_encrypted_object_is_opened_by_the_key_that_it_is_for() {
    let pair = |alg| {
        let der = DecryptingKey::generate(alg).unwrap();
        DecryptingKey::from_pkcs8(alg, &ContentEncryption::ALL, &der).unwrap()
    };
    let encrypt = |key: &DecryptingKey, alg, enc, text: &str| {
        let to = EncryptingKey::from_jwk(key.public_jwk().unwrap(), alg, enc).unwrap();
        to.encrypt(Some("JWT"), text.as_bytes(), &SystemRandom::new())
            .unwrap()
    };
    let all = [RsaOaep256, EcdhEs].map(|alg| (alg, pair(alg)));
    let stranger = pair(EcdhEs);
    let keys = all.into_iter();
    let (algorithms, keys): (Vec<_>, Vec<_>) = keys.unzip();
    for (key, alg) in keys.iter().zip(algorithms) {
        for enc in ContentEncryption::ALL {
            let text = encrypt(key, alg, enc, "a.b.c");
            let inside = request_object::decrypt(&text, &keys);
            assert_eq!(inside, Ok(Some("a.b.c".into())), "{alg} {enc}");
        }
    }
    let failed = Err(Cause::RequestObjectEncryption);
    let text = encrypt(&stranger, EcdhEs, ContentEncryption::A128Gcm, "a.b.c");
    assert_eq!(request_object::decrypt(&text, &keys), failed);
    assert_eq!(request_object::decrypt(&text, &[]), failed);
    let changed = format!("{}AAAA", &text[..text.len() - 4]);
    assert_eq!(request_object::decrypt(&changed, &[stranger]), failed);
    for malformed in ["a.b.c.d.e", "....", &format!("{text}!")] {
        let refused = request_object::decrypt(malformed, &keys);
        assert_eq!(refused, Err(Cause::RequestObjectMalformed), "{malformed}");
    }
    for signed in ["", "a.b.c", "a.b.c.d", "a.b.c.d.e.f"] {
        assert_eq!(request_object::decrypt(signed, &keys), Ok(None));
    }
}

#[test]
fn only_the_app_s_own_key_proves_an_object() {
    let key = || {
        let der = SigningKey::generate(Algorithm::Es256).unwrap();
        SigningKey::from_pkcs8(Algorithm::Es256, &der).unwrap()
    };
    let (own, other) = (key(), key());
    let public = |key: &SigningKey| {
        VerifyingKey::from_jwk(key.public_jwk().unwrap(), Algorithm::Es256).unwrap()
    };
    let client = server_app(Some(Signing::Signed(Algorithm::Es256)));
    let judge = |text: &str| match request_object::read(&client, text).unwrap() {
        Unproved::Signature(jws, _) => request_object::verify(&jws, &public(&own)).err(),
        Unproved::Nothing(_) => panic!("nothing is taken unsigned"),
    };
    assert_eq!(judge(&own.sign(None, b"{}").unwrap()), None);
    assert_eq!(
        judge(&own.sign(Some("oauth-authz-req+jwt"), b"{}").unwrap()),
        None
    );
    let refused = Some(Cause::RequestObjectSignature);
    assert_eq!(judge(&other.sign(None, b"{}").unwrap()), refused);
    // Another kind of token, signed by the same app.
    assert_eq!(
        judge(&own.sign(Some("client-authentication+jwt"), b"{}").unwrap()),
        refused
    );
    assert_eq!(judge(&unsecured::write_proved_by_nothing(b"{}")), refused);
    let payload = Some(Cause::RequestObjectMalformed);
    assert_eq!(judge(&own.sign(None, b"[]").unwrap()), payload);
    assert_eq!(
        judge(&own.sign(None, br#"{"state":"a","state":"b"}"#).unwrap()),
        payload
    );
}

#[test]
fn an_object_comes_as_a_value_or_by_a_registered_reference() {
    let of = |pairs: &[(&str, Option<&str>)]| {
        let params = query(pairs);
        Sent::of(&params).map(|sent| format!("{sent:?}"))
    };
    let (value, reference) = (("request", Some("a")), ("request_uri", Some("b")));
    assert_eq!(of(&[]), Ok("None".into()));
    assert_eq!(of(&[value]), Ok("Some(Value(\"a\"))".into()));
    assert_eq!(of(&[reference]), Ok("Some(Reference(\"b\"))".into()));
    assert_eq!(of(&[value, reference]), Err(Cause::RequestTwice));

    let mut client = server_app(None);
    client.registration.request_uris = vec!["https://app.example/o#one".into()];
    for (uri, registered) in [
        ("https://app.example/o", true),
        ("https://app.example/o#two", true),
        ("https://app.example/o/", false),
        ("https://app.example/o?x#one", false),
        ("https://app.example/O", false),
        ("https://evil.example/o", false),
    ] {
        assert_eq!(
            request_object::is_registered(&client, request_object::place_of(uri).0),
            registered,
            "{uri}"
        );
    }
    let sent_on = request_object::by_value(&outside(), "x.y.z");
    let sent_on = Params::parse(sent_on.as_bytes()).unwrap();
    assert_eq!(
        (sent_on.get("request"), sent_on.get("state")),
        (Some("x.y.z"), Some("outside"))
    );
}
