use crate::world::{NOW, after, new_id, race};
use grantor_store::refusals::{KEPT, Refusal};

fn refusal(app: i64, cause: &str, received: String, at: i64) -> Refusal {
    Refusal {
        id: new_id(),
        app,
        endpoint: "authorize".into(),
        cause: cause.into(),
        received,
        times: 1,
        first: after(at),
        last: after(at),
    }
}

contract! {
    async fn the_same_refusal_is_one_row(db) {
        for at in [5, 3, 9] {
            let mut line = refusal(1, "StateMissing", String::new(), at);
            line.times = at;
            db.store.add_refusals(&[line]).await.unwrap();
        }
        let found = db.store.refusals_of(1).await.unwrap();
        assert_eq!(found.len(), 1);
        let it = &found[0];
        assert_eq!((it.times, it.first, it.last), (17, after(5), after(9)));
        assert_eq!((it.endpoint.as_str(), it.cause.as_str(), it.received.as_str()), ("authorize", "StateMissing", ""));
    }

    /// A stranger who sends a hundred made-up redirects pushes out none but those.
    async fn a_flood_of_one_cause_leaves_the_others(db) {
        db.store.add_refusals(&[
            refusal(1, "RedirectUnregistered", "https://a.example/near".into(), 0),
            refusal(1, "SecretWrong", String::new(), 0),
            refusal(2, "RedirectForeign", "https://b.example/".into(), 0),
        ]).await.unwrap();
        let flood: Vec<_> = (1..=100).map(|number| {
            refusal(1, "RedirectForeign", format!("https://{number}.example/"), number)
        }).collect();
        db.store.add_refusals(&flood[..70]).await.unwrap();
        db.store.add_refusals(&flood[70..]).await.unwrap();
        let found = db.store.refusals_of(1).await.unwrap();
        let received: Vec<_> = found.iter().map(|it| it.received.clone()).collect();
        let mut expected: Vec<_> = (0..KEPT).map(|back| format!("https://{}.example/", 100 - back)).collect();
        expected.extend([String::new(), "https://a.example/near".into()]);
        assert_eq!(received, expected);
        assert_eq!(db.store.refusals_of(2).await.unwrap().len(), 1);
    }

    async fn nothing_is_nothing(db) {
        db.untouched(db.store.add_refusals(&[])).await.unwrap();
        assert!(db.store.refusals_of(7).await.unwrap().is_empty());
    }

    async fn nodes_that_add_together_lose_no_refusal(db) {
        let other = db.other().await;
        race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move {
                let lines: Vec<_> = (0..10).map(|line| {
                    refusal(7, "RedirectForeign", format!("{}", number * 10 + line), 0)
                }).collect();
                store.add_refusals(&lines).await.unwrap();
                store.add_refusals(&[refusal(7, "CodeUsed", String::new(), 0)]).await.unwrap();
            }
        }).await;
        let found = db.store.refusals_of(7).await.unwrap();
        assert_eq!(found.len() as i64, KEPT + 1);
        assert_eq!(found.iter().find(|it| it.cause == "CodeUsed").unwrap().times, 20);
    }

    async fn a_month_later_it_is_forgotten(db) {
        let month = grantor_protocol::time::Millis::days(30);
        db.store.add_refusals(&[refusal(1, "CodeUsed", String::new(), 0)]).await.unwrap();
        db.store.sweep(NOW + month).await.unwrap();
        assert_eq!(db.store.refusals_of(1).await.unwrap().len(), 1);
        db.store.sweep(after(1) + month).await.unwrap();
        assert!(db.store.refusals_of(1).await.unwrap().is_empty());
    }
}
