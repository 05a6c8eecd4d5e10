//! Audit events, written in the batch that makes the change.

use crate::{
    Store, changes::SKEW, engine::Batch, error::Result, mails::Told, statement::statements,
    value::Row,
};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    RECORD = "INSERT INTO audit_events (id, at, kind, user_id, app_id, address, request_id, detail, actor_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// Of what is written all the time, and of keys. Ids of events are in time order.
    NEWEST = "SELECT MAX(at) FROM changes
        UNION ALL SELECT MAX(created_at) FROM keys
        UNION ALL SELECT at FROM (SELECT at FROM audit_events ORDER BY id DESC LIMIT 1) AS last";
    FIND = "SELECT id, at, kind, app_id, address, detail, actor_id FROM audit_events WHERE id = ?1";
    OF_USER = "SELECT id, at, kind, app_id, address, detail, actor_id FROM audit_events
        WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
}

/// Who did something, from where, in which request.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    pub user: Option<i64>,
    /// The session by which she acts: what it does is written only while it lives.
    pub session: Option<i64>,
    pub address: Option<String>,
    pub request_id: Option<String>,
}

/// Something worth remembering.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: i64,
    pub at: Timestamp,
    /// Dotted, past tense: `app.created`.
    pub kind: &'static str,
    /// The user whom it concerns.
    pub user: Option<i64>,
    pub app: Option<i64>,
    pub actor: Actor,
    /// In words, without secrets.
    pub detail: String,
}

impl Batch {
    /// Records the event, in the name of whom it says: see [`Batch::acting`]. Whom it
    /// concerns is told by mail, if it is of that kind.
    pub fn audit(self, event: Event) -> Self {
        let told = Told::of(&event);
        let Event {
            id,
            at,
            kind,
            user,
            app,
            actor,
            detail,
        } = event;
        let user = user.or(actor.user);
        let batch = self.acting(actor.session).run(
            &RECORD,
            crate::params![
                id,
                at,
                kind,
                user,
                app,
                actor.address,
                actor.request_id,
                detail,
                actor.user
            ],
        );
        match told {
            Some(told) => batch.mail_of(told),
            None => batch,
        }
    }
}

/// An event as its user reads it.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// In time order.
    pub id: i64,
    pub at: Timestamp,
    pub kind: String,
    pub app: Option<i64>,
    pub address: Option<String>,
    pub detail: String,
    /// Who did it, if that was a user: not always the one whom it concerns.
    pub actor: Option<i64>,
}

impl Store {
    /// How far `now` is behind the newest instant that the database knows, if it is: the
    /// clock was set back, or was ahead when that was written.
    pub async fn newer_than(&self, now: Timestamp) -> Result<Option<Millis>> {
        let newest = self
            .engine
            .read(&NEWEST, &[], |row| row.opt_time(0))
            .await?;
        let ahead = newest.into_iter().flatten().map(|at| at - now).max();
        Ok(ahead.filter(|ahead| *ahead > SKEW))
    }

    /// The time by the database's own clock, where it has one.
    pub async fn clock(&self) -> Result<Option<Timestamp>> {
        self.engine.clock().await
    }

    /// Writes an event that comes with no other change (a failed login).
    pub async fn record(&self, event: Event) -> Result<()> {
        self.must_apply(Batch::new().audit(event)).await
    }

    /// What concerns a user, newest first: events before the one with the id `before`.
    pub async fn events_of(&self, user: i64, before: i64, limit: i64) -> Result<Vec<Remembered>> {
        let params = crate::params![user, before, limit];
        self.engine.scan(&OF_USER, &params, remembered).await
    }

    pub async fn remembered(&self, id: i64) -> Result<Option<Remembered>> {
        let params = crate::params![id];
        let found = self.engine.read(&FIND, &params, remembered).await?;
        Ok(found.into_iter().next())
    }
}

fn remembered(row: &Row<'_>) -> Result<Remembered> {
    Ok(Remembered {
        id: row.int(0)?,
        at: row.time(1)?,
        kind: row.text(2)?,
        app: row.opt_int(3)?,
        address: row.opt_text(4)?,
        detail: row.text(5)?,
        actor: row.opt_int(6)?,
    })
}
