//! The audit log's chain: everything gets into it once, in one order, and what is done to
//! it afterwards is found.

use crate::world::{Db, NOW, after, event_at, race};
use grantor_protocol::{
    audit::{Finding, Link, Sum, Walk},
    time::{Millis, Timestamp},
};
use grantor_store::{Store, audit::Event};
use std::collections::BTreeSet;

const EVER: Timestamp = Timestamp(0);

/// A seal that only we can make, for a test.
fn mac(seq: i64, digest: &Sum) -> Vec<u8> {
    [&seq.to_be_bytes()[..], b"ours", &digest[..4]].concat()
}

fn ours(link: &Link, seal: &[u8]) -> bool {
    seal == mac(link.seq, &link.digest)
}

async fn seal(store: &Store) -> usize {
    store.seal_events(EVER, mac).await.unwrap()
}

/// Walks along the chain and looks for what is beside it.
async fn verify(store: &Store) -> (Walk, Vec<Finding>) {
    let (mut walk, mut found, mut after) = (Walk::default(), Vec::new(), 0);
    loop {
        let links = store.links(after, 50).await.unwrap();
        let Some((last, _)) = links.last() else { break };
        after = last.seq;
        for (link, event) in &links {
            found.extend(walk.next((link, event.as_ref()), ours));
        }
    }
    found.extend(walk.end().1);
    for event in store.unsealed((EVER, 0), 10).await.unwrap() {
        found.push(Finding::Inserted {
            event: event.id,
            at: event.at.0.to_string(),
        });
    }
    (walk, found)
}

impl Db {
    /// So many events, sealed in several stretches; their ids.
    async fn sealed(&self, number: i64) -> Vec<i64> {
        let mut ids = Vec::new();
        for place in 0..number {
            let event = Event {
                detail: format!("number {place}"),
                ..event_at(after(place))
            };
            ids.push(event.id);
            self.store.record(event).await.unwrap();
            if place % 7 == 6 {
                seal(&self.store).await;
            }
        }
        seal(&self.store).await;
        ids
    }
}

contract! {
    async fn every_event_comes_into_the_chain_once(db) {
        assert_eq!((seal(&db.store).await, db.store.chain_head().await.unwrap()), (0, None));
        let ids = db.sealed(450).await;
        assert_eq!(seal(&db.store).await, 0, "nothing is left");
        let links = db.store.links(0, 1000).await.unwrap();
        assert_eq!(links.iter().map(|(link, _)| link.seq).collect::<Vec<_>>(), (1..=450).collect::<Vec<_>>());
        assert_eq!(links.iter().map(|(link, _)| link.event).collect::<Vec<_>>(), ids);
        let (walk, found) = verify(&db.store).await;
        assert_eq!((walk.good, found), (450, vec![]));
    }

    /// Of a transaction that was under way, or a clock that is behind.
    async fn a_late_event_is_sealed_behind_later_ones(db) {
        let late = event_at(after(0));
        let ids = db.sealed(10).await;
        db.store.record(late.clone()).await.unwrap();
        assert_eq!(db.store.seal_events(after(8), mac).await.unwrap(), 0, "not looked for so far back");
        assert_eq!(db.store.seal_events(after(0) - Millis(1), mac).await.unwrap(), 1);
        let links = db.store.links(10, 10).await.unwrap();
        assert_eq!((links[0].0.seq, links[0].0.event), (11, late.id));
        assert!(late.id < ids[0]);
        assert_eq!(verify(&db.store).await.1, []);
        assert_eq!(db.store.sealed_until().await.unwrap(), Some(after(9)));
    }

    /// A lease spares work and proves nothing: two may believe that they have it.
    async fn two_who_seal_at_once_make_one_chain(db) {
        let other = db.other().await;
        for round in 0..5 {
            for place in 0..40 {
                db.store.record(event_at(after(round * 100 + place))).await.unwrap();
            }
            race(8, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                async move { seal(&store).await }
            }).await;
            seal(&db.store).await;
        }
        let (walk, found) = verify(&db.store).await;
        assert_eq!((walk.good, found), (200, vec![]));
        let links = db.store.links(0, 1000).await.unwrap();
        assert_eq!(links.iter().map(|(link, _)| link.event).collect::<BTreeSet<_>>().len(), 200);
    }

    /// While others write, on two nodes; and every one of theirs is there at the end.
    async fn writers_do_not_wait_for_it(db) {
        let other = db.other().await;
        race(6, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move {
                for place in 0..50 {
                    match number {
                        0 | 1 => drop(store.seal_events(EVER, mac).await.unwrap()),
                        _ => store.record(event_at(after(place))).await.unwrap(),
                    }
                }
            }
        }).await;
        seal(&db.store).await;
        let (walk, found) = verify(&db.store).await;
        assert_eq!((walk.good, found), (200, vec![]));
    }

    async fn a_changed_event_is_found(db) {
        let ids = db.sealed(20).await;
        for (column, value) in [
            ("detail", "'nothing'"), ("kind", "'app.created'"), ("actor_id", "7"), ("user_id", "8"), ("app_id", "9"),
            ("at", "at + 1"), ("address", "'192.0.2.1'"), ("request_id", "''"),
        ] {
            let id = ids[7];
            db.execute(&format!("CREATE TABLE kept AS SELECT * FROM audit_events WHERE id = {id}")).await;
            db.execute(&format!("UPDATE audit_events SET {column} = {value} WHERE id = {id}")).await;
            assert_eq!(verify(&db.store).await.1, [Finding::Changed { seq: 8, event: id }], "{column}");
            db.execute(&format!("DELETE FROM audit_events WHERE id = {id}; INSERT INTO audit_events SELECT * FROM kept; DROP TABLE kept")).await;
            assert_eq!(verify(&db.store).await.1, [], "{column} as it was");
        }
    }

    async fn a_removed_event_is_missed(db) {
        let ids = db.sealed(20).await;
        db.execute(&format!("DELETE FROM audit_events WHERE id = {}", ids[4])).await;
        assert_eq!(verify(&db.store).await.1, [Finding::Removed { seq: 5, event: ids[4] }]);
        db.execute(&format!("DELETE FROM audit_chain WHERE event_id = {}", ids[4])).await;
        assert_eq!(verify(&db.store).await.1, [Finding::Gap { from: 5, to: 5 }]);
    }

    async fn an_inserted_event_is_noticed(db) {
        db.sealed(20).await;
        let foreign = event_at(after(3));
        db.store.record(foreign.clone()).await.unwrap();
        let found = verify(&db.store).await.1;
        assert_eq!(found, [Finding::Inserted { event: foreign.id, at: after(3).0.to_string() }]);
    }

    async fn the_end_cannot_be_cut_off_between_seals(db) {
        db.sealed(20).await;
        db.execute("DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_chain WHERE seq > 18)").await;
        db.execute("DELETE FROM audit_chain WHERE seq > 18").await;
        assert_eq!(verify(&db.store).await.1, [Finding::Torn { seq: 18 }]);
    }

    /// In small steps, and what is left is whole.
    async fn what_is_old_goes_in_the_order_of_the_chain(db) {
        db.sealed(30).await;
        assert_eq!(db.store.sweep_events(NOW).await.unwrap(), 0);
        assert_eq!(db.store.sweep_events(after(10)).await.unwrap(), 10);
        let (walk, found) = verify(&db.store).await;
        assert_eq!((walk.good, walk.swept, found), (20, 1, vec![]));
        assert_eq!(db.untouched(db.store.sweep_events(after(10))).await.unwrap(), 0);
        // It goes on from there, and to the very end.
        db.store.record(event_at(after(40))).await.unwrap();
        assert_eq!(seal(&db.store).await, 1);
        assert_eq!(db.store.sweep_events(after(1000)).await.unwrap(), 21);
        assert_eq!(db.store.chain_head().await.unwrap().unwrap().0, 31);
        db.store.record(event_at(after(50))).await.unwrap();
        seal(&db.store).await;
        let (walk, found) = verify(&db.store).await;
        assert_eq!((walk.good, walk.swept, found), (1, 1, vec![]));
    }

    async fn a_place_outside_is_remembered(db) {
        assert_eq!(db.store.stream_position("syslog").await.unwrap(), 0);
        for seq in [5, 9] {
            db.store.set_stream_position("syslog", seq).await.unwrap();
            assert_eq!(db.other().await.stream_position("syslog").await.unwrap(), seq);
        }
        assert_eq!(db.store.stream_position("file").await.unwrap(), 0);
        assert_eq!(db.store.stream_positions().await.unwrap(), [("syslog".to_owned(), 9)]);
    }

    async fn the_log_is_searched(db) {
        use grantor_store::audit::{Actor, Search};
        for place in 0..30 {
            let actor = Actor { user: Some(place % 2), address: Some(format!("192.0.2.{}", place % 3)), ..Actor::default() };
            let kind = if place % 5 == 0 { "app.created" } else { "session.started" };
            db.store.record(Event { kind, app: (place % 7 == 0).then_some(70), user: Some(place % 4 + 10), actor, ..event_at(after(place)) }).await.unwrap();
        }
        let find = async |search: Search, before, limit| {
            let page = db.store.search_events(&search, before, limit).await.unwrap();
            (page.events.iter().map(|it| it.at.0 - NOW.0).collect::<Vec<_>>(), page.next)
        };
        let all = Search::default;
        assert_eq!(find(Search { kind: Some("app.created".into()), ..all() }, None, 9).await.0, [25, 20, 15, 10, 5, 0]);
        assert_eq!(find(Search { app: Some(70), ..all() }, None, 9).await.0, [28, 21, 14, 7, 0]);
        assert_eq!(find(Search { user: Some(12), actor: Some(0), ..all() }, None, 3).await.0, [26, 22, 18]);
        assert_eq!(find(Search { address: Some("192.0.2.1".into()), from: Some(after(20)), to: Some(after(25)), ..all() }, None, 9).await.0, [25, 22]);
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let (some, next) = find(all(), before, 7).await;
            seen.extend(some);
            match next { Some(next) => before = Some(next), None => break }
        }
        assert_eq!(seen, (0..30).rev().collect::<Vec<_>>());
    }
}
