use crate::{
    actors::{Connected, Pair, about, form, new_pat},
    world::{Db, NOW, after, event, event_at, new_id},
};
use grantor_protocol::{
    bearer::BearerToken,
    client::{
        Client,
        ClientKind::{Confidential, Native},
    },
    time::{Millis, Timestamp},
    token::{Standing, refresh::Lineage},
};
use grantor_store::{Error, LONGEST_ACCESS, Store, changes::POLL, codes::Stored};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::sync::watch;

fn access(pair: &Pair, it: Connected) -> BearerToken {
    let (app, grant, family) = (pair.app_id(), it.grant, it.family);
    BearerToken::Access {
        id: new_id(),
        app,
        grant,
        family,
        session: None,
    }
}

async fn has_ended(store: &Store, pair: &Pair, token: BearerToken, issued: Timestamp) -> bool {
    store.has_ended(token, pair.user, issued).await.unwrap()
}

/// The ways in which an access token ends before its time.
/// The owner of all apps comes last.
const ENDS: [&str; 7] = [
    "token",
    "family",
    "grant",
    "user",
    "app",
    "suspension",
    "its owner",
];

async fn end(store: &Store, how: &str, pair: &Pair, it: Connected, token: BearerToken) {
    let BearerToken::Access { id, .. } = token else {
        unreachable!()
    };
    let owner = pair.app.owner;
    match how {
        "token" => assert!(store.end_token(id, event()).await.unwrap()),
        "family" => assert!(store.end_family(it.family, event()).await.unwrap()),
        "grant" => assert!(store.end_grant(it.grant, pair.user, event()).await.unwrap()),
        "user" => assert!(store.disable_user(pair.user, event()).await.unwrap()),
        "its owner" => assert!(store.disable_user(owner, event()).await.unwrap()),
        "suspension" => {
            let suspended = store.suspend_app(pair.app_id(), "spam", event()).await;
            assert!(suspended.unwrap());
        }
        _ => assert!(
            store
                .delete_app(pair.app_id(), owner, event())
                .await
                .unwrap()
        ),
    }
}

contract! {
    async fn an_end_is_in_force_here_at_once_and_elsewhere_after_one_poll(db) {
        let (owner, other) = (db.user("owner").await, db.other().await);
        for how in ENDS {
            let pair = Pair { user: db.user(how).await, app: db.app(owner, Native).await };
            let it = db.connect(&pair).await;
            let token = access(&pair, it);
            assert!(!has_ended(&db.store, &pair, token, NOW).await);
            end(&other, how, &pair, it, token).await;
            assert!(has_ended(&other, &pair, token, NOW).await, "{how}, same node");
            db.store.ping().await.unwrap();
            assert!(has_ended(&db.store, &pair, token, NOW).await, "{how}, other node");
        }
    }

    /// What a server app's refresh is decided by, without a read, is never what was.
    async fn a_steady_family_ends_as_it_does_in_the_database(db) {
        let owner = db.user("owner").await;
        let other = db.other().await;
        for how in ENDS {
            let pair = Pair { user: db.user(how).await, app: db.app(owner, Confidential).await };
            let it = db.connect(&pair).await;
            let token = access(&pair, it);
            let good = async |store: &Store| {
                let app = pair.app.clone();
                let found = store.steady_family(it.family, &app.client, NOW).await.unwrap();
                found.is_some_and(|(steady, standing)| {
                    !steady.family.ended && standing == Standing::default()
                })
            };
            assert!(good(&db.store).await && good(&other).await, "{how}");
            assert!(good(&db.store).await, "{how}, remembered");
            end(&other, how, &pair, it, token).await;
            let alone = how == "token";
            assert_eq!(good(&other).await, alone, "{how}, same node");
            db.store.ping().await.unwrap();
            assert_eq!(good(&db.store).await, alone, "{how}, other node");
            db.store.enable_user(owner, event()).await.unwrap();
        }
    }

    /// What hangs from a session is remembered too, and never longer than the session lasts.
    async fn a_steady_login_ends_with_its_session(db) {
        let (other, pair) = (db.other().await, db.pair(Confidential).await);
        for by_time in [true, false] {
            let session = db.session(pair.user).await;
            let it = db.connect_in(session.id, &pair, "openid email").await;
            let at = async |now: Timestamp| {
                let found = db.store.steady_family(it.family, &pair.app.client, now).await.unwrap();
                let (steady, standing) = found.unwrap();
                (steady.family.lineage.newest, standing.session_ended)
            };
            assert_eq!(at(NOW).await, (0, false));
            let lineage = Lineage { newest: 1, rotations: vec![] };
            let hangs = (it.family, Some(session.id));
            let rotated = other.rotate(hangs, &lineage, after(1_000_000), NOW).await;
            assert_eq!(rotated.unwrap(), Stored::Done);
            assert_eq!(at(session.expires - Millis(1)).await, (0, false), "not read again");
            if by_time {
                assert_eq!(at(session.expires).await, (1, true));
            } else {
                assert!(other.end_session(session.id, pair.user, event()).await.unwrap());
                db.store.ping().await.unwrap();
                assert_eq!(at(NOW).await, (1, true));
            }
        }
    }

    async fn a_steady_family_is_read_again_when_its_app_changed(db) {
        let pair = db.pair(Confidential).await;
        let it = db.connect(&pair).await;
        let mut app = pair.app.client.clone();
        let newest = async |app: &Client| {
            let found = db.store.steady_family(it.family, app, NOW).await.unwrap();
            found.unwrap().0.family.lineage.newest
        };
        assert_eq!(newest(&app).await, 0);
        let lineage = Lineage { newest: 1, rotations: vec![] };
        let rotated = db.store.rotate((it.family, None), &lineage, after(1_000_000), NOW).await;
        assert_eq!(rotated.unwrap(), Stored::Done);
        app.changed = after(1);
        assert_eq!(newest(&app).await, 1);
    }

    async fn records_are_true_after_one_poll(db) {
        let (pair, other) = (db.pair(Confidential).await, db.other().await);
        let (id, user) = (pair.app_id(), pair.user);
        for store in [&db.store, &other] {
            assert_eq!(store.app(id).await.unwrap().unwrap().name, "Clock");
            assert!(!store.user(user).await.unwrap().unwrap().disabled);
        }
        let mut form = form(Confidential);
        form.name = "Watch".into();
        let before = other.app(id).await.unwrap().unwrap();
        assert!(other.edit_app(&before, &form, event()).await.unwrap());
        assert!(other.disable_user(user, event()).await.unwrap());
        assert_eq!(other.app(id).await.unwrap().unwrap().name, "Watch");
        db.store.ping().await.unwrap();
        assert_eq!(db.store.app(id).await.unwrap().unwrap().name, "Watch");
        assert!(db.store.user(user).await.unwrap().unwrap().disabled);
        assert!(other.delete_app(id, user, event()).await.unwrap());
        db.store.ping().await.unwrap();
        assert!(db.store.app(id).await.unwrap().is_none());
    }

    /// The cache must not keep what was read before a change and came late.
    async fn no_reader_sees_the_old_record_after_an_edit(db) {
        let pair = db.pair(Confidential).await;
        let (id, user) = (pair.app_id(), pair.user);
        let (written, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
        let readers: Vec<_> = (0..6).map(|_| {
            let (store, written, stop) = (db.store.clone(), written.clone(), stop.clone());
            tokio::spawn(async move {
                let mut reads = 0;
                while !stop.load(SeqCst) {
                    let floor = written.load(SeqCst);
                    let app = store.app(id).await.unwrap().unwrap();
                    let person = store.user(user).await.unwrap().unwrap();
                    for name in [&app.name, &person.name] {
                        let seen: i64 = name.parse().unwrap_or(0);
                        assert!(seen >= floor, "{seen} was read after {floor} was written");
                    }
                    reads += 1;
                    tokio::task::yield_now().await;
                }
                reads
            })
        }).collect();
        let mut form = form(Confidential);
        for version in 1..=400 {
            form.name = version.to_string();
            let before = db.store.app(id).await.unwrap().unwrap();
            assert!(db.store.edit_app(&before, &form, event()).await.unwrap());
            db.store.set_profile(user, &about(&version.to_string(), None), event()).await.unwrap();
            written.store(version, SeqCst);
        }
        stop.store(true, SeqCst);
        for reader in readers {
            assert!(reader.await.unwrap() > 0);
        }
    }

    async fn a_start_knows_what_ended_before_it(db) {
        let owner = db.user("owner").await;
        for how in ENDS {
            let pair = Pair { user: db.user(how).await, app: db.app(owner, Native).await };
            let it = db.connect(&pair).await;
            let token = access(&pair, it);
            end(&db.store, how, &pair, it, token).await;
            let fresh = db.other().await;
            assert!(fresh.memory().has_ended(token, pair.user, NOW), "{how}");
        }
        let much_later = NOW + LONGEST_ACCESS + Millis(1);
        let fresh = Store::open(&db.location, 10, much_later).await.unwrap();
        let keys = fresh.watch_keys();
        fresh.ping().await.unwrap();
        assert!(!keys.has_changed().unwrap());
    }

    async fn what_a_living_token_could_fall_under_is_not_pruned(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        let token = access(&pair, it);
        let pat = new_pat(pair.user, 9);
        db.store.add_personal_token(&pat, event()).await.unwrap();
        db.store.end_grant(it.grant, pair.user, event_at(NOW)).await.unwrap();
        db.store.end_personal_token(pat.id, pair.user, event_at(NOW)).await.unwrap();
        // Issued at the same moment, it lives exactly so long; nodes differ by 30 s.
        let last = NOW + LONGEST_ACCESS + Millis::seconds(30);
        db.store.sweep(last).await.unwrap();
        let fresh = Store::open(&db.location, 10, last - Millis::seconds(30) - Millis(1)).await.unwrap();
        for store in [&db.store, &fresh] {
            assert!(store.memory().has_ended(token, pair.user, NOW));
        }
        db.store.sweep(last + Millis::minutes(5)).await.unwrap();
        assert!(!db.store.memory().has_ended(token, pair.user, NOW), "memory is bounded");
        assert!(db.store.personal_token(pat.id, &pat.digest).await.unwrap().is_none());
    }

    async fn one_poll_hears_everything(db) {
        db.execute("
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
            INSERT INTO changes (at, kind, id) SELECT 1800000000000, 'token', i FROM n").await;
        db.store.ping().await.unwrap();
        let token = |id| BearerToken::Access { id, app: 1, grant: 1, family: 1, session: None };
        assert!(db.store.memory().has_ended(token(25_000), 1, NOW));
        assert!(!db.store.memory().has_ended(token(25_001), 1, NOW));
    }

    async fn a_kind_from_a_newer_version_is_skipped(db) {
        let other = db.other().await;
        db.execute("INSERT INTO changes (at, kind, id) VALUES (1, 'unheard-of', 1)").await;
        db.store.end_token(5, event()).await.unwrap();
        other.ping().await.unwrap();
        let token = BearerToken::Access { id: 5, app: 1, grant: 1, family: 1, session: None };
        assert!(other.memory().has_ended(token, 1, NOW));
    }

    /// Who comes back has the tokens that she gets from then on, not the old ones.
    async fn the_enabled_user_starts_anew(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        let token = access(&pair, it);
        db.store.disable_user(pair.user, event_at(after(1000))).await.unwrap();
        db.store.enable_user(pair.user, event_at(after(2000))).await.unwrap();
        assert!(has_ended(&db.store, &pair, token, NOW).await);
        assert!(!has_ended(&db.store, &pair, token, after(60_000)).await);
    }
}

/// Lets time pass without polls: these tests stop the runtime's clock.
async fn silence(length: Duration) {
    tokio::time::pause();
    tokio::time::advance(length).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_deaf_node_asks_the_database() {
    let db = Db::sqlite().await;
    let (owner, other) = (db.user("owner").await, db.other().await);
    for how in ENDS {
        let pair = Pair {
            user: db.user(how).await,
            app: db.app(owner, Native).await,
        };
        let it = db.connect(&pair).await;
        let (token, sound) = (access(&pair, it), db.connect(&pair).await);
        let sound = access(&pair, sound);
        silence(Duration::from_secs(3)).await;
        assert!(!db.store.memory().is_fresh());
        assert!(!has_ended(&db.store, &pair, token, NOW).await, "{how}");
        end(&other, how, &pair, it, token).await;
        assert!(has_ended(&db.store, &pair, token, NOW).await, "{how}");
        let spared = ["token", "family"].contains(&how);
        assert_eq!(
            !has_ended(&db.store, &pair, sound, NOW).await,
            spared,
            "{how}"
        );
        // And it says that it is not ready.
        assert!(matches!(db.store.ping().await, Err(Error::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_deaf_node_judges_as_a_hearing_one() {
    let db = Db::sqlite().await;
    let pair = db.pair(Native).await;
    let token = access(&pair, db.connect(&pair).await);
    db.store
        .disable_user(pair.user, event_at(after(1000)))
        .await
        .unwrap();
    db.store
        .enable_user(pair.user, event_at(after(2000)))
        .await
        .unwrap();
    for deaf in [false, true] {
        if deaf {
            silence(Duration::from_secs(3)).await;
        }
        assert_eq!(db.store.memory().is_fresh(), !deaf);
        for (issued, ended) in [(0, true), (31_000, true), (31_001, false)] {
            assert_eq!(
                has_ended(&db.store, &pair, token, after(issued)).await,
                ended,
                "{issued} {deaf}"
            );
        }
    }
}

#[tokio::test]
async fn a_deaf_node_does_not_trust_its_records() {
    let db = Db::sqlite().await;
    let (alice, other) = (db.user("alice").await, db.other().await);
    let pat = new_pat(alice, 9);
    db.store.add_personal_token(&pat, event()).await.unwrap();
    assert!(!db.store.user(alice).await.unwrap().unwrap().disabled);
    assert!(
        db.store
            .personal_token(pat.id, &pat.digest)
            .await
            .unwrap()
            .is_some()
    );
    other
        .end_personal_token(pat.id, alice, event())
        .await
        .unwrap();
    other.disable_user(alice, event()).await.unwrap();
    silence(Duration::from_secs(3)).await;
    assert!(db.store.user(alice).await.unwrap().unwrap().disabled);
    assert!(
        db.store
            .personal_token(pat.id, &pat.digest)
            .await
            .unwrap()
            .is_none()
    );
    let bearer = BearerToken::Personal { id: pat.id };
    assert!(db.store.has_ended(bearer, alice, NOW).await.unwrap());
}

#[tokio::test]
async fn a_deaf_node_that_cannot_read_does_not_guess() {
    let db = Db::sqlite().await;
    let pair = db.pair(Native).await;
    let token = access(&pair, db.connect(&pair).await);
    silence(Duration::from_secs(3)).await;
    db.raw()
        .execute_batch("ALTER TABLE changes RENAME TO away")
        .unwrap();
    assert!(db.store.has_ended(token, pair.user, NOW).await.is_err());
}

/// Hears again what it missed, also what was swept meanwhile.
#[tokio::test]
async fn hearing_again() {
    for (quiet, swept) in [(3, false), (25 * 3600, true)] {
        let db = Db::sqlite().await;
        let pair = db.pair(Native).await;
        let (other, it) = (db.other().await, db.connect(&pair).await);
        assert_eq!(
            db.store.user(pair.user).await.unwrap().unwrap().name,
            "alice"
        );
        other
            .set_profile(pair.user, &about("Alice", None), event())
            .await
            .unwrap();
        other.end_grant(it.grant, pair.user, event()).await.unwrap();
        if swept {
            other.sweep(after(quiet * 2000)).await.unwrap();
            assert_eq!(db.number("SELECT COUNT(*) FROM changes").await, 0);
        }
        silence(Duration::from_secs(quiet as u64)).await;
        let (stop, stopped) = watch::channel(false);
        let following = tokio::spawn(db.store.clone().follow(stopped));
        tokio::time::pause();
        tokio::time::sleep(POLL * 3).await;
        tokio::time::resume();
        assert!(db.store.memory().is_fresh());
        assert_eq!(
            db.store.user(pair.user).await.unwrap().unwrap().name,
            "Alice"
        );
        assert!(
            swept
                || db
                    .store
                    .memory()
                    .has_ended(access(&pair, it), pair.user, NOW)
        );
        stop.send(true).unwrap();
        following.await.unwrap();
    }
}
