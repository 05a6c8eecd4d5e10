//! The embedded engine: readers on any thread, one writer that commits in groups.
//!
//! Durable means durable: WAL with `synchronous=FULL`, and an answer only after
//! the fsync that covers it. Up to [`GROUP`] batches share one.

mod open;

use super::{Applied, Batch};
use crate::{
    WriteCounts,
    error::{Error, Result},
    migrate,
    statement::Statement,
    value::{Row, Value},
};
use grantor_protocol::time::Timestamp;
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, types::ToSqlOutput};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};
use tokio::sync::{mpsc, oneshot};

pub(crate) use open::at_start;
use open::{connect, create_private, unable};

const GROUP: usize = 64;
const QUEUE: usize = 1024;
/// Older versions can lose commits in WAL mode.
const OLDEST: i32 = 3_051_003;

pub struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    writer: mpsc::Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
    counters: Arc<Counters>,
}

#[derive(Default)]
struct Counters {
    batches: AtomicU64,
    commits: AtomicU64,
}

struct Job {
    batch: Batch,
    answer: oneshot::Sender<Result<Applied>>,
    /// The writer ends after this one.
    last: bool,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Start(format!(
                "SQLite {} is too old",
                rusqlite::version()
            )));
        }
        create_private(path)?;
        let connection = connect(path, OpenFlags::default()).map_err(at_start)?;
        let (writer, jobs) = mpsc::channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let counted = counters.clone();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_groups(&connection, jobs, &counted))
            .map_err(|error| Error::Start(format!("cannot start the writer thread: {error}")))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::default(),
            writer,
            thread: Mutex::new(Some(thread)),
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
        let idle = self.readers.lock().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.connect_to_read()?,
        };
        let rows = query(&reader, statement, params, map);
        // One that failed may go on failing by what it remembers.
        if rows.is_ok() {
            self.readers.lock().push(reader);
        }
        rows
    }

    pub async fn apply(&self, batch: Batch) -> Result<Applied> {
        let (answer, answered) = oneshot::channel();
        let gone = || Error::Unavailable("the writer has stopped".into());
        let job = Job {
            batch,
            answer,
            last: false,
        };
        self.writer.send(job).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Ends the writer after what waits for it. Its connection closes last, and so
    /// takes the write-ahead log into the database.
    pub async fn close(&self) {
        let job = Job {
            batch: Batch::new(),
            answer: oneshot::channel().0,
            last: true,
        };
        self.readers.lock().clear();
        let _ = self.writer.send(job).await;
        let thread = self.thread.lock().take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }

    fn connect_to_read(&self) -> Result<Connection> {
        connect(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(unable)
    }

    pub fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>> {
        let mut connection = connect(&self.path, OpenFlags::default()).map_err(at_start)?;
        migrate::run_sqlite(&mut connection, now)
    }

    pub fn counts(&self) -> WriteCounts {
        let waiting = self.writer.max_capacity() - self.writer.capacity();
        WriteCounts {
            batches: self.counters.batches.load(Ordering::Relaxed),
            commits: self.counters.commits.load(Ordering::Relaxed),
            waiting: waiting as u64,
        }
    }

    /// Copies the live database to a new file, a consistent moment of it.
    pub fn backup(&self, to: &Path) -> Result<()> {
        self.connect_to_read()?
            .execute("VACUUM INTO ?1", [to.to_string_lossy()])
            .map(drop)
            .map_err(unable)
    }

    pub fn check_integrity(&self) -> Result<()> {
        let first = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let found = self
            .connect_to_read()?
            .query_row("PRAGMA quick_check(1)", [], first)
            .map_err(unable)?;
        match found.as_str() {
            "ok" => Ok(()),
            _ => Err(Error::Damaged(found)),
        }
    }

    /// Every statement compiles against the current schema.
    pub fn prepare_all(&self) -> Result<()> {
        let connection = self.connect_to_read()?;
        for statement in crate::statement::all() {
            connection
                .prepare(statement.sql)
                .map_err(|error| failure(statement, error))?;
        }
        Ok(())
    }
}

fn query<T>(
    connection: &Connection,
    statement: &'static Statement,
    params: &[Value],
    map: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let fail = |error| failure(statement, error);
    let mut prepared = connection.prepare_cached(statement.sql).map_err(fail)?;
    let mut rows = prepared
        .query(rusqlite::params_from_iter(params))
        .map_err(fail)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fail)? {
        found.push(map(&Row::Sqlite(row))?);
    }
    Ok(found)
}

/// Takes what is waiting, writes it under one fsync, answers everybody.
fn write_groups(connection: &Connection, mut jobs: mpsc::Receiver<Job>, counters: &Counters) {
    let mut group = Vec::with_capacity(GROUP);
    while let Some(first) = jobs.blocking_recv() {
        group.push(first);
        while group.len() < GROUP {
            match jobs.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        counters
            .batches
            .fetch_add(group.len() as u64, Ordering::Relaxed);
        counters.commits.fetch_add(1, Ordering::Relaxed);
        let outcomes = write_group(connection, &group);
        let last = group.iter().any(|job| job.last);
        for (position, job) in group.drain(..).enumerate() {
            let outcome = match &outcomes {
                Ok(outcomes) => outcomes.get(position).map(Outcome::answer),
                Err(message) => Some(Err(Error::Unavailable(message.clone()))),
            };
            // Whoever stopped waiting loses only the answer, not the write.
            let _ = job
                .answer
                .send(outcome.unwrap_or_else(|| Err(Error::Unavailable("lost".into()))));
        }
        if last {
            break;
        }
    }
    // A clean shutdown leaves no log behind to replay.
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    if let Err(error) = connection.query_row(checkpoint, [], |_| Ok(())) {
        tracing::debug!(%error, "the last checkpoint was left to the next start");
    }
}

enum Outcome {
    Done(Vec<Vec<i64>>),
    Unmet(usize),
    Refused(&'static str, String),
}

impl Outcome {
    fn answer(&self) -> Result<Applied> {
        match self {
            Self::Done(rows) => Ok(Applied::Done(rows.clone())),
            Self::Unmet(position) => Ok(Applied::Unmet(*position)),
            Self::Refused(statement, message) => Err(Error::Statement {
                statement,
                message: message.clone(),
            }),
        }
    }
}

/// `Err`: nothing of the group was written, and nobody may believe so.
fn write_group(
    connection: &Connection,
    group: &[Job],
) -> std::result::Result<Vec<Outcome>, String> {
    let run = |sql: &str| -> rusqlite::Result<()> {
        connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    let write = || -> rusqlite::Result<Vec<Outcome>> {
        run("BEGIN IMMEDIATE")?;
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            run("SAVEPOINT batch")?;
            let outcome = write_batch(connection, &job.batch)?;
            if !matches!(outcome, Outcome::Done(_)) {
                run("ROLLBACK TO batch")?;
            }
            run("RELEASE batch")?;
            outcomes.push(outcome);
        }
        run("COMMIT")?;
        Ok(outcomes)
    };
    write().map_err(|error| {
        if !connection.is_autocommit()
            && let Err(second) = run("ROLLBACK")
        {
            tracing::error!(error = %second, "rollback failed");
        }
        tracing::error!(%error, batches = group.len(), "a group of writes failed");
        error.to_string()
    })
}

/// `Err` only for failures of the machine, which end the whole group.
fn write_batch(connection: &Connection, batch: &Batch) -> rusqlite::Result<Outcome> {
    let mut returned = Vec::with_capacity(batch.steps.len());
    for (position, step) in batch.steps.iter().enumerate() {
        let (rows, integers) = match write_step(connection, step) {
            Ok(done) => done,
            Err(error) if is_our_fault(&error) => {
                return Ok(Outcome::Refused(step.statement.name, error.to_string()));
            }
            Err(error) => return Err(error),
        };
        if step.rows.is_some_and(|expected| expected != rows) {
            return Ok(Outcome::Unmet(position));
        }
        returned.push(integers);
    }
    Ok(Outcome::Done(returned))
}

fn write_step(connection: &Connection, step: &super::Step) -> rusqlite::Result<(usize, Vec<i64>)> {
    let mut prepared = connection.prepare_cached(step.statement.sql)?;
    let params = rusqlite::params_from_iter(&step.params);
    if prepared.column_count() == 0 {
        return Ok((prepared.execute(params)?, Vec::new()));
    }
    let mut rows = prepared.query(params)?;
    let (mut count, mut integers) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 0.. {
            match row.get(column) {
                Ok(integer) => integers.push(integer),
                Err(rusqlite::Error::InvalidColumnIndex(_)) => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok((count, integers))
}

fn is_our_fault(error: &rusqlite::Error) -> bool {
    !matches!(error, rusqlite::Error::SqliteFailure(ffi::Error { code, .. }, _)
        if *code != ErrorCode::ConstraintViolation && *code != ErrorCode::Unknown)
}

fn failure(statement: &'static Statement, error: rusqlite::Error) -> Error {
    if is_our_fault(&error) {
        Error::Statement {
            statement: statement.name,
            message: error.to_string(),
        }
    } else {
        unable(error)
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
