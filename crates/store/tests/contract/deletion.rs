//! The end of an account: what goes with it, what stays, and who is faster.

use crate::{
    actors::{Pair, approved_in, form, new_app, new_pat, new_session, new_user},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::client::ClientKind;
use grantor_store::{
    Error, Store,
    apps::App,
    audit::{Actor, Event},
    deletion::Deleted,
    grants::Approve,
};
use std::sync::Arc;

/// Tables with a column that names a user, and what becomes of her rows.
const NAMING: [(&str, &str); 17] = [
    ("provisioned", "removed"),
    ("mails", "sent, or given up within days"),
    ("identities", "removed"),
    ("places", "removed"),
    ("user_links", "removed"),
    ("apps", "deleted, and blank"),
    ("grants", "ended, and swept"),
    ("codes", "swept within a day"),
    ("families", "swept with their time"),
    ("personal_access_tokens", "removed"),
    ("sessions", "ended, blank, and swept"),
    ("logins", "the outbox of logouts, swept with the sessions"),
    ("initial_access_tokens", "removed"),
    ("totp", "removed"),
    ("recovery_codes", "removed"),
    ("passkeys", "removed"),
    (
        "audit_events",
        "kept for the time that the operator says, under a number",
    ),
];

/// Whoever adds a table about users says what becomes of it when one leaves, here and in
/// `deletion.rs`.
#[tokio::test]
async fn every_table_that_names_a_user_is_thought_of() {
    let db = Db::sqlite().await;
    let raw = db.raw();
    let sql = "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name IN ('user_id', 'owner_id', 'actor_id')";
    let mut statement = raw.prepare(sql).unwrap();
    let there = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    for table in there {
        let table = table.unwrap();
        assert!(NAMING.iter().any(|(known, _)| *known == table), "{table}");
    }
}

/// Allows an app of another's something at the browser of this session.
async fn approve(store: &Store, app: &App, (user, session): (i64, i64)) {
    let approved = approved_in(session, (app, user), "default", None);
    let step = Approve {
        approved: &approved,
        grant: new_id(),
        scopes: &approved.request.scopes,
        code: None,
    };
    let actor = Actor {
        session: Some(session),
        ..Actor::default()
    };
    match store.approve(&step, Event { actor, ..event() }).await {
        Ok(_) | Err(Error::SessionEnded) => {}
        Err(other) => panic!("{other:?}"),
    }
}

contract! {
    async fn what_is_hers_goes_with_her(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let hers = db.app(alice, ClientKind::Confidential).await;
        let his = db.app(bob, ClientKind::Confidential).await;
        let pair = |user, app: &Arc<App>| Pair { user, app: app.clone() };
        let kept = db.connect(&pair(bob, &his)).await.grant;
        db.connect(&pair(bob, &hers)).await;
        db.connect(&pair(alice, &his)).await;
        db.session(alice).await;
        let pat = new_pat(alice, 9);
        assert!(db.store.add_personal_token(&pat, event()).await.unwrap());
        let other = db.other().await;
        assert!(other.personal_token(pat.id, &pat.digest).await.unwrap().is_some());
        assert!(other.app(hers.client.id).await.unwrap().is_some());
        assert_eq!(db.store.delete_user(alice, None, event_at(after(5))).await.unwrap(), Deleted::Done);
        for store in [&db.store, &other] {
            // The other node reads the feed.
            store.ping().await.unwrap();
            assert!(store.user(alice).await.unwrap().unwrap().disabled);
            assert!(store.user_by_email("alice@example.org").await.unwrap().is_none());
            assert!(store.app(hers.client.id).await.unwrap().is_none());
            assert!(store.app(his.client.id).await.unwrap().is_some());
            assert!(store.personal_token(pat.id, &pat.digest).await.unwrap().is_none());
            assert!(store.sessions_of(alice, NOW).await.unwrap().is_empty());
            assert!(store.grants_of(alice).await.unwrap().is_empty());
            let grants = store.grants_of(bob).await.unwrap();
            assert_eq!(grants.iter().map(|it| it.id).collect::<Vec<_>>(), [kept]);
        }
        let left = db.contents().await.join("\n");
        for word in ["alice", "cron", "Firefox"] {
            assert!(!left.contains(word), "{word} is left in\n{left}");
        }
        assert!(left.contains("hash of bob"));
        let users = db.store.users(0, 10).await.unwrap();
        assert!(users.iter().all(|user| user.id == bob), "she is in no list");
        let again = db.untouched(db.store.delete_user(alice, None, event())).await;
        assert_eq!(again.unwrap(), Deleted::Gone);
        assert!(db.store.enable_user(alice, event()).await.is_err(), "nobody comes back");
        assert!(db.store.add_user(&new_user("alice"), event()).await.unwrap(), "her address is free");
    }

    async fn the_only_administrator_stays(db) {
        let mut admins = Vec::new();
        for name in ["ann", "ben"] {
            let mut admin = new_user(name);
            admin.admin = true;
            db.store.add_user(&admin, event()).await.unwrap();
            admins.push(admin.id);
        }
        let answers = race(2, |number| {
            let (store, admin) = (db.store.clone(), admins[number]);
            async move { store.delete_user(admin, None, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &Deleted::Done), 1, "{answers:?}");
        assert_eq!(count(&answers, &Deleted::OnlyAdministrator), 1);
        assert!(db.store.has_administrator().await.unwrap());
    }

    /// Whatever is added at the same moment is refused, or goes with her.
    async fn nobody_adds_to_an_account_that_ends(db) {
        let bob = db.user("bob").await;
        let app = db.app(bob, ClientKind::Confidential).await;
        for round in 0..20 {
            let alice = db.user(&format!("alice{round}")).await;
            let session = db.session(alice).await.id;
            race(5, |number| {
                let (store, app) = (db.store.clone(), app.clone());
                async move {
                    let form = form(ClientKind::Confidential);
                    match number {
                        0 => assert_eq!(store.delete_user(alice, None, event()).await.unwrap(), Deleted::Done),
                        1 => drop(store.add_personal_token(&new_pat(alice, 9), event()).await.unwrap()),
                        2 => drop(store.add_app(&new_app(alice, &form), event()).await.unwrap()),
                        3 => drop(store.add_session(&new_session(alice), event()).await.unwrap()),
                        _ => approve(&store, &app, (alice, session)).await,
                    }
                }
            }).await;
            for sql in [
                "SELECT COUNT(*) FROM personal_access_tokens WHERE user_id = {}",
                "SELECT COUNT(*) FROM apps WHERE owner_id = {} AND deleted_at IS NULL",
                "SELECT COUNT(*) FROM sessions WHERE user_id = {} AND ended_at IS NULL",
                "SELECT COUNT(*) FROM grants WHERE user_id = {} AND ended_at IS NULL",
            ] {
                let sql = sql.replace("{}", &alice.to_string());
                assert_eq!(db.number(&sql).await, 0, "round {round}: {sql}");
            }
        }
    }
}
