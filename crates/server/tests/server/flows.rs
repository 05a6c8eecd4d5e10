//! Whole conversations, as snapshots to read.

use crate::support::Site;

mod connect;

/// A site whose conversation is noted.
async fn noted() -> Site {
    let site = Site::open().await;
    site.transcript.start();
    site
}
