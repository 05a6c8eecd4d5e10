//! Grants: what users allowed, and the end of it.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::{Error, Result},
    sessions::Session,
    statement::statements,
    usage::Used,
    value::{Row, Value},
};
use grantor_protocol::{
    authorize::{Approval, Approved},
    scope::{self, ScopeSet},
    secret::Digest,
    time::Timestamp,
};
use std::sync::Arc;

statements! {
    LIVE = "SELECT g.id, g.scopes, g.approved_at FROM grants g JOIN apps a ON a.id = g.app_id
        WHERE g.user_id = ?1 AND g.app_id = ?2 AND g.ended_at IS NULL AND a.deleted_at IS NULL";
    OF_USER = "SELECT g.id, g.app_id, g.scopes, g.created_at, g.approved_at, g.last_used_at
        FROM grants g JOIN apps a ON a.id = g.app_id
        WHERE g.user_id = ?1 AND g.ended_at IS NULL AND a.deleted_at IS NULL ORDER BY g.id DESC";
    CONNECTIONS = "SELECT COUNT(*) FROM (SELECT id FROM grants WHERE app_id = ?1 AND ended_at IS NULL LIMIT 10000) AS live";
    APPROVE = "INSERT INTO grants (id, user_id, app_id, scopes, created_at, approved_at)
        SELECT ?1, u.id, a.id, ?4, ?5, ?5 FROM users u, app_standing a
        WHERE u.id = ?2 AND u.disabled_at IS NULL
            AND a.id = ?3 AND a.suspended_at IS NULL AND a.deleted_at IS NULL
        ON CONFLICT (user_id, app_id) WHERE ended_at IS NULL
        DO UPDATE SET scopes = ?6, approved_at = excluded.approved_at
        RETURNING id";
    /// Refused when the grant, the user or the app ended meanwhile; where a session is
    /// given (?16), when it did; and where an app is (?17), unless that session is known to
    /// have logged its user in to it. What was only remembered must still be so: the secret
    /// of the session (?18), and when the user last approved (?19).
    ADD_CODE = "INSERT INTO codes (id, digest, grant_id, user_id, app_id, redirect_uri, challenge, scopes, expires_at,
            session_id, auth_time, level, nonce, id_claims, info_claims)
        SELECT ?1, ?2, g.id, g.user_id, g.app_id, ?5, ?6, ?7, ?8, ?10, ?11, ?12, ?13, ?14, ?15 FROM grants g
        JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.user_id = ?3 AND g.app_id = ?4 AND g.ended_at IS NULL AND g.id = COALESCE(?9, g.id)
            AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL
            AND g.approved_at = COALESCE(CAST(?19 AS BIGINT), g.approved_at)
            AND (CAST(?16 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM sessions s
                WHERE s.id = ?16 AND s.ended_at IS NULL AND s.digest = COALESCE(?18, s.digest)))
            AND (CAST(?17 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM logins l WHERE l.session_id = ?16 AND l.app_id = ?17))";
    END = "UPDATE grants SET ended_at = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL";
}

/// An approval as its user reads it.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: i64,
    pub app: i64,
    pub scopes: ScopeSet,
    pub created: Timestamp,
    pub approved: Timestamp,
    pub last_used: Option<Timestamp>,
}

/// A code to be: its text stays with the caller.
pub struct NewCode {
    pub id: i64,
    pub digest: Digest,
    pub expires: Timestamp,
}

/// What an answer relies on that was only remembered.
pub struct Recalled<'a> {
    pub session: &'a Session,
    pub approval: &'a Approval,
}

/// Ids for what an approval may create.
pub struct Approve<'a> {
    pub approved: &'a Approved,
    /// The new grant's id, should there be none.
    pub grant: i64,
    /// All that the user allows from now on, should there be a grant: a new one
    /// begins with what was asked.
    pub scopes: &'a ScopeSet,
    /// `None`: the implicit flow.
    pub code: Option<NewCode>,
}

impl Store {
    /// What `user` allows `app` now.
    pub async fn approval(&self, user: i64, app: i64) -> Result<Option<Arc<Approval>>> {
        let moment = self.memory.approvals.moment();
        let read = |row: &Row<'_>| {
            Ok(Approval {
                grant: row.int(0)?,
                scopes: row.scopes(1)?,
                approved: row.time(2)?,
            })
        };
        let found = self
            .engine
            .read(&LIVE, &crate::params![user, app], read)
            .await?
            .pop()
            .map(Arc::new);
        match &found {
            Some(approval) => self.memory.approvals.keep((user, app), approval, moment),
            None => self.memory.approvals.forget((user, app)),
        }
        Ok(found)
    }

    /// The same as it was when this node last read it: only for what proves it by a write
    /// ([`Store::add_code_by_memory`]).
    pub fn recall_approval(&self, user: i64, app: i64) -> Option<Arc<Approval>> {
        self.memory.approvals.get((user, app))
    }

    pub async fn grants_of(&self, user: i64) -> Result<Vec<Grant>> {
        let read = |row: &Row<'_>| {
            Ok(Grant {
                id: row.int(0)?,
                app: row.int(1)?,
                scopes: row.scopes(2)?,
                created: row.time(3)?,
                approved: row.time(4)?,
                last_used: row.opt_time(5)?,
            })
        };
        let mut grants = self
            .engine
            .scan(&OF_USER, &crate::params![user], read)
            .await?;
        for grant in &mut grants {
            grant.last_used = grant.last_used.max(self.usage.noted(Used::Grant(grant.id)));
        }
        Ok(grants)
    }

    /// How many users have an app connected; counted up to 10,000.
    pub async fn connections_of(&self, app: i64) -> Result<u64> {
        let counts = self
            .engine
            .scan(&CONNECTIONS, &crate::params![app], |row| row.int(0))
            .await?;
        Ok(counts.first().map_or(0, |count| count.unsigned_abs()))
    }

    /// Stores what the user approved: the grant and the code in one batch; the
    /// grant's id. `None`: user or app ended meanwhile.
    pub async fn approve(&self, step: &Approve<'_>, event: Event) -> Result<Option<i64>> {
        let approved = step.approved;
        let params = crate::params![
            step.grant,
            approved.user,
            approved.request.app,
            &approved.request.scopes,
            event.at,
            step.scopes
        ];
        // First, for what nobody has approved yet may be swept at this moment.
        let batch = Batch::new()
            .app_is_used(approved.request.app)
            .expect_one(&APPROVE, params);
        let batch = match &step.code {
            Some(code) => batch.expect_one(&ADD_CODE, code_params(approved, code, None, None)),
            None => batch,
        };
        let batch = batch
            .note_login(approved, event.at)
            .acting_aside(event.actor.session);
        match self.apply(batch.audit(event)).await? {
            Applied::Done(returned) => match returned.concat().first() {
                Some(grant) => Ok(Some(*grant)),
                None => Err(Error::Corrupt("an approval without an id".into())),
            },
            Applied::Unmet(_) => Ok(None),
        }
    }

    /// Stores a code under an approval that was remembered, for the user of `session`.
    /// `false`: the approval ended meanwhile.
    pub async fn add_code(
        &self,
        approved: &Approved,
        code: &NewCode,
        session: Option<i64>,
        now: Timestamp,
    ) -> Result<bool> {
        // All that there is to do, most of the time: one statement, which holds nothing that
        // others wait for. Who ends the session looks for logins, and finds this one.
        let at_once = code_params(approved, code, session, None);
        let batch = Batch::new().expect_one(&ADD_CODE, at_once);
        if self.apply(batch).await?.is_done() {
            self.give_out(approved, code);
            return Ok(true);
        }
        let batch = Batch::new()
            .expect_one(&ADD_CODE, code_params(approved, code, None, None))
            .note_login(approved, now);
        Ok(self.apply(batch.acting_aside(session)).await?.is_done())
    }

    /// The same without having read anything: the one statement holds what was remembered
    /// against the database. `false`: not all of it is so any more, or more than a code has
    /// to be written; then read.
    pub async fn add_code_by_memory(
        &self,
        approved: &Approved,
        code: &NewCode,
        recalled: &Recalled<'_>,
    ) -> Result<bool> {
        let session = recalled.session.id;
        let params = code_params(approved, code, Some(session), Some(recalled));
        let batch = Batch::new().expect_one(&ADD_CODE, params);
        let is_done = self.apply(batch).await?.is_done();
        if is_done {
            self.give_out(approved, code);
        }
        Ok(is_done)
    }

    /// Ends a grant and all that hangs from it. `false`: it is not this user's, or
    /// ended already.
    pub async fn end_grant(&self, grant: i64, user: i64, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(&END, crate::params![grant, user, event.at])
            .change(Change::new(ChangeKind::Grant, grant, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}

/// `session`: the one that must live, and know the login that this is, if it is one.
fn code_params(
    approved: &Approved,
    code: &NewCode,
    session: Option<i64>,
    recalled: Option<&Recalled<'_>>,
) -> [Value; 19] {
    let (request, login) = (&approved.request, &approved.login);
    let is_login = request.scopes.contains(scope::OPENID);
    let known_to = session.filter(|_| is_login).map(|_| request.app);
    let challenge = request
        .challenge
        .as_ref()
        .map(|challenge| challenge.as_str());
    crate::params![
        code.id,
        code.digest,
        approved.user,
        request.app,
        request.return_to.uri().as_str(),
        challenge,
        &request.scopes,
        code.expires,
        approved.remembered,
        login.session,
        login.auth_time,
        login.level.name(),
        login.nonce.clone(),
        login.id_token,
        login.userinfo,
        session,
        known_to,
        recalled.map(|recalled| recalled.session.digest),
        recalled.map(|recalled| recalled.approval.approved)
    ]
}
