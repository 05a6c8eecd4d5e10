//! Migrations: plain SQL, numbered, append-only once released; each runs once, in
//! a transaction, and leaves its number behind.

use crate::{
    engine::sqlite::{APPLICATION_ID, patiently},
    error::{Error, Result},
};
use grantor_protocol::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

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

/// Brings the schema to this version; the names of what was applied.
pub(crate) fn run_sqlite(connection: &mut Connection, now: Timestamp) -> Result<Vec<&'static str>> {
    let run = |connection: &mut Connection| -> rusqlite::Result<Vec<&'static str>> {
        // Two processes that start at once take turns here.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)",
        )?;
        let mut applied = Vec::new();
        for migration in MIGRATIONS {
            let done: Option<i64> = transaction
                .query_row(
                    "SELECT number FROM migrations WHERE number = ?1",
                    [migration.number],
                    |row| row.get(0),
                )
                .optional()?;
            if done.is_none() {
                transaction.execute_batch(migration.sql)?;
                transaction.execute(
                    "INSERT INTO migrations (number, name, applied_at) VALUES (?1, ?2, ?3)",
                    rusqlite::params![migration.number, migration.name, now.0],
                )?;
                applied.push(migration.name);
            }
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
        Ok(applied)
    };
    let applied = patiently(|| run(connection))
        .map_err(|error| Error::Start(format!("cannot migrate the database: {error}")))?;
    refuse_newer(connection)?;
    Ok(applied)
}

/// A schema from a later version is not ours to write to.
fn refuse_newer(connection: &Connection) -> Result<()> {
    let newest: i64 = connection
        .query_row("SELECT MAX(number) FROM migrations", [], |row| row.get(0))
        .map_err(|error| Error::Start(format!("cannot read the migrations: {error}")))?;
    if MIGRATIONS.last().is_some_and(|last| newest > last.number) {
        return Err(Error::Start(format!(
            "the database was migrated by a newer version of grantor (migration {newest}); upgrade this binary"
        )));
    }
    Ok(())
}
