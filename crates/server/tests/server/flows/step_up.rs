//! Before something delicate the user proves again who she is, and loses nothing.

use crate::support::{PASSWORD, STALE, Site};

#[tokio::test]
async fn what_was_typed_comes_back() {
    let site = Site::open().await;
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    site.pass(STALE);
    site.transcript.start();
    let fields = [
        ("description", "backup & restore"),
        ("scope", "email"),
        ("expires_in", "30"),
    ];
    let confirm = alice.post("/tokens", &fields).await;
    let page = alice.get(confirm.location()).await;
    assert!(page.body.contains("readonly"));
    let to = confirm.sent("return_to").unwrap();
    let back = alice.log_in_to(&to, &alice.email, PASSWORD).await;
    let page = alice.get(back.location()).await;
    assert!(page.body.contains("value=\"backup &#38; restore\""));
    let reply = alice.post("/tokens", &fields).await;
    assert_eq!(reply.code(), 201);
    insta::assert_snapshot!(site.transcript.text());
}

/// Whoever sits at an open browser without the password gets no further.
#[tokio::test]
async fn the_wrong_password_changes_nothing() {
    let site = Site::open().await;
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    site.pass(STALE);
    let before = alice.session_cookie();
    let wrong = alice
        .log_in_to("/tokens", &alice.email, "not the password")
        .await;
    assert_eq!(wrong.code(), 401);
    assert_eq!(alice.session_cookie(), before);
    let fields = [
        ("description", "x"),
        ("scope", "email"),
        ("expires_in", "30"),
    ];
    let reply = alice.post("/tokens", &fields).await;
    assert_eq!(reply.brief(), "303 confirm");
    let tokens = site.app.store.personal_tokens_of(alice.id).await.unwrap();
    assert!(tokens.is_empty());
}
