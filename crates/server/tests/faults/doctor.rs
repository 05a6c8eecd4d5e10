//! What an operator is told of settings that can be read and lead nowhere.

use crate::{
    mail::{ADA, settings},
    port::quiet_port,
    process::{Home, Server},
};
use serde_json::Value;
use std::fs;

/// Its answer under these settings.
fn doctor(home: &Home, text: &str) -> Value {
    fs::write(home.path().join("grantor.toml"), text).expect("a file");
    let output = home.grantor(&["doctor", "--json"]).output();
    serde_json::from_slice(&output.expect("grantor runs").stdout).expect("JSON")
}

#[test]
fn a_proxy_that_nobody_named_is_missed() {
    let home = Home::new();
    home.add_user(ADA, "Ada");
    let shares = "one limit against guessing";
    let https = "public_url = 'https://auth.example.org'\n";
    let found = |more: &str| {
        let answer = doctor(&home, &format!("{https}{more}"));
        answer["findings"].to_string()
    };
    assert!(found("").contains(shares));
    for named in ["trusted_proxies = ['127.0.0.1']", "tls_self_signed = true"] {
        assert!(!found(named).contains(shares), "{named}");
    }
}

#[test]
fn a_provider_that_is_away_is_named() {
    let home = Home::new();
    home.add_user(ADA, "Ada");
    let issuer = format!("http://127.0.0.1:{}", quiet_port());
    let text = format!(
        "[[upstream]]\nid = 'away'\nname = 'Away'\nissuer = '{issuer}'\nclient_id = 'us'\n"
    );
    let findings = doctor(&home, &text)["findings"].to_string();
    let says = format!("nobody can sign in with the provider away ({issuer}): ");
    assert!(findings.contains(&says), "{findings}");
}

/// Whoever has power here should hear of a stranger's sign-in.
#[test]
fn an_administrator_without_mails_is_named() {
    for verified in [&["--email-verified"][..], &[]] {
        let home = Home::with(settings(quiet_port()));
        let add = [
            "user",
            "add",
            "--email",
            ADA,
            "--name",
            "Ada",
            "--admin",
            "--password-stdin",
        ];
        home.run(&[&add[..], verified].concat(), "correct horse battery");
        let notes = doctor(&home, "")["notes"].to_string();
        let told = notes.contains(&format!("the administrator {ADA} has not verified"));
        assert_eq!(told, verified.is_empty(), "{notes}");
    }
}

/// A browser that follows `public_url` must find the server.
#[test]
fn a_public_url_that_leads_elsewhere_is_warned_of() {
    let says = "this server listens on no such port";
    let home = Home::new();
    let port = quiet_port();
    let right = format!("--public-url=http://localhost:{port}");
    for (public_url, warns) in [("--public-url=http://127.0.0.1:1", true), (&*right, false)] {
        let server = Server::start_on(&home, port, &[public_url]);
        server.signal("TERM");
        let (ended, said) = server.ended_saying();
        assert!(ended.success());
        assert_eq!(said.contains(says), warns, "{public_url}: {said}");
    }
}
