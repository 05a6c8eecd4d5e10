//! Who does what one node does for all.

use crate::world::{after, count, new_id, race};
use grantor_protocol::time::Millis;

const LENGTH: Millis = Millis(1000);

contract! {
    async fn a_lease_has_one_holder_at_a_time(db) {
        let (one, other) = (new_id(), new_id());
        let take = async |name: &str, holder, at| db.store.lease(name, holder, LENGTH, after(at)).await.unwrap();
        assert!(take("sweep", one, 0).await);
        assert!(!db.untouched(take("sweep", other, 999)).await);
        assert!(take("mail", other, 0).await, "another lease");
        // Prolonged, then over, then given back.
        assert!(take("sweep", one, 500).await);
        assert!(!take("sweep", other, 1499).await);
        assert!(take("sweep", other, 1500).await);
        assert!(!take("sweep", one, 1600).await);
        db.store.yield_leases(other).await.unwrap();
        assert!(take("sweep", one, 1600).await && take("mail", one, 1600).await);
    }

    async fn of_many_one_takes_it(db) {
        for round in 0..20 {
            let other = db.other().await;
            let answers = race(20, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                async move { store.lease("sweep", number as i64, LENGTH, after(round * 1000)).await.unwrap() }
            }).await;
            // Whoever had it may have it again, and nobody else beside.
            assert_eq!(count(&answers, &true), 1, "round {round}");
        }
    }
}
