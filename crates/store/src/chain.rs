//! The chain of the audit log. Events are written by whoever makes the change, on any node;
//! one node after the other puts them into one order, a moment later, so that no writer
//! waits for another. Events come to light late (a transaction under way, a clock behind):
//! each poll looks back over what came last, now and then further.

use crate::{Store, engine::Batch, error::Result, statement::statements, value::Row};
use grantor_protocol::{
    audit::{Link, NOTHING, Recorded, Sum, digest},
    time::{Millis, Timestamp},
};

statements! {
    HEAD = "SELECT seq, digest FROM audit_chain ORDER BY seq DESC LIMIT 1";
    NEWEST = "SELECT MAX(at) FROM (SELECT at FROM audit_chain ORDER BY seq DESC LIMIT 1000) AS last";
    UNSEALED = "SELECT e.id, e.at, e.kind, e.user_id, e.actor_id, e.app_id, e.address, e.request_id, e.detail
        FROM audit_events e WHERE e.at >= ?1 AND (e.at > ?1 OR e.id > ?2)
            AND NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_id = e.id)
        ORDER BY e.at, e.id LIMIT ?3";
    /// Only after the link that it was made for; or as the first of all.
    ADD = "INSERT INTO audit_chain (seq, event_id, at, digest, seal)
        SELECT CAST(?1 AS BIGINT), ?2, ?3, ?4, ?5
        WHERE EXISTS (SELECT 1 FROM audit_chain WHERE seq = CAST(?1 AS BIGINT) - 1 AND digest = ?6)
            OR (CAST(?1 AS BIGINT) = 1 AND NOT EXISTS (SELECT 1 FROM audit_chain))
        ON CONFLICT DO NOTHING";
    LINKS = "SELECT e.id, e.at, e.kind, e.user_id, e.actor_id, e.app_id, e.address, e.request_id, e.detail,
            c.seq, c.event_id, c.digest, c.seal
        FROM audit_chain c LEFT JOIN audit_events e ON e.id = c.event_id
        WHERE c.seq > ?1 ORDER BY c.seq LIMIT ?2";
    /// The oldest links, with the age of their events.
    OLDEST = "SELECT seq, at FROM audit_chain ORDER BY seq LIMIT 1001";
    /// The last of those that go stays, for the next one to follow from.
    SWEEP_EVENTS = "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_chain WHERE seq <= ?1) RETURNING 1";
    SWEEP_LINKS = "DELETE FROM audit_chain WHERE seq < ?1";
    POSITION = "SELECT seq FROM audit_streams WHERE name = ?1";
    POSITIONS = "SELECT name, seq FROM audit_streams";
    SET_POSITION = "INSERT INTO audit_streams (name, seq) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET seq = excluded.seq";
}

/// Links that are written at once.
const STRETCH: usize = 200;
/// How far each poll looks back, and how far now and then. An event comes to light within
/// the second, or its machine's clock is wrong by more than any may be.
pub const LATELY: Millis = Millis::seconds(2);
pub const LONGEST: Millis = Millis::minutes(2);

/// A link and its event; without it where that is gone.
pub type Linked = (Link, Option<Recorded>);

pub(crate) fn read_recorded(row: &Row<'_>) -> Result<Recorded> {
    Ok(Recorded {
        id: row.int(0)?,
        at: row.time(1)?,
        kind: row.text(2)?,
        user: row.opt_int(3)?,
        actor: row.opt_int(4)?,
        app: row.opt_int(5)?,
        address: row.opt_text(6)?,
        request_id: row.opt_text(7)?,
        detail: row.text(8)?,
    })
}

fn read_linked(row: &Row<'_>) -> Result<Linked> {
    let event = match row.opt_int(0)? {
        Some(_) => Some(read_recorded(row)?),
        None => None,
    };
    let link = Link {
        seq: row.int(9)?,
        event: row.int(10)?,
        digest: *row.digest(11)?.as_bytes(),
        seal: row.opt_blob(12)?,
    };
    Ok((link, event))
}

impl Store {
    /// The last link of the chain: its number and digest.
    pub async fn chain_head(&self) -> Result<Option<(i64, Sum)>> {
        let read = |row: &Row<'_>| Ok((row.int(0)?, *row.digest(1)?.as_bytes()));
        Ok(self.engine.read(&HEAD, &[], read).await?.pop())
    }

    /// When the newest of the events that were sealed lately happened.
    pub async fn sealed_until(&self) -> Result<Option<Timestamp>> {
        let read = |row: &Row<'_>| row.opt_time(0);
        let newest = self.engine.read(&NEWEST, &[], read).await?;
        Ok(newest.into_iter().flatten().next())
    }

    /// Seals what has happened since `since` and is not in the chain yet; `mac` makes the
    /// seal of a link. The number of links.
    pub async fn seal_events(
        &self,
        since: Timestamp,
        mac: impl Fn(i64, &Sum) -> Vec<u8>,
    ) -> Result<usize> {
        let (mut after, mut sealed) = ((since, i64::MIN), 0);
        loop {
            let found = self.unsealed(after, STRETCH).await?;
            let Some(last) = found.last() else {
                return Ok(sealed);
            };
            after = (last.at, last.id);
            let head = self.chain_head().await?;
            let batch = stretch(head, &found, &mac);
            if !self.apply(batch).await?.is_done() {
                // Another node was first; what it left is found by the next poll.
                return Ok(sealed);
            }
            sealed += found.len();
            if found.len() < STRETCH {
                return Ok(sealed);
            }
        }
    }

    /// Events that are not in the chain, the oldest first, after this moment and id.
    pub async fn unsealed(
        &self,
        (at, id): (Timestamp, i64),
        limit: usize,
    ) -> Result<Vec<Recorded>> {
        let params = crate::params![at, id, limit as i64];
        self.engine.scan(&UNSEALED, &params, read_recorded).await
    }

    /// Links after this one, with their events.
    pub async fn links(&self, after: i64, limit: usize) -> Result<Vec<Linked>> {
        let params = crate::params![after, limit as i64];
        self.engine.scan(&LINKS, &params, read_linked).await
    }

    /// Removes sealed events older than `before`, in the order of the chain: at most a
    /// step of them; their number.
    pub(crate) async fn sweep_chain(&self, before: Timestamp) -> Result<usize> {
        let read = |row: &Row<'_>| Ok((row.int(0)?, row.time(1)?));
        let oldest = self.engine.scan(&OLDEST, &[], read).await?;
        let old = oldest.iter().take_while(|(_, at)| *at < before);
        let Some((last, _)) = old.last() else {
            return Ok(0);
        };
        let batch = Batch::new()
            .run(&SWEEP_EVENTS, crate::params![*last])
            .run(&SWEEP_LINKS, crate::params![*last]);
        self.remove_some(batch).await
    }

    /// How far the chain was sent to a place outside.
    pub async fn stream_position(&self, name: &str) -> Result<i64> {
        let read = |row: &Row<'_>| row.int(0);
        let params = crate::params![name];
        let found = self.engine.read(&POSITION, &params, read).await?;
        Ok(found.into_iter().next().unwrap_or(0))
    }

    pub async fn stream_positions(&self) -> Result<Vec<(String, i64)>> {
        let read = |row: &Row<'_>| Ok((row.text(0)?, row.int(1)?));
        self.engine.read(&POSITIONS, &[], read).await
    }

    pub async fn set_stream_position(&self, name: &str, seq: i64) -> Result<()> {
        self.must_apply(Batch::new().run(&SET_POSITION, crate::params![name, seq]))
            .await
    }
}

/// The links for these events after `head`, the last of them sealed.
fn stretch(
    head: Option<(i64, Sum)>,
    events: &[Recorded],
    mac: impl Fn(i64, &Sum) -> Vec<u8>,
) -> Batch {
    let (mut seq, mut before) = head.unwrap_or((0, NOTHING));
    let mut batch = Batch::new();
    for (place, event) in events.iter().enumerate() {
        seq += 1;
        let next = digest(&before, event);
        let seal = (place + 1 == events.len()).then(|| mac(seq, &next));
        let params = crate::params![seq, event.id, event.at, &next[..], seal, &before[..]];
        batch = batch.expect_one(&ADD, params);
        before = next;
    }
    batch
}
