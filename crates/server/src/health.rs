//! Whether the process lives, and whether it should get traffic.

use crate::{app::Shared, failure::Answer};
use axum::{extract::State, response::IntoResponse};

/// Says only that the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Reads the database and its change feed.
pub async fn ready(State(app): State<Shared>) -> Answer {
    app.store.ping().await?;
    Ok("ready\n".into_response())
}
