//! `/-/oauth_authorize` with a request object (OpenID Connect Core §6).

use crate::support::{App, Ask, CHALLENGE, Elsewhere, ISSUER, Person, Reply, Signer, Site};
use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor::keys::{KeyKind, Rotation};
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, EncryptingKey, KeyManagement},
    jwk::JwkSet,
    unsecured,
};
use grantor_protocol::{
    error::Cause,
    openid::registration::{Registration, Signing},
    time::Millis,
};
use grantor_store::audit::Actor;
use serde_json::{Value, json};

async fn scene(choose: impl FnOnce(&mut Registration)) -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").choose(choose).of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, alice, clock)
}

fn unsigned(claims: &Value) -> String {
    unsecured::write_proved_by_nothing(claims.to_string().as_bytes())
}

/// What the app is told.
fn cause(reply: &Reply) -> Option<Cause> {
    let said = reply.sent("error_description")?;
    let mut all = Cause::ALL.iter().copied();
    all.find(|cause| cause.description() == said)
}

#[tokio::test]
async fn an_object_by_value_says_what_counts() {
    let (_, alice, clock) = scene(|_| ()).await;
    let object =
        unsigned(&json!({"state": "inside", "scope": "openid email", "prompt": "consent"}));
    let ask = clock.ask().with("scope", "openid").with("request", &object);
    let page = alice.get(&ask.url()).await;
    assert_eq!(page.code(), 200);
    assert!(page.body.contains("email"));
    let reply = alice.decide(&ask, "allow").await;
    assert_eq!(reply.sent("state").as_deref(), Some("inside"));
    let tokens = clock.exchange(&reply.sent("code").unwrap()).await;
    assert_eq!(tokens.member("scope"), "openid email");
}

/// Everything but client and response type may be inside alone, the redirect too.
#[tokio::test]
async fn an_object_may_be_all_there_is() {
    let signer = Signer::new(Algorithm::Es256, "one");
    let choose = |chosen: &mut Registration| {
        chosen.jwks = Some(signer.jwks());
        chosen.request_object_signing_alg = Some(Signing::Signed(Algorithm::Es256));
    };
    let (site, alice, clock) = scene(choose).await;
    let claims = json!({
        "iss": clock.client_id(),
        "aud": ISSUER,
        "client_id": clock.client_id(),
        "response_type": "code",
        "redirect_uri": clock.redirect,
        "scope": "openid",
        "state": "inside",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "exp": site.world.now().seconds() + 300,
    });
    let ask = clock
        .ask()
        .without("redirect_uri")
        .without("state")
        .with("request", &signer.sign(&claims));
    let reply = alice.decide(&ask, "allow").await;
    let code = reply.sent("code").unwrap();
    let mut with_pkce = clock.clone();
    with_pkce.pkce = true;
    assert_eq!(with_pkce.exchange(&code).await.code(), 200);
}

/// An object is only as good as its redirect, and none that is refused redirects anywhere
/// but to what stands outside.
#[tokio::test]
async fn nobody_is_sent_to_a_redirect_inside_that_is_not_registered() {
    let (_, alice, clock) = scene(|_| ()).await;
    let elsewhere = unsigned(&json!({"redirect_uri": "https://evil.example/cb"}));
    let reply = alice
        .get(&clock.ask().with("request", &elsewhere).url())
        .await;
    assert_eq!((reply.code(), reply.location()), (400, ""));
    let refused = unsigned(&json!({"redirect_uri": clock.redirect, "exp": 1}));
    let ask = clock.ask().with("request", &refused);
    let reply = alice.get(&ask.clone().without("redirect_uri").url()).await;
    assert_eq!((reply.code(), reply.location()), (400, ""));
    let reply = alice.get(&ask.url()).await;
    assert!(
        reply.location().starts_with(&clock.redirect),
        "{}",
        reply.location()
    );
    assert_eq!(cause(&reply), Some(Cause::RequestObjectTime));
    assert_eq!(
        reply.sent("error").as_deref(),
        Some("invalid_request_object")
    );
}

/// RFC 8725 §2: the ways of passing an object off as the app's.
#[tokio::test]
async fn a_demanded_signature_cannot_be_got_round() {
    let signer = Signer::new(Algorithm::Es256, "one");
    let choose = |chosen: &mut Registration| {
        chosen.jwks = Some(signer.jwks());
        chosen.request_object_signing_alg = Some(Signing::Signed(Algorithm::Es256));
    };
    let (site, alice, clock) = scene(choose).await;
    let claims = json!({"state": "inside"});
    let namesake = Signer::new(Algorithm::Es256, "one");
    let stranger = Signer::new(Algorithm::Es256, "two");
    let public = Signer::of_secret(&signer.jwks());
    let exp = site.world.now().seconds() + 60;
    let (short, others) = (json!({"exp": exp}), json!({"client_id": "77"}));
    let told =
        async |object: &str| cause(&alice.get(&clock.ask().with("request", object).url()).await);
    assert_eq!(
        told(&unsigned(&claims)).await,
        Some(Cause::RequestObjectSignature)
    );
    assert_eq!(
        told(&public.sign(&claims)).await,
        Some(Cause::RequestObjectSignature)
    );
    assert_eq!(
        told(&namesake.sign(&claims)).await,
        Some(Cause::RequestObjectSignature)
    );
    assert_eq!(
        told(&stranger.sign(&claims)).await,
        Some(Cause::RequestObjectKeys)
    );
    assert_eq!(
        told(&signer.sign(&others)).await,
        Some(Cause::RequestObjectDiffers)
    );
    assert_eq!(told("a.b.c.d.e").await, Some(Cause::RequestObjectMalformed));
    let short = signer.sign(&short);
    assert_eq!(told(&short).await, None);
    site.pass(Millis::minutes(2));
    assert_eq!(told(&short).await, Some(Cause::RequestObjectTime));
}

/// An object that was good when the user was sent to log in is good when she comes back.
#[tokio::test]
async fn a_login_may_take_longer_than_the_object_lives() {
    let (site, _, clock) = scene(|_| ()).await;
    let exp = site.world.now().seconds() + 60;
    let ask = clock.ask().with("request", &unsigned(&json!({"exp": exp})));
    let bob = site.user("bob").await;
    let away = bob.get(&ask.url()).await;
    assert!(
        away.location().starts_with("/login?"),
        "{}",
        away.location()
    );
    site.pass(Millis::minutes(5));
    let bob = bob.signed_in().await;
    let back =
        grantor_protocol::form::Params::parse(&away.location().as_bytes()["/login?".len()..]);
    let back = back.unwrap().get("return_to").unwrap().to_owned();
    assert_eq!(bob.get(&back).await.code(), 200);
    // A fresh request with it comes too late.
    assert_eq!(
        cause(&bob.get(&ask.url()).await),
        Some(Cause::RequestObjectTime)
    );
}

async fn with_host(registered: bool) -> (Site, Elsewhere, Person, App) {
    let host = Elsewhere::open().await;
    let site = Site::with(|config| {
        config.outbound.on = true;
        config.outbound.allow = vec![host.destination()];
    })
    .await;
    let dora = site.user("dora").await;
    let uri = host.uri("/object");
    let choose = |chosen: &mut Registration| {
        chosen.request_uris = if registered { vec![uri] } else { vec![] };
    };
    let clock = site.app("Clock").choose(choose).of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, host, alice, clock)
}

fn by_reference(clock: &App, uri: &str) -> Ask {
    clock.ask().with("request_uri", uri)
}

/// What the user is shown is what she allows: the object goes on with the browser, and its
/// host is not asked again.
#[tokio::test]
async fn an_object_by_reference_is_fetched_and_fixed() {
    let (_, host, alice, clock) = with_host(true).await;
    host.show(
        "/object",
        200,
        &[],
        &unsigned(&json!({"state": "inside", "scope": "openid"})),
    );
    let ask = by_reference(&clock, &host.uri("/object#1"));
    let visit = alice.get(&ask.url()).await;
    assert_eq!(visit.code(), 303);
    let fixed = visit.location().to_owned();
    assert!(
        fixed.contains("&request=") && !fixed.contains("request_uri"),
        "{fixed}"
    );
    host.show(
        "/object",
        200,
        &[],
        &unsigned(&json!({"scope": "openid email default"})),
    );
    let page = alice.get(&fixed).await;
    assert_eq!(page.code(), 200);
    assert_eq!(host.seen().len(), 1);
    let seen = &host.seen()[0];
    assert_eq!(
        (&*seen.method, &*seen.path, &*seen.body),
        ("GET", "/object", "")
    );
}

#[tokio::test]
async fn a_reference_that_cannot_be_had_is_told_in_words() {
    let (site, host, alice, clock) = with_host(true).await;
    let ask = by_reference(&clock, &host.uri("/object"));
    let told = async || cause(&alice.get(&ask.url()).await);
    assert_eq!(told().await, Some(Cause::RequestUriUnreachable));
    for (status, headers, body) in [
        (500, vec![], String::new()),
        (302, vec![("location", "/other")], String::new()),
        (200, vec![], "x".repeat(7169)),
    ] {
        site.pass(Millis::seconds(10));
        host.show("/object", status, &headers, &body);
        assert_eq!(told().await, Some(Cause::RequestUriUnreachable), "{status}");
    }
    // As long as an object may be, and then no room for what stands outside.
    site.pass(Millis::seconds(10));
    host.show("/object", 200, &[], &"x".repeat(7168));
    let ask = ask.with("state", &"s".repeat(600));
    let reply = alice.get(&ask.url()).await;
    assert_eq!(cause(&reply), Some(Cause::RequestObjectTooLong));
}

/// CVE-2020-10770: nobody makes the server fetch what no app has registered.
#[tokio::test]
async fn only_registered_references_are_fetched() {
    let (_, host, alice, clock) = with_host(false).await;
    host.show("/object", 200, &[], &unsigned(&json!({})));
    let reply = alice
        .get(&by_reference(&clock, &host.uri("/object")).url())
        .await;
    assert_eq!(cause(&reply), Some(Cause::RequestUriUnregistered));
    assert_eq!(reply.sent("error").as_deref(), Some("invalid_request_uri"));
    assert!(host.seen().is_empty());
    // Off where the operator did not switch it on, registered or not.
    let (_, alice, clock) = scene(|chosen| {
        chosen.request_uris = vec!["https://clock.example/object".into()];
    })
    .await;
    let ask = by_reference(&clock, "https://clock.example/object");
    let reply = alice.get(&ask.url()).await;
    assert_eq!(cause(&reply), Some(Cause::RequestUri));
    let both = ask.with("request", "a.b.c");
    assert_eq!(
        cause(&alice.get(&both.url()).await),
        Some(Cause::RequestTwice)
    );
}

/// As a library does it: with the first key of ours that is there for it. Whoever can read
/// our keys can encrypt: what was agreed on for the signature inside holds all the same.
#[tokio::test]
async fn an_object_may_be_encrypted_and_is_no_better_for_it() {
    let signer = Signer::new(Algorithm::Es256, "one");
    let choose = |chosen: &mut Registration| {
        chosen.jwks = Some(signer.jwks());
        chosen.request_object_signing_alg = Some(Signing::Signed(Algorithm::Es256));
    };
    let (site, alice, clock) = scene(choose).await;
    let metadata = site
        .visitor()
        .get("/.well-known/openid-configuration")
        .await
        .json();
    let encrypt = async |alg: &Value, text: &str| {
        let alg = KeyManagement::parse(alg.as_str().unwrap()).unwrap();
        let keys = site.visitor().get("/api/1.0/openid_connect/jwks").await;
        let keys = JwkSet::parse(keys.body.as_bytes()).unwrap();
        let key = keys.to_encrypt(alg).unwrap();
        let key = EncryptingKey::from_jwk(key, alg, ContentEncryption::A128CbcHs256).unwrap();
        key.encrypt(Some("JWT"), text.as_bytes(), &SystemRandom::new())
            .unwrap()
    };
    let signed = signer.sign(&json!({"state": "inside"}));
    let algorithms = metadata["request_object_encryption_alg_values_supported"].clone();
    for alg in algorithms.as_array().unwrap() {
        let ask = clock.ask().with("request", &encrypt(alg, &signed).await);
        let reply = alice.decide(&ask, "allow").await;
        assert_eq!(reply.sent("state").as_deref(), Some("inside"), "{alg}");
    }
    let alg = json!("ECDH-ES");
    let old = encrypt(&alg, &signed).await;
    let told =
        async |object: &str| cause(&alice.get(&clock.ask().with("request", object).url()).await);
    let unsigned = encrypt(&alg, &unsigned(&json!({"state": "inside"}))).await;
    assert_eq!(told(&unsigned).await, Some(Cause::RequestObjectSignature));
    let twice = encrypt(&alg, &old).await;
    assert_eq!(told(&twice).await, Some(Cause::RequestObjectMalformed));

    // The keys change; what was encrypted to the older one is opened for a day.
    let (app, rotation) = (&site.app, |retire_older| Rotation {
        kind: KeyKind::OpenEc,
        retire_older,
        actor: Actor::default(),
    });
    app.keys
        .rotate(rotation(false), &app.store, &app.world)
        .await
        .unwrap();
    site.pass(Millis::minutes(1));
    app.keys.reload(&app.store, &app.world).await.unwrap();
    let new = encrypt(&alg, &signed).await;
    let kid = |text: &str| decode_header(text)["kid"].clone();
    assert_ne!(kid(&old), kid(&new));
    assert_eq!((told(&old).await, told(&new).await), (None, None));
    app.keys
        .rotate(rotation(true), &app.store, &app.world)
        .await
        .unwrap();
    app.keys.reload(&app.store, &app.world).await.unwrap();
    for gone in [old, new] {
        assert_eq!(told(&gone).await, Some(Cause::RequestObjectEncryption));
    }
}

fn decode_header(text: &str) -> Value {
    let header = BASE64_URL_SAFE_NO_PAD.decode(text.split('.').next().unwrap());
    serde_json::from_slice(&header.unwrap()).unwrap()
}
