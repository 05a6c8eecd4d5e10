use crate::{
    actors::{digest, new_user},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_store::links::SetUp::{AddressTaken, Done, Spent};

contract! {
    async fn the_link_works_until_it_is_used(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        let works = async |digest, now| db.store.set_up_link_works(id, &digest, now).await.unwrap();
        assert!(works(digest("link"), NOW).await);
        assert!(!works(digest("a guess"), NOW).await);
        assert!(!works(digest("link"), after(100)).await);
        let alice = new_user("alice");
        assert_eq!(db.store.set_up(id, &alice, event()).await.unwrap(), Done);
        assert!(!works(digest("link"), NOW).await);
        let user = db.store.user(alice.id).await.unwrap().unwrap();
        assert!(user.admin && !user.email_verified);
        assert_eq!(db.store.password_of(alice.id).await.unwrap(), alice.password);
    }

    async fn an_expired_or_replaced_link_makes_nobody(db) {
        let (first, second) = (new_id(), new_id());
        db.store.add_set_up_link(first, digest("1"), after(100)).await.unwrap();
        db.store.add_set_up_link(second, digest("2"), after(100)).await.unwrap();
        assert!(!db.store.set_up_link_works(first, &digest("1"), NOW).await.unwrap());
        let alice = new_user("alice");
        for (link, at) in [(first, NOW), (new_id(), NOW), (second, after(100))] {
            let late = db.untouched(db.store.set_up(link, &alice, event_at(at))).await;
            assert_eq!(late.unwrap(), Spent);
        }
        assert_eq!(db.store.set_up(second, &alice, event_at(after(99))).await.unwrap(), Done);
    }

    /// Anybody may sign up first; that makes nobody the administrator.
    async fn a_stranger_closes_no_door(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        db.user("stranger").await;
        assert!(db.store.set_up_link_works(id, &digest("link"), NOW).await.unwrap());
        let taken = db.untouched(db.store.set_up(id, &new_user("stranger"), event())).await;
        assert_eq!(taken.unwrap(), AddressTaken);
        assert_eq!(db.store.set_up(id, &new_user("alice"), event()).await.unwrap(), Done);
    }

    async fn an_administrator_made_otherwise_closes_it(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        let mut admin = new_user("admin");
        admin.admin = true;
        db.store.add_user(&admin, event()).await.unwrap();
        assert!(!db.store.set_up_link_works(id, &digest("link"), NOW).await.unwrap());
        let late = db.untouched(db.store.set_up(id, &new_user("mallory"), event())).await;
        assert_eq!(late.unwrap(), Spent);
        // Once she is out, the link leads in again.
        db.execute("UPDATE users SET disabled_at = 1 WHERE admin_at IS NOT NULL").await;
        assert_eq!(db.store.set_up(id, &new_user("alice"), event()).await.unwrap(), Done);
    }

    async fn of_twenty_exactly_one_becomes_the_administrator(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        let stranger = db.user("stranger").await;
        let other = db.other().await;
        let answers = race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move {
                store.set_up(id, &new_user(&format!("user{number}")), event()).await.unwrap()
            }
        }).await;
        assert_eq!((count(&answers, &Done), count(&answers, &Spent)), (1, 19));
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM users WHERE id <> {stranger}")).await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events").await, 2);
    }
}
