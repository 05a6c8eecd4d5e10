//! Audit events, written in the batch that makes the change.

use crate::{
    Store, chain::read_recorded, changes::SKEW, engine::Batch, error::Result, mails::Told,
    passkeys::Answered, statement::statements, value::Row,
};
use grantor_protocol::{
    audit::Recorded,
    role::Role,
    time::{Millis, Timestamp},
};

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
    /// So many of the events of a time, and of them those that are looked for.
    SEARCH = "SELECT id, at, kind, user_id, actor_id, app_id, address, request_id, detail
        FROM (SELECT id, at, kind, user_id, actor_id, app_id, address, request_id, detail FROM audit_events
            WHERE at <= ?1 AND (at < ?1 OR id < ?2) AND at >= ?3 ORDER BY at DESC, id DESC LIMIT 50000) AS lately
        WHERE (CAST(?4 AS TEXT) IS NULL OR kind = ?4) AND (CAST(?5 AS BIGINT) IS NULL OR user_id = ?5)
            AND (CAST(?6 AS BIGINT) IS NULL OR actor_id = ?6) AND (CAST(?7 AS BIGINT) IS NULL OR app_id = ?7)
            AND (CAST(?8 AS TEXT) IS NULL OR address = ?8)
        ORDER BY at DESC, id DESC LIMIT ?9";
    SEARCHED = "SELECT at, id FROM audit_events
        WHERE at <= ?1 AND (at < ?1 OR id < ?2) AND at >= ?3 ORDER BY at DESC, id DESC LIMIT 1 OFFSET 49999";
    SEARCH_OF_USER = "SELECT id, at, kind, user_id, actor_id, app_id, address, request_id, detail FROM audit_events
        WHERE at <= ?1 AND (at < ?1 OR id < ?2) AND at >= ?3 AND (CAST(?4 AS TEXT) IS NULL OR kind = ?4) AND user_id = ?5
            AND (CAST(?6 AS BIGINT) IS NULL OR actor_id = ?6) AND (CAST(?7 AS BIGINT) IS NULL OR app_id = ?7)
            AND (CAST(?8 AS TEXT) IS NULL OR address = ?8)
        ORDER BY at DESC, id DESC LIMIT ?9";
}

/// What is looked for in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub kind: Option<String>,
    pub user: Option<i64>,
    pub actor: Option<i64>,
    pub app: Option<i64>,
    pub address: Option<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Events, and the moment and id before which the search goes on, if there is more.
pub struct SearchPage {
    pub events: Vec<Recorded>,
    pub next: Option<(i64, i64)>,
}

/// Who did something, from where, in which request.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    pub user: Option<i64>,
    /// The session by which she acts: what it does is written only while it lives.
    pub session: Option<i64>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    /// Upon what is not hers: written only while her role reaches so far.
    pub office: Option<Office>,
    /// By a form that is good for one use: written only if this is the first.
    pub form: Option<Answered>,
}

/// In which role somebody acts, and upon whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Office {
    /// Which she must have until it is written.
    pub role: Role,
    /// The user whose things they are.
    pub upon: Option<i64>,
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
        let guards = crate::roles::still_reaches(&actor);
        let batch = self.acting(actor.session).in_role(guards);
        let batch = batch.by_form(actor.form.as_ref()).run(
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

    /// Looks through some of the log, newest first, from `before` on (a moment and an id).
    /// Where little is found, more may be further back: `next` says where to go on.
    pub async fn search_events(
        &self,
        search: &Search,
        before: Option<(i64, i64)>,
        limit: usize,
    ) -> Result<SearchPage> {
        let newest = search.to.map_or(i64::MAX, |to| to.0);
        let (at, id) = before.unwrap_or((newest, i64::MAX));
        let from = search.from.map_or(0, |from| from.0);
        let params = crate::params![
            at,
            id,
            from,
            search.kind.clone(),
            search.user,
            search.actor,
            search.app,
            search.address.clone(),
            limit as i64 + 1
        ];
        let statement = match search.user {
            Some(_) => &SEARCH_OF_USER,
            None => &SEARCH,
        };
        let mut events = self.engine.scan(statement, &params, read_recorded).await?;
        let more = events.len() > limit;
        events.truncate(limit);
        let last = events.last().filter(|_| more);
        let next = match (last, search.user) {
            (Some(last), _) => Some((last.at.0, last.id)),
            (None, Some(_)) => None,
            (None, None) => {
                let read = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?));
                let params = crate::params![at, id, from];
                self.engine.scan(&SEARCHED, &params, read).await?.pop()
            }
        };
        Ok(SearchPage { events, next })
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
