//! From the chain to places outside, in its order and at least once: what a place has taken
//! is written down afterwards. A place that takes nothing delays itself alone.

use super::{line, place::Place};
use crate::app::{App, Shared};
use grantor_protocol::time::Millis;
use std::time::Duration;
use tokio::sync::watch;

/// How long a node sends for all, unless it does so again.
const LEASE: Millis = Millis::seconds(30);
/// Events that are sent together.
const TOGETHER: usize = 100;
/// How often it is looked whether there is something to send.
const IDLE: Duration = Duration::from_secs(1);
/// The longest time between two tries.
const LONGEST: Duration = Duration::from_secs(300);

/// Sends to one place until `stop`.
pub async fn run(app: Shared, mut place: Place, mut stop: watch::Receiver<bool>) {
    let (mut wait, mut failing) = (IDLE, false);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(wait) => {}
        }
        match round(&app, &mut place).await {
            Ok(more) => {
                if failing {
                    tracing::info!(stream = place.name(), "the audit log is sent again");
                }
                failing = false;
                wait = if more { Duration::ZERO } else { IDLE };
            }
            Err(error) => {
                if !failing {
                    tracing::error!(
                        stream = place.name(),
                        "cannot send the audit log: {error:#}"
                    );
                }
                failing = true;
                wait = (wait.max(IDLE) * 2).min(LONGEST);
            }
        }
    }
}

/// Sends some of what is new, if this node does so for all; whether there may be more.
async fn round(app: &App, place: &mut Place) -> anyhow::Result<bool> {
    if !app.leads(place.name(), LEASE).await? {
        return Ok(false);
    }
    let (store, name) = (&app.store, place.name());
    let position = store.stream_position(name).await?;
    let end = store.chain_head().await?.map_or(0, |(seq, _)| seq);
    if position > end {
        tracing::error!(
            stream = name,
            "the audit log ends at {end}, but was sent up to {position} before: was a backup restored? It is sent on from its end"
        );
        store.set_stream_position(name, end).await?;
        return Ok(false);
    }
    let links = store.links(position, TOGETHER).await?;
    let Some((last, _)) = links.last() else {
        return Ok(false);
    };
    let lines: Vec<_> = links
        .iter()
        .filter_map(|linked| Some((linked.1.as_ref()?, line(linked)?)))
        .collect();
    if !lines.is_empty() {
        place.send(app, &lines).await?;
    }
    store.set_stream_position(name, last.seq).await?;
    Ok(links.len() == TOGETHER)
}
