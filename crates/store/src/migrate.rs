//! Migrations: plain SQL, numbered, append-only once released; each runs once, in
//! a transaction, and leaves its number and the digest of its text behind.

use crate::{
    engine::sqlite::{APPLICATION_ID, patiently},
    error::{Error, Result},
};
use grantor_protocol::{secret::Digest, time::Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior};

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

/// Brings the schema to this version; the names of what was applied.
pub(crate) fn run_sqlite(connection: &mut Connection, now: Timestamp) -> Result<Vec<&'static str>> {
    let path = connection.path().unwrap_or_default().to_owned();
    patiently(|| {
        // Two processes that start at once take turns here.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLE)?;
        let done = match read_done(&transaction)? {
            Ok(done) => done,
            Err(why) => return Ok(Err(Error::Schema(format!("the database {path} {why}")))),
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
) -> rusqlite::Result<std::result::Result<usize, String>> {
    let unreleased = || {
        Err(
            "was made by an unreleased version of grantor, which nothing can upgrade: \
             start with a new one (move this file away, or name another folder with --data)"
                .to_owned(),
        )
    };
    let digests: i64 = transaction.query_row(
        "SELECT COUNT(*) FROM pragma_table_info('migrations') WHERE name = 'digest'",
        [],
        |row| row.get(0),
    )?;
    if digests == 0 {
        return Ok(unreleased());
    }
    let mut statement =
        transaction.prepare("SELECT number, digest FROM migrations ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let (number, digest): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let Some(known) = MIGRATIONS.iter().find(|known| known.number == number) else {
            return Ok(Err(format!(
                "was migrated by a newer version of grantor (migration {number}); upgrade this binary"
            )));
        };
        if digest != Digest::of(known.sql.as_bytes()).as_bytes() {
            return Ok(unreleased());
        }
        done += 1;
    }
    Ok(Ok(done))
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
            "INSERT INTO migrations (number, name, digest, applied_at) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![migration.number, migration.name, digest.as_bytes(), now.0],
        )?;
        applied.push(migration.name);
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(applied)
}
