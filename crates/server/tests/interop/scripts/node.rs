//! simple-oauth2, openid-client, passport-oauth2 and @auth/core.

use super::{Client, Language, Part, play};
use crate::{
    flow::{Report, words},
    process::free_port,
    scene::{CALLBACK, EMAIL, Scene},
};
use serde_json::json;
use std::process::Command;

pub const NODE: Language = Language {
    name: "node",
    list: include_str!("../clients/node/package-lock.json"),
    run: |_, script| {
        let mut node = Command::new("node");
        node.arg(script);
        node
    },
};
const SIMPLE: &str = "simple_oauth2_client.mjs";
const OPENID: &str = "openid_client.mjs";
const PASSPORT: &str = "passport_oauth2_client.mjs";
const LOGIN: &str = "openid_client_login.mjs";
const AUTH_CORE: &str = "auth_core_login.mjs";

/// Never a `state`: the app has the tick for clients of that age. HTTP Basic, and
/// `client_id` nowhere else; a narrower scope on refresh.
#[tokio::test]
async fn simple_oauth2_without_state() {
    let scene = Scene::new(CALLBACK, &["--without-state"]);
    let report = play(&scene, &NODE, SIMPLE, Part::new(CALLBACK)).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
    assert_eq!(words(&report.0["refreshed"]["scope"]), ["default"].into());
}

/// Without the tick, the app hears what is missing.
#[tokio::test]
async fn a_missing_state_is_told_to_the_app() {
    let scene = Scene::new(CALLBACK, &[]);
    let mut client = Client::start(&NODE, SIMPLE);
    let part = Part::new(CALLBACK);
    client.say(&part.about(&scene));
    let words = client.hear();
    let start = words["authorize"].as_str().expect("a URL");
    let callback = scene.browser.connect(start, part.decision).await;
    assert!(callback.contains("error=invalid_request"), "{callback}");
    assert!(callback.contains("error_description=state"), "{callback}");
}

/// Everything it knows comes from the metadata.
#[tokio::test]
async fn openid_client_by_basic() {
    openid_client("basic").await;
}

#[tokio::test]
async fn openid_client_by_body() {
    openid_client("body").await;
}

async fn openid_client(proof: &str) {
    let scene = Scene::new(CALLBACK, &[]);
    let part = Part::new(CALLBACK).with(json!({"proof": proof}));
    let report = play(&scene, &NODE, OPENID, part).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
    report.was_introspected(&scene.app.client_id);
}

#[tokio::test]
async fn openid_client_in_a_browser_app() {
    let scene = Scene::new(CALLBACK, &["--kind", "browser"]);
    let part = Part::new(CALLBACK).with(json!({"proof": "none"}));
    let report = play(&scene, &NODE, OPENID, part).await;
    report.check(&scene.user, true);
    report.replay_was_refused();
}

#[tokio::test]
async fn openid_client_denied() {
    let scene = Scene::new(CALLBACK, &[]);
    let part = Part::new(CALLBACK).with(json!({"proof": "basic"}));
    let report = play(&scene, &NODE, OPENID, part.denied()).await;
    report.refused("denied", "access_denied", "did not allow");
}

/// A web server of its own; `state` and PKCE, kept in the browser's session there.
#[tokio::test]
async fn passport_oauth2() {
    let (scene, report) = passport(true).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
}

/// As passport-oauth2 is by default: neither `state` nor PKCE.
#[tokio::test]
async fn passport_oauth2_without_state() {
    let (scene, report) = passport(false).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
}

async fn passport(state: bool) -> (Scene, Report) {
    let redirect_uri = format!("http://127.0.0.1:{}/callback", free_port());
    let tick: &[&str] = if state { &[] } else { &["--without-state"] };
    let scene = Scene::new(&redirect_uri, tick);
    let part = Part::new(&redirect_uri).with(json!({"state": state}));
    let mut client = Client::start(&NODE, PASSPORT);
    client.say(&part.about(&scene));
    let words = client.hear();
    let start = words["authorize"].as_str().expect("a URL");
    let callback = scene.browser.connect(start, part.decision).await;
    assert_eq!(scene.browser.open(&callback).await, "connected");
    let report = Report(client.hear());
    (scene, report)
}

#[tokio::test]
async fn openid_client_logs_a_user_in() {
    let report = openid_client_login("code", &[]).await;
    report.check_refreshed_login();
}

#[tokio::test]
async fn openid_client_logs_a_user_in_by_the_hybrid_flow() {
    let report = openid_client_login("hybrid", &[]).await;
    report.check_refreshed_login();
}

/// An ID token alone, which says all that the scopes ask for.
#[tokio::test]
async fn openid_client_logs_a_user_in_by_an_id_token_alone() {
    openid_client_login("implicit", &[]).await;
}

#[tokio::test]
async fn openid_client_logs_a_user_in_to_a_browser_app() {
    let report = openid_client_login("code", &["--kind", "browser"]).await;
    report.check_refreshed_login();
}

async fn openid_client_login(flow: &str, more: &[&str]) -> Report {
    let scene = Scene::new(CALLBACK, more);
    let part = Part::new(CALLBACK).with(json!({"flow": flow})).of_login();
    let report = play(&scene, &NODE, LOGIN, part).await;
    report.check_login(&scene);
    report
}

/// What is behind NextAuth: an issuer, credentials, and nothing else.
#[tokio::test]
async fn auth_core_logs_a_user_in() {
    let redirect_uri = "https://app.example/auth/callback/grantor";
    let scene = Scene::new(redirect_uri, &["--id-token-claims"]);
    let part = Part::new(redirect_uri).of_login();
    let report = play(&scene, &NODE, AUTH_CORE, part).await;
    report.check_login(&scene);
    assert_eq!(report.0["user"]["email"], EMAIL);
}
