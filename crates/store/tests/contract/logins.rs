use crate::{
    actors::{Pair, approved_in},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    client::ClientKind::{Confidential, Native},
    time::Millis,
};
use grantor_store::{Error, logins::Notice};

contract! {
    async fn a_session_knows_the_apps_that_it_logged_in_to(db) {
        let alice = db.user("alice").await;
        let apps = [db.app(alice, Native).await, db.app(alice, Native).await, db.app(alice, Native).await];
        let (here, there) = (db.session(alice).await, db.session(alice).await);
        let connect = async |session: i64, app: usize, scope: &str| {
            let pair = Pair { user: alice, app: apps[app].clone() };
            db.connect_in(session, &pair, scope).await;
        };
        connect(here.id, 0, "openid email").await;
        connect(here.id, 0, "openid").await;
        connect(here.id, 1, "email").await;
        connect(there.id, 2, "openid default").await;
        assert_eq!(db.store.logins_of(here.id).await.unwrap(), [apps[0].client.id]);
        let mut all = db.store.logins_of_user(alice).await.unwrap();
        all.sort_unstable();
        assert_eq!(all, [(here.id, apps[0].client.id), (there.id, apps[2].client.id)]);
        db.store.end_session(there.id, alice, event()).await.unwrap();
        assert_eq!(db.store.logins_of_user(alice).await.unwrap().len(), 1);
    }

    /// Without a code: an ID token that goes by way of the browser.
    async fn a_login_without_a_code_is_noted_while_its_session_lives(db) {
        let pair = db.pair(Confidential).await;
        let session = db.session(pair.user).await;
        let grant = db.connect(&pair).await.grant;
        let in_session = |id: i64| approved_in(id, (&pair.app, pair.user), "openid", None);
        let approved = in_session(session.id);
        assert!(db.store.add_login(&approved, grant, NOW).await.unwrap());
        assert!(db.untouched(db.store.add_login(&approved, grant, NOW)).await.unwrap());
        assert_eq!(db.store.logins_of(session.id).await.unwrap(), [pair.app_id()]);
        let another = db.session(pair.user).await;
        for ended in [&another, &session] {
            db.store.end_session(ended.id, pair.user, event()).await.unwrap();
            let refused = db.untouched(db.store.add_login(&in_session(ended.id), grant, NOW)).await;
            assert!(matches!(refused, Err(Error::SessionEnded)));
        }
        let (known, new) = (db.session(pair.user).await.id, db.session(pair.user).await.id);
        assert!(db.store.add_login(&in_session(known), grant, NOW).await.unwrap());
        assert!(db.store.end_grant(grant, pair.user, event()).await.unwrap());
        for session in [known, new] {
            assert!(!db.untouched(db.store.add_login(&in_session(session), grant, NOW)).await.unwrap());
        }
    }

    async fn an_app_is_told_by_one_node_and_again_until_it_heard(db) {
        let pair = db.pair(Native).await;
        let session = db.session(pair.user).await;
        db.connect_in(session.id, &pair, "openid").await;
        assert_eq!(db.store.due_notices(after(1_000_000), 10).await.unwrap(), []);
        db.store.end_session(session.id, pair.user, event_at(after(5))).await.unwrap();
        assert_eq!(db.store.due_notices(after(4), 10).await.unwrap(), []);
        let due = db.store.due_notices(after(5), 10).await.unwrap();
        let [notice] = due[..] else { panic!("{due:?}") };
        let facts = (notice.session, notice.app, notice.user, notice.attempts);
        assert_eq!(facts, (session.id, pair.app_id(), pair.user, 0));
        let other = db.other().await;
        let claims = race(8, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move { store.claim_notice(&notice, after(5)).await.unwrap() }
        }).await;
        assert_eq!(count(&claims, &true), 1);
        let wait = notice.patience();
        assert_eq!(db.store.due_notices(after(4) + wait, 10).await.unwrap(), []);
        let again = other.due_notices(after(5) + wait, 10).await.unwrap();
        let [again] = again[..] else { panic!("{again:?}") };
        assert_eq!(again.attempts, 1);
        assert!(again.patience() > wait);
        assert!(!db.untouched(db.store.claim_notice(&notice, after(6))).await.unwrap());
        db.store.forget_notice(&again).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM logins").await, 0);
    }

    async fn logins_go_with_their_session(db) {
        let pair = db.pair(Native).await;
        let session = db.session(pair.user).await;
        db.connect_in(session.id, &pair, "openid").await;
        db.store.sweep(session.expires + Millis::days(1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM logins").await, 1);
        db.store.sweep(session.expires + Millis::days(1) + Millis(1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM logins").await, 0);
        assert_eq!(db.number("SELECT COUNT(*) FROM sessions").await, 0);
    }

    /// However many notices one app has, another's turn comes.
    async fn apps_are_told_in_turns(db) {
        let alice = db.user("alice").await;
        let apps = [db.app(alice, Native).await, db.app(alice, Native).await];
        for (number, app) in [0, 0, 0, 0, 1, 1].into_iter().enumerate() {
            let session = db.session(alice).await;
            let pair = Pair { user: alice, app: apps[app].clone() };
            db.connect_in(session.id, &pair, "openid").await;
            db.store.end_session(session.id, alice, event_at(after(number as i64))).await.unwrap();
        }
        let due = db.store.due_notices(after(100), 5).await.unwrap();
        let order = due.iter().map(|notice| usize::from(notice.app == apps[1].client.id));
        assert_eq!(order.collect::<Vec<_>>(), [0, 1, 0, 1, 0]);
    }

    async fn who_waits_longest_comes_first(db) {
        let alice = db.user("alice").await;
        let app = db.app(alice, Native).await;
        let pair = Pair { user: alice, app };
        let mut sessions = Vec::new();
        for _ in 0..5 {
            let session = db.session(alice).await;
            db.connect_in(session.id, &pair, "openid").await;
            sessions.push(session.id);
        }
        for (number, session) in sessions.iter().rev().enumerate() {
            let at = event_at(after(number as i64));
            db.store.end_session(*session, alice, at).await.unwrap();
        }
        let due = db.store.due_notices(after(100), 3).await.unwrap();
        let found: Vec<_> = due.iter().map(|notice| notice.session).collect();
        assert_eq!(found, [sessions[4], sessions[3], sessions[2]]);
        assert!(due.iter().all(|notice| notice.attempts < Notice::ATTEMPTS));
        assert!(db.store.logins_of(new_id()).await.unwrap().is_empty());
    }
}
