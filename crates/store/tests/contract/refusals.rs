use crate::world::{NOW, new_id, race};
use grantor_store::refusals::{KEPT, Refusal};

fn refusal(app: i64, detail: String) -> Refusal {
    Refusal {
        id: new_id(),
        app,
        at: NOW,
        endpoint: "token".into(),
        cause: "CodeUsed".into(),
        detail,
    }
}

contract! {
    async fn the_newest_of_each_app_are_kept(db) {
        let lines: Vec<_> = (0..120).map(|number| refusal(number % 2, number.to_string())).collect();
        db.store.add_refusals(&lines[..70]).await.unwrap();
        db.store.add_refusals(&lines[70..]).await.unwrap();
        for app in [0, 1] {
            let found = db.store.refusals_of(app).await.unwrap();
            let details: Vec<_> = found.iter().map(|it| it.detail.clone()).collect();
            let expected: Vec<_> = (0..KEPT).map(|back| (118 + app - 2 * back).to_string()).collect();
            assert_eq!(details, expected);
        }
        let newest = &db.store.refusals_of(1).await.unwrap()[0];
        assert_eq!((newest.app, newest.at, newest.endpoint.as_str(), newest.cause.as_str()), (1, NOW, "token", "CodeUsed"));
        assert_eq!(db.number("SELECT COUNT(*) FROM refusals"), 2 * KEPT);
    }

    async fn nothing_is_nothing(db) {
        db.untouched(db.store.add_refusals(&[])).await.unwrap();
        assert!(db.store.refusals_of(7).await.unwrap().is_empty());
    }

    async fn nodes_that_append_together_keep_the_bound(db) {
        race(20, |_| {
            let store = db.store.clone();
            async move {
                let lines: Vec<_> = (0..10).map(|_| refusal(7, String::new())).collect();
                store.add_refusals(&lines).await.unwrap();
            }
        }).await;
        assert_eq!(db.store.refusals_of(7).await.unwrap().len() as i64, KEPT);
    }
}
