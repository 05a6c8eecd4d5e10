//! The request log of an app: what its owner needs to know of refused requests. One row
//! for each kind of refusal, however often it happened.

use crate::{Store, engine::Batch, error::Result, statement::statements, value::Row};
use grantor_protocol::time::Timestamp;

/// How many different things received are kept of each cause. The causes are a closed
/// list, so that an app's rows are bounded, and no cause crowds out another.
pub const KEPT: i64 = 20;

statements! {
    ADD = "INSERT INTO refusals (id, app_id, endpoint, cause, received, times, first_at, last_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (app_id, endpoint, cause, received) DO UPDATE SET times = refusals.times + excluded.times,
            last_at = CASE WHEN excluded.last_at > refusals.last_at THEN excluded.last_at ELSE refusals.last_at END";
    TRIM = "DELETE FROM refusals WHERE app_id = ?1 AND endpoint = ?2 AND cause = ?3 AND received NOT IN (
        SELECT received FROM refusals WHERE app_id = ?1 AND endpoint = ?2 AND cause = ?3
        ORDER BY last_at DESC, id DESC LIMIT ?4)";
    OF_APP = "SELECT id, endpoint, cause, received, times, first_at, last_at
        FROM refusals WHERE app_id = ?1 ORDER BY last_at DESC, id DESC";
}

/// Requests of an app that were refused for the same reason.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub id: i64,
    pub app: i64,
    pub endpoint: String,
    pub cause: String,
    /// The redirect URI or the scope, where that was the trouble; `""` elsewhere.
    pub received: String,
    pub times: i64,
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Store {
    /// Adds refusals (collected by the caller) to those of the same kind, and keeps of
    /// each cause what was received last.
    pub async fn add_refusals(&self, refusals: &[Refusal]) -> Result<()> {
        let batch = refusals.iter().fold(Batch::new(), |batch, it| {
            let params = crate::params![
                it.id,
                it.app,
                &it.endpoint,
                &it.cause,
                &it.received,
                it.times,
                it.first,
                it.last
            ];
            batch
                .run(&ADD, params)
                .run(&TRIM, crate::params![it.app, &it.endpoint, &it.cause, KEPT])
        });
        self.must_apply(batch).await
    }

    /// Newest first.
    pub async fn refusals_of(&self, app: i64) -> Result<Vec<Refusal>> {
        let read = |row: &Row<'_>| {
            Ok(Refusal {
                id: row.int(0)?,
                app,
                endpoint: row.text(1)?,
                cause: row.text(2)?,
                received: row.text(3)?,
                times: row.int(4)?,
                first: row.time(5)?,
                last: row.time(6)?,
            })
        };
        self.engine.read(&OF_APP, &crate::params![app], read).await
    }
}
