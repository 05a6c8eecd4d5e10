//! `/-/logout` and the sessions that it ends.

use crate::support::{App, Browser, Call, PASSWORD, Person, Reply, Site, Tokens};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor::routes::LOGOUT;
use grantor_protocol::{form, time::Millis};
use serde_json::Value;

pub const BYE: &str = "https://clock.example/bye";

/// What a JWT says.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn scene() -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").choose(|it| {
        it.post_logout_redirect_uris = vec![BYE.into(), "com.example.clock:/bye".into()];
    });
    let clock = clock.of(&dora).await;
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, alice, clock)
}

fn url(pairs: &[(&str, &str)]) -> String {
    format!("{LOGOUT}?{}", form::encode(pairs.iter().copied()))
}

/// That nothing happened but a page.
async fn stayed(browser: &Browser, reply: &Reply, code: u16, heading: &str) {
    assert_eq!((reply.code(), &*reply.heading()), (code, heading));
    assert_eq!(reply.location(), "");
    let gone = |line: &String| line.contains("Max-Age=0");
    assert!(!reply.all("set-cookie").iter().any(gone));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn an_app_signs_its_user_out_by_her_id_token() {
    let (site, alice, clock) = scene().await;
    let token = clock.id_token(&alice).await;
    // It has expired by then, which does not matter.
    site.pass(Millis::hours(2));
    let state = "a state & more";
    let ask = [
        ("id_token_hint", &*token),
        ("post_logout_redirect_uri", BYE),
        ("state", state),
        ("ui_locales", "de"),
        ("logout_hint", "whoever"),
    ];
    let reply = alice.get(&url(&ask)).await;
    let expected = format!("{BYE}?state=a%20state%20%26%20more");
    assert_eq!((reply.code(), reply.location()), (303, &*expected));
    assert!(!alice.is_signed_in().await);
    let silent = clock.ask().with("scope", "openid").with("prompt", "none");
    let refused = alice.get(&silent.url()).await.sent("error");
    assert_eq!(refused.as_deref(), Some("login_required"));
    // Nobody is there any more: the app gets her back all the same.
    assert_eq!(alice.get(&url(&ask)).await.location(), expected);
}

#[tokio::test]
async fn without_anything_to_go_on_to_there_is_a_page() {
    let (_, alice, clock) = scene().await;
    for with_state in [false, true] {
        let alice = Person::again(&alice.site, "alice", alice.id).await;
        let token = clock.id_token(&alice).await;
        let mut ask = vec![("id_token_hint", &*token)];
        ask.extend(with_state.then_some(("state", "x")));
        let reply = alice.get(&url(&ask)).await;
        assert_eq!(
            (reply.code(), &*reply.heading()),
            (200, "You are signed out")
        );
        assert!(!reply.body.contains("Go on to"));
        assert!(!alice.is_signed_in().await);
    }
}

/// A link on another site must not sign anybody out.
#[tokio::test]
async fn whoever_shows_no_id_token_of_this_login_is_asked_about() {
    let (site, alice, clock) = scene().await;
    let bob = site.user("bob").await.signed_in().await;
    let (phone, id) = (alice.elsewhere(), clock.client_id());
    alice.sign_in_at(&phone).await;
    let of_bob = clock.id_token(&bob).await;
    let elsewhere = clock
        .id_token(&Person::again(&site, "alice", alice.id).await)
        .await;
    for (what, (name, value)) in [
        ("no hint", ("client_id", &*id)),
        ("another user's", ("id_token_hint", &*of_bob)),
        ("another session's", ("id_token_hint", &*elsewhere)),
    ] {
        let ask = url(&[
            (name, value),
            ("post_logout_redirect_uri", BYE),
            ("state", "x"),
        ]);
        let reply = alice.get(&ask).await;
        stayed(&alice, &reply, 200, "Sign out of Grantor?").await;
        assert!(
            reply.body.contains("<bdi>Clock</bdi> asks you to"),
            "{what}"
        );
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("form-action 'self' https://clock.example;"),
            "{policy}"
        );
        let browser = alice.elsewhere();
        alice.sign_in_at(&browser).await;
        browser.get(&ask).await;
        let reply = browser.post(&ask, &[("decision", "logout")]).await;
        assert_eq!(reply.location(), format!("{BYE}?state=x"), "{what}");
        assert!(!browser.is_signed_in().await, "{what}");
    }
    let reply = alice.get(LOGOUT).await;
    stayed(&alice, &reply, 200, "Sign out of Grantor?").await;
    assert!(phone.is_signed_in().await);
}

#[tokio::test]
async fn a_wrong_request_leads_nowhere_and_ends_nothing() {
    let (site, alice, clock) = scene().await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let other = site.app("Other").of(&dora).await;
    let (token, foreign) = (clock.id_token(&alice).await, other.id_token(&alice).await);
    let unsigned = {
        let payload = token.split('.').nth(1).unwrap();
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        format!("{header}.{payload}.")
    };
    let mut tampered = token.clone();
    tampered.replace_range(token.len() - 8..token.len() - 4, "AAAA");
    let id = clock.client_id();
    let hint = ("id_token_hint", &*token);
    let cases: [(&str, &[(&str, &str)]); 11] = [
        (
            "unsigned",
            &[
                ("id_token_hint", &unsigned),
                ("post_logout_redirect_uri", BYE),
            ],
        ),
        (
            "tampered",
            &[
                ("id_token_hint", &tampered),
                ("post_logout_redirect_uri", BYE),
            ],
        ),
        ("no JWT", &[("id_token_hint", "x")]),
        (
            "no hint",
            &[("post_logout_redirect_uri", BYE), ("state", "x")],
        ),
        (
            "query added",
            &[
                hint,
                ("post_logout_redirect_uri", "https://clock.example/bye?a=b"),
            ],
        ),
        (
            "unregistered",
            &[hint, ("post_logout_redirect_uri", "https://evil.example/")],
        ),
        (
            "of another kind",
            &[hint, ("post_logout_redirect_uri", "com.example.clock:/bye")],
        ),
        (
            "another app's",
            &[
                ("id_token_hint", &foreign),
                ("post_logout_redirect_uri", BYE),
            ],
        ),
        (
            "two apps",
            &[("id_token_hint", &foreign), ("client_id", &id)],
        ),
        ("no such app", &[("client_id", "1")]),
        ("twice", &[("state", "x"), ("state", "y")]),
    ];
    for (what, ask) in cases {
        let reply = alice.get(&url(ask)).await;
        assert!(!reply.body.contains("evil"), "{what}");
        stayed(&alice, &reply, 400, "This sign-out request is wrong").await;
        // She may want to all the same, and goes nowhere by it.
        assert!(reply.body.contains(r#"action="/-/logout""#), "{what}");
    }
    let reply = alice.post(LOGOUT, &[("decision", "logout")]).await;
    assert_eq!(
        (reply.code(), &*reply.heading()),
        (200, "You are signed out")
    );
}

/// As an app's page sends it: without the cookie, which does not go along.
#[tokio::test]
async fn a_request_that_comes_as_a_form_becomes_a_visit() {
    let (_, alice, clock) = scene().await;
    let token = clock.id_token(&alice).await;
    let ask = [
        ("id_token_hint", &*token),
        ("post_logout_redirect_uri", BYE),
    ];
    let call = Call::post(LOGOUT).header("sec-fetch-site", "cross-site");
    let reply = alice.send(call.form(&ask), &[]).await;
    assert_eq!((reply.code(), reply.location()), (303, &*url(&ask)));
    assert!(alice.is_signed_in().await);
    assert_eq!(alice.get(reply.location()).await.location(), BYE);
    // The decision itself is taken from our own pages alone.
    let alice = alice.signed_in().await;
    let call = Call::post(LOGOUT).header("sec-fetch-site", "cross-site");
    let reply = alice.send(call.form(&[("decision", "logout")]), &[]).await;
    assert_eq!(reply.code(), 403);
    assert!(alice.is_signed_in().await);
}

/// Whoever is not signed in goes on by a click of hers, unless an ID token says whence
/// she came.
#[tokio::test]
async fn nobody_is_sent_on_for_a_client_id_alone() {
    let (site, _, clock) = scene().await;
    let id = clock.client_id();
    let ask = [
        ("client_id", &*id),
        ("post_logout_redirect_uri", BYE),
        ("state", "x"),
    ];
    let reply = site.visitor().get(&url(&ask)).await;
    assert_eq!(
        (reply.code(), &*reply.heading()),
        (200, "You are signed out")
    );
    assert!(reply.body.contains(&format!("href=\"{BYE}?state=x\"")));
    assert!(!reply.body.contains("http-equiv") && !reply.body.contains("<script"));
}

/// What a mere login gave ends with its session; a connection stays.
#[tokio::test]
async fn every_end_of_a_session_ends_its_logins() {
    for how in ["logout", "by name", "others", "password", "another user"] {
        let (site, alice, clock) = scene().await;
        let code = async |scope: &str| {
            let ask = clock.ask().with("scope", scope);
            alice.decide(&ask, "allow").await.sent("code").unwrap()
        };
        let login = Tokens::of(&clock.exchange(&code("openid email").await).await);
        let connection = Tokens::of(&clock.exchange(&code("openid default").await).await);
        let late = code("openid").await;
        let at_desk = alice.elsewhere();
        alice.sign_in_at(&at_desk).await;
        match how {
            "logout" => drop(alice.post(LOGOUT, &[("decision", "logout")]).await),
            "by name" => {
                let now = site.world.now();
                let sessions = site.app.store.sessions_of(alice.id, now).await.unwrap();
                let first = sessions.iter().map(|it| it.id).min().unwrap();
                let path = format!("/account/sessions/{first}/end");
                assert_eq!(at_desk.post(&path, &[]).await.code(), 303);
            }
            "others" => drop(at_desk.post("/account/sessions/end-others", &[]).await),
            "password" => {
                let new = [
                    ("current_password", PASSWORD),
                    ("new_password", "another one entirely"),
                ];
                assert_eq!(at_desk.post("/account/password", &new).await.code(), 303);
            }
            _ => {
                site.user("bob").await.with_password().await;
                alice.log_in("bob@example.org", PASSWORD).await;
            }
        }
        let userinfo = async |token: &str| site.api(token, "/openid_connect/userinfo").await;
        assert_eq!(userinfo(&login.access).await.code(), 401, "{how}");
        assert_eq!(
            clock.refresh(&login.refresh).await.member("error"),
            "invalid_grant"
        );
        assert_eq!(clock.exchange(&late).await.member("error"), "invalid_grant");
        assert_eq!(userinfo(&connection.access).await.code(), 200, "{how}");
        assert_eq!(
            clock.refresh(&connection.refresh).await.code(),
            200,
            "{how}"
        );
    }
}

/// Apps know the login of a browser by one name, however often its user proves who she is.
#[tokio::test]
async fn a_login_again_keeps_the_name_of_the_session() {
    let (site, alice, clock) = scene().await;
    let before = claims(&clock.id_token(&alice).await);
    site.pass(Millis::minutes(5));
    alice.log_in(&alice.email, PASSWORD).await;
    let after = claims(&clock.id_token(&alice).await);
    assert_eq!(before["sid"], after["sid"]);
    assert!(before["auth_time"].as_i64() < after["auth_time"].as_i64());
    let sessions = site.app.store.sessions_of(alice.id, site.world.now()).await;
    assert_eq!(sessions.unwrap().len(), 1);
    let ask = [
        ("current_password", PASSWORD),
        ("new_password", "another one entirely"),
    ];
    alice.post("/account/password", &ask).await;
    assert_ne!(claims(&clock.id_token(&alice).await)["sid"], before["sid"]);
}

#[tokio::test]
async fn the_user_sees_where_a_session_has_signed_her_in() {
    let (_, alice, clock) = scene().await;
    let words = "Signed in to <bdi>Clock</bdi>";
    assert!(!alice.get("/account").await.body.contains(words));
    clock.id_token(&alice).await;
    assert!(alice.get("/account").await.body.contains(words));
    let page = alice.get(LOGOUT).await.body;
    let (_, list) = page.split_once("which cannot be told").unwrap();
    assert!(list.contains("<bdi>Clock</bdi>"));
}
