//! A new epoch: what a database that was restored from an old copy cannot vouch for is over.
//!
//! Grants end, and with them codes and families; what works once is dropped; the caller replaces the keys, and with them
//! every access and refresh token is void. No server runs meanwhile, so nobody is told.

use crate::{
    Store,
    audit::Event,
    engine::{Applied, Batch},
    error::{Error, Result},
    statement::{Statement, statements},
};
use grantor_protocol::time::Timestamp;

statements! {
    LIVE_SESSIONS = "SELECT id FROM sessions WHERE id > ?1 AND ended_at IS NULL ORDER BY id LIMIT ?2";
    /// Apps are told of these logouts as of any other.
    NOTIFY = "UPDATE logins SET notify_at = ?3 WHERE session_id IN
        (SELECT id FROM sessions WHERE id > ?1 AND id <= ?2 AND ended_at IS NULL)";
    END_SESSIONS = "UPDATE sessions SET ended_at = ?3 WHERE id > ?1 AND id <= ?2 AND ended_at IS NULL RETURNING 1";
    LIVE_GRANTS = "SELECT id FROM grants WHERE id > ?1 AND ended_at IS NULL ORDER BY id LIMIT ?2";
    END_GRANTS = "UPDATE grants SET ended_at = ?3 WHERE id > ?1 AND id <= ?2 AND ended_at IS NULL RETURNING 1";
    LIVE_TOKENS = "SELECT id FROM personal_access_tokens WHERE id > ?1 AND ended_at IS NULL ORDER BY id LIMIT ?2";
    END_TOKENS = "UPDATE personal_access_tokens SET ended_at = ?3 WHERE id > ?1 AND id <= ?2 AND ended_at IS NULL RETURNING 1";
    SECRETS = "SELECT id FROM client_secrets WHERE id > ?1 ORDER BY id LIMIT ?2";
    END_SECRETS = "UPDATE client_secrets SET expires_at = ?3
        WHERE id > ?1 AND id <= ?2 AND (expires_at IS NULL OR expires_at > ?3) RETURNING 1";
    REGISTERED = "SELECT id FROM apps WHERE id > ?1 AND registration_token IS NOT NULL ORDER BY id LIMIT ?2";
    LOCK = "UPDATE apps SET registration_token = NULL
        WHERE id > ?1 AND id <= ?2 AND created_at <= ?3 AND registration_token IS NOT NULL RETURNING 1";
    INITIAL = "SELECT id FROM initial_access_tokens WHERE id > ?1 ORDER BY id LIMIT ?2";
    END_INITIAL = "UPDATE initial_access_tokens SET expires_at = ?3
        WHERE id > ?1 AND id <= ?2 AND expires_at > ?3 RETURNING 1";
    /// Some may have been used since.
    DROP_RECOVERY_CODES = "DELETE FROM recovery_codes";
    /// Likewise.
    DROP_LINKS = "DELETE FROM links WHERE expires_at > ?1";
    DROP_MAILED_LINKS = "DELETE FROM user_links WHERE expires_at > ?1";
}

/// Rows that end at once.
const PAGE: usize = 1000;

/// What ends: its name, how a page of it is found after an id, and what is done to the rows of
/// that page. The last step returns a row for each.
type Ending = (
    &'static str,
    &'static Statement,
    &'static [&'static Statement],
);

const ALWAYS: &[Ending] = &[
    ("sessions", &LIVE_SESSIONS, &[&NOTIFY, &END_SESSIONS]),
    ("connections of apps", &LIVE_GRANTS, &[&END_GRANTS]),
];
const BY_CHOICE: &[Ending] = &[
    ("personal access tokens", &LIVE_TOKENS, &[&END_TOKENS]),
    ("client secrets", &SECRETS, &[&END_SECRETS]),
    ("registration access tokens", &REGISTERED, &[&LOCK]),
    ("initial access tokens", &INITIAL, &[&END_INITIAL]),
];

impl Store {
    /// Ends everything that was given out; how much of each kind. `all`: also what users and
    /// developers made for their programs. The event is written last: without it, it was cut
    /// short, and is done again.
    pub async fn begin_epoch(
        &self,
        all: bool,
        mut event: Event,
    ) -> Result<Vec<(&'static str, usize)>> {
        let mut ended = Vec::new();
        for ending in ALWAYS.iter().chain(BY_CHOICE.iter().filter(|_| all)) {
            ended.push((ending.0, self.end_pages(ending, event.at).await?));
        }
        let told = ended.iter().map(|(what, rows)| format!("{rows} {what}"));
        event.detail = told.collect::<Vec<_>>().join(", ");
        let batch = Batch::new()
            .run(&DROP_RECOVERY_CODES, [])
            .run(&DROP_LINKS, crate::params![event.at])
            .run(&DROP_MAILED_LINKS, crate::params![event.at]);
        self.must_apply(batch.audit(event)).await?;
        Ok(ended)
    }

    async fn end_pages(&self, (_, page, steps): &Ending, at: Timestamp) -> Result<usize> {
        let (mut ended, mut after) = (0, 0);
        loop {
            let params = crate::params![after, PAGE as i64];
            let found = self.engine.scan(page, &params, |row| row.int(0)).await?;
            let Some(last) = found.last().copied() else {
                return Ok(ended);
            };
            let add = |batch: Batch, step: &&'static Statement| {
                batch.run(step, crate::params![after, last, at])
            };
            match self.apply(steps.iter().fold(Batch::new(), add)).await? {
                Applied::Done(returned) => ended += returned.last().map_or(0, Vec::len),
                Applied::Unmet(_) => return Err(Error::Corrupt("a page that is not there".into())),
            }
            after = last;
        }
    }
}
