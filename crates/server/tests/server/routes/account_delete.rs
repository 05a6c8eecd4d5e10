//! `/account/export` and `/account/delete`.

use super::scene;
use crate::support::{Site, mailing, verified};
use grantor_protocol::time::Millis;

#[tokio::test]
async fn all_that_is_kept_is_taken_along_but_no_secret() {
    let (site, alice, clock) = scene().await;
    alice.connect(&clock).await;
    let personal = alice.token("default", "30").await;
    let own = site.app("Sundial").of(&alice).await;
    alice
        .post("/account/details", &[("nickname", "Lice")])
        .await;
    let reply = alice.get("/account/export").await;
    assert_eq!(reply.code(), 200);
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"account.json\""
    );
    let all = reply.json();
    for (path, is) in [
        ("/account/email", alice.email.as_str()),
        ("/account/details/nickname", "Lice"),
        ("/authorizations/0/app/name", "Clock"),
        ("/personal_access_tokens/0/scopes/0", "default"),
        ("/apps/0/name", "Sundial"),
        ("/sessions/0/address", "203.0.113.7"),
    ] {
        assert_eq!(
            all.pointer(path).and_then(|it| it.as_str()),
            Some(is),
            "{path} in {all:#}"
        );
    }
    let ways = serde_json::json!({
        "passkeys": [], "authenticator_app": null, "recovery_codes_left": 0, "accounts_elsewhere": [],
    });
    assert_eq!(all["ways_to_sign_in"], ways);
    let history = all["history"].as_array().unwrap();
    let kinds: Vec<_> = history
        .iter()
        .filter_map(|it| it["kind"].as_str())
        .collect();
    for kind in ["consent.granted", "token.created", "account.edited"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    let secret = own.secret.clone().unwrap();
    for secret in [&personal, &secret] {
        assert!(!reply.body.contains(secret.as_str()));
    }
    assert!(!reply.body.contains("$argon2"), "a hash");
    site.pass(Millis::minutes(11));
    assert_eq!(
        alice.get("/account/export").await.code(),
        303,
        "she proves who she is first"
    );
}

#[tokio::test]
async fn an_account_ends_with_everything_that_hangs_from_it() {
    let (site, alice, clock) = scene().await;
    let (bob, alice) = (
        site.user("bob").await.signed_in().await,
        alice.with_password().await.signed_in().await,
    );
    let own = site.app("Sundial").of(&alice).await;
    let (connected, hers) = (alice.connect(&clock).await, bob.connect(&own).await);
    let personal = alice.token("default", "30").await;
    let page = alice.get("/account/delete").await;
    for sentence in [
        "connected one: 1.",
        "access at once: 1.",
        "working at once: 1.",
    ] {
        assert!(page.body.contains(sentence), "{sentence}");
    }
    for typed in ["", "alice", "bob@example.org"] {
        let reply = alice.post("/account/delete", &[("confirm", typed)]).await;
        assert_eq!(reply.code(), 422, "{typed}");
    }
    let reply = alice
        .post("/account/delete", &[("confirm", &alice.email)])
        .await;
    assert_eq!((reply.code(), reply.location()), (303, "/?done=deleted"));
    assert!(
        alice
            .get("/?done=deleted")
            .await
            .body
            .contains("The account was deleted.")
    );
    assert!(!alice.is_signed_in().await);
    for token in [&connected.access, &personal, &hers.access] {
        assert_eq!(site.api(token, "/users/me").await.code(), 401);
    }
    assert_eq!(clock.refresh(&connected.refresh).await.code(), 400);
    assert_eq!(
        own.refresh(&hers.refresh).await.code(),
        401,
        "her app is gone"
    );
    assert!(bob.is_signed_in().await);
    assert!(!bob.get("/authorizations").await.body.contains("Sundial"));
    let again = site.user("alice").await.signed_in().await;
    assert_ne!(again.id, alice.id, "another account at the same address");
    assert!(!again.get("/account/history").await.body.contains("Clock"));
}

/// The last mail, in her language, though nobody knows any more which that was.
#[tokio::test]
async fn whose_account_ends_is_told() {
    let site = mailing().await;
    let alice = verified(&site).await;
    let german = [("locale", "de")];
    assert_eq!(alice.post("/account/details", &german).await.code(), 303);
    let confirmed = [("confirm", &*alice.email)];
    assert_eq!(alice.post("/account/delete", &[]).await.code(), 422);
    assert!(site.mails().await.is_empty());
    let reply = alice.post("/account/delete", &confirmed).await;
    assert_eq!(reply.location(), "/?done=deleted");
    let mail = site.mail().await;
    let told = (
        mail.to(),
        mail.text.contains("Niemand kann es wiederherstellen"),
    );
    assert_eq!(told, (&*alice.email, true));
}

#[tokio::test]
async fn the_only_administrator_cannot_leave() {
    let site = Site::open().await;
    let alice = site.user("alice").await;
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let made = database.execute("UPDATE users SET admin_at = 1", []);
    assert_eq!(made.unwrap(), 1);
    let alice = alice.signed_in().await;
    let leave = [("confirm", alice.email.as_str())];
    let reply = alice.post("/account/delete", &leave).await;
    assert_eq!(reply.code(), 422);
    assert!(reply.body.contains("You are the only administrator."));
    assert!(alice.is_signed_in().await);
}
