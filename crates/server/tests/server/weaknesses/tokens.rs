//! One token taken for another, or for more than it is.

use crate::support::{App, Call, Site, Tokens, VERIFIER};
use grantor_protocol::{secret::Digest, time::Millis};
use std::marker::PhantomData;

async fn scene() -> (Site, crate::support::Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, alice, clock)
}

async fn works(site: &Site, token: &str) -> bool {
    site.api(token, "/users/me").await.code() == 200
}

/// Neither with its own credentials nor with none, and the theft ends nothing.
#[tokio::test]
async fn a_code_buys_nothing_for_another_app() {
    let (site, alice, clock) = scene().await;
    let mallory = site.user("mallory").await;
    let server = site.app("Server").of(&mallory).await;
    let page = site.app("Page").browser().of(&mallory).await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    for thief in [&server, &page] {
        for redirect in [&clock.redirect, &thief.redirect] {
            let reply = thief.exchange_for(&code, redirect).await;
            assert_eq!(reply.member("error"), "invalid_grant");
        }
    }
    let tokens = Tokens::of(&clock.exchange(&code).await);
    assert!(works(&site, &tokens.access).await);
    for thief in [&server, &page] {
        let reply = thief.exchange_for(&code, &clock.redirect).await;
        assert_eq!(reply.member("error"), "invalid_grant");
        let reply = thief.refresh(&tokens.refresh).await;
        assert_eq!(reply.member("error"), "invalid_grant");
        thief.revoke(&tokens.refresh).await;
    }
    assert!(works(&site, &tokens.access).await);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
}

/// Every kind of secret, at every door that takes another kind.
#[tokio::test]
async fn a_secret_of_one_kind_is_never_another() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let secrets = [
        ("code", code),
        ("access", tokens.access),
        ("refresh", tokens.refresh),
        ("personal", alice.token("default", "30").await),
        ("client", clock.secret.clone().unwrap()),
        ("session", alice.session_cookie().unwrap()),
        ("set-up", crate::routes::setup_link(&site).await),
    ];
    let mut doors = String::new();
    for (kind, secret) in &secrets {
        let mut opened = Vec::new();
        if works(&site, secret).await {
            opened.push("bearer");
        }
        let visitor = site.visitor();
        visitor.take_cookie(&format!("__Host-grantor={secret}"));
        if visitor.is_signed_in().await {
            opened.push("session cookie");
        }
        let setup = visitor.get(&format!("/setup?token={secret}")).await;
        if setup.code() == 200 {
            opened.push("set-up");
        }
        let app = App {
            secret: Some(secret.clone()),
            ..clock.clone()
        };
        if app.introspect("x").await.code() == 200 {
            opened.push("client secret");
        }
        if clock.refresh(secret).await.code() == 200 {
            opened.push("refresh");
        }
        if clock.exchange(secret).await.code() == 200 {
            opened.push("code");
        }
        doors += &format!("{kind}: {}\n", opened.join(", "));
    }
    insta::assert_snapshot!(doors, @r"
    code: code
    access: bearer
    refresh: refresh
    personal: bearer
    client: client secret
    session: session cookie
    set-up: set-up
    ");
}

/// A text with a piece missing, doubled or changed is refused, and if it was half
/// right nothing ends for it.
#[tokio::test]
async fn half_a_token_is_none() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let personal = alice.token("default", "30").await;
    for token in [&tokens.access, &tokens.refresh, &code, &personal] {
        for damaged in damages(token) {
            assert!(!works(&site, &damaged).await, "{damaged}");
            assert_ne!(clock.refresh(&damaged).await.code(), 200);
            assert_ne!(clock.exchange(&damaged).await.code(), 200);
            let call = Call::post("/-/token_info").form(&[("token", &damaged)]);
            let mut call = call;
            call.from = std::net::Ipv4Addr::from_bits(damaged.len() as u32).into();
            assert_eq!(site.send(call).await.json()["active"], false);
        }
    }
    assert!(works(&site, &tokens.access).await && works(&site, &personal).await);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    assert_eq!(clock.exchange(&code).await.code(), 200);
}

fn damages(token: &str) -> Vec<String> {
    let mut all: Vec<String> = [1, 6, 20, token.len() / 2]
        .map(|less| token[..token.len() - less].to_owned())
        .into();
    all.push(format!("{token}A"));
    all.push(format!("{token}{token}"));
    all.push(token.to_lowercase());
    all.push(token.replacen("gr_", "xx_", 1).replacen("_at_", "_rt_", 1));
    for at in [8, token.len() / 2, token.len() - 1] {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        all.push(format!("{}{other}{}", &token[..at], &token[at + 1..]));
    }
    all.retain(|damaged| damaged != token);
    all
}

/// Neither by leaving the verifier out, nor by leaving the challenge out, nor by
/// another method.
#[tokio::test]
async fn pkce_cannot_be_downgraded() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let strict = site.app("Strict").pkce().of(&dora).await;
    let page = site.app("Page").browser().of(&dora).await;
    let tool = site.app("Tool").native().of(&dora).await;
    for app in [&strict, &page, &tool] {
        let bare = app.ask().without("code_challenge");
        let bare = bare.without("code_challenge_method");
        for ask in [
            bare.clone(),
            bare.with("code_challenge", VERIFIER),
            app.ask().with("code_challenge_method", "plain"),
            app.ask().with("code_challenge", ""),
        ] {
            let reply = alice.decide(&ask, "allow").await;
            assert_eq!(reply.sent("error").as_deref(), Some("invalid_request"));
        }
        let code = alice.allow(app).await.sent("code").unwrap();
        for verifier in ["", "x", crate::support::CHALLENGE] {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", &*code),
                ("redirect_uri", &*app.redirect),
                ("code_verifier", verifier),
            ];
            let reply = app.post("/-/oauth_token", &fields).await;
            assert_eq!(reply.member("error"), "invalid_grant");
        }
        assert_eq!(app.exchange(&code).await.code(), 200);
    }
}

/// A personal token makes no tokens and no consents; a silent request goes no further
/// than the user went.
#[tokio::test]
async fn no_path_to_a_token_goes_around_consent() {
    let (site, alice, clock) = scene().await;
    let personal = alice.token("default", "30").await;
    let url = clock.ask().url();
    for call in [
        Call::get(&*url),
        Call::post(&*url).form(&[("decision", "allow")]),
        Call::post("/tokens").form(&[
            ("description", "x"),
            ("scope", "default"),
            ("expires_in", "7"),
        ]),
        Call::get("/apps"),
    ] {
        let reply = site.send(call.bearer(&personal)).await;
        assert!(
            reply.brief() == "303 login" || reply.brief() == "303 confirm" || reply.code() == 403
        );
    }
    let silent = clock.ask().with("prompt", "none");
    let reply = alice.get(&silent.url()).await;
    assert_eq!(reply.sent("error").as_deref(), Some("consent_required"));
    let token = alice.form_token(&clock.ask().url()).await;
    let fields = [("decision", "allow"), ("csrf", &*token)];
    let reply = alice
        .send(Call::post(silent.url()).form(&fields), &[])
        .await;
    assert!(reply.sent("code").is_none());
    for grant in [
        "password",
        "client_credentials",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ] {
        let fields = [
            ("grant_type", grant),
            ("username", "alice@example.org"),
            ("password", "x"),
        ];
        let reply = clock.post("/-/oauth_token", &fields).await;
        assert_eq!(reply.member("error"), "unsupported_grant_type");
    }
    assert_eq!(site.app.store.grants_of(alice.id).await.unwrap().len(), 0);
}

/// In the query or as a Basic user, a narrow token is as narrow as in its own header.
#[tokio::test]
async fn a_token_sent_another_way_has_the_same_scopes() {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let site = Site::with(|config| config.legacy.legacy_bearer = true).await;
    let alice = site.user("alice").await.signed_in().await;
    let narrow = alice.token("email", "30").await;
    let basic = BASE64_STANDARD.encode(format!("{narrow}:"));
    for call in [
        Call::get("/api/1.0/users/me").bearer(&narrow),
        Call::get(format!("/api/1.0/users/me?access_token={narrow}")),
        Call::get("/api/1.0/users/me").header("authorization", format!("Basic {basic}")),
    ] {
        assert_eq!(site.send(call).await.code(), 403);
    }
}

struct Probe<T>(PhantomData<T>);

impl<T: PartialEq> Probe<T> {
    const COMPARES: bool = true;
}

trait Otherwise {
    const COMPARES: bool = false;
}

impl<T> Otherwise for Probe<T> {}

/// What proves a secret has no `==`: the one way to compare takes the same time for
/// every answer.
#[test]
fn a_digest_can_only_be_compared_in_constant_time() {
    const { assert!(Probe::<u8>::COMPARES) };
    const { assert!(!Probe::<Digest>::COMPARES) };
}
