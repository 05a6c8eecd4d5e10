use crate::{
    actors::{
        Connected, Pair, about, approved_in, decide_code, decide_refresh, digest, form, new_app,
        new_password, new_pat, new_session,
    },
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    bearer::BearerToken,
    client::ClientKind::{Confidential, Native},
    openid::login::{Level, Second},
    time::Millis,
    token::Effect,
};
use grantor_store::{
    Error, Store,
    audit::{Actor, Event},
    codes::Stored,
    grants::Approve,
};

/// An access token of a login, and one of a connection.
fn tokens(pair: &Pair, it: Connected, session: i64) -> [BearerToken; 2] {
    [Some(session), None].map(|session| BearerToken::Access {
        id: new_id(),
        app: pair.app_id(),
        grant: it.grant,
        family: it.family,
        session,
    })
}

async fn ended(store: &Store, pair: &Pair, tokens: [BearerToken; 2]) -> [bool; 2] {
    let [login, connection] = tokens.map(|token| store.has_ended(token, pair.user, NOW));
    [login.await.unwrap(), connection.await.unwrap()]
}

/// The ways in which a session ends, but for its time.
const ENDS: [&str; 5] = ["by name", "as an other", "password", "replaced", "disabled"];

async fn end(db: &Db, how: &str, session: i64, user: i64) {
    let store = &db.store;
    match how {
        "by name" => assert!(store.end_session(session, user, event()).await.unwrap()),
        "as an other" => store.end_other_sessions(0, user, event()).await.unwrap(),
        "password" => {
            let new = new_password(user, "hash of password", "new");
            assert!(store.set_password(&new, None, event()).await.unwrap());
        }
        "replaced" => {
            let mut next = new_session(db.user("bob").await);
            next.replaces = Some((session, user));
            assert!(store.add_session(&next, event()).await.unwrap());
        }
        _ => assert!(store.disable_user(user, event()).await.unwrap()),
    }
}

/// An event of somebody who acts by this session.
fn acting(session: i64) -> Event {
    let actor = Actor {
        session: Some(session),
        ..Actor::default()
    };
    Event { actor, ..event() }
}

contract! {
    async fn a_session_comes_back_to_whoever_holds_its_secret(db) {
        let alice = db.user("alice").await;
        let mut new = new_session(alice);
        (new.auth_time, new.level) = (after(4), Level::PASSWORD.with(Second::Code));
        assert!(db.store.add_session(&new, event_at(after(5))).await.unwrap());
        let session = db.store.session(new.id, &new.digest).await.unwrap().unwrap();
        assert_eq!((session.id, session.user, session.expires), (new.id, alice, new.expires));
        assert_eq!((session.auth_time, session.created, session.seen), (after(4), after(5), after(5)));
        assert_eq!(session.level, new.level);
        assert_eq!((session.address.as_str(), session.user_agent.as_str()), ("192.0.2.1", "Firefox"));
        assert!(db.store.session(new.id, &digest("a guess")).await.unwrap().is_none());
        assert!(db.store.session(new_id(), &new.digest).await.unwrap().is_none());
    }

    async fn nobody_else_logs_in(db) {
        assert!(!db.untouched(db.store.add_session(&new_session(new_id()), event())).await.unwrap());
    }

    /// The old password, proved before the change, opens nothing after it.
    async fn a_login_does_not_outlive_its_password(db) {
        let alice = db.user("alice").await;
        let mut late = new_session(alice);
        late.proved = Some("hash of alice".into());
        assert!(db.store.add_session(&late, event()).await.unwrap());
        let new = new_password(alice, "hash of alice", "new");
        assert!(db.store.set_password(&new, None, event()).await.unwrap());
        late.id = new_id();
        assert!(!db.untouched(db.store.add_session(&late, event())).await.unwrap());
        late.proved = Some("new".into());
        assert!(db.store.add_session(&late, event()).await.unwrap());
    }

    async fn a_login_takes_the_place_of_the_browsers_last_one(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let (first, other) = (new_session(alice), new_session(alice));
        for session in [&first, &other] {
            db.store.add_session(session, event()).await.unwrap();
        }
        let mut next = new_session(bob);
        next.replaces = Some((first.id, alice));
        assert!(db.store.add_session(&next, event()).await.unwrap());
        assert!(db.store.session(first.id, &first.digest).await.unwrap().is_none());
        // Only the session of the user that it says.
        let mut wrong = new_session(bob);
        wrong.replaces = Some((other.id, bob));
        assert!(db.store.add_session(&wrong, event()).await.unwrap());
        assert!(db.store.session(other.id, &other.digest).await.unwrap().is_some());
    }

    /// Every node learns of it, apps are to be told; a connection is no login, and stays.
    async fn what_a_session_logged_in_to_ends_with_it(db) {
        let (owner, other) = (db.user("owner").await, db.other().await);
        for how in ENDS {
            let pair = Pair { user: db.user(how).await, app: db.app(owner, Native).await };
            let (session, bystander) = (db.session(pair.user).await, db.session(owner).await);
            let it = db.connect_in(session.id, &pair, "openid email").await;
            let tokens = tokens(&pair, it, session.id);
            assert_eq!(ended(&db.store, &pair, tokens).await, [false, false], "{how}");
            end(db, how, session.id, pair.user).await;
            let gone = [true, how == "disabled"];
            assert_eq!(ended(&db.store, &pair, tokens).await, gone, "{how}, same node");
            other.ping().await.unwrap();
            assert_eq!(ended(&other, &pair, tokens).await, gone, "{how}, other node");
            let refused = decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await;
            let expected = if how == "disabled" { "UserDisabled" } else { "SessionEnded" };
            assert_eq!(refused.unwrap_err(), expected, "{how}");
            let told = format!("SELECT COUNT(*) FROM logins WHERE session_id = {} AND notify_at IS NOT NULL", session.id);
            assert_eq!(db.number(&told).await, 1, "{how}");
            assert!(db.store.session(bystander.id, &bystander.digest).await.unwrap().is_some(), "{how}");
        }
    }

    /// Whoever holds the secret of before holds nothing; what hangs from the session stays.
    async fn a_login_again_renews_the_secret_of_the_session(db) {
        let pair = db.pair(Native).await;
        let first = db.session(pair.user).await;
        let it = db.connect_in(first.id, &pair, "openid").await;
        let tokens = tokens(&pair, it, first.id);
        let mut next = new_session(pair.user);
        (next.id, next.expires, next.auth_time) = (first.id, after(2_000_000), after(7));
        next.proved = Some("hash of alice".into());
        assert!(db.store.renew_session(&next, event_at(after(7))).await.unwrap());
        assert!(db.store.session(first.id, &first.digest).await.unwrap().is_none());
        let now = db.store.session(first.id, &next.digest).await.unwrap().unwrap();
        assert_eq!((now.auth_time, now.created, now.expires), (after(7), NOW, next.expires));
        assert_eq!(ended(&db.store, &pair, tokens).await, [false, false]);
        assert_eq!(db.store.logins_of(first.id).await.unwrap(), [pair.app_id()]);
        // Another proof, another user, an ended one: no.
        let mut wrong = new_session(pair.user);
        (wrong.id, wrong.proved) = (first.id, Some("hash of another".into()));
        assert!(!db.untouched(db.store.renew_session(&wrong, event())).await.unwrap());
        (wrong.user, wrong.proved) = (db.user("bob").await, None);
        assert!(!db.untouched(db.store.renew_session(&wrong, event())).await.unwrap());
        assert!(db.store.end_session(first.id, pair.user, event()).await.unwrap());
        assert!(!db.untouched(db.store.renew_session(&next, event())).await.unwrap());
    }

    /// Nobody needs to end a session whose time is up; a connection asks for none.
    async fn what_a_login_bought_ends_with_the_time_of_its_session(db) {
        for (scope, ends) in [("openid", true), ("openid default", false)] {
            let user = db.user(scope).await;
            let pair = Pair { user, app: db.app(user, Native).await };
            let session = db.session(user).await;
            let it = db.connect_in(session.id, &pair, scope).await;
            let (_, code) = db.code_in(session.id, &pair, scope).await;
            let bought = decide_code(&db.store, &pair.app, code).await.unwrap();
            let before = session.expires - Millis(1);
            let rotated = decide_refresh(&db.store, &pair.app, (it.family, 0), before).await.unwrap();
            let Effect::Rotate(lineage) = &rotated.effect else { panic!("{rotated:?}") };
            let late = decide_refresh(&db.store, &pair.app, (it.family, 0), session.expires).await;
            assert_eq!(late.is_err(), ends, "{scope}");
            let expected = if ends { Stored::Lost } else { Stored::Done };
            let family = (it.family, rotated.session);
            let stored = db.store.rotate(family, lineage, after(1_000_000), session.expires).await;
            assert_eq!(stored.unwrap(), expected);
            let stored = db.store.redeem(&bought, after(1_000_000), session.expires).await;
            assert_eq!(stored.unwrap(), expected);
        }
    }

    /// Nothing that a login buys begins after its end, whoever is faster.
    async fn a_logout_races_exchange_and_refresh(db) {
        for round in 0..20 {
            let user = db.user(&format!("alice{round}")).await;
            let pair = Pair { user, app: db.app(user, Native).await };
            let session = db.session(user).await;
            let it = db.connect_in(session.id, &pair, "openid").await;
            let (_, code) = db.code_in(session.id, &pair, "openid").await;
            let bought = decide_code(&db.store, &pair.app, code).await.unwrap();
            let rotated = decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await.unwrap();
            assert_eq!((bought.session, rotated.session), (Some(session.id), Some(session.id)));
            let other = db.other().await;
            race(3, |number| {
                let (store, other) = (db.store.clone(), other.clone());
                let (bought, rotated) = (bought.clone(), rotated.clone());
                async move {
                    match (number, &rotated.effect) {
                        (0, _) => assert!(other.end_session(session.id, user, event()).await.unwrap()),
                        (1, _) => {
                            let _: Stored = store.redeem(&bought, after(1_000_000), NOW).await.unwrap();
                        }
                        (_, Effect::Rotate(lineage)) => {
                            let family = (it.family, Some(session.id));
                            let _: Stored = store.rotate(family, lineage, after(1_000_000), NOW).await.unwrap();
                        }
                        (_, other) => panic!("{other:?}"),
                    }
                }
            }).await;
            db.store.ping().await.unwrap();
            let late = db.store.redeem(&bought, after(1_000_000), NOW).await.unwrap();
            assert_eq!(late, Stored::Lost);
            for generation in [0, 1] {
                let refused = decide_refresh(&db.store, &pair.app, (it.family, generation), NOW).await;
                assert!(refused.is_err());
            }
            assert!(ended(&db.store, &pair, tokens(&pair, it, session.id)).await[0]);
        }
    }

    async fn a_session_is_ended_by_its_user_once(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let new = new_session(alice);
        db.store.add_session(&new, event()).await.unwrap();
        assert!(!db.untouched(db.store.end_session(new.id, bob, event())).await.unwrap());
        let answers = race(16, |_| {
            let store = db.store.clone();
            async move { store.end_session(new.id, alice, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert!(db.store.session(new.id, &new.digest).await.unwrap().is_none());
    }

    /// Whatever else is to be said of the batch: the session comes first.
    async fn what_an_ended_session_asked_for_is_not_written(db) {
        let alice = db.user("alice").await;
        let session = new_session(alice);
        db.store.add_session(&session, event()).await.unwrap();
        let form = form(Confidential);
        let app = new_app(alice, &form);
        assert!(db.store.add_app(&app, acting(session.id)).await.unwrap());
        db.store.set_profile(alice, &about("Alice", None), acting(session.id)).await.unwrap();
        assert!(db.store.end_session(session.id, alice, acting(session.id)).await.unwrap());
        for no_session in [session.id, new_id()] {
            let by = || acting(no_session);
            let password = new_password(alice, "hash of alice", "new");
            let refusals = [
                db.untouched(db.store.add_app(&new_app(alice, &form), by())).await.err(),
                db.untouched(db.store.delete_app(app.id, alice, by())).await.err(),
                db.untouched(db.store.delete_app(new_id(), alice, by())).await.err(),
                db.untouched(db.store.set_profile(alice, &about("Eve", None), by())).await.err(),
                db.untouched(db.store.set_password(&password, None, by())).await.err(),
                db.untouched(db.store.add_personal_token(&new_pat(alice, 0), by())).await.err(),
                db.untouched(db.store.record(by())).await.err(),
            ];
            for refusal in refusals {
                assert!(matches!(refusal, Some(Error::SessionEnded)), "{refusal:?}");
            }
        }
    }

    /// What guards it brings nothing of its own: the answer is the grant.
    async fn an_approval_in_a_session_names_its_grant(db) {
        let pair = db.pair(Native).await;
        let session = db.session(pair.user).await;
        for scope in ["default", "default email"] {
            let approved = approved_in(session.id, (&pair.app, pair.user), scope, None);
            let step = Approve { approved: &approved, grant: new_id(), scopes: &approved.request.scopes, code: None };
            let grant = db.store.approve(&step, acting(session.id)).await.unwrap();
            assert_eq!(grant, Some(db.number("SELECT id FROM grants").await), "{scope}");
        }
    }

    /// The end of her sessions is the end of what they write, whoever is faster.
    async fn acts_racing_the_end_of_their_session(db) {
        for round in 0..30 {
            let alice = db.user(&format!("alice{round}")).await;
            let session = new_session(alice);
            db.store.add_session(&session, event()).await.unwrap();
            let other = db.other().await;
            let answers = race(8, |number| {
                let store = if number % 2 == 0 { &db.store } else { &other }.clone();
                async move {
                    match number {
                        0 => store.disable_user(alice, event()).await.map(drop),
                        _ => store.set_profile(alice, &about("Alice", None), acting(session.id)).await,
                    }
                }
            }).await;
            assert!(answers.iter().all(|it| matches!(it, Ok(()) | Err(Error::SessionEnded))), "{answers:?}");
            let written = answers.iter().filter(|it| it.is_ok()).count();
            let found = db.number(&format!("SELECT COUNT(*) FROM changes WHERE id = {alice}")).await;
            assert_eq!(found, written as i64, "what was refused is there");
            let late = format!(
                "SELECT COUNT(*) FROM changes WHERE id = {alice} AND seq >
                    (SELECT seq FROM changes WHERE id = {alice} AND kind = 'user_disabled')"
            );
            assert_eq!(db.number(&late).await, 0, "written after the end");
        }
    }

    async fn the_others_end_and_this_one_stays(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let mine = [new_session(alice), new_session(alice), new_session(alice)];
        let hers = new_session(bob);
        for session in mine.iter().chain([&hers]) {
            db.store.add_session(session, event()).await.unwrap();
        }
        db.store.end_other_sessions(mine[1].id, alice, event()).await.unwrap();
        let left = db.store.sessions_of(alice, NOW).await.unwrap();
        assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [mine[1].id]);
        assert_eq!(db.store.sessions_of(bob, NOW).await.unwrap().len(), 1);
        assert!(db.store.sessions_of(alice, mine[1].expires).await.unwrap().is_empty());
    }
}
