use crate::{
    actors::{Pair, approved, decide_code, decide_refresh, new_code},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    bearer::BearerToken,
    client::ClientKind::Native,
    time::{Millis, Timestamp},
    token::Effect,
};
use grantor_store::{Store, codes::Stored, grants::Approve};

/// Issued so much after a stop, a token is certainly a new one.
const CLEARLY_LATER: Millis = Millis::seconds(31);

/// How an app is stopped, and let go on.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Suspension,
    OwnerDisabled,
}

const STOPS: [Stop; 2] = [Stop::Suspension, Stop::OwnerDisabled];

impl Stop {
    async fn begin(self, store: &Store, pair: &Pair, at: Timestamp) -> bool {
        match self {
            Self::Suspension => store.suspend_app(pair.app_id(), "spam", event_at(at)).await,
            Self::OwnerDisabled => store.disable_user(pair.app.owner, event_at(at)).await,
        }
        .unwrap()
    }

    async fn end(self, store: &Store, pair: &Pair) {
        match self {
            Self::Suspension => assert!(store.resume_app(pair.app_id(), event()).await.unwrap()),
            Self::OwnerDisabled => store.enable_user(pair.app.owner, event()).await.unwrap(),
        }
    }
}

/// Another user's app.
async fn pair(db: &Db) -> Pair {
    let owner = db.user(&format!("owner{}", new_id())).await;
    let app = db.app(owner, Native).await;
    let user = db.user(&format!("alice{}", new_id())).await;
    Pair { user, app }
}

async fn is_suspended(store: &Store, pair: &Pair) -> bool {
    store
        .app(pair.app_id())
        .await
        .unwrap()
        .unwrap()
        .client
        .suspended
}

contract! {
    /// Everything that would write for the app is refused, and all of it goes on later.
    async fn a_stopped_app_gets_nothing_until_it_may_go_on(db) {
        for stop in STOPS {
            let pair = pair(db).await;
            let it = db.connect(&pair).await;
            let (_, code) = db.code(&pair).await;
            let redemption = decide_code(&db.store, &pair.app, code).await.unwrap();
            let rotation = decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await.unwrap();
            let Effect::Rotate(lineage) = rotation.effect else { panic!() };
            assert!(stop.begin(&db.store, &pair, NOW).await);
            assert!(is_suspended(&db.store, &pair).await, "{stop:?}");
            assert!(!db.untouched(stop.begin(&db.store, &pair, NOW)).await);

            let late = db.untouched(db.store.redeem(&redemption, after(9), NOW)).await;
            assert_eq!(late.unwrap(), Stored::Lost, "{stop:?}");
            let late = db.untouched(db.store.rotate((it.family, None), &lineage, after(9), NOW)).await;
            assert_eq!(late.unwrap(), Stored::Lost, "{stop:?}");
            // Whoever lost decides again, with the app that it had read before.
            let refused = decide_code(&db.store, &pair.app, code).await;
            assert_eq!(refused.unwrap_err(), "ClientSuspended");
            let refused = decide_refresh(&db.store, &pair.app, (it.family, 0), NOW).await;
            assert_eq!(refused.unwrap_err(), "ClientSuspended");
            let approved = approved(&pair.app, pair.user, "default", None);
            let approve = Approve { approved: &approved, grant: new_id(), scopes: &approved.request.scopes, code: None };
            assert!(db.untouched(db.store.approve(&approve, event())).await.unwrap().is_none());
            assert!(!db.untouched(db.store.add_code(&approved, &new_code(), None, NOW)).await.unwrap());

            stop.end(&db.store, &pair).await;
            assert!(!is_suspended(&db.store, &pair).await, "{stop:?}");
            assert_eq!(db.store.redeem(&redemption, after(9), NOW).await.unwrap(), Stored::Done);
            assert_eq!(db.store.rotate((it.family, None), &lineage, after(9), NOW).await.unwrap(), Stored::Done);
        }
    }

    /// ADR 4.
    async fn tokens_from_before_a_stop_stay_dead(db) {
        for stop in STOPS {
            let pair = pair(db).await;
            let it = db.connect(&pair).await;
            let token = BearerToken::Access { id: new_id(), app: pair.app_id(), grant: it.grant, family: it.family, session: None };
            assert!(stop.begin(&db.store, &pair, after(1000)).await);
            let ended = async |store: &Store, issued| store.has_ended(token, pair.user, issued).await.unwrap();
            assert!(ended(&db.store, NOW).await, "{stop:?}");
            stop.end(&db.store, &pair).await;
            assert!(ended(&db.store, NOW).await, "{stop:?}");
            assert!(!ended(&db.store, after(1000) + CLEARLY_LATER).await, "{stop:?}");
        }
    }

    /// What the command line did, a running server knows by the feed.
    async fn other_nodes_hear_of_every_stop(db) {
        let other = db.other().await;
        for stop in STOPS {
            let pair = pair(db).await;
            assert!(!is_suspended(&other, &pair).await);
            assert!(stop.begin(&db.store, &pair, NOW).await);
            other.ping().await.unwrap();
            assert!(is_suspended(&other, &pair).await, "{stop:?}");
            stop.end(&db.store, &pair).await;
            other.ping().await.unwrap();
            assert!(!is_suspended(&other, &pair).await, "{stop:?}");
        }
    }

    async fn an_enabled_owner_does_not_lift_a_suspension(db) {
        let pair = pair(db).await;
        for stop in STOPS {
            assert!(stop.begin(&db.store, &pair, NOW).await);
        }
        Stop::OwnerDisabled.end(&db.store, &pair).await;
        let app = db.store.app(pair.app_id()).await.unwrap().unwrap();
        let suspension = app.suspension.as_ref().unwrap();
        assert_eq!((suspension.since, suspension.reason.as_str()), (NOW, "spam"));
        assert!(app.client.suspended);
        Stop::Suspension.end(&db.store, &pair).await;
        assert!(db.store.app(pair.app_id()).await.unwrap().unwrap().suspension.is_none());
    }

    async fn a_suspension_begins_and_ends_once(db) {
        let pair = pair(db).await;
        let begun = race(10, |_| {
            let (store, app) = (db.store.clone(), pair.app_id());
            async move { store.suspend_app(app, "spam", event()).await.unwrap() }
        }).await;
        assert_eq!(count(&begun, &true), 1);
        let ended = race(10, |_| {
            let (store, app) = (db.store.clone(), pair.app_id());
            async move { store.resume_app(app, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&ended, &true), 1);
        let unknown = new_id();
        assert!(!db.untouched(db.store.suspend_app(unknown, "spam", event())).await.unwrap());
        assert!(!db.untouched(db.store.resume_app(unknown, event())).await.unwrap());
    }

    /// What was verified is what people saw: an edit of it ends the verification.
    async fn an_app_is_verified_until_it_looks_different(db) {
        let pair = pair(db).await;
        let (id, owner) = (pair.app_id(), pair.app.owner);
        let is_verified = async || db.store.app(id).await.unwrap().unwrap().verified;
        assert!(db.store.verify_app(&db.store.app(id).await.unwrap().unwrap(), event()).await.unwrap() && is_verified().await);
        assert!(!db.untouched(db.store.verify_app(&db.store.app(id).await.unwrap().unwrap(), event())).await.unwrap());
        let verified = db.store.verified_apps().await.unwrap();
        assert_eq!((verified.len(), verified[0].app, verified[0].owner, verified[0].name.as_str()), (1, id, owner, "Clock"));
        for (url, still) in [(None, true), (Some("https://elsewhere.example"), false)] {
            let before = db.store.app(id).await.unwrap().unwrap();
            let mut form = before.form();
            form.url = url.map_or(form.url, Into::into);
            assert!(db.store.edit_app(&before, &form, event()).await.unwrap());
            assert_eq!(is_verified().await, still);
        }
        assert!(!db.untouched(db.store.unverify_app(id, event())).await.unwrap());
        assert!(db.store.verify_app(&db.store.app(id).await.unwrap().unwrap(), event()).await.unwrap());
        assert!(db.store.unverify_app(id, event()).await.unwrap() && !is_verified().await);
        assert!(db.store.verified_apps().await.unwrap().is_empty());
    }

    /// Who may know every token was looked at, and what becomes of the app is another's matter.
    async fn a_resource_server_is_none_for_another_owner(db) {
        let pair = pair(db).await;
        let id = pair.app_id();
        let now = async || db.store.app(id).await.unwrap().unwrap();
        let seen = now().await;
        assert!(db.store.give_introspection(&seen, event()).await.unwrap());
        assert!(!db.untouched(db.store.give_introspection(&seen, event())).await.unwrap());
        let given = now().await;
        assert!(given.client.resource_server);
        // Whoever saw it without has the event missing that says so.
        let late = db.store.transfer_app(&seen, pair.user, [event(), event()], None);
        assert!(!db.untouched(late).await.unwrap());
        let done = db.store.transfer_app(&given, pair.user, [event(), event()], Some(event()));
        assert!(done.await.unwrap());
        let moved = now().await;
        assert_eq!((moved.owner, moved.client.resource_server), (pair.user, false));
        // As whose it was when somebody looked at it.
        assert!(!db.untouched(db.store.give_introspection(&given, event())).await.unwrap());
        assert!(!db.untouched(db.store.take_introspection(id, event())).await.unwrap());
        assert!(db.store.give_introspection(&moved, event()).await.unwrap());
        let other = db.other().await;
        assert!(other.app(id).await.unwrap().unwrap().client.resource_server);
        assert!(db.store.take_introspection(id, event()).await.unwrap());
        other.ping().await.unwrap();
        assert!(!other.app(id).await.unwrap().unwrap().client.resource_server);
    }
}
