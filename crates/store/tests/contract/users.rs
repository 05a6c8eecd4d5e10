use crate::{
    actors::{new_session, new_user},
    world::{NOW, count, event, new_id, race},
};

contract! {
    async fn a_user_comes_back_as_written(db) {
        let mut new = new_user("alice");
        new.admin = true;
        assert!(!db.store.has_users().await.unwrap());
        assert!(db.store.add_user(&new, event()).await.unwrap());
        assert!(db.store.has_users().await.unwrap());
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
        assert_eq!(db.number("SELECT email_verified_at FROM users"), NOW.0);
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
        assert_eq!(db.number("SELECT COUNT(*) FROM users"), 2);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events"), 2);
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
        db.store.set_profile(id, "Alice", Some("abc"), event()).await.unwrap();
        let user = db.store.user(id).await.unwrap().unwrap();
        assert_eq!((user.name.as_str(), user.photo.as_deref()), ("Alice", Some("abc")));
        assert!(db.untouched(db.store.set_profile(new_id(), "Eve", None, event())).await.is_err());
    }

    async fn a_new_password_ends_the_other_sessions(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let sessions = [new_session(alice), new_session(alice), new_session(bob)];
        for session in &sessions {
            assert!(db.store.add_session(session, event()).await.unwrap());
        }
        db.store.set_password(alice, "new", Some(sessions[0].id), event()).await.unwrap();
        let mut alive = Vec::new();
        for session in &sessions {
            alive.push(db.store.session(session.id, &session.digest).await.unwrap().is_some());
        }
        assert_eq!(alive, [true, false, true]);
        db.store.set_password(alice, "newer", None, event()).await.unwrap();
        assert!(db.store.sessions_of(alice, NOW).await.unwrap().is_empty());
        assert!(db.untouched(db.store.set_password(new_id(), "x", None, event())).await.is_err());
    }

    async fn a_rehash_never_brings_an_old_password_back(db) {
        let alice = db.user("alice").await;
        let rehash = |old: &'static str| db.store.rehash_password(alice, old, "rehashed");
        db.store.set_password(alice, "chosen meanwhile", None, event()).await.unwrap();
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
        assert_eq!(db.number("SELECT COUNT(*) FROM changes"), 1);
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
