//! The outbox: mails to users, each written in the batch that makes the change which it
//! tells of. It holds facts and no text; the only secret in it, a link's, is encrypted.

use crate::{
    Store,
    audit::Event,
    engine::{Applied, Batch},
    error::Result,
    statement::{Statement, statements},
    user_links::NewLink,
    value::{Row, Value},
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    /// To the address that she has, if it is known to be hers; and while there is room.
    TELL = "INSERT INTO mails (id, kind, user_id, email, event_id, made_at, due_at, until)
        SELECT ?1, ?2, u.id, u.email, ?1, ?4, ?4, ?5 FROM users u
        WHERE u.id = ?3 AND u.email_verified_at IS NOT NULL AND (SELECT COUNT(*) FROM mails) < ?6";
    /// The same, if she was never there before, but was elsewhere.
    TELL_OF_PLACE = "INSERT INTO mails (id, kind, user_id, email, event_id, made_at, due_at, until)
        SELECT ?1, ?2, u.id, u.email, ?1, ?4, ?4, ?5 FROM users u
        WHERE u.id = ?3 AND u.email_verified_at IS NOT NULL AND (SELECT COUNT(*) FROM mails) < ?6
            AND EXISTS (SELECT 1 FROM places p WHERE p.user_id = u.id AND p.first_at = ?4)
            AND EXISTS (SELECT 1 FROM places p WHERE p.user_id = u.id AND p.first_at < ?4)";
    /// The same, if the app was not connected before.
    TELL_OF_APP = "INSERT INTO mails (id, kind, user_id, email, event_id, made_at, due_at, until)
        SELECT ?1, ?2, u.id, u.email, ?1, ?4, ?4, ?5 FROM users u
        WHERE u.id = ?3 AND u.email_verified_at IS NOT NULL AND (SELECT COUNT(*) FROM mails) < ?6
            AND EXISTS (SELECT 1 FROM grants g
                WHERE g.user_id = u.id AND g.app_id = ?7 AND g.ended_at IS NULL AND g.created_at = ?4)";
    /// To somebody whose account ends: what else there is to know of her ends with it.
    TELL_OF_DELETION = "INSERT INTO mails (id, kind, user_id, email, event_id, language, made_at, due_at, until)
        SELECT ?1, ?2, u.id, u.email, ?1, ?7, ?4, ?4, ?5 FROM users u
        WHERE u.id = ?3 AND u.email_verified_at IS NOT NULL AND (SELECT COUNT(*) FROM mails) < ?6";
    /// With a link, to wherever the link is about.
    ADD = "INSERT INTO mails (id, kind, user_id, email, event_id, link, language, made_at, due_at, until)
        SELECT ?1, ?2, u.id, ?4, ?5, ?6, ?10, ?7, ?7, ?8 FROM users u
        WHERE u.id = ?3 AND u.disabled_at IS NULL AND (SELECT COUNT(*) FROM mails) < ?9";
    /// To whoever reads there, of whom nobody knows more.
    ADD_TO_ADDRESS = "INSERT INTO mails (id, kind, user_id, email, link, language, made_at, due_at, until)
        SELECT ?1, ?2, ?3, ?4, ?5, ?9, ?6, ?6, ?7 WHERE (SELECT COUNT(*) FROM mails) < ?8";
    WAITING = "SELECT COUNT(*), MIN(made_at) FROM mails";
    DUE = "SELECT id, kind, user_id, email, event_id, link, made_at, due_at, until, attempts, language FROM mails
        WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
    CLAIM = "UPDATE mails SET due_at = ?3, attempts = attempts + 1 WHERE id = ?1 AND due_at = ?2";
    FORGET = "DELETE FROM mails WHERE id = ?1";
}

/// More mails than this do not wait: what else there is to tell is not told.
const MOST: i64 = 10_000;
/// Of what strangers can ask for there is less room.
const STRANGERS: i64 = 5_000;
/// How long a mail that tells of something is tried.
const LIFETIME: Millis = Millis::days(1);

/// Events that their user is told of, wherever they come from.
pub const TOLD: [&str; 22] = [
    "account.disabled",
    "account.enabled",
    "address.restored",
    CONSENT,
    "factors.reset",
    "family.replayed",
    "identity.added",
    "identity.removed",
    "passkey.added",
    "passkey.removed",
    "password.added",
    "password.changed",
    "password.reset",
    "recovery_code.used",
    "recovery_codes.made",
    "role.given",
    SIGN_IN,
    "token.created",
    "token.expiring",
    "totp.added",
    "totp.removed",
    DELETION,
];
const CONSENT: &str = "consent.granted";
const SIGN_IN: &str = "session.started";
const DELETION: &str = "user.deleted";

/// An event that its user is told of.
pub(crate) struct Told {
    event: i64,
    kind: &'static str,
    user: i64,
    app: Option<i64>,
    at: Timestamp,
}

impl Told {
    pub fn of(event: &Event) -> Option<Self> {
        let user = event.user.or(event.actor.user)?;
        TOLD.contains(&event.kind).then_some(Self {
            event: event.id,
            kind: event.kind,
            user,
            app: event.app,
            at: event.at,
        })
    }
}

impl Batch {
    fn mail(mut self, statement: &'static Statement, params: Vec<Value>) -> Self {
        self.mails.push(self.steps.len());
        self.run(statement, params)
    }

    pub(crate) fn mail_of(self, told: Told) -> Self {
        let until = told.at + LIFETIME;
        let params = crate::params![told.event, told.kind, told.user, told.at, until, MOST];
        match told.kind {
            // See `mail_of_deletion`.
            DELETION => self,
            SIGN_IN => self.mail(&TELL_OF_PLACE, params.to_vec()),
            CONSENT => {
                let app = crate::params![told.app];
                self.mail(&TELL_OF_APP, [&params[..], &app].concat())
            }
            _ => self.mail(&TELL, params.to_vec()),
        }
    }

    /// The last mail to a user, in her language, which nobody knows afterwards.
    pub(crate) fn mail_of_deletion(
        self,
        event: &Event,
        user: i64,
        language: Option<String>,
    ) -> Self {
        let (at, until) = (event.at, event.at + LIFETIME);
        let params = crate::params![event.id, DELETION, user, at, until, MOST, language];
        self.mail(&TELL_OF_DELETION, params.to_vec())
    }

    /// A mail with a link, which tells of an event, too, if there is one.
    pub(crate) fn mail_link(self, link: &NewLink, event: Option<i64>, now: Timestamp) -> Self {
        let until = link.expires.min(now + LIFETIME);
        let params = crate::params![
            link.id,
            link.purpose.as_str(),
            link.user,
            &link.mail_to,
            event,
            link.sealed.clone(),
            now,
            until,
            STRANGERS,
            link.language
        ];
        self.mail(&ADD, params.to_vec())
    }
}

/// A mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub id: i64,
    pub kind: String,
    pub user: i64,
    pub email: String,
    pub event: Option<i64>,
    /// The secret of the link in it, encrypted.
    pub link: Option<Vec<u8>>,
    /// Of whoever asked for it.
    pub language: Option<String>,
    pub made: Timestamp,
    pub until: Timestamp,
    /// How often it was tried, this time not counted.
    pub attempts: u32,
    due: Timestamp,
}

impl Mail {
    pub fn known_user(&self) -> Option<i64> {
        Some(self.user).filter(|user| *user != NOBODY)
    }

    /// How long after this attempt the next one is due: 1 min, 2 min, … an hour.
    fn patience(&self) -> Millis {
        let grown = Millis::minutes(1).0 << self.attempts.min(6);
        Millis(grown.min(Millis::hours(1).0))
    }
}

/// A mail to be, to an address that need not be a user's.
pub struct NewMail<'a> {
    pub id: i64,
    pub kind: &'static str,
    pub email: &'a str,
    /// What the link in it brings, encrypted.
    pub link: Vec<u8>,
    /// Of whoever asks for it (RFC 5646).
    pub language: &'a str,
    pub until: Timestamp,
}

const NOBODY: i64 = 0;

/// What waits in the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub mails: i64,
    pub oldest: Option<Timestamp>,
}

impl Waiting {
    /// Whether there is no room for what strangers ask for.
    pub fn is_crowded(&self) -> bool {
        self.mails >= STRANGERS
    }
}

impl Store {
    pub async fn waiting_mails(&self) -> Result<Waiting> {
        let read = |row: &Row<'_>| {
            Ok(Waiting {
                mails: row.int(0)?,
                oldest: row.opt_time(1)?,
            })
        };
        let found = self.engine.read(&WAITING, &[], read).await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    pub async fn mail_to_address(&self, new: &NewMail<'_>, event: Event) -> Result<()> {
        let params = crate::params![
            new.id,
            new.kind,
            NOBODY,
            new.email,
            new.link.clone(),
            event.at,
            new.until,
            STRANGERS,
            new.language
        ];
        let batch = Batch::new().mail(&ADD_TO_ADDRESS, params.to_vec());
        self.must_apply(batch.audit(event)).await
    }

    /// Which mails are to be sent by now, those that wait longest first.
    pub async fn due_mails(&self, now: Timestamp, limit: i64) -> Result<Vec<Mail>> {
        let read = |row: &Row<'_>| {
            Ok(Mail {
                id: row.int(0)?,
                kind: row.text(1)?,
                user: row.int(2)?,
                email: row.text(3)?,
                event: row.opt_int(4)?,
                link: row.opt_blob(5)?,
                made: row.time(6)?,
                due: row.time(7)?,
                until: row.time(8)?,
                attempts: u32::try_from(row.int(9)?).unwrap_or(u32::MAX),
                language: row.opt_text(10)?,
            })
        };
        self.engine
            .read(&DUE, &crate::params![now, limit], read)
            .await
    }

    /// Takes a mail for one attempt; should nothing come of it, it is due again later.
    /// `false`: another node has it.
    pub async fn claim_mail(&self, mail: &Mail, now: Timestamp) -> Result<bool> {
        let again = (now + mail.patience()).min(mail.until.max(mail.due + Millis(1)));
        let params = crate::params![mail.id, mail.due, again];
        let batch = Batch::new().expect_one(&CLAIM, params);
        Ok(matches!(self.apply(batch).await?, Applied::Done(_)))
    }

    /// It was sent, or there is nothing left to say.
    pub async fn forget_mail(&self, mail: &Mail) -> Result<()> {
        self.must_apply(Batch::new().run(&FORGET, crate::params![mail.id]))
            .await
    }

    /// It never will be sent, and that is written down. `false`: another node was first.
    pub async fn give_up_mail(&self, mail: &Mail, event: Event) -> Result<bool> {
        let batch = Batch::new().expect_one(&FORGET, crate::params![mail.id]);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_to_an_hour() {
        let waits = (0..9).map(|attempts| {
            let mail = Mail {
                id: 1,
                kind: String::new(),
                user: 2,
                email: String::new(),
                event: None,
                link: None,
                language: None,
                made: Timestamp(0),
                until: Timestamp(0),
                attempts,
                due: Timestamp(0),
            };
            mail.patience().as_seconds() / 60
        });
        assert_eq!(waits.collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
