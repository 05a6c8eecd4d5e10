use crate::{
    actors::{about, new_pat, new_session, new_user},
    world::{Db, NOW, after, count, event, race},
};
use grantor_protocol::openid::profile::Profile;
use grantor_store::{
    deletion::Deleted,
    provisioned::{Called, NewPerson, Person, Provisioned, Update},
    users::NewUser,
};

fn called(external_id: &str, user_name: &str) -> Called {
    Called {
        external_id: Some(external_id.into()),
        user_name: Some(user_name.into()),
        email_type: Some("work".into()),
    }
}

async fn add(db: &Db, user: NewUser, called: &Called) -> Provisioned {
    let profile = Profile {
        nickname: Some("Al".into()),
        ..Profile::default()
    };
    let new = NewPerson {
        user: NewUser { profile, ..user },
        disabled: false,
        called,
    };
    db.store.add_person(&new, event()).await.unwrap()
}

fn update<'a>(person: &'a Person, called: &'a Called) -> Update<'a> {
    Update {
        user: person.user.id,
        read: person.user.updated,
        about: about("Alice", None),
        address: None,
        called,
        disabled: None,
        password: None,
        taken_over: false,
    }
}

contract! {
    async fn somebody_from_elsewhere_is_found_by_every_name(db) {
        let new = new_user("alice");
        let (id, called) = (new.id, called("E-1", "ALICE.B"));
        assert_eq!(add(db, new, &called).await, Provisioned::Done);
        let itself = db.user("bob").await;
        let found = [
            db.store.person(id).await.unwrap(),
            db.store.person_by_external_id("E-1").await.unwrap(),
            db.store.person_by_user_name("alice.b").await.unwrap(),
            db.store.person_by_address("Alice@Example.Org").await.unwrap(),
        ];
        for person in found.map(Option::unwrap) {
            assert_eq!((person.user.id, &person.called, person.changed), (id, &called, Some(NOW)));
            assert_eq!(person.user.profile.nickname.as_deref(), Some("Al"));
        }
        assert!(db.store.person_by_external_id("e-1").await.unwrap().is_none());
        assert!(db.store.person_by_user_name("alice@example.org").await.unwrap().is_none(), "she has another name");
        let bob = db.store.person_by_user_name("Bob@example.org").await.unwrap().unwrap();
        assert_eq!((bob.user.id, bob.called, bob.changed), (itself, Called::default(), None));
    }

    async fn a_name_or_an_address_is_one_persons(db) {
        assert_eq!(add(db, new_user("alice"), &called("1", "alice")).await, Provisioned::Done);
        for (user, called, verdict) in [
            (new_user("alice"), called("2", "other"), Provisioned::AddressTaken),
            (new_user("bob"), called("1", "other"), Provisioned::NameTaken),
            (new_user("bob"), called("2", "Alice"), Provisioned::NameTaken),
        ] {
            assert_eq!(db.untouched(add(db, user, &called)).await, verdict);
        }
        let answers = race(16, |number| {
            let store = db.store.clone();
            async move {
                let called = called("same", &format!("name {number}"));
                let user = new_user(&format!("user{number}"));
                let new = NewPerson { user, disabled: false, called: &called };
                store.add_person(&new, event()).await.unwrap()
            }
        }).await;
        assert_eq!(count(&answers, &Provisioned::Done), 1);
        assert_eq!(count(&answers, &Provisioned::NameTaken), 15);
    }

    async fn an_update_is_whole_or_nothing(db) {
        add(db, new_user("alice"), &called("1", "alice")).await;
        add(db, new_user("bob"), &called("2", "bob")).await;
        let alice = db.store.person_by_external_id("1").await.unwrap().unwrap();
        let session = new_session(alice.user.id);
        assert!(db.store.add_session(&session, event()).await.unwrap());
        for (names, address, verdict) in [
            (called("1", "BOB"), None, Provisioned::NameTaken),
            (called("2", "alice"), None, Provisioned::NameTaken),
            (called("1", "alice"), Some(("bob@example.org", "bob@example.org".to_owned())), Provisioned::AddressTaken),
        ] {
            let update = Update { address, disabled: Some(true), ..update(&alice, &names) };
            let refused = db.untouched(db.store.update_person(&update, vec![event(), event()])).await.unwrap();
            assert_eq!(refused, verdict);
        }
        let names = called("1", "alice2");
        let update = Update {
            address: Some(("a@example.org", "a@example.org".into())),
            password: Some("new"),
            ..update(&alice, &names)
        };
        let done = db.store.update_person(&update, vec![event()]).await.unwrap();
        assert_eq!(done, Provisioned::Done);
        let after = db.store.person(alice.user.id).await.unwrap().unwrap();
        assert_eq!((after.user.email.as_str(), after.user.email_verified), ("a@example.org", true));
        assert_eq!((after.user.name.as_str(), &after.called), ("Alice", &names));
        assert_eq!(db.store.password_of(after.user.id).await.unwrap().as_deref(), Some("new"));
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none(), "another password");
        assert_eq!(db.store.user(after.user.id).await.unwrap().unwrap().email, "a@example.org", "memory knows");
    }

    async fn disabled_and_enabled_again(db) {
        add(db, new_user("alice"), &called("1", "alice")).await;
        let alice = db.store.person_by_external_id("1").await.unwrap().unwrap();
        let names = alice.called.clone();
        let to = |disabled| Update { disabled: Some(disabled), ..update(&alice, &names) };
        for (disabled, verdict) in [
            (true, Provisioned::Done),
            (true, Provisioned::Changed),
            (false, Provisioned::Done),
        ] {
            let done = db.store.update_person(&to(disabled), vec![event()]).await.unwrap();
            assert_eq!(done, verdict);
            assert_eq!(db.store.user(alice.user.id).await.unwrap().unwrap().disabled, disabled);
        }
    }

    async fn whoever_is_deleted_is_called_nothing(db) {
        add(db, new_user("alice"), &called("1", "alice")).await;
        let alice = db.store.person_by_external_id("1").await.unwrap().unwrap();
        assert_eq!(db.store.delete_user(alice.user.id, None, event()).await.unwrap(), Deleted::Done);
        assert!(db.store.person(alice.user.id).await.unwrap().is_none());
        assert_eq!(db.store.count_people().await.unwrap(), 0);
        assert!(db.store.people(0, 10).await.unwrap().is_empty());
        assert_eq!(add(db, new_user("alice"), &called("1", "alice")).await, Provisioned::Done, "all is free");
        let again = db.store.person_by_external_id("1").await.unwrap().unwrap();
        assert_ne!(again.user.id, alice.user.id);
    }

    async fn a_deleted_or_changed_person_is_not_written_to(db) {
        add(db, new_user("alice"), &called("1", "alice")).await;
        let alice = db.store.person_by_external_id("1").await.unwrap().unwrap();
        let names = called("1", "alice2");
        let stale = Update { read: after(-1), ..update(&alice, &names) };
        let refused = db.untouched(db.store.update_person(&stale, vec![event()])).await.unwrap();
        assert_eq!(refused, Provisioned::Changed, "she changed her photo meanwhile");
        assert_eq!(db.store.delete_user(alice.user.id, None, event()).await.unwrap(), Deleted::Done);
        let gone = db.store.user(alice.user.id).await.unwrap().unwrap();
        for address in [None, Some(("a@example.org", "a@example.org".to_owned()))] {
            let late = Update { address, read: gone.updated, ..update(&alice, &names) };
            let refused = db.untouched(db.store.update_person(&late, vec![event()])).await.unwrap();
            assert_eq!(refused, Provisioned::Changed);
        }
    }

    /// Whoever made the account to catch the address keeps nothing by which she could come back.
    async fn an_account_that_is_taken_over_belongs_to_the_directory(db) {
        let alice = db.user("alice").await;
        let session = new_session(alice);
        assert!(db.store.add_session(&session, event()).await.unwrap());
        let token = new_pat(alice, 9);
        assert!(db.store.add_personal_token(&token, event()).await.unwrap());
        let person = db.store.person(alice).await.unwrap().unwrap();
        let names = called("1", "alice");
        let address = Some((person.user.email.as_str(), person.user.email.clone()));
        let taken = Update { address, taken_over: true, ..update(&person, &names) };
        assert_eq!(db.store.update_person(&taken, vec![event()]).await.unwrap(), Provisioned::Done);
        assert!(db.store.user(alice).await.unwrap().unwrap().email_verified);
        assert_eq!(db.store.password_of(alice).await.unwrap(), None);
        assert!(db.store.session(session.id, &session.digest).await.unwrap().is_none());
        assert!(db.store.personal_tokens_of(alice).await.unwrap().is_empty());
    }

    async fn pages_of_people_and_their_number(db) {
        for name in ["a", "b", "c", "d"] {
            db.user(name).await;
        }
        assert_eq!(db.store.count_people().await.unwrap(), 4);
        let all: Vec<i64> = db.store.people(0, 10).await.unwrap().iter().map(|it| it.user.id).collect();
        let middle: Vec<i64> = db.store.people_from(1, 2).await.unwrap().iter().map(|it| it.user.id).collect();
        assert_eq!(middle, all[1..3]);
        assert_eq!(db.store.people(all[2], 10).await.unwrap().len(), 1);
    }

    async fn somebody_near_any_number_lends_her_password_hash(db) {
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(db.user(name).await);
        }
        ids.sort_unstable();
        for id in &ids {
            assert_eq!(db.store.password_near(*id).await.unwrap(), db.store.password_of(*id).await.unwrap());
        }
        assert_eq!(db.store.password_near(0).await.unwrap(), db.store.password_of(ids[0]).await.unwrap());
        assert_eq!(db.store.password_near(ids[2] + 1).await.unwrap(), None);
    }
}
