//! RSA signatures: too long for the threads that read requests, so they are made beside
//! them.

use grantor_jose::sign::{SigningFailed, SigningKey};
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc, thread};
use tokio::{
    select,
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    task::{spawn, spawn_blocking},
};

/// One in so many of those who wait is signed for before anybody is answered. Answered one
/// by one they would wake the other threads for each, and what follows their answers would
/// be written one by one where it can share a commit. Nobody waits much longer for the
/// others than for his turn, and who is alone waits for nobody.
const TOGETHER: usize = 4;

/// No more than so many: 20 ms or so. A larger group would share no more, and be signed
/// for also where they have gone meanwhile.
const GROUP: usize = 32;

#[derive(Clone)]
pub struct Signers {
    waiting: Arc<Mutex<VecDeque<Job>>>,
    turns: Arc<Semaphore>,
}

struct Job {
    key: Arc<SigningKey>,
    typ: Option<&'static str>,
    payload: String,
    answer: oneshot::Sender<Result<String, SigningFailed>>,
}

impl Job {
    fn sign(&self) -> Result<String, SigningFailed> {
        self.key.sign(self.typ, self.payload.as_bytes())
    }
}

impl Default for Signers {
    /// As many at work as there are processors: more would only take turns, and leave the
    /// threads that read requests the smaller a share.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self {
            waiting: Arc::default(),
            turns: Semaphore::new(processors).into(),
        }
    }
}

impl Signers {
    /// A compact JWS.
    ///
    /// # Errors
    /// The cryptographic library could not sign.
    pub async fn sign(
        &self,
        key: Arc<SigningKey>,
        typ: Option<&'static str>,
        payload: String,
    ) -> Result<String, SigningFailed> {
        let (answer, mut signed) = oneshot::channel();
        self.waiting.lock().push_back(Job {
            key,
            typ,
            payload,
            answer,
        });
        // Everybody who waits for a signature is in line for a turn: no job is forgotten.
        let signed = select! {
            biased;
            signed = &mut signed => signed,
            turn = self.turns.clone().acquire_owned() => {
                if let Ok(turn) = turn {
                    // Of its own, for whoever had this turn may go.
                    spawn(self.clone().work(turn));
                }
                signed.await
            }
        };
        signed.unwrap_or(Err(SigningFailed))
    }

    /// Until nobody waits.
    async fn work(self, turn: OwnedSemaphorePermit) {
        while let Some(group) = self.next() {
            let sign = move || -> Vec<_> {
                let sign = |job: Job| (job.sign(), job.answer);
                group.into_iter().map(sign).collect()
            };
            // Should the code panic, those of the group learn it by their closed channels.
            for (signed, answer) in spawn_blocking(sign).await.unwrap_or_default() {
                let _ = answer.send(signed);
            }
        }
        drop(turn);
    }

    /// Those who come next, without those who have gone.
    fn next(&self) -> Option<Vec<Job>> {
        let mut waiting = self.waiting.lock();
        waiting.retain(|job| !job.answer.is_closed());
        let count = waiting.len().div_ceil(TOGETHER).min(GROUP);
        (count > 0).then(|| waiting.drain(..count).collect())
    }
}

#[cfg(test)]
mod tests;
