use crate::{
    actors::{Pair, decide_refresh, rotate},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    bearer::BearerToken,
    client::ClientKind::{Confidential, Native},
    token::{Effect, refresh::Lineage},
};
use grantor_store::codes::Stored;
use std::sync::Arc;

/// Past the grace of a rotation.
const LATER: i64 = 70_000;

contract! {
    async fn a_rotation_moves_the_lineage(db) {
        let pair = db.pair(Native).await;
        let family = db.connect(&pair).await.family;
        for generation in 0..40 {
            let now = after(LATER * i64::from(generation));
            db.store.usage.note(grantor_store::usage::Used::Family(family), now, None);
            db.store.write_usage(grantor_protocol::time::Millis::days(1)).await.unwrap();
            assert_eq!(rotate(&db.store, &pair.app, (family, generation), now).await, Stored::Done);
        }
        let (found, _) = db.store.family(family, NOW).await.unwrap().unwrap();
        assert_eq!(found.lineage.newest, 40);
        assert_eq!(found.lineage.rotations.len(), 1, "what is past the grace is forgotten");
        assert_eq!(db.number("SELECT COUNT(*) FROM families").await, 1, "one row, whatever the rotations");
    }

    async fn a_confidential_app_writes_nothing(db) {
        let pair = db.pair(Confidential).await;
        let family = db.connect(&pair).await.family;
        let issued = decide_refresh(&db.store, &pair.app, (family, 0), NOW).await.unwrap();
        assert_eq!(issued.effect, Effect::Keep { generation: 0 });
    }

    async fn a_lost_rotation_leaves_the_winner(db) {
        let pair = db.pair(Native).await;
        let family = db.connect(&pair).await.family;
        assert_eq!(rotate(&db.store, &pair.app, (family, 0), NOW).await, Stored::Done);
        for newest in [1, 3] {
            let stale = Lineage { newest, rotations: Vec::new() };
            assert_eq!(db.untouched(db.store.rotate((family, None), &stale, after(9), NOW)).await.unwrap(), Stored::Lost);
        }
        let unknown = Lineage { newest: 1, rotations: Vec::new() };
        assert_eq!(db.untouched(db.store.rotate((new_id(), None), &unknown, after(9), NOW)).await.unwrap(), Stored::Lost);
    }

    /// Parallel calls agree on one successor (D-14).
    async fn parallel_rotations_of_one_generation(db) {
        let pair = Arc::new(db.pair(Native).await);
        let other = db.other().await;
        for _ in 0..40 {
            let family = db.connect(&pair).await.family;
            let issued = decide_refresh(&db.store, &pair.app, (family, 0), NOW).await.unwrap();
            let Effect::Rotate(lineage) = issued.effect else { panic!() };
            let lineage = Arc::new(lineage);
            let answers = race(30, |number| {
                let store = if number % 3 == 0 { &other } else { &db.store }.clone();
                let lineage = lineage.clone();
                async move { store.rotate((family, None), &lineage, after(1_000_000), NOW).await.unwrap() }
            }).await;
            assert_eq!(count(&answers, &Stored::Done), 1);
            let again = decide_refresh(&db.store, &pair.app, (family, 0), NOW).await.unwrap();
            assert_eq!(again.effect, Effect::Repeat { generation: 1 });
        }
    }

    async fn what_ended_after_the_decision_ends_the_rotation(db) {
        let owner = db.user("owner").await;
        for end in ["grant", "family", "user", "app"] {
            let pair = Pair { user: db.user(end).await, app: db.app(owner, Native).await };
            let it = db.connect(&pair).await;
            let issued = decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await.unwrap();
            let Effect::Rotate(lineage) = issued.effect else { panic!() };
            match end {
                "grant" => assert!(db.store.end_grant(it.grant, pair.user, event()).await.unwrap()),
                "user" => assert!(db.store.disable_user(pair.user, event()).await.unwrap()),
                "app" => assert!(db.store.delete_app(pair.app_id(), owner, event()).await.unwrap()),
                _ => assert!(db.store.end_family(it.family, event()).await.unwrap()),
            }
            let late = db.untouched(db.store.rotate((it.family, None), &lineage, after(1_000_000), NOW)).await;
            assert_eq!(late.unwrap(), Stored::Lost, "{end}");
            assert!(decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await.is_err());
        }
    }

    /// Keycloak issue 51312: a refresh that races a revocation must not mint survivors.
    async fn rotations_racing_an_end(db) {
        let pair = Arc::new(db.pair(Native).await);
        for round in 0..100 {
            let it = db.connect(&pair).await;
            race(6, |number| {
                let (store, pair) = (db.store.clone(), pair.clone());
                async move {
                    match (number, round % 2) {
                        (0, 0) => assert!(store.end_grant(it.grant, pair.user, event()).await.unwrap()),
                        (0, _) => assert!(store.end_family(it.family, event()).await.unwrap()),
                        _ => drop(rotate(&store, &pair.app, (it.family, 0), NOW).await),
                    }
                }
            }).await;
            for generation in 0..2 {
                let refused = decide_refresh(&db.store, &pair.app, (it.family, generation), NOW).await;
                assert!(refused.is_err());
                assert_eq!(rotate(&db.store, &pair.app, (it.family, generation), NOW).await, Stored::Lost);
            }
            let token = BearerToken::Access { id: new_id(), app: pair.app_id(), grant: it.grant, family: it.family, session: None };
            assert!(db.store.has_ended(token, pair.user, NOW).await.unwrap());
        }
    }

    async fn a_family_ends_once_and_stays_ended(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        assert!(db.store.end_family(it.family, event_at(after(5))).await.unwrap());
        assert!(!db.untouched(db.store.end_family(it.family, event_at(after(6)))).await.unwrap());
        assert!(!db.untouched(db.store.end_family(new_id(), event())).await.unwrap());
        assert_eq!(db.number("SELECT ended_at FROM families").await, after(5).0);
        assert!(db.store.family(it.family, NOW).await.unwrap().unwrap().0.ended);
        // The approval stands: another code buys another family.
        assert_eq!(db.connect(&pair).await.grant, it.grant);
    }

    async fn one_token_ends_alone(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        let token = |id| BearerToken::Access { id, app: pair.app_id(), grant: it.grant, family: it.family, session: None };
        assert!(db.store.end_token(71, event()).await.unwrap());
        assert!(!db.untouched(db.store.end_token(71, event())).await.unwrap());
        assert!(db.store.has_ended(token(71), pair.user, NOW).await.unwrap());
        assert!(!db.store.has_ended(token(72), pair.user, NOW).await.unwrap());
    }

    /// However often it is revoked or replayed: one row in the feed, one event.
    async fn what_ends_many_times_at_once_is_told_once(db) {
        let pair = db.pair(Native).await;
        let other = db.other().await;
        for token in 0..20 {
            let family = db.connect(&pair).await.family;
            let told = db.number("SELECT COUNT(*) FROM changes").await;
            let events = db.number("SELECT COUNT(*) FROM audit_events").await;
            let answers = race(20, |number| {
                let store = if number % 3 == 0 { &other } else { &db.store }.clone();
                async move {
                    match number % 2 {
                        0 => store.end_family(family, event()).await.unwrap(),
                        _ => store.end_token(token, event()).await.unwrap(),
                    }
                }
            }).await;
            assert_eq!(count(&answers, &true), 2);
            assert_eq!(db.number("SELECT COUNT(*) FROM changes").await, told + 2);
            assert_eq!(db.number("SELECT COUNT(*) FROM audit_events").await, events + 2);
        }
    }
}
