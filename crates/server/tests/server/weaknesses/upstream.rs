//! What attackers try between this server and the providers of its users.

use crate::support::{Browser, Provider, Reply, SetOut, Signer, Site, join_all};
use grantor_jose::{algorithm::Algorithm, jwk::JwkSet};
use serde_json::{Value, json};

/// A way to sign claims.
type Sign<'s> = Box<dyn Fn(&Value) -> String + 's>;

async fn scene() -> (Provider, Site) {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    (provider, site)
}

async fn refused(reply: &Reply, browser: &Browser, what: &str) {
    assert_eq!(reply.code(), 403, "{what}: {}", reply.body);
    assert!(!browser.is_signed_in().await, "{what}");
}

#[tokio::test]
async fn an_answer_is_its_own_browsers_and_comes_once() {
    let (provider, site) = scene().await;
    let (mallory, victim) = (site.visitor(), site.visitor());
    let asked = provider.set_out(&mallory, "/login").await;
    provider.gives(
        &provider
            .signer
            .sign(&provider.claims(&site, &asked, "mallory")),
    );
    // Login CSRF: her answer at another browser, which has been here, and has a way of its own.
    refused(&provider.back(&victim, &asked).await, &victim, "no cookie").await;
    provider.set_out(&victim, "/login").await;
    refused(
        &provider.back(&victim, &asked).await,
        &victim,
        "another cookie",
    )
    .await;
    // At her own it holds, once, whichever of two comes first.
    let both = join_all([(), ()].iter().map(|()| provider.back(&mallory, &asked))).await;
    let codes: Vec<_> = both.iter().map(Reply::code).collect();
    assert!(codes.contains(&303) && codes.contains(&403), "{codes:?}");
    assert_eq!(provider.back(&mallory, &asked).await.code(), 403);
    assert_eq!(
        provider
            .host
            .seen()
            .iter()
            .filter(|it| it.path == "/token")
            .count(),
        1
    );
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let (provider, site) = scene().await;
    let browser = site.visitor();
    let first = provider.set_out(&browser, "/login?return_to=/apps").await;
    let second = provider.set_out(&browser, "/login?return_to=/tokens").await;
    for asked in [&first, &second] {
        provider.gives(&provider.signer.sign(&provider.claims(&site, asked, "7")));
        let landed = provider.back(&browser, asked).await;
        assert!(
            landed.location().starts_with("/signup/upstream"),
            "{}",
            landed.body
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_none() {
    let (provider, site) = scene().await;
    let browser = site.visitor();
    let asked = provider.set_out(&browser, "/login").await;
    site.pass(grantor_protocol::time::Millis::minutes(15));
    refused(&provider.back(&browser, &asked).await, &browser, "late").await;
}

/// RFC 9207; and an answer of one provider where another's is expected.
#[tokio::test]
async fn providers_are_not_mixed_up() {
    let honest = Provider::open().await;
    let evil = Provider::called("evil", "").await;
    honest.describe(|it| it["authorization_response_iss_parameter_supported"] = true.into());
    let site = Site::with(|config| {
        for provider in [&honest, &evil] {
            config.outbound.allow.push(provider.host.destination());
            config.upstream.push(provider.settings());
        }
    })
    .await;
    let browser = site.visitor();
    let issuer = honest.issuer();
    for iss in [
        None,
        Some(evil.issuer()),
        Some(format!("{issuer}/")),
        Some(issuer),
    ] {
        let asked = honest.set_out(&browser, "/login").await;
        let state = asked.get("state");
        honest.gives(&honest.signer.sign(&honest.claims(&site, &asked, "7")));
        let mut params = vec![("code", "c"), ("state", &*state)];
        if let Some(iss) = &iss {
            params.push(("iss", iss));
        }
        let good = iss.as_ref() == Some(&honest.issuer());
        let reply = honest.back_with(&browser, &params).await;
        assert_eq!(reply.code() == 303, good, "{iss:?}");
    }
    // The code of the honest one never reaches the other.
    let asked = honest.set_out(&browser, "/login").await;
    let reply = evil.back(&browser, &asked).await;
    refused(&reply, &browser, "another's callback").await;
    assert!(evil.host.seen().iter().all(|it| it.path != "/token"));
}

/// Every way in which an ID token can be wrong.
#[tokio::test]
async fn an_id_token_that_is_not_for_this_login_is_refused() {
    let (provider, site) = scene().await;
    let now = site.world.now().seconds();
    let cases: Vec<(&str, Value)> = vec![
        ("iss", json!("https://evil.example")),
        ("iss", json!(format!("{}/", provider.issuer()))),
        ("aud", json!("another client")),
        ("aud", json!(["grantor-at-example", "another client"])),
        ("azp", json!("another client")),
        ("nonce", json!("another nonce")),
        ("nonce", Value::Null),
        ("exp", json!(now - 61)),
        ("exp", json!((now + 300).to_string())),
        ("iat", json!(now + 61)),
        ("nbf", json!(now + 61)),
        ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")),
        ("sub", json!("")),
        ("sub", json!(7)),
    ];
    for (name, value) in cases {
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        let mut claims = provider.claims(&site, &asked, "7");
        claims[name] = value.clone();
        provider.gives(&provider.signer.sign(&claims));
        let reply = provider.back(&browser, &asked).await;
        refused(&reply, &browser, &format!("{name} {value}")).await;
    }
    // Without it at all.
    for name in ["iss", "aud", "nonce", "exp", "iat", "sub"] {
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        let mut claims = provider.claims(&site, &asked, "7");
        claims.as_object_mut().unwrap().remove(name);
        provider.gives(&provider.signer.sign(&claims));
        refused(&provider.back(&browser, &asked).await, &browser, name).await;
    }
}

/// The header chooses no algorithm and no key that the provider has not announced.
#[tokio::test]
async fn an_id_token_chooses_neither_algorithm_nor_key() {
    let (provider, site) = scene().await;
    let public = provider.signer.jwks();
    let jwk = JwkSet::parse(public.as_bytes()).unwrap().keys()[0]
        .to_json()
        .to_string();
    let unsigned = |claims: &Value| {
        grantor_jose::unsecured::write_proved_by_nothing(claims.to_string().as_bytes())
    };
    let by_public_key = Signer::of_secret(&jwk);
    let by_client_secret = Signer::of_secret("a secret: of ours/there, and more of it");
    let eddsa = Signer::new(Algorithm::EdDsa, "one");
    let another = Signer::new(Algorithm::Es256, "one");
    let ways: Vec<(&str, Sign<'_>)> = vec![
        ("none", Box::new(unsigned)),
        (
            "HS256 with the public key",
            Box::new(|it| by_public_key.sign(it)),
        ),
        ("HS256", Box::new(|it| by_client_secret.sign(it))),
        ("not announced", Box::new(|it| eddsa.sign(it))),
        (
            "another key of the same name",
            Box::new(|it| another.sign(it)),
        ),
    ];
    for (what, sign) in ways {
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        provider.gives(&sign(&provider.claims(&site, &asked, "7")));
        refused(&provider.back(&browser, &asked).await, &browser, what).await;
    }
}

/// Whoever sends tokens with unknown key ids has us ask for keys once a minute.
#[tokio::test]
async fn unknown_keys_are_asked_for_once_a_minute() {
    let (provider, site) = scene().await;
    let fetched = || {
        provider
            .host
            .seen()
            .iter()
            .filter(|it| it.path == "/jwks")
            .count()
    };
    let try_with = async |signer: &Signer| {
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        provider.gives(&signer.sign(&provider.claims(&site, &asked, "7")));
        provider.back(&browser, &asked).await.code()
    };
    assert_eq!(try_with(&provider.signer).await, 303);
    for number in 0..5 {
        let unknown = Signer::new(Algorithm::Es256, &format!("unknown {number}"));
        assert_eq!(try_with(&unknown).await, 403);
    }
    assert_eq!(fetched(), 2);
    // A new key of the provider's own is found.
    site.pass(grantor_protocol::time::Millis::minutes(1));
    let next = Signer::new(Algorithm::Es256, "next");
    provider.publish(&next);
    assert_eq!(try_with(&next).await, 303);
    assert_eq!(fetched(), 3);
}

/// A link made elsewhere starts nothing, so nobody is connected with a stranger's account.
#[tokio::test]
async fn a_link_sends_nobody_to_a_provider() {
    let (provider, site) = scene().await;
    let ada = site.user("ada").await.signed_in().await;
    for path in [
        "/login/upstream/example?return_to=/apps",
        "/login/upstream/example?return_to=/apps&tag=x",
        "/account/identities/example/connect",
        "/account/identities/example/connect?tag=x",
    ] {
        let reply = ada.get(path).await;
        let own = reply.location().starts_with('/');
        assert!(reply.code() == 303 && own, "{path}: {}", reply.location());
    }
    // Her own link, at another browser.
    let page = ada.get("/account").await;
    let link = page.between("href=\"/account/identities/", "\"").unwrap();
    let link = format!("/account/identities/{}", link.replace("&#38;", "&"));
    let bob = site.user("bob").await.signed_in().await;
    assert_eq!(bob.get(&link).await.location(), "/account");
    assert!(provider.host.seen().is_empty());
}

/// Who set out to be connected is who is connected.
#[tokio::test]
async fn a_connection_is_of_the_session_that_asked() {
    let (provider, site) = scene().await;
    let ada = site.user("ada").await.signed_in().await;
    let page = ada.get("/account").await;
    let link = page.between("href=\"/account/identities/", "\"").unwrap();
    let link = format!("/account/identities/{}", link.replace("&#38;", "&"));
    let asked = SetOut(ada.get(&link).await);
    provider.gives(&provider.signer.sign(&provider.claims(&site, &asked, "7")));
    // Meanwhile Bob has signed in at her browser.
    let bob = site.user("bob").await;
    bob.sign_in_at(&ada).await;
    assert_eq!(provider.back(&ada, &asked).await.code(), 403);
    for user in [ada.id, bob.id] {
        assert!(site.app.store.identities_of(user).await.unwrap().is_empty());
    }
}

/// A code of another login does not fit the verifier: the provider refuses, and so do we.
#[tokio::test]
async fn an_error_of_the_token_endpoint_signs_nobody_in() {
    let (provider, site) = scene().await;
    for (status, body) in [
        (400, json!({"error": "invalid_grant"}).to_string()),
        (200, json!({"access_token": "at"}).to_string()),
        (200, "no JSON".to_owned()),
        (302, String::new()),
    ] {
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        provider.host.show("/token", status, &[], &body);
        let reply = provider.back(&browser, &asked).await;
        assert!([403, 502].contains(&reply.code()), "{status} {body}");
        assert!(!browser.is_signed_in().await);
    }
}

/// Where a provider sends browsers is an address of the web.
#[tokio::test]
async fn a_provider_leads_browsers_to_the_web_alone() {
    for to in [
        "javascript:alert(1)",
        "http://intranet.example/",
        "https://10.0.0.1/",
        "/login",
    ] {
        let (provider, site) = scene().await;
        provider.describe(|document| document["authorization_endpoint"] = to.into());
        let browser = site.visitor();
        let asked = provider.set_out(&browser, "/login").await;
        assert_eq!((asked.0.code(), asked.0.location()), (502, ""), "{to}");
    }
}
