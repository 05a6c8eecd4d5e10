//! Who acts for the operator, and that somebody always does.

use crate::{
    actors::new_user,
    world::{Db, NOW, after, count, event, event_at, race},
};
use grantor_protocol::role::Role;
use grantor_store::{
    Error,
    audit::{Actor, Event, Office},
    users::{NewUser, User},
};

impl Db {
    async fn officer(&self, name: &str, role: Role) -> i64 {
        let user = self.user(name).await;
        assert!(
            self.store
                .set_role(user, Some(role), event())
                .await
                .unwrap()
        );
        user
    }

    async fn read(&self, user: i64) -> User {
        (*self.store.user(user).await.unwrap().unwrap()).clone()
    }
}

/// Of somebody with a role, upon another.
fn by(actor: i64, role: Role, upon: i64) -> Event {
    let office = Office {
        role,
        upon: Some(upon),
    };
    let actor = Actor {
        user: Some(actor),
        office: Some(office),
        ..Actor::default()
    };
    Event {
        user: Some(upon),
        actor,
        ..event_at(after(5))
    }
}

contract! {
    async fn a_role_is_given_and_taken(db) {
        let (ada, bob) = (db.officer("ada", Role::Admin).await, db.user("bob").await);
        assert_eq!(db.read(bob).await.role(), None);
        for role in [Role::Support, Role::Admin] {
            assert!(db.store.set_role(bob, Some(role), event()).await.unwrap());
            assert_eq!(db.read(bob).await.role(), Some(role));
            assert!(!db.untouched(db.store.set_role(bob, Some(role), event())).await.unwrap());
        }
        let all = db.store.users_with_a_role().await.unwrap();
        let mut all: Vec<_> = all.iter().map(|user| user.id).collect();
        all.sort_unstable();
        let mut both = vec![ada, bob];
        both.sort_unstable();
        assert_eq!(all, both);
        assert!(db.store.set_role(bob, None, event()).await.unwrap());
        assert_eq!(db.read(bob).await.role(), None);
        assert!(!db.untouched(db.store.set_role(99, Some(Role::Admin), event())).await.unwrap());
    }

    /// What was open before has no part in it.
    async fn a_role_begins_with_a_new_login(db) {
        let bob = db.user("bob").await;
        let session = db.session(bob).await;
        assert!(db.store.set_role(bob, Some(Role::Support), event()).await.unwrap());
        assert!(db.store.sessions_of(bob, NOW).await.unwrap().iter().all(|it| it.id != session.id));
    }

    /// Another node has it cached, and forgets.
    async fn other_nodes_hear_of_it(db) {
        let (bob, other) = (db.user("bob").await, db.other().await);
        assert_eq!(other.user(bob).await.unwrap().unwrap().role(), None);
        assert!(db.store.set_role(bob, Some(Role::Support), event()).await.unwrap());
        other.ping().await.unwrap();
        assert_eq!(other.user(bob).await.unwrap().unwrap().role(), Some(Role::Support));
    }

    async fn the_last_administrator_stays(db) {
        let ada = db.officer("ada", Role::Admin).await;
        for role in [None, Some(Role::Support)] {
            assert!(!db.untouched(db.store.set_role(ada, role, event())).await.unwrap());
        }
        assert!(!db.untouched(db.store.disable_user(ada, event())).await.unwrap());
        // One whose account is disabled is none.
        let bob = db.officer("bob", Role::Admin).await;
        assert!(db.store.disable_user(bob, event()).await.unwrap());
        assert!(!db.untouched(db.store.set_role(ada, None, event())).await.unwrap());
        assert!(db.store.set_role(bob, None, event()).await.unwrap(), "he is not the last");
        db.store.enable_user(bob, event()).await.unwrap();
        assert!(db.store.set_role(bob, Some(Role::Admin), event()).await.unwrap());
        assert!(db.store.disable_user(ada, event()).await.unwrap());
    }

    /// Each takes the other's role, at two nodes at the same moment.
    async fn of_two_who_demote_each_other_one_stays(db) {
        for round in 0..10 {
            let ada = db.officer(&format!("ada{round}"), Role::Admin).await;
            let bob = db.officer(&format!("bob{round}"), Role::Admin).await;
            for former in db.store.users_with_a_role().await.unwrap() {
                if ![ada, bob].contains(&former.id) {
                    assert!(db.store.set_role(former.id, None, event()).await.unwrap());
                }
            }
            let other = db.other().await;
            let answers = race(2, |number| {
                let (store, actor, upon) = match number {
                    0 => (db.store.clone(), ada, bob),
                    _ => (other.clone(), bob, ada),
                };
                async move {
                    match store.set_role(upon, None, by(actor, Role::Admin, upon)).await {
                        Ok(done) => done,
                        Err(Error::RoleEnded) => false,
                        Err(error) => panic!("{error}"),
                    }
                }
            }).await;
            assert_eq!(count(&answers, &true), 1, "round {round}");
            assert_eq!(db.store.users_with_a_role().await.unwrap().len(), 1);
        }
    }

    /// The same without a role behind it, as at two command lines: one disables, one demotes.
    async fn however_they_go_one_stays(db) {
        for round in 0..10 {
            let ada = db.officer(&format!("ada{round}"), Role::Admin).await;
            let bob = db.officer(&format!("bob{round}"), Role::Admin).await;
            for former in db.store.users_with_a_role().await.unwrap() {
                if ![ada, bob].contains(&former.id) {
                    db.store.set_role(former.id, None, event()).await.unwrap();
                }
            }
            let other = db.other().await;
            race(2, |number| {
                let store = if number == 0 { &db.store } else { &other }.clone();
                async move {
                    match number {
                        0 => store.set_role(ada, None, event()).await.unwrap(),
                        _ => store.disable_user(bob, event()).await.unwrap(),
                    }
                }
            }).await;
            assert!(db.store.has_administrator().await.unwrap(), "round {round}");
        }
    }

    /// A role counts when the change is written, not when it was asked for.
    async fn an_act_is_written_only_while_its_role_reaches(db) {
        let ada = db.officer("ada", Role::Admin).await;
        let sue = db.officer("sue", Role::Support).await;
        let bob = db.user("bob").await;
        let refused = async |event: Event| {
            let upon = event.user.unwrap();
            matches!(db.store.end_all_sessions(upon, event).await, Err(Error::RoleEnded))
        };
        assert!(db.untouched(refused(by(bob, Role::Support, sue))).await, "no role");
        assert!(db.untouched(refused(by(sue, Role::Admin, bob))).await, "a lower role");
        assert!(db.untouched(refused(by(sue, Role::Support, ada))).await, "upon a colleague");
        assert!(!refused(by(sue, Role::Support, bob)).await);
        assert!(!refused(by(ada, Role::Admin, sue)).await);
        db.store.disable_user(sue, event()).await.unwrap();
        assert!(db.untouched(refused(by(sue, Role::Support, bob))).await, "disabled");
    }

    async fn a_first_administrator_comes_with_the_account(db) {
        let ada = NewUser { admin: true, ..new_user("ada") };
        assert!(db.store.add_user(&ada, event()).await.unwrap());
        assert_eq!(db.read(ada.id).await.role(), Some(Role::Admin));
    }
}
