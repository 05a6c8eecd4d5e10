//! What the operator looks for.

use crate::{
    actors::{new_user, try_code},
    world::{Db, event},
};
use grantor_protocol::client::ClientKind;
use grantor_store::{
    find::{AppsBy, UsersBy},
    users::NewUser,
};

impl Db {
    async fn called(&self, name: &str, address: &str) -> i64 {
        let user = NewUser {
            name: name.into(),
            email: address.into(),
            email_key: address.into(),
            ..new_user("x")
        };
        assert!(self.store.add_user(&user, event()).await.unwrap());
        user.id
    }

    /// All that is found, a page after the other.
    async fn find(&self, mut by: UsersBy, limit: usize) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let found = self.store.find_users(&by, limit).await.unwrap();
            assert!(found.items.len() <= limit);
            names.extend(found.items.into_iter().map(|user| user.name));
            match found.next {
                Some(next) => by = next,
                None => return names,
            }
        }
    }
}

contract! {
    async fn users_are_found_by_the_beginning_of_a_name(db) {
        for (number, name) in ["Ada Lovelace", "ada byron", "Adam", "Bob", "ADA", "ad", "Ädam", "Ada Lovelace"].into_iter().enumerate() {
            db.called(name, &format!("user{number}@example.org")).await;
        }
        let ada = ["ADA", "ada byron", "Ada Lovelace", "Ada Lovelace", "Adam"];
        for limit in [1, 2, 3, 50] {
            assert_eq!(db.find(UsersBy::Name("Ada".into()), limit).await, ada, "{limit} at once");
        }
        assert_eq!(db.find(UsersBy::Name("ada l".into()), 9).await, ["Ada Lovelace"; 2]);
        assert_eq!(db.find(UsersBy::Name("Ädam".into()), 9).await, ["Ädam"]);
        for nothing in ["lovelace", "%", "_da", "ada'", "\\", "\u{10ffff}"] {
            assert_eq!(db.find(UsersBy::Name(nothing.into()), 9).await, [""; 0], "{nothing}");
        }
    }

    async fn users_are_found_by_the_beginning_of_an_address(db) {
        for address in ["ada@example.org", "ada@example.com", "adam@example.org", "bob-1@example.org", "bob_1@example.org"] {
            db.called(address, address).await;
        }
        for limit in [1, 9] {
            assert_eq!(db.find(UsersBy::Address("ada@".into()), limit).await, ["ada@example.com", "ada@example.org"]);
        }
        assert_eq!(db.find(UsersBy::Address("bob-".into()), 9).await, ["bob-1@example.org"]);
    }

    async fn all_users_in_pages(db) {
        for number in 0..7 {
            db.user(&format!("user{number}")).await;
        }
        assert_eq!(db.find(UsersBy::All(0), 3).await.len(), 7);
        let bob = db.user("bob").await;
        assert_eq!(db.find(UsersBy::Id(bob), 3).await, ["bob"]);
        assert_eq!(db.find(UsersBy::Id(5), 3).await, [""; 0]);
    }

    async fn apps_are_found_by_the_beginning_of_a_name(db) {
        let owner = db.user("olga").await;
        let app = db.app(owner, ClientKind::Confidential).await;
        let found = db.store.find_apps(&AppsBy { begins: app.name[..3].to_lowercase(), last: None }, 9).await.unwrap();
        assert_eq!(found.items.iter().map(|it| it.client.id).collect::<Vec<_>>(), [app.client.id]);
        db.store.delete_app(app.client.id, owner, event()).await.unwrap();
        let found = db.store.find_apps(&AppsBy::default(), 9).await.unwrap();
        assert!(found.items.is_empty() && found.next.is_none());
    }

    async fn connections_and_tokens_are_found(db) {
        let owner = db.user("olga").await;
        let app = db.app(owner, ClientKind::Confidential).await;
        let mut grants = Vec::new();
        for number in 0..5 {
            let user = db.user(&format!("user{number}")).await;
            grants.push(try_code(&db.store, &app, user).await.unwrap().0);
        }
        grants.reverse();
        let first = db.store.grants_of_app(app.client.id, i64::MAX, 3).await.unwrap();
        let second = db.store.grants_of_app(app.client.id, first.next.unwrap(), 3).await.unwrap();
        assert!(second.next.is_none());
        let seen: Vec<_> = first.items.iter().chain(&second.items).map(|grant| grant.id).collect();
        assert_eq!(seen, grants);
        let one = db.store.grant(grants[0]).await.unwrap().unwrap();
        assert!(db.store.end_grant(one.id, one.user, event()).await.unwrap());
        assert!(db.store.grant(one.id).await.unwrap().is_none());
    }
}
