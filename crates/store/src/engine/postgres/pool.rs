//! Connections, made when they are needed and kept while they are good.

use super::{
    BATCH, POINT,
    access::Access,
    connection::{Connection, Trouble},
    in_time,
};
use crate::{
    engine::{Applied, Step},
    error::{Error, Result},
    statement::Statement,
    value::Value,
};
use parking_lot::{Mutex, RwLock};
use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};
use tokio_postgres::Row;

/// How long somebody waits for a connection that others have.
const ACQUIRE: Duration = Duration::from_secs(2);

pub(super) struct Pool {
    access: Arc<Access>,
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
    size: usize,
}

impl Pool {
    pub fn new(access: Arc<Access>, size: usize) -> Self {
        Self {
            access,
            idle: Mutex::default(),
            turns: Arc::new(Semaphore::new(size)),
            size,
        }
    }

    pub fn access(&self) -> Arc<Access> {
        self.access.clone()
    }

    /// A connection for one caller. Dropped instead of given back, it is closed, and the
    /// database undoes a transaction that was under way.
    pub async fn lend(self: &Arc<Self>) -> Result<Lent> {
        let turn = timeout(ACQUIRE, self.turns.clone().acquire_owned());
        let busy = |_| Error::Unavailable("every connection to the database is busy".into());
        let closed = |_| Error::Unavailable("the database is closed".into());
        let turn = turn.await.map_err(busy)?.map_err(closed)?;
        let pool = self.clone();
        let lend = |connection| Lent {
            connection,
            pool,
            _turn: turn,
        };
        if let Some(idle) = self.take_idle() {
            return Ok(lend(idle));
        }
        // Goes on also when whoever asked for it does not: the next one has it then.
        let (give, made) = oneshot::channel();
        let access = self.access.clone();
        tokio::spawn(async move {
            let made = access.connect().await.map(Connection::new).map(lend);
            if let Err(Ok(unclaimed)) = give.send(made) {
                unclaimed.give_back();
            }
        });
        let stopped = |_| Error::Unavailable("the node is stopping".into());
        made.await.map_err(stopped)?
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock();
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_closed())
    }

    /// Waits for what is lent.
    pub async fn close(&self) {
        let all = u32::try_from(self.size).unwrap_or(u32::MAX);
        let _ = timeout(ACQUIRE, self.turns.acquire_many(all)).await;
        self.turns.close();
        self.idle.lock().clear();
    }

    pub fn forget_idle(&self) {
        self.idle.lock().clear();
    }

    pub fn is_open(&self) -> bool {
        !self.turns.is_closed()
    }
}

pub(super) struct Lent {
    connection: Connection,
    pool: Arc<Pool>,
    _turn: OwnedSemaphorePermit,
}

impl Lent {
    pub fn give_back(self) {
        if self.pool.is_open() {
            self.pool.idle.lock().push(self.connection);
        }
    }
}

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// What a lane is for.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Reads,
    /// Waits for no lock for long: others wait behind it.
    Groups,
}

/// A connection that many use at once.
pub(super) struct Lane {
    access: Arc<Access>,
    purpose: Use,
    connection: RwLock<Option<Arc<Connection>>>,
    /// Whoever connects; others wait for the outcome.
    connecting: tokio::sync::Mutex<()>,
}

impl Lane {
    pub fn new(access: Arc<Access>, purpose: Use) -> Self {
        Self {
            access,
            purpose,
            connection: RwLock::default(),
            connecting: tokio::sync::Mutex::default(),
        }
    }

    pub async fn read(
        &self,
        statement: &'static Statement,
        params: &[Value],
    ) -> std::result::Result<Vec<Row>, Trouble> {
        let connection = self
            .get()
            .await
            .map_err(|error| Trouble::Refused(error.to_string()))?;
        let rows = in_time(POINT, connection.rows(statement, params)).await;
        if rows.as_ref().is_err_and(Trouble::is_the_connections) {
            self.forget(&connection);
        }
        rows
    }

    /// See [`Connection::apply_group`].
    pub async fn apply_group(&self, steps: &[&Step]) -> std::result::Result<Vec<Applied>, Trouble> {
        let connection = self
            .get()
            .await
            .map_err(|error| Trouble::Refused(error.to_string()))?;
        let applied = in_time(BATCH, connection.apply_group(steps)).await;
        if applied.as_ref().is_err_and(Trouble::is_the_connections) {
            self.forget(&connection);
        }
        applied
    }

    async fn get(&self) -> Result<Arc<Connection>> {
        if let Some(connection) = self.live() {
            return Ok(connection);
        }
        let busy = |_| Error::Unavailable("the database does not let us in".into());
        let _connecting = timeout(ACQUIRE, self.connecting.lock())
            .await
            .map_err(busy)?;
        if let Some(connection) = self.live() {
            return Ok(connection);
        }
        let connection = Connection::new(self.access.connect().await?);
        let limited = match self.purpose {
            Use::Reads => connection.set_limit(POINT).await,
            Use::Groups => connection.wait_for_no_lock().await,
        };
        limited.map_err(Error::from)?;
        let connection = Arc::new(connection);
        *self.connection.write() = Some(connection.clone());
        Ok(connection)
    }

    fn live(&self) -> Option<Arc<Connection>> {
        let connection = self.connection.read().clone();
        connection.filter(|connection| !connection.is_closed())
    }

    /// The next reader connects anew.
    fn forget(&self, lost: &Arc<Connection>) {
        let mut connection = self.connection.write();
        if connection.as_ref().is_some_and(|it| Arc::ptr_eq(it, lost)) {
            *connection = None;
        }
    }

    pub fn close(&self) {
        *self.connection.write() = None;
    }
}
