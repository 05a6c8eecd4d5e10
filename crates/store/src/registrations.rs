//! Apps that register themselves: by whose leave, and the end of those that nobody uses.

use crate::{
    Store,
    apps::NewApp,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::Result,
    statement::statements,
    value::Row,
};
use grantor_protocol::{secret::Digest, time::Timestamp};

statements! {
    FIND = "SELECT id, digest, owner_id, hint, uses_left, created_at, expires_at FROM initial_access_tokens WHERE id = ?1";
    LIST = "SELECT id, digest, owner_id, hint, uses_left, created_at, expires_at FROM initial_access_tokens
        WHERE expires_at > ?1 ORDER BY expires_at";
    ADD = "INSERT INTO initial_access_tokens (id, digest, owner_id, hint, uses_left, created_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    END = "DELETE FROM initial_access_tokens WHERE id = ?1";
    USE = "UPDATE initial_access_tokens SET uses_left = uses_left - 1
        WHERE id = ?1 AND owner_id = ?2 AND uses_left > 0 AND expires_at > ?3";
    MARK = "UPDATE apps SET registered_itself = 1, registration_token = ?2, unused_until = ?3 WHERE id = ?1";
    LOCK = "UPDATE apps SET registration_token = NULL WHERE id = ?1 AND registration_token IS NOT NULL AND deleted_at IS NULL";
    USED = "UPDATE apps SET unused_until = NULL WHERE id = ?1 AND unused_until IS NOT NULL";
    UNUSED = "SELECT id FROM apps WHERE unused_until <= ?1 AND unused_until IS NOT NULL ORDER BY unused_until LIMIT ?2";
    /// First the guard, for whoever approves the app at this moment keeps it.
    FORGET = "UPDATE apps SET deleted_at = COALESCE(deleted_at, ?2)
        WHERE id = ?1 AND unused_until <= ?2 AND unused_until IS NOT NULL";
    FORGET_SECRETS = "DELETE FROM client_secrets WHERE app_id = ?1";
    FORGET_APP = "DELETE FROM apps WHERE id = ?1";
}

/// How many unused registrations are looked for at once.
const AT_ONCE: i64 = 100;

/// Leave to register so many apps.
#[derive(Clone)]
pub struct InitialToken {
    pub id: i64,
    pub digest: Digest,
    /// Whose apps they become.
    pub owner: i64,
    pub hint: String,
    pub uses_left: i64,
    pub created: Timestamp,
    pub expires: Timestamp,
}

/// What an app that registers itself has beside what others have.
pub struct Registering<'a> {
    pub app: NewApp<'a>,
    /// Of the token by which it will change what it registered.
    pub token: Digest,
    /// The initial access token that it came with.
    pub by: Option<i64>,
    /// When it ends unless somebody approves it before.
    pub unused_until: Timestamp,
}

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    Done,
    /// The initial access token has been used up, has expired or was ended.
    Spent,
    /// The owner has as many apps as she may have, or is disabled.
    Full,
}

fn read_token(row: &Row<'_>) -> Result<InitialToken> {
    Ok(InitialToken {
        id: row.int(0)?,
        digest: row.digest(1)?,
        owner: row.int(2)?,
        hint: row.text(3)?,
        uses_left: row.int(4)?,
        created: row.time(5)?,
        expires: row.time(6)?,
    })
}

impl Batch {
    /// Keeps a registration that waited for its first use.
    pub(crate) fn app_is_used(self, app: i64) -> Self {
        self.run(&USED, crate::params![app])
    }
}

impl Store {
    /// A token whose whole digest matches and that is good for another app now.
    pub async fn initial_token(
        &self,
        id: i64,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<InitialToken>> {
        let params = crate::params![id];
        let found = self.engine.read(&FIND, &params, read_token).await?.pop();
        Ok(found.filter(|it| it.digest.proves(digest) && it.uses_left > 0 && now < it.expires))
    }

    /// Those that have not expired; who expires first comes first.
    pub async fn initial_tokens(&self, now: Timestamp) -> Result<Vec<InitialToken>> {
        self.engine
            .scan(&LIST, &crate::params![now], read_token)
            .await
    }

    pub async fn add_initial_token(&self, token: &InitialToken, event: Event) -> Result<()> {
        let params = crate::params![
            token.id,
            token.digest,
            token.owner,
            &token.hint,
            token.uses_left,
            token.created,
            token.expires
        ];
        self.must_apply(Batch::new().expect_one(&ADD, params).audit(event))
            .await
    }

    /// `false`: there is none with this id.
    pub async fn end_initial_token(&self, id: i64, event: Event) -> Result<bool> {
        let batch = Batch::new().expect_one(&END, crate::params![id]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Registers an app and spends a use of the token that it came with, in one batch: of
    /// a token with one use, exactly one caller gets [`Registered::Done`].
    pub async fn register_app(&self, it: &Registering<'_>, event: Event) -> Result<Registered> {
        let (id, now) = (it.app.id, event.at);
        let batch = match it.by {
            Some(token) => Batch::new().expect_one(&USE, crate::params![token, it.app.owner, now]),
            None => Batch::new(),
        };
        let batch = batch
            .add_app(&it.app, now)?
            .expect_one(&MARK, crate::params![id, it.token, it.unused_until])
            .audit(event);
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => Registered::Done,
            Applied::Unmet(0) if it.by.is_some() => Registered::Spent,
            Applied::Unmet(_) => Registered::Full,
        })
    }

    /// From now on an app that registered itself cannot change or delete its registration:
    /// its owner alone can. `false`: it could not.
    pub async fn lock_registration(&self, app: i64, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(&LOCK, crate::params![app])
            .change(Change::new(ChangeKind::App, app, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Removes the registrations that nobody approved in time; the number of apps.
    pub async fn sweep_registrations(&self, now: Timestamp) -> Result<usize> {
        let mut removed = 0;
        loop {
            let params = crate::params![now, AT_ONCE];
            let ids = self.engine.scan(&UNUSED, &params, |row| row.int(0)).await?;
            let Some(_) = ids.first() else {
                return Ok(removed);
            };
            for id in ids {
                let batch = Batch::new()
                    .expect_one(&FORGET, crate::params![id, now])
                    .run(&FORGET_SECRETS, crate::params![id])
                    .expect_one(&FORGET_APP, crate::params![id])
                    .change(Change::new(ChangeKind::AppSuspended, id, now));
                removed += usize::from(self.apply(batch).await?.is_done());
            }
        }
    }
}
