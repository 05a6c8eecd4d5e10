//! Links that are mailed to users: to verify an address, to change it, to take that back, to
//! set a new password. Each works once, for a while, and for the account as it was when the
//! link was made.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::Result,
    factors::STRAY_RECOVERY,
    sessions::Which,
    statement::statements,
    users::{HOLD, NewPassword, NewUser, SET_PASSWORD},
    value::Row,
};
use grantor_protocol::{
    secret::{Digest, Kind},
    time::{Millis, Timestamp},
};

statements! {
    FIND = "SELECT l.digest, l.user_id, l.email, l.email_key, l.made_for, u.email_key, u.password,
            l.expires_at, u.email_verified_at
        FROM user_links l JOIN users u ON u.id = l.user_id
        WHERE l.id = ?1 AND l.purpose = ?2 AND l.used_at IS NULL AND l.expires_at > ?3 AND u.disabled_at IS NULL";
    ADD = "INSERT INTO user_links (id, digest, purpose, user_id, email, email_key, made_for, expires_at)
        SELECT ?1, ?2, ?3, u.id, ?5, ?6, ?7, ?8 FROM users u WHERE u.id = ?4 AND u.disabled_at IS NULL";
    USE = "UPDATE user_links SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL AND expires_at > ?2";
    /// All that she has, but ways back from before this one.
    USE_OTHERS = "UPDATE user_links SET used_at = ?3
        WHERE user_id = ?1 AND used_at IS NULL AND (purpose <> 'ra' OR id > ?2)";
    VERIFY = "UPDATE users SET email_verified_at = COALESCE(email_verified_at, ?3)
        WHERE id = ?1 AND email_key = ?2 AND disabled_at IS NULL";
    CHANGE = "UPDATE users SET email = ?3, email_key = ?4, email_verified_at = ?5, updated_at = ?5
        WHERE id = ?1 AND email_key = ?2 AND disabled_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = ?4 AND o.id <> ?1)";
    /// Whatever her address is by now.
    RESTORE = "UPDATE users SET email = ?2, email_key = ?3, email_verified_at = ?4, updated_at = ?4, password = ?5
        WHERE id = ?1 AND disabled_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = ?3 AND o.id <> ?1)";
    /// What was made since then: ids are in time order. One line in the feed for each.
    TELL_OF_TOKENS = "INSERT INTO changes (at, kind, id) SELECT ?2, ?3, id FROM personal_access_tokens
        WHERE user_id = ?1 AND id > ?4 AND ended_at IS NULL RETURNING id";
    END_TOKENS = "UPDATE personal_access_tokens SET ended_at = ?2 WHERE user_id = ?1 AND id > ?3 AND ended_at IS NULL";
    TELL_OF_GRANTS = "INSERT INTO changes (at, kind, id) SELECT ?2, ?3, id FROM grants
        WHERE user_id = ?1 AND id > ?4 AND ended_at IS NULL RETURNING id";
    END_GRANTS = "UPDATE grants SET ended_at = ?2 WHERE user_id = ?1 AND id > ?3 AND ended_at IS NULL";
    END_PASSKEYS = "DELETE FROM passkeys WHERE user_id = ?1 AND id > ?2";
    END_IDENTITIES = "DELETE FROM identities WHERE user_id = ?1 AND id > ?2";
    END_TOTP = "DELETE FROM totp WHERE user_id = ?1 AND created_at > ?2";
    END_RECOVERY = "DELETE FROM recovery_codes WHERE user_id = ?1 AND id > ?2";
    /// Nobody takes an address to which its former user may still go back.
    FREE = "UPDATE users SET turn = turn WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM user_links l
        WHERE l.email_key = ?2 AND l.purpose = 'ra' AND l.used_at IS NULL AND l.expires_at > ?3 AND l.user_id <> ?1)";
}

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Verify,
    Change,
    Restore,
    Reset,
}

impl Purpose {
    /// The kind of its secret, whose tag is its name in the database, too.
    pub fn kind(self) -> Kind {
        match self {
            Self::Verify => Kind::VerifyAddress,
            Self::Change => Kind::ChangeAddress,
            Self::Restore => Kind::RestoreAddress,
            Self::Reset => Kind::ResetPassword,
        }
    }

    pub fn as_str(self) -> &'static str {
        self.kind().tag()
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Verify, Self::Change, Self::Restore, Self::Reset];
        all.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// What of the account must not have changed until it is used.
    fn state(self, address_key: &str, password: Option<&str>) -> Digest {
        Digest::of(match self {
            Self::Verify | Self::Change => address_key.as_bytes(),
            Self::Restore => b"",
            Self::Reset => password.unwrap_or("").as_bytes(),
        })
    }
}

/// A link to be, and the mail that brings it.
pub struct NewLink {
    pub id: i64,
    pub digest: Digest,
    pub purpose: Purpose,
    pub user: i64,
    /// The address that it is about.
    pub email: String,
    pub email_key: String,
    pub made_for: Digest,
    pub expires: Timestamp,
    /// Its secret, encrypted.
    pub sealed: Vec<u8>,
    pub mail_to: String,
    /// Of whoever asks for it (RFC 5646).
    pub language: Option<&'static str>,
}

impl NewLink {
    /// For the account as it is: its address to compare by, and its password's hash.
    pub fn made_for(purpose: Purpose, address_key: &str, password: Option<&str>) -> Digest {
        purpose.state(address_key, password)
    }
}

/// A link that works.
#[derive(Clone)]
pub struct Link {
    pub id: i64,
    pub user: i64,
    pub email: String,
    email_key: String,
    /// Of the account as it is now.
    address_key: String,
    pub password: Option<String>,
    expires: Timestamp,
    /// Whether the account's address is known to be its user's.
    is_verified: bool,
}

/// How long whoever reads at a former address may go back to it.
pub const WAY_BACK: Millis = Millis::days(7);

/// From when on somebody else may have been at an account: its newer rows are not its user's.
pub(crate) struct Since {
    id: i64,
    at: Timestamp,
}

impl Since {
    /// Whoever made the account may have been anybody.
    pub(crate) const EVER: Self = Self {
        id: 0,
        at: Timestamp(0),
    };
}

/// How an address was changed, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// The link was used, or the account is not what it was.
    Spent,
    /// The address has another account.
    Taken,
}

impl Batch {
    /// Adds a link and its mail.
    fn add_link(self, link: &NewLink, event: Option<i64>, now: Timestamp) -> Self {
        let params = crate::params![
            link.id,
            link.digest,
            link.purpose.as_str(),
            link.user,
            &link.email,
            &link.email_key,
            link.made_for,
            link.expires
        ];
        self.run(&ADD, params).mail_link(link, event, now)
    }

    /// Refused while somebody else may go back to this address. It comes after the statement
    /// that has taken the address, which waited for whoever gave it up.
    pub(crate) fn address_is_free(self, (user, key): (i64, &str), now: Timestamp) -> Self {
        self.expect_one(&FREE, crate::params![user, key, now])
    }

    /// Ends what whoever was at the account meanwhile may have left behind: apps, tokens, and
    /// every way to come back.
    pub(crate) fn end_since(self, user: i64, since: &Since, now: Timestamp) -> Self {
        let told = |kind: ChangeKind| {
            let params = crate::params![user, now, kind.as_str(), since.id];
            (params.to_vec(), (kind, now))
        };
        let (tokens, of_token) = told(ChangeKind::PersonalToken);
        let (grants, of_grant) = told(ChangeKind::Grant);
        let params = crate::params![user, now, since.id];
        let newer = crate::params![user, since.id];
        self.tell((&TELL_OF_TOKENS, tokens), None, of_token)
            .run(&END_TOKENS, params.clone())
            .tell((&TELL_OF_GRANTS, grants), None, of_grant)
            .run(&END_GRANTS, params)
            .run(&END_PASSKEYS, newer.clone())
            .run(&END_IDENTITIES, newer.clone())
            .run(&END_TOTP, crate::params![user, since.at])
            .run(&END_RECOVERY, newer)
            .run(STRAY_RECOVERY, crate::params![user])
    }

    fn use_link(self, link: &Link, now: Timestamp) -> Self {
        self.run(HOLD, crate::params![link.user])
            .expect_one(&USE, crate::params![link.id, now])
    }
}

/// Where [`Batch::use_link`] ends.
const USED: usize = 2;

fn changed(applied: Applied) -> Changed {
    match applied {
        Applied::Done(_) => Changed::Done,
        Applied::Unmet(position) if position < USED => Changed::Spent,
        Applied::Unmet(_) => Changed::Taken,
    }
}

impl Store {
    /// A link that works, for this purpose; whose whole digest matches.
    pub async fn user_link(
        &self,
        id: i64,
        digest: &Digest,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Option<Link>> {
        let read = |row: &Row<'_>| {
            let link = Link {
                id,
                user: row.int(1)?,
                email: row.text(2)?,
                email_key: row.text(3)?,
                address_key: row.text(5)?,
                password: row.opt_text(6)?,
                expires: row.time(7)?,
                is_verified: row.is_set(8)?,
            };
            Ok((row.digest(0)?, row.digest(4)?, link))
        };
        let params = crate::params![id, purpose.as_str(), now];
        let found = self.engine.read(&FIND, &params, read).await?;
        let holds = |(stored, made_for, link): &(Digest, Digest, Link)| {
            let state = purpose.state(&link.address_key, link.password.as_deref());
            stored.proves(digest) && made_for.proves(&state)
        };
        let link = found.into_iter().find(holds).map(|(.., link)| link);
        // A password is set by whoever reads at the account's address, and no former one.
        let elsewhere = |link: &Link| link.email_key != link.address_key;
        Ok(link.filter(|link| purpose != Purpose::Reset || !elsewhere(link)))
    }

    /// Makes a link and the mail that brings it, if its user is there and active.
    pub async fn mail_user_link(
        &self,
        link: &NewLink,
        event: Option<Event>,
        now: Timestamp,
    ) -> Result<()> {
        let batch = Batch::new().add_link(link, None, now);
        let batch = match event {
            Some(event) => batch.audit(event),
            None => batch,
        };
        self.must_apply(batch).await
    }

    /// A new account, and the link by which its address is verified. `false`: the address is
    /// taken.
    pub async fn sign_up(&self, user: &NewUser, link: &NewLink, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .add_user(user, false, event.at)?
            .add_link(link, None, event.at);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// `false`: the link was used, or the account has another address by now.
    pub async fn verify_address(&self, link: &Link, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .use_link(link, event.at)
            .expect_one(
                &VERIFY,
                crate::params![link.user, &link.email_key, event.at],
            )
            .change(Change::new(ChangeKind::User, link.user, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// From the address that the account has to the link's; `back` is the way back, for
    /// whoever reads at the old one.
    pub async fn change_address(
        &self,
        link: &Link,
        back: Option<&NewLink>,
        event: Event,
    ) -> Result<Changed> {
        let params = crate::params![
            link.user,
            &link.address_key,
            &link.email,
            &link.email_key,
            event.at
        ];
        let batch = Batch::new()
            .use_link(link, event.at)
            .expect_one(&CHANGE, params)
            .address_is_free((link.user, &link.email_key), event.at)
            .change(Change::new(ChangeKind::User, link.user, event.at));
        let batch = match back {
            Some(back) => batch.add_link(back, Some(event.id), event.at),
            None => batch,
        };
        Ok(changed(self.apply(batch.audit(event)).await?))
    }

    /// Back to the link's address, with a new password: every session ends, every app, token
    /// and way to sign in that came since, and every other link but older ways back.
    pub async fn restore_address(&self, link: &Link, hash: &str, event: Event) -> Result<Changed> {
        let params = crate::params![link.user, &link.email, &link.email_key, event.at, hash];
        let since = Since {
            id: link.id,
            at: link.expires - WAY_BACK,
        };
        let batch = Batch::new()
            .use_link(link, event.at)
            .expect_one(&RESTORE, params)
            .run(&USE_OTHERS, crate::params![link.user, link.id, event.at])
            .end_since(link.user, &since, event.at)
            .end_sessions(link.user, Which::All, event.at)
            .change(Change::new(ChangeKind::User, link.user, event.at));
        Ok(changed(self.apply(batch.audit(event)).await?))
    }

    /// A new password for whoever reads at the account's address, which is hers by that. Every
    /// session ends; and where nobody knew before whose address it is, all that whoever made
    /// the account has left behind. `false`: the link was used, or the account is not what it was.
    pub async fn reset_password(&self, link: &Link, hash: &str, event: Event) -> Result<bool> {
        let new = NewPassword {
            user: link.user,
            hash,
            proved: link.password.as_deref(),
        };
        let batch = Batch::new()
            .use_link(link, event.at)
            .expect_one(
                &VERIFY,
                crate::params![link.user, &link.email_key, event.at],
            )
            .expect_one(SET_PASSWORD, new.params())
            .end_sessions(link.user, Which::All, event.at)
            .change(Change::new(ChangeKind::User, link.user, event.at));
        let batch = match link.is_verified {
            true => batch,
            false => batch.end_since(link.user, &Since::EVER, event.at),
        };
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}
