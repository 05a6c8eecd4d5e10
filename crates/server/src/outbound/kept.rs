//! What hosts answered, kept for a while: a document that many requests need is fetched
//! once, by one of them, and a host that is down is not asked by each.

use grantor_protocol::{
    error::Cause,
    time::{Millis, Timestamp},
};
use quick_cache::sync::Cache;
use std::{convert::Infallible, sync::Arc};
use tokio::sync::Mutex;

/// An answer is kept so long whatever its host says, and a newer one is not wanted more
/// often, whatever strangers send.
const SHORTEST: Millis = Millis::minutes(1);
/// A failure is believed for so long.
const FAILURE: Millis = Millis::seconds(10);

/// Documents by the app that named the address, so that no app uses up another's turns. `E`
/// says why there is none.
pub struct Kept<T, E = Cause> {
    entries: Cache<(i64, String), Arc<Entry<T, E>>>,
    longest: Millis,
}

/// Locked while it is fetched: whoever else wants it waits for the one answer.
type Entry<T, E> = Mutex<Option<Latest<T, E>>>;

struct Latest<T, E> {
    until: Timestamp,
    answer: Result<T, E>,
    /// When a newer one was last wanted, and fetched.
    renewed: Option<Timestamp>,
}

impl<T, E> Latest<T, E> {
    fn will_do(&self, wanted: Wanted, now: Timestamp) -> bool {
        let renewed = self.renewed.is_some_and(|at| now < at + SHORTEST);
        let will_do = match wanted {
            Wanted::Kept => true,
            Wanted::Newer => self.answer.is_err() || renewed,
            Wanted::Another => self.answer.is_err(),
        };
        will_do && now < self.until
    }
}

/// Which answer will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Kept,
    /// What the kept one holds did not help.
    Newer,
    /// The kept one is known to be of another version.
    Another,
}

impl<T: Clone, E: Clone> Kept<T, E> {
    /// Of at most `documents`, each for as long as its host says and `longest` allows.
    pub fn new(documents: usize, longest: Millis) -> Self {
        Self {
            entries: Cache::new(documents),
            longest,
        }
    }

    /// The answer of `uri`, kept or fetched now; `fetch` says how long it may be kept. A
    /// newer one that cannot be had leaves the kept one as good as it was.
    ///
    /// # Errors
    /// What `fetch` refused with, now or a moment ago.
    pub async fn get(
        &self,
        (app, uri): (i64, &str),
        wanted: Wanted,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<(T, Option<Millis>), E>,
    ) -> Result<T, E> {
        let key = (app, uri.to_owned());
        let entry = self
            .entries
            .get_or_insert_with(&key, || Ok::<_, Infallible>(Arc::default()));
        let Ok(entry) = entry;
        let mut latest = entry.lock().await;
        if let Some(latest) = latest.as_ref().filter(|it| it.will_do(wanted, now)) {
            return latest.answer.clone();
        }
        let (answer, lasts) = match fetch().await {
            Ok((answer, fresh_for)) => {
                let lasts = fresh_for.unwrap_or(self.longest);
                (Ok(answer), lasts.clamp(SHORTEST, self.longest))
            }
            Err(cause) => (Err(cause), FAILURE),
        };
        // What was good stays so: strangers can want a newer one at a bad moment.
        if let (Err(_), Some(kept)) = (&answer, latest.as_mut())
            && kept.answer.is_ok()
            && now < kept.until
        {
            kept.renewed = Some(now);
            return kept.answer.clone();
        }
        let renewed = match wanted {
            Wanted::Newer => Some(now),
            Wanted::Kept | Wanted::Another => latest.as_ref().and_then(|latest| latest.renewed),
        };
        *latest = Some(Latest {
            until: now + lasts,
            answer: answer.clone(),
            renewed,
        });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    const NOON: Timestamp = Timestamp(1_800_000_000_000);

    fn after(seconds: i64) -> Timestamp {
        NOON + Millis::seconds(seconds)
    }

    /// A host that counts how often it is asked and answers with that.
    #[derive(Default)]
    struct Host(AtomicU32);

    impl Host {
        async fn answer(&self, fresh: Option<i64>) -> Result<(u32, Option<Millis>), Cause> {
            tokio::task::yield_now().await;
            let asked = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            Ok((asked, fresh.map(Millis::seconds)))
        }
    }

    #[tokio::test]
    async fn an_answer_lasts_as_its_host_says_within_bounds() {
        for (said, lasts) in [
            (None, 3600),
            (Some(600), 600),
            (Some(0), 60),
            (Some(99_999), 3600),
        ] {
            let (kept, host) = (Kept::<u32>::new(8, Millis::hours(1)), Host::default());
            let get = async |now, wanted| {
                let fetch = async || host.answer(said).await;
                kept.get((1, "u"), wanted, now, fetch).await.unwrap()
            };
            assert_eq!(get(NOON, Wanted::Kept).await, 1);
            assert_eq!(get(after(lasts - 1), Wanted::Kept).await, 1, "{said:?}");
            assert_eq!(get(after(lasts), Wanted::Kept).await, 2, "{said:?}");
            // A newer one is had at once, and then once a minute, however often it is wanted.
            assert_eq!(get(after(lasts), Wanted::Newer).await, 3);
            assert_eq!(get(after(lasts + 59), Wanted::Newer).await, 3);
            assert_eq!(get(after(lasts + 60), Wanted::Newer).await, 4);
        }
    }

    #[tokio::test]
    async fn a_failure_is_believed_for_a_moment() {
        let (kept, asked) = (Kept::<u32>::new(8, Millis::hours(1)), AtomicU32::new(0));
        let get = async |now, wanted| {
            let fetch = async || {
                asked.fetch_add(1, Ordering::SeqCst);
                Err(Cause::ClientKeysUnreachable)
            };
            kept.get((1, "u"), wanted, now, fetch).await.unwrap_err()
        };
        for (now, times) in [(0, 1), (9, 1), (10, 2)] {
            assert_eq!(
                get(after(now), Wanted::Newer).await,
                Cause::ClientKeysUnreachable
            );
            assert_eq!(asked.load(Ordering::SeqCst), times, "{now}");
        }
    }

    #[tokio::test]
    async fn a_newer_one_that_cannot_be_had_spoils_nothing() {
        let kept = Kept::<u32>::new(8, Millis::hours(1));
        let good = async || Ok((7, None));
        let bad = async || Err(Cause::ClientKeysUnreachable);
        let place = (1, "u");
        assert_eq!(kept.get(place, Wanted::Kept, NOON, good).await, Ok(7));
        for wanted in [Wanted::Newer, Wanted::Another, Wanted::Kept] {
            assert_eq!(kept.get(place, wanted, after(30), bad).await, Ok(7));
        }
        assert_eq!(kept.get(place, Wanted::Kept, after(3599), bad).await, Ok(7));
        assert!(
            kept.get(place, Wanted::Kept, after(3600), bad)
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn another_version_is_fetched_each_time() {
        let (kept, host) = (Kept::<u32>::new(8, Millis::hours(1)), Host::default());
        for times in 1..4 {
            let fetch = async || host.answer(None).await;
            let found = kept.get((1, "u"), Wanted::Another, NOON, fetch).await;
            assert_eq!(found, Ok(times));
        }
    }

    #[tokio::test]
    async fn many_at_once_ask_once_and_apps_do_not_share() {
        let (kept, host) = (
            Arc::new(Kept::<u32>::new(8, Millis::hours(1))),
            Arc::new(Host::default()),
        );
        let get = |app| {
            let (kept, host) = (kept.clone(), host.clone());
            tokio::spawn(async move {
                let fetch = async || host.answer(None).await;
                kept.get((app, "u"), Wanted::Kept, NOON, fetch)
                    .await
                    .unwrap()
            })
        };
        let all: Vec<_> = (0..50).map(|_| get(1)).collect();
        for one in all {
            assert_eq!(one.await.unwrap(), 1);
        }
        assert_eq!(get(2).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn it_holds_no_more_than_it_may() {
        let (kept, host) = (Kept::<u32>::new(8, Millis::hours(1)), Host::default());
        for number in 0..1000 {
            let uri = format!("u{number}");
            let fetch = async || host.answer(None).await;
            kept.get((1, &uri), Wanted::Kept, NOON, fetch)
                .await
                .unwrap();
        }
        assert!(kept.entries.len() <= 8);
    }
}
