//! Connections for reading, each with a deadline for the statement that it runs.

use super::{
    connect::{Access, connect},
    failure,
};
use crate::{
    error::{Error, Result},
    statement::Statement,
    value::{Row, Value},
};
use parking_lot::Mutex;
use rusqlite::Connection;
use std::{path::Path, sync::Arc, time::Duration};
use tokio::time::Instant;

/// For what runs inline, on a thread that others wait for.
pub(super) const POINT: Duration = Duration::from_secs(2);
/// For what reads many rows, on a thread for blocking work.
pub(super) const SCAN: Duration = Duration::from_secs(30);
/// Instructions of SQLite's machine between two looks at the clock: some milliseconds.
/// A point read takes a few hundred and never comes to a look.
const BETWEEN_LOOKS: i32 = 100_000;

pub(super) struct Reader {
    connection: Connection,
    deadline: Arc<Mutex<Instant>>,
}

impl Reader {
    pub fn open(path: &Path) -> Result<Self> {
        let mut connection = connect(path, Access::Read)?;
        let deadline = Arc::new(Mutex::new(Instant::now()));
        let looked_at = deadline.clone();
        let is_over = move || Instant::now() >= *looked_at.lock();
        connection
            .progress_handler(BETWEEN_LOOKS, Some(is_over))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self {
            connection,
            deadline,
        })
    }

    /// Fails with [`Error::Unavailable`] when it takes longer than `limit`. Waiting for
    /// the disk is not interrupted: only the statement that goes on after it.
    pub fn query<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
        limit: Duration,
    ) -> Result<Vec<T>> {
        *self.deadline.lock() = Instant::now() + limit;
        let fail = |error| failure(statement, error);
        let mut prepared = self
            .connection
            .prepare_cached(statement.sql)
            .map_err(fail)?;
        let mut rows = prepared
            .query(rusqlite::params_from_iter(params))
            .map_err(fail)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fail)? {
            found.push(map(&Row::Sqlite(row))?);
        }
        Ok(found)
    }
}
