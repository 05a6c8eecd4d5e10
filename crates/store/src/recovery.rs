//! Recovery codes: written down by the user, kept as digests, each used once.

use crate::{Store, audit::Event, engine::Batch, error::Result, statement::statements};
use grantor_protocol::{secret::Digest, time::Timestamp};

statements! {
    FORGET = "DELETE FROM recovery_codes WHERE user_id = ?1";
    ADD = "INSERT INTO recovery_codes (id, user_id, digest, created_at) VALUES (?1, ?2, ?3, ?4)";
    USE = "UPDATE recovery_codes SET used_at = ?3 WHERE user_id = ?1 AND digest = ?2 AND used_at IS NULL";
}

/// A code to be: its text stays with the caller.
pub struct NewRecoveryCode {
    pub id: i64,
    /// Of the user and the text.
    pub digest: Digest,
}

impl Batch {
    /// In the place of all that she has; with an empty list they stay.
    pub(crate) fn set_recovery_codes(
        self,
        user: i64,
        codes: &[NewRecoveryCode],
        at: Timestamp,
    ) -> Self {
        if codes.is_empty() {
            return self;
        }
        let batch = self.run(&FORGET, crate::params![user]);
        codes.iter().fold(batch, |batch, code| {
            batch.expect_one(&ADD, crate::params![code.id, user, code.digest, at])
        })
    }
}

impl Store {
    pub async fn set_recovery_codes(
        &self,
        user: i64,
        codes: &[NewRecoveryCode],
        event: Event,
    ) -> Result<()> {
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![user])
            .set_recovery_codes(user, codes, event.at);
        self.must_apply(batch.audit(event)).await
    }

    /// Exactly one caller uses a code. `false`: it is not hers, or was used before.
    pub async fn use_recovery_code(&self, user: i64, digest: Digest, event: Event) -> Result<bool> {
        let batch = Batch::new().expect_one(&USE, crate::params![user, digest, event.at]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}
