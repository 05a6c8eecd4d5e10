use crate::{
    actors::{Pair, digest, new_password, new_pat, new_session, new_user},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    client::ClientKind::Native,
    time::{Millis, Timestamp},
};
use grantor_store::{
    Store,
    identities::{Connected, NewIdentity},
    passkeys::{Answered, Passkey, PublicKey},
    recovery::NewRecoveryCode,
    totp::NewTotp,
    user_links::{
        Changed::{Done, Spent, Taken},
        Link, NewLink, Purpose, WAY_BACK,
    },
};

const LIFE: i64 = 100_000;

/// A link for `user` as her account is now, whose secret is its own name.
async fn new_link(store: &Store, user: i64, purpose: Purpose, about: &str) -> NewLink {
    let id = new_id();
    let record = store.user(user).await.unwrap().unwrap();
    let password = store.password_of(user).await.unwrap();
    let key = record.email.to_lowercase();
    NewLink {
        id,
        digest: digest(&id.to_string()),
        purpose,
        user,
        email: about.into(),
        email_key: about.to_lowercase(),
        made_for: NewLink::made_for(purpose, &key, password.as_deref()),
        expires: after(LIFE),
        sealed: b"sealed".to_vec(),
        mail_to: about.into(),
        language: None,
    }
}

async fn mailed(store: &Store, user: i64, purpose: Purpose, about: &str) -> i64 {
    let link = new_link(store, user, purpose, about).await;
    store.mail_user_link(&link, None, NOW).await.unwrap();
    link.id
}

async fn found(store: &Store, id: i64, purpose: Purpose, now: Timestamp) -> Option<Link> {
    let secret = digest(&id.to_string());
    store.user_link(id, &secret, purpose, now).await.unwrap()
}

async fn link(store: &Store, user: i64, purpose: Purpose, about: &str) -> Link {
    let id = mailed(store, user, purpose, about).await;
    found(store, id, purpose, NOW).await.expect("it works")
}

async fn address(db: &Db, user: i64) -> (String, bool) {
    let user = db.store.user(user).await.unwrap().unwrap();
    (user.email.clone(), user.email_verified)
}

/// What somebody adds to an account to come back: a passkey, an account elsewhere, a token.
async fn settle(store: &Store, user: i64, name: &str, at: Timestamp) {
    let passkey = Passkey {
        id: new_id(),
        user,
        credential: name.into(),
        key: PublicKey {
            algorithm: -7,
            bytes: vec![7; 64],
        },
        sign_count: 0,
        syncs: false,
        synced: false,
        name: name.into(),
        created: at,
        last_used: None,
    };
    let asked = Answered {
        id: new_id(),
        digest: digest(name),
        expires: after(LIFE),
    };
    let added = store.add_passkey(&passkey, (&asked, &[]), 20, event_at(at));
    assert!(added.await.unwrap());
    let identity = NewIdentity {
        id: new_id(),
        issuer: "https://id.example".into(),
        subject: name.into(),
        label: name.into(),
    };
    let connected = store.connect(None, (user, &identity), false, event_at(at));
    assert_eq!(connected.await.unwrap(), Connected::Done);
    let token = new_pat(user, 10);
    let added = store.add_personal_token(&token, event_at(at)).await;
    assert!(added.unwrap());
}

/// The passkeys and accounts elsewhere by which she comes in, her tokens, and whether an
/// authenticator app is asked for.
async fn ways(store: &Store, user: i64) -> (Vec<String>, Vec<String>, usize, bool) {
    let passkeys = store.passkeys_of(user).await.unwrap();
    let identities = store.identities_of(user).await.unwrap();
    (
        passkeys.into_iter().map(|it| it.name).collect(),
        identities.into_iter().map(|it| it.label).collect(),
        store.personal_tokens_of(user).await.unwrap().len(),
        store.totp_of(user).await.unwrap().is_some(),
    )
}

fn authenticator(user: i64) -> NewTotp {
    NewTotp {
        user,
        sealed: b"sealed".to_vec(),
        step: 100,
        recovery: vec![NewRecoveryCode {
            id: new_id(),
            digest: digest("one"),
        }],
    }
}

contract! {
    async fn a_link_is_for_one_purpose_and_one_time(db) {
        let alice = db.user("alice").await;
        let id = mailed(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        for purpose in [Purpose::Verify, Purpose::Change, Purpose::Restore] {
            assert!(found(&db.store, id, purpose, NOW).await.is_none());
        }
        let guess = db.store.user_link(id, &digest("a guess"), Purpose::Reset, NOW).await;
        assert!(guess.unwrap().is_none());
        assert!(found(&db.store, id, Purpose::Reset, after(LIFE)).await.is_none());
        let link = found(&db.store, id, Purpose::Reset, after(LIFE - 1)).await.unwrap();
        let late = db.store.reset_password(&link, "late", event_at(after(LIFE)));
        assert!(!db.untouched(late).await.unwrap());
        assert!(db.store.reset_password(&link, "new", event()).await.unwrap());
        assert!(found(&db.store, id, Purpose::Reset, NOW).await.is_none());
        assert!(!db.untouched(db.store.reset_password(&link, "again", event())).await.unwrap());
        assert_eq!(db.store.password_of(alice).await.unwrap().as_deref(), Some("new"));
        assert_eq!(address(db, alice).await, ("alice@Example.org".into(), true));
    }

    async fn a_reset_ends_every_session_and_every_older_link(db) {
        let alice = db.user("alice").await;
        let session = db.session(alice).await;
        let other = mailed(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        let link = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        assert!(db.store.reset_password(&link, "new", event()).await.unwrap());
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none());
        assert!(found(&db.store, other, Purpose::Reset, NOW).await.is_none());
    }

    /// What was found before the password or the address changed does nothing after it.
    async fn a_link_is_for_the_account_as_it_was(db) {
        let alice = db.user("alice").await;
        let reset = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        let new = new_password(alice, "hash of alice", "another");
        assert!(db.store.set_password(&new, None, event()).await.unwrap());
        assert!(!db.untouched(db.store.reset_password(&reset, "x", event())).await.unwrap());
        assert!(found(&db.store, reset.id, Purpose::Reset, NOW).await.is_none());

        let reset = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        let verify = link(&db.store, alice, Purpose::Verify, "alice@Example.org").await;
        let elsewhere = link(&db.store, alice, Purpose::Change, "c@example.org").await;
        let change = link(&db.store, alice, Purpose::Change, "B@example.org").await;
        assert_eq!(db.store.change_address(&change, None, event()).await.unwrap(), Done);
        assert_eq!(address(db, alice).await, ("B@example.org".into(), true));
        assert!(!db.untouched(db.store.reset_password(&reset, "x", event())).await.unwrap());
        assert!(!db.untouched(db.store.verify_address(&verify, event())).await.unwrap());
        let late = db.untouched(db.store.change_address(&elsewhere, None, event())).await.unwrap();
        assert_ne!(late, Done);
        for (id, purpose) in [(reset.id, Purpose::Reset), (verify.id, Purpose::Verify), (elsewhere.id, Purpose::Change)] {
            assert!(found(&db.store, id, purpose, NOW).await.is_none());
        }
    }

    async fn a_disabled_user_has_no_links(db) {
        let alice = db.user("alice").await;
        let reset = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        db.store.disable_user(alice, event()).await.unwrap();
        assert!(found(&db.store, reset.id, Purpose::Reset, NOW).await.is_none());
        assert!(!db.untouched(db.store.reset_password(&reset, "x", event())).await.unwrap());
        let rows = db.number("SELECT COUNT(*) FROM user_links").await;
        let none = new_link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        db.store.mail_user_link(&none, None, NOW).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM user_links").await, rows);
    }

    async fn an_address_of_another_is_not_taken(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let change = link(&db.store, alice, Purpose::Change, "BOB@example.org").await;
        let taken = db.untouched(db.store.change_address(&change, None, event())).await;
        assert_eq!(taken.unwrap(), Taken);
        assert_eq!(address(db, bob).await.0, "bob@Example.org");
    }

    /// Whoever changed the address and the password has neither any more.
    async fn the_way_back_wins_over_all_that_came_after(db) {
        let alice = db.user("alice").await;
        let change = link(&db.store, alice, Purpose::Change, "mallory@example.org").await;
        let back = new_link(&db.store, alice, Purpose::Restore, "alice@Example.org").await;
        assert_eq!(db.store.change_address(&change, Some(&back), event()).await.unwrap(), Done);
        let again = link(&db.store, alice, Purpose::Change, "eve@example.org").await;
        let later = new_link(&db.store, alice, Purpose::Restore, "mallory@example.org").await;
        assert_eq!(db.store.change_address(&again, Some(&later), event()).await.unwrap(), Done);
        let new = new_password(alice, "hash of alice", "mallory's");
        assert!(db.store.set_password(&new, None, event()).await.unwrap());
        let session = db.session(alice).await;

        let back = found(&db.store, back.id, Purpose::Restore, NOW).await.expect("it works");
        assert_eq!(db.store.restore_address(&back, "hers", event()).await.unwrap(), Done);
        assert_eq!(address(db, alice).await, ("alice@Example.org".into(), true));
        assert_eq!(db.store.password_of(alice).await.unwrap().as_deref(), Some("hers"));
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none());
        assert!(found(&db.store, later.id, Purpose::Restore, NOW).await.is_none());
        let spent = db.untouched(db.store.restore_address(&back, "x", event())).await;
        assert_eq!(spent.unwrap(), Spent);
    }

    /// Of whoever was at the account meanwhile nothing is left; what she had before is.
    async fn the_way_back_ends_what_came_since(db) {
        let alice = db.user("alice").await;
        let apps = [db.app(alice, Native).await, db.app(alice, Native).await];
        let connect = async |app: usize| {
            let pair = Pair { user: alice, app: apps[app].clone() };
            db.connect(&pair).await.grant
        };
        let token = async || {
            let new = new_pat(alice, 10);
            assert!(db.store.add_personal_token(&new, event()).await.unwrap());
            new.id
        };
        let before = (connect(0).await, token().await);
        let change = link(&db.store, alice, Purpose::Change, "mallory@example.org").await;
        let back = new_link(&db.store, alice, Purpose::Restore, "alice@Example.org").await;
        assert_eq!(db.store.change_address(&change, Some(&back), event()).await.unwrap(), Done);
        let since = (connect(1).await, token().await);
        let back = found(&db.store, back.id, Purpose::Restore, NOW).await.expect("it works");
        assert_eq!(db.store.restore_address(&back, "hers", event()).await.unwrap(), Done);
        let grants = db.store.grants_of(alice).await.unwrap();
        assert_eq!(grants.iter().map(|grant| grant.id).collect::<Vec<_>>(), [before.0]);
        let tokens = db.store.personal_tokens_of(alice).await.unwrap();
        assert_eq!(tokens.iter().map(|token| token.id).collect::<Vec<_>>(), [before.1]);
        for (kind, id) in [("grant", since.0), ("pat", since.1)] {
            let told = format!("SELECT COUNT(*) FROM changes WHERE kind = '{kind}' AND id = {id}");
            assert_eq!(db.number(&told).await, 1, "{kind}");
        }
    }

    async fn the_way_back_ends_ways_in_that_came_since(db) {
        let alice = db.user("alice").await;
        settle(&db.store, alice, "hers", NOW).await;
        let change = link(&db.store, alice, Purpose::Change, "mallory@example.org").await;
        let back = NewLink {
            expires: NOW + WAY_BACK,
            ..new_link(&db.store, alice, Purpose::Restore, "alice@Example.org").await
        };
        assert_eq!(db.store.change_address(&change, Some(&back), event()).await.unwrap(), Done);
        settle(&db.store, alice, "mallory's", after(1)).await;
        assert!(db.store.add_totp(&authenticator(alice), event_at(after(1))).await.unwrap());
        let back = found(&db.store, back.id, Purpose::Restore, after(2)).await.expect("it works");
        let restored = db.store.restore_address(&back, "hers", event_at(after(2))).await;
        assert_eq!(restored.unwrap(), Done);
        let hers = (vec!["hers".to_owned()], vec!["hers".to_owned()], 1, false);
        assert_eq!(ways(&db.store, alice).await, hers);
        assert_eq!(db.number("SELECT COUNT(*) FROM recovery_codes").await, 0);
    }

    /// Somebody made the account under an address that is not hers, and waited for its owner.
    async fn a_reset_of_an_address_that_nobody_had_verified_ends_all_that_was_there(db) {
        let alice = db.user("alice").await;
        let verify = link(&db.store, alice, Purpose::Verify, "alice@Example.org").await;
        for is_verified in [false, true] {
            settle(&db.store, alice, if is_verified { "hers" } else { "mallory's" }, NOW).await;
            assert!(db.store.add_totp(&authenticator(alice), event()).await.unwrap());
            let reset = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
            assert!(db.store.reset_password(&reset, "new", event()).await.unwrap());
            let (passkeys, identities, tokens, is_asked) = ways(&db.store, alice).await;
            let left = (passkeys.len(), identities.len(), tokens, is_asked);
            let stays = usize::from(is_verified);
            assert_eq!(left, (stays, stays, stays, is_verified));
        }
        // The reset has verified it as well.
        assert!(db.store.verify_address(&verify, event()).await.unwrap());
    }

    /// Who has used the later way back cannot keep the first user from hers.
    async fn an_older_way_back_survives_a_later_one(db) {
        let alice = db.user("alice").await;
        let mut backs = Vec::new();
        for (from, to) in [("alice@Example.org", "b@example.org"), ("b@example.org", "c@example.org")] {
            let change = link(&db.store, alice, Purpose::Change, to).await;
            let back = new_link(&db.store, alice, Purpose::Restore, from).await;
            assert_eq!(db.store.change_address(&change, Some(&back), event()).await.unwrap(), Done);
            backs.push(back.id);
        }
        for (id, whose) in [(backs[1], "b@example.org"), (backs[0], "alice@Example.org")] {
            let back = found(&db.store, id, Purpose::Restore, NOW).await.expect("it works");
            assert_eq!(db.store.restore_address(&back, "new", event()).await.unwrap(), Done);
            assert_eq!(address(db, alice).await.0, whose);
        }
    }

    async fn an_address_with_a_way_back_is_nobody_elses(db) {
        let alice = db.user("alice").await;
        let bob = db.user("bob").await;
        let change = link(&db.store, alice, Purpose::Change, "new@example.org").await;
        let back = new_link(&db.store, alice, Purpose::Restore, "alice@Example.org").await;
        assert_eq!(db.store.change_address(&change, Some(&back), event()).await.unwrap(), Done);
        let squatter = new_user("alice");
        assert!(!db.untouched(db.store.add_user(&squatter, event())).await.unwrap());
        let change = link(&db.store, bob, Purpose::Change, "alice@example.org").await;
        let refused = db.untouched(db.store.change_address(&change, None, event())).await;
        assert_eq!(refused.unwrap(), Taken);
        // Herself she may go back by another change; and later anybody may have it.
        let home = link(&db.store, alice, Purpose::Change, "alice@example.org").await;
        assert_eq!(db.store.change_address(&home, None, event()).await.unwrap(), Done);
        let away = link(&db.store, alice, Purpose::Change, "new@example.org").await;
        assert_eq!(db.store.change_address(&away, None, event()).await.unwrap(), Done);
        assert!(db.store.add_user(&squatter, event_at(after(LIFE))).await.unwrap());
    }

    async fn a_sign_up_brings_its_link_or_nothing(db) {
        let alice = new_user("alice");
        let link = |user: i64| NewLink {
            id: new_id(),
            digest: digest("link"),
            purpose: Purpose::Verify,
            user,
            email: "alice@Example.org".into(),
            email_key: "alice@example.org".into(),
            made_for: NewLink::made_for(Purpose::Verify, "alice@example.org", None),
            expires: after(LIFE),
            sealed: Vec::new(),
            mail_to: "alice@Example.org".into(),
            language: None,
        };
        let made = link(alice.id);
        assert!(db.store.sign_up(&alice, &made, event()).await.unwrap());
        let again = new_user("alice");
        assert!(!db.untouched(db.store.sign_up(&again, &link(again.id), event())).await.unwrap());
        let found = db.store.user_link(made.id, &digest("link"), Purpose::Verify, NOW).await;
        assert!(db.store.verify_address(&found.unwrap().unwrap(), event()).await.unwrap());
        assert!(address(db, alice.id).await.1);
    }

    async fn of_twenty_uses_one_counts(db) {
        let alice = db.user("alice").await;
        let other = db.other().await;
        let stores = [db.store.clone(), other];
        let reset = link(&db.store, alice, Purpose::Reset, "alice@Example.org").await;
        let verify = link(&db.store, alice, Purpose::Verify, "alice@Example.org").await;
        let verified = race(20, |number| {
            let (store, verify) = (stores[number % 2].clone(), verify.clone());
            async move { store.verify_address(&verify, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&verified, &true), 1);
        let reset_by = race(20, |number| {
            let (store, reset) = (stores[number % 2].clone(), reset.clone());
            let hash = format!("hash {number}");
            async move { store.reset_password(&reset, &hash, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&reset_by, &true), 1);
        let winner = reset_by.iter().position(|it| *it).unwrap();
        let hash = db.store.password_of(alice).await.unwrap().unwrap();
        assert_eq!(hash, format!("hash {winner}"));
        let back = link(&db.store, alice, Purpose::Restore, "old@example.org").await;
        let restored = race(20, |number| {
            let (store, back) = (stores[number % 2].clone(), back.clone());
            async move { store.restore_address(&back, "hers", event()).await.unwrap() }
        }).await;
        assert_eq!((count(&restored, &Done), count(&restored, &Spent)), (1, 19));
    }

    /// Two links of one user: the second finds another password than it was made for.
    async fn of_two_resets_one_counts(db) {
        let alice = db.user("alice").await;
        let links = [
            link(&db.store, alice, Purpose::Reset, "alice@Example.org").await,
            link(&db.store, alice, Purpose::Reset, "alice@Example.org").await,
        ];
        let done = race(2, |number| {
            let (store, link) = (db.store.clone(), links[number].clone());
            async move { store.reset_password(&link, &format!("{number}"), event()).await.unwrap() }
        }).await;
        assert_eq!(count(&done, &true), 1);
    }

    /// By change or by sign-up: whoever is first.
    async fn an_address_is_taken_once(db) {
        let mut links = Vec::new();
        for number in 0..6 {
            let user = db.user(&format!("user{number}")).await;
            links.push(link(&db.store, user, Purpose::Change, "wanted@example.org").await);
        }
        let other = db.other().await;
        let stores = [db.store.clone(), other];
        let done = race(12, |number| {
            let store = stores[number % 2].clone();
            let link = links[number / 2].clone();
            async move {
                match number % 2 {
                    0 => store.change_address(&link, None, event()).await.unwrap() == Done,
                    _ => store.add_user(&new_user("wanted"), event()).await.unwrap(),
                }
            }
        }).await;
        assert_eq!(count(&done, &true), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM users WHERE email_key = 'wanted@example.org'").await, 1);
    }

    /// Who gives an address up keeps the way back, whoever signs up in that moment.
    async fn no_sign_up_slips_in_behind_a_change(db) {
        let other = db.other().await;
        for round in 0..10 {
            let name = format!("alice{round}");
            let alice = db.user(&name).await;
            let old = format!("{name}@Example.org");
            let change = link(&db.store, alice, Purpose::Change, &format!("new{round}@example.org")).await;
            let back = new_link(&db.store, alice, Purpose::Restore, &old).await;
            let back = std::sync::Arc::new(back);
            let taken = race(4, |number| {
                let (change, back, name) = (change.clone(), back.clone(), name.clone());
                let store = if number == 0 { db.store.clone() } else { other.clone() };
                async move {
                    match number {
                        0 => store.change_address(&change, Some(&back), event()).await.unwrap() != Done,
                        _ => store.add_user(&new_user(&name), event()).await.unwrap(),
                    }
                }
            }).await;
            assert_eq!(count(&taken, &true), 0);
        }
    }

    async fn links_and_places_are_swept(db) {
        let alice = db.user("alice").await;
        mailed(&db.store, alice, Purpose::Verify, "alice@Example.org").await;
        db.session(alice).await;
        db.store.sweep(after(LIFE)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM user_links").await, 1);
        db.store.sweep(after(LIFE + 1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM user_links").await, 0);
        db.store.sweep(NOW + Millis::days(400)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM places").await, 1);
        db.store.sweep(NOW + Millis::days(400) + Millis(1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM places").await, 0);
    }

    async fn who_was_there_and_when_is_noted_once_a_place(db) {
        let alice = db.user("alice").await;
        for at in [NOW, after(5)] {
            assert!(db.store.add_session(&new_session(alice), event_at(at)).await.unwrap());
        }
        let sql = "SELECT last_at - first_at FROM places";
        assert_eq!(db.number(sql).await, 5);
        let mut elsewhere = new_session(alice);
        elsewhere.address = "198.51.100.1".into();
        assert!(db.store.add_session(&elsewhere, event_at(after(9))).await.unwrap());
        assert_eq!(db.number("SELECT COUNT(*) FROM places").await, 2);
    }
}
