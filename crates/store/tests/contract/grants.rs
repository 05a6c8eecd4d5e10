use crate::{
    actors::{Pair, approved, approved_in, decide_code, digest, new_code, new_session, scopes},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    client::ClientKind::{Confidential, Native},
    scope::ScopeSet,
    secret::Digest,
};
use grantor_store::{
    Error, Store,
    grants::{Approve, Recalled},
    sessions::NewSession,
};

async fn approve(store: &Store, pair: &Pair, scope: &str, all: &ScopeSet) -> Option<i64> {
    let approved = approved(&pair.app, pair.user, scope, None);
    let step = Approve {
        approved: &approved,
        grant: new_id(),
        scopes: all,
        code: Some(new_code()),
    };
    store.approve(&step, event_at(after(1))).await.unwrap()
}

async fn live(db: &Db, pair: &Pair) -> Vec<(i64, String)> {
    let grants = db.store.grants_of(pair.user).await.unwrap();
    grants
        .iter()
        .map(|it| (it.id, it.scopes.to_string()))
        .collect()
}

contract! {
    async fn an_approval_makes_a_grant_and_a_code(db) {
        let pair = db.pair(Native).await;
        assert!(db.store.approval(pair.user, pair.app_id()).await.unwrap().is_none());
        let (grant, code) = db.code(&pair).await;
        let approval = db.store.approval(pair.user, pair.app_id()).await.unwrap().unwrap();
        assert_eq!((approval.grant, approval.scopes.as_str(), approval.approved), (grant, "default email", after(1)));
        let (found, standing) = db.store.code(code, &digest(&format!("code {code}")), NOW).await.unwrap().unwrap();
        assert_eq!((found.id, found.user, found.app, found.grant), (code, pair.user, pair.app_id(), grant));
        assert_eq!((found.scopes.as_str(), found.expires, found.used), ("default email", after(60_000), false));
        assert!(found.challenge.is_some() && !standing.grant_ended && !standing.user_disabled);
        let mine = db.store.grants_of(pair.user).await.unwrap();
        assert_eq!((mine[0].id, mine[0].app, mine[0].created, mine[0].last_used), (grant, pair.app_id(), after(1), None));
    }

    async fn a_second_approval_widens_the_first(db) {
        let pair = db.pair(Native).await;
        let first = approve(&db.store, &pair, "default", &scopes("default")).await.unwrap();
        let again = approve(&db.store, &pair, "email", &scopes("default email")).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(live(db, &pair).await, [(first, "default email".into())]);
    }

    /// Another grant begins with what was asked, whatever the ended one allowed.
    async fn what_was_ended_meanwhile_is_not_allowed_again(db) {
        let pair = db.pair(Native).await;
        let first = approve(&db.store, &pair, "default", &scopes("default")).await.unwrap();
        assert!(db.store.end_grant(first, pair.user, event()).await.unwrap());
        let second = approve(&db.store, &pair, "email", &scopes("default email")).await.unwrap();
        assert_ne!(first, second);
        assert_eq!(live(db, &pair).await, [(second, "email".into())]);
    }

    async fn an_ended_app_or_user_gets_no_approval(db) {
        let pair = db.pair(Native).await;
        let (all, bob) = (scopes("default"), db.user("bob").await);
        let hers = Pair { user: bob, app: pair.app.clone() };
        db.store.disable_user(bob, event()).await.unwrap();
        assert_eq!(db.untouched(approve(&db.store, &hers, "default", &all)).await, None);
        db.store.enable_user(bob, event()).await.unwrap();
        db.store.delete_app(pair.app_id(), pair.user, event()).await.unwrap();
        assert_eq!(db.untouched(approve(&db.store, &hers, "default", &all)).await, None);
    }

    async fn the_implicit_flow_stores_no_code(db) {
        let pair = db.pair(Native).await;
        let approved = approved(&pair.app, pair.user, "default", None);
        let step = Approve { approved: &approved, grant: new_id(), scopes: &approved.request.scopes, code: None };
        assert_eq!(db.store.approve(&step, event()).await.unwrap(), Some(step.grant));
        assert_eq!(db.number("SELECT COUNT(*) FROM codes").await, 0);
    }

    async fn a_remembered_approval_gives_codes_until_it_ends(db) {
        let pair = db.pair(Confidential).await;
        let grant = approve(&db.store, &pair, "default email", &scopes("default email")).await.unwrap();
        let approval = db.store.approval(pair.user, pair.app_id()).await.unwrap().unwrap();
        let remembered = approved(&pair.app, pair.user, "default", Some(&approval));
        assert_eq!(remembered.remembered, Some(grant));
        let code = new_code();
        assert!(db.store.add_code(&remembered, &code, None, NOW).await.unwrap());
        let issued = decide_code(&db.store, &pair.app, code.id).await.unwrap();
        assert_eq!((issued.grant, issued.scopes.as_str()), (grant, "default"));
        // A session that ended meanwhile gets none.
        let refused = db.untouched(db.store.add_code(&remembered, &new_code(), Some(new_id()), NOW)).await;
        assert!(matches!(refused, Err(Error::SessionEnded)));
        db.store.end_grant(grant, pair.user, event()).await.unwrap();
        assert!(!db.untouched(db.store.add_code(&remembered, &new_code(), None, NOW)).await.unwrap());
        // A narrower approval that came since does not carry the older, wider one.
        approve(&db.store, &pair, "email", &scopes("email")).await.unwrap();
        assert!(!db.untouched(db.store.add_code(&remembered, &new_code(), None, NOW)).await.unwrap());
    }

    /// What is remembered need not be so any more: the write finds out.
    async fn a_code_by_memory_is_refused_when_anything_it_relies_on_is_gone(db) {
        let owner = db.user("owner").await;
        let other = db.other().await;
        for end in ["nothing", "session", "secret", "approval", "scopes", "user", "app"] {
            let pair = Pair { user: db.user(end).await, app: db.app(owner, Confidential).await };
            let new = db.session(pair.user).await;
            approve(&db.store, &pair, "default email", &scopes("default email")).await.unwrap();
            db.store.session(new.id, &new.digest).await.unwrap().unwrap();
            db.store.approval(pair.user, pair.app_id()).await.unwrap().unwrap();
            match end {
                "session" => assert!(other.end_session(new.id, pair.user, event()).await.unwrap()),
                "secret" => {
                    let next = NewSession { id: new.id, ..new_session(pair.user) };
                    assert!(other.renew_session(&next, event()).await.unwrap());
                }
                "approval" | "scopes" => {
                    let grant = other.approval(pair.user, pair.app_id()).await.unwrap().unwrap().grant;
                    assert!(other.end_grant(grant, pair.user, event()).await.unwrap());
                }
                "user" => assert!(other.disable_user(pair.user, event()).await.unwrap()),
                "app" => assert!(other.suspend_app(pair.app_id(), "abuse", event()).await.unwrap()),
                _ => {}
            }
            if end == "scopes" {
                // The same grant would do, but not what was asked under the former one.
                db.execute(&format!("UPDATE grants SET ended_at = NULL, scopes = 'email', approved_at = approved_at + 1
                    WHERE user_id = {}", pair.user)).await;
            }
            let session = db.store.recall_session(new.id, &new.digest).unwrap();
            let approval = db.store.recall_approval(pair.user, pair.app_id()).unwrap();
            let approved = approved_in(new.id, (&pair.app, pair.user), "default", Some(&approval));
            let recalled = Recalled { session: &session, approval: &approval };
            let code = new_code();
            let add = db.store.add_code_by_memory(&approved, &code, &recalled);
            if end == "nothing" {
                assert!(add.await.unwrap());
                decide_code(&db.store, &pair.app, code.id).await.unwrap();
            } else {
                assert!(!db.untouched(add).await.unwrap(), "{end}");
            }
        }
    }

    /// A secret that was replaced opens nothing by memory, nor does a guess.
    async fn a_session_is_recalled_by_its_secret_until_it_ends(db) {
        let user = db.user("alice").await;
        let new = db.session(user).await;
        let recall = |digest: &Digest| db.store.recall_session(new.id, digest).is_some();
        assert!(!recall(&new.digest), "nobody has read it");
        db.store.session(new.id, &new.digest).await.unwrap().unwrap();
        assert!(recall(&new.digest) && !recall(&digest("a guess")));
        assert!(db.store.end_session(new.id, user, event()).await.unwrap());
        assert!(!recall(&new.digest));
    }

    /// Many at once share commits; one that cannot be written costs the others nothing.
    async fn a_code_that_cannot_be_stored_fails_alone(db) {
        let pair = std::sync::Arc::new(db.pair(Confidential).await);
        approve(&db.store, &pair, "default", &scopes("default")).await.unwrap();
        let approval = db.store.approval(pair.user, pair.app_id()).await.unwrap().unwrap();
        let remembered = std::sync::Arc::new(approved(&pair.app, pair.user, "default", Some(&approval)));
        let taken = new_code();
        let id = taken.id;
        assert!(db.store.add_code(&remembered, &taken, None, NOW).await.unwrap());
        for _ in 0..10 {
            let answers = race(40, |number| {
                let (store, approved) = (db.store.clone(), remembered.clone());
                async move {
                    let mut code = new_code();
                    if number % 20 == 7 {
                        code.id = id;
                    }
                    (number, store.add_code(&approved, &code, None, NOW).await)
                }
            }).await;
            for (number, answer) in answers {
                match number % 20 {
                    7 => assert!(matches!(answer, Err(Error::Statement { .. })), "{answer:?}"),
                    _ => assert!(answer.unwrap()),
                }
            }
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM codes").await, 2 + 10 * 38);
    }

    async fn a_grant_is_ended_by_its_user_once(db) {
        let pair = db.pair(Native).await;
        let (grant, bob) = (db.connect(&pair).await.grant, db.user("bob").await);
        assert!(!db.untouched(db.store.end_grant(grant, bob, event())).await.unwrap());
        assert!(!db.untouched(db.store.end_grant(new_id(), pair.user, event())).await.unwrap());
        let answers = race(20, |_| {
            let (store, user) = (db.store.clone(), pair.user);
            async move { store.end_grant(grant, user, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert!(live(db, &pair).await.is_empty());
        assert!(db.store.approval(pair.user, pair.app_id()).await.unwrap().is_none());
    }

    async fn parallel_approvals_share_one_grant(db) {
        let pair = std::sync::Arc::new(db.pair(Native).await);
        let other = db.other().await;
        let grants = race(40, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            let pair = pair.clone();
            async move { approve(&store, &pair, "default", &scopes("default")).await }
        }).await;
        assert!(grants[0].is_some() && grants.iter().all(|grant| *grant == grants[0]));
        assert_eq!(db.number("SELECT COUNT(*) FROM grants").await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM codes").await, 40);
    }

    /// Whatever the order, nothing usable is left.
    async fn approvals_racing_the_end_of_user_or_app(db) {
        let owner = db.user("owner").await;
        for round in 0..60 {
            let user = db.user(&format!("user{round}")).await;
            let pair = std::sync::Arc::new(Pair { user, app: db.app(owner, Native).await });
            let codes = race(6, |number| {
                let (store, pair) = (db.store.clone(), pair.clone());
                async move {
                    if number == 0 {
                        let done = match round % 2 {
                            0 => store.disable_user(user, event()).await,
                            _ => store.delete_app(pair.app_id(), owner, event()).await,
                        };
                        assert!(done.unwrap());
                        return None;
                    }
                    let approved = approved(&pair.app, user, "default", None);
                    let code = new_code();
                    let id = code.id;
                    let step = Approve { approved: &approved, grant: new_id(), scopes: &scopes("default"), code: Some(code) };
                    store.approve(&step, event()).await.unwrap().map(|_| id)
                }
            }).await;
            for code in codes.into_iter().flatten() {
                let refused = decide_code(&db.store, &pair.app, code).await.unwrap_err();
                assert!(refused == "UserDisabled" || refused == "GrantEnded", "{refused}");
            }
            assert!(round % 2 == 0 || db.store.grants_of(user).await.unwrap().is_empty());
        }
    }
}
