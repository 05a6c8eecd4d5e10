use crate::{
    actors::{digest, new_pat, scopes},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::bearer::BearerToken;
use grantor_store::{
    Error,
    audit::{Actor, Event},
    passkeys::Answered,
};

fn by_form(key: &str) -> Event {
    let form = Answered {
        id: new_id(),
        digest: digest(key),
        expires: after(300),
    };
    let actor = Actor {
        form: Some(form),
        ..Actor::default()
    };
    Event { actor, ..event() }
}

contract! {
    async fn a_token_comes_back_to_whoever_holds_it(db) {
        let alice = db.user("alice").await;
        let mut new = new_pat(alice, 50);
        new.expires = Some(after(100));
        assert!(db.store.add_personal_token(&new, event_at(after(3))).await.unwrap());
        for _ in 0..2 {
            let found = db.store.personal_token(new.id, &new.digest).await.unwrap().unwrap();
            assert_eq!((found.id, found.user, found.description.as_str()), (new.id, alice, "cron"));
            assert_eq!((&found.scopes, found.hint.as_str()), (&scopes("default"), "abc…wxyz"));
            assert_eq!((found.created, found.expires, found.last_used), (after(3), Some(after(100)), None));
            assert!(db.store.personal_token(new.id, &digest("a guess")).await.unwrap().is_none());
        }
        assert!(db.store.personal_token(new_id(), &new.digest).await.unwrap().is_none());
        assert_eq!(db.store.personal_tokens_of(alice).await.unwrap().len(), 1);
        assert!(db.store.personal_tokens_of(alice + 1).await.unwrap().is_empty());
    }

    async fn only_an_active_user_within_her_limit_adds_tokens(db) {
        let alice = db.user("alice").await;
        let add = |limit| async move { db.store.add_personal_token(&new_pat(alice, limit), event()).await.unwrap() };
        assert!(add(1).await && !db.untouched(add(1)).await);
        assert!(!db.untouched(db.store.add_personal_token(&new_pat(new_id(), 9), event())).await.unwrap());
        db.store.disable_user(alice, event()).await.unwrap();
        assert!(!db.untouched(add(9)).await);
    }

    async fn what_has_expired_does_not_count(db) {
        let alice = db.user("alice").await;
        let mut first = new_pat(alice, 1);
        first.expires = Some(after(100));
        assert!(db.store.add_personal_token(&first, event()).await.unwrap());
        assert!(!db.store.add_personal_token(&new_pat(alice, 1), event_at(after(99))).await.unwrap());
        assert!(db.store.add_personal_token(&new_pat(alice, 1), event_at(after(100))).await.unwrap());
    }

    async fn fifty_of_two_hundred(db) {
        let alice = db.user("alice").await;
        let other = db.other().await;
        let answers = race(200, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.add_personal_token(&new_pat(alice, 50), event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 50);
        assert_eq!(db.store.personal_tokens_of(alice).await.unwrap().len(), 50);
    }

    /// However often it is sent, to whichever server; and what is refused uses nothing up.
    async fn a_form_makes_one_token(db) {
        let (alice, other) = (db.user("alice").await, db.other().await);
        let answers = race(16, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.add_personal_token(&new_pat(alice, 50), by_form("one")).await.is_ok() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        let add = |limit| async move { db.store.add_personal_token(&new_pat(alice, limit), by_form("another")).await };
        assert!(!db.untouched(add(1)).await.unwrap());
        assert!(add(50).await.unwrap());
        assert!(matches!(db.untouched(add(50)).await, Err(Error::FormUsed)));
        assert_eq!(db.store.personal_tokens_of(alice).await.unwrap().len(), 2);
    }

    async fn a_token_is_ended_by_its_user_once(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let new = new_pat(alice, 50);
        db.store.add_personal_token(&new, event()).await.unwrap();
        db.store.personal_token(new.id, &new.digest).await.unwrap().unwrap();
        assert!(!db.untouched(db.store.end_personal_token(new.id, bob, event())).await.unwrap());
        let answers = race(16, |_| {
            let store = db.store.clone();
            async move { store.end_personal_token(new.id, alice, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert!(db.store.personal_token(new.id, &new.digest).await.unwrap().is_none());
        let bearer = BearerToken::Personal { id: new.id };
        assert!(db.store.has_ended(bearer, alice, NOW).await.unwrap());
    }

    async fn all_end_and_only_hers(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let tokens = [new_pat(alice, 50), new_pat(alice, 50), new_pat(alice, 50), new_pat(bob, 50)];
        for token in &tokens {
            db.store.add_personal_token(token, event()).await.unwrap();
        }
        db.store.end_personal_tokens(alice, event()).await.unwrap();
        let other = db.other().await;
        for store in [&db.store, &other] {
            for (token, alive) in tokens.iter().zip([false, false, false, true]) {
                let bearer = BearerToken::Personal { id: token.id };
                assert_eq!(store.personal_token(token.id, &token.digest).await.unwrap().is_some(), alive);
                assert_eq!(!store.has_ended(bearer, token.user, NOW).await.unwrap(), alive);
            }
        }
    }

    /// As with refresh tokens: they stop while she is disabled, and no longer.
    async fn tokens_sleep_while_their_user_is_disabled(db) {
        let alice = db.user("alice").await;
        let new = new_pat(alice, 50);
        db.store.add_personal_token(&new, event()).await.unwrap();
        let other = db.other().await;
        let bearer = BearerToken::Personal { id: new.id };
        db.store.disable_user(alice, event()).await.unwrap();
        other.ping().await.unwrap();
        assert!(db.store.has_ended(bearer, alice, NOW).await.unwrap());
        assert!(other.has_ended(bearer, alice, NOW).await.unwrap());
        db.store.enable_user(alice, event()).await.unwrap();
        other.ping().await.unwrap();
        assert!(!db.store.has_ended(bearer, alice, NOW).await.unwrap());
        assert!(!other.has_ended(bearer, alice, NOW).await.unwrap());
    }
}
