use crate::{
    actors::{digest, new_user},
    world::{NOW, after, count, event, event_at, new_id, race},
};

contract! {
    async fn the_link_works_until_it_is_used(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        let works = async |digest, now| db.store.set_up_link_works(id, &digest, now).await.unwrap();
        assert!(works(digest("link"), NOW).await);
        assert!(!works(digest("a guess"), NOW).await);
        assert!(!works(digest("link"), after(100)).await);
        let alice = new_user("alice");
        assert!(db.store.set_up(id, &alice, event()).await.unwrap());
        assert!(!works(digest("link"), NOW).await);
        let user = db.store.user(alice.id).await.unwrap().unwrap();
        assert!(user.admin, "the first account administers");
        assert_eq!(db.store.password_of(alice.id).await.unwrap(), alice.password);
    }

    async fn an_expired_or_replaced_link_makes_nobody(db) {
        let (first, second) = (new_id(), new_id());
        db.store.add_set_up_link(first, digest("1"), after(100)).await.unwrap();
        db.store.add_set_up_link(second, digest("2"), after(100)).await.unwrap();
        assert!(!db.store.set_up_link_works(first, &digest("1"), NOW).await.unwrap());
        let alice = new_user("alice");
        assert!(!db.untouched(db.store.set_up(first, &alice, event())).await.unwrap());
        assert!(!db.untouched(db.store.set_up(new_id(), &alice, event())).await.unwrap());
        assert!(!db.untouched(db.store.set_up(second, &alice, event_at(after(100)))).await.unwrap());
        assert!(db.store.set_up(second, &alice, event_at(after(99))).await.unwrap());
    }

    async fn a_user_made_otherwise_closes_the_door(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        db.user("alice").await;
        assert!(!db.untouched(db.store.set_up(id, &new_user("mallory"), event())).await.unwrap());
    }

    async fn of_twenty_exactly_one_becomes_the_first(db) {
        let id = new_id();
        db.store.add_set_up_link(id, digest("link"), after(100)).await.unwrap();
        let other = db.other().await;
        let answers = race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.set_up(id, &new_user(&format!("user{number}")), event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM users"), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events"), 1);
    }
}
