//! `prompt=none`: an answer at once, whatever it is.

use super::scene;
use crate::support::{Call, Site};

#[tokio::test]
async fn prompt_none() {
    let (site, alice, clock) = scene().await;
    let silent = clock.ask().with("prompt", "none");
    site.transcript.remark("Nobody is signed in.");
    site.visitor().get(&silent.url()).await;
    site.transcript.remark("Signed in, never asked.");
    alice.get(&silent.url()).await;
    site.transcript.remark("Asked and agreed.");
    alice.allow(&clock).await;
    alice.get(&silent.url()).await;
    site.transcript.remark("For more scopes than agreed.");
    let more = silent.clone().with("scope", "openid");
    alice.get(&more.url()).await;
    site.transcript.remark("For another account.");
    let bob = silent.clone().with("login_hint", "bob@example.org");
    alice.get(&bob.url()).await;
    site.transcript.remark("For a fresher login.");
    site.pass(grantor_protocol::time::Millis::minutes(2));
    alice.get(&silent.clone().with("max_age", "60").url()).await;
    site.transcript.remark("With another word beside it.");
    alice.get(&silent.with("prompt", "none login").url()).await;
    insta::assert_snapshot!(site.transcript.text());
}

/// What cannot be sent to a verified redirect is sent nowhere.
#[tokio::test]
async fn dead_ends() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    site.transcript.start();
    let visitor = site.visitor();
    let ask = clock.ask().with("prompt", "none");
    visitor.get(&ask.clone().without("client_id").url()).await;
    visitor
        .get(&ask.clone().with("client_id", "12345").url())
        .await;
    visitor
        .get(&ask.clone().without("redirect_uri").url())
        .await;
    let near = "https://clock.example/callback/";
    visitor
        .get(&ask.clone().with("redirect_uri", near).url())
        .await;
    visitor.get(&format!("{}&state=twice", ask.url())).await;
    clock.suspend().await;
    visitor.get(&ask.url()).await;
    insta::assert_snapshot!(site.transcript.text());
}

/// Whoever is at a browser reads in her language where to take it; it stays plain text.
#[tokio::test]
async fn dead_ends_at_a_browser() {
    let site = Site::open().await;
    let path = "/-/oauth_authorize?client_id=12345&ui_locales=de";
    let call = || Call::get(path).header("accept", "text/html,*/*;q=0.8");
    let reply = site.send(call()).await;
    assert_eq!(reply.code(), 400);
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    let (hers, theirs) = reply.body.split_once("\n\n").unwrap();
    assert!(hers.starts_with("Die App, die Sie hierher geschickt hat"));
    let program = site.send(Call::get(path)).await;
    assert_eq!(theirs, program.body);
}
