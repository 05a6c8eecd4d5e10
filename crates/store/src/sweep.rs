//! Everything with a lifetime goes, in small steps, when nothing can need it.

use crate::{
    LONGEST_ACCESS, Store,
    engine::{Applied, Batch},
    error::Result,
    statement::statements,
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    CODES = "DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    FAMILIES = "DELETE FROM families WHERE id IN (SELECT id FROM families WHERE idle_until < ?1 ORDER BY idle_until LIMIT 1000) RETURNING 1";
    GRANTS = "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE ended_at < ?1 AND ended_at IS NOT NULL LIMIT 1000) RETURNING 1";
    SESSIONS = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    THROTTLES = "DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE resets_at < ?1 ORDER BY resets_at LIMIT 1000) RETURNING 1";
    CHANGES = "DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at < ?1 ORDER BY at LIMIT 1000) RETURNING 1";
    IMAGES = "DELETE FROM images WHERE digest IN (SELECT digest FROM images WHERE created_at < ?1
        AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.icon = images.digest AND apps.deleted_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM users WHERE users.photo = images.digest) LIMIT 100) RETURNING 1";
}

/// A used code is remembered so much longer, so that a replay is seen as one.
const REPLAY: Millis = Millis::days(1);
const STEP: usize = 1000;

impl Store {
    /// Removes what is past its use; the number of rows. Called every minute or so
    /// by one node at a time.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize> {
        let endings = now - LONGEST_ACCESS - Millis::minutes(5);
        self.memory.prune(endings);
        let tasks = [
            (&CODES, now - REPLAY),
            (&FAMILIES, now - Millis::days(1)),
            (&SESSIONS, now - Millis::days(1)),
            (&THROTTLES, now),
            (&CHANGES, endings),
        ];
        let mut removed = 0;
        for (statement, before) in tasks {
            loop {
                let batch = Batch::new().run(statement, crate::params![before]);
                let Applied::Done(returned) = self.apply(batch).await? else {
                    break;
                };
                let rows = returned.first().map_or(0, Vec::len);
                removed += rows;
                if rows < STEP {
                    break;
                }
            }
        }
        Ok(removed)
    }

    /// The rarer part: grants whose refresh tokens would have expired by now (`idle`
    /// after their end), images that nothing shows.
    pub async fn sweep_rarely(&self, idle: Millis, now: Timestamp) -> Result<()> {
        let batch = Batch::new()
            .run(&GRANTS, crate::params![now - idle - Millis::days(1)])
            .run(&IMAGES, crate::params![now - Millis::days(1)]);
        self.must_apply(batch).await
    }
}
