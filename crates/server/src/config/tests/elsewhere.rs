//! Where users come from elsewhere.

use super::{super::dead_ends, file, nothing};

#[test]
fn providers_are_declared_in_the_file_and_their_secrets_come_apart() {
    let text = "[[upstream]]\nid = 'google'\nname = 'Google'\nissuer = 'https://accounts.google.com'\n\
                client_id = 'us'\n[[upstream]]\nid = 'our-own'\nname = 'Our own'\n\
                issuer = 'http://127.0.0.1:9000'\nclient_id = 'us'\nscopes = 'openid  email'\n\
                trust_email = true\nsign_up = false\n";
    let config = file(text).variable("GRANTOR_UPSTREAM_OUR_OWN_SECRET", "a secret");
    let [google, own] = &config.config().upstream[..] else {
        panic!("two")
    };
    assert_eq!(
        (&*google.id, &*google.issuer),
        ("google", "https://accounts.google.com")
    );
    assert!(google.client_secret.is_none() && google.sign_up && !google.trust_email);
    assert_eq!(google.scopes, "openid email profile");
    assert_eq!(own.client_secret.as_ref().unwrap().reveal(), "a secret");
    assert!(own.trust_email && !own.sign_up);
    assert_eq!(own.scopes, "openid email");
    let unknown = file(text)
        .variable("GRANTOR_UPSTREAM_GOGLE_SECRET", "x")
        .error();
    assert!(
        unknown.starts_with("GRANTOR_UPSTREAM_GOGLE_SECRET: "),
        "{unknown}"
    );
}

#[test]
fn a_provider_that_makes_no_sense_is_refused_where_it_stands() {
    const GOOD: [(&str, &str); 4] = [
        ("id", "'a'"),
        ("name", "'A'"),
        ("issuer", "'https://a.example'"),
        ("client_id", "'us'"),
    ];
    let with = |name: &str, value: &str| {
        let changed = (name, value);
        let rest = GOOD.iter().filter(|(other, _)| *other != name);
        let lines = rest
            .chain([&changed])
            .filter(|(_, value)| !value.is_empty());
        let lines = lines.map(|(name, value)| format!("{name} = {value}\n"));
        let text = format!("[[upstream]]\n{}", lines.collect::<String>());
        file(text.leak())
    };
    assert_eq!(with("sign_up", "true").config().upstream.len(), 1);
    for (name, value) in [
        ("id", ""),
        ("id", "'A B'"),
        ("name", "''"),
        ("issuer", "'http://a.example'"),
        ("issuer", "'https://a.example?x'"),
        ("issuer", "'https://user@a.example'"),
        ("issuer", "'a.example'"),
        ("client_id", "7"),
        ("client_secret", "'not in this file'"),
        ("client_secret_file", "'/no/such/file'"),
        ("scopes", "'email'"),
        ("trust_email", "'yes'"),
    ] {
        let error = with(name, value).error();
        assert!(
            error.starts_with("grantor.toml:1: upstream: "),
            "{name} {value}: {error}"
        );
    }
}

#[test]
fn hand_over_takes_one_key_and_no_providers() {
    const URL: &str = "https://www.example.com/login";
    let with = |pairs: &[(&str, &str)]| {
        let given = pairs
            .iter()
            .fold(nothing(), |given, (key, value)| given.flag(key, value));
        given.load().map(|_| ())
    };
    assert_eq!(
        with(&[("hand_over_url", URL), ("hand_over_secret_file", "s")]),
        Ok(())
    );
    assert_eq!(
        with(&[
            ("hand_over_url", "http://127.0.0.1/x"),
            ("hand_over_jwks_uri", URL)
        ]),
        Ok(())
    );
    for bad in [
        &[("hand_over_url", URL)][..],
        &[("hand_over_secret_file", "s")],
        &[("hand_over_logout_url", URL)],
        &[
            ("hand_over_url", URL),
            ("hand_over_secret_file", "s"),
            ("hand_over_keys_file", "k"),
        ],
        &[
            ("hand_over_url", "http://www.example.com/login"),
            ("hand_over_secret_file", "s"),
        ],
        &[
            ("hand_over_url", "javascript:alert(1)"),
            ("hand_over_secret_file", "s"),
        ],
        &[
            ("hand_over_url", URL),
            ("hand_over_keys_file", "k"),
            ("hand_over_algorithm", "HS256"),
        ],
    ] {
        assert!(with(bad).is_err(), "{bad:?}");
    }
    let both = file("[[upstream]]\nid='a'\nname='A'\nissuer='https://a.example'\nclient_id='us'\n");
    let both = both
        .flag("hand_over_url", URL)
        .flag("hand_over_secret_file", "s");
    assert!(both.error().contains("exclude each other"));
}

/// Whose button leads a stranger nowhere, the doctor says.
#[test]
fn a_provider_may_let_in_more_people_than_the_service() {
    let provider = |settings: &str| {
        format!(
            "mail_folder = 'm'\nmail_from = 'a@b.example'\n{settings}\n[[upstream]]\nid = 'a'\nname = 'A'\n\
             issuer = 'https://a.example'\nclient_id = 'us'\n"
        )
    };
    for (settings, of_provider, says) in [
        ("sign_up = 'open'", "", None),
        ("sign_up = 'mail'", "trust_email = true", None),
        ("sign_up = 'mail'", "", Some("without trust_email")),
        ("sign_up = 'mail'", "sign_up = false", None),
        ("sign_up = 'closed'", "trust_email = true", Some("closed")),
    ] {
        let text = provider(settings) + of_provider;
        let notes = dead_ends(&file(text.leak()).config());
        let found = notes.first();
        assert_eq!(
            found.is_some(),
            says.is_some(),
            "{settings} {of_provider}: {notes:?}"
        );
        assert!(
            says.is_none_or(|says| found.unwrap().contains(says)),
            "{notes:?}"
        );
    }
}

/// Nobody could sign in, the first administrator included.
#[test]
fn passkeys_alone_need_a_host_that_has_a_name() {
    let with =
        |url: &str, factors: &str| nothing().flag("public_url", url).flag("factors", factors);
    for url in [
        "https://192.0.2.7",
        "http://127.0.0.1:8080",
        "https://[2001:db8::7]",
    ] {
        let error = with(url, "passkey").error();
        assert!(
            error.contains("needs a public_url with a host name"),
            "{error}"
        );
        with(url, "required").config();
    }
    for url in ["http://localhost:8080", "https://auth.example"] {
        with(url, "passkey").config();
    }
}
