//! A database of its own for each test, the standing clock, and races.

use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::{
    Location, Store,
    audit::{Actor, Event},
};
use rusqlite::{Connection, OpenFlags, types::Value};
use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::Barrier;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Some time after [`NOW`].
pub fn after(milliseconds: i64) -> Timestamp {
    NOW + Millis(milliseconds)
}

/// Row ids, in time order and never twice.
pub fn new_id() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1_000_000);
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
    folder: TempDir,
}

impl Db {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("grantor.db"));
        let store = Store::open(&location, 1000, NOW).await.unwrap();
        Self {
            store,
            location,
            folder,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Another node, or the command line beside a running server.
    pub async fn other(&self) -> Store {
        Store::open(&self.location, 1000, NOW).await.unwrap()
    }

    /// A connection that the store knows nothing of.
    pub fn raw(&self) -> Connection {
        let Location::Sqlite(path) = &self.location;
        let connection = Connection::open_with_flags(path, OpenFlags::default()).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection
    }

    /// The first column of the first row.
    pub fn number(&self, sql: &str) -> i64 {
        self.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Every row of every table, to see that a refusal left nothing behind.
    pub fn contents(&self) -> Vec<String> {
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

    /// Runs something that must be refused and leave no trace.
    pub async fn untouched<T>(&self, refused: impl Future<Output = T>) -> T {
        let before = self.contents();
        let answer = refused.await;
        assert_eq!(before, self.contents(), "a refused batch left something");
        answer
    }
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
