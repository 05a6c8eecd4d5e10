//! Somebody who asks all the time, and what he was told.

use crate::actor::{Lost, Reply, Sure};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

/// Nobody waits longer for an answer, whatever it is.
pub const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub asked: Instant,
    pub took: Duration,
    pub status: u16,
}

pub struct Watch {
    enough: Arc<AtomicBool>,
    task: JoinHandle<Vec<Told>>,
}

/// Asks once.
pub async fn told(ask: impl Future<Output = Result<Reply, Lost>>) -> Told {
    let asked = Instant::now();
    let status = ask.await.sure().status;
    Told {
        asked,
        took: asked.elapsed(),
        status,
    }
}

impl Watch {
    /// Asks again this long after each answer.
    pub fn begin<A>(pause: Duration, mut ask: impl FnMut() -> A + Send + 'static) -> Self
    where
        A: Future<Output = Result<Reply, Lost>> + Send,
    {
        let enough = Arc::new(AtomicBool::new(false));
        let ended = enough.clone();
        let task = tokio::spawn(async move {
            let mut all = Vec::new();
            while !ended.load(Relaxed) {
                all.push(told(ask()).await);
                sleep(pause).await;
            }
            all
        });
        Self { enough, task }
    }

    pub async fn end(self) -> Vec<Told> {
        self.enough.store(true, Relaxed);
        self.task.await.expect("no panic")
    }
}

/// p50, p99 and the slowest.
pub fn figures(all: &[Told]) -> [Duration; 3] {
    crate::crowd::percentiles(all.iter().map(|it| it.took).collect())
}
