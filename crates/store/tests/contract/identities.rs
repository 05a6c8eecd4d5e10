use crate::{
    actors::{digest, new_user},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::openid::linking::{Holder, Left};
use grantor_store::{
    audit::Event,
    identities::{Connected, Made, NewIdentity},
    users::{NewAddress, NewUser},
};

const ISSUER: &str = "https://id.example";

fn identity(subject: &str) -> NewIdentity {
    NewIdentity {
        id: new_id(),
        issuer: ISSUER.into(),
        subject: subject.into(),
        label: format!("{subject}@id.example"),
    }
}

impl Db {
    async fn journey(&self) -> i64 {
        let id = new_id();
        let begun = self
            .store
            .begin_journey(id, digest("cookie"), "{}", after(100));
        begun.await.unwrap();
        id
    }

    async fn link(&self, user: i64, subject: &str) -> Connected {
        let journey = self.journey().await;
        self.link_by((journey, user), subject, event()).await
    }

    async fn link_by(&self, (journey, user): (i64, i64), subject: &str, event: Event) -> Connected {
        let one = identity(subject);
        let connected = self
            .store
            .connect(Some(journey), (user, &one), false, event);
        connected.await.unwrap()
    }

    async fn adopt(&self, user: i64, subject: &str) -> Connected {
        let journey = self.journey().await;
        let one = identity(subject);
        let connected = self
            .store
            .connect(Some(journey), (user, &one), true, event());
        connected.await.unwrap()
    }

    async fn make(&self, journey: i64, user: &NewUser, subject: &str) -> Made {
        let one = identity(subject);
        let made = self
            .store
            .add_user_from_elsewhere(Some(journey), (user, &one), event());
        made.await.unwrap()
    }

    async fn holder(&self, subject: &str) -> Option<Holder> {
        self.store.holder(ISSUER, subject).await.unwrap()
    }
}

fn without_password(name: &str) -> NewUser {
    NewUser {
        password: None,
        email_verified: true,
        ..new_user(name)
    }
}

contract! {
    async fn a_journey_is_its_browsers_and_ends_once(db) {
        let id = db.journey().await;
        let facts = async |text, now| db.store.journey(id, &digest(text), now).await.unwrap();
        assert_eq!(facts("cookie", after(99)).await.as_deref(), Some("{}"));
        assert_eq!(facts("another cookie", NOW).await, None);
        assert_eq!(facts("cookie", after(100)).await, None);
        assert!(!db.untouched(db.store.end_journey(id, after(100))).await.unwrap());
        assert!(db.store.end_journey(id, after(99)).await.unwrap());
        assert!(!db.store.end_journey(id, NOW).await.unwrap());
        assert_eq!(facts("cookie", NOW).await, None);
    }

    async fn of_twenty_who_come_back_from_one_journey_one_does(db) {
        let other = db.other().await;
        let id = db.journey().await;
        let answers = race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.end_journey(id, NOW).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
    }

    async fn journeys_are_swept(db) {
        db.journey().await;
        db.store.sweep(after(100)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM journeys").await, 1);
        db.store.sweep(after(101)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM journeys").await, 0);
    }

    async fn an_identity_is_one_users(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        assert_eq!(db.holder("7").await, None);
        assert_eq!(db.link(alice, "7").await, Connected::Done);
        assert_eq!(db.link(bob, "7").await, Connected::Refused);
        assert_eq!(db.holder("7").await, Some(Holder { user: alice, active: true }));
        assert_eq!(db.store.holder("https://other.example", "7").await.unwrap(), None);
        let used = async |label, at| db.store.use_identity((ISSUER, "7"), label, at).await.unwrap();
        used(Some("new@id.example"), after(4)).await;
        used(None, after(5)).await;
        let known = &db.store.identities_of(alice).await.unwrap()[0];
        assert_eq!((&*known.label, known.used, known.created), ("new@id.example", after(5), NOW));
        assert!(db.store.identities_of(bob).await.unwrap().is_empty());
        db.store.disable_user(alice, event()).await.unwrap();
        assert_eq!(db.holder("7").await, Some(Holder { user: alice, active: false }));
        assert_eq!(db.link(alice, "8").await, Connected::Refused);
    }

    async fn a_refused_connection_ends_no_journey(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        assert_eq!(db.link(alice, "7").await, Connected::Done);
        let by = (db.journey().await, bob);
        let refused = db.untouched(db.link_by(by, "7", event())).await;
        assert_eq!(refused, Connected::Refused);
        let late = db.link_by(by, "8", event_at(after(100)));
        assert_eq!(db.untouched(late).await, Connected::Spent);
        assert_eq!(db.link_by(by, "8", event()).await, Connected::Done);
    }

    /// Whoever made an account under another's address does not get her by it, nor she it.
    async fn only_an_account_that_nobody_could_use_is_adopted(db) {
        let adopt = async |name: &str, change: fn(&mut NewUser)| {
            let mut user = without_password(name);
            change(&mut user);
            assert!(db.store.add_user(&user, event()).await.unwrap());
            db.adopt(user.id, name).await
        };
        assert_eq!(adopt("a", |_| ()).await, Connected::Done);
        assert_eq!(adopt("b", |user| user.password = Some("hash".into())).await, Connected::Refused);
        assert_eq!(adopt("c", |user| user.email_verified = false).await, Connected::Refused);
        assert_eq!(adopt("d", |user| user.admin = true).await, Connected::Refused);
        // Hers by one provider, it is nobody's by another one.
        let user = without_password("e");
        assert!(db.store.add_user(&user, event()).await.unwrap());
        assert_eq!(db.link(user.id, "e").await, Connected::Done);
        assert_eq!(db.adopt(user.id, "e elsewhere").await, Connected::Refused);
    }

    async fn an_account_and_its_identity_are_made_together(db) {
        let journey = db.journey().await;
        let (alice, bob) = (without_password("alice"), without_password("bob"));
        assert_eq!(db.make(journey, &alice, "7").await, Made::Done);
        assert_eq!(db.holder("7").await, Some(Holder { user: alice.id, active: true }));
        assert_eq!(db.untouched(db.make(journey, &bob, "8")).await, Made::Spent);
        let journey = db.journey().await;
        let namesake = without_password("alice");
        assert_eq!(db.untouched(db.make(journey, &namesake, "8")).await, Made::AddressTaken);
        assert_eq!(db.untouched(db.make(journey, &bob, "7")).await, Made::IdentityTaken);
        assert_eq!(db.make(journey, &bob, "8").await, Made::Done);
    }

    async fn of_twenty_accounts_that_want_one_identity_one_gets_it(db) {
        let other = db.other().await;
        let mut wanting = Vec::new();
        for number in 0..20 {
            let user = db.user(&format!("user{number}")).await;
            wanting.push((user, db.journey().await));
        }
        let answers = race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            let (user, journey) = wanting[number];
            async move {
                let one = identity("7");
                // Half of them have an account, half make one.
                match number % 4 < 2 {
                    true => store.connect(Some(journey), (user, &one), false, event()).await.unwrap() == Connected::Done,
                    false => {
                        let new = without_password(&format!("new{number}"));
                        let made = store.add_user_from_elsewhere(Some(journey), (&new, &one), event());
                        made.await.unwrap() == Made::Done
                    }
                }
            }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM identities").await, 1);
    }

    async fn the_last_way_in_stays(db) {
        let alice = without_password("alice");
        assert!(db.store.add_user(&alice, event()).await.unwrap());
        for subject in ["7", "8"] {
            assert_eq!(db.link(alice.id, subject).await, Connected::Done);
        }
        let ids: Vec<i64> = db.store.identities_of(alice.id).await.unwrap().iter().map(|it| it.id).collect();
        let [one, two] = ids[..] else { panic!("two") };
        let remove = async |id, user, left| db.store.disconnect(id, user, left, event()).await.unwrap();
        assert!(!remove(one, alice.id, Left::Password).await);
        let bob = db.user("bob").await;
        assert!(!remove(one, bob, Left::Password).await);
        // Both are removed at once, each because the other is left.
        let other = db.other().await;
        let answers = race(2, |number| {
            let store = if number == 0 { &db.store } else { &other }.clone();
            let (gone, left) = if number == 0 { (one, two) } else { (two, one) };
            let user = alice.id;
            async move { store.disconnect(gone, user, Left::Other(left), event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(db.store.identities_of(alice.id).await.unwrap().len(), 1);
    }

    async fn an_address_that_another_has_is_not_followed(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let follow = async |user, email: &str, verified| {
            let key = email.to_ascii_lowercase();
            let address = NewAddress { email, email_key: &key, verified };
            db.store.follow_address(user, &address, event_at(after(5))).await.unwrap()
        };
        assert!(follow(alice, "Alice@New.example", true).await);
        let now = db.store.user(alice).await.unwrap().unwrap();
        assert_eq!((&*now.email, now.email_verified), ("Alice@New.example", true));
        assert!(!db.untouched(follow(bob, "alice@new.example", true)).await);
        assert!(follow(alice, "alice@new.example", false).await);
        let now = db.store.user(alice).await.unwrap().unwrap();
        assert_eq!((&*now.email, now.email_verified), ("alice@new.example", false));
    }
}
