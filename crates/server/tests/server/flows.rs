//! Whole conversations, as snapshots to read.

use crate::support::{App, Person, Site};
use grantor_protocol::time::Millis;

mod accounts;
mod connect;
mod legacy;
mod mail_language;
mod native;
mod registration;
mod silent;
mod step_up;

/// A site with a server app and a user who is signed in; what follows is noted.
async fn scene() -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    site.transcript.start();
    (site, alice, clock)
}
