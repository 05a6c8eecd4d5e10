//! What a user has set up beside her password, all in all; the ways themselves stand in
//! `totp.rs`, `recovery.rs` and `passkeys.rs`.

use crate::{
    Store,
    audit::Event,
    engine::Batch,
    error::Result,
    sessions::Which,
    statement::{Statement, statements},
};
use grantor_protocol::sign_in;

statements! {
    COUNT = "SELECT (SELECT COUNT(*) FROM totp WHERE user_id = ?1),
        (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1 AND used_at IS NULL),
        (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1)";
    DROP_TOTP = "DELETE FROM totp WHERE user_id = ?1";
    DROP_RECOVERY = "DELETE FROM recovery_codes WHERE user_id = ?1";
    DROP_PASSKEYS = "DELETE FROM passkeys WHERE user_id = ?1";
    /// Without another factor they are no use.
    DROP_STRAY_RECOVERY = "DELETE FROM recovery_codes WHERE user_id = ?1
        AND NOT EXISTS (SELECT 1 FROM totp WHERE user_id = ?1)
        AND NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = ?1)";
    /// A version that knows nothing of second factors would let a password alone in, and
    /// has no words for what a login proved.
    RAISE_FLOOR = "INSERT INTO floors (number, version) VALUES (?1, ?2) ON CONFLICT (number) DO NOTHING";
}

pub(crate) static STRAY_RECOVERY: &Statement = &DROP_STRAY_RECOVERY;

/// What forgets all that a user has set up.
pub(crate) const OF_USER: [&Statement; 3] = [&DROP_TOTP, &DROP_RECOVERY, &DROP_PASSKEYS];

/// The migration that brought second factors.
const FLOOR: i64 = 3;

/// How many of each a user has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    pub totp: bool,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
    pub passkeys: i64,
}

impl Factors {
    /// Those that a login can ask for.
    pub fn usable(&self) -> sign_in::Factors {
        sign_in::Factors {
            code: self.totp,
            recovery: self.recovery_codes > 0,
            passkey: self.passkeys > 0,
        }
    }
}

/// What has to be left when a factor is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Nothing,
    /// Another second factor.
    Any,
    Passkey,
}

impl Keep {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::Any => 1,
            Self::Passkey => 2,
        }
    }
}

impl Batch {
    /// From the first factor on, versions that know none must not go on.
    pub(crate) fn needs_factors(self) -> Self {
        let params = crate::params![FLOOR, env!("CARGO_PKG_VERSION")];
        self.run(&RAISE_FLOOR, params)
    }
}

impl Store {
    pub async fn factors_of(&self, user: i64) -> Result<Factors> {
        let read = |row: &crate::value::Row<'_>| {
            Ok(Factors {
                totp: row.int(0)? > 0,
                recovery_codes: row.int(1)?,
                passkeys: row.int(2)?,
            })
        };
        let found = self
            .engine
            .read(&COUNT, &crate::params![user], read)
            .await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// For somebody who has lost them: all her factors go but the password, and every
    /// session ends.
    pub async fn reset_factors(&self, user: i64, event: Event) -> Result<()> {
        let batch = Batch::new().run(crate::users::HOLD, crate::params![user]);
        let batch = OF_USER.into_iter().fold(batch, |batch, statement| {
            batch.run(statement, crate::params![user])
        });
        let batch = batch.end_sessions(user, Which::All, event.at);
        self.must_apply(batch.audit(event)).await
    }
}
