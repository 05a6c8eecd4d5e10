//! A database of its own for each test, the standing clock, and races.

use crate::cluster::Cluster;
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::{
    Access, Location, Store,
    audit::{Actor, Event},
};
use rusqlite::{Connection, OpenFlags, types::Value};
use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::Barrier;
use tokio_postgres::NoTls;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Some time after [`NOW`].
pub fn after(milliseconds: i64) -> Timestamp {
    NOW + Millis(milliseconds)
}

/// Row ids, in time order and never twice; too long for 32 bits, as the real ones are.
pub fn new_id() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1 << 42);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub fn event_at(at: Timestamp) -> Event {
    Event {
        id: new_id(),
        at,
        kind: "test.happened",
        user: None,
        app: None,
        actor: Actor::default(),
        detail: String::new(),
    }
}

pub fn event() -> Event {
    event_at(NOW)
}

pub struct Db {
    pub store: Store,
    pub location: Location,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Schema { name: String, url: String },
}

impl Db {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("grantor.db"));
        Self::at(location, Place::Folder(folder)).await
    }

    pub async fn postgres() -> Self {
        let cluster = Cluster::get();
        let (name, url) = cluster.schema();
        let make = format!("CREATE SCHEMA {name}");
        client(&cluster.url())
            .await
            .batch_execute(&make)
            .await
            .unwrap();
        let location = Location::Postgres(Arc::new(Access::parse(&url, None, 8).unwrap()));
        Self::at(location, Place::Schema { name, url }).await
    }

    async fn at(location: Location, place: Place) -> Self {
        let store = Store::open(&location, 1000, NOW).await.unwrap();
        Self {
            store,
            location,
            place,
        }
    }

    /// Of a file beside the embedded database.
    pub fn path(&self, name: &str) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.path().join(name),
            Place::Schema { .. } => panic!("this database has no folder"),
        }
    }

    /// The file of the embedded database.
    pub fn file(&self) -> &Path {
        match &self.location {
            Location::Sqlite(path) => path,
            Location::Postgres(_) => panic!("this database has no file"),
        }
    }

    /// Another node, or the command line beside a running server.
    pub async fn other(&self) -> Store {
        Store::open(&self.location, 1000, NOW).await.unwrap()
    }

    /// A connection to the embedded database that the store knows nothing of.
    pub fn raw(&self) -> Connection {
        let connection = Connection::open_with_flags(self.file(), OpenFlags::default()).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection
    }

    /// Does something to the database behind the store's back.
    pub async fn execute(&self, sql: &str) {
        match &self.place {
            Place::Folder(_) => self.raw().execute_batch(sql).unwrap(),
            Place::Schema { url, .. } => client(url).await.batch_execute(sql).await.unwrap(),
        }
    }

    /// The first column of the first row.
    pub async fn number(&self, sql: &str) -> i64 {
        match &self.place {
            Place::Folder(_) => self.raw().query_row(sql, [], |row| row.get(0)).unwrap(),
            Place::Schema { url, .. } => {
                let row = client(url).await.query_one(sql, &[]).await.unwrap();
                row.get(0)
            }
        }
    }

    /// Every row of every table, to see that a refusal left nothing behind.
    pub async fn contents(&self) -> Vec<String> {
        match &self.place {
            Place::Folder(_) => {
                let raw = self.raw();
                let tables = rows(&raw, "SELECT name FROM sqlite_master WHERE type = 'table'");
                let mut all = Vec::new();
                for table in &tables {
                    let [Value::Text(table)] = table.as_slice() else {
                        continue;
                    };
                    let found = rows(&raw, &format!("SELECT * FROM {table}"));
                    all.extend(found.iter().map(|row| format!("{table}: {row:?}")));
                }
                all
            }
            Place::Schema { name, url } => {
                let client = client(url).await;
                let tables = "SELECT tablename FROM pg_tables WHERE schemaname = $1";
                let mut all = Vec::new();
                for table in client.query(tables, &[name]).await.unwrap() {
                    let table: String = table.get(0);
                    let found = format!("SELECT CAST(it AS TEXT) FROM {table} it");
                    let found = client.query(&found, &[]).await.unwrap();
                    let row =
                        |row: &tokio_postgres::Row| format!("{table}: {}", row.get::<_, String>(0));
                    all.extend(found.iter().map(row));
                }
                all.sort();
                all
            }
        }
    }

    /// Runs something that must be refused and leave no trace.
    pub async fn untouched<T>(&self, refused: impl Future<Output = T>) -> T {
        let before = self.contents().await;
        let answer = refused.await;
        assert_eq!(
            before,
            self.contents().await,
            "a refused batch left something"
        );
        answer
    }
}

pub async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    statement
        .query_map([], |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Starts `callers` tasks at the same moment and brings all their answers.
pub async fn race<T, F>(callers: usize, act: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(callers));
    let tasks: Vec<_> = (0..callers)
        .map(|number| {
            let (barrier, act) = (barrier.clone(), act(number));
            tokio::spawn(async move {
                barrier.wait().await;
                act.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(callers);
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// How many of the answers are this one.
pub fn count<T: PartialEq>(answers: &[T], wanted: &T) -> usize {
    answers.iter().filter(|answer| *answer == wanted).count()
}
