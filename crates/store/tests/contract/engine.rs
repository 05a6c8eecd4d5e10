//! Durability: groups, commits that fail, full disks, copies, the end.

use crate::{
    actors::new_user,
    world::{Db, NOW, after, event, event_at, new_id, race},
};
use grantor_protocol::time::Millis;
use grantor_store::{Error, Location, Store};
use std::{
    future::{Future, poll_fn},
    path::{Path, PathBuf},
    pin::Pin,
    process::Command,
    task::Poll,
    time::Duration,
};

type Waiting<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Hands a batch to the writer without waiting for the answer.
async fn queue<T>(call: impl Future<Output = T> + Send + 'static) -> Waiting<T> {
    let mut call: Waiting<T> = Box::pin(call);
    poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    call
}

fn hit(store: &Store, key: &str) -> impl Future<Output = Result<i64, Error>> + Send + 'static {
    let (store, key) = (store.clone(), key.to_owned());
    async move { Ok(store.hit(&key, Millis::minutes(1), NOW).await?.count) }
}

/// Makes the writer busy with one batch, so that what is queued next is one group.
async fn hold_up(db: &Db) -> (rusqlite::Connection, Waiting<Result<i64, Error>>) {
    let raw = db.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let taken = db.store.write_counts().batches + 1;
    let first = queue(hit(&db.store, "first")).await;
    while db.store.write_counts().batches < taken {
        tokio::task::yield_now().await;
    }
    (raw, first)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_batch_leaves_its_group_alone() {
    let db = Db::sqlite().await;
    db.user("alice").await;
    let used = event();
    db.store.record(used.clone()).await.unwrap();
    let (raw, first) = hold_up(&db).await;
    let grantor_store::WriteCounts {
        batches, commits, ..
    } = db.store.write_counts();
    let mut users = Vec::new();
    for name in ["bob", "alice", "carol"] {
        let store = db.store.clone();
        users.push(queue(async move { store.add_user(&new_user(name), event()).await }).await);
    }
    let store = db.store.clone();
    let broken = queue(async move { store.record(used).await }).await;
    let store = db.store.clone();
    let last = queue(async move { store.add_user(&new_user("dave"), event()).await }).await;
    raw.execute_batch("COMMIT").unwrap();
    assert_eq!(first.await.unwrap(), 1);
    let mut answers = Vec::new();
    for user in users {
        answers.push(user.await.unwrap());
    }
    assert_eq!(answers, [true, false, true]);
    assert!(
        matches!(broken.await, Err(Error::Statement { .. })),
        "the id is taken"
    );
    assert!(last.await.unwrap());
    let after = db.store.write_counts();
    assert_eq!(
        (after.batches, after.commits),
        (batches + 5, commits + 1),
        "one group, one commit"
    );
    assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_that_fails_is_told_to_everybody() {
    let db = Db::sqlite().await;
    let alice = db.user("alice").await;
    // A constraint that is looked at by COMMIT alone.
    db.raw()
        .execute_batch(
            "CREATE TABLE parents (id INTEGER PRIMARY KEY);
             CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER spoil AFTER INSERT ON throttles WHEN NEW.key = 'poison'
             BEGIN INSERT INTO children VALUES (1); END",
        )
        .unwrap();
    let before = db.contents().await;
    let (raw, first) = hold_up(&db).await;
    let mut group = Vec::new();
    for number in 0..10 {
        let key = if number == 5 {
            "poison".into()
        } else {
            number.to_string()
        };
        group.push(queue(hit(&db.store, &key)).await);
    }
    raw.execute_batch("COMMIT").unwrap();
    assert_eq!(first.await.unwrap(), 1);
    for member in group {
        assert!(matches!(member.await, Err(Error::Unavailable(_))));
    }
    assert_eq!(
        db.contents().await.len(),
        before.len() + 1,
        "nothing but the first"
    );
    assert!(db.store.user(alice).await.unwrap().is_some(), "reads go on");
    assert_eq!(hit(&db.store, "7").await.unwrap(), 1, "and so does writing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_stops_waiting_loses_only_the_answer() {
    let db = Db::sqlite().await;
    let (raw, first) = hold_up(&db).await;
    drop(queue(hit(&db.store, "abandoned")).await);
    raw.execute_batch("COMMIT").unwrap();
    first.await.unwrap();
    assert_eq!(hit(&db.store, "abandoned").await.unwrap(), 2);
}

/// A read without an end gives its thread back, and the next one is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_read_has_a_deadline() {
    let db = Db::sqlite().await;
    let alice = db.user("alice").await;
    db.raw()
        .execute_batch(
            "ALTER TABLE images RENAME TO away;
             CREATE VIEW images AS
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                SELECT 'x' || i AS digest, x'00' AS png FROM n",
        )
        .unwrap();
    match db.store.image("never").await {
        Err(Error::Unavailable(why)) => assert!(why.contains("took longer"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(db.store.user(alice).await.unwrap().is_some());
    assert!(
        db.store.users(0, 10).await.unwrap().len() == 1,
        "scans, too"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_clean_close_leaves_one_file() {
    let db = Db::sqlite().await;
    let path = db.file();
    let beside = |suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
    let store = Store::open(&Location::Sqlite(db.path("second.db")), 10, NOW)
        .await
        .unwrap();
    let second = |suffix: &str| db.path(&format!("second.db{suffix}"));
    for number in 0..50 {
        store
            .hit("k", Millis::minutes(1), after(number))
            .await
            .unwrap();
    }
    assert!(beside("-wal").exists() && second("-wal").exists());
    // What is queued is written first.
    drop(queue(hit(&store, "late")).await);
    drop(store);
    assert!(!second("-wal").exists() && !second("-shm").exists());
    let again = Store::open(&Location::Sqlite(db.path("second.db")), 10, NOW)
        .await
        .unwrap();
    assert_eq!(hit(&again, "k").await.unwrap(), 51);
    assert_eq!(hit(&again, "late").await.unwrap(), 2);
}

/// The command line closes beside a server whose readers are at work: neither waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closing_waits_for_nobody_elses_readers() {
    let db = Db::sqlite().await;
    let other = db.other().await;
    let raw = db.raw();
    raw.execute_batch("BEGIN; SELECT COUNT(*) FROM users")
        .unwrap();
    hit(&other, "k").await.unwrap();
    let patience = Duration::from_secs(3);
    tokio::time::timeout(patience, other.close())
        .await
        .expect("it closes at once");
    assert_eq!(hit(&db.store, "k").await.unwrap(), 2);
}

/// A copy made while users are added has a whole moment in it: each user beside her
/// event.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_under_load_is_consistent() {
    let db = Db::sqlite().await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = db.store.clone();
            tokio::spawn(async move {
                for number in 0..60 {
                    let user = new_user(&format!("user{writer}-{number}"));
                    let mut event = event_at(NOW);
                    event.user = Some(user.id);
                    assert!(store.add_user(&user, event).await.unwrap());
                }
            })
        })
        .collect();
    for copy in 0..5 {
        let path = db.path(&format!("copy{copy}.db"));
        db.store.backup(&path).unwrap();
        assert!(
            db.store.backup(&path).is_err(),
            "a copy is never written over"
        );
        let copied = Store::open(&Location::Sqlite(path.clone()), 10, NOW)
            .await
            .unwrap();
        copied.prepare_all().await.unwrap();
        let users = copied.users(0, 1000).await.unwrap();
        for user in &users {
            assert_eq!(
                copied.events_of(user.id, i64::MAX, 9).await.unwrap().len(),
                1
            );
        }
        drop(copied);
        let raw = rusqlite::Connection::open(&path).unwrap();
        let verdict: String = raw
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

/// A tiny file system of its own, where this user may mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(at)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(at.to_owned())),
            _ => None,
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_stops_writing_and_nothing_else() {
    let db = Db::sqlite().await;
    let Some(disk) = SmallDisk::mount(&db.path("small")) else {
        eprintln!("skipped: this user may not mount a small disk");
        return;
    };
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![1; 600_000]).unwrap();
    let store = Store::open(&Location::Sqlite(disk.0.join("grantor.db")), 10, NOW)
        .await
        .unwrap();
    let alice = new_user("alice");
    store.add_user(&alice, event()).await.unwrap();
    let mut kept = Vec::new();
    let refused = loop {
        let answers = race(16, |_| {
            let (store, name) = (store.clone(), new_id().to_string());
            async move {
                (
                    name.clone(),
                    store.add_image(&name, &[7; 20_000], NOW).await,
                )
            }
        })
        .await;
        let (written, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|(_, answer)| answer.is_ok());
        kept.extend(written.into_iter().map(|(name, _)| name));
        if !refused.is_empty() {
            break refused;
        }
    };
    assert!(
        refused
            .iter()
            .all(|(_, answer)| matches!(answer, Err(Error::Unavailable(_))))
    );
    for name in &kept {
        assert!(
            store.image(name).await.unwrap().is_some(),
            "what was acknowledged is there"
        );
    }
    for (name, _) in &refused {
        assert!(
            store.image(name).await.unwrap().is_none(),
            "and what was not is not"
        );
    }
    assert!(
        store
            .user_by_email(&alice.email_key)
            .await
            .unwrap()
            .is_some(),
        "reads go on"
    );
    std::fs::remove_file(ballast).unwrap();
    assert!(
        store.add_user(&new_user("bob"), event()).await.unwrap(),
        "writing recovers"
    );
    drop(store);
}
