//! A few threads and a bounded queue in front of them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use rustix::process::setpriority_process;
use tokio::sync::oneshot;

use super::{Busy, Memory};

/// After this long without work a thread gives its memory back.
const QUIET: Duration = Duration::from_secs(60);

/// A third of the share that others have in a busy core, and all of an idle one.
const NICE: i32 = 5;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

pub(super) struct Pool {
    shared: Arc<Shared>,
    room: usize,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Pool {
    pub(super) fn start(threads: usize, room: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        // Made first: should a thread not start, dropping it ends the others.
        let pool = Self {
            shared: shared.clone(),
            room,
        };
        for number in 0..threads.max(1) {
            let shared = shared.clone();
            let name = format!("password-{number}");
            thread::Builder::new()
                .name(name)
                .spawn(move || shared.work())?;
        }
        Ok(pool)
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            // Whoever asked may have gone while this waited.
            if !answer.is_closed() {
                let _ = answer.send(job(memory));
            }
        });
        {
            let mut queue = self.shared.queue.lock();
            if queue.jobs.len() >= self.room {
                return Err(Busy);
            }
            queue.jobs.push_back(job);
        }
        self.shared.changed.notify_one();
        // No answer only when the job panicked, which its thread has logged.
        answered.await.map_err(|_| Busy)
    }

    pub(super) fn queued(&self) -> usize {
        self.shared.queue.lock().jobs.len()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.queue.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

/// Tokens go before logins where they share a core. Only Linux takes this for a thread;
/// elsewhere it would slow the whole process down.
fn give_way() {
    if cfg!(target_os = "linux")
        && let Err(error) = setpriority_process(None, NICE)
    {
        tracing::debug!(%error, "a thread for passwords has the priority of all others");
    }
}

impl Shared {
    fn work(&self) {
        give_way();
        let mut memory = Memory::default();
        while let Some(job) = self.next(&mut memory) {
            if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
                tracing::error!("a password could not be hashed: the code panicked");
            }
        }
    }

    fn next(&self, memory: &mut Memory) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            if self.changed.wait_for(&mut queue, QUIET).timed_out() && queue.jobs.is_empty() {
                memory.give_back();
            }
        }
    }
}
