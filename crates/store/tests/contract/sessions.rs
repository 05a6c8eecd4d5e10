use crate::{
    actors::{about, digest, form, new_app, new_password, new_pat, new_session},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::client::ClientKind::Confidential;
use grantor_store::{
    Error,
    audit::{Actor, Event},
};

/// An event of somebody who acts by this session.
fn acting(session: i64) -> Event {
    let actor = Actor {
        session: Some(session),
        ..Actor::default()
    };
    Event { actor, ..event() }
}

contract! {
    async fn a_session_comes_back_to_whoever_holds_its_secret(db) {
        let alice = db.user("alice").await;
        let new = new_session(alice);
        assert!(db.store.add_session(&new, event_at(after(5))).await.unwrap());
        let session = db.store.session(new.id, &new.digest).await.unwrap().unwrap();
        assert_eq!((session.id, session.user, session.expires), (new.id, alice, new.expires));
        assert_eq!((session.auth_time, session.created, session.seen), (after(5), after(5), after(5)));
        assert_eq!((session.address.as_str(), session.user_agent.as_str()), ("192.0.2.1", "Firefox"));
        assert!(db.store.session(new.id, &digest("a guess")).await.unwrap().is_none());
        assert!(db.store.session(new_id(), &new.digest).await.unwrap().is_none());
    }

    async fn nobody_else_logs_in(db) {
        assert!(!db.untouched(db.store.add_session(&new_session(new_id()), event())).await.unwrap());
    }

    /// The old password, proved before the change, opens nothing after it.
    async fn a_login_does_not_outlive_its_password(db) {
        let alice = db.user("alice").await;
        let mut late = new_session(alice);
        late.proved = Some("hash of alice".into());
        assert!(db.store.add_session(&late, event()).await.unwrap());
        let new = new_password(alice, "hash of alice", "new");
        assert!(db.store.set_password(&new, None, event()).await.unwrap());
        late.id = new_id();
        assert!(!db.untouched(db.store.add_session(&late, event())).await.unwrap());
        late.proved = Some("new".into());
        assert!(db.store.add_session(&late, event()).await.unwrap());
    }

    async fn a_login_takes_the_place_of_the_browsers_last_one(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let (first, other) = (new_session(alice), new_session(alice));
        for session in [&first, &other] {
            db.store.add_session(session, event()).await.unwrap();
        }
        let mut next = new_session(bob);
        next.replaces = Some((first.id, alice));
        assert!(db.store.add_session(&next, event()).await.unwrap());
        assert!(db.store.session(first.id, &first.digest).await.unwrap().is_none());
        // Only the session of the user that it says.
        let mut wrong = new_session(bob);
        wrong.replaces = Some((other.id, bob));
        assert!(db.store.add_session(&wrong, event()).await.unwrap());
        assert!(db.store.session(other.id, &other.digest).await.unwrap().is_some());
    }

    async fn a_session_is_ended_by_its_user_once(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let new = new_session(alice);
        db.store.add_session(&new, event()).await.unwrap();
        assert!(!db.untouched(db.store.end_session(new.id, bob, event())).await.unwrap());
        let answers = race(16, |_| {
            let store = db.store.clone();
            async move { store.end_session(new.id, alice, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert!(db.store.session(new.id, &new.digest).await.unwrap().is_none());
    }

    /// Whatever else is to be said of the batch: the session comes first.
    async fn what_an_ended_session_asked_for_is_not_written(db) {
        let alice = db.user("alice").await;
        let session = new_session(alice);
        db.store.add_session(&session, event()).await.unwrap();
        let form = form(Confidential);
        let app = new_app(alice, &form);
        assert!(db.store.add_app(&app, acting(session.id)).await.unwrap());
        db.store.set_profile(alice, &about("Alice", None), acting(session.id)).await.unwrap();
        assert!(db.store.end_session(session.id, alice, acting(session.id)).await.unwrap());
        for no_session in [session.id, new_id()] {
            let by = || acting(no_session);
            let password = new_password(alice, "hash of alice", "new");
            let refusals = [
                db.untouched(db.store.add_app(&new_app(alice, &form), by())).await.err(),
                db.untouched(db.store.delete_app(app.id, alice, by())).await.err(),
                db.untouched(db.store.delete_app(new_id(), alice, by())).await.err(),
                db.untouched(db.store.set_profile(alice, &about("Eve", None), by())).await.err(),
                db.untouched(db.store.set_password(&password, None, by())).await.err(),
                db.untouched(db.store.add_personal_token(&new_pat(alice, 0), by())).await.err(),
                db.untouched(db.store.record(by())).await.err(),
            ];
            for refusal in refusals {
                assert!(matches!(refusal, Some(Error::SessionEnded)), "{refusal:?}");
            }
        }
    }

    /// The end of her sessions is the end of what they write, whoever is faster.
    async fn acts_racing_the_end_of_their_session(db) {
        for round in 0..30 {
            let alice = db.user(&format!("alice{round}")).await;
            let session = new_session(alice);
            db.store.add_session(&session, event()).await.unwrap();
            let other = db.other().await;
            let answers = race(8, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                async move {
                    match number {
                        0 => store.disable_user(alice, event()).await.map(drop),
                        _ => store.set_profile(alice, &about("Alice", None), acting(session.id)).await,
                    }
                }
            }).await;
            assert!(answers.iter().all(|it| matches!(it, Ok(()) | Err(Error::SessionEnded))), "{answers:?}");
            let written = answers.iter().filter(|it| it.is_ok()).count();
            let found = db.number(&format!("SELECT COUNT(*) FROM changes WHERE id = {alice}"));
            assert_eq!(found, written as i64, "what was refused is there");
            let late = format!(
                "SELECT COUNT(*) FROM changes WHERE id = {alice} AND seq >
                    (SELECT seq FROM changes WHERE id = {alice} AND kind = 'user_disabled')"
            );
            assert_eq!(db.number(&late), 0, "written after the end");
        }
    }

    async fn the_others_end_and_this_one_stays(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let mine = [new_session(alice), new_session(alice), new_session(alice)];
        let hers = new_session(bob);
        for session in mine.iter().chain([&hers]) {
            db.store.add_session(session, event()).await.unwrap();
        }
        db.store.end_other_sessions(mine[1].id, alice, event()).await.unwrap();
        let left = db.store.sessions_of(alice, NOW).await.unwrap();
        assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [mine[1].id]);
        assert_eq!(db.store.sessions_of(bob, NOW).await.unwrap().len(), 1);
        assert!(db.store.sessions_of(alice, mine[1].expires).await.unwrap().is_empty());
    }
}
