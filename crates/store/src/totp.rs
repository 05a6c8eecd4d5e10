//! The authenticator app of a user: one, whose codes each work once.

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
use grantor_protocol::time::Timestamp;

statements! {
    FIND = "SELECT sealed, last_step, created_at, last_used_at FROM totp WHERE user_id = ?1";
    ADD = "INSERT INTO totp (user_id, sealed, last_step, created_at)
        SELECT id, ?2, ?3, ?4 FROM users WHERE id = ?1 AND disabled_at IS NULL
        ON CONFLICT (user_id) DO NOTHING";
    /// Of two who bring the same code one is the first.
    USE = "UPDATE totp SET last_step = ?2, last_used_at = ?3 WHERE user_id = ?1 AND last_step < ?2";
    REMOVE = "DELETE FROM totp WHERE user_id = ?1
        AND (CAST(?2 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = ?1))";
}

#[derive(Clone)]
pub struct Totp {
    /// Encrypted: see `NewTotp`.
    pub sealed: Vec<u8>,
    pub last_step: i64,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
}

/// An authenticator app that has shown that it works.
pub struct NewTotp {
    pub user: i64,
    /// The secret, encrypted by the caller.
    pub sealed: Vec<u8>,
    /// The step of the code that was shown.
    pub step: i64,
    /// What to write down, for a user who has nothing of the kind.
    pub recovery: Vec<NewRecoveryCode>,
}

impl Store {
    pub async fn totp_of(&self, user: i64) -> Result<Option<Totp>> {
        let read = |row: &Row<'_>| {
            Ok(Totp {
                sealed: row.blob(0)?,
                last_step: row.int(1)?,
                created: row.time(2)?,
                last_used: row.opt_time(3)?,
            })
        };
        let found = self.engine.read(&FIND, &crate::params![user], read).await?;
        Ok(found.into_iter().next())
    }

    /// `false`: she has one already, or is not active.
    pub async fn add_totp(&self, new: &NewTotp, event: Event) -> Result<bool> {
        let params = crate::params![new.user, new.sealed.clone(), new.step, event.at];
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![new.user])
            .expect_one(&ADD, params)
            .needs_factors()
            .set_recovery_codes(new.user, &new.recovery, event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Uses up the code of this step, and of all before it. `false`: it was used already.
    pub async fn use_totp(&self, user: i64, step: i64, now: Timestamp) -> Result<bool> {
        let batch = Batch::new().expect_one(&USE, crate::params![user, step, now]);
        Ok(self.apply(batch).await?.is_done())
    }

    /// `false`: there is none, or nothing would be left of what `keep` asks for.
    pub async fn remove_totp(&self, user: i64, keep: Keep, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![user])
            .expect_one(&REMOVE, crate::params![user, keep.number()])
            .run(STRAY_RECOVERY, crate::params![user]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}
