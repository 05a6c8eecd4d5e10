use crate::world::{NOW, after, count, event, race};
use grantor_store::keys::StoredKey;

fn key(id: i64, kind: &str) -> StoredKey {
    StoredKey {
        id,
        kind: kind.into(),
        sealed: vec![0, 1, 255],
        created: NOW,
        active: after(10),
        retires: None,
    }
}

contract! {
    async fn a_key_retires_the_older_ones_of_its_kind(db) {
        let add = async |key| db.store.add_key(&key, after(1000), event()).await.unwrap();
        assert!(add(key(1, "es256")).await && add(key(2, "rs256")).await && add(key(3, "es256")).await);
        let keys = db.store.keys().await.unwrap();
        let retires: Vec<_> = keys.iter().map(|key| (key.id, key.retires)).collect();
        assert_eq!(retires, [(1, Some(after(1000))), (2, None), (3, None)]);
        assert_eq!((keys[2].sealed.as_slice(), keys[2].active), (&[0, 1, 255][..], after(10)));
        // An end once stated does not move back.
        assert!(db.store.add_key(&key(4, "es256"), after(5000), event()).await.unwrap());
        assert_eq!(db.store.keys().await.unwrap()[0].retires, Some(after(1000)));
    }

    async fn older_keys_can_be_retired_before_their_stated_end(db) {
        let add = async |key, until| db.store.add_key(&key, until, event()).await.unwrap();
        assert!(add(key(1, "seal"), NOW).await && add(key(2, "forms"), NOW).await);
        assert!(add(key(3, "seal"), after(1000)).await && add(key(4, "seal"), after(5)).await);
        let keys = db.store.keys().await.unwrap();
        let retires: Vec<_> = keys.iter().map(|key| key.retires).collect();
        assert_eq!(retires, [Some(after(5)), None, Some(after(5)), None]);
    }

    async fn an_older_key_never_follows_a_newer_one(db) {
        assert!(db.store.add_key(&key(5, "es256"), NOW, event()).await.unwrap());
        for id in [5, 4] {
            assert!(!db.untouched(db.store.add_key(&key(id, "es256"), NOW, event())).await.unwrap());
        }
        assert!(!db.untouched(db.store.add_key(&key(5, "rs256"), NOW, event())).await.unwrap());
    }

    async fn nodes_that_saw_the_same_add_one(db) {
        let other = db.other().await;
        for round in 1..=20 {
            let answers = race(16, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                async move { store.add_key(&key(round, "es256"), after(1), event()).await.unwrap() }
            }).await;
            assert_eq!(count(&answers, &true), 1);
        }
        let keys = db.store.keys().await.unwrap();
        assert_eq!(keys.iter().filter(|key| key.retires.is_none()).count(), 1);
        assert_eq!(keys.len(), 20);
    }

    async fn retired_keys_are_forgotten_after_their_end(db) {
        db.store.add_key(&key(1, "es256"), after(0), event()).await.unwrap();
        db.store.add_key(&key(2, "es256"), after(100), event()).await.unwrap();
        db.store.forget_keys(after(100)).await.unwrap();
        assert_eq!(db.store.keys().await.unwrap().len(), 2);
        db.store.forget_keys(after(101)).await.unwrap();
        let left = db.store.keys().await.unwrap();
        assert_eq!(left.iter().map(|key| key.id).collect::<Vec<_>>(), [2]);
    }

    async fn every_node_hears_of_a_new_key(db) {
        let other = db.other().await;
        let (mut here, mut there) = (db.store.watch_keys(), other.watch_keys());
        db.store.add_key(&key(1, "es256"), NOW, event()).await.unwrap();
        assert!(here.has_changed().unwrap() && !there.has_changed().unwrap());
        other.ping().await.unwrap();
        assert!(there.has_changed().unwrap());
        here.mark_unchanged();
        there.mark_unchanged();
        assert!(!db.store.add_key(&key(1, "es256"), NOW, event()).await.unwrap());
        other.ping().await.unwrap();
        assert!(!here.has_changed().unwrap() && !there.has_changed().unwrap());
    }
}
