//! Codes: found by id, spent once.

use crate::{
    Store,
    engine::{Applied, Batch},
    error::{Error, Result},
    statement::statements,
    value::Row,
};
use grantor_protocol::{
    pkce::Challenge,
    redirect::RedirectUri,
    secret::Digest,
    time::Timestamp,
    token::{Effect, Issued, Standing, code::Code},
};

statements! {
    FIND = "SELECT c.digest, c.user_id, c.app_id, c.grant_id, c.redirect_uri, c.challenge, c.scopes,
            c.expires_at, c.used_at, COALESCE(g.ended_at, a.deleted_at), u.disabled_at
        FROM codes c JOIN grants g ON g.id = c.grant_id JOIN users u ON u.id = c.user_id JOIN apps a ON a.id = c.app_id
        WHERE c.id = ?1";
    SPEND = "UPDATE codes SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL";
    FOUND_FAMILY = "INSERT INTO families (id, grant_id, user_id, app_id, scopes, newest, rotations, created_at, idle_until)
        SELECT ?1, g.id, g.user_id, g.app_id, ?3, 0, '', ?4, ?5 FROM grants g
        JOIN users u ON u.id = g.user_id JOIN apps a ON a.id = g.app_id
        WHERE g.id = ?2 AND g.ended_at IS NULL AND u.disabled_at IS NULL
            AND a.suspended_at IS NULL AND a.deleted_at IS NULL";
}

/// How storing what was issued ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Done,
    /// Somebody else was first, or something ended: load and decide again.
    Lost,
}

impl Store {
    /// A code whose whole digest matches, and what it hangs from.
    pub async fn code(&self, id: i64, digest: &Digest) -> Result<Option<(Code, Standing)>> {
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
            };
            let standing = Standing {
                grant_ended: row.is_set(9)?,
                user_disabled: row.is_set(10)?,
            };
            Ok((row.digest(0)?, (code, standing)))
        };
        let found = self
            .engine
            .read(&FIND, &crate::params![id], read)
            .await?
            .pop();
        Ok(found
            .filter(|(stored, _)| stored.proves(digest))
            .map(|(_, code)| code))
    }

    /// Spends the code and founds its family, in one batch: exactly one caller
    /// gets [`Stored::Done`].
    pub async fn redeem(
        &self,
        issued: &Issued,
        idle_until: Timestamp,
        now: Timestamp,
    ) -> Result<Stored> {
        let Effect::Redeem { code } = issued.effect else {
            return Err(Error::Corrupt("only a code is redeemed".into()));
        };
        let batch = Batch::new()
            .expect_one(&SPEND, crate::params![code, now])
            .expect_one(
                &FOUND_FAMILY,
                crate::params![issued.family, issued.grant, &issued.scopes, now, idle_until],
            );
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => Stored::Done,
            Applied::Unmet(_) => Stored::Lost,
        })
    }
}
