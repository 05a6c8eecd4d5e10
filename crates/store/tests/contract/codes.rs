use crate::{
    actors::{Pair, approved, decide_code, digest, new_code},
    world::{Db, NOW, after, count, event, new_id, race},
};
use grantor_protocol::{
    client::ClientKind::{Confidential, Native},
    token::{Effect, Issued},
};
use grantor_store::codes::Stored;
use std::sync::Arc;

const IDLE: i64 = 1_000_000;

async fn redeem(db: &Db, issued: &Issued) -> Stored {
    db.store.redeem(issued, after(IDLE), NOW).await.unwrap()
}

contract! {
    async fn a_code_buys_one_family(db) {
        let pair = db.pair(Confidential).await;
        let (grant, code) = db.code(&pair).await;
        let issued = decide_code(&db.store, &pair.app, code).await.unwrap();
        assert_eq!(redeem(db, &issued).await, Stored::Done);
        let (family, standing) = db.store.family(code, NOW).await.unwrap().unwrap();
        assert_eq!((family.id, family.user, family.app, family.grant), (code, pair.user, pair.app_id(), grant));
        assert_eq!((family.scopes.as_str(), family.lineage.newest), ("default email", 0));
        assert!(family.lineage.rotations.is_empty() && !family.ended && family.idle_until == after(IDLE));
        assert!(!standing.grant_ended && !standing.user_disabled);
        // The second time it is a replay.
        assert_eq!(db.untouched(redeem(db, &issued)).await, Stored::Lost);
        let replay = decide_code(&db.store, &pair.app, code).await;
        assert_eq!(replay.unwrap_err(), "revoke: CodeUsed");
    }

    async fn a_code_is_found_by_its_whole_secret(db) {
        let pair = db.pair(Native).await;
        let (_, code) = db.code(&pair).await;
        assert!(db.store.code(code, &digest("a guess"), NOW).await.unwrap().is_none());
        assert!(db.store.code(new_id(), &digest(&format!("code {code}")), NOW).await.unwrap().is_none());
    }

    /// One that this node gave out is not read before it is spent: the write finds what has
    /// ended since, and who was first; then the database says why.
    async fn a_code_given_out_here_is_spent_once_and_by_nobody_when_it_ended(db) {
        let owner = db.user("owner").await;
        let other = db.other().await;
        for end in ["nothing", "spent", "grant", "user", "app"] {
            let pair = Pair { user: db.user(end).await, app: db.app(owner, Confidential).await };
            let (grant, _) = db.code(&pair).await;
            let approval = db.store.approval(pair.user, pair.app_id()).await.unwrap().unwrap();
            let remembered = approved(&pair.app, pair.user, "default", Some(&approval));
            let code = new_code();
            assert!(db.store.add_code(&remembered, &code, None, NOW).await.unwrap());
            assert!(db.store.code(code.id, &digest("a guess"), NOW).await.unwrap().is_none());
            match end {
                "spent" => {
                    let there = decide_code(&other, &pair.app, code.id).await.unwrap();
                    assert_eq!(other.redeem(&there, after(IDLE), NOW).await.unwrap(), Stored::Done);
                }
                "grant" => assert!(other.end_grant(grant, pair.user, event()).await.unwrap()),
                "user" => assert!(other.disable_user(pair.user, event()).await.unwrap()),
                "app" => assert!(other.suspend_app(pair.app_id(), "abuse", event()).await.unwrap()),
                _ => {}
            }
            let issued = decide_code(&db.store, &pair.app, code.id).await.unwrap();
            assert_eq!((issued.family, issued.grant, issued.scopes.as_str()), (code.id, grant, "default"));
            if end == "nothing" {
                assert_eq!(redeem(db, &issued).await, Stored::Done);
            } else {
                assert_eq!(db.untouched(redeem(db, &issued)).await, Stored::Lost, "{end}");
            }
            let why = decide_code(&db.store, &pair.app, code.id).await.unwrap_err();
            let expected = match end {
                "grant" => "GrantEnded",
                "user" => "UserDisabled",
                "app" => "ClientSuspended",
                _ => "revoke: CodeUsed",
            };
            assert_eq!(why, expected);
        }
    }

    async fn only_a_code_is_redeemed(db) {
        let pair = db.pair(Native).await;
        let (_, code) = db.code(&pair).await;
        let mut issued = decide_code(&db.store, &pair.app, code).await.unwrap();
        issued.effect = Effect::AccessOnly;
        assert!(db.untouched(db.store.redeem(&issued, after(IDLE), NOW)).await.is_err());
    }

    async fn what_ended_after_the_decision_ends_the_redemption(db) {
        let owner = db.user("owner").await;
        for end in ["grant", "user", "app"] {
            let pair = Pair { user: db.user(end).await, app: db.app(owner, Native).await };
            let (grant, code) = db.code(&pair).await;
            let issued = decide_code(&db.store, &pair.app, code).await.unwrap();
            let ended = match end {
                "grant" => db.store.end_grant(grant, pair.user, event()).await,
                "user" => db.store.disable_user(pair.user, event()).await,
                _ => db.store.delete_app(pair.app_id(), owner, event()).await,
            };
            assert!(ended.unwrap());
            assert_eq!(db.untouched(redeem(db, &issued)).await, Stored::Lost);
            let refused = decide_code(&db.store, &pair.app, code).await.unwrap_err();
            assert!(["GrantEnded", "UserDisabled"].contains(&refused.as_str()), "{refused}");
        }
    }

    /// CVE-2026-4282, CVE-2026-1035 and their like: one code, one winner.
    async fn fifty_redemptions_of_one_code(db) {
        let pair = db.pair(Native).await;
        let other = db.other().await;
        for _ in 0..200 {
            let (_, code) = db.code(&pair).await;
            let issued = Arc::new(decide_code(&db.store, &pair.app, code).await.unwrap());
            let answers = race(50, |number| {
                let store = if number % 5 == 0 { &other } else { &db.store }.clone();
                let issued = issued.clone();
                async move { store.redeem(&issued, after(IDLE), NOW).await.unwrap() }
            }).await;
            assert_eq!(count(&answers, &Stored::Done), 1);
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM families").await, 200);
    }

    /// Either the redemption came first and its family hangs from an ended grant, or
    /// there is no family.
    async fn redemptions_racing_the_end_of_the_grant(db) {
        let pair = db.pair(Native).await;
        for _ in 0..100 {
            let (grant, code) = db.code(&pair).await;
            let issued = Arc::new(decide_code(&db.store, &pair.app, code).await.unwrap());
            race(4, |number| {
                let (store, issued, user) = (db.store.clone(), issued.clone(), pair.user);
                async move {
                    match number {
                        0 => assert!(store.end_grant(grant, user, event()).await.unwrap()),
                        _ => drop(store.redeem(&issued, after(IDLE), NOW).await.unwrap()),
                    }
                }
            }).await;
            if let Some((_, standing)) = db.store.family(code, NOW).await.unwrap() {
                assert!(standing.grant_ended);
            }
        }
    }
}
