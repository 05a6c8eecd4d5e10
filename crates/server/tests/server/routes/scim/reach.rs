//! Whom a directory reaches, what it takes away, and what it cannot.

use super::{Directory, USER, admin};
use crate::support::{Call, Person, Site};
use serde_json::json;

#[tokio::test]
async fn only_an_administrator_and_only_while_she_is_one() {
    let site = Site::open().await;
    let ops = admin(&site).await;
    let bob = site.user("bob").await.signed_in().await;
    let fields = [
        ("description", "a script"),
        ("scope", "scim"),
        ("expires_in", "30"),
    ];
    assert_eq!(
        bob.post("/tokens", &fields).await.code(),
        422,
        "no scope of his"
    );
    assert!(!bob.get("/tokens").await.body.contains("SCIM"));
    let token = ops.token("scim", "30").await;
    let other = ops.token("default", "30").await;
    let users = async |token: &str| {
        let call = Call::get("/api/1.0/scim/v2/Users").bearer(token);
        site.send(call).await
    };
    assert_eq!(users(&token).await.code(), 200);
    assert_eq!(users(&other).await.code(), 403);
    assert_eq!(
        site.api(&token, "/users/me").await.code(),
        403,
        "and nothing else"
    );
    let clock = site.app("Clock").of(&ops).await;
    let refused = ops
        .decide(&clock.ask().with("scope", "scim"), "allow")
        .await;
    assert_eq!(refused.sent("error").as_deref(), Some("invalid_scope"));

    let database = rusqlite::Connection::open(site.database()).unwrap();
    let unset = "UPDATE users SET admin_at = NULL WHERE id = ?1";
    database.execute(unset, [ops.id]).unwrap();
    let reopened = site.reopened(|_| ()).await;
    let call = Call::get("/api/1.0/scim/v2/Users").bearer(&token);
    let refused = reopened.send(call).await;
    assert_eq!(refused.code(), 403, "an administrator no more");
    assert_eq!(
        refused.json()["schemas"][0],
        "urn:ietf:params:scim:api:messages:2.0:Error"
    );
    assert!(
        refused
            .header("www-authenticate")
            .contains("insufficient_scope")
    );
}

/// By whatever rules a value came in, it keeps nobody in.
#[tokio::test]
async fn an_old_value_keeps_nobody_from_being_deactivated() {
    let mut directory = Directory::new().await;
    let site = directory.site.clone();
    let id = Person::made_by_operator(&site, "alice@example.org").await;
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let old = r#"{"zoneinfo":"Mars","locale":"x-klingon"}"#;
    let set = "UPDATE users SET profile = ?2 WHERE id = ?1";
    assert_eq!(database.execute(set, (id, old)).unwrap(), 1);
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    let reply = directory.patch(&id.to_string(), off).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    assert_eq!(reply.json()["active"], false);
}

/// What a directory takes away ends at once, and what it says of others is recorded.
#[tokio::test]
async fn who_is_deactivated_is_out_and_who_is_deleted_is_gone() {
    let mut directory = Directory::new().await;
    let site = directory.site.clone();
    let id = Person::made_by_operator(&site, "alice@example.org").await;
    let alice = Person::again(&site, "alice", id).await;
    let token = alice.token("default", "30").await;
    let id = id.to_string();
    let active = |active: bool| json!([{"op": "replace", "path": "active", "value": active}]);
    assert_eq!(directory.patch(&id, active(false)).await.code(), 200);
    assert!(!alice.is_signed_in().await);
    assert_eq!(site.api(&token, "/users/me").await.code(), 401);
    assert_eq!(directory.patch(&id, active(true)).await.code(), 200);
    assert_eq!(site.api(&token, "/users/me").await.code(), 200);
    assert_eq!(
        directory
            .ask("DELETE", &format!("/Users/{id}"), None)
            .await
            .code(),
        204
    );
    assert_eq!(site.api(&token, "/users/me").await.code(), 401);
    for method in ["GET", "DELETE"] {
        assert_eq!(
            directory
                .ask(method, &format!("/Users/{id}"), None)
                .await
                .code(),
            404
        );
    }
    let again = directory.add("alice@example.org").await;
    assert_ne!(again, id);
    let events = site
        .app
        .store
        .events_of(alice.id, i64::MAX, 100)
        .await
        .unwrap();
    let kinds: Vec<_> = events
        .iter()
        .rev()
        .map(|event| event.kind.as_str())
        .collect();
    for kind in ["account.disabled", "account.enabled", "user.deleted"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

/// Whoever made an account with an address that nobody had verified keeps nothing of it, once
/// the directory says whose it is.
#[tokio::test]
async fn who_caught_an_address_before_loses_it() {
    let mut directory = Directory::new().await;
    let site = directory.site.clone();
    let mallory = site.user("ada").await.with_password().await;
    let mallory = mallory.signed_in().await;
    let token = mallory.token("default", "30").await;
    let named = json!([{"op": "replace", "path": "displayName", "value": "Ada Lovelace"}]);
    let reply = directory.patch(&mallory.id.to_string(), named).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    assert!(!mallory.is_signed_in().await);
    assert_eq!(site.api(&token, "/users/me").await.code(), 401);
    let store = &site.app.store;
    assert_eq!(store.password_of(mallory.id).await.unwrap(), None);
    assert!(
        store
            .user(mallory.id)
            .await
            .unwrap()
            .unwrap()
            .email_verified
    );
    let events = store.events_of(mallory.id, i64::MAX, 100).await.unwrap();
    assert!(events.iter().any(|event| event.kind == "address.verified"));
}

/// A stolen token of a directory must not become one of whoever answers for the operator.
#[tokio::test]
async fn who_has_a_role_is_not_changed() {
    let mut directory = Directory::new().await;
    let sam = directory.add("sam@example.org").await;
    let database = rusqlite::Connection::open(directory.site.database()).unwrap();
    let set = "UPDATE users SET support_at = created_at WHERE id = ?1";
    assert_eq!(database.execute(set, [&sam]).unwrap(), 1);
    // Before the server knows: the change itself asks.
    let deactivated = json!([{"op": "replace", "path": "active", "value": false}]);
    let reply = directory.patch(&sam, deactivated.clone()).await;
    assert!([403, 404].contains(&reply.code()), "{}", reply.code());
    directory.site = directory.site.reopened(|_| ()).await;
    assert_eq!(directory.patch(&sam, deactivated).await.code(), 403);

    let all = directory
        .search("filter=userName eq \"ops@example.org\"&attributes=id")
        .await;
    assert_eq!(all, ["-"]);
    let ops = directory
        .site
        .app
        .store
        .person_by_user_name("ops@example.org")
        .await;
    let id = ops.unwrap().unwrap().user.id.to_string();
    let before = directory.site.contents();
    let password = json!([{"op": "add", "path": "password", "value": "vier Wörter und mehr"}]);
    assert_eq!(directory.patch(&id, password).await.code(), 403);
    assert_eq!(
        directory
            .ask("DELETE", &format!("/Users/{id}"), None)
            .await
            .code(),
        403
    );
    let put = json!({"schemas": [USER], "userName": "mallory@example.org"});
    assert_eq!(
        directory
            .ask("PUT", &format!("/Users/{id}"), Some(put))
            .await
            .code(),
        403
    );
    let people = |contents: &str| -> Vec<String> {
        let rows = contents.lines().filter(|line| line.starts_with("users "));
        rows.map(str::to_owned).collect()
    };
    assert_eq!(people(&directory.site.contents()), people(&before));
}
