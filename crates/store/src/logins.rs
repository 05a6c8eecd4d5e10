//! Logins: which apps a session has logged its user in to, and, once the session has
//! ended, which of them are still to be told (OpenID Connect Back-Channel Logout).

use crate::{
    Store,
    engine::{Applied, Batch},
    error::Result,
    statement::statements,
    value::Row,
};
use grantor_protocol::{
    authorize::Approved,
    scope,
    time::{Millis, Timestamp},
};

statements! {
    ADD = "INSERT INTO logins (session_id, app_id, user_id, at)
        SELECT s.id, ?2, s.user_id, ?3 FROM sessions s WHERE s.id = ?1 AND s.ended_at IS NULL
        ON CONFLICT (session_id, app_id) DO NOTHING";
    /// Known, and nothing that it hangs from has ended.
    KNOWN = "SELECT 1 FROM logins l JOIN sessions s ON s.id = l.session_id JOIN grants g ON g.id = ?3
            JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE l.session_id = ?1 AND l.app_id = ?2 AND s.ended_at IS NULL AND g.ended_at IS NULL
            AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL";
    /// Writes nothing new, but keeps it from ending before the batch is through.
    STILL_APPROVED = "UPDATE grants SET approved_at = approved_at WHERE id = ?1 AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM users u JOIN app_standing a ON a.id = grants.app_id
            WHERE u.id = grants.user_id AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL)";
    OF_SESSION = "SELECT app_id FROM logins WHERE session_id = ?1 ORDER BY at, app_id";
    OF_USER = "SELECT l.session_id, l.app_id FROM sessions s JOIN logins l ON l.session_id = s.id
        WHERE s.user_id = ?1 AND s.ended_at IS NULL ORDER BY l.at, l.app_id";
    /// In turns: the longest waiting of each app, then the second of each.
    DUE = "SELECT session_id, app_id, user_id, notify_at, attempts FROM (
            SELECT session_id, app_id, user_id, notify_at, attempts,
                ROW_NUMBER() OVER (PARTITION BY app_id ORDER BY notify_at) AS turn
            FROM logins WHERE notify_at <= ?1 AND notify_at IS NOT NULL) AS due
        ORDER BY turn, notify_at LIMIT ?2";
    CLAIM = "UPDATE logins SET notify_at = ?4, attempts = attempts + 1
        WHERE session_id = ?1 AND app_id = ?2 AND notify_at = ?3";
    FORGET = "DELETE FROM logins WHERE session_id = ?1 AND app_id = ?2 AND notify_at IS NOT NULL";
}

/// An app that is to be told of the end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub session: i64,
    pub app: i64,
    pub user: i64,
    /// How often it was tried, this time not counted.
    pub attempts: u32,
    due: Timestamp,
}

impl Notice {
    /// After how many attempts, spread over a day, the app is given up.
    pub const ATTEMPTS: u32 = 29;

    /// How long after this attempt the next one is due: 10 s, 40 s, … an hour.
    pub fn patience(&self) -> Millis {
        let grown = Millis::seconds(10).0 << (2 * self.attempts.min(5));
        Millis(grown.min(Millis::hours(1).0))
    }
}

impl Batch {
    /// Remembers which app a session logs its user in to, if that is what was approved.
    pub(crate) fn note_login(self, approved: &Approved, now: Timestamp) -> Self {
        let is_login = approved.request.scopes.contains(scope::OPENID);
        let params = crate::params![approved.login.session, approved.request.app, now];
        self.when(is_login, |batch| batch.run(&ADD, params))
    }
}

impl Store {
    /// Remembers a login that comes with no code, under an approval that was remembered
    /// (`grant`), for a session that still lives. `false`: the approval ended meanwhile.
    pub async fn add_login(&self, approved: &Approved, grant: i64, now: Timestamp) -> Result<bool> {
        let (session, app) = (approved.login.session, approved.request.app);
        let params = crate::params![session, app, grant];
        let known = self.engine.read(&KNOWN, &params, |row| row.int(0)).await?;
        if !known.is_empty() {
            return Ok(true);
        }
        let batch = Batch::new()
            .expect_one(&STILL_APPROVED, crate::params![grant])
            .note_login(approved, now);
        Ok(self
            .apply(batch.acting_aside(Some(session)))
            .await?
            .is_done())
    }

    /// The apps that a session has logged its user in to, in that order.
    pub async fn logins_of(&self, session: i64) -> Result<Vec<i64>> {
        self.engine
            .read(&OF_SESSION, &crate::params![session], |row| row.int(0))
            .await
    }

    /// The same of every session of a user that has not ended: (session, app).
    pub async fn logins_of_user(&self, user: i64) -> Result<Vec<(i64, i64)>> {
        let read = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?));
        self.engine
            .scan(&OF_USER, &crate::params![user], read)
            .await
    }

    /// Who is to be told by now, the longest waiting first, but no app before the turn of
    /// another.
    pub async fn due_notices(&self, now: Timestamp, limit: i64) -> Result<Vec<Notice>> {
        let read = |row: &Row<'_>| {
            Ok(Notice {
                session: row.int(0)?,
                app: row.int(1)?,
                user: row.int(2)?,
                due: row.time(3)?,
                attempts: u32::try_from(row.int(4)?).unwrap_or(u32::MAX),
            })
        };
        self.engine
            .read(&DUE, &crate::params![now, limit], read)
            .await
    }

    /// Takes a notice for one attempt; should nothing come of it, it is due again later.
    /// `false`: another node has it.
    pub async fn claim_notice(&self, notice: &Notice, now: Timestamp) -> Result<bool> {
        let again = now + notice.patience();
        let params = crate::params![notice.session, notice.app, notice.due, again];
        let batch = Batch::new().expect_one(&CLAIM, params);
        Ok(matches!(self.apply(batch).await?, Applied::Done(_)))
    }

    /// The app was told, or never will be.
    pub async fn forget_notice(&self, notice: &Notice) -> Result<()> {
        let params = crate::params![notice.session, notice.app];
        self.must_apply(Batch::new().run(&FORGET, params)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_given_up_after_a_day() {
        let waits = (0..Notice::ATTEMPTS).map(|attempts| {
            let (session, app, user, due) = (1, 2, 3, Timestamp(0));
            let notice = Notice {
                session,
                app,
                user,
                attempts,
                due,
            };
            notice.patience().as_seconds()
        });
        let waits: Vec<_> = waits.collect();
        assert_eq!(waits[..6], [10, 40, 160, 640, 2560, 3600]);
        let total: i64 = waits.iter().sum();
        assert!((86_400..90_000).contains(&total), "{total}");
    }
}
