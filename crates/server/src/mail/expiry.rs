//! Telling users of personal access tokens that will soon work no more.

use crate::app::App;
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::{Result, audit::Actor};

const AHEAD: Millis = Millis::days(7);
const AT_ONCE: i64 = 500;

/// Tells of each once, where mail is on. The rest's turn is the next minute's.
///
/// # Errors
/// The database cannot be read or written.
pub async fn warn(app: &App, now: Timestamp) -> Result<()> {
    if !app.mailer.is_on() {
        return Ok(());
    }
    for token in app.store.expiring_tokens(AHEAD, now, AT_ONCE).await? {
        let mut event = app.event("token.expiring", now, Actor::default());
        event.user = Some(token.user);
        event.detail = token.description;
        app.store.warn_of_token(token.id, event).await?;
    }
    Ok(())
}
