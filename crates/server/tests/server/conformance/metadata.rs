//! `…discovery-endpoint-verification`, and what is checked of the keys everywhere.

use super::party::Party;
use crate::support::{Call, ISSUER, Site};
use serde_json::Value;
use std::collections::BTreeSet;

fn words(list: &Value) -> BTreeSet<&str> {
    let list = list.as_array().expect("a list");
    list.iter().map(|word| word.as_str().unwrap()).collect()
}

#[tokio::test]
async fn discovery_says_what_the_plans_ask_for() {
    let site = Site::with(|config| config.outbound.on = true).await;
    let call = Call::get("/.well-known/openid-configuration");
    let reply = site.send(call).await;
    assert_eq!(reply.code(), 200);
    assert_eq!(reply.header("content-type"), "application/json");
    let document = reply.json();
    assert_eq!(document["issuer"], ISSUER);
    for (name, value) in document.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let url = value.as_str().unwrap();
            assert!(url.starts_with(ISSUER), "{name}");
        }
    }
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "check_session_iframe",
    ] {
        assert!(document[name].is_string(), "{name}");
    }
    for (name, wanted) in [
        ("response_types_supported", "code"),
        ("response_types_supported", "id_token"),
        ("response_types_supported", "id_token token"),
        ("response_modes_supported", "form_post"),
        ("grant_types_supported", "authorization_code"),
        ("grant_types_supported", "implicit"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
        ("scopes_supported", "offline_access"),
    ] {
        assert!(words(&document[name]).contains(wanted), "{name} {wanted}");
    }
    for channel in ["frontchannel", "backchannel"] {
        for of in ["", "_session"] {
            let name = format!("{channel}_logout{of}_supported");
            assert_eq!(document[&name], true, "{name}");
        }
    }
    let subjects = words(&document["subject_types_supported"]);
    assert!(subjects.is_subset(&["public", "pairwise"].into()));
    let claims = words(&document["claims_supported"]);
    for claim in grantor_protocol::openid::claims::Claim::ALL {
        assert!(claims.contains(claim.name()), "{}", claim.name());
    }
}

#[tokio::test]
async fn published_keys_are_public_and_told_apart() {
    let party = Party::new().await;
    let call = Call::get("/api/1.0/openid_connect/jwks");
    let reply = party.site.send(call).await;
    let document = reply.json();
    let keys = document["keys"].as_array().unwrap();
    let kids: BTreeSet<_> = keys
        .iter()
        .map(|key| key["kid"].as_str().unwrap())
        .collect();
    assert_eq!(kids.len(), keys.len());
    for key in keys {
        let names = key.as_object().unwrap().keys();
        let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
        assert_eq!(
            names
                .filter(|name| private.contains(&name.as_str()))
                .count(),
            0
        );
        assert_ne!(key["kty"], "oct");
    }
    let of_use = |name: &str| keys.iter().filter(|key| key["use"] == name).count();
    assert_eq!((of_use("sig"), of_use("enc")), (4, 2));
}
