//! `POST /-/oauth_introspect` (RFC 7662).

use super::scene;
use crate::support::{ISSUER, Person, Site};
use grantor_protocol::time::Millis;
use serde_json::json;

#[tokio::test]
async fn an_app_sees_its_own_tokens() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let now = site.world.now().seconds();
    let access = json!({
        "active": true,
        "scope": "default",
        "sub": alice.id.to_string(),
        "iss": ISSUER,
        "token_type": "bearer",
        "client_id": clock.client_id(),
        "iat": now,
        "exp": now + 3600,
    });
    assert_eq!(clock.introspect(&tokens.access).await.json(), access);
    let refresh = json!({
        "active": true,
        "scope": "default",
        "sub": alice.id.to_string(),
        "iss": ISSUER,
        "token_type": "refresh",
        "client_id": clock.client_id(),
        "exp": now + 180 * 86_400,
    });
    assert_eq!(clock.introspect(&tokens.refresh).await.json(), refresh);
}

/// Nothing is said of other apps' tokens, and of a user's own ones, but to the API's
/// backend.
#[tokio::test]
async fn others_see_only_that_it_is_not_theirs() {
    let (site, alice, clock) = scene().await;
    let dora = site.user("dot").await;
    let other = site.app("Other").of(&dora).await;
    let backend = site.app("Backend").resource_server().of(&dora).await;
    let tokens = alice.connect(&clock).await;
    let personal = alice.token("email", "30").await;
    let inactive = json!({"active": false});
    for token in [&tokens.access, &tokens.refresh, &personal, "gr_at_unknown"] {
        assert_eq!(other.introspect(token).await.json(), inactive);
    }
    assert_eq!(clock.introspect(&personal).await.json(), inactive);
    assert_eq!(
        backend.introspect(&tokens.access).await.json()["active"],
        true
    );
    let said = backend.introspect(&personal).await.json();
    assert_eq!(
        (&said["active"], &said["scope"]),
        (&json!(true), &json!("email"))
    );
    assert!(said.get("client_id").is_none());
}

/// On the wire it looks like any other token; the app's owner reads what she can do.
#[tokio::test]
async fn the_request_log_says_why_a_token_was_not_active() {
    let (site, alice, clock) = scene().await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let page = format!("/apps/{}/requests", clock.id);
    let says = "only a resource server does";
    let tokens = alice.connect(&clock).await;
    clock.introspect(&tokens.access).await;
    assert!(!dora.get(&page).await.body.contains(says));
    let personal = alice.token("email", "30").await;
    let answers = [&*personal, "gr_pat_unknown"].map(|token| clock.introspect(token));
    for answer in answers {
        assert_eq!(answer.await.json(), json!({"active": false}));
    }
    let log = dora.get(&page).await.body;
    assert!(log.contains(says) && log.contains("2 times"), "{log}");
    assert_eq!(log.matches("Introspection").count(), 1, "no oracle: {log}");
}

/// RFC 7662 §2.1: whoever proves nothing may not try tokens out.
#[tokio::test]
async fn a_public_app_may_not_ask() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let tokens = alice.connect(&page).await;
    let reply = page.introspect(&tokens.access).await;
    assert_eq!(
        (reply.code(), &*reply.member("error")),
        (401, "invalid_client")
    );
}

/// What an app may know nothing of, it cannot ask about for ever; a resource server may,
/// and what is its own is always answered.
#[tokio::test]
async fn misses_are_throttled_by_app() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let key = format!("introspect:{}", clock.id);
    for _ in 0..600 {
        let (length, now) = (Millis::minutes(1), site.world.now());
        site.app.store.hit(&key, length, now).await.unwrap();
    }
    assert_eq!(clock.introspect("gr_at_unknown").await.code(), 429);
    assert_eq!(
        clock.introspect(&tokens.access).await.json()["active"],
        true
    );
    let backend = site.app("Backend").resource_server().of(&alice).await;
    assert_eq!(backend.introspect("gr_at_unknown").await.code(), 200);
}
