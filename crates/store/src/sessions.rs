//! Sessions: a browser's login.

use crate::{
    Store,
    audit::Event,
    changes::ChangeKind,
    engine::{Batch, Step},
    error::Result,
    statement::statements,
    usage::Used,
    value::{Row, Value},
};
use grantor_protocol::{openid::login::Level, secret::Digest, time::Timestamp};
use std::sync::Arc;

statements! {
    FIND = "SELECT s.id, s.digest, s.user_id, s.auth_time, s.created_at, s.seen_at, s.expires_at, s.address, s.user_agent, s.level
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = ?1 AND s.ended_at IS NULL AND u.disabled_at IS NULL";
    OF_USER = "SELECT id, digest, user_id, auth_time, created_at, seen_at, expires_at, address, user_agent, level
        FROM sessions WHERE user_id = ?1 AND ended_at IS NULL AND expires_at > ?2 ORDER BY seen_at DESC";
    ADD = "INSERT INTO sessions (id, digest, user_id, auth_time, created_at, seen_at, expires_at, address, user_agent, level)
        SELECT ?1, ?2, u.id, ?10, ?4, ?4, ?5, ?6, ?7, ?9 FROM users u
        WHERE u.id = ?3 AND u.disabled_at IS NULL AND COALESCE(u.password, '') = COALESCE(?8, u.password, '')";
    /// Refused as ADD is; and when the session has ended.
    RENEW = "UPDATE sessions SET digest = ?2, auth_time = ?10, seen_at = ?4, expires_at = ?5, address = ?6, user_agent = ?7, level = ?9
        WHERE id = ?1 AND user_id = ?3 AND ended_at IS NULL
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = ?3
                AND u.disabled_at IS NULL AND COALESCE(u.password, '') = COALESCE(?8, u.password, ''))";
    /// Of this user's live sessions: all, or only ?4, or all but ?5. One line in the feed
    /// for each.
    TELL = "INSERT INTO changes (at, kind, id) SELECT ?2, ?3, id FROM sessions
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?4, id) AND id <> COALESCE(CAST(?5 AS BIGINT), 0) RETURNING id";
    /// The apps that these sessions have logged her in to are to be told.
    NOTIFY = "UPDATE logins SET notify_at = ?2 WHERE session_id IN (SELECT id FROM sessions
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?3, id) AND id <> COALESCE(CAST(?4 AS BIGINT), 0))";
    END = "UPDATE sessions SET ended_at = ?2
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?3, id) AND id <> COALESCE(CAST(?4 AS BIGINT), 0)";
    /// Whoever ends a session holds its user first. Then nobody ends this one before the
    /// batch is through, if it still lives.
    HOLD = "UPDATE users SET turn = turn WHERE id = (SELECT user_id FROM sessions WHERE id = ?1)";
    LIVES = "SELECT 1 FROM sessions WHERE id = ?1 AND ended_at IS NULL /*: FOR SHARE :*/";
    /// Whoever lists a user's sessions, to end them, waits for what is under way in them.
    WAIT = "UPDATE sessions SET seen_at = seen_at
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?2, id) AND id <> COALESCE(CAST(?3 AS BIGINT), 0)";
}

#[derive(Clone)]
pub struct Session {
    pub id: i64,
    pub digest: Digest,
    pub user: i64,
    /// When the user last proved who she is.
    pub auth_time: Timestamp,
    /// How.
    pub level: Level,
    pub created: Timestamp,
    pub seen: Timestamp,
    /// The absolute end.
    pub expires: Timestamp,
    pub address: String,
    pub user_agent: String,
}

/// A session to be: its text goes into the cookie.
pub struct NewSession {
    pub id: i64,
    pub digest: Digest,
    pub user: i64,
    pub expires: Timestamp,
    pub address: String,
    pub user_agent: String,
    pub level: Level,
    pub auth_time: Timestamp,
    /// The hash that the user's password was proved against: a login that was under
    /// way while the password changed must not outlive it. `None`: nothing was proved.
    pub proved: Option<String>,
    /// The session (and its user) that this one takes the place of in the browser.
    pub replaces: Option<(i64, i64)>,
}

/// Which of a user's sessions end.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// This one, or the batch is refused.
    This(i64),
    /// This one, if it is hers and has not ended yet.
    Former(i64),
    AllBut(i64),
    All,
}

/// That a session lives: the first steps of what is done on its behalf, of which the last
/// fails when it does not. What writes to the user herself holds her before her session, as
/// those do who end it.
pub(crate) fn still_lives(session: i64, holds_user: bool) -> Vec<Step> {
    let hold = holds_user.then_some((&HOLD, None));
    let steps = hold.into_iter().chain([(&LIVES, Some(1))]);
    let step = |(statement, rows)| Step {
        statement,
        params: crate::params![session].to_vec(),
        rows,
        tells: None,
    };
    steps.map(step).collect()
}

impl Batch {
    /// Ends sessions of a user: every node learns of each, and the apps that they logged
    /// her in to are to be told.
    pub(crate) fn end_sessions(self, user: i64, which: Which, at: Timestamp) -> Self {
        let (only, but) = match which {
            Which::This(id) | Which::Former(id) => (Some(id), None),
            Which::AllBut(id) => (None, Some(id)),
            Which::All => (None, None),
        };
        let one = matches!(which, Which::This(_)).then_some(1);
        let kind = ChangeKind::Session;
        let told = crate::params![user, at, kind.as_str(), only, but];
        let params = crate::params![user, at, only, but];
        self.run(crate::users::HOLD, crate::params![user])
            .run(&WAIT, crate::params![user, only, but])
            .tell((&TELL, told.to_vec()), one, (kind, at))
            .run(&NOTIFY, params.clone())
            .run(&END, params)
    }

    /// Adds a session, if its user is active and has the password that was proved.
    pub(crate) fn start_session(self, session: &NewSession, now: Timestamp) -> Self {
        self.run(crate::users::HOLD, crate::params![session.user])
            .expect_one(&ADD, params_of(session, now))
            .note_place(session, now)
    }
}

fn params_of(session: &NewSession, now: Timestamp) -> [Value; 10] {
    crate::params![
        session.id,
        session.digest,
        session.user,
        now,
        session.expires,
        &session.address,
        &session.user_agent,
        session.proved.clone(),
        session.level.name(),
        session.auth_time
    ]
}

fn read_session(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.int(0)?,
        digest: row.digest(1)?,
        user: row.int(2)?,
        auth_time: row.time(3)?,
        created: row.time(4)?,
        seen: row.time(5)?,
        expires: row.time(6)?,
        address: row.text(7)?,
        user_agent: row.text(8)?,
        level: row.level(9)?,
    })
}

impl Store {
    /// A session that has not ended, of a user who is active, whose whole digest
    /// matches. Its idle and absolute limits are the caller's to judge.
    pub async fn session(&self, id: i64, digest: &Digest) -> Result<Option<Arc<Session>>> {
        let moment = self.memory.sessions.moment();
        let found = self
            .engine
            .read(&FIND, &crate::params![id], read_session)
            .await?
            .pop()
            .map(Arc::new);
        match &found {
            Some(session) => self.memory.sessions.keep(id, session, moment),
            None => self.memory.sessions.forget(id),
        }
        Ok(found.filter(|session| session.digest.proves(digest)))
    }

    /// The same as it was when this node last read it: only for what proves it by a write
    /// ([`Store::add_code_by_memory`]).
    pub fn recall_session(&self, id: i64, digest: &Digest) -> Option<Arc<Session>> {
        let known = self.memory.sessions.get(id);
        known.filter(|session| session.digest.proves(digest))
    }

    pub async fn sessions_of(&self, user: i64, now: Timestamp) -> Result<Vec<Session>> {
        let mut sessions = self
            .engine
            .read(&OF_USER, &crate::params![user, now], read_session)
            .await?;
        for session in &mut sessions {
            let noted = self.usage.noted(Used::Session(session.id));
            session.seen = noted.map_or(session.seen, |noted| noted.max(session.seen));
        }
        Ok(sessions)
    }

    /// `false`: the user is not active, or her password is not what was proved.
    pub async fn add_session(&self, session: &NewSession, event: Event) -> Result<bool> {
        let batch = Batch::new().start_session(session, event.at);
        let batch = match session.replaces {
            Some((id, user)) => batch.end_sessions(user, Which::Former(id), event.at),
            None => batch,
        };
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Her session goes on with a new secret, from a new proof: what hangs from it stays,
    /// and apps know it by the same name. `false`: as [`Self::add_session`], or it has ended.
    pub async fn renew_session(&self, session: &NewSession, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![session.user])
            .expect_one(&RENEW, params_of(session, event.at))
            .note_place(session, event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// `false`: it is not this user's, or ended already.
    pub async fn end_session(&self, id: i64, user: i64, event: Event) -> Result<bool> {
        let batch = Batch::new().end_sessions(user, Which::This(id), event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    pub async fn end_all_sessions(&self, user: i64, event: Event) -> Result<()> {
        let batch = Batch::new().end_sessions(user, Which::All, event.at);
        self.must_apply(batch.audit(event)).await
    }

    pub async fn end_other_sessions(&self, keep: i64, user: i64, event: Event) -> Result<()> {
        let batch = Batch::new().end_sessions(user, Which::AllBut(keep), event.at);
        self.must_apply(batch.audit(event)).await
    }
}
