//! Migrations: plain SQL, numbered, append-only once released; each runs once, in
//! a transaction, and leaves its number and the digest of its text behind.
//!
//! Versions run side by side while an operator upgrades node by node. What a migration
//! adds, versions before it overlook; when one takes something away, it leaves a *floor*
//! behind, by which a version that cannot know it sees that it must not go on.

use crate::{
    Location, Store,
    engine::{
        postgres::schema,
        sqlite::{APPLICATION_ID, patiently},
    },
    error::{Error, Result},
    statement::statements,
};
use grantor_protocol::{secret::Digest, time::Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::time::Duration;
use tokio_postgres::{Client, error::SqlState, types::ToSql};

#[derive(Clone, Copy)]
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
    /// Of what takes something away: the migration that a version must know to work on
    /// what is left. Its own number, or that of the first version which did without.
    floor: Option<i64>,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "first",
        sql: include_str!("../migrations/0001_first.sql"),
        floor: None,
    },
    Migration {
        number: 2,
        name: "floors",
        sql: include_str!("../migrations/0002_floors.sql"),
        floor: None,
    },
    Migration {
        number: 3,
        name: "accounts",
        sql: include_str!("../migrations/0003_accounts.sql"),
        floor: None,
    },
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations
    (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, applied_at INTEGER NOT NULL)";

const DONE: &str = "SELECT number, digest FROM migrations ORDER BY number";
const NOTE: &str =
    "INSERT INTO migrations (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)";
const RAISE: &str =
    "INSERT INTO floors (number, version) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING";

statements! {
    FLOOR = "SELECT number, version FROM floors WHERE number > ?1 ORDER BY number DESC LIMIT 1";
}

/// The schema is not ours to write to.
struct Unreleased;

impl Unreleased {
    /// `anew`: how to start with another database.
    fn sentence(anew: &str) -> String {
        format!(
            "was made by an unreleased version of grantor, which nothing can upgrade: \
             start with a new one ({anew})"
        )
    }
}

impl Store {
    /// What the operator has to know where a newer version has taken away what this one
    /// needs.
    pub async fn outgrown(&self) -> Result<Option<String>> {
        let newest = MIGRATIONS.last().map_or(0, |known| known.number);
        let read = |row: &crate::value::Row<'_>| Ok((row.int(0)?, row.text(1)?.to_owned()));
        let params = crate::params![newest];
        let floor = self.engine.read(&FLOOR, &params, read).await?.pop();
        Ok(floor.map(|(number, version)| {
            format!(
                "needs grantor {version} or newer (migration {number}), and this is {VERSION}: \
                 upgrade this binary"
            )
        }))
    }

    /// Refuses to go on where [`Self::outgrown`] has something to say.
    pub(crate) async fn assert_not_outgrown(&self, location: &Location) -> Result<()> {
        let path = match location {
            Location::Sqlite(path) => format!(" {}", path.display()),
            Location::Postgres(_) => String::new(),
        };
        match self.outgrown().await? {
            Some(why) => Err(Error::Schema(format!("the database{path} {why}"))),
            None => Ok(()),
        }
    }
}

/// Nodes that start at once on a new database get into each other's way this often.
const TURNS: u32 = 50;
const TURN: Duration = Duration::from_millis(100);
/// A migration takes the time that it takes; but while it waits for a table, whoever comes
/// later waits behind it, so it soon gives way and tries again.
const PATIENCE: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '500ms'";

/// Brings the schema to this version; the names of what was applied.
pub(crate) fn run_sqlite(connection: &mut Connection, now: Timestamp) -> Result<Vec<&'static str>> {
    bring_sqlite(connection, MIGRATIONS, now)
}

fn bring_sqlite(
    connection: &mut Connection,
    ours: &[Migration],
    now: Timestamp,
) -> Result<Vec<&'static str>> {
    let path = connection.path().unwrap_or_default().to_owned();
    patiently(|| {
        // Two processes that start at once take turns here.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLE)?;
        let Ok(done) = read_done(&transaction, ours)? else {
            let anew = "move this file away, or name another folder with --data";
            let why = Unreleased::sentence(anew);
            return Ok(Err(Error::Schema(format!("the database {path} {why}"))));
        };
        let applied = apply(&transaction, &ours[done..], now)?;
        transaction.commit()?;
        Ok(Ok(applied))
    })
    .map_err(|error| Error::Start(format!("cannot migrate the database {path}: {error}")))?
}

/// How many of ours were applied before.
fn read_done(
    transaction: &Transaction<'_>,
    ours: &[Migration],
) -> rusqlite::Result<std::result::Result<usize, Unreleased>> {
    let digests: i64 = transaction.query_row(
        "SELECT COUNT(*) FROM pragma_table_info('migrations') WHERE name = 'digest'",
        [],
        |row| row.get(0),
    )?;
    if digests == 0 {
        return Ok(Err(Unreleased));
    }
    let mut statement = transaction.prepare(DONE)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(count(ours, &rows))
}

/// How many of ours these are, each a number and the digest of its text. What a newer
/// version added after them is its own business: see [`Store::outgrown`].
fn count(ours: &[Migration], done: &[(i64, Vec<u8>)]) -> std::result::Result<usize, Unreleased> {
    let same = |(ours, (number, digest)): (&Migration, &(i64, Vec<u8>))| {
        ours.number == *number && Digest::of(ours.sql.as_bytes()).as_bytes() == digest.as_slice()
    };
    match ours.iter().zip(done).all(same) {
        true => Ok(ours.len().min(done.len())),
        false => Err(Unreleased),
    }
}

fn apply(
    transaction: &Transaction<'_>,
    missing: &[Migration],
    now: Timestamp,
) -> rusqlite::Result<Vec<&'static str>> {
    let mut applied = Vec::new();
    for migration in missing {
        transaction.execute_batch(migration.sql)?;
        let digest = Digest::of(migration.sql.as_bytes());
        transaction.execute(
            NOTE,
            rusqlite::params![migration.number, migration.name, digest.as_bytes(), now.0],
        )?;
        if let Some(floor) = migration.floor {
            transaction.execute(RAISE, rusqlite::params![floor, VERSION])?;
        }
        applied.push(migration.name);
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(applied)
}

/// The same on PostgreSQL. Of several nodes that start at once one migrates: whoever notes
/// a migration first keeps the others waiting, and then from noting it.
pub(crate) async fn run_postgres(client: &mut Client, now: Timestamp) -> Result<Vec<&'static str>> {
    bring_postgres(client, MIGRATIONS, now).await
}

async fn bring_postgres(
    client: &mut Client,
    ours: &[Migration],
    now: Timestamp,
) -> Result<Vec<&'static str>> {
    for _ in 0..TURNS {
        match try_postgres(client, ours, now).await {
            Err(error) if is_race(&error) => tokio::time::sleep(TURN).await,
            Err(error) => {
                let why = error
                    .as_db_error()
                    .map_or(error.to_string(), ToString::to_string);
                return Err(Error::Start(format!("cannot migrate the database: {why}")));
            }
            Ok(Err(Unreleased)) => {
                let why =
                    Unreleased::sentence("another database, or another schema by search_path");
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
    ours: &[Migration],
    now: Timestamp,
) -> std::result::Result<std::result::Result<Vec<&'static str>, Unreleased>, tokio_postgres::Error>
{
    let transaction = client.transaction().await?;
    transaction.batch_execute(PATIENCE).await?;
    transaction.batch_execute(&schema(TABLE)).await?;
    let rows = transaction.query(DONE, &[]).await?;
    let rows: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let Ok(done) = count(ours, &rows) else {
        return Ok(Err(Unreleased));
    };
    let mut applied = Vec::new();
    for migration in &ours[done..] {
        let digest = Digest::of(migration.sql.as_bytes());
        let note: [&(dyn ToSql + Sync); 4] = [
            &migration.number,
            &migration.name,
            &&digest.as_bytes()[..],
            &now.0,
        ];
        transaction.execute(NOTE, &note).await?;
        transaction.batch_execute(&schema(migration.sql)).await?;
        if let Some(floor) = migration.floor {
            transaction.execute(RAISE, &[&floor, &VERSION]).await?;
        }
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

#[cfg(test)]
mod tests;
