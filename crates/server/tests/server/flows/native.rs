//! A program on the user's device: loopback redirect, PKCE, rotation.

use crate::support::{Site, Tokens};
use grantor_protocol::time::Millis;

#[tokio::test]
async fn loopback_with_pkce_and_rotation() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let mut tool = site.app("Tool").native().of(&dora).await;
    tool.secret = None;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    site.transcript.start();
    let port = "http://127.0.0.1:49152/callback";
    let ask = tool.ask().with("redirect_uri", port);
    let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
    let first = Tokens::of(&tool.exchange_for(&code, port).await);

    site.transcript
        .remark("Every refresh replaces the refresh token.");
    site.pass(Millis::hours(1));
    let second = Tokens::of(&tool.refresh(&first.refresh).await);
    assert_ne!(first.refresh, second.refresh);

    site.transcript
        .remark("The same call again, within a minute: the answer may have been lost.");
    site.pass(Millis::seconds(59));
    let repeated = Tokens::of(&tool.refresh(&first.refresh).await);
    assert_eq!(second.refresh, repeated.refresh);

    site.transcript
        .remark("The successor is used; then somebody comes with the old one.");
    let third = Tokens::of(&tool.refresh(&second.refresh).await);
    site.pass(Millis::minutes(2));
    tool.refresh(&first.refresh).await;
    site.transcript
        .remark("Everything of this authorization is dead.");
    tool.refresh(&third.refresh).await;
    site.api(&third.access, "/users/me").await;
    insta::assert_snapshot!(site.transcript.text());
}

/// Nobody on a device can prove to be the same program: the user is asked each time.
#[tokio::test]
async fn asked_every_time() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let tool = site.app("Tool").native().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    site.transcript.start();
    alice.allow(&tool).await;
    alice.get(&tool.ask().url()).await;
    alice.get(&tool.ask().with("prompt", "none").url()).await;
    insta::assert_snapshot!(site.transcript.text());
}
