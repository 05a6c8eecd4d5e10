//! `POST /-/oauth_revoke` (RFC 7009).

use super::scene;
use crate::support::{Call, Reply, Tokens};

async fn is_active(site: &crate::support::Site, token: &str) -> bool {
    let call = Call::post("/-/token_info").form(&[("token", token)]);
    site.send(call).await.json()["active"] == true
}

#[tokio::test]
async fn an_access_token_ends_alone() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let reply = clock.revoke(&tokens.access).await;
    assert_eq!((reply.code(), &*reply.body), (200, "{}"));
    assert!(!is_active(&site, &tokens.access).await);
    assert!(is_active(&site, &tokens.refresh).await);
}

#[tokio::test]
async fn a_refresh_token_ends_what_hangs_from_it() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let other_device = alice.connect(&clock).await;
    assert_eq!(clock.revoke(&tokens.refresh).await.code(), 200);
    assert!(!is_active(&site, &tokens.refresh).await);
    assert!(!is_active(&site, &tokens.access).await);
    // The same user's other authorization of the app goes on.
    assert!(is_active(&site, &other_device.access).await);
}

/// Whether there was anything to end is nobody's business.
#[tokio::test]
async fn what_is_unknown_ends_with_the_same_answer() {
    let (site, alice, clock) = scene().await;
    let dora = site.user("dot").await;
    let other = site.app("Other").of(&dora).await;
    let tokens = alice.connect(&clock).await;
    let personal = alice.token("default", "30").await;
    let of = |reply: &Reply| (reply.code(), reply.body.clone());
    let truly = of(&clock.revoke("gr_at_unknown").await);
    assert_eq!(truly, (200, "{}".to_owned()));
    for token in [&tokens.access, &tokens.refresh, &personal] {
        assert_eq!(of(&other.revoke(token).await), truly);
        assert!(is_active(&site, token).await);
    }
    assert_eq!(of(&clock.revoke(&personal).await), truly);
    assert!(is_active(&site, &personal).await);
}

#[tokio::test]
async fn an_app_has_to_say_which_it_is() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let call = || Call::post("/-/oauth_revoke");
    let nobody = site.send(call().form(&[("token", &tokens.access)])).await;
    assert_eq!(nobody.member("error"), "invalid_client");
    let id = clock.client_id();
    let without = [("token", &*tokens.access), ("client_id", &*id)];
    assert_eq!(site.send(call().form(&without)).await.code(), 401);
    assert_eq!(clock.post("/-/oauth_revoke", &[]).await.code(), 400);
    assert!(is_active(&site, &tokens.access).await);
}

/// A public app has nothing but the token itself.
#[tokio::test]
async fn a_public_app_revokes_by_its_id() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let page = site.app("Page").browser().of(&dora).await;
    let tokens = alice.connect(&page).await;
    assert_eq!(page.revoke(&tokens.refresh).await.code(), 200);
    assert!(!is_active(&site, &tokens.access).await);
}

/// However often the same is revoked or replayed, it is written once.
#[tokio::test]
async fn what_has_ended_ends_without_a_trace() {
    let (site, alice, clock) = scene().await;
    let first = alice.connect(&clock).await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let second = Tokens::of(&clock.exchange(&code).await);
    clock.revoke(&first.access).await;
    clock.exchange(&code).await;
    assert!(!is_active(&site, &second.access).await);
    let before = site.contents();
    for token in [&first.access, &second.access, &second.refresh] {
        assert_eq!(clock.revoke(token).await.code(), 200);
        assert_eq!(site.contents(), before);
    }
    assert_eq!(clock.exchange(&code).await.member("error"), "invalid_grant");
    assert_eq!(site.contents(), before);
    site.pass(grantor_protocol::time::Millis::hours(2));
    let expired = alice.connect(&clock).await;
    site.pass(grantor_protocol::time::Millis::hours(2));
    let before = site.contents();
    assert_eq!(clock.revoke(&expired.access).await.code(), 200);
    assert_eq!(site.contents(), before);
}

/// One rule for every request of such an app; its users end its access themselves.
#[tokio::test]
async fn a_suspended_app_revokes_nothing() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    clock.suspend().await;
    let reply = clock.revoke(&tokens.refresh).await;
    assert_eq!(reply.member("error"), "invalid_client");
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    let end = format!("/authorizations/{grant}/end");
    assert_eq!(alice.post(&end, &[]).await.code(), 303);
    clock.resume().await;
    assert!(!is_active(&site, &tokens.refresh).await);
}
