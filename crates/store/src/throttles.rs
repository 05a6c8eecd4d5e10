//! Counters against guessing, exact across nodes.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::{Error, Result},
    statement::statements,
    value::Row,
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    HIT = "INSERT INTO throttles (key, hits, resets_at) VALUES (?1, 1, ?2)
        ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN throttles.resets_at <= ?3 THEN 1 ELSE throttles.hits + 1 END,
            resets_at = CASE WHEN throttles.resets_at <= ?3 THEN excluded.resets_at ELSE throttles.resets_at END
        RETURNING hits, resets_at";
    /// What is being counted, in windows that are open.
    COUNTED = "SELECT key, hits, resets_at FROM throttles WHERE resets_at > ?1 AND hits > ?2 ORDER BY resets_at LIMIT 1000";
    CLEAR = "DELETE FROM throttles WHERE key = ?1";
}

/// A counter after it was incremented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hits {
    pub count: i64,
    pub resets: Timestamp,
}

impl Store {
    /// Counts one more of `key`, in windows of `window`.
    pub async fn hit(&self, key: &str, window: Millis, now: Timestamp) -> Result<Hits> {
        let batch = Batch::new().expect_one(&HIT, crate::params![key, now + window, now]);
        match self.apply(batch).await? {
            Applied::Done(returned) => match returned.first().map(Vec::as_slice) {
                Some(&[count, resets]) => Ok(Hits {
                    count,
                    resets: Timestamp(resets),
                }),
                _ => Err(Error::Corrupt("a counter".into())),
            },
            Applied::Unmet(_) => Err(Error::Corrupt("a counter".into())),
        }
    }

    /// Counters with more than so many hits in windows that are open.
    pub async fn counters(&self, more_than: i64, now: Timestamp) -> Result<Vec<(String, Hits)>> {
        let read = |row: &Row<'_>| {
            let hits = Hits {
                count: row.int(1)?,
                resets: row.time(2)?,
            };
            Ok((row.text(0)?, hits))
        };
        let params = crate::params![now, more_than];
        self.engine.scan(&COUNTED, &params, read).await
    }

    /// Lets whoever is counted under a key go on: every node forgets that it is blocked.
    /// `false`: nothing is counted under it.
    pub async fn lift_throttle(&self, key: &str, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(&CLEAR, crate::params![key])
            .change(Change::new(ChangeKind::Throttles, 0, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Forgets what was counted: the right password ends the suspicion.
    pub async fn clear_hits(&self, key: &str) -> Result<()> {
        self.must_apply(Batch::new().run(&CLEAR, crate::params![key]))
            .await
    }
}
