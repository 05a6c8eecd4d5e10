//! Users who came from elsewhere: imported once, or kept up to date by a directory.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::Result,
    sessions::Which,
    statement::{Statement, statements},
    user_links::Since,
    users::{About, NewUser, PERSON_COLUMNS, User, read_user},
    value::Row,
};
use grantor_protocol::{email::Email, time::Timestamp};

statements! {
    PERSON = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND u.id = ?1";
    BY_EXTERNAL_ID = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND p.external_id = ?1";
    BY_NAME = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND p.user_name_key = ?1";
    /// Who has no name from elsewhere, is called by her address.
    BY_ADDRESS = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND u.email_key = ?1";
    PAGE = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND u.id > ?1 ORDER BY u.id LIMIT ?2";
    PAGE_FROM = "SELECT u.id, u.email, u.name, u.photo, u.admin_at, u.created_at, u.disabled_at, u.profile, u.updated_at, u.email_verified_at, u.support_at,
            p.external_id, p.user_name, p.email_type, p.changed_at
        FROM users u LEFT JOIN provisioned p ON p.user_id = u.id WHERE u.email <> '' AND u.id > 0 ORDER BY u.id LIMIT ?2 OFFSET ?1";
    COUNT = "SELECT COUNT(*) FROM users WHERE email <> ''";
    PRESET = "UPDATE users SET disabled_at = ?2 WHERE id = ?1";
    /// Refused where any of its names is another's.
    CALL = "INSERT INTO provisioned (user_id, external_id, user_name, user_name_key, email_type, changed_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    CALL_NO_MORE = "DELETE FROM provisioned WHERE user_id = ?1";
    MOVE_ADDRESS = "UPDATE users SET email = ?2, email_key = ?3, email_verified_at = ?4 WHERE id = ?1
        AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = ?3 AND o.id <> ?1)";
    GIVE_PASSWORD = "UPDATE users SET password = ?2 WHERE id = ?1";
    /// She is there, and what the caller read is what she still says of herself.
    UNCHANGED = "SELECT 1 FROM users WHERE id = ?1 AND updated_at = ?2 AND email <> '' /*: FOR UPDATE :*/";
}

/// What of it is hers alone.
pub(crate) static OF_USER: &Statement = &CALL_NO_MORE;

/// What a user is called elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Whatever the other side knows her by; unique.
    pub external_id: Option<String>,
    /// Unique without regard to case.
    pub user_name: Option<String>,
    pub email_type: Option<String>,
}

/// A user with what she is called elsewhere.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: User,
    pub called: Called,
    /// When that last changed.
    pub changed: Option<Timestamp>,
}

/// Somebody who comes from elsewhere.
pub struct NewPerson<'a> {
    pub user: NewUser,
    pub disabled: bool,
    pub called: &'a Called,
}

/// What becomes of a user.
pub struct Update<'a> {
    pub user: i64,
    /// When she last changed what `about` keeps of it.
    pub read: Timestamp,
    pub about: About<'a>,
    /// A new address and the spelling that must be unique; somebody vouches for it.
    pub address: Option<(&'a str, String)>,
    pub called: &'a Called,
    /// Whether she is disabled from now on, or no more.
    pub disabled: Option<bool>,
    /// A new password hash: all sessions end.
    pub password: Option<&'a str>,
    /// Whoever made the account may have been anybody: with the first word of somebody who
    /// vouches for its address everything ends by which she could come back.
    pub taken_over: bool,
}

/// How it ended: what is another's stops it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provisioned {
    Done,
    AddressTaken,
    /// The external id or the user name.
    NameTaken,
    /// She is not any more as she was when this was decided.
    Changed,
}

/// What must be unique whatever its case.
pub fn name_key(user_name: &str) -> String {
    user_name.to_lowercase()
}

fn read_person(row: &Row<'_>) -> Result<Person> {
    let own = PERSON_COLUMNS;
    Ok(Person {
        user: read_user(row)?,
        called: Called {
            external_id: row.opt_text(own)?,
            user_name: row.opt_text(own + 1)?,
            email_type: row.opt_text(own + 2)?,
        },
        changed: row.opt_time(own + 3)?,
    })
}

impl Batch {
    fn call(self, user: i64, called: &Called, at: Timestamp) -> Self {
        let params = crate::params![
            user,
            called.external_id.clone(),
            called.user_name.clone(),
            called.user_name.as_deref().map(name_key),
            called.email_type.clone(),
            at
        ];
        self.expect_one(&CALL, params)
    }
}

/// Which of its steps refused a batch says why: those before the one for the names are for
/// the address.
fn verdict(applied: &Applied, names: usize) -> Provisioned {
    match applied {
        Applied::Done(_) => Provisioned::Done,
        Applied::Unmet(step) if *step < names => Provisioned::AddressTaken,
        Applied::Unmet(step) if *step == names => Provisioned::NameTaken,
        Applied::Unmet(_) => Provisioned::Changed,
    }
}

impl Store {
    pub async fn person(&self, id: i64) -> Result<Option<Person>> {
        let params = crate::params![id];
        Ok(self.engine.read(&PERSON, &params, read_person).await?.pop())
    }

    pub async fn person_by_external_id(&self, external_id: &str) -> Result<Option<Person>> {
        let params = crate::params![external_id];
        let found = self.engine.read(&BY_EXTERNAL_ID, &params, read_person);
        Ok(found.await?.pop())
    }

    /// By what she is called: her name from elsewhere or, without one, her address.
    pub async fn person_by_user_name(&self, user_name: &str) -> Result<Option<Person>> {
        let params = crate::params![name_key(user_name)];
        let named = self
            .engine
            .read(&BY_NAME, &params, read_person)
            .await?
            .pop();
        if named.is_some() {
            return Ok(named);
        }
        let addressed = self.person_by_address(user_name).await?;
        Ok(addressed.filter(|person| person.called.user_name.is_none()))
    }

    pub async fn person_by_address(&self, address: &str) -> Result<Option<Person>> {
        let key = Email::parse(address).map_or_else(
            |_| address.to_ascii_lowercase(),
            |address| address.canonical(),
        );
        let params = crate::params![key];
        Ok(self
            .engine
            .read(&BY_ADDRESS, &params, read_person)
            .await?
            .pop())
    }

    /// A page of people in id order, after `after`.
    pub async fn people(&self, after: i64, limit: i64) -> Result<Vec<Person>> {
        let params = crate::params![after, limit];
        self.engine.scan(&PAGE, &params, read_person).await
    }

    /// The same, after so many others.
    pub async fn people_from(&self, offset: i64, limit: i64) -> Result<Vec<Person>> {
        let params = crate::params![offset, limit];
        self.engine.scan(&PAGE_FROM, &params, read_person).await
    }

    pub async fn count_people(&self) -> Result<i64> {
        let counted = self.engine.scan(&COUNT, &[], |row| row.int(0)).await?;
        Ok(counted.first().copied().unwrap_or(0))
    }

    pub async fn add_person(&self, new: &NewPerson<'_>, event: Event) -> Result<Provisioned> {
        let (user, at) = (new.user.id, event.at);
        let since = new.disabled.then_some(at);
        let batch = Batch::new()
            .add_user(&new.user, false, at)?
            .expect_one(&PRESET, crate::params![user, since]);
        let names = batch.steps.len();
        let batch = batch.call(user, new.called, at).audit(event);
        Ok(verdict(&self.apply(batch).await?, names))
    }

    pub async fn update_person(
        &self,
        update: &Update<'_>,
        events: Vec<Event>,
    ) -> Result<Provisioned> {
        let user = update.user;
        let Some(at) = events.first().map(|event| event.at) else {
            return Ok(Provisioned::Done);
        };
        let mut batch = Batch::new().expect_one(&UNCHANGED, crate::params![user, update.read]);
        if let Some((address, key)) = &update.address {
            batch = batch
                .expect_one(&MOVE_ADDRESS, crate::params![user, *address, key, at])
                .address_is_free((user, key), at);
        }
        batch = batch.run(&CALL_NO_MORE, crate::params![user]);
        let names = batch.steps.len();
        batch = batch
            .call(user, update.called, at)
            .set_profile(user, &update.about, at)?
            .change(Change::new(ChangeKind::User, user, at))
            .when(update.taken_over, |batch| {
                batch.end_since(user, &Since::EVER, at)
            })
            .when(update.taken_over || update.password.is_some(), |batch| {
                batch
                    .expect_one(&GIVE_PASSWORD, crate::params![user, update.password])
                    .end_sessions(user, Which::All, at)
            });
        batch = match update.disabled {
            Some(true) => batch.disable_user(user, at),
            Some(false) => batch.enable_user(user, at),
            None => batch,
        };
        let batch = events.into_iter().fold(batch, Batch::audit);
        Ok(match self.apply(batch).await? {
            Applied::Unmet(0) => Provisioned::Changed,
            applied => verdict(&applied, names),
        })
    }
}
