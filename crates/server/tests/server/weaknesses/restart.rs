//! What a server must not forget, and what it must not say that it did.

use crate::support::{App, Person, Site};
use grantor_protocol::time::Millis;
use grantor_store::audit::Actor;

async fn scene() -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    (site, alice, page)
}

#[tokio::test]
async fn a_restart_forgets_no_rotation() {
    let (site, alice, page) = scene().await;
    let first = alice.connect(&page).await.refresh;
    let second = page.refresh(&first).await.member("refresh_token");
    let third = page.refresh(&second).await.member("refresh_token");
    site.pass(Millis::minutes(2));
    let page = page.at(&site.reopened(|_| ()).await);
    assert_eq!(page.refresh(&first).await.member("error"), "invalid_grant");
    assert_eq!(page.refresh(&third).await.member("error"), "invalid_grant");
}

#[tokio::test]
async fn a_restart_forgets_no_revocation() {
    let (site, alice, page) = scene().await;
    let one = alice.connect(&page).await;
    let family = alice.connect(&page).await;
    let kept = alice.connect(&page).await;
    page.revoke(&one.access).await;
    page.revoke(&family.refresh).await;
    let again = site.reopened(|_| ()).await;
    let works = async |token: &str| again.api(token, "/users/me").await.code() == 200;
    assert!(!works(&one.access).await && !works(&family.access).await);
    assert!(works(&kept.access).await);
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    alice
        .post(&format!("/authorizations/{grant}/end"), &[])
        .await;
    let again = site.reopened(|_| ()).await;
    assert_eq!(again.api(&kept.access, "/users/me").await.code(), 401);
    alice.disable().await;
    let again = site.reopened(|_| ()).await;
    assert_eq!(again.api(&kept.access, "/users/me").await.code(), 401);
}

/// Another node learns it within a second; here, as soon as it reads the feed.
#[tokio::test]
async fn a_revocation_reaches_every_node() {
    let (site, alice, page) = scene().await;
    let other = site.reopened(|_| ()).await;
    let tokens = alice.connect(&page).await;
    let personal = alice.token("default", "30").await;
    assert_eq!(other.api(&tokens.access, "/users/me").await.code(), 200);
    assert_eq!(other.api(&personal, "/users/me").await.code(), 200);
    page.revoke(&tokens.refresh).await;
    alice.post("/tokens/deauthorize", &[]).await;
    other.hear().await;
    assert_eq!(other.api(&tokens.access, "/users/me").await.code(), 401);
    assert_eq!(other.api(&personal, "/users/me").await.code(), 401);
    assert_eq!(page.at(&other).refresh(&tokens.refresh).await.code(), 400);
}

/// A node that remembers a session and what its user allowed answers for neither once
/// another node has ended it, though it has not heard of that.
#[tokio::test]
async fn what_a_node_remembers_gives_no_code_after_its_end_elsewhere() {
    for end in ["session", "grant"] {
        let (site, alice, _) = scene().await;
        let dora = site.user("dana").await;
        let clock = site.app("Clock").of(&dora).await;
        site.pass(Millis::seconds(1));
        alice.connect(&clock).await;
        let url = clock.ask().url();
        for _ in 0..2 {
            let location = alice.get(&url).await.location().to_owned();
            assert!(location.contains("code="), "{location}");
        }
        let other = site.reopened(|_| ()).await;
        let store = &other.app.store;
        let event = other.app.event("ended", site.world.now(), Actor::default());
        if end == "session" {
            store.end_other_sessions(0, alice.id, event).await.unwrap();
        } else {
            let grant = store.grants_of(alice.id).await.unwrap()[0].id;
            assert!(store.end_grant(grant, alice.id, event).await.unwrap());
        }
        let reply = alice.get(&url).await;
        match end {
            "session" => assert!(reply.location().starts_with("/login?"), "{}", reply.brief()),
            _ => assert_eq!(reply.code(), 200, "she is asked again"),
        }
    }
}

/// A node that cannot write says so, and has not half done it.
#[tokio::test]
async fn a_revocation_that_cannot_be_stored_is_not_reported_as_done() {
    let (site, alice, page) = scene().await;
    let tokens = alice.connect(&page).await;
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    let database = rusqlite::Connection::open(site.database()).unwrap();
    database
        .execute_batch("ALTER TABLE audit_events RENAME TO away")
        .unwrap();
    for token in [&tokens.access, &tokens.refresh] {
        let reply = page.revoke(token).await;
        assert!(reply.status.is_server_error() && !reply.member("error").is_empty());
    }
    let end = format!("/authorizations/{grant}/end");
    assert!(alice.post(&end, &[]).await.status.is_server_error());
    database
        .execute_batch("ALTER TABLE away RENAME TO audit_events")
        .unwrap();
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 200);
    assert_eq!(page.revoke(&tokens.access).await.code(), 200);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
}
