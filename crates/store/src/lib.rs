//! Records and verbs. A verb is a whole step of the domain (approve, redeem,
//! rotate, end) and one atomic batch; nothing here knows HTTP, and nothing here
//! ever sees a secret in clear: only digests come in.

pub mod apps;
pub mod assertions;
pub mod audit;
mod cache;
pub mod chain;
pub mod changes;
pub mod codes;
pub mod deletion;
pub mod engine;
mod epoch;
pub mod error;
pub mod factors;
pub mod families;
pub mod find;
pub mod grants;
pub mod identities;
pub mod images;
pub mod journeys;
pub mod keys;
pub mod leases;
pub mod links;
pub mod logins;
pub mod mails;
mod migrate;
pub mod moving;
pub mod passkeys;
pub mod pats;
pub mod places;
pub mod provisioned;
pub mod recovery;
pub mod refusals;
pub mod registrations;
pub mod roles;
pub mod sessions;
pub mod standing;
pub mod statement;
mod sweep;
pub mod throttles;
pub mod totp;
pub mod usage;
pub mod user_links;
pub mod users;
pub mod value;

pub use error::{Error, Result};

use changes::{Change, Memory, POLL};
pub use engine::postgres::Access;
use engine::{Applied, Batch, Engine, postgres::Postgres, sqlite::Sqlite};
use grantor_protocol::time::{Millis, Timestamp};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::watch;

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Location {
    /// One file beside its write-ahead log.
    Sqlite(PathBuf),
    /// A server that any number of nodes share.
    Postgres(Arc<Access>),
}

/// The longest time that an access token may live, by configuration: endings older
/// than this are forgotten.
pub const LONGEST_ACCESS: Millis = Millis::days(1);

/// The database and what this node remembers of it. Dropping the last clone closes it,
/// which waits for what is queued.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    memory: Arc<Memory>,
    pub usage: Arc<usage::Usage>,
    /// Whether users are told by mail.
    mails: Arc<AtomicBool>,
}

impl Store {
    /// Opens (and makes) the database, brings its schema to this version and reads
    /// what recently ended. `remember`: records of each kind kept in memory.
    pub async fn open(location: &Location, remember: usize, now: Timestamp) -> Result<Self> {
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(Arc::new(Sqlite::open(path)?)),
            Location::Postgres(access) => Engine::Postgres(Postgres::open(access.clone()).await?),
        };
        for name in engine.migrate(now).await? {
            tracing::info!(migration = name, "migrated the database");
        }
        let store = Self {
            engine: Arc::new(engine),
            memory: Arc::new(Memory::new(remember)),
            usage: Arc::default(),
            mails: Arc::default(),
        };
        store.assert_not_outgrown(location).await?;
        let since = now - LONGEST_ACCESS;
        store.memory.fill(&store.engine, since).await?;
        Ok(store)
    }

    /// Whether other servers may use the same database.
    pub fn is_shared(&self) -> bool {
        matches!(&*self.engine, Engine::Postgres(_))
    }

    /// From now on users are told by mail of what they should know.
    pub fn tell_by_mail(&self) {
        self.mails.store(true, Ordering::Relaxed);
    }

    /// Follows the change feed until `stop` changes: to be spawned once a process.
    pub async fn follow(self, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        loop {
            tokio::select! {
                _ = stop.changed() => return,
                () = tokio::time::sleep(POLL) => {}
            }
            match self.memory.poll(&self.engine).await {
                Ok(()) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(%error, "cannot read the change feed");
                }
                Err(_) => {}
            }
        }
    }

    /// Whether this node knows what ended, or has to ask for each token.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Changes whenever keys were added or retired.
    pub fn watch_keys(&self) -> watch::Receiver<()> {
        self.memory.watch_keys()
    }

    /// Writes a batch and, when it is durable, tells this node's memory.
    pub(crate) async fn apply(&self, mut batch: Batch) -> Result<Applied> {
        if !self.mails.load(Ordering::Relaxed) {
            for position in batch.mails.iter().rev() {
                batch.steps.remove(*position);
            }
        }
        let mut changes = batch.changes.clone();
        let told: Vec<_> = batch.steps.iter().map(|step| step.tells).collect();
        let (guards, by_role, by_form) = (batch.guards, batch.by_role.clone(), batch.by_form);
        let mut applied = self.engine.apply(batch).await?;
        if let Applied::Unmet(position) = applied {
            // A verb knows its own statements and no guard before them.
            return match position.checked_sub(guards) {
                Some(own) => Ok(Applied::Unmet(own)),
                None if by_role.contains(&position) => Err(Error::RoleEnded),
                None if by_form == Some(position) => Err(Error::FormUsed),
                None => Err(Error::SessionEnded),
            };
        }
        if let Applied::Done(returned) = &mut applied {
            for (told, ids) in told.into_iter().zip(&*returned) {
                let Some((kind, at)) = told else { continue };
                changes.extend(ids.iter().map(|id| Change::new(kind, *id, at)));
            }
            self.memory.learn(&changes);
            // A verb gets what its own statements brought.
            returned.drain(..guards);
        }
        Ok(applied)
    }

    /// Writes a batch that nothing can refuse but a defect.
    pub(crate) async fn must_apply(&self, batch: Batch) -> Result<()> {
        match self.apply(batch).await? {
            Applied::Done(_) => Ok(()),
            Applied::Unmet(position) => {
                Err(Error::Corrupt(format!("step {position} found no row")))
            }
        }
    }

    /// A round trip to the database, for readiness.
    pub async fn ping(&self) -> Result<()> {
        if !self.memory.is_fresh() {
            return Err(changes::stale());
        }
        if !self.engine.can_write() {
            return Err(Error::Unavailable(
                "the database is closed for writing".into(),
            ));
        }
        self.memory.poll(&self.engine).await
    }

    /// Writes what waits, then leaves one whole file behind. Later calls fail.
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }

    /// Reads the whole database and compares it with itself, where that is not the
    /// database's own business.
    pub fn check_integrity(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.check_integrity(),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// A consistent copy of the live database in a new file.
    pub fn backup(&self, to: &Path) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.backup(to),
            Engine::Postgres(_) => Err(Error::Start(
                "PostgreSQL has its own way of making copies: use pg_dump".into(),
            )),
        }
    }

    /// Compiles every statement against the schema.
    pub async fn prepare_all(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.prepare_all(),
            Engine::Postgres(engine) => engine.prepare_all().await,
        }
    }

    /// What the writer did since the start, and what waits for it.
    pub fn write_counts(&self) -> WriteCounts {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.counts(),
            Engine::Postgres(engine) => engine.counts(),
        }
    }
}

/// Figures of the writer, for metrics.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteCounts {
    pub batches: u64,
    /// Each one sync.
    pub commits: u64,
    pub waiting: u64,
}
