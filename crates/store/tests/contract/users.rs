use crate::{
    actors::{about, new_password, new_session, new_user},
    world::{NOW, count, event, new_id, race},
};
use grantor_store::users::NewPassword;

contract! {
    async fn an_administrator_counts_while_she_is_active(db) {
        db.user("alice").await;
        assert!(!db.store.has_administrator().await.unwrap(), "others do not count");
        let mut admin = new_user("admin");
        admin.admin = true;
        db.store.add_user(&admin, event()).await.unwrap();
        assert!(db.store.has_administrator().await.unwrap());
        assert!(!db.store.disable_user(admin.id, event()).await.unwrap(), "the last one stays");
        db.execute("UPDATE users SET disabled_at = 1 WHERE admin_at IS NOT NULL").await;
        assert!(!db.store.has_administrator().await.unwrap());
    }

    async fn a_user_comes_back_as_written(db) {
        let mut new = new_user("alice");
        new.admin = true;
        assert!(!db.store.has_administrator().await.unwrap());
        assert!(db.store.add_user(&new, event()).await.unwrap());
        assert!(db.store.has_administrator().await.unwrap());
        let user = db.store.user(new.id).await.unwrap().unwrap();
        assert_eq!((user.id, user.email.as_str(), user.name.as_str()), (new.id, "alice@Example.org", "alice"));
        assert!(!user.email_verified, "nobody vouched for the address");
        assert!(user.admin && !user.disabled && user.photo.is_none() && user.created == NOW);
        let (found, hash) = db.store.user_by_email("alice@example.org").await.unwrap().unwrap();
        assert_eq!((found.id, hash.as_deref()), (new.id, Some("hash of alice")));
        assert_eq!(db.store.password_of(new.id).await.unwrap(), hash);
        assert!(db.store.user_by_email("alice@Example.org").await.unwrap().is_none());
        assert!(db.store.user(new.id + 1).await.unwrap().is_none());
        assert_eq!(db.store.password_of(new.id + 1).await.unwrap(), None);
    }

    async fn an_address_is_verified_when_somebody_vouches_for_it(db) {
        let mut new = new_user("alice");
        new.email_verified = true;
        assert!(db.store.add_user(&new, event()).await.unwrap());
        assert!(db.store.user(new.id).await.unwrap().unwrap().email_verified);
        assert!(db.store.user_by_email("alice@example.org").await.unwrap().unwrap().0.email_verified);
        assert_eq!(db.number("SELECT email_verified_at FROM users").await, NOW.0);
    }

    async fn an_address_has_one_account(db) {
        db.user("alice").await;
        let again = new_user("alice");
        assert!(!db.untouched(db.store.add_user(&again, event())).await.unwrap());
        let answers = race(20, |_| {
            let store = db.store.clone();
            async move { store.add_user(&new_user("bob"), event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 2);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events").await, 2);
    }

    async fn pages_of_users_follow_each_other(db) {
        let mut ids = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            ids.push(db.user(name).await);
        }
        let first = db.store.users(0, 3).await.unwrap();
        let second = db.store.users(first[2].id, 3).await.unwrap();
        let found: Vec<_> = first.iter().chain(&second).map(|user| user.id).collect();
        assert_eq!(found, ids);
    }

    async fn a_profile_is_seen_at_once(db) {
        let id = db.user("alice").await;
        assert_eq!(db.store.user(id).await.unwrap().unwrap().name, "alice");
        db.store.set_profile(id, &about("Alice", Some("abc")), event()).await.unwrap();
        let user = db.store.user(id).await.unwrap().unwrap();
        assert_eq!((user.name.as_str(), user.photo.as_deref()), ("Alice", Some("abc")));
        assert!(db.untouched(db.store.set_profile(new_id(), &about("Eve", None), event())).await.is_err());
    }

    async fn a_new_password_ends_the_other_sessions(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let sessions = [new_session(alice), new_session(alice), new_session(bob)];
        for session in &sessions {
            assert!(db.store.add_session(session, event()).await.unwrap());
        }
        let mut next = new_session(alice);
        next.proved = Some("new".into());
        let new = new_password(alice, "hash of alice", "new");
        assert!(db.store.set_password(&new, Some(&next), event()).await.unwrap());
        let mut alive = Vec::new();
        for session in sessions.iter().chain([&next]) {
            alive.push(db.store.session(session.id, &session.digest).await.unwrap().is_some());
        }
        assert_eq!(alive, [false, false, true, true], "hers are over, but the one that begins with it");
        let newer = new_password(alice, "new", "newer");
        assert!(db.store.set_password(&newer, None, event()).await.unwrap());
        assert!(db.store.sessions_of(alice, NOW).await.unwrap().is_empty());
        let nobodys = new_password(new_id(), "newer", "x");
        assert!(!db.untouched(db.store.set_password(&nobodys, None, event())).await.unwrap());
    }

    /// Each was proved with the password of before: only one can follow it.
    async fn of_parallel_changes_of_one_password_exactly_one_holds(db) {
        let alice = db.user("alice").await;
        let answers = race(16, |number| {
            let store = db.store.clone();
            async move {
                let hash = format!("new {number}");
                let new = new_password(alice, "hash of alice", &hash);
                store.set_password(&new, None, event()).await.unwrap()
            }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        let winner = answers.iter().position(|won| *won).unwrap();
        assert_eq!(db.store.password_of(alice).await.unwrap(), Some(format!("new {winner}")));
        let stale = new_password(alice, "hash of alice", "late");
        assert!(!db.untouched(db.store.set_password(&stale, None, event())).await.unwrap());
    }

    async fn a_first_password_needs_that_there_is_none(db) {
        let mut new = new_user("alice");
        new.password = None;
        db.store.add_user(&new, event()).await.unwrap();
        let first = NewPassword { user: new.id, hash: "first", proved: None };
        assert!(db.store.set_password(&first, None, event()).await.unwrap());
        assert!(!db.untouched(db.store.set_password(&first, None, event())).await.unwrap());
    }

    async fn a_rehash_never_brings_an_old_password_back(db) {
        let alice = db.user("alice").await;
        let rehash = |old: &'static str| db.store.rehash_password(alice, old, "rehashed");
        let chosen = new_password(alice, "hash of alice", "chosen meanwhile");
        db.store.set_password(&chosen, None, event()).await.unwrap();
        assert!(!db.untouched(rehash("hash of alice")).await.unwrap());
        assert_eq!(db.store.password_of(alice).await.unwrap().as_deref(), Some("chosen meanwhile"));
        assert!(rehash("chosen meanwhile").await.unwrap());
        assert_eq!(db.store.password_of(alice).await.unwrap().as_deref(), Some("rehashed"));
    }

    async fn a_disabled_user_has_no_session_and_gets_none(db) {
        let alice = db.user("alice").await;
        let session = new_session(alice);
        db.store.add_session(&session, event()).await.unwrap();
        assert!(db.store.disable_user(alice, event()).await.unwrap());
        assert!(db.store.user(alice).await.unwrap().unwrap().disabled);
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none());
        assert!(!db.untouched(db.store.add_session(&new_session(alice), event())).await.unwrap());
        assert!(!db.untouched(db.store.disable_user(alice, event())).await.unwrap());
        assert!(!db.untouched(db.store.disable_user(new_id(), event())).await.unwrap());

        db.store.enable_user(alice, event()).await.unwrap();
        assert!(!db.store.user(alice).await.unwrap().unwrap().disabled);
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none());
        assert!(db.store.add_session(&new_session(alice), event()).await.unwrap());
        assert!(db.untouched(db.store.enable_user(new_id(), event())).await.is_err());
    }

    async fn she_is_disabled_once(db) {
        let alice = db.user("alice").await;
        let answers = race(20, |_| {
            let store = db.store.clone();
            async move { store.disable_user(alice, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM changes").await, 1);
    }

    /// No session of a login that raced the end of its user.
    async fn logins_racing_the_end_of_a_user(db) {
        for round in 0..30 {
            let alice = db.user(&format!("alice{round}")).await;
            let answers = race(8, |number| {
                let store = db.store.clone();
                async move {
                    match number {
                        0 => store.disable_user(alice, event()).await.unwrap(),
                        _ => store.add_session(&new_session(alice), event()).await.unwrap(),
                    }
                }
            }).await;
            assert!(answers[0]);
            assert!(db.store.sessions_of(alice, NOW).await.unwrap().is_empty());
        }
    }
}
