//! Codes: found by id, spent once.

use crate::{
    Store,
    engine::{Applied, Batch},
    error::{Error, Result},
    grants::NewCode,
    statement::statements,
    value::Row,
};
use grantor_protocol::{
    authorize::Approved,
    openid::login::Login,
    pkce::Challenge,
    redirect::RedirectUri,
    secret::Digest,
    time::Timestamp,
    token::{Effect, Issued, Standing, code::Code},
};
use std::sync::Arc;

statements! {
    FIND = "SELECT c.digest, c.user_id, c.app_id, c.grant_id, c.redirect_uri, c.challenge, c.scopes,
            c.expires_at, f.id, c.session_id, c.auth_time, c.level, c.id_claims, c.info_claims, c.nonce,
            COALESCE(g.ended_at, a.deleted_at), u.disabled_at, a.suspended_at,
            CASE WHEN s.id IS NULL OR s.expires_at <= ?2 THEN 0 ELSE s.ended_at END
        FROM codes c JOIN grants g ON g.id = c.grant_id JOIN users u ON u.id = c.user_id
            JOIN app_standing a ON a.id = c.app_id LEFT JOIN sessions s ON s.id = c.session_id
            LEFT JOIN families f ON f.id = c.id
        WHERE c.id = ?1";
    /// A code is spent by the family it founds, which has its id. Refused when there is one
    /// already, and when the grant, the user, the app or the session that all of it hangs
    /// from (?10, if there is one) ended meanwhile.
    FOUND_FAMILY = "INSERT INTO families (id, grant_id, user_id, app_id, scopes, newest, rotations, idle_until,
            session_id, auth_time, level, id_claims, info_claims, created_at)
        SELECT ?1, g.id, g.user_id, g.app_id, ?3, 0, '', ?4, ?5, ?6, ?7, ?8, ?9, ?11 FROM grants g
        JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.id = ?2 AND g.ended_at IS NULL AND u.disabled_at IS NULL
            AND a.suspended_at IS NULL AND a.deleted_at IS NULL
            AND (CAST(?10 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?10 AND s.ended_at IS NULL AND s.expires_at > ?11))
        ON CONFLICT (id) DO NOTHING";
}

/// A code that this node gave out, as its row has it.
#[derive(Clone)]
pub(crate) struct GivenOut {
    digest: Digest,
    code: Code,
}

/// How storing what was issued ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Done,
    /// Somebody else was first, or something ended: load and decide again.
    Lost,
}

impl Store {
    /// Remembers a code under a remembered approval until it is asked for.
    pub(crate) fn give_out(&self, approved: &Approved, new: &NewCode) {
        let Some(grant) = approved.remembered else {
            return;
        };
        let request = &approved.request;
        let code = Code {
            id: new.id,
            user: approved.user,
            app: request.app,
            grant,
            redirect_uri: request.return_to.uri().clone(),
            challenge: request.challenge.clone(),
            scopes: request.scopes.clone(),
            login: approved.login.clone(),
            expires: new.expires,
            used: false,
        };
        let moment = self.memory.codes.moment();
        let digest = new.digest;
        let given = Arc::new(GivenOut { digest, code });
        self.memory.codes.keep(new.id, &given, moment);
    }

    /// A code whose whole digest matches, and what it hangs from. One that this node gave
    /// out is not read the first time: its row never changes, and whether it is spent and
    /// what it hangs from stands, [`Self::redeem`] asks before anything comes of it.
    pub async fn code(
        &self,
        id: i64,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<(Code, Standing)>> {
        let given = self.memory.codes.take(id, |it| it.digest.proves(digest));
        if let Some(given) = given {
            let code = Arc::unwrap_or_clone(given).code;
            return Ok(Some((code, Standing::default())));
        }
        let read = |row: &Row<'_>| {
            let challenge = row.opt_text(5)?.map(|text| {
                Challenge::parse(&text).ok_or_else(|| Error::Corrupt("a code challenge".into()))
            });
            let code = Code {
                id,
                user: row.int(1)?,
                app: row.int(2)?,
                grant: row.int(3)?,
                redirect_uri: RedirectUri::from_registered(row.text(4)?),
                challenge: challenge.transpose()?,
                scopes: row.scopes(6)?,
                expires: row.time(7)?,
                used: row.is_set(8)?,
                login: Login {
                    nonce: row.opt_text(14)?,
                    ..row.login(9)?
                },
            };
            let standing = Standing {
                grant_ended: row.is_set(15)?,
                user_disabled: row.is_set(16)?,
                app_suspended: row.is_set(17)?,
                session_ended: row.is_set(18)?,
            };
            Ok((row.digest(0)?, (code, standing)))
        };
        let found = self
            .engine
            .read(&FIND, &crate::params![id, now], read)
            .await?
            .pop();
        Ok(found
            .filter(|(stored, _)| stored.proves(digest))
            .map(|(_, code)| code))
    }

    /// Spends the code by founding its family: exactly one caller gets [`Stored::Done`].
    pub async fn redeem(
        &self,
        issued: &Issued,
        idle_until: Timestamp,
        now: Timestamp,
    ) -> Result<Stored> {
        let Effect::Redeem { .. } = issued.effect else {
            return Err(Error::Corrupt("only a code is redeemed".into()));
        };
        let batch = Batch::new().expect_one(
            &FOUND_FAMILY,
            crate::params![
                issued.family,
                issued.grant,
                &issued.scopes,
                idle_until,
                issued.login.session,
                issued.login.auth_time,
                issued.login.level.name(),
                issued.login.id_token,
                issued.login.userinfo,
                issued.session,
                now
            ],
        );
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => Stored::Done,
            Applied::Unmet(_) => Stored::Lost,
        })
    }
}
