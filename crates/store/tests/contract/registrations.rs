use crate::{
    actors::{Pair, digest, form, new_app, try_code},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::client::ClientKind::Confidential;
use grantor_store::{
    apps::AppForm,
    registrations::{
        InitialToken,
        Registered::{self, Done, Full, Spent},
        Registering,
    },
};

const DAY: i64 = 86_400_000;

fn token(owner: i64, uses: i64) -> InitialToken {
    InitialToken {
        id: new_id(),
        digest: digest("initial"),
        owner,
        hint: "gr_iat_abc…wxyz".into(),
        uses_left: uses,
        created: NOW,
        expires: after(DAY),
    }
}

fn registering(owner: i64, form: &AppForm, by: Option<i64>) -> Registering<'_> {
    Registering {
        app: new_app(owner, form),
        token: digest("registration"),
        by,
        unused_until: after(30 * DAY),
    }
}

async fn added(db: &Db, owner: i64, uses: i64) -> InitialToken {
    let token = token(owner, uses);
    db.store.add_initial_token(&token, event()).await.unwrap();
    token
}

async fn register(db: &Db, owner: i64, by: Option<i64>) -> (i64, Registered) {
    let form = form(Confidential);
    let new = registering(owner, &form, by);
    (
        new.app.id,
        db.store.register_app(&new, event()).await.unwrap(),
    )
}

contract! {
    async fn an_app_that_registered_itself_says_so(db) {
        let alice = db.user("alice").await;
        let (id, registered) = register(db, alice, None).await;
        assert_eq!(registered, Done);
        let app = db.store.app(id).await.unwrap().unwrap();
        assert!(app.registered_itself && app.owner == alice && app.client.secrets.len() == 1);
        assert!(app.registration_token.unwrap().proves(&digest("registration")));
        assert!(!db.app(alice, Confidential).await.registered_itself);
    }

    async fn an_initial_token_is_good_for_so_many_apps_until_it_expires(db) {
        let alice = db.user("alice").await;
        let token = added(db, alice, 2).await;
        let found = async |text: &str, at| db.store.initial_token(token.id, &digest(text), at).await.unwrap();
        assert!(found("initial", NOW).await.is_some_and(|it| it.owner == alice && it.uses_left == 2));
        assert!(found("a guess", NOW).await.is_none());
        assert!(found("initial", after(DAY)).await.is_none());
        for _ in 0..2 {
            assert_eq!(register(db, alice, Some(token.id)).await.1, Done);
        }
        assert!(found("initial", NOW).await.is_none());
        assert_eq!(db.untouched(register(db, alice, Some(token.id))).await.1, Spent);
        assert_eq!(db.store.initial_tokens(NOW).await.unwrap()[0].uses_left, 0);
        assert!(db.store.initial_tokens(after(DAY)).await.unwrap().is_empty());
    }

    async fn a_token_makes_apps_of_its_owner_alone_and_none_after_its_end(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let token = added(db, alice, 5).await;
        assert_eq!(db.untouched(register(db, bob, Some(token.id))).await.1, Spent);
        let form = form(Confidential);
        let late = registering(alice, &form, Some(token.id));
        assert_eq!(db.untouched(db.store.register_app(&late, event_at(after(DAY)))).await.unwrap(), Spent);
        assert!(db.store.end_initial_token(token.id, event()).await.unwrap());
        assert!(!db.untouched(db.store.end_initial_token(token.id, event())).await.unwrap());
        assert_eq!(db.untouched(register(db, alice, Some(token.id))).await.1, Spent);
    }

    /// A refused registration spends nothing.
    async fn an_owner_who_is_full_or_disabled_gets_no_more(db) {
        let alice = db.user("alice").await;
        let token = added(db, alice, 1).await;
        let form = form(Confidential);
        let mut new = registering(alice, &form, Some(token.id));
        new.app.limit = 0;
        assert_eq!(db.untouched(db.store.register_app(&new, event())).await.unwrap(), Full);
        db.store.disable_user(alice, event()).await.unwrap();
        assert_eq!(db.untouched(register(db, alice, Some(token.id))).await.1, Full);
        db.store.enable_user(alice, event()).await.unwrap();
        assert_eq!(register(db, alice, Some(token.id)).await.1, Done);
    }

    async fn of_twenty_with_a_token_for_three_exactly_three_register(db) {
        let alice = db.user("alice").await;
        let token = added(db, alice, 3).await;
        let other = db.other().await;
        let answers = race(20, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            let id = token.id;
            async move {
                let form = form(Confidential);
                store.register_app(&registering(alice, &form, Some(id)), event()).await.unwrap()
            }
        }).await;
        assert_eq!((count(&answers, &Done), count(&answers, &Spent)), (3, 17));
        assert_eq!(db.number("SELECT COUNT(*) FROM apps").await, 3);
    }

    async fn what_nobody_used_in_time_goes_without_a_trace(db) {
        let alice = db.user("alice").await;
        let (unused, _) = register(db, alice, None).await;
        let (deleted, _) = register(db, alice, None).await;
        let (used, _) = register(db, alice, None).await;
        assert!(db.store.delete_app(deleted, alice, event()).await.unwrap());
        let app = (*db.store.app(used).await.unwrap().unwrap()).clone();
        db.code(&Pair { user: alice, app: app.into() }).await;
        assert_eq!(db.untouched(db.store.sweep_registrations(after(30 * DAY - 1))).await.unwrap(), 0);
        assert_eq!(db.store.sweep_registrations(after(30 * DAY)).await.unwrap(), 2);
        assert!(db.store.app(unused).await.unwrap().is_none());
        assert!(db.store.app(used).await.unwrap().is_some());
        assert_eq!(db.number("SELECT COUNT(*) FROM apps").await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM client_secrets").await, 1);
        assert_eq!(db.store.sweep_registrations(after(900 * DAY)).await.unwrap(), 0);
    }

    /// Either the user's approval keeps the app, or the app is gone and she is told.
    async fn an_approval_and_the_sweep_do_not_both_win(db) {
        let alice = db.user("alice").await;
        for _ in 0..10 {
            let (id, _) = register(db, alice, None).await;
            let app = (*db.store.app(id).await.unwrap().unwrap()).clone();
            let (sweeper, approver) = (db.other().await, db.store.clone());
            let answers = race(2, |number| {
                let (sweeper, approver, app) = (sweeper.clone(), approver.clone(), app.clone());
                async move {
                    match number {
                        0 => sweeper.sweep_registrations(after(30 * DAY)).await.unwrap() > 0,
                        _ => try_code(&approver, &app, alice).await.is_some(),
                    }
                }
            }).await;
            assert_eq!(count(&answers, &true), 1);
            let left = db.number(&format!("SELECT COUNT(*) FROM apps WHERE id = {id}")).await;
            assert_eq!(left == 1, answers[1]);
        }
    }

    async fn expired_initial_tokens_are_swept(db) {
        let alice = db.user("alice").await;
        added(db, alice, 1).await;
        db.store.sweep(after(DAY)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM initial_access_tokens").await, 1);
        db.store.sweep(after(DAY + 1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM initial_access_tokens").await, 0);
    }
}
