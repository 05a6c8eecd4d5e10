use crate::world::{NOW, after, event_at};
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::audit::{Actor, Event};

contract! {
    async fn an_event_comes_back_to_whom_it_concerns(db) {
        let (alice, admin) = (db.user("alice").await, db.user("admin").await);
        let actor = Actor { user: Some(admin), address: Some("192.0.2.7".into()), request_id: Some("r1".into()), ..Actor::default() };
        let event = Event {
            kind: "user.disabled", user: Some(alice), app: Some(7), actor, detail: "left".into(), ..event_at(after(3))
        };
        db.store.record(event).await.unwrap();
        let found = db.store.events_of(alice, i64::MAX, 10).await.unwrap();
        assert_eq!(found.len(), 1);
        let it = &found[0];
        assert_eq!((it.at, it.kind.as_str(), it.app), (after(3), "user.disabled", Some(7)));
        assert_eq!((it.address.as_deref(), it.detail.as_str()), (Some("192.0.2.7"), "left"));
        assert_eq!(it.actor, Some(admin), "who did it is part of what was done");
        assert!(db.store.events_of(admin, i64::MAX, 10).await.unwrap().is_empty());
    }

    async fn what_somebody_does_to_herself_concerns_her(db) {
        let alice = db.user("alice").await;
        let actor = Actor { user: Some(alice), ..Actor::default() };
        db.store.record(Event { actor, ..event_at(after(3)) }).await.unwrap();
        let found = db.store.events_of(alice, i64::MAX, 10).await.unwrap();
        assert_eq!(found[0].actor, Some(alice));
    }

    async fn the_newest_come_first(db) {
        let alice = db.user("alice").await;
        for number in 0..5 {
            let event = Event { user: Some(alice), detail: number.to_string(), ..event_at(after(0)) };
            db.store.record(event).await.unwrap();
        }
        let mut before = i64::MAX;
        for page in [["4", "3"], ["2", "1"]] {
            let found = db.store.events_of(alice, before, 2).await.unwrap();
            assert_eq!(found.iter().map(|it| it.detail.as_str()).collect::<Vec<_>>(), page);
            before = found[1].id;
        }
        assert_eq!(db.store.events_of(alice, before, 2).await.unwrap().len(), 1);
    }

    async fn events_older_than_their_time_are_forgotten(db) {
        let alice = db.user("alice").await;
        for at in [after(1), after(2), after(3)] {
            db.store.record(Event { user: Some(alice), ..event_at(at) }).await.unwrap();
        }
        // The account itself was made at the first instant.
        assert_eq!(db.store.sweep_events(after(2)).await.unwrap(), 2);
        let left = db.store.events_of(alice, i64::MAX, 9).await.unwrap();
        assert_eq!(left.iter().map(|it| it.at).collect::<Vec<_>>(), [after(3), after(2)]);
        assert_eq!(db.untouched(db.store.sweep_events(after(2))).await.unwrap(), 0);
    }

    /// An event that cannot be written takes its change with it.
    async fn no_change_without_its_event(db) {
        let alice = db.user("alice").await;
        let taken = event_at(after(0));
        db.store.record(taken.clone()).await.unwrap();
        assert!(db.untouched(db.store.disable_user(alice, taken)).await.is_err());
        assert!(!db.store.user(alice).await.unwrap().unwrap().disabled);
    }

    /// A clock that was set back is behind what is written (D-35).
    async fn the_newest_record_is_no_later_than_the_clock(db) {
        let behind = async |now| db.store.newer_than(now).await.unwrap();
        assert_eq!(behind(Timestamp(0)).await, None, "nothing has happened");
        db.store.record(event_at(NOW)).await.unwrap();
        assert_eq!(behind(NOW - Millis::seconds(30)).await, None);
        assert_eq!(behind(NOW - Millis(30_001)).await, Some(Millis(30_001)));
        db.store.end_token(1, event_at(after(60_000))).await.unwrap();
        assert_eq!(behind(NOW).await, Some(Millis::minutes(1)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_database_has_a_clock_of_its_own() {
    let db = crate::world::Db::postgres().await;
    let clock = db.store.clock().await.unwrap();
    assert!(clock.is_some_and(|clock| clock > Timestamp(0) + Millis::days(50 * 365)));
    let db = crate::world::Db::sqlite().await;
    assert_eq!(db.store.clock().await.unwrap(), None);
}
