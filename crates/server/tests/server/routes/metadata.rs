//! `/.well-known/oauth-authorization-server` (RFC 8414) and the API's own document.

use crate::support::{Call, Site, sorted};
use grantor::config::{Config, DynamicRegistration};

const PATH: &str = "/.well-known/oauth-authorization-server";

async fn shown(change: impl FnOnce(&mut Config)) -> String {
    let site = Site::with(change).await;
    let reply = site.send(Call::get(PATH)).await;
    assert_eq!(reply.code(), 200);
    serde_json::to_string_pretty(&sorted(reply.json())).unwrap()
}

#[tokio::test]
async fn everything_on() {
    let all = |config: &mut Config| {
        config.registration.dynamic_registration = DynamicRegistration::Token;
        let branding = &mut config.branding;
        branding.privacy_policy_url = Some("https://example.com/privacy".parse().unwrap());
        branding.terms_url = Some("https://example.com/terms".parse().unwrap());
    };
    insta::assert_snapshot!(shown(all).await);
}

/// What is switched off is not shown.
#[tokio::test]
async fn only_what_is_on() {
    let document = shown(|config| {
        config.legacy.implicit_flow = false;
        config.legacy.out_of_band = false;
        config.registration.dynamic_registration = DynamicRegistration::Off;
    })
    .await;
    for word in [
        "implicit",
        "\"token\"",
        "id_token token",
        "oob",
        "registration_endpoint",
    ] {
        assert!(!document.contains(word), "{word} in {document}");
    }
    assert!(document.contains("\"code\""));
}

#[tokio::test]
async fn an_issuer_with_a_path_is_found_where_clients_look() {
    let site = Site::with(|config| {
        config.service.public_url = "https://auth.example/api/1.0".parse().unwrap();
    })
    .await;
    let below = format!("{PATH}/api/1.0");
    let reply = site.send(Call::get(&below)).await;
    assert_eq!(reply.member("issuer"), "https://auth.example/api/1.0");
    assert_eq!(
        reply.member("token_endpoint"),
        "https://auth.example/-/oauth_token"
    );
    let without = Site::open().await;
    let reply = without.send(Call::get(&below)).await;
    assert_eq!(reply.code(), 404);
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn unchanged_is_not_sent_again() {
    let site = Site::open().await;
    for path in [PATH, "/api/1.0/openapi.json"] {
        let first = site.send(Call::get(path)).await;
        let tag = first.header("etag").to_owned();
        let again = Call::get(path).header("if-none-match", &*tag);
        let again = site.send(again).await;
        assert_eq!((again.code(), &*again.body), (304, ""));
    }
}
