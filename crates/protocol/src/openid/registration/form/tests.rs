//! What is typed, what is refused, and what stays.

use super::*;
use crate::authorize::Policy;

const EC: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

fn parse_as(
    kind: ClientKind,
    before: &Registration,
    fields: &[(&str, &'static str)],
) -> Result<Registration, Vec<Wrong>> {
    let policy = Policy {
        issuer: String::new(),
        scopes: Vec::new(),
        implicit: true,
        out_of_band: true,
        refresh_absolute: None,
    };
    let redirects = [RedirectUri::parse("https://clock.example:8443/cb", kind).unwrap()];
    let facts = Facts {
        kind,
        redirects: &redirects,
        before,
        connected: before.sector.is_some(),
        terms: Terms {
            policy: &policy,
            plain_http: &|_| false,
        },
    };
    parse(&facts, |name| {
        let found = fields.iter().find(|(field, _)| *field == name);
        found.map_or("", |(_, value)| value)
    })
}

fn server(fields: &[(&str, &'static str)]) -> Result<Registration, Vec<Wrong>> {
    parse_as(ClientKind::Confidential, &Registration::default(), fields)
}

#[test]
fn what_is_typed_is_what_is_shown() {
    let fields = [
        ("response_types", "code"),
        ("id_token_signed_response_alg", "ES256"),
        ("id_token_claims", "1"),
        ("subject_type", "pairwise"),
        ("userinfo_signed_response_alg", "EdDSA"),
        ("token_endpoint_auth_method", "private_key_jwt"),
        ("jwks", EC),
        ("id_token_encrypted_response_alg", "ECDH-ES"),
        ("id_token_encrypted_response_enc", "A128GCM"),
        ("default_max_age", "3600"),
        ("initiate_login_uri", "https://clock.example/login"),
        (
            "post_logout_redirect_uris",
            "https://clock.example/bye\nhttps://clock.example/ciao",
        ),
        (
            "frontchannel_logout_uri",
            "https://clock.example:8443/front",
        ),
        ("backchannel_logout_uri", "https://clock.example/back"),
        ("policy_uri", "https://clock.example/privacy"),
        ("tos_uri", "https://clock.example/terms"),
    ];
    let chosen = server(&fields).unwrap();
    assert_eq!(chosen.sector(), Some("clock.example"));
    for (field, value) in fields {
        if field != "jwks" {
            assert_eq!(chosen.shown(field), value, "{field}");
        }
    }
    let typed = FIELDS.map(|field| {
        let shown: &'static str = Box::leak(chosen.shown(field).into_boxed_str());
        (field, shown)
    });
    let again = parse_as(ClientKind::Confidential, &chosen, &typed);
    assert_eq!(again, Ok(chosen));
    assert_eq!(
        server(&[("response_types", "any")]).unwrap(),
        Registration::default()
    );
}

#[test]
fn each_mistake_stands_beside_its_field() {
    let one = |field, value: &'static str| {
        let wrong = server(&[(field, value)]).unwrap_err();
        assert_eq!(wrong.len(), 1, "{value}");
        assert_eq!(wrong[0].0, field);
        // Each has a name, and so words in every language.
        assert!(!matches!(wrong[0].1, Reason::Other(_)), "{wrong:?}");
    };
    for (field, value) in [
        ("id_token_signed_response_alg", "none"),
        ("id_token_signed_response_alg", "HS256"),
        ("userinfo_signed_response_alg", "RS1"),
        ("token_endpoint_auth_method", "password"),
        ("token_endpoint_auth_method", "none"),
        ("jwks", "{}"),
        ("jwks", r#"{"keys":[]}"#),
        ("jwks", r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#),
        ("jwks_uri", "http://clock.example/jwks"),
        ("jwks_uri", "https://a@clock.example/jwks"),
        ("id_token_encrypted_response_alg", "dir"),
        ("id_token_encrypted_response_alg", "ECDH-ES"),
        ("default_max_age", "-1"),
        ("default_max_age", "99999999999"),
        ("initiate_login_uri", "javascript:alert(1)"),
        ("backchannel_logout_uri", "https://clock.example/#x"),
        ("post_logout_redirect_uris", "https://*.clock.example/"),
        ("policy_uri", "clock.example"),
        ("tos_uri", "http://clock.example/"),
        ("frontchannel_logout_uri", "https://evil.example/front"),
    ] {
        one(field, value);
    }
}

#[test]
fn what_belongs_together_is_asked_for_together() {
    let first = |fields: &[_]| server(fields).unwrap_err().remove(0).0;
    let signed = ("token_endpoint_auth_method", "private_key_jwt");
    assert_eq!(first(&[signed]), "token_endpoint_auth_method");
    let keys = ("jwks", EC);
    let place = ("jwks_uri", "https://clock.example/jwks");
    assert_eq!(first(&[keys, place]), "jwks");
    assert!(server(&[signed, place]).is_ok());
    let encrypted = [
        ("userinfo_encrypted_response_alg", "RSA-OAEP"),
        ("userinfo_encrypted_response_enc", "A128GCM"),
    ];
    assert_eq!(first(&encrypted), "userinfo_encrypted_response_alg");
    assert_eq!(first(&[encrypted[0], encrypted[1], keys]), "jwks");
    assert!(server(&[encrypted[0], encrypted[1], place]).is_ok());
    let public = parse_as(
        ClientKind::Browser,
        &Registration::default(),
        &[signed, keys],
    );
    assert_eq!(public.unwrap_err()[0].0, "token_endpoint_auth_method");
}

#[test]
fn subjects_stay_what_users_are_known_by() {
    let pairwise = Registration {
        subject_type: SubjectType::Pairwise,
        sector: Some("old.example".into()),
        ..Registration::default()
    };
    let to = |value| {
        parse_as(
            ClientKind::Confidential,
            &pairwise,
            &[("subject_type", value)],
        )
    };
    assert_eq!(to("public").unwrap_err()[0].0, "subject_type");
    assert_eq!(to("pairwise").unwrap().sector(), Some("old.example"));
    assert_eq!(to("").unwrap(), pairwise);
}

#[test]
fn a_sector_is_one_host_that_nobody_else_has() {
    let of = |uris: &[&str]| {
        let parse = |uri: &&str| RedirectUri::parse(uri, ClientKind::Native).unwrap();
        only_host(&uris.iter().map(parse).collect::<Vec<_>>())
    };
    let one = of(&["https://a.example/cb", "https://a.example:8443/x"]);
    assert_eq!(one.as_deref(), Some("a.example"));
    for none in [
        &["https://a.example/cb", "https://b.example/cb"][..],
        &["http://127.0.0.1/cb"],
        &["com.example.app:/cb"],
        &["https://a.example/cb", "urn:ietf:wg:oauth:2.0:oob"],
        &[],
    ] {
        assert_eq!(of(none), None, "{none:?}");
    }
}

#[test]
fn a_preset_touches_no_key_and_no_address() {
    let before = Registration {
        jwks_uri: Some("https://clock.example/jwks".into()),
        id_token_claims: true,
        ..Registration::default()
    };
    for kind in ClientKind::ALL {
        let [safe, legacy] = Preset::of(kind).map(|preset| preset.apply(&before));
        assert_eq!(
            (safe.shown("response_types"), safe.id_token_claims),
            ("code".into(), false)
        );
        assert_eq!(
            (legacy.response_types, legacy.id_token_claims),
            (None, true)
        );
        assert_eq!(safe.jwks_uri, before.jwks_uri);
    }
}
