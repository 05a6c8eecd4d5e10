//! The only thing a backend implements: read a query, apply a batch.

pub mod postgres;
pub mod sqlite;

use crate::{
    changes::{Change, ChangeKind, Horizon},
    error::{Error, Result},
    statement::Statement,
    value::{Row, Value},
};
use grantor_protocol::time::Timestamp;
use std::{ops::Range, sync::Arc, time::Duration};

/// Statements that happen all together or not at all. No decision is taken
/// between them, so that an engine may run many batches under one fsync,
/// pipeline one, or retry it.
#[derive(Default)]
pub struct Batch {
    pub(crate) steps: Vec<Step>,
    pub(crate) changes: Vec<Change>,
    /// How many of the first steps say that the actor may: that her session lives, first of all.
    pub(crate) guards: usize,
    /// Steps that put a mail into the outbox: left out where none is sent.
    pub(crate) mails: Vec<usize>,
    /// Which of them say that the actor has her role.
    pub(crate) by_role: Range<usize>,
    /// Which says that its form was not used before.
    pub(crate) by_form: Option<usize>,
}

pub(crate) struct Step {
    pub statement: &'static Statement,
    pub params: Vec<Value>,
    /// Rows that it must touch; `None` where any number will do.
    pub rows: Option<usize>,
    /// The integers that it returns are ids of what changed: this kind, then.
    pub tells: Option<(ChangeKind, Timestamp)>,
}

impl Batch {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement that may touch any number of rows.
    pub fn run(mut self, statement: &'static Statement, params: impl Into<Vec<Value>>) -> Self {
        let params = params.into();
        self.steps.push(Step {
            statement,
            params,
            rows: None,
            tells: None,
        });
        self
    }

    /// Adds a statement that must touch exactly one row, or the batch is refused.
    pub fn expect_one(
        mut self,
        statement: &'static Statement,
        params: impl Into<Vec<Value>>,
    ) -> Self {
        let params = params.into();
        self.steps.push(Step {
            statement,
            params,
            rows: Some(1),
            tells: None,
        });
        self
    }

    /// Tells every node of what only the database can list: the statement appends a
    /// change of `kind` for each, and returns their ids. `rows`: how many it must find.
    pub(crate) fn tell(
        mut self,
        (statement, params): (&'static Statement, Vec<Value>),
        rows: Option<usize>,
        (kind, at): (ChangeKind, Timestamp),
    ) -> Self {
        self.steps.push(Step {
            statement,
            params,
            rows,
            tells: Some((kind, at)),
        });
        self
    }

    /// Does it for the user of this session, if there is one: the batch is refused as
    /// [`Error::SessionEnded`](crate::Error::SessionEnded) when the session has ended by now.
    pub fn acting(self, session: Option<i64>) -> Self {
        self.guard(session, true)
    }

    /// The same, for what writes nothing to her own row: any number of them go on at once.
    pub fn acting_aside(self, session: Option<i64>) -> Self {
        self.guard(session, false)
    }

    fn guard(mut self, session: Option<i64>, holds_user: bool) -> Self {
        if let Some(session) = session.filter(|_| self.guards == 0) {
            // Before all others, so that no other refusal hides it.
            let guards = crate::sessions::still_lives(session, holds_user);
            self.guards = guards.len();
            self.mails.iter_mut().for_each(|at| *at += guards.len());
            self.steps.splice(0..0, guards);
        }
        self
    }

    /// Does it in a role: the batch is refused as
    /// [`Error::RoleEnded`](crate::Error::RoleEnded) when it does not reach so far by now.
    pub(crate) fn in_role(mut self, steps: Vec<Step>) -> Self {
        if self.by_role.is_empty() {
            let before = self.guards;
            self.guards += steps.len();
            self.by_role = before..self.guards;
            self.mails.iter_mut().for_each(|at| *at += steps.len());
            self.steps.splice(before..before, steps);
        }
        self
    }

    /// Tells every node, in the same transaction.
    pub fn change(mut self, change: Change) -> Self {
        self.steps.push(change.step());
        self.changes.push(change);
        self
    }

    /// As [`Self::change`], for a token, which ends but once: where every node was told
    /// already, the batch is refused.
    pub fn change_once(mut self, change: Change) -> Self {
        self.steps.push(change.step_once());
        self.changes.push(change);
        self
    }

    pub fn when(self, condition: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if condition { more(self) } else { self }
    }
}

/// How a batch ended.
#[derive(Debug)]
pub enum Applied {
    /// Durable. The integers that `RETURNING` brought, a list for each statement.
    Done(Vec<Vec<i64>>),
    /// Refused whole: this statement (by position) did not touch the rows it had to.
    Unmet(usize),
}

impl Applied {
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// The engines. One is chosen when the store opens. What a request carries along while it
/// waits stays small: the larger engine's is on the heap.
pub(crate) enum Engine {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Arc<postgres::Postgres>),
}

impl Engine {
    /// Point reads: a few rows by key.
    pub async fn read<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(engine) => engine.read(statement, params, map),
            Self::Postgres(engine) => Box::pin(engine.read(statement, params, map)).await,
        }
    }

    /// Reads of many rows, or of rows that must be searched for: on a thread for
    /// blocking work, so that no other request waits for them.
    pub async fn scan<T: Send + 'static>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(engine) => {
                let (engine, params) = (engine.clone(), params.to_vec());
                tokio::task::spawn_blocking(move || engine.scan(statement, &params, map))
                    .await
                    .map_err(|error| Error::Statement {
                        statement: statement.name,
                        message: error.to_string(),
                    })?
            }
            Self::Postgres(engine) => Box::pin(engine.scan(statement, params, map)).await,
        }
    }

    pub async fn apply(&self, batch: Batch) -> Result<Applied> {
        match self {
            Self::Sqlite(engine) => engine.apply(batch).await,
            Self::Postgres(engine) => Box::pin(engine.apply(batch)).await,
        }
    }

    pub fn can_write(&self) -> bool {
        match self {
            Self::Sqlite(engine) => engine.can_write(),
            Self::Postgres(engine) => engine.is_open(),
        }
    }

    pub async fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>> {
        match self {
            Self::Sqlite(engine) => engine.migrate(now),
            Self::Postgres(engine) => engine.migrate(now).await,
        }
    }

    /// The time by the database's own clock, where it has one.
    pub async fn clock(&self) -> Result<Option<Timestamp>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(engine) => engine.clock().await.map(Some),
        }
    }

    /// Numbers that the database gives itself go on after those that came from elsewhere.
    pub async fn numbers_after_a_move(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(engine) => engine.numbers_after_a_move().await,
        }
    }

    /// Which transactions are open.
    pub async fn horizon(&self) -> Result<Horizon> {
        match self {
            Self::Sqlite(_) => Ok(Horizon::default()),
            Self::Postgres(engine) => engine.horizon().await,
        }
    }

    /// How long a change may be hidden behind later ones, because numbers are not commit
    /// order.
    pub fn feed_lag(&self) -> Duration {
        match self {
            Self::Sqlite(_) => Duration::ZERO,
            Self::Postgres(_) => postgres::LONGEST_TRANSACTION,
        }
    }
}
