//! Links that work once.

use crate::{
    Store,
    audit::Event,
    engine::{Applied, Batch},
    error::Result,
    statement::statements,
    users::NewUser,
};
use grantor_protocol::{secret::Digest, time::Timestamp};

statements! {
    FIND = "SELECT digest FROM links WHERE id = ?1 AND purpose = ?2 AND used_at IS NULL AND expires_at > ?3
        AND NOT EXISTS (SELECT 1 FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL)";
    /// In the place of an older one.
    ADD = "INSERT INTO links (id, digest, purpose, expires_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (purpose) DO UPDATE SET id = excluded.id, digest = excluded.digest,
            expires_at = excluded.expires_at, used_at = NULL";
    USE = "UPDATE links SET used_at = ?2 WHERE id = ?1 AND purpose = ?3 AND used_at IS NULL AND expires_at > ?2
        AND NOT EXISTS (SELECT 1 FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL)";
}

const SET_UP: &str = "set-up";

/// How a set-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    Done,
    /// The link was used or has expired, or there is an administrator.
    Spent,
    /// The address has an account; the link still works.
    AddressTaken,
}

impl Store {
    /// Makes the one link by which the administrator is set up; an older one dies.
    pub async fn add_set_up_link(&self, id: i64, digest: Digest, expires: Timestamp) -> Result<()> {
        let params = crate::params![id, digest, SET_UP, expires];
        let batch = Batch::new().expect_one(&ADD, params);
        self.must_apply(batch).await
    }

    pub async fn set_up_link_works(
        &self,
        id: i64,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<bool> {
        let found = self
            .engine
            .read(&FIND, &crate::params![id, SET_UP, now], |row| row.digest(0))
            .await?;
        Ok(found.first().is_some_and(|stored| stored.proves(digest)))
    }

    /// Spends the link and makes the account, an administrator's, while there is no other
    /// administrator: exactly one caller gets [`SetUp::Done`].
    pub async fn set_up(&self, link: i64, user: &NewUser, event: Event) -> Result<SetUp> {
        let batch = Batch::new()
            .expect_one(&USE, crate::params![link, event.at, SET_UP])
            .add_user(user, true, event.at)?
            .audit(event);
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => SetUp::Done,
            Applied::Unmet(0) => SetUp::Spent,
            Applied::Unmet(_) => SetUp::AddressTaken,
        })
    }
}
