//! Users: whose account it is.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::Batch,
    error::{Error, Result},
    sessions::{NewSession, Which},
    statement::{Statement, statements},
    value::{Row, Value},
};
use grantor_protocol::{openid::profile::Profile, role::Role, time::Timestamp};
use std::sync::Arc;

statements! {
    BY_ID = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at
        FROM users WHERE id = ?1";
    BY_EMAIL = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at, password
        FROM users WHERE email_key = ?1";
    PASSWORD = "SELECT password FROM users WHERE id = ?1";
    /// Of whoever comes first from there on, password or not.
    PASSWORD_NEAR = "SELECT password FROM users WHERE id >= ?1 ORDER BY id LIMIT 1";
    LIST = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at FROM users
        WHERE id > ?1 AND email <> '' ORDER BY id LIMIT ?2";
    ADMINISTRATORS = "SELECT id FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL LIMIT 1";
    ADD = "INSERT INTO users (id, email, email_key, name, password, admin_at, created_at, email_verified_at, updated_at, profile)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?9) ON CONFLICT (email_key) DO NOTHING";
    SET_PROFILE = "UPDATE users SET name = ?2, photo = ?3, profile = ?4, updated_at = ?5 WHERE id = ?1 AND email <> ''";
    SET = "UPDATE users SET password = ?2 WHERE id = ?1 AND COALESCE(password, '') = COALESCE(?3, '')";
    REHASH = "UPDATE users SET password = ?3 WHERE id = ?1 AND password = ?2";
    /// Unless another account has it.
    FOLLOW_ADDRESS = "UPDATE users SET email = ?2, email_key = ?3, email_verified_at = ?4, updated_at = ?5 WHERE id = ?1
        AND email <> '' AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = ?3 AND o.id <> ?1)";
    /// But for the last administrator.
    DISABLE = "UPDATE users SET disabled_at = ?2 WHERE id = ?1 AND disabled_at IS NULL
        AND (admin_at IS NULL OR EXISTS (SELECT 1 FROM users o WHERE o.admin_at > 0 AND o.disabled_at IS NULL AND o.id <> users.id))";
    ENABLE = "UPDATE users SET disabled_at = NULL WHERE id = ?1 AND email <> ''";
    /// Her apps stop and come back with her: one line in the feed for each.
    TELL_OF_APPS = "INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM apps WHERE owner_id = ?1 AND deleted_at IS NULL RETURNING id";
    /// Before a rename: the consent page says whose an app is, and what it said was approved
    /// and vouched for. Apps that registered themselves are nobody's there.
    TELL_OF_RENAMED = "INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, a.id FROM apps a JOIN users u ON u.id = a.owner_id
        WHERE u.id = ?1 AND u.name <> ?4 AND a.deleted_at IS NULL AND a.registered_itself = 0 RETURNING id";
    RENAMED = "UPDATE apps SET verified_at = NULL, changed_at = ?3
        WHERE owner_id = ?1 AND deleted_at IS NULL AND registered_itself = 0
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = ?1 AND u.name <> ?2)";
    /// Whoever counts per user takes this turn first.
    TAKE_TURN = "UPDATE users SET turn = turn + 1 WHERE id = ?1 AND disabled_at IS NULL";
    /// Whoever lists what is hers, to end it, before another adds to it.
    HOLD_TURN = "UPDATE users SET turn = turn WHERE id = ?1";
}

pub(crate) static TURN: &Statement = &TAKE_TURN;
pub(crate) static HOLD: &Statement = &HOLD_TURN;
pub(crate) static SET_PASSWORD: &Statement = &SET;

#[derive(Clone, Debug)]
pub struct User {
    pub id: i64,
    /// Empty once the account was deleted.
    pub email: String,
    /// Whether anybody vouched that the address is hers.
    pub email_verified: bool,
    pub name: String,
    /// Digest of the photo among the images.
    pub photo: Option<String>,
    pub admin: bool,
    pub support: bool,
    pub created: Timestamp,
    pub disabled: bool,
    pub profile: Profile,
    /// When name, photo or profile last changed.
    pub updated: Timestamp,
}

/// What a user changes of herself.
pub struct About<'a> {
    pub name: &'a str,
    /// Digest of the photo among the images.
    pub photo: Option<&'a str>,
    pub profile: &'a Profile,
}

/// A user to be.
pub struct NewUser {
    pub id: i64,
    pub email: String,
    /// The spelling that must be unique.
    pub email_key: String,
    pub email_verified: bool,
    pub name: String,
    /// A password hash in PHC form.
    pub password: Option<String>,
    pub profile: Profile,
    pub admin: bool,
}

/// An address to be.
pub struct NewAddress<'a> {
    pub email: &'a str,
    /// The spelling that must be unique.
    pub email_key: &'a str,
    pub verified: bool,
}

/// A password to be.
pub struct NewPassword<'a> {
    pub user: i64,
    /// In PHC form, as the other.
    pub hash: &'a str,
    /// The hash that the current password was proved against; `None`: there is none.
    pub proved: Option<&'a str>,
}

impl NewPassword<'_> {
    pub(crate) fn params(&self) -> [Value; 3] {
        crate::params![self.user, self.hash, self.proved.map(str::to_owned)]
    }
}

impl Batch {
    /// Makes an account, if its address has none yet.
    pub(crate) fn add_user(self, user: &NewUser, admin: bool, now: Timestamp) -> Result<Self> {
        let since = |set: bool| set.then_some(now);
        let params: [Value; 9] = crate::params![
            user.id,
            &user.email,
            &user.email_key,
            &user.name,
            user.password.clone(),
            since(admin),
            now,
            since(user.email_verified),
            text_of(&user.profile)?
        ];
        let batch = self.expect_one(&ADD, params);
        Ok(batch.address_is_free((user.id, &user.email_key), now))
    }

    /// What a user says of herself. Under another name, her apps are asked about anew, and
    /// the operator vouches for them no more.
    pub(crate) fn set_profile(self, user: i64, about: &About<'_>, at: Timestamp) -> Result<Self> {
        let profile = text_of(about.profile)?;
        let params = crate::params![user, about.name, about.photo, profile, at];
        let told = crate::params![user, at, ChangeKind::App.as_str(), about.name].to_vec();
        Ok(self
            .tell((&TELL_OF_RENAMED, told), None, (ChangeKind::App, at))
            .run(&RENAMED, crate::params![user, about.name, at])
            .expect_one(&SET_PROFILE, params))
    }

    /// Ends every session; every token stops at the next check, and so do her apps.
    /// Refused where she is disabled already, or the last administrator: whoever may disable
    /// one holds them all before.
    pub(crate) fn disable_user(self, user: i64, at: Timestamp) -> Self {
        let batch = self
            .expect_one(&DISABLE, crate::params![user, at])
            .end_sessions(user, Which::All, at)
            .change(Change::new(ChangeKind::UserDisabled, user, at));
        tell_of_apps(batch, user, (ChangeKind::AppSuspended, at))
    }

    pub(crate) fn enable_user(self, user: i64, at: Timestamp) -> Self {
        let batch = self
            .expect_one(&ENABLE, crate::params![user])
            .change(Change::new(ChangeKind::User, user, at));
        tell_of_apps(batch, user, (ChangeKind::App, at))
    }
}

impl User {
    /// In which she acts for the operator, while her account is active.
    pub fn role(&self) -> Option<Role> {
        match (self.disabled, self.admin, self.support) {
            (true, ..) | (_, false, false) => None,
            (_, true, _) => Some(Role::Admin),
            (_, _, true) => Some(Role::Support),
        }
    }
}

/// How many columns [`read_user`] reads.
pub(crate) const PERSON_COLUMNS: usize = 11;

pub(crate) fn read_user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.int(0)?,
        email: row.text(1)?,
        email_verified: row.is_set(9)?,
        name: row.text(2)?,
        photo: row.opt_text(3)?,
        admin: row.is_set(4)?,
        support: row.is_set(10)?,
        created: row.time(5)?,
        disabled: row.is_set(6)?,
        profile: serde_json::from_str(&row.text(7)?)
            .map_err(|_| Error::Corrupt("a profile".into()))?,
        updated: row.time(8)?,
    })
}

impl Store {
    /// A user as this node knows her; read at most once between changes.
    pub async fn user(&self, id: i64) -> Result<Option<Arc<User>>> {
        if self.memory.is_fresh()
            && let Some(user) = self.memory.users.get(id)
        {
            return Ok(Some(user));
        }
        let moment = self.memory.users.moment();
        let user = self
            .engine
            .read(&BY_ID, &crate::params![id], read_user)
            .await?
            .pop()
            .map(Arc::new);
        if let Some(user) = &user {
            self.memory.users.keep(id, user, moment);
        }
        Ok(user)
    }

    /// A user and her password hash, for a login.
    pub async fn user_by_email(&self, email_key: &str) -> Result<Option<(User, Option<String>)>> {
        let read = |row: &Row<'_>| Ok((read_user(row)?, row.opt_text(11)?));
        Ok(self
            .engine
            .read(&BY_EMAIL, &crate::params![email_key], read)
            .await?
            .pop())
    }

    pub async fn password_of(&self, user: i64) -> Result<Option<String>> {
        let found = self
            .engine
            .read(&PASSWORD, &crate::params![user], |row| row.opt_text(0))
            .await?;
        Ok(found.into_iter().next().flatten())
    }

    /// The password hash of whoever comes first at or after `id`, if she has one: as ids are
    /// random, a random id picks anybody alike.
    pub async fn password_near(&self, id: i64) -> Result<Option<String>> {
        let found = self
            .engine
            .read(&PASSWORD_NEAR, &crate::params![id], |row| row.opt_text(0))
            .await?;
        Ok(found.into_iter().next().flatten())
    }

    /// A page of users in id order, after `after`.
    pub async fn users(&self, after: i64, limit: i64) -> Result<Vec<User>> {
        self.engine
            .scan(&LIST, &crate::params![after, limit], read_user)
            .await
    }

    /// Whether there is somebody active who administers.
    pub async fn has_administrator(&self) -> Result<bool> {
        let read = |row: &Row<'_>| row.int(0);
        Ok(!self
            .engine
            .read(&ADMINISTRATORS, &[], read)
            .await?
            .is_empty())
    }

    /// `false`: the address is taken.
    pub async fn add_user(&self, user: &NewUser, event: Event) -> Result<bool> {
        let batch = Batch::new().add_user(user, user.admin, event.at)?;
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// See [`Batch::set_profile`].
    pub async fn set_profile(&self, user: i64, about: &About<'_>, event: Event) -> Result<()> {
        let (change, at) = (Change::new(ChangeKind::User, user, event.at), event.at);
        let batch = Batch::new().set_profile(user, about, at)?;
        self.must_apply(batch.change(change).audit(event)).await
    }

    /// The address that whoever answers for the account says now. `false`: another account
    /// has it.
    pub async fn follow_address(
        &self,
        user: i64,
        address: &NewAddress<'_>,
        event: Event,
    ) -> Result<bool> {
        let (at, verified) = (event.at, address.verified.then_some(event.at));
        let params = crate::params![user, address.email, address.email_key, verified, at];
        let batch = Batch::new()
            .expect_one(&FOLLOW_ADDRESS, params)
            .change(Change::new(ChangeKind::User, user, at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Sets a password and ends every session; `session` begins instead, for who set it.
    /// `false`: the password is not what was proved any more.
    pub async fn set_password(
        &self,
        new: &NewPassword<'_>,
        session: Option<&NewSession>,
        event: Event,
    ) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(SET_PASSWORD, new.params())
            .end_sessions(new.user, Which::All, event.at);
        let batch = match session {
            Some(session) => batch.start_session(session, event.at),
            None => batch,
        };
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// The same password under better parameters: nobody needs to know. `false`: it
    /// is not the password any more, and must not come back.
    pub async fn rehash_password(&self, user: i64, old: &str, new: &str) -> Result<bool> {
        let batch = Batch::new().expect_one(&REHASH, crate::params![user, old, new]);
        Ok(self.apply(batch).await?.is_done())
    }

    /// See [`Batch::disable_user`]. `false`: unknown, disabled already or the last
    /// administrator.
    pub async fn disable_user(&self, user: i64, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .run(crate::roles::HOLD, [])
            .disable_user(user, event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Her apps come back, unless the operator has suspended them themselves.
    pub async fn enable_user(&self, user: i64, event: Event) -> Result<()> {
        let batch = Batch::new().enable_user(user, event.at);
        self.must_apply(batch.audit(event)).await
    }
}

/// As it is kept.
fn text_of(profile: &Profile) -> Result<String> {
    serde_json::to_string(profile).map_err(|error| Error::Corrupt(error.to_string()))
}

/// A change for each app of `owner`.
fn tell_of_apps(batch: Batch, owner: i64, change: (ChangeKind, Timestamp)) -> Batch {
    let (kind, at) = change;
    let params = crate::params![owner, at, kind.as_str()].to_vec();
    batch.tell((&TELL_OF_APPS, params), None, change)
}
