//! The shared engine: any number of nodes over one PostgreSQL.
//!
//! Point reads share a few connections and overtake nobody: many are on their way at once
//! (pipelining). Single statements share commits, by two more. Each other batch and each scan
//! has a connection to itself.

mod access;
mod batch;
mod connection;
mod dialect;
mod group;
mod pool;
mod server;

use super::{Applied, Batch};
use crate::{
    WriteCounts,
    changes::Horizon,
    error::{Error, Result},
    migrate,
    statement::Statement,
    value::{Row, Value},
};
pub use access::Access;
pub(crate) use connection::{Integer, Trouble};
pub(crate) use dialect::schema;
use grantor_protocol::time::Timestamp;
use group::Groups;
use pool::{Lane, Pool, Use};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout, timeout_at};

// The only statements of this engine alone. With `access.rs` the one place for what PostgreSQL
// has and others that speak its protocol lack: a test looks for it everywhere else.
static CLOCK: Statement = Statement {
    name: "grantor_store::engine::postgres::CLOCK",
    sql: "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
};
static HORIZON: Statement = Statement {
    name: "grantor_store::engine::postgres::HORIZON",
    sql: "SELECT CAST(CAST(pg_snapshot_xmin(it) AS TEXT) AS BIGINT), CAST(CAST(pg_snapshot_xmax(it) AS TEXT) AS BIGINT)
        FROM pg_current_snapshot() it",
};
static NUMBER_ON: Statement = Statement {
    name: "grantor_store::engine::postgres::NUMBER_ON",
    sql: "SELECT setval(pg_get_serial_sequence('changes', 'seq'), (SELECT COALESCE(MAX(seq), 0) + 1 FROM changes), false)",
};
/// Whoever asked has been told by then: less than the 3 s in which a node that has lost its
/// database answers. A wait for a connection, and one try.
const PATIENCE: Duration = Duration::from_millis(2600);
/// For reads that others wait for.
const POINT: Duration = Duration::from_millis(1250);
/// For what reads many rows.
const SCAN: Duration = Duration::from_secs(30);
/// For one try of a batch. None begins that might be given up half-way: what the database
/// goes on with alone could happen after its caller was told that it did not.
const BATCH: Duration = Duration::from_millis(1250);
/// What a database needs at most to say that a limit is reached.
const GRACE: Duration = Duration::from_millis(250);
/// How often a batch is begun because another was in its way, and because a connection was
/// lost.
const AGAIN: u64 = 10;
const ANEW: u64 = 3;
/// A transaction that has not ended by then never will: what it appended to the feed is
/// there, or will not be.
pub(crate) const LONGEST_TRANSACTION: Duration = Duration::from_secs(15);

pub struct Postgres {
    pool: Arc<Pool>,
    lanes: Vec<Lane>,
    next_lane: AtomicUsize,
    /// `None`: there are too few connections.
    groups: Option<Groups>,
    batches: AtomicU64,
    waiting: AtomicU64,
}

impl Postgres {
    /// Connects once, and refuses a database that forgets what it acknowledged.
    pub async fn open(access: Arc<Access>) -> Result<Arc<Self>> {
        let [lanes, writers, others] = access.shares();
        let pool = Arc::new(Pool::new(access, others));
        let connection = pool.lend().await?;
        connection.assert_durable().await?;
        connection.give_back();
        let access = pool.access();
        let lanes = (0..lanes).map(|_| Lane::new(access.clone(), Use::Reads));
        Ok(Arc::new_cyclic(|engine| Self {
            lanes: lanes.collect(),
            groups: (writers > 0).then(|| Groups::start(engine, &access, writers)),
            pool,
            next_lane: AtomicUsize::new(0),
            batches: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
        }))
    }

    /// A few rows by key.
    pub async fn read<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let lane = &self.lanes[self.next_lane.fetch_add(1, Relaxed) % self.lanes.len()];
        let rows = timeout(PATIENCE, async {
            match lane.read(statement, params).await {
                // The database was started anew, or another took its place.
                Err(trouble) if trouble.is_past() => lane.read(statement, params).await,
                rows => rows,
            }
        });
        let rows = rows.await.map_err(|_| too_slow())??;
        rows.iter().map(|row| map(&Row::Postgres(row))).collect()
    }

    /// May take long.
    pub async fn scan<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let connection = self.pool.lend().await?;
        let rows = connection.patiently(statement, params).await;
        if !rows.as_ref().is_err_and(Trouble::is_the_connections) {
            connection.give_back();
        }
        let rows = rows?;
        rows.iter().map(|row| map(&Row::Postgres(row))).collect()
    }

    /// Goes on also when its caller does not: a transaction that is given up half-way
    /// costs a connection.
    pub async fn apply(self: &Arc<Self>, batch: Batch) -> Result<Applied> {
        let asked = Instant::now();
        if !self.pool.is_open() {
            return Err(Error::Unavailable("the database is closed".into()));
        }
        if let Some(groups) = self.groups.as_ref().filter(|_| group::is_quick(&batch)) {
            self.waiting.fetch_add(1, Relaxed);
            let applied = groups.apply(batch, asked).await;
            self.waiting.fetch_sub(1, Relaxed);
            self.batches.fetch_add(1, Relaxed);
            return applied;
        }
        let engine = self.clone();
        let applied = tokio::spawn(async move {
            engine.waiting.fetch_add(1, Relaxed);
            let applied = engine.try_until_done(&batch, asked).await;
            engine.waiting.fetch_sub(1, Relaxed);
            engine.batches.fetch_add(1, Relaxed);
            applied
        });
        let stopped = |_| Error::Unavailable("the node is stopping".into());
        applied.await.map_err(stopped)?
    }

    /// Nothing is decided between the statements of a batch, so it can be begun anew.
    async fn try_until_done(&self, batch: &Batch, asked: Instant) -> Result<Applied> {
        let last = asked + PATIENCE - BATCH - GRACE;
        let mut tries = 1;
        loop {
            let connection = timeout_at(last, self.pool.lend()).await;
            let connection = connection.map_err(|_| too_slow())??;
            let applied = in_time(BATCH, connection.apply(batch)).await;
            let most = match &applied {
                Err(Trouble::Again(_)) => AGAIN,
                Err(Trouble::Lost(_)) => ANEW,
                _ => 0,
            };
            match applied.as_ref().is_err_and(Trouble::is_the_connections) {
                // What one has lost, the others have most likely, too.
                true => self.pool.forget_idle(),
                false => connection.give_back(),
            }
            if tries >= most || Instant::now() > last {
                return Ok(applied?);
            }
            sleep(Duration::from_millis(tries * tries)).await;
            tries += 1;
        }
    }

    pub async fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>> {
        let mut connection = self.pool.lend().await?;
        let applied = migrate::run_postgres(connection.client(), now).await?;
        connection.give_back();
        Ok(applied)
    }

    pub async fn horizon(&self) -> Result<Horizon> {
        let read = |row: &Row<'_>| {
            Ok(Horizon {
                oldest: row.int(0)?,
                next: row.int(1)?,
            })
        };
        let found = self.read(&HORIZON, &[], read).await?.pop();
        found.ok_or_else(|| Error::Corrupt("a database without transactions".into()))
    }

    pub async fn numbers_after_a_move(&self) -> Result<()> {
        self.scan(&NUMBER_ON, &[], |row| row.int(0)).await.map(drop)
    }

    pub async fn clock(&self) -> Result<Timestamp> {
        let now = self.read(&CLOCK, &[], |row| row.time(0)).await?.pop();
        now.ok_or_else(|| Error::Corrupt("a database without a clock".into()))
    }

    /// Every statement compiles against the current schema.
    pub async fn prepare_all(&self) -> Result<()> {
        let connection = self.pool.lend().await?;
        for statement in crate::statement::all() {
            connection.prepared(statement).await?;
        }
        connection.give_back();
        Ok(())
    }

    /// What runs ends; later calls fail.
    pub async fn close(&self) {
        self.pool.close().await;
        self.lanes.iter().for_each(Lane::close);
    }

    pub fn is_open(&self) -> bool {
        self.pool.is_open()
    }

    pub fn counts(&self) -> WriteCounts {
        let batches = self.batches.load(Relaxed);
        WriteCounts {
            batches,
            commits: batches,
            waiting: self.waiting.load(Relaxed),
        }
    }
}

fn too_slow() -> Error {
    Error::Unavailable("the database does not answer in time".into())
}

/// A database that does not answer is one that cannot be reached.
async fn in_time<T>(
    limit: Duration,
    answer: impl Future<Output = std::result::Result<T, Trouble>>,
) -> std::result::Result<T, Trouble> {
    // The server's own limit comes first; this one is for a server that is not there.
    match timeout(limit + GRACE, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Trouble::Unknown("the database does not answer".into())),
    }
}
