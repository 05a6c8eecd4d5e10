//! Whether the process lives, whether it should get traffic, and whom to tell of a
//! weakness.

use crate::{
    app::{App, Shared},
    context::Context,
    failure::{Answer, Failure},
    pages::format,
};
use axum::{extract::State, http::StatusCode, response::IntoResponse};
use grantor_protocol::time::Millis;
use grantor_store::changes::SKEW;
use std::sync::atomic::Ordering;

/// How long after it was read a contact may be relied on; under a year (RFC 9116).
const CONTACT_GOOD: Millis = Millis::days(180);

/// Says only that the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Reads the database and its change feed, compares the clock with what is written, and
/// looks whether a newer version took away what this one needs.
pub async fn ready(State(app): State<Shared>) -> Answer {
    let unready = |why: String| Ok((StatusCode::SERVICE_UNAVAILABLE, why + "\n").into_response());
    if app.stopping.load(Ordering::Relaxed) {
        return unready("this server is stopping".into());
    }
    app.store.ping().await?;
    if let Err(error) = app.check_clock().await? {
        return unready(error.to_string());
    }
    if let Some(why) = app.store.outgrown().await? {
        return unready(format!("the database {why}"));
    }
    Ok("ready\n".into_response())
}

/// RFC 9116, where the operator names a contact.
pub async fn security(State(app): State<Shared>, context: Context) -> Answer {
    let contact = app.config.service.security_contact.as_ref();
    let contact = contact.ok_or(Failure::NotFound)?;
    let expires = format::iso(context.now + CONTACT_GOOD);
    let origin = app.config.service.public_url.origin();
    Ok(format!(
        "Contact: {}\nExpires: {expires}\nCanonical: {origin}/.well-known/security.txt\n",
        contact.as_str()
    )
    .into_response())
}

/// By this clock what has expired is valid again, or what is valid has expired.
#[derive(Debug, thiserror::Error)]
pub enum WrongClock {
    #[error(
        "the clock of this machine is {} s behind the newest record of the database: set it right. If it \
         is right, it was ahead when that was written: restore a backup from before, or what was made \
         then expires that much too late",
        .0.as_seconds()
    )]
    BehindRecord(Millis),
    #[error("the clock of this machine is {} s behind that of the database: set it right", .0.as_seconds())]
    Behind(Millis),
    #[error("the clock of this machine is {} s ahead of that of the database: set it right", .0.as_seconds())]
    Ahead(Millis),
}

impl App {
    /// A database's own clock is the judge, where it has one: a record from the future is
    /// then of a node that was ahead, which is no fault of the others. Otherwise what is
    /// written is the only witness.
    pub async fn check_clock(&self) -> grantor_store::Result<Result<(), WrongClock>> {
        let now = self.world.now();
        let wrong = match self.store.clock().await? {
            Some(clock) if clock - now > SKEW => Some(WrongClock::Behind(clock - now)),
            Some(clock) if now - clock > SKEW => Some(WrongClock::Ahead(now - clock)),
            Some(_) => None,
            None => self
                .store
                .newer_than(now)
                .await?
                .map(WrongClock::BehindRecord),
        };
        Ok(wrong.map_or(Ok(()), Err))
    }
}
