use crate::{
    actors::{SECRET, about, form, new_app, new_secret},
    world::{NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{
    client::{
        ClientKind::{Confidential, Native},
        Credential, Proof, authenticate,
    },
    redirect::RedirectUri,
};
use grantor_store::apps::App;

contract! {
    async fn an_app_comes_back_as_written(db) {
        let alice = db.user("alice").await;
        let mut form = form(Native);
        form.icon = Some("icon".into());
        form.redirect_uris.push(RedirectUri::parse("http://127.0.0.1/cb", Native).unwrap());
        (form.implicit, form.pkce_required) = (true, true);
        let mut new = new_app(alice, &form);
        new.resource_server = true;
        assert!(db.store.add_app(&new, event()).await.unwrap());
        let app = db.store.app(new.id).await.unwrap().unwrap();
        assert_eq!((app.client.id, app.owner, app.client.kind), (new.id, alice, Native));
        assert_eq!((app.name.as_str(), app.url.as_str(), app.icon.as_deref()), ("Clock", "https://clock.example", Some("icon")));
        assert_eq!(app.client.redirect_uris, form.redirect_uris);
        assert!(app.client.implicit && app.client.pkce_required && app.client.resource_server);
        assert!(!app.client.stateless && !app.client.suspended && !app.verified && app.without_pkce.is_none());
        assert_eq!((app.created, app.client.changed), (NOW, NOW));
        assert_eq!(app.client.secrets.len(), 1);
        let lines = db.store.secrets_of(app.client.id).await.unwrap();
        assert_eq!((lines[0].hint.as_str(), lines[0].expires), ("the…", None));
        assert!(db.store.app(new_id()).await.unwrap().is_none());
    }

    async fn apps_are_listed_by_owner_and_by_page(db) {
        let (alice, bob) = (db.user("alice").await, db.user("bob").await);
        let mut ids = Vec::new();
        for owner in [alice, bob, alice] {
            ids.push(db.app(owner, Confidential).await.client.id);
        }
        let of = async |owner| -> Vec<_> {
            db.store.apps_of(owner).await.unwrap().iter().map(|app| app.client.id).collect()
        };
        assert_eq!(of(alice).await, [ids[0], ids[2]]);
        assert_eq!(of(bob).await, [ids[1]]);
        let page = db.store.apps(ids[0], 10).await.unwrap();
        assert_eq!(page.iter().map(|app| app.client.id).collect::<Vec<_>>(), ids[1..]);
        assert!(db.store.delete_app(ids[1], bob, event()).await.unwrap());
        assert!(of(bob).await.is_empty());
        assert_eq!(db.store.apps(0, 10).await.unwrap().len(), 2);
    }

    async fn only_an_active_owner_within_her_limit_adds_apps(db) {
        let alice = db.user("alice").await;
        let form = form(Confidential);
        let mut new = new_app(alice, &form);
        new.limit = 0;
        assert!(!db.untouched(db.store.add_app(&new, event())).await.unwrap());
        assert!(!db.untouched(db.store.add_app(&new_app(new_id(), &form), event())).await.unwrap());
        db.store.disable_user(alice, event()).await.unwrap();
        assert!(!db.untouched(db.store.add_app(&new_app(alice, &form), event())).await.unwrap());
    }

    async fn the_limit_of_apps_holds_in_parallel(db) {
        let alice = db.user("alice").await;
        let other = db.other().await;
        let answers = race(60, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            async move {
                let form = form(Confidential);
                let mut new = new_app(alice, &form);
                new.limit = 10;
                store.add_app(&new, event()).await.unwrap()
            }
        }).await;
        assert_eq!(count(&answers, &true), 10);
        assert_eq!(db.store.apps_of(alice).await.unwrap().len(), 10);
        assert_eq!(db.number("SELECT COUNT(*) FROM client_secrets").await, 10);
        // A deleted one makes room.
        let first = db.store.apps_of(alice).await.unwrap()[0].client.id;
        db.store.delete_app(first, alice, event()).await.unwrap();
        let form = form(Confidential);
        let mut new = new_app(alice, &form);
        new.limit = 10;
        assert!(db.store.add_app(&new, event()).await.unwrap());
    }

    async fn an_edit_is_seen_at_once_and_dated_when_users_would_notice(db) {
        let pair = db.pair(Confidential).await;
        let id = pair.app_id();
        let mut form = form(Confidential);
        form.stateless = true;
        let app = async || db.store.app(id).await.unwrap().unwrap();
        let first = app().await;
        assert!(db.store.edit_app(&first, &form, event_at(after(5))).await.unwrap());
        let second = app().await;
        assert_eq!((second.client.stateless, second.client.changed), (true, NOW));
        form.name = "Watch".into();
        assert!(db.store.edit_app(&second, &form, event_at(after(6))).await.unwrap());
        let third = app().await;
        assert_eq!((third.name.as_str(), third.client.changed), ("Watch", after(6)));
        assert_eq!(db.number("SELECT stateless_at FROM apps").await, after(5).0, "since when stays");
        let mut other: App = (*third).clone();
        other.owner += 1;
        for stale in [&first, &second, &other] {
            assert!(!db.untouched(db.store.edit_app(stale, &form, event())).await.unwrap());
        }
    }

    /// An edit that was begun before another one undoes nothing of it.
    async fn of_two_edits_of_the_same_one_counts(db) {
        let pair = db.pair(Confidential).await;
        let before = db.store.app(pair.app_id()).await.unwrap().unwrap();
        let answers = race(8, |number| {
            let (store, before) = (db.store.clone(), before.clone());
            let mut form = form(Confidential);
            form.name = format!("Watch {number}");
            async move { store.edit_app(&before, &form, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
    }

    /// What the consent page says of an app is also whose it is.
    async fn an_owner_under_another_name_is_vouched_for_no_more(db) {
        let pair = db.pair(Confidential).await;
        let (id, owner) = (pair.app_id(), pair.user);
        assert!(db.store.verify_app(&db.store.app(id).await.unwrap().unwrap(), event()).await.unwrap());
        let other = db.other().await;
        let name = db.store.user(owner).await.unwrap().unwrap().name.clone();
        for (name, at, verified) in [(&*name, after(5), true), ("Contoso Bank", after(6), false)] {
            db.store.set_profile(owner, &about(name, None), event_at(at)).await.unwrap();
            other.ping().await.unwrap();
            for store in [&db.store, &other] {
                let app = store.app(id).await.unwrap().unwrap();
                assert_eq!(app.verified, verified, "{name}");
                assert_eq!(app.client.changed, if verified { NOW } else { at });
            }
        }
    }

    async fn a_deleted_app_takes_its_grants_and_secrets_with_it(db) {
        let pair = db.pair(Confidential).await;
        let bob = db.user("bob").await;
        let connected = db.connect(&pair).await;
        let before = db.store.app(pair.app_id()).await.unwrap().unwrap();
        assert!(!db.untouched(db.store.delete_app(pair.app_id(), bob, event())).await.unwrap());
        let answers = race(10, |_| {
            let (store, id, owner) = (db.store.clone(), pair.app_id(), pair.user);
            async move { store.delete_app(id, owner, event()).await.unwrap() }
        }).await;
        assert_eq!(count(&answers, &true), 1);
        assert!(db.store.app(pair.app_id()).await.unwrap().is_none());
        assert!(db.store.grants_of(pair.user).await.unwrap().is_empty());
        assert!(db.store.family(connected.family, NOW).await.unwrap().unwrap().1.grant_ended);
        assert_eq!(db.number("SELECT COUNT(*) FROM client_secrets").await, 0);
        let form = form(Confidential);
        assert!(!db.untouched(db.store.edit_app(&before, &form, event())).await.unwrap());
    }

    async fn a_new_secret_overlaps_the_old_one(db) {
        let pair = db.pair(Confidential).await;
        let key = (pair.app_id(), pair.user);
        let secret = new_secret("second");
        assert!(db.store.add_secret(key, &secret, after(100), event()).await.unwrap());
        let app = db.store.app(key.0).await.unwrap().unwrap();
        let lines: Vec<_> = app.client.secrets.iter().map(|it| (it.id == secret.id, it.expires)).collect();
        assert_eq!(lines, [(true, None), (false, Some(after(100)))], "newest first");
        for wrong in [(key.0, key.1 + 1), (new_id(), key.1)] {
            assert!(!db.untouched(db.store.add_secret(wrong, &new_secret("third"), NOW, event())).await.unwrap());
        }
        // The overlap over, there is room again, and what has expired goes.
        assert!(!db.untouched(db.store.add_secret(key, &new_secret("third"), NOW, event_at(after(99)))).await.unwrap());
        assert!(db.store.add_secret(key, &new_secret("third"), after(200), event_at(after(100))).await.unwrap());
        assert_eq!(db.store.app(key.0).await.unwrap().unwrap().client.secrets.len(), 2);
    }

    async fn there_are_never_more_than_two_secrets(db) {
        for _ in 0..20 {
            let alice = db.user(&format!("alice{}", new_id())).await;
            let app = db.app(alice, Confidential).await;
            let answers = race(20, |_| {
                let (store, key) = (db.store.clone(), (app.client.id, alice));
                async move { store.add_secret(key, &new_secret("another"), after(100), event()).await.unwrap() }
            }).await;
            assert_eq!(count(&answers, &true), 1);
            let secrets = &db.store.app(app.client.id).await.unwrap().unwrap().client.secrets;
            assert_eq!(secrets.len(), 2);
            assert_eq!(secrets.iter().filter(|it| it.expires.is_none()).count(), 1);
        }
    }

    async fn a_secret_is_removed_by_its_owner(db) {
        let pair = db.pair(Confidential).await;
        let (key, bob) = ((pair.app_id(), pair.user), db.user("bob").await);
        let other = db.app(bob, Confidential).await;
        let secret = pair.app.client.secrets[0].id;
        for wrong in [(key.0, bob), (other.client.id, bob), (other.client.id, pair.user)] {
            assert!(!db.untouched(db.store.remove_secret(wrong, secret, event())).await.unwrap());
        }
        assert!(db.store.remove_secret(key, secret, event()).await.unwrap());
        assert!(db.store.app(key.0).await.unwrap().unwrap().client.secrets.is_empty());
        assert!(!db.untouched(db.store.remove_secret(key, secret, event())).await.unwrap());
    }

    async fn an_owner_learns_of_requests_without_pkce(db) {
        let app = db.pair(Confidential).await.app;
        db.store.saw_no_pkce(app.client.id, after(7)).await.unwrap();
        assert_eq!(db.store.app(app.client.id).await.unwrap().unwrap().without_pkce, Some(after(7)));
    }

    async fn a_secret_proves_the_app_that_was_read(db) {
        let app = db.pair(Confidential).await.app;
        let proof = authenticate(Some(&app.client), &Credential::posted(Some(SECRET)), NOW);
        assert_eq!(proof.ok().map(|it| it.proof), Some(Proof::Secret(app.client.secrets[0].id)));
    }
}
