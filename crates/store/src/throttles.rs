//! Counters against guessing, exact across nodes.

use crate::{
    Store,
    engine::{Applied, Batch},
    error::{Error, Result},
    statement::statements,
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    HIT = "INSERT INTO throttles (key, hits, resets_at) VALUES (?1, 1, ?2)
        ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN throttles.resets_at <= ?3 THEN 1 ELSE throttles.hits + 1 END,
            resets_at = CASE WHEN throttles.resets_at <= ?3 THEN excluded.resets_at ELSE throttles.resets_at END
        RETURNING hits, resets_at";
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

    /// Forgets what was counted: the right password ends the suspicion.
    pub async fn clear_hits(&self, key: &str) -> Result<()> {
        self.must_apply(Batch::new().run(&CLEAR, crate::params![key]))
            .await
    }
}
