use crate::world::{NOW, after, race};
use grantor_protocol::time::Millis;

const WINDOW: Millis = Millis::minutes(15);

contract! {
    async fn a_window_counts_and_ends(db) {
        let store = &db.store;
        for count in 1..=3 {
            let hits = store.hit("login:alice", WINDOW, after(count)).await.unwrap();
            assert_eq!((hits.count, hits.resets), (count, after(1) + WINDOW));
        }
        assert_eq!(store.hit("login:bob", WINDOW, NOW).await.unwrap().count, 1);
        let last = after(1) + WINDOW - Millis(1);
        assert_eq!(store.hit("login:alice", WINDOW, last).await.unwrap().count, 4);
        let next = store.hit("login:alice", WINDOW, after(1) + WINDOW).await.unwrap();
        assert_eq!((next.count, next.resets), (1, after(1) + WINDOW + WINDOW));
    }

    async fn the_right_password_clears(db) {
        db.store.hit("a", WINDOW, NOW).await.unwrap();
        db.store.hit("b", WINDOW, NOW).await.unwrap();
        db.store.clear_hits("a").await.unwrap();
        db.store.clear_hits("never seen").await.unwrap();
        assert_eq!(db.store.hit("a", WINDOW, NOW).await.unwrap().count, 1);
        assert_eq!(db.store.hit("b", WINDOW, NOW).await.unwrap().count, 2);
    }

    /// CVE-2024-4629: parallel guesses must not share a number.
    async fn parallel_guesses_are_all_counted(db) {
        let other = db.other().await;
        let mut counts: Vec<_> = race(200, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.hit("login:alice", WINDOW, NOW).await.unwrap().count }
        }).await;
        counts.sort_unstable();
        assert_eq!(counts, (1..=200).collect::<Vec<_>>());
    }

    async fn a_window_begins_once_for_all_who_end_the_last(db) {
        db.store.hit("k", WINDOW, NOW).await.unwrap();
        let later = NOW + WINDOW;
        let mut counts: Vec<_> = race(50, |_| {
            let store = db.store.clone();
            async move { store.hit("k", WINDOW, later).await.unwrap().count }
        }).await;
        counts.sort_unstable();
        assert_eq!(counts, (1..=50).collect::<Vec<_>>());
    }
}
