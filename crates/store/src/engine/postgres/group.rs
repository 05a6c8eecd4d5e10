//! Single statements that share a commit: what waits goes to whichever writer is free, as one
//! transaction. While one of them waits for the disk, the other gathers the next.

use super::{
    Applied, BATCH, GRACE, PATIENCE, Postgres,
    access::Access,
    connection::Trouble,
    pool::{Lane, Use},
    too_slow,
};
use crate::{
    engine::Batch,
    error::{Error, Result},
    value::Value,
};
use std::sync::{Arc, Weak};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::Instant,
};

/// Statements that share a commit, at most.
const GROUP: usize = 64;
const QUEUE: usize = 1024;

pub(super) struct Job {
    batch: Batch,
    asked: Instant,
    answer: oneshot::Sender<Result<Applied>>,
}

/// The way to the writers; they end with it.
pub(super) struct Groups(mpsc::Sender<Job>);

impl Groups {
    pub fn start(engine: &Weak<Postgres>, access: &Arc<Access>, writers: usize) -> Self {
        let (sender, jobs) = mpsc::channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..writers {
            let lane = Lane::new(access.clone(), Use::Groups);
            tokio::spawn(write(engine.clone(), lane, jobs.clone()));
        }
        Self(sender)
    }

    /// Goes on also when its caller does not.
    pub async fn apply(&self, batch: Batch, asked: Instant) -> Result<Applied> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            batch,
            asked,
            answer,
        };
        let stopping = || Error::Unavailable("the node is stopping".into());
        self.0.send(job).await.map_err(|_| stopping())?;
        answered.await.map_err(|_| stopping())?
    }
}

/// Whether a batch may wait with others for one commit: a statement that finds the one row
/// that it is about by a key.
pub(super) fn is_quick(batch: &Batch) -> bool {
    matches!(&*batch.steps, [step] if step.rows == Some(1))
}

async fn write(engine: Weak<Postgres>, lane: Lane, jobs: Arc<Mutex<mpsc::Receiver<Job>>>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.lock().await.recv_many(&mut group, GROUP).await > 0 {
        // The same order everywhere: two nodes do not wait for each other.
        group.sort_by_key(
            |job| match job.batch.steps.first().map(|step| step.params.first()) {
                Some(Some(Value::Int(id))) => *id,
                _ => i64::MAX,
            },
        );
        let last = PATIENCE - BATCH - GRACE;
        let (late, timely): (Vec<_>, Vec<_>) =
            group.drain(..).partition(|job| job.asked.elapsed() > last);
        for job in late {
            let _ = job.answer.send(Err(too_slow()));
        }
        if !timely.is_empty() {
            write_group(&engine, &lane, timely).await;
        }
    }
}

async fn write_group(engine: &Weak<Postgres>, lane: &Lane, group: Vec<Job>) {
    let steps: Vec<_> = group.iter().flat_map(|job| &job.batch.steps).collect();
    match lane.apply_group(&steps).await {
        Ok(applied) => {
            for (job, applied) in group.into_iter().zip(applied) {
                let _ = job.answer.send(Ok(applied));
            }
        }
        // Perhaps it was done.
        Err(Trouble::Unknown(why)) => {
            for job in group {
                let _ = job.answer.send(Err(Error::Unavailable(why.clone())));
            }
        }
        // Nothing was: one of them was in the way of all.
        Err(_) => {
            let Some(engine) = engine.upgrade() else {
                return;
            };
            for job in group {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let applied = engine.try_until_done(&job.batch, job.asked).await;
                    let _ = job.answer.send(applied);
                });
            }
        }
    }
}
