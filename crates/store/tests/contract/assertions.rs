use crate::{
    actors::digest,
    world::{after, count, new_id, race},
};
use grantor_protocol::client::assertion::Once;

fn once(text: &str, expires: i64) -> Once {
    Once {
        digest: digest(text),
        expires: after(expires),
    }
}

contract! {
    async fn an_assertion_works_once(db) {
        let first = once("100 one", 60_000);
        assert!(db.store.use_assertion(new_id(), &first).await.unwrap());
        assert!(!db.untouched(db.store.use_assertion(new_id(), &first)).await.unwrap());
        let later = once("100 one", 90_000);
        assert!(!db.untouched(db.store.use_assertion(new_id(), &later)).await.unwrap());
        assert!(db.store.use_assertion(new_id(), &once("200 one", 60_000)).await.unwrap());
    }

    async fn of_two_nodes_with_the_same_assertion_one_wins(db) {
        let other = db.other().await;
        for round in 0..10 {
            let text = format!("100 {round}");
            let answers = race(20, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                let once = once(&text, 60_000);
                async move { store.use_assertion(new_id(), &once).await.unwrap() }
            }).await;
            assert_eq!(count(&answers, &true), 1);
        }
    }

    async fn it_is_remembered_as_long_as_it_could_be_taken(db) {
        let one = once("100 one", 60_000);
        db.store.use_assertion(new_id(), &one).await.unwrap();
        db.store.sweep(after(60_000)).await.unwrap();
        assert!(!db.store.use_assertion(new_id(), &one).await.unwrap());
        db.store.sweep(after(60_001)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM assertions").await, 0);
    }
}
