//! Accounts elsewhere that users sign in with.

use crate::{
    Store,
    audit::Event,
    engine::{Applied, Batch},
    error::Result,
    statement::statements,
    users::NewUser,
    value::{Row, Value},
};
use grantor_protocol::{
    openid::linking::{Holder, Left},
    time::Timestamp,
};

statements! {
    FIND = "SELECT i.user_id, u.disabled_at FROM identities i JOIN users u ON u.id = i.user_id
        WHERE i.issuer = ?1 AND i.subject = ?2";
    OF_USER = "SELECT id, issuer, label, created_at, used_at FROM identities WHERE user_id = ?1 ORDER BY id";
    ADD = "INSERT INTO identities (id, issuer, subject, user_id, label, created_at, used_at)
        SELECT ?1, ?2, ?3, u.id, ?5, ?6, ?6 FROM users u WHERE u.id = ?4 AND u.disabled_at IS NULL
        ON CONFLICT (issuer, subject) DO NOTHING";
    /// Only where nothing else has ever opened the account, and its address is vouched for.
    UNPROVED = "UPDATE users SET turn = turn WHERE id = ?1 AND disabled_at IS NULL AND password IS NULL
        AND admin_at IS NULL AND email_verified_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM identities WHERE user_id = ?1)
        AND NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = ?1)
        AND NOT EXISTS (SELECT 1 FROM totp WHERE user_id = ?1)";
    USE = "UPDATE identities SET used_at = ?3, label = COALESCE(?4, label) WHERE issuer = ?1 AND subject = ?2";
    REMOVE = "DELETE FROM identities WHERE id = ?1 AND user_id = ?2";
    HAS_PASSWORD = "UPDATE users SET turn = turn WHERE id = ?1 AND password IS NOT NULL";
    HAS_OTHER = "UPDATE identities SET used_at = used_at WHERE id = ?1 AND user_id = ?2";
}

/// One that a user has.
#[derive(Clone, Debug)]
pub struct Identity {
    pub id: i64,
    pub issuer: String,
    pub label: String,
    pub created: Timestamp,
    pub used: Timestamp,
}

/// One to be.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    pub id: i64,
    pub issuer: String,
    pub subject: String,
    /// By which its user knows it again.
    pub label: String,
}

/// How a connection ended that somebody came back for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    Done,
    /// The journey had ended: another answer came first, or it is too late.
    Spent,
    /// The account is not active (or no more what it was), or the identity is taken.
    Refused,
}

/// How a new account ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Done,
    Spent,
    AddressTaken,
    /// Somebody else's by now.
    IdentityTaken,
}

impl NewIdentity {
    fn params(&self, user: i64, now: Timestamp) -> [Value; 6] {
        crate::params![self.id, &self.issuer, &self.subject, user, &self.label, now]
    }
}

impl Store {
    /// Whose account is connected with this one elsewhere.
    pub async fn holder(&self, issuer: &str, subject: &str) -> Result<Option<Holder>> {
        let read = |row: &Row<'_>| {
            Ok(Holder {
                user: row.int(0)?,
                active: !row.is_set(1)?,
            })
        };
        let params = crate::params![issuer, subject];
        Ok(self.engine.read(&FIND, &params, read).await?.pop())
    }

    pub async fn identities_of(&self, user: i64) -> Result<Vec<Identity>> {
        let read = |row: &Row<'_>| {
            Ok(Identity {
                id: row.int(0)?,
                issuer: row.text(1)?,
                label: row.text(2)?,
                created: row.time(3)?,
                used: row.time(4)?,
            })
        };
        self.engine
            .read(&OF_USER, &crate::params![user], read)
            .await
    }

    /// Notes that one was used, and by what its user knows it, if that is said again.
    pub async fn use_identity(
        &self,
        (issuer, subject): (&str, &str),
        label: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let params = crate::params![issuer, subject, now, label];
        self.must_apply(Batch::new().run(&USE, params)).await
    }

    /// Connects an account with one elsewhere, at the end of `journey` if one goes on.
    /// `unproved`: only if nobody has ever been able to use the account.
    pub async fn connect(
        &self,
        journey: Option<i64>,
        (user, identity): (i64, &NewIdentity),
        unproved: bool,
        event: Event,
    ) -> Result<Connected> {
        let at = event.at;
        let batch = Batch::new().end_journeys(journey, at);
        let first = batch.steps.len();
        let batch = batch
            .run(crate::users::HOLD, crate::params![user])
            .when(unproved, |batch| {
                batch.expect_one(&UNPROVED, crate::params![user])
            })
            .expect_one(&ADD, identity.params(user, at))
            .audit(event);
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => Connected::Done,
            Applied::Unmet(position) if position < first => Connected::Spent,
            Applied::Unmet(_) => Connected::Refused,
        })
    }

    /// Makes an account for somebody from elsewhere, at the end of `journey` if one goes on.
    pub async fn add_user_from_elsewhere(
        &self,
        journey: Option<i64>,
        (user, identity): (&NewUser, &NewIdentity),
        event: Event,
    ) -> Result<Made> {
        let at = event.at;
        let batch = Batch::new().end_journeys(journey, at);
        let first = batch.steps.len();
        let batch = batch
            .add_user(user, false, at)?
            .expect_one(&ADD, identity.params(user.id, at))
            .audit(event);
        Ok(match self.apply(batch).await? {
            Applied::Done(_) => Made::Done,
            Applied::Unmet(position) if position < first => Made::Spent,
            Applied::Unmet(position) if position == first => Made::AddressTaken,
            Applied::Unmet(_) => Made::IdentityTaken,
        })
    }

    /// Removes one, as long as what is `left` to sign in by is still there. `false`: it is
    /// not, or the identity is not this user's.
    pub async fn disconnect(&self, id: i64, user: i64, left: Left, event: Event) -> Result<bool> {
        let batch = Batch::new().run(crate::users::HOLD, crate::params![user]);
        let batch = match left {
            Left::Password => batch.expect_one(&HAS_PASSWORD, crate::params![user]),
            Left::Other(other) => batch.expect_one(&HAS_OTHER, crate::params![other, user]),
        };
        let batch = batch.expect_one(&REMOVE, crate::params![id, user]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}
