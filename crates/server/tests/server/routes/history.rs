//! `/account/history`.

use super::scene;
use crate::support::{PASSWORD, Person, Reply, Site};
use grantor_store::audit::{Actor, Event};
use std::collections::BTreeSet;

/// The sentences of the page, in order.
fn sentences(page: &Reply) -> Vec<String> {
    let rows = page.body.split("<h2 class=\"row-title\">").skip(1);
    rows.map(|row| row.split("</h2>").next().unwrap().to_owned())
        .collect()
}

async fn history(person: &Person) -> Reply {
    let page = person.get("/account/history").await;
    assert_eq!(
        (page.code(), page.heading().as_str()),
        (200, "Security history")
    );
    page
}

#[tokio::test]
async fn what_happened_is_told_in_words() {
    let (site, alice, clock) = scene().await;
    let alice = alice.with_password().await.signed_in().await;
    let stranger = alice.elsewhere().at("198.51.100.9");
    stranger.log_in(&alice.email, "a wrong guess").await;
    let tokens = alice.connect(&clock).await;
    clock.revoke(&tokens.access).await;
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    alice
        .post(&format!("/authorizations/{grant}/end"), &[])
        .await;
    let page = history(&alice).await;
    assert_eq!(
        sentences(&page)[..5],
        [
            "The access of an app was ended.",
            "An app gave back a token that it had for you.",
            "An app was allowed to act for you.",
            "An attempt to sign in to your account was refused.",
            "A sign-in with your password.",
        ]
    );
    for part in ["198.51.100.9", "203.0.113.7", "<bdi>Clock</bdi>"] {
        assert!(page.body.contains(part), "{part}");
    }
    // And to nobody else.
    let bob = site.user("bob").await.signed_in().await;
    assert!(!history(&bob).await.body.contains("Clock"));
}

/// A device is in our words, and has the direction of the page.
#[tokio::test]
async fn a_device_reads_in_the_direction_of_the_page() {
    let site = Site::open().await;
    let alice = site.user("alice").await.with_password().await;
    let detail = "password Chrome on Linux".to_owned();
    let event = site
        .app
        .event("session.started", site.world.now(), alice_at(&alice));
    let event = Event { detail, ..event };
    site.app.store.record(event).await.unwrap();
    let alice = alice.signed_in().await;
    alice.post("/account/details", &[("locale", "ar")]).await;
    let page = alice.get("/account/history").await;
    assert!(
        page.body.contains("<p>Chrome على Linux</p>"),
        "{}",
        page.body
    );
}

/// Theft is what a user has to know of.
#[tokio::test]
async fn a_replay_is_told_to_whom_it_concerns() {
    let (_, alice, clock) = scene().await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    clock.exchange(&code).await;
    clock.exchange(&code).await;
    let page = history(&alice).await;
    assert!(
        sentences(&page)[0].contains("used twice"),
        "{:?}",
        sentences(&page)
    );
}

#[tokio::test]
async fn the_operator_is_named_as_such() {
    let (site, alice, _) = scene().await;
    for (user, address) in [(None, "command line"), (Some(7), "192.0.2.1")] {
        let actor = Actor {
            user,
            address: Some(address.into()),
            ..Actor::default()
        };
        let event = site.app.event("account.enabled", site.world.now(), actor);
        let event = Event {
            user: Some(alice.id),
            ..event
        };
        site.app.store.record(event).await.unwrap();
    }
    let page = history(&alice).await;
    assert_eq!(page.body.matches("by the operator").count(), 2);
    assert!(!page.body.contains("command line") && !page.body.contains("192.0.2.1"));
}

#[tokio::test]
async fn every_event_is_on_one_page() {
    let (site, alice, _) = scene().await;
    for number in 0..120 {
        let actor = alice_at(&alice);
        let event = site.app.event("token.created", site.world.now(), actor);
        let event = Event {
            detail: format!("number {number}."),
            ..event
        };
        site.app.store.record(event).await.unwrap();
    }
    let (mut found, mut pages) = (Vec::new(), 1);
    let mut page = history(&alice).await;
    loop {
        let numbers = page.body.split("<bdi>number ").skip(1);
        found.extend(numbers.map(|it| it.split('.').next().unwrap().to_owned()));
        let Some(earlier) = page.between("href=\"/account/history?before=", "\"") else {
            break;
        };
        page = alice
            .get(&format!("/account/history?before={earlier}"))
            .await;
        pages += 1;
    }
    assert_eq!((found.len(), pages), (120, 3));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 120);
    assert_eq!((&*found[0], &*found[119]), ("119", "0"), "newest first");
    let end = alice.get("/account/history?before=0").await;
    assert!(end.body.contains("Nothing earlier"));
    for cursor in ["x", "1%20OR%201", "9223372036854775808"] {
        let page = alice
            .get(&format!("/account/history?before={cursor}"))
            .await;
        assert_eq!(page.code(), 404, "{cursor}");
    }
}

fn alice_at(alice: &Person) -> Actor {
    Actor {
        user: Some(alice.id),
        ..Actor::default()
    }
}

/// Whoever failed to get in is not said to be the user.
#[tokio::test]
async fn a_refused_login_has_no_actor() {
    let (site, alice, _) = scene().await;
    let alice = alice.with_password().await;
    alice
        .elsewhere()
        .log_in(&alice.email, "a wrong guess")
        .await;
    let store = &site.app.store;
    let newest = store
        .events_of(alice.id, i64::MAX, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (newest.kind.as_str(), newest.actor),
        ("login.refused", None)
    );
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        303
    );
}
