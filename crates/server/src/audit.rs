//! The audit log on its way: sealed into a chain by one node at a time, checked, and
//! written as lines for whoever keeps it outside.

pub mod place;
pub mod stream;
mod syslog;

use crate::{app::App, pages::format};
use grantor_protocol::{
    audit::{Finding, Link, Recorded, Walk},
    time::{Millis, Timestamp},
};
use grantor_store::{
    Result,
    chain::{LATELY, LONGEST, Linked},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// How long a node seals for all, unless it does so again.
const LEASE: Millis = Millis::seconds(15);
/// How often it looks for what came to light late.
const FAR: Millis = Millis::seconds(15);
/// Links that are looked at together.
const PAGE: usize = 1000;

/// Seals events a moment after they were written.
#[derive(Default)]
pub struct Sealer {
    looked_far: Option<Timestamp>,
}

impl Sealer {
    /// Does it once, if this node does it for all; the number of events.
    pub async fn round(&mut self, app: &App) -> Result<usize> {
        if !app.leads("audit", LEASE).await? {
            self.looked_far = None;
            return Ok(0);
        }
        let now = app.world.now();
        let far = self.looked_far.is_none_or(|at| now - at >= FAR);
        let back = if far { LONGEST } else { LATELY };
        // Other clocks are behind ours; and what came while nobody sealed is older.
        let newest = app.store.sealed_until().await?.unwrap_or(Timestamp(0));
        let since = newest.min(now) - back;
        let keys = Arc::clone(&app.keys.now());
        let mac = |seq, digest: &_| keys.seal_link(seq, digest);
        let sealed = app.store.seal_events(since, mac).await?;
        if far {
            self.looked_far = Some(now);
        }
        Ok(sealed)
    }
}

/// What a walk along the whole chain has shown.
pub struct Verified {
    pub walk: Walk,
    /// The last link and its digest.
    pub last: Option<(i64, String)>,
    /// Events that came so lately that they are not sealed yet.
    pub unsealed: u64,
    pub findings: Vec<Finding>,
}

/// Findings that are listed; more change nothing.
const MOST: usize = 1000;

/// Walks along the chain from its oldest link, and looks for events beside it.
pub async fn verify(app: &App) -> Result<Verified> {
    let keys = Arc::clone(&app.keys.now());
    let seals = |link: &Link, seal: &[u8]| keys.seals(link, seal);
    let (mut walk, mut findings, mut after) = (Walk::default(), Vec::new(), 0);
    loop {
        let links = app.store.links(after, PAGE).await?;
        let Some((last, _)) = links.last() else { break };
        after = last.seq;
        for (link, event) in &links {
            findings.extend(walk.next((link, event.as_ref()), seals));
        }
        findings.truncate(MOST);
    }
    let (last, torn) = walk.end();
    findings.extend(torn);
    let last = last.map(|(seq, digest)| (seq, hex(digest)));
    let end = last.as_ref().map_or(0, |(seq, _)| *seq);
    for (stream, sent) in app.store.stream_positions().await? {
        if sent > end {
            let last = end;
            findings.push(Finding::Shortened { last, sent, stream });
        }
    }
    let unsealed = unsealed(app, &mut findings).await?;
    Ok(Verified {
        walk,
        last,
        unsealed,
        findings,
    })
}

/// How many events have not been sealed yet; those that should have been are findings.
async fn unsealed(app: &App, findings: &mut Vec<Finding>) -> Result<u64> {
    let newest = app.store.sealed_until().await?.unwrap_or(Timestamp(0));
    let (mut after, mut lately) = ((Timestamp(0), i64::MIN), 0);
    while findings.len() < MOST {
        let events = app.store.unsealed(after, PAGE).await?;
        let Some(last) = events.last() else { break };
        after = (last.at, last.id);
        for event in &events {
            match newest - event.at > LONGEST {
                true => findings.push(Finding::Inserted {
                    event: event.id,
                    at: format::instant(event.at),
                }),
                false => lately += 1,
            }
        }
    }
    Ok(lately)
}

/// An event as a line of JSON, with its place in the chain.
pub fn line((link, event): &Linked) -> Option<String> {
    let event = event.as_ref()?;
    let mut line = object(event);
    line["seq"] = json!(link.seq);
    line["digest"] = json!(hex(&link.digest));
    Some(line.to_string())
}

/// An event for programs.
pub fn object(event: &Recorded) -> Value {
    let gid = |id: Option<i64>| id.map(|id| id.to_string());
    json!({
        "id": event.id.to_string(),
        "at": format::instant(event.at),
        "kind": event.kind,
        "user": gid(event.user),
        "actor": gid(event.actor),
        "app": gid(event.app),
        "address": event.address,
        "request_id": event.request_id,
        "detail": event.detail,
    })
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
