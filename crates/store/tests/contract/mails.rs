use crate::{
    actors::{Pair, digest, new_session, new_user},
    world::{Db, NOW, after, count, event, event_at, new_id, race},
};
use grantor_protocol::{client::ClientKind::Native, scope::ScopeSet, time::Millis};
use grantor_store::{
    audit::Event,
    mails::Mail,
    pats::NewPersonalToken,
    user_links::{NewLink, Purpose},
};

/// A user who is told, for her address is known to be hers.
async fn known(db: &Db, name: &str) -> i64 {
    db.store.tell_by_mail();
    let mut user = new_user(name);
    user.email_verified = true;
    assert!(db.store.add_user(&user, event()).await.unwrap());
    user.id
}

fn of(user: i64, kind: &'static str) -> Event {
    Event {
        kind,
        user: Some(user),
        ..event()
    }
}

async fn waiting(db: &Db) -> Vec<Mail> {
    db.store.due_mails(after(1_000_000), 1000).await.unwrap()
}

fn kinds(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.kind.as_str()).collect()
}

fn verification(user: i64) -> NewLink {
    NewLink {
        id: new_id(),
        digest: digest("link"),
        purpose: Purpose::Verify,
        user,
        email: "alice@Example.org".into(),
        email_key: "alice@example.org".into(),
        made_for: NewLink::made_for(Purpose::Verify, "alice@example.org", None),
        expires: after(5_000),
        sealed: b"sealed".to_vec(),
        mail_to: "alice@Example.org".into(),
        language: Some("de"),
    }
}

contract! {
    async fn an_event_that_matters_brings_its_mail(db) {
        let alice = known(db, "alice").await;
        let told = of(alice, "password.changed");
        let (id, at) = (told.id, told.at);
        db.store.record(told).await.unwrap();
        db.store.record(of(alice, "login.refused")).await.unwrap();
        let found = waiting(db).await;
        let [mail] = &found[..] else { panic!("{found:?}") };
        assert_eq!((mail.id, mail.event, mail.kind.as_str()), (id, Some(id), "password.changed"));
        assert_eq!((mail.user, mail.email.as_str(), mail.made, mail.attempts), (alice, "alice@Example.org", at, 0));
        assert_eq!((mail.until, mail.language.as_deref()), (at + Millis::days(1), None));
        let event = db.store.remembered(id).await.unwrap().unwrap();
        assert_eq!(event.kind, "password.changed");
        let all = db.store.waiting_mails().await.unwrap();
        assert_eq!((all.mails, all.oldest), (1, Some(at)));
    }

    /// Nobody is told anything about an account at an address that may be a stranger's.
    async fn nothing_goes_to_an_address_that_nobody_verified(db) {
        db.store.tell_by_mail();
        let alice = db.user("alice").await;
        db.store.record(of(alice, "password.changed")).await.unwrap();
        assert_eq!(waiting(db).await, []);
        let link = verification(alice);
        db.store.mail_user_link(&link, None, NOW).await.unwrap();
        let found = waiting(db).await;
        let [mail] = &found[..] else { panic!("{found:?}") };
        assert_eq!((mail.id, mail.kind.as_str(), mail.link.as_deref()), (link.id, "va", Some(&b"sealed"[..])));
        assert_eq!(mail.language.as_deref(), Some("de"));
        // The link would not work any more.
        assert_eq!(mail.until, after(5_000));
    }

    async fn without_mail_nothing_waits(db) {
        let mut user = new_user("alice");
        user.email_verified = true;
        db.store.add_user(&user, event()).await.unwrap();
        db.store.record(of(user.id, "password.changed")).await.unwrap();
        db.store.mail_user_link(&verification(user.id), None, NOW).await.unwrap();
        assert_eq!(waiting(db).await, []);
    }

    async fn what_is_refused_tells_nobody(db) {
        let alice = known(db, "alice").await;
        db.store.disable_user(alice, of(alice, "account.disabled")).await.unwrap();
        let again = db.store.disable_user(alice, of(alice, "account.disabled"));
        assert!(!db.untouched(again).await.unwrap());
        assert_eq!(kinds(&waiting(db).await), ["account.disabled"]);
    }

    async fn a_sign_in_is_told_when_the_place_is_new(db) {
        let alice = known(db, "alice").await;
        let sign_in = async |address: &str, browser: &str, at: i64| {
            let mut session = new_session(alice);
            (session.address, session.user_agent) = (address.into(), browser.into());
            let event = Event { at: after(at), ..of(alice, "session.started") };
            assert!(db.store.add_session(&session, event).await.unwrap());
            waiting(db).await.len()
        };
        assert_eq!(sign_in("192.0.2.1", "Firefox/140", 0).await, 0, "the first of all");
        assert_eq!(sign_in("192.0.2.200", "Firefox/141", 1).await, 0, "the same place");
        assert_eq!(sign_in("198.51.100.1", "Firefox/141", 2).await, 1, "another network");
        assert_eq!(sign_in("198.51.100.1", "Firefox/141", 3).await, 1, "known by now");
        assert_eq!(sign_in("192.0.2.1", "Chrome/140", 4).await, 2, "another browser");
    }

    async fn an_app_is_told_of_when_it_is_new(db) {
        let alice = known(db, "alice").await;
        let pair = Pair { user: alice, app: db.app(alice, Native).await };
        let told = async || {
            let consent = Event { app: Some(pair.app_id()), ..of(alice, "consent.granted") };
            db.store.record(consent).await.unwrap();
            kinds(&waiting(db).await).len()
        };
        assert_eq!(told().await, 0, "there is no grant");
        db.connect(&pair).await;
        db.execute(&format!("UPDATE grants SET created_at = {}", NOW.0)).await;
        assert_eq!(told().await, 1);
        db.execute("UPDATE grants SET created_at = created_at - 1").await;
        assert_eq!(told().await, 1, "asked again");
    }

    async fn a_mail_is_sent_by_one_node_and_again_until_it_was_taken(db) {
        let alice = known(db, "alice").await;
        db.store.record(of(alice, "password.reset")).await.unwrap();
        let mail = waiting(db).await.remove(0);
        let other = db.other().await;
        let claims = race(8, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            let mail = mail.clone();
            async move { store.claim_mail(&mail, NOW).await.unwrap() }
        }).await;
        assert_eq!(count(&claims, &true), 1);
        let minute = 60_000;
        assert_eq!(db.store.due_mails(after(minute - 1), 10).await.unwrap(), []);
        let again = db.store.due_mails(after(minute), 10).await.unwrap().remove(0);
        assert_eq!((again.id, again.attempts), (mail.id, 1));
        db.store.forget_mail(&again).await.unwrap();
        assert_eq!(waiting(db).await, []);
    }

    async fn what_comes_too_late_is_given_up_once(db) {
        let alice = known(db, "alice").await;
        db.store.record(of(alice, "password.reset")).await.unwrap();
        let mail = waiting(db).await.remove(0);
        let last = mail.until - Millis::minutes(1);
        assert!(db.store.claim_mail(&mail, last + Millis(1)).await.unwrap());
        let due = db.store.due_mails(mail.until, 10).await.unwrap();
        assert_eq!(due.len(), 1, "due once more, at the latest when it is too late");
        let given_up = async || {
            db.store.give_up_mail(&mail, of(alice, "mail.undelivered")).await.unwrap()
        };
        assert!(given_up().await);
        assert!(!db.untouched(given_up()).await);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'mail.undelivered'").await, 1);
    }

    /// The outbox is bounded, and what strangers can ask for gives way first.
    async fn a_full_outbox_holds_up_nobody(db) {
        let alice = known(db, "alice").await;
        let fill = async |from: i64, to: i64| {
            let rows = (from..to).map(|id| format!("({id}, 'x', 1, 'x', 0, 0, 0)"));
            let rows = rows.collect::<Vec<_>>().join(", ");
            let sql = "INSERT INTO mails (id, kind, user_id, email, made_at, due_at, until) VALUES";
            db.execute(&format!("{sql} {rows}")).await;
        };
        fill(0, 4_999).await;
        assert!(!db.store.waiting_mails().await.unwrap().is_crowded());
        db.store.mail_user_link(&verification(alice), None, NOW).await.unwrap();
        assert!(db.store.waiting_mails().await.unwrap().is_crowded());
        db.store.mail_user_link(&verification(alice), None, NOW).await.unwrap();
        assert_eq!(db.store.waiting_mails().await.unwrap().mails, 5_000);
        db.store.record(of(alice, "password.changed")).await.unwrap();
        assert_eq!(db.store.waiting_mails().await.unwrap().mails, 5_001);
        fill(5_001, 10_000).await;
        let bob = db.user("bob").await;
        db.session(bob).await;
        db.store.record(of(alice, "password.changed")).await.unwrap();
        assert_eq!(db.store.waiting_mails().await.unwrap().mails, 10_000);
        db.store.sweep(NOW + Millis::days(3)).await.unwrap();
        assert_eq!(db.store.waiting_mails().await.unwrap().mails, 0);
    }

    async fn of_a_token_that_expires_soon_its_user_is_told_once(db) {
        let alice = known(db, "alice").await;
        let week = Millis::days(7);
        for (name, days) in [("short", 10), ("year", 365), ("ever", 0)] {
            let token = NewPersonalToken {
                id: new_id(),
                digest: digest(name),
                user: alice,
                description: name.into(),
                scopes: ScopeSet::parse("default").unwrap(),
                hint: "gr_pat_…".into(),
                expires: (days > 0).then(|| NOW + Millis::days(days)),
                limit: 10,
            };
            assert!(db.store.add_personal_token(&token, event()).await.unwrap());
        }
        let expiring = async |days| {
            db.store.expiring_tokens(week, NOW + Millis::days(days), 10).await.unwrap()
        };
        assert_eq!(expiring(4).await, []);
        assert_eq!(expiring(357).await, []);
        let found = expiring(359).await;
        let [token] = &found[..] else { panic!("{found:?}") };
        assert_eq!((token.user, token.description.as_str()), (alice, "year"));
        assert_eq!(expiring(366).await, [], "too late");
        let other = db.other().await;
        other.tell_by_mail();
        let told = race(6, |number| {
            let store = if number % 2 == 0 { &db.store } else { &other }.clone();
            let id = token.id;
            async move { store.warn_of_token(id, of(alice, "token.expiring")).await.unwrap() }
        }).await;
        assert_eq!(count(&told, &true), 1);
        assert_eq!(expiring(359).await, []);
        assert_eq!(kinds(&waiting(db).await), ["token.expiring"]);
    }

    async fn a_mail_goes_where_her_address_was(db) {
        let alice = known(db, "alice").await;
        db.store.record(of(alice, "password.changed")).await.unwrap();
        db.execute("UPDATE users SET email = 'new@example.org'").await;
        assert_eq!(waiting(db).await[0].email, "alice@Example.org");
        db.store.record(Event { at: after(1), ..of(alice, "password.changed") }).await.unwrap();
        assert_eq!(waiting(db).await[1].email, "new@example.org");
        let nobody = event_at(NOW);
        db.store.record(Event { kind: "password.changed", ..nobody }).await.unwrap();
        assert_eq!(waiting(db).await.len(), 2);
    }
}
