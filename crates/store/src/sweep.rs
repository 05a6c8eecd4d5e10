//! Everything with a lifetime goes, in small steps, when nothing can need it.

use crate::{
    LONGEST_ACCESS, Store,
    engine::{Applied, Batch},
    error::Result,
    places,
    statement::{Statement, statements},
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    CODES = "DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    FAMILIES = "DELETE FROM families WHERE id IN (SELECT id FROM families WHERE idle_until < ?1 ORDER BY idle_until LIMIT 1000) RETURNING 1";
    /// Ids are in time order: the oldest are looked at, without an index on their age.
    OLD_FAMILIES = "DELETE FROM families WHERE created_at < ?1 AND id IN (SELECT id FROM families ORDER BY id LIMIT 1000) RETURNING 1";
    GRANTS = "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE ended_at < ?1 AND ended_at IS NOT NULL ORDER BY ended_at LIMIT 1000) RETURNING 1";
    /// Ended with their apps; from now on as other ended ones.
    ORPHANS = "UPDATE grants SET ended_at = ?1 WHERE id IN (SELECT g.id FROM apps a JOIN grants g ON g.app_id = a.id
        WHERE a.deleted_at < ?1 AND a.deleted_at IS NOT NULL AND g.ended_at IS NULL LIMIT 1000) RETURNING 1";
    LOGINS = "DELETE FROM logins WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    SESSIONS = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    THROTTLES = "DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE resets_at < ?1 ORDER BY resets_at LIMIT 1000) AND resets_at < ?1 RETURNING 1";
    ASSERTIONS = "DELETE FROM assertions WHERE id IN (SELECT id FROM assertions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    CHALLENGES = "DELETE FROM challenges WHERE id IN (SELECT id FROM challenges WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    PERSONAL_TOKENS = "DELETE FROM personal_access_tokens WHERE id IN
        (SELECT id FROM personal_access_tokens WHERE ended_at < ?1 AND ended_at IS NOT NULL ORDER BY ended_at LIMIT 1000) RETURNING 1";
    LINKS = "DELETE FROM links WHERE id IN (SELECT id FROM links WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    USER_LINKS = "DELETE FROM user_links WHERE id IN (SELECT id FROM user_links WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    /// Where no mail is sent any more.
    MAILS = "DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE due_at < ?1 ORDER BY due_at LIMIT 1000) RETURNING 1";
    PLACES = "DELETE FROM places WHERE last_at < ?1 AND (user_id, place) IN (SELECT user_id, place FROM places WHERE last_at < ?1 ORDER BY last_at LIMIT 1000) RETURNING 1";
    JOURNEYS = "DELETE FROM journeys WHERE id IN (SELECT id FROM journeys WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    INITIAL_TOKENS = "DELETE FROM initial_access_tokens WHERE id IN
        (SELECT id FROM initial_access_tokens WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1";
    /// What never came into the chain.
    EVENTS = "DELETE FROM audit_events WHERE id IN (SELECT e.id FROM audit_events e
        WHERE e.at < ?1 AND NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_id = e.id) ORDER BY e.at LIMIT 1000) RETURNING 1";
    CHANGES = "DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at < ?1 ORDER BY at LIMIT 1000) RETURNING 1";
    REFUSALS = "DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE last_at < ?1 ORDER BY last_at LIMIT 1000) RETURNING 1";
    IMAGES = "SELECT digest FROM images WHERE digest > ?1 ORDER BY digest LIMIT ?2";
    IMAGE = "DELETE FROM images WHERE digest = ?1 AND created_at < ?2
        AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.icon = images.digest AND apps.deleted_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM users WHERE users.photo = images.digest) RETURNING 1";
}

/// A used code is remembered so much longer, so that a replay is seen as one.
const REPLAY: Millis = Millis::days(1);
/// An app's request log says what was refused lately.
const LATELY: Millis = Millis::days(30);
const STEP: usize = 1000;
const IMAGES_AT_ONCE: usize = 100;

impl Store {
    /// Removes what is past its use; the number of rows. Called every minute or so
    /// by one node at a time.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize> {
        let endings = now - LONGEST_ACCESS - Millis::minutes(5);
        self.memory.prune(endings);
        let yesterday = now - Millis::days(1);
        let tasks = [
            (&CODES, now - REPLAY),
            (&FAMILIES, yesterday),
            (&PERSONAL_TOKENS, yesterday),
            (&THROTTLES, now),
            (&ASSERTIONS, now),
            (&CHALLENGES, now),
            (&LINKS, now),
            (&USER_LINKS, now),
            (&MAILS, now - Millis::days(2)),
            (&PLACES, now - places::REMEMBERED),
            (&JOURNEYS, now),
            (&INITIAL_TOKENS, now),
            (&CHANGES, endings),
            (&REFUSALS, now - LATELY),
        ];
        let mut removed = 0;
        for (statement, before) in tasks {
            removed += self.step_by_step(&[statement], before).await?;
        }
        // Together: the logins of a session that is gone could not be found.
        Ok(removed + self.step_by_step(&[&LOGINS, &SESSIONS], yesterday).await?)
    }

    /// Removes families past the absolute limit of refresh tokens: those that began
    /// before `began`. The number of rows.
    pub async fn sweep_old_families(&self, began: Timestamp) -> Result<usize> {
        self.step_by_step(&[&OLD_FAMILIES], began - Millis::days(1))
            .await
    }

    /// The rarer part: grants whose refresh tokens would have expired by now (`idle`
    /// after their end), images that nothing shows. The number of rows.
    pub async fn sweep_rarely(&self, idle: Millis, now: Timestamp) -> Result<usize> {
        let yesterday = now - Millis::days(1);
        self.step_by_step(&[&ORPHANS], now).await?;
        let grants = self.step_by_step(&[&GRANTS], yesterday - idle).await?;
        Ok(grants + self.remove_images(yesterday).await?)
    }

    /// Forgets what happened before `before`; the number of events.
    pub async fn sweep_events(&self, before: Timestamp) -> Result<usize> {
        let mut swept = 0;
        loop {
            let rows = self.sweep_chain(before).await?;
            swept += rows;
            if rows < STEP {
                break;
            }
        }
        Ok(swept + self.step_by_step(&[&EVENTS], before).await?)
    }

    async fn step_by_step(
        &self,
        statements: &[&'static Statement],
        before: Timestamp,
    ) -> Result<usize> {
        let mut removed = 0;
        loop {
            let batch = statements.iter().fold(Batch::new(), |batch, statement| {
                batch.run(statement, crate::params![before])
            });
            let rows = self.remove_some(batch).await?;
            removed += rows;
            if rows < STEP {
                return Ok(removed);
            }
        }
    }

    /// A page of images at a time, so that the writer never has much to look at.
    async fn remove_images(&self, before: Timestamp) -> Result<usize> {
        let (mut removed, mut after) = (0, String::new());
        loop {
            let params = crate::params![&after, IMAGES_AT_ONCE as i64];
            let page = self
                .engine
                .scan(&IMAGES, &params, |row| row.text(0))
                .await?;
            let Some(last) = page.last() else {
                return Ok(removed);
            };
            let batch = page.iter().fold(Batch::new(), |batch, digest| {
                batch.run(&IMAGE, crate::params![digest, before])
            });
            removed += self.remove_some(batch).await?;
            after.clone_from(last);
        }
    }

    pub(crate) async fn remove_some(&self, batch: Batch) -> Result<usize> {
        match self.apply(batch).await? {
            Applied::Done(returned) => Ok(returned.iter().map(Vec::len).sum()),
            Applied::Unmet(_) => Ok(0),
        }
    }
}
