//! From the databases of earlier versions to this one, while those versions go on.

use crate::{
    cluster::Cluster,
    earlier::{Earlier, all},
    world::{NOW, client, new_id},
};
use grantor_store::{Access, Location, Store};
use rusqlite::{Connection, TransactionBehavior, params};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

/// What writers of an earlier version do all the time, in one transaction.
const HOLD: &str = "grantor_store::users::HOLD_TURN";
const RECORD: &str = "grantor_store::audit::RECORD";
const HIT: &str = "grantor_store::throttles::HIT";
const WRITERS: usize = 3;
/// Transactions before the upgrade and after it.
const SOME: i64 = 60;

/// As that version hands a statement to PostgreSQL.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
        .replace("/*: ", "")
        .replace(" :*/", "")
}

/// How many transactions were acknowledged, and whether it is enough.
#[derive(Default)]
struct Work {
    done: AtomicI64,
    enough: AtomicBool,
}

impl Work {
    async fn goes_on(&self) {
        let wanted = self.done.load(Relaxed) + SOME;
        let done = async {
            while self.done.load(Relaxed) < wanted {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(60), done).await;
        in_time.expect("the earlier version goes on");
    }

    /// The upgrade, in the midst of it.
    async fn sees(&self, location: &Location) {
        self.goes_on().await;
        let store = Store::open(location, 10, NOW).await.unwrap();
        self.goes_on().await;
        self.enough.store(true, Relaxed);
        store.prepare_all().await.unwrap();
    }
}

fn write_to_sqlite(path: &Path, earlier: &Earlier, work: &Work) {
    let mut file = Connection::open(path).unwrap();
    file.busy_timeout(Duration::from_secs(10)).unwrap();
    file.set_prepared_statement_cache_capacity(16);
    while !work.enough.load(Relaxed) {
        let batch = file.transaction_with_behavior(TransactionBehavior::Immediate);
        let batch = batch.unwrap();
        let run = |name: &str, params: &[&dyn rusqlite::ToSql]| {
            let mut statement = batch.prepare_cached(earlier.statement(name)).unwrap();
            let mut rows = statement.query(params).unwrap();
            while rows.next().unwrap().is_some() {}
        };
        run(HOLD, params![1]);
        let none = None::<i64>;
        run(
            RECORD,
            params![
                new_id(),
                NOW.0,
                "test.happened",
                none,
                none,
                none,
                none,
                "",
                none
            ],
        );
        run(HIT, params!["key", i64::MAX, NOW.0]);
        batch.commit().unwrap();
        work.done.fetch_add(1, Relaxed);
    }
}

async fn write_to_postgres(url: &str, earlier: &Earlier, work: &Work) {
    let mut client = client(url).await;
    let mut prepared = Vec::new();
    for name in [HOLD, RECORD, HIT] {
        let sql = numbered(earlier.statement(name));
        prepared.push(client.prepare(&sql).await.unwrap());
    }
    while !work.enough.load(Relaxed) {
        let batch = client.transaction().await.unwrap();
        let (id, none, nobody) = (new_id(), None::<i64>, None::<&str>);
        batch.execute(&prepared[0], &[&1i64]).await.unwrap();
        let event: [&(dyn tokio_postgres::types::ToSql + Sync); 9] = [
            &id,
            &NOW.0,
            &"test.happened",
            &none,
            &none,
            &nobody,
            &nobody,
            &"",
            &none,
        ];
        batch.execute(&prepared[1], &event).await.unwrap();
        batch
            .query(&prepared[2], &[&"key", &i64::MAX, &NOW.0])
            .await
            .unwrap();
        batch.commit().await.unwrap();
        work.done.fetch_add(1, Relaxed);
    }
}

const WRITTEN: &str = "SELECT (SELECT COUNT(*) FROM audit_events WHERE kind = 'test.happened'),
    (SELECT hits FROM throttles WHERE key = 'key')";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_earlier_version_goes_on_through_an_upgrade_of_sqlite() {
    for earlier in all().into_iter().map(Arc::new) {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("grantor.db");
        let file = Connection::open(&path).unwrap();
        file.execute_batch("PRAGMA journal_mode = WAL").unwrap();
        file.execute_batch(&earlier.dump).unwrap();
        let work = Arc::new(Work::default());
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (path, earlier, work) = (path.clone(), earlier.clone(), work.clone());
                thread::spawn(move || write_to_sqlite(&path, &earlier, &work))
            })
            .collect();
        work.sees(&Location::Sqlite(path)).await;
        for writer in writers {
            writer.join().unwrap();
        }
        let done = work.done.load(Relaxed);
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        assert_eq!(file.query_row(WRITTEN, [], read).unwrap(), (done, done));
        for (name, sql) in earlier.statements() {
            file.prepare(sql)
                .unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_earlier_version_goes_on_through_an_upgrade_of_postgresql() {
    for earlier in all().into_iter().map(Arc::new) {
        let (schema, url) = Cluster::get().schema();
        let make = format!("CREATE SCHEMA {schema}; SET search_path TO {schema}; ");
        let database = client(&Cluster::get().url()).await;
        database
            .batch_execute(&(make + &earlier.for_postgres()))
            .await
            .unwrap();
        let work = Arc::new(Work::default());
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (url, earlier, work) = (url.clone(), earlier.clone(), work.clone());
                tokio::spawn(async move { write_to_postgres(&url, &earlier, &work).await })
            })
            .collect();
        let access = Access::parse(&url, None, 4).unwrap();
        work.sees(&Location::Postgres(Arc::new(access))).await;
        for writer in writers {
            writer.await.unwrap();
        }
        let done = work.done.load(Relaxed);
        let row = database.query_one(WRITTEN, &[]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (done, done));
        for (name, sql) in earlier.statements() {
            let known = database.prepare(&numbered(sql)).await;
            known.unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}
