//! Passkeys, and the challenges that they have answered.

use crate::{
    Store,
    audit::Event,
    engine::Batch,
    error::Result,
    factors::{Keep, STRAY_RECOVERY},
    recovery::NewRecoveryCode,
    statement::statements,
    value::Row,
};
use grantor_protocol::{secret::Digest, time::Timestamp};
use std::fmt;

statements! {
    OF_USER = "SELECT id, user_id, credential, algorithm, public_key, sign_count, syncs, synced, name, created_at, last_used_at
        FROM passkeys WHERE user_id = ?1 ORDER BY id";
    BY_CREDENTIAL = "SELECT id, user_id, credential, algorithm, public_key, sign_count, syncs, synced, name, created_at, last_used_at
        FROM passkeys WHERE credential = ?1";
    ADD = "INSERT INTO passkeys (id, user_id, credential, algorithm, public_key, sign_count, syncs, synced, name, created_at)
        SELECT ?1, u.id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM users u WHERE u.id = ?2 AND u.disabled_at IS NULL
            AND (SELECT COUNT(*) FROM passkeys WHERE user_id = ?2) < ?11
        ON CONFLICT (credential) DO NOTHING";
    ANSWER = "INSERT INTO challenges (id, digest, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING";
    /// A counter that does not go up is of a copy; where there is none it stays at nought
    /// (Web Authentication Level 3 §7.2).
    USE = "UPDATE passkeys SET sign_count = ?2, synced = ?3, last_used_at = ?4
        WHERE id = ?1 AND (sign_count < ?2 OR (sign_count = 0 AND ?2 = 0))";
    RENAME = "UPDATE passkeys SET name = ?3 WHERE id = ?1 AND user_id = ?2";
    REMOVE = "DELETE FROM passkeys WHERE id = ?1 AND user_id = ?2 AND (CAST(?3 AS BIGINT) = 0
        OR EXISTS (SELECT 1 FROM passkeys other WHERE other.user_id = ?2 AND other.id <> ?1)
        OR (CAST(?3 AS BIGINT) = 1 AND EXISTS (SELECT 1 FROM totp WHERE user_id = ?2)))";
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: i64,
    pub user: i64,
    /// What the authenticator calls it.
    pub credential: Vec<u8>,
    pub key: PublicKey,
    pub sign_count: i64,
    /// Whether it may be copied to other devices, and whether it was when last seen.
    pub syncs: bool,
    pub synced: bool,
    pub name: String,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// As COSE names it.
    pub algorithm: i64,
    pub bytes: Vec<u8>,
}

/// A challenge that is being answered, or a form: of its many answers one counts.
#[derive(Clone)]
pub struct Answered {
    /// The new row's.
    pub id: i64,
    pub digest: Digest,
    pub expires: Timestamp,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered").finish_non_exhaustive()
    }
}

/// What a passkey said of itself when it was used.
pub struct Use {
    pub passkey: i64,
    pub sign_count: i64,
    pub synced: bool,
}

fn read_passkey(row: &Row<'_>) -> Result<Passkey> {
    Ok(Passkey {
        id: row.int(0)?,
        user: row.int(1)?,
        credential: row.blob(2)?,
        key: PublicKey {
            algorithm: row.int(3)?,
            bytes: row.blob(4)?,
        },
        sign_count: row.int(5)?,
        syncs: row.int(6)? != 0,
        synced: row.int(7)? != 0,
        name: row.text(8)?,
        created: row.time(9)?,
        last_used: row.opt_time(10)?,
    })
}

impl Batch {
    fn answer(self, challenge: &Answered) -> Self {
        let params = crate::params![challenge.id, challenge.digest, challenge.expires];
        self.expect_one(&ANSWER, params)
    }

    /// Does it by a form that is good for one use: the batch is refused as
    /// [`Error::FormUsed`](crate::Error::FormUsed) when it was sent before.
    pub(crate) fn by_form(mut self, form: Option<&Answered>) -> Self {
        if let Some(form) = form.filter(|_| self.by_form.is_none()) {
            let own = Self::new().answer(form).steps;
            self.mails.iter_mut().for_each(|at| *at += own.len());
            self.by_form = Some(self.guards);
            self.steps.splice(self.guards..self.guards, own);
            self.guards += 1;
        }
        self
    }
}

impl Store {
    pub async fn passkeys_of(&self, user: i64) -> Result<Vec<Passkey>> {
        let params = crate::params![user];
        self.engine.read(&OF_USER, &params, read_passkey).await
    }

    pub async fn passkey(&self, credential: &[u8]) -> Result<Option<Passkey>> {
        let params = crate::params![credential.to_vec()];
        let found = self.engine.read(&BY_CREDENTIAL, &params, read_passkey);
        Ok(found.await?.into_iter().next())
    }

    /// `false`: the challenge was answered before, the passkey is known, she has `limit` of
    /// them or is not active.
    pub async fn add_passkey(
        &self,
        new: &Passkey,
        (challenge, recovery): (&Answered, &[NewRecoveryCode]),
        limit: i64,
        event: Event,
    ) -> Result<bool> {
        let params = crate::params![
            new.id,
            new.user,
            new.credential.clone(),
            new.key.algorithm,
            new.key.bytes.clone(),
            new.sign_count,
            i64::from(new.syncs),
            i64::from(new.synced),
            &new.name,
            event.at,
            limit
        ];
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![new.user])
            .answer(challenge)
            .expect_one(&ADD, params)
            .needs_factors()
            .set_recovery_codes(new.user, recovery, event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// `false`: the challenge was answered before, the passkey is gone, or its counter says
    /// that it is a copy.
    pub async fn use_passkey(
        &self,
        used: &Use,
        challenge: &Answered,
        now: Timestamp,
    ) -> Result<bool> {
        let params = crate::params![used.passkey, used.sign_count, i64::from(used.synced), now];
        let batch = Batch::new().answer(challenge).expect_one(&USE, params);
        Ok(self.apply(batch).await?.is_done())
    }

    /// `false`: it is not hers.
    pub async fn rename_passkey(
        &self,
        id: i64,
        user: i64,
        name: &str,
        event: Event,
    ) -> Result<bool> {
        let batch = Batch::new().expect_one(&RENAME, crate::params![id, user, name]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// `false`: it is not hers, or nothing would be left of what `keep` asks for.
    pub async fn remove_passkey(
        &self,
        id: i64,
        user: i64,
        keep: Keep,
        event: Event,
    ) -> Result<bool> {
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![user])
            .expect_one(&REMOVE, crate::params![id, user, keep.number()])
            .run(STRAY_RECOVERY, crate::params![user]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}
