//! `ClientMetadata::parse`: what an app may register, member by member.

use crate::facts::policy;
use grantor_jose::json::parse_object;
use grantor_protocol::{
    authorize::Policy,
    openid::registration::{ClientMetadata, MetadataError, Terms, check_sector},
    redirect::RedirectUri,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const CALLBACK: &str = "https://clock.example/cb";

/// As this server offers it, which may call one host of its own by plain http.
fn under(policy: &Policy, sent: &Map<String, Value>) -> Result<ClientMetadata, MetadataError> {
    let terms = Terms {
        policy,
        plain_http: &|uri| uri.starts_with("http://intranet.example/"),
    };
    ClientMetadata::parse(sent, terms)
}

/// A request that stands, with these members besides or instead.
fn with(members: &Value) -> Map<String, Value> {
    let mut sent = Map::new();
    sent.insert("redirect_uris".into(), json!([CALLBACK]));
    sent.insert("client_name".into(), json!("Clock"));
    sent.extend(members.as_object().unwrap().clone());
    sent
}

fn parse(members: &Value) -> Result<ClientMetadata, MetadataError> {
    under(&policy(), &with(members))
}

fn key() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

/// What was asked, and what an accepted app differs in from the plainest one.
fn line(members: &Value, outcome: &Result<ClientMetadata, MetadataError>) -> String {
    let answer = match outcome {
        Err(error) => format!("{} {error}", error.code.as_str()),
        Ok(app) => {
            let plain = parse(&json!({})).unwrap().to_json();
            let differs = |(name, value): &(String, Value)| plain.get(name) != Some(value);
            let all: Map<_, _> = app.to_json().into_iter().filter(differs).collect();
            let (kind, implicit) = (
                app.kind.as_str(),
                if app.implicit { " implicit" } else { "" },
            );
            let sector = app.registration.sector.iter();
            let sector: String = sector.map(|it| format!(" sector={it}")).collect();
            let secret = if app.has_secret() { " secret" } else { "" };
            format!(
                "{kind}{secret}{implicit}{sector} {}",
                sorted(&Value::Object(all))
            )
        }
    };
    format!("{}\n    {answer}\n", sorted(members))
}

/// With the members of every object by name, however serde_json was built.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let sorted = members
                .into_iter()
                .map(|(name, it)| (name.clone(), sorted(it)));
            Value::Object(sorted.collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[test]
fn registration_of_redirects_names_and_kinds() {
    let long = "x".repeat(65);
    let cases = [
        json!({}),
        json!({"redirect_uris": null}),
        json!({"redirect_uris": []}),
        json!({"redirect_uris": CALLBACK}),
        json!({"redirect_uris": [7]}),
        json!({"redirect_uris": ["https://clock.example/cb#top"]}),
        json!({"redirect_uris": ["https://clock.example/cb?foo=bar"]}),
        json!({"redirect_uris": ["javascript:alert(1)"]}),
        json!({"redirect_uris": ["https://clock.example\\cb"]}),
        json!({"redirect_uris": [CALLBACK, CALLBACK]}),
        json!({"redirect_uris": (0..21).map(|it| format!("{CALLBACK}/{it}")).collect::<Vec<_>>()}),
        json!({"redirect_uris": ["com.example.app:/cb"]}),
        json!({"redirect_uris": ["com.example.app:/cb"], "application_type": "native"}),
        json!({"redirect_uris": ["com.example.app:/cb"], "application_type": "native", "client_uri": "https://app.example"}),
        json!({"redirect_uris": ["com.example.app:/cb"], "application_type": "native", "client_uri": "https://app.example", "client_name": null}),
        json!({"redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"], "application_type": "native", "client_uri": "https://app.example", "client_name": ""}),
        json!({"redirect_uris": ["http://127.0.0.1/cb"], "application_type": "native", "token_endpoint_auth_method": "none"}),
        json!({"application_type": "service"}),
        json!({"token_endpoint_auth_method": "none"}),
        json!({"token_endpoint_auth_method": "client_secret_post"}),
        json!({"token_endpoint_auth_method": "tls_client_auth"}),
        json!({"token_endpoint_auth_method": 1}),
        json!({"client_name": ""}),
        json!({"client_name": ["Clock"]}),
        json!({"client_name": "C\u{202e}lock"}),
        json!({"client_name": long}),
        json!({"client_name": null, "redirect_uris": ["http://localhost:3000/cb"], "token_endpoint_auth_method": "none"}),
        json!({"client_uri": "http://localhost:3000/", "redirect_uris": ["http://localhost:3000/cb"]}),
        json!({"client_uri": "http://clock.example/"}),
        json!({"client_uri": "javascript:alert(1)"}),
        json!({"something": {"unknown": true}, "client_name#de": "Uhr", "software_statement": "e30.e30.", "software_id": "clock", "software_version": "2"}),
    ];
    let lines: String = cases.iter().map(|case| line(case, &parse(case))).collect();
    insta::assert_snapshot!(lines);
}

#[test]
fn registration_of_response_and_grant_types() {
    let responses = [
        json!(["code"]),
        json!(["id_token"]),
        json!(["id_token token"]),
        json!(["code id_token", "code"]),
        json!(["code token"]),
        json!(["code", "code"]),
        json!(["none"]),
        json!("code"),
    ];
    let grants = [
        json!(null),
        json!(["authorization_code"]),
        json!(["implicit"]),
        json!([
            "authorization_code",
            "implicit",
            "refresh_token",
            "password"
        ]),
    ];
    let mut lines = String::new();
    for response in &responses {
        for grant in &grants {
            let case = json!({"response_types": response, "grant_types": grant});
            lines += &line(&case, &parse(&case));
        }
    }
    let without = Policy {
        implicit: false,
        out_of_band: false,
        ..policy()
    };
    lines += "\n# Where the implicit flow and codes on the screen are switched off\n";
    let oob = json!({"redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"], "application_type": "native", "client_uri": "https://a.example"});
    let cases = [
        json!({"response_types": ["id_token"]}),
        json!({"response_types": ["id_token token"]}),
        oob,
    ];
    for case in cases {
        lines += &line(&case, &under(&without, &with(&case)));
    }
    lines += "\n# What travels in the page's address needs https\n";
    for kind in ["web", "native"] {
        let case = json!({"response_types": ["id_token"], "redirect_uris": ["http://127.0.0.1:1/cb"], "application_type": kind});
        lines += &line(&case, &parse(&case));
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn registration_of_keys_and_algorithms() {
    let mut private = key();
    private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let keys = json!({"keys": [key()]});
    let cases = [
        json!({"jwks": keys}),
        json!({"jwks": {"keys": [private]}}),
        json!({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}),
        json!({"jwks": {"keys": []}}),
        json!({"jwks": {"keys": [{"kty": "EC", "crv": "P-521"}]}}),
        json!({"jwks": "https://clock.example/jwks"}),
        json!({"jwks": keys, "jwks_uri": "https://clock.example/jwks"}),
        json!({"jwks_uri": "http://clock.example/jwks"}),
        json!({"jwks_uri": "https://user@clock.example/jwks"}),
        json!({"token_endpoint_auth_method": "private_key_jwt"}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": keys}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://clock.example/jwks", "token_endpoint_auth_signing_alg": "ES256"}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": keys, "token_endpoint_auth_signing_alg": "HS256"}),
        json!({"token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "HS256"}),
        json!({"token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "RS256"}),
        json!({"token_endpoint_auth_signing_alg": "none"}),
        json!({"token_endpoint_auth_method": "none", "token_endpoint_auth_signing_alg": "RS256"}),
        json!({"id_token_signed_response_alg": "none"}),
        json!({"id_token_signed_response_alg": "none", "response_types": ["code id_token"]}),
        json!({"id_token_signed_response_alg": "HS256"}),
        json!({"id_token_signed_response_alg": "Ed25519"}),
        json!({"userinfo_signed_response_alg": "RS256"}),
        json!({"id_token_encrypted_response_alg": "ECDH-ES"}),
        json!({"id_token_encrypted_response_alg": "ECDH-ES", "jwks": keys}),
        json!({"id_token_encrypted_response_alg": "dir", "jwks": keys}),
        json!({"userinfo_encrypted_response_enc": "A128GCM"}),
        json!({"userinfo_encrypted_response_alg": "RSA-OAEP-256", "userinfo_encrypted_response_enc": "A256GCM", "jwks": keys}),
        json!({"userinfo_encrypted_response_alg": "RSA-OAEP-256", "userinfo_encrypted_response_enc": "A1", "jwks": keys}),
        json!({"request_object_signing_alg": "RS256"}),
        json!({"request_object_signing_alg": "none"}),
    ];
    let lines: String = cases.iter().map(|case| line(case, &parse(case))).collect();
    insta::assert_snapshot!(lines);
}

#[test]
fn registration_of_addresses_and_the_rest() {
    let cases = [
        json!({"subject_type": "pairwise"}),
        json!({"subject_type": "transient"}),
        json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://clock.example:8443/cb"]}),
        json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://other.example/cb"]}),
        json!({"subject_type": "pairwise", "redirect_uris": [CALLBACK, "https://other.example/cb"], "sector_identifier_uri": "https://Sector.example:9000/list"}),
        json!({"sector_identifier_uri": "https://sector.example/list"}),
        json!({"sector_identifier_uri": "http://sector.example/list"}),
        json!({"initiate_login_uri": "https://clock.example/login"}),
        json!({"initiate_login_uri": "http://clock.example/login"}),
        json!({"logo_uri": "http://clock.example/logo.png", "policy_uri": "https://clock.example/policy"}),
        json!({"policy_uri": "https://clock.example/policy", "tos_uri": "https://clock.example/tos", "logo_uri": "https://clock.example/logo.png"}),
        json!({"tos_uri": "https://clock.example/\"><script>"}),
        json!({"contacts": ["dora@clock.example"]}),
        json!({"contacts": "dora@clock.example"}),
        json!({"default_max_age": 3600, "require_auth_time": true, "default_acr_values": ["1"]}),
        json!({"default_max_age": "3600"}),
        json!({"default_max_age": -1}),
        json!({"require_auth_time": "true"}),
        json!({"request_uris": ["https://clock.example/request.jwt#digest"]}),
        json!({"request_uris": ["http://clock.example/request.jwt"]}),
        json!({"post_logout_redirect_uris": ["https://clock.example/bye"]}),
        json!({"post_logout_redirect_uris": ["javascript:alert(1)"]}),
        json!({"post_logout_redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"], "application_type": "native"}),
        json!({"frontchannel_logout_uri": "https://clock.example/front", "frontchannel_logout_session_required": true}),
        json!({"frontchannel_logout_uri": "https://other.example/front"}),
        json!({"backchannel_logout_uri": "https://hooks.example/back", "backchannel_logout_session_required": true}),
        json!({"backchannel_logout_uri": "https://hooks.example/back#x"}),
        json!({"backchannel_logout_uri": "http://127.0.0.1/back"}),
        json!({"backchannel_logout_uri": "http://intranet.example/back"}),
        json!({"policy_uri": "http://intranet.example/policy"}),
    ];
    let lines: String = cases.iter().map(|case| line(case, &parse(case))).collect();
    insta::assert_snapshot!(lines);
}

/// OpenID Connect Dynamic Client Registration §3.1, RFC 7591 §3.1.
#[test]
fn the_examples_of_the_standards_register() {
    let openid = json!({
        "application_type": "web",
        "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
        "client_name": "My Example",
        "logo_uri": "https://client.example.org/logo.png",
        "subject_type": "pairwise",
        "sector_identifier_uri": "https://other.example.net/file_of_redirect_uris.json",
        "token_endpoint_auth_method": "client_secret_basic",
        "jwks_uri": "https://client.example.org/my_public_keys.jwks",
        "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        "userinfo_encrypted_response_enc": "A128CBC-HS256",
        "contacts": ["ve7jtb@example.org", "mary@example.org"],
        "request_uris": ["https://client.example.org/rf.txt#qpXaRLh_n93TTR9F252ValdatUQvQiJi5BDub2BeznA"]
    });
    let app = parse(&openid).unwrap();
    assert_eq!(
        app.registration.sector.as_deref(),
        Some("other.example.net")
    );
    let echoed = app.to_json();
    for (name, value) in openid.as_object().unwrap() {
        assert_eq!(echoed.get(name), Some(value), "{name}");
    }
    let oauth = json!({
        "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
        "client_name": "My Example Client",
        "client_name#ja-Jpan-JP": "クライアント名",
        "token_endpoint_auth_method": "client_secret_basic",
        "logo_uri": "https://client.example.org/logo.png",
        "jwks_uri": "https://client.example.org/my_public_keys.jwks",
        "example_extension_parameter": "example_value"
    });
    assert!(parse(&oauth).is_ok());
}

#[test]
fn a_sector_lists_every_redirect() {
    let uris = ["https://a.example/cb", "https://b.example/cb"];
    let uris = uris.map(|uri| RedirectUri::from_registered(uri.into()));
    let check = |document: &str| check_sector(document.as_bytes(), &uris).is_ok();
    assert!(check(
        r#"["https://b.example/cb","https://c.example/","https://a.example/cb"]"#
    ));
    let wrong = [
        "[]",
        r#"["https://a.example/cb"]"#,
        r#"["https://a.example/cb","https://b.example/cb/"]"#,
        r#"{"redirect_uris":["https://a.example/cb","https://b.example/cb"]}"#,
        r#"["https://a.example/cb","https://b.example/cb",1]"#,
        r#"["https://a.example/cb","https://b.example/cb"] x"#,
        "",
    ];
    for document in wrong {
        assert!(!check(document), "{document}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "code",
        "none",
        "native",
        "web",
        "pairwise",
        "RS256",
        "HS256",
        "private_key_jwt",
        "client_secret_jwt",
        "ECDH-ES",
        "A128GCM",
        "Clock",
        "é\"\\\u{202e}",
        "http://localhost:1/cb",
        "https://clock.example/",
        "https://clock.example/cb#x",
        "com.example.app:/cb",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words.prop_map(Value::from),
        Just(json!({"keys": [key()]})),
    ];
    prop_oneof![
        4 => leaf.clone(),
        1 => prop::collection::vec(leaf, 0..3).prop_map(Value::from),
    ]
}

const MEMBERS: [&str; 33] = [
    "redirect_uris",
    "client_name",
    "client_uri",
    "application_type",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "response_types",
    "grant_types",
    "jwks",
    "jwks_uri",
    "subject_type",
    "sector_identifier_uri",
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_signing_alg",
    "request_uris",
    "default_max_age",
    "require_auth_time",
    "default_acr_values",
    "initiate_login_uri",
    "post_logout_redirect_uris",
    "frontchannel_logout_uri",
    "backchannel_logout_uri",
    "policy_uri",
    "tos_uri",
    "logo_uri",
    "contacts",
    "software_id",
    "software_version",
];

proptest! {
    /// What was answered registers again, as the same app; refusals keep to the
    /// characters of RFC 6749 §5.2.
    #[test]
    fn what_is_answered_can_be_sent_back(sent in prop::collection::btree_map(prop::sample::select(MEMBERS.to_vec()), value(), 0..5)) {
        let sent: Map<String, Value> = sent.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        match parse(&Value::Object(sent)) {
            Ok(app) => {
                let echoed = app.to_json();
                let text = Value::Object(echoed.clone()).to_string();
                let read = parse_object(text.as_bytes(), 1 << 16).unwrap();
                let again = under(&policy(), &read).unwrap();
                prop_assert_eq!(again.to_json(), echoed);
                prop_assert_eq!(again.has_secret(), app.has_secret());
                prop_assert!(!text.contains("\"d\":"));
            }
            Err(error) => {
                let allowed = |byte: u8| (0x20..=0x7e).contains(&byte) && !b"\"\\".contains(&byte);
                prop_assert!(error.to_string().bytes().all(allowed), "{}", error);
            }
        }
    }
}
