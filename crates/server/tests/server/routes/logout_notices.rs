//! How apps are told that a login has ended.

use super::logout::{BYE, claims};
use crate::support::{App, Elsewhere, Person, Site};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor::{openid::back_channel::tell_due, routes::LOGOUT};
use grantor_jose::{
    algorithm::Algorithm,
    jwk::JwkSet,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use grantor_protocol::{
    form::Params,
    openid::registration::{Registration, Signing},
    time::Millis,
};
use serde_json::{Value, json};

const LOG_OUT: [(&str, &str); 1] = [("decision", "logout")];

#[tokio::test]
async fn apps_are_told_by_way_of_the_browser() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").choose(|it| {
        it.frontchannel_logout_uri = Some("https://clock.example/out?a=b".into());
        it.post_logout_redirect_uris = vec![BYE.into()];
    });
    let sundial = site.app("Sundial").choose(|it| {
        it.frontchannel_logout_uri = Some("https://sundial.example:8443/out".into());
    });
    let (clock, sundial) = (clock.of(&dora).await, sundial.of(&dora).await);
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    let token = clock.id_token(&alice).await;
    let other = claims(&sundial.id_token(&alice).await);
    let ask = [
        ("id_token_hint", &*token),
        ("post_logout_redirect_uri", BYE),
        ("state", "s"),
    ];
    let query = grantor_protocol::form::encode(ask);
    let page = alice.get(&format!("{LOGOUT}?{query}")).await;
    assert_eq!((page.code(), &*page.heading()), (200, "You are signed out"));
    let iss = "iss=https%3A%2F%2Fauth.example&#38;sid=";
    for (uri, sid) in [
        ("https://clock.example/out?a=b&#38;", &claims(&token)["sid"]),
        ("https://sundial.example:8443/out?", &other["sid"]),
    ] {
        let source = format!("<iframe src=\"{uri}{iss}{}\"", sid.as_str().unwrap());
        assert!(page.body.contains(&source), "{source}");
    }
    let policy = page.header("content-security-policy");
    let frames = "; frame-src https://clock.example https://sundial.example:8443";
    assert!(policy.ends_with(frames), "{policy}");
    // Then on to the app, with and without script.
    let href = format!("{BYE}?state=s");
    let refresh = format!("<noscript><meta http-equiv=\"refresh\" content=\"6; url={href}\">");
    assert!(page.body.contains(&refresh), "never both");
    assert!(
        page.body
            .contains(&format!("id=\"onward\" href=\"{href}\""))
    );
    assert!(page.body.contains("/onward.js\" defer"));
    assert!(!alice.is_signed_in().await);
}

/// An app that listens, on a site that may speak to it.
async fn scene(choose: impl FnOnce(&mut Registration)) -> (Site, Elsewhere, Person, App) {
    let elsewhere = Elsewhere::open().await;
    let destination = elsewhere.destination();
    let site = Site::with(|config| {
        config.outbound.on = true;
        config.outbound.allow = vec![destination];
    });
    let site = site.await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").choose(|it| {
        it.backchannel_logout_uri = Some(elsewhere.uri("/told"));
        choose(it);
    });
    let clock = clock.of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, elsewhere, alice, clock)
}

/// The logout tokens that came so far, each the only field of its form.
fn tokens(elsewhere: &Elsewhere) -> Vec<String> {
    let mut tokens = Vec::new();
    for seen in elsewhere.seen() {
        assert_eq!((&*seen.method, &*seen.path), ("POST", "/told"));
        let params = Params::parse(seen.body.as_bytes()).unwrap();
        assert_eq!(params.iter().count(), 1);
        tokens.push(params.get("logout_token").unwrap().to_owned());
    }
    tokens
}

fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// Nobody pressed anything: her browser came back after its time.
#[tokio::test]
async fn apps_are_told_that_a_session_went_idle() {
    let (site, elsewhere, alice, clock) = scene(|_| ()).await;
    elsewhere.show("/told", 204, &[], "");
    let login = claims(&clock.id_token(&alice).await);
    site.pass(site.app.config.sign_in.session_idle);
    site.pass(Millis(1));
    assert!(!alice.is_signed_in().await);
    tell_due(&site.app).await.unwrap();
    let told = tokens(&elsewhere);
    assert_eq!(told.len(), 1);
    assert_eq!(claims(&told[0])["sid"], login["sid"]);
    assert!(!alice.is_signed_in().await);
    tell_due(&site.app).await.unwrap();
    assert_eq!(tokens(&elsewhere).len(), 1);
    let events = site
        .app
        .store
        .events_of(alice.id, i64::MAX, 50)
        .await
        .unwrap();
    let expired = events
        .iter()
        .filter(|event| event.kind == "session.expired");
    assert_eq!(expired.count(), 1);
}

#[tokio::test]
async fn apps_are_told_behind_the_browsers_back() {
    let (site, elsewhere, alice, clock) = scene(|_| ()).await;
    elsewhere.show("/told", 204, &[], "");
    let metadata = site
        .visitor()
        .get("/.well-known/openid-configuration")
        .await;
    for what in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
    ] {
        assert_eq!(metadata.json()[what], json!(true));
    }
    let login = claims(&clock.id_token(&alice).await);
    tell_due(&site.app).await.unwrap();
    assert!(tokens(&elsewhere).is_empty(), "nothing has ended yet");
    let page = alice.post(LOGOUT, &LOG_OUT).await;
    assert!(page.body.contains("These apps are told"));
    tell_due(&site.app).await.unwrap();
    tell_due(&site.app).await.unwrap();
    let told = tokens(&elsewhere);
    let [token] = &told[..] else {
        panic!("{told:?}")
    };
    let keys = site.visitor().get("/api/1.0/openid_connect/jwks").await;
    let keys = JwkSet::parse(keys.body.as_bytes()).unwrap();
    let parsed = Compact::parse(token, 8192).unwrap();
    let key = keys.to_verify(parsed.kid(), Algorithm::Rs256).unwrap();
    let key = VerifyingKey::from_jwk(key, Algorithm::Rs256);
    let of_type = ExpectedType::Only("logout+jwt");
    key.unwrap().verify(&parsed, of_type).unwrap();
    let mut said = claims(token);
    let now = site.world.now().seconds();
    assert_eq!(said["jti"].as_str().unwrap().len(), 32);
    said["jti"] = json!("j");
    assert_eq!(
        said,
        json!({
            "iss": "https://auth.example",
            "aud": clock.client_id(),
            "sub": login["sub"],
            "sid": login["sid"],
            "iat": now,
            "exp": now + 120,
            "jti": "j",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        })
    );
    assert!(
        !site.contents().contains("\nlogins "),
        "the notice is done with"
    );
}

#[tokio::test]
async fn a_logout_token_is_always_signed() {
    for (chosen, expected) in [
        (Signing::Unsigned, "RS256"),
        (Signing::parse("ES256").unwrap(), "ES256"),
    ] {
        let choose = |it: &mut Registration| it.id_token_signed_response_alg = Some(chosen);
        let (site, elsewhere, alice, clock) = scene(choose).await;
        elsewhere.show("/told", 200, &[], "");
        clock.id_token(&alice).await;
        alice.post(LOGOUT, &LOG_OUT).await;
        tell_due(&site.app).await.unwrap();
        let header = header(&tokens(&elsewhere)[0]);
        assert_eq!(
            (&header["alg"], &header["typ"]),
            (&json!(expected), &json!("logout+jwt"))
        );
    }
}

/// Also over a restart, and beside an app that is well.
#[tokio::test]
async fn an_app_that_does_not_hear_is_told_again() {
    let (site, elsewhere, alice, clock) = scene(|_| ()).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let well = Elsewhere::open().await;
    well.show("/told", 200, &[], "");
    let sundial = site.app("Sundial").choose(|it| {
        it.backchannel_logout_uri = Some(well.uri("/told"));
    });
    let sundial = sundial.of(&dora).await;
    clock.id_token(&alice).await;
    sundial.id_token(&alice).await;
    alice.post(LOGOUT, &LOG_OUT).await;
    let settings = site.app.config.outbound.clone();
    let both = async |site: &Site| {
        site.reopened(|config| {
            config.outbound = settings.clone();
            config.outbound.allow.push(well.destination());
        })
        .await
    };
    let site = both(&site).await;
    tell_due(&site.app).await.unwrap();
    assert_eq!((tokens(&elsewhere).len(), tokens(&well).len()), (1, 1));
    tell_due(&site.app).await.unwrap();
    assert_eq!(tokens(&elsewhere).len(), 1, "not before its time");
    let site = both(&site).await;
    site.pass(Millis::seconds(10));
    elsewhere.show("/told", 503, &[], "");
    tell_due(&site.app).await.unwrap();
    assert_eq!(tokens(&elsewhere).len(), 2);
    site.pass(Millis::seconds(40));
    elsewhere.show("/told", 200, &[], "");
    tell_due(&site.app).await.unwrap();
    site.pass(Millis::hours(2));
    tell_due(&site.app).await.unwrap();
    assert_eq!((tokens(&elsewhere).len(), tokens(&well).len()), (3, 1));
}

#[tokio::test]
async fn a_dead_app_is_given_up_after_a_day() {
    let (site, elsewhere, alice, clock) = scene(|_| ()).await;
    clock.id_token(&alice).await;
    alice.post(LOGOUT, &LOG_OUT).await;
    for _ in 0..40 {
        tell_due(&site.app).await.unwrap();
        site.pass(Millis::hours(1));
    }
    assert_eq!(tokens(&elsewhere).len(), 29);
    let dora = Person::again(&site, "dora", clock.owner).await;
    let page = dora.get(&format!("/apps/{}/requests", clock.id)).await;
    assert!(
        page.body
            .contains("did not answer a logout token with success")
    );
    assert!(!site.contents().contains("\nlogins "));
}

/// One attempt is enough to know: the other logouts wait for the next.
#[tokio::test]
async fn a_dead_app_is_not_asked_over_and_over() {
    let (site, elsewhere, alice, clock) = scene(|_| ()).await;
    for _ in 0..3 {
        let alice = Person::again(&site, "alice", alice.id).await;
        clock.id_token(&alice).await;
        alice.post(LOGOUT, &LOG_OUT).await;
    }
    tell_due(&site.app).await.unwrap();
    assert_eq!(tokens(&elsewhere).len(), 1);
    elsewhere.show("/told", 200, &[], "");
    site.pass(Millis::seconds(10));
    tell_due(&site.app).await.unwrap();
    assert_eq!(tokens(&elsewhere).len(), 4);
}

/// While the operator lets the server speak to nobody, nothing is promised.
#[tokio::test]
async fn without_outbound_requests_there_is_no_back_channel() {
    let site = Site::open().await;
    let metadata = site
        .visitor()
        .get("/.well-known/openid-configuration")
        .await
        .json();
    assert_eq!(metadata["backchannel_logout_supported"], json!(false));
    assert_eq!(metadata["frontchannel_logout_supported"], json!(true));
    assert_eq!(
        metadata["end_session_endpoint"],
        json!("https://auth.example/-/logout")
    );
    let dora = site.user("dora").await;
    let clock = site.app("Clock").choose(|it| {
        it.backchannel_logout_uri = Some("https://clock.example/told".into());
    });
    let clock = clock.of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    clock.id_token(&alice).await;
    let page = alice.post(LOGOUT, &LOG_OUT).await;
    assert!(page.body.contains("These cannot be told"));
    tell_due(&site.app).await.unwrap();
    assert!(!site.contents().contains("\nlogins "));
}
