use crate::{
    actors::{digest, new_session},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::sign_in;
use grantor_store::{
    Store,
    factors::{Factors, Keep},
    passkeys::{Answered, Passkey, PublicKey, Use},
    recovery::NewRecoveryCode,
    totp::NewTotp,
};

fn app_of(user: i64) -> NewTotp {
    NewTotp {
        user,
        sealed: b"sealed".to_vec(),
        step: 100,
        recovery: codes(&["one", "two"]),
    }
}

fn codes(texts: &[&str]) -> Vec<NewRecoveryCode> {
    let code = |text: &&str| NewRecoveryCode {
        id: new_id(),
        digest: digest(text),
    };
    texts.iter().map(code).collect()
}

fn passkey_of(user: i64, credential: &str) -> Passkey {
    Passkey {
        id: new_id(),
        user,
        credential: credential.as_bytes().to_vec(),
        key: PublicKey {
            algorithm: -7,
            bytes: vec![7; 64],
        },
        sign_count: 5,
        syncs: false,
        synced: false,
        name: "A phone".into(),
        created: NOW,
        last_used: None,
    }
}

fn challenge(name: &str) -> Answered {
    Answered {
        id: new_id(),
        digest: digest(name),
        expires: after(300),
    }
}

async fn add(store: &Store, new: &Passkey) -> bool {
    let asked = challenge(&format!("{:?}", new.credential));
    let added = store.add_passkey(new, (&asked, &[]), 20, event()).await;
    added.unwrap()
}

contract! {
    async fn an_authenticator_app_is_kept_with_recovery_codes(db) {
        let alice = db.user("alice").await;
        assert!(db.store.add_totp(&app_of(alice), event_at(after(1))).await.unwrap());
        let kept = db.store.totp_of(alice).await.unwrap().unwrap();
        assert_eq!((kept.sealed.as_slice(), kept.last_step), (&b"sealed"[..], 100));
        assert_eq!((kept.created, kept.last_used), (after(1), None));
        let has = db.store.factors_of(alice).await.unwrap();
        assert_eq!(has, Factors { totp: true, recovery_codes: 2, passkeys: 0 });
        assert_eq!(has.usable(), sign_in::Factors { code: true, recovery: true, passkey: false });
        // There is one of a kind; and none for whoever is not there.
        assert!(!db.untouched(db.store.add_totp(&app_of(alice), event())).await.unwrap());
        assert!(!db.untouched(db.store.add_totp(&app_of(new_id()), event())).await.unwrap());
    }

    async fn a_step_is_used_once_and_no_earlier_one_after_it(db) {
        let alice = db.user("alice").await;
        let store = &db.store;
        assert!(store.add_totp(&app_of(alice), event()).await.unwrap());
        for (step, good) in [(100, false), (99, false), (102, true), (102, false), (101, false), (103, true)] {
            assert_eq!(store.use_totp(alice, step, after(step)).await.unwrap(), good, "{step}");
        }
        assert_eq!(store.totp_of(alice).await.unwrap().unwrap().last_used, Some(after(103)));
        assert!(!db.untouched(store.use_totp(new_id(), 200, NOW)).await.unwrap());
    }

    /// One code, two thieves, two nodes.
    async fn parallel_uses_of_a_step_end_in_one(db) {
        let alice = db.user("alice").await;
        assert!(db.store.add_totp(&app_of(alice), event()).await.unwrap());
        let other = db.other().await;
        for step in 101..121 {
            let used = race(8, |number| {
                let store = if number % 2 == 0 { db.store.clone() } else { other.clone() };
                async move { store.use_totp(alice, step, NOW).await.unwrap() }
            }).await;
            assert_eq!(count(&used, &true), 1);
        }
    }

    async fn a_recovery_code_is_used_once_by_its_owner(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let store = &db.store;
        assert!(store.add_totp(&app_of(alice), event()).await.unwrap());
        let used = async |user, text| store.use_recovery_code(user, digest(text), event()).await.unwrap();
        assert!(!used(bob, "one").await && !used(alice, "three").await);
        assert!(used(alice, "one").await && !used(alice, "one").await);
        assert_eq!(store.factors_of(alice).await.unwrap().recovery_codes, 1);
        store.set_recovery_codes(alice, &codes(&["four", "five", "six"]), event()).await.unwrap();
        assert!(!used(alice, "two").await && used(alice, "four").await);
        assert_eq!(store.factors_of(alice).await.unwrap().recovery_codes, 2);
    }

    /// Of a copy that was restored nobody knows which of them were used since.
    async fn a_new_epoch_voids_recovery_codes(db) {
        let alice = db.user("alice").await;
        let store = &db.store;
        assert!(store.add_totp(&app_of(alice), event()).await.unwrap());
        store.begin_epoch(false, event()).await.unwrap();
        assert!(!store.use_recovery_code(alice, digest("one"), event()).await.unwrap());
        assert!(store.totp_of(alice).await.unwrap().is_some());
    }

    async fn parallel_uses_of_a_recovery_code_end_in_one(db) {
        let alice = db.user("alice").await;
        assert!(db.store.add_totp(&app_of(alice), event()).await.unwrap());
        let other = db.other().await;
        for text in ["one", "two"] {
            let used = race(8, |number| {
                let store = if number % 2 == 0 { db.store.clone() } else { other.clone() };
                async move { store.use_recovery_code(alice, digest(text), event()).await.unwrap() }
            }).await;
            assert_eq!(count(&used, &true), 1);
        }
    }

    async fn passkeys_are_found_by_what_their_device_calls_them(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let store = &db.store;
        let new = passkey_of(alice, "first");
        assert!(add(store, &new).await);
        assert_eq!(store.passkey(b"first").await.unwrap(), Some(new.clone()));
        assert_eq!(store.passkey(b"second").await.unwrap(), None);
        assert_eq!(store.passkeys_of(alice).await.unwrap(), std::slice::from_ref(&new));
        assert!(store.passkeys_of(bob).await.unwrap().is_empty());
        // Nobody has another's.
        let again = Passkey { id: new_id(), user: bob, ..new.clone() };
        let asked = challenge("again");
        let refused = store.add_passkey(&again, (&asked, &[]), 20, event());
        assert!(!db.untouched(refused).await.unwrap());
        // Nor more than the limit.
        let second = passkey_of(alice, "second");
        let refused = store.add_passkey(&second, (&asked, &[]), 1, event());
        assert!(!db.untouched(refused).await.unwrap());
        // It is hers alone to rename.
        assert!(!db.untouched(store.rename_passkey(new.id, bob, "mine", event())).await.unwrap());
        assert!(store.rename_passkey(new.id, alice, "Blue key", event()).await.unwrap());
        assert_eq!(store.passkeys_of(alice).await.unwrap()[0].name, "Blue key");
    }

    /// A counter that stands still is of a copy; one at nought counts nothing.
    async fn a_passkey_that_counts_goes_up(db) {
        let alice = db.user("alice").await;
        let (counts, plain) = (passkey_of(alice, "counts"), Passkey { sign_count: 0, ..passkey_of(alice, "plain") });
        assert!(add(&db.store, &counts).await && add(&db.store, &plain).await);
        let used = async |passkey: &Passkey, sign_count: i64| {
            let used = Use { passkey: passkey.id, sign_count, synced: true };
            let asked = challenge(&format!("{}", new_id()));
            db.store.use_passkey(&used, &asked, after(9)).await.unwrap()
        };
        for (sign_count, good) in [(5, false), (4, false), (0, false), (6, true), (6, false), (10, true)] {
            assert_eq!(used(&counts, sign_count).await, good, "{sign_count}");
        }
        assert!(used(&plain, 0).await && used(&plain, 0).await && used(&plain, 1).await && !used(&plain, 0).await);
        let kept = db.store.passkey(b"counts").await.unwrap().unwrap();
        assert_eq!((kept.sign_count, kept.synced, kept.last_used), (10, true, Some(after(9))));
    }

    async fn parallel_answers_to_a_challenge_end_in_one(db) {
        let alice = db.user("alice").await;
        let passkey = Passkey { sign_count: 0, ..passkey_of(alice, "plain") };
        assert!(add(&db.store, &passkey).await);
        let other = db.other().await;
        for round in 0..10 {
            let name = format!("challenge {round}");
            let used = race(8, |number| {
                let store = if number % 2 == 0 { db.store.clone() } else { other.clone() };
                let (asked, id) = (challenge(&name), passkey.id);
                async move {
                    let used = Use { passkey: id, sign_count: 0, synced: false };
                    store.use_passkey(&used, &asked, NOW).await.unwrap()
                }
            }).await;
            assert_eq!(count(&used, &true), 1);
        }
        db.store.sweep(after(301)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM challenges").await, 0);
    }

    async fn what_must_stay_stays(db) {
        let alice = db.user("alice").await;
        let store = &db.store;
        let key = passkey_of(alice, "first");
        assert!(store.add_totp(&app_of(alice), event()).await.unwrap() && add(store, &key).await);
        let remove = async |keep| store.remove_passkey(key.id, alice, keep, event()).await.unwrap();
        assert!(!remove(Keep::Passkey).await, "the app is no passkey");
        assert!(store.remove_totp(alice, Keep::Any, event()).await.unwrap());
        assert_eq!(store.factors_of(alice).await.unwrap(), Factors { recovery_codes: 2, passkeys: 1, totp: false });
        assert!(!remove(Keep::Any).await && remove(Keep::Nothing).await);
        // With the last factor go the codes that stand in for it.
        assert_eq!(store.factors_of(alice).await.unwrap(), Factors::default());
        assert!(!db.untouched(store.remove_totp(alice, Keep::Nothing, event())).await.unwrap());
    }

    /// Each sees the other's, and would remove the last.
    async fn parallel_removals_leave_one(db) {
        let other = db.other().await;
        for round in 0..10 {
            let alice = db.user(&format!("alice{round}")).await;
            let keys = ["a", "b"].map(|name| passkey_of(alice, &format!("{name}{round}")));
            for key in &keys {
                assert!(add(&db.store, key).await);
            }
            let gone = race(2, |number| {
                let store = if number == 0 { db.store.clone() } else { other.clone() };
                let id = keys[number].id;
                async move { store.remove_passkey(id, alice, Keep::Any, event()).await.unwrap() }
            }).await;
            assert_eq!(count(&gone, &true), 1);
            assert_eq!(db.store.factors_of(alice).await.unwrap().passkeys, 1);
        }
    }

    async fn a_reset_takes_all_factors_and_sessions(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let store = &db.store;
        for user in [alice, bob] {
            assert!(store.add_totp(&app_of(user), event()).await.unwrap());
            assert!(add(store, &passkey_of(user, &user.to_string())).await);
        }
        let (hers, his) = (new_session(alice), new_session(bob));
        for session in [&hers, &his] {
            assert!(store.add_session(session, event()).await.unwrap());
        }
        let bobs = store.factors_of(bob).await.unwrap();
        store.reset_factors(alice, event()).await.unwrap();
        assert_eq!(store.factors_of(alice).await.unwrap(), Factors::default());
        assert!(store.session(hers.id, &hers.digest).await.unwrap().is_none());
        assert_eq!(store.factors_of(bob).await.unwrap(), bobs);
        assert!(store.session(his.id, &his.digest).await.unwrap().is_some());
    }

    /// An older version would let a password alone in.
    async fn the_first_factor_keeps_older_versions_off(db) {
        let floors = "SELECT COUNT(*) FROM floors WHERE number = 3";
        let alice = db.user("alice").await;
        assert_eq!(db.number(floors).await, 0);
        assert!(db.store.add_totp(&app_of(alice), event()).await.unwrap());
        assert!(add(&db.store, &passkey_of(alice, "first")).await);
        assert_eq!(db.number(floors).await, 1);
        assert_eq!(db.store.outgrown().await.unwrap(), None);
    }
}
