//! Opening the file, with a sentence for everything that can be wrong with it.

use super::reader::POINT;
use crate::error::{Error, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use std::{fs::OpenOptions, io, path::Path, time::Duration};

/// Marks a database file as ours ("GRNT"), in its header.
pub(crate) const APPLICATION_ID: i32 = 0x4752_4E54;
/// How long a write waits for another process (the command line, mostly).
const PATIENCE: Duration = Duration::from_secs(5);
const TURN: Duration = Duration::from_millis(20);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

pub(super) fn connect(path: &Path, access: Access) -> Result<Connection> {
    match access {
        // The file is there and was ours when the store opened: what fails now is
        // the machine (too many open files, a lost disk).
        Access::Read => read_only(path).map_err(|error| Error::Unavailable(error.to_string())),
        Access::Write => {
            create_private(path).map_err(|error| {
                Error::Start(format!(
                    "cannot make the database {}: {error}",
                    path.display()
                ))
            })?;
            read_write(path).map_err(|error| explain(path, &error))?
        }
    }
}

fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // Readers wait only for what opens, mends or closes the log.
    configure(Connection::open_with_flags(path, flags)?, POINT)
}

fn configure(connection: Connection, patience: Duration) -> rusqlite::Result<Connection> {
    connection.busy_timeout(patience)?;
    // A plan holds for every value: without this, a statement that a partial index might
    // serve is compiled anew for each binding, which took a third of the processor.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn read_write(path: &Path) -> rusqlite::Result<Result<Connection>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = configure(Connection::open_with_flags(path, flags)?, PATIENCE)?;
    // Before anything is written to it.
    if is_foreign(&connection)? {
        return Ok(Err(Error::Start(format!(
            "{} is a database of another program; name a file of its own",
            path.display()
        ))));
    }
    if use_wal(&connection)? != "wal" {
        return Ok(Err(Error::Start(format!(
            "the file system of {} does not support a write-ahead log; use a local one",
            path.display()
        ))));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    Ok(Ok(connection))
}

/// The mode that the file has then.
fn use_wal(connection: &Connection) -> rusqlite::Result<String> {
    patiently(|| connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)))
}

/// Tries again while another process holds the file. When several start on a new one
/// at once, SQLite tells all but one at once that it is locked, whatever the time-out.
pub(crate) fn patiently<T>(
    mut attempt: impl FnMut() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let mut turns = PATIENCE.as_millis() / TURN.as_millis();
    loop {
        match attempt() {
            Err(error) if turns > 0 && is_busy(&error) => turns -= 1,
            answer => return answer,
        }
        std::thread::sleep(TURN);
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// In one transaction: another process may be making our tables just now.
fn is_foreign(connection: &Connection) -> rusqlite::Result<bool> {
    let moment = connection.unchecked_transaction()?;
    let tables: i64 =
        moment.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))?;
    let id: i32 = moment.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(id != APPLICATION_ID && (id != 0 || tables > 0))
}

/// Makes an empty file that only this user can read; `false`: there is a file.
/// An existing one is not opened: closing it would drop the locks that this
/// process holds on it.
pub(super) fn create_private(path: &Path) -> io::Result<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn explain(path: &Path, error: &rusqlite::Error) -> Error {
    let path = path.display();
    Error::Start(match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => format!(
            "cannot open the database {path}: {error}; this user must be able to write to it and to its folder"
        ),
        Some(ErrorCode::NotADatabase) => format!("{path} is not a database"),
        Some(ErrorCode::DatabaseCorrupt) => {
            format!("the database {path} is damaged ({error}); restore it from a backup")
        }
        _ if is_busy(error) => format!("another program keeps the database {path} locked"),
        _ => format!("cannot open the database {path}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Store, statement};
    use grantor_protocol::time::Timestamp;
    use rusqlite::StatementStatus::RePrepare;

    #[tokio::test]
    async fn a_statement_is_compiled_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grantor.db");
        let location = Location::Sqlite(path.clone());
        let _store = Store::open(&location, 10, Timestamp(0)).await.unwrap();
        let connection = connect(&path, Access::Write).unwrap();
        for statement in statement::all() {
            let mut prepared = connection.prepare(statement.sql).unwrap();
            for value in 1..4 {
                for place in 1..=prepared.parameter_count() {
                    prepared.raw_bind_parameter(place, value).unwrap();
                }
                // Whether the values make sense to it is all the same.
                let _ = prepared.raw_query().next();
            }
            let again = prepared.get_status(RePrepare);
            assert_eq!(again, 0, "{}", statement.name);
        }
    }
}
