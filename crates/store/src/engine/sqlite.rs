//! The embedded engine: readers on any thread, one writer that commits in groups.
//!
//! Durable means durable: WAL with `synchronous=FULL`, and an answer only after
//! the fsync that covers it.

mod connect;
mod reader;
mod writer;

use super::{Applied, Batch};
use crate::{
    WriteCounts,
    error::{Error, Result},
    migrate,
    statement::Statement,
    value::{Row, Value},
};
pub(crate) use connect::{APPLICATION_ID, patiently};
use connect::{Access, connect};
use grantor_protocol::time::Timestamp;
use parking_lot::{Mutex, RwLock};
use reader::{POINT, Reader, SCAN};
use rusqlite::{ErrorCode, ffi, types::ToSqlOutput};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};
use writer::{Counters, Job, write_groups};

const QUEUE: usize = 1024;
/// Older versions can lose commits in WAL mode.
const OLDEST: i32 = 3_051_003;

pub struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Reader>>,
    /// `Some` until the engine is closed.
    jobs: RwLock<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    counters: Arc<Counters>,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Start(format!(
                "SQLite {} is too old",
                rusqlite::version()
            )));
        }
        let connection = connect(path, Access::Write)?;
        let (sender, jobs) = mpsc::channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let counted = counters.clone();
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_groups(&connection, jobs, &counted))
            .map_err(|error| Error::Start(format!("cannot start the writer thread: {error}")))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::default(),
            jobs: RwLock::new(Some(sender)),
            writer: Mutex::new(Some(writer)),
            counters,
        })
    }

    /// Runs inline: a point read takes microseconds.
    pub fn read<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.query(statement, params, map, POINT)
    }

    /// May take long: to be called from a thread for blocking work.
    pub fn scan<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.query(statement, params, map, SCAN)
    }

    fn query<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
        limit: Duration,
    ) -> Result<Vec<T>> {
        let idle = self.readers.lock().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.path)?,
        };
        let rows = reader.query(statement, params, map, limit);
        // One that failed may go on failing by what it remembers.
        if rows.is_ok() {
            self.readers.lock().push(reader);
        }
        rows
    }

    pub async fn apply(&self, batch: Batch) -> Result<Applied> {
        let (answer, answered) = oneshot::channel();
        let gone = || Error::Unavailable("the writer has stopped".into());
        let jobs = self.jobs.read().clone().ok_or_else(gone)?;
        jobs.send(Job { batch, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Whether there is still somebody to write: a panic ends the writer for good.
    pub fn can_write(&self) -> bool {
        self.jobs
            .read()
            .as_ref()
            .is_some_and(|jobs| !jobs.is_closed())
    }

    /// Ends the writer after what waits for it; later writes fail.
    pub async fn close(self: &Arc<Self>) {
        let engine = self.clone();
        let _ = tokio::task::spawn_blocking(move || engine.stop_writing()).await;
    }

    fn stop_writing(&self) {
        self.readers.lock().clear();
        *self.jobs.write() = None;
        if let Some(writer) = self.writer.lock().take() {
            let _ = writer.join();
        }
    }

    /// Reads the whole database and compares it with itself.
    pub fn check_integrity(&self) -> Result<()> {
        let first = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let found =
            connect(&self.path, Access::Read)?.query_row("PRAGMA quick_check(1)", [], first);
        match found
            .map_err(|error| Error::Damaged(error.to_string()))?
            .as_str()
        {
            "ok" => Ok(()),
            wrong => Err(Error::Damaged(wrong.to_owned())),
        }
    }

    pub fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>> {
        let mut connection = connect(&self.path, Access::Write)?;
        migrate::run_sqlite(&mut connection, now)
    }

    pub fn counts(&self) -> WriteCounts {
        let jobs = self.jobs.read();
        let waiting = jobs
            .as_ref()
            .map_or(0, |jobs| jobs.max_capacity() - jobs.capacity());
        WriteCounts {
            batches: self.counters.batches.load(Relaxed),
            commits: self.counters.commits.load(Relaxed),
            waiting: waiting as u64,
        }
    }

    /// Copies the live database to a new file, a consistent moment of it.
    pub fn backup(&self, to: &Path) -> Result<()> {
        let failed =
            |why: String| Error::Start(format!("cannot write the backup {}: {why}", to.display()));
        let source = connect(&self.path, Access::Read)?;
        let name = to
            .to_str()
            .ok_or_else(|| failed("its name is not UTF-8".into()))?;
        if !connect::create_private(to).map_err(|error| failed(error.to_string()))? {
            return Err(failed("it exists already".into()));
        }
        source
            .execute("VACUUM INTO ?1", [name])
            .map(drop)
            .map_err(|error| {
                // Half a copy must not be taken for a whole one.
                let _ = std::fs::remove_file(to);
                failed(error.to_string())
            })
    }

    /// Every statement compiles against the current schema.
    pub fn prepare_all(&self) -> Result<()> {
        let connection = connect(&self.path, Access::Read)?;
        for statement in crate::statement::all() {
            connection
                .prepare(statement.sql)
                .map_err(|error| failure(statement, error))?;
        }
        Ok(())
    }
}

/// Closing waits for what is queued, and leaves one file: no log, no shared memory.
impl Drop for Sqlite {
    fn drop(&mut self) {
        self.stop_writing();
    }
}

/// Whether the same batch would fail again on any machine: then it fails alone.
fn is_our_fault(error: &rusqlite::Error) -> bool {
    use ErrorCode::{
        ApiMisuse, ConstraintViolation, ParameterOutOfRange, TooBig, TypeMismatch, Unknown,
    };
    match error {
        rusqlite::Error::SqliteFailure(ffi::Error { code, .. }, _) => matches!(
            code,
            ApiMisuse | ConstraintViolation | ParameterOutOfRange | TooBig | TypeMismatch | Unknown
        ),
        _ => true,
    }
}

fn failure(statement: &'static Statement, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        _ if is_our_fault(&error) => Error::Statement {
            statement: statement.name,
            message: error.to_string(),
        },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::Damaged(error.to_string())
        }
        Some(ErrorCode::OperationInterrupted) => {
            Error::Unavailable(format!("{} took longer than it may", statement.name))
        }
        _ => Error::Unavailable(error.to_string()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef;
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(integer) => ValueRef::Integer(*integer),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
