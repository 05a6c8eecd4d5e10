//! Migrations: plain SQL, numbered, append-only once released; each runs once, in
//! a transaction, and leaves its number and the digest of its text behind.

use crate::{
    engine::{
        postgres::schema,
        sqlite::{APPLICATION_ID, patiently},
    },
    error::{Error, Result},
};
use grantor_protocol::{secret::Digest, time::Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::time::Duration;
use tokio_postgres::{Client, error::SqlState, types::ToSql};

struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

static MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "first",
    sql: include_str!("../migrations/0001_first.sql"),
}];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations
    (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, applied_at INTEGER NOT NULL)";

const DONE: &str = "SELECT number, digest FROM migrations ORDER BY number";
const NOTE: &str =
    "INSERT INTO migrations (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)";

/// Why a schema is not ours to write to.
enum Foreign {
    Newer(i64),
    Unreleased,
}

impl Foreign {
    /// `anew`: how to start with another database.
    fn sentence(&self, anew: &str) -> String {
        match self {
            Self::Newer(number) => format!(
                "was migrated by a newer version of grantor (migration {number}); upgrade this binary"
            ),
            Self::Unreleased => format!(
                "was made by an unreleased version of grantor, which nothing can upgrade: \
                 start with a new one ({anew})"
            ),
        }
    }
}

/// Nodes that start at once on a new database get into each other's way this often.
const TURNS: u32 = 50;
const TURN: Duration = Duration::from_millis(100);

/// Brings the schema to this version; the names of what was applied.
pub(crate) fn run_sqlite(connection: &mut Connection, now: Timestamp) -> Result<Vec<&'static str>> {
    let path = connection.path().unwrap_or_default().to_owned();
    patiently(|| {
        // Two processes that start at once take turns here.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLE)?;
        let done = match read_done(&transaction)? {
            Ok(done) => done,
            Err(foreign) => {
                let why =
                    foreign.sentence("move this file away, or name another folder with --data");
                return Ok(Err(Error::Schema(format!("the database {path} {why}"))));
            }
        };
        let applied = apply_after(&transaction, done, now)?;
        transaction.commit()?;
        Ok(Ok(applied))
    })
    .map_err(|error| Error::Start(format!("cannot migrate the database {path}: {error}")))?
}

/// How many of ours were applied before; or what the operator has to know of a schema
/// that is not ours to write to.
fn read_done(
    transaction: &Transaction<'_>,
) -> rusqlite::Result<std::result::Result<usize, Foreign>> {
    let digests: i64 = transaction.query_row(
        "SELECT COUNT(*) FROM pragma_table_info('migrations') WHERE name = 'digest'",
        [],
        |row| row.get(0),
    )?;
    if digests == 0 {
        return Ok(Err(Foreign::Unreleased));
    }
    let mut statement = transaction.prepare(DONE)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(count(&rows))
}

/// How many of ours these are, each a number and the digest of its text.
fn count(done: &[(i64, Vec<u8>)]) -> std::result::Result<usize, Foreign> {
    for (number, digest) in done {
        let Some(known) = MIGRATIONS.iter().find(|known| known.number == *number) else {
            return Err(Foreign::Newer(*number));
        };
        if *digest != Digest::of(known.sql.as_bytes()).as_bytes() {
            return Err(Foreign::Unreleased);
        }
    }
    Ok(done.len())
}

fn apply_after(
    transaction: &Transaction<'_>,
    done: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<&'static str>> {
    let mut applied = Vec::new();
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration.sql)?;
        let digest = Digest::of(migration.sql.as_bytes());
        transaction.execute(
            NOTE,
            rusqlite::params![migration.number, migration.name, digest.as_bytes(), now.0],
        )?;
        applied.push(migration.name);
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(applied)
}

/// The same on PostgreSQL. Of several nodes that start at once one migrates: whoever notes
/// a migration first keeps the others waiting, and then from noting it.
pub(crate) async fn run_postgres(client: &mut Client, now: Timestamp) -> Result<Vec<&'static str>> {
    for _ in 0..TURNS {
        match try_postgres(client, now).await {
            Err(error) if is_race(&error) => tokio::time::sleep(TURN).await,
            Err(error) => {
                let why = error
                    .as_db_error()
                    .map_or(error.to_string(), ToString::to_string);
                return Err(Error::Start(format!("cannot migrate the database: {why}")));
            }
            Ok(Err(foreign)) => {
                let why = foreign.sentence("another database, or another schema by search_path");
                return Err(Error::Schema(format!("the database {why}")));
            }
            Ok(Ok(applied)) => return Ok(applied),
        }
    }
    Err(Error::Start(
        "another process is migrating the database, and does not come to an end".into(),
    ))
}

async fn try_postgres(
    client: &mut Client,
    now: Timestamp,
) -> std::result::Result<std::result::Result<Vec<&'static str>, Foreign>, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(&schema(TABLE)).await?;
    let rows = transaction.query(DONE, &[]).await?;
    let rows: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let done = match count(&rows) {
        Ok(done) => done,
        Err(foreign) => return Ok(Err(foreign)),
    };
    let mut applied = Vec::new();
    for migration in MIGRATIONS.iter().skip(done) {
        let digest = Digest::of(migration.sql.as_bytes());
        let note: [&(dyn ToSql + Sync); 4] = [
            &migration.number,
            &migration.name,
            &&digest.as_bytes()[..],
            &now.0,
        ];
        transaction.execute(NOTE, &note).await?;
        transaction.batch_execute(&schema(migration.sql)).await?;
        applied.push(migration.name);
    }
    transaction.commit().await?;
    Ok(Ok(applied))
}

/// Whether another process made the same table, or noted the same migration.
fn is_race(error: &tokio_postgres::Error) -> bool {
    let races = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    error.code().is_some_and(|code| races.contains(code))
}
