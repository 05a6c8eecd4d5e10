//! Links that work once.

use crate::{
    Store, audit::Event, engine::Batch, error::Result, statement::statements, users::NewUser,
};
use grantor_protocol::{secret::Digest, time::Timestamp};

statements! {
    FIND = "SELECT digest FROM links WHERE id = ?1 AND purpose = ?2 AND used_at IS NULL AND expires_at > ?3";
    REPLACE = "DELETE FROM links WHERE purpose = ?1";
    ADD = "INSERT INTO links (id, digest, purpose, expires_at) VALUES (?1, ?2, ?3, ?4)";
    USE = "UPDATE links SET used_at = ?2 WHERE id = ?1 AND purpose = ?3 AND used_at IS NULL AND expires_at > ?2";
    FIRST_USER = "INSERT INTO users (id, email, email_key, name, password, admin_at, created_at, updated_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6 WHERE NOT EXISTS (SELECT 1 FROM users)";
}

const SET_UP: &str = "set-up";

impl Store {
    /// Makes the one link by which the first account is set up; an older one dies.
    pub async fn add_set_up_link(&self, id: i64, digest: Digest, expires: Timestamp) -> Result<()> {
        let batch = Batch::new()
            .run(&REPLACE, crate::params![SET_UP])
            .expect_one(&ADD, crate::params![id, digest, SET_UP, expires]);
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

    /// Spends the link and makes the first account, an administrator. `false`:
    /// somebody was first, or the link has expired.
    pub async fn set_up(&self, link: i64, user: &NewUser, event: Event) -> Result<bool> {
        let params = crate::params![
            user.id,
            &user.email,
            &user.email_key,
            &user.name,
            user.password.clone(),
            event.at
        ];
        let batch = Batch::new()
            .expect_one(&USE, crate::params![link, event.at, SET_UP])
            .expect_one(&FIRST_USER, params)
            .audit(event);
        Ok(self.apply(batch).await?.is_done())
    }
}
