//! The request log of an app: what its owner needs to know of refused requests.

use crate::{Store, engine::Batch, error::Result, statement::statements, value::Row};
use grantor_protocol::time::Timestamp;

/// Kept for each app.
pub const KEPT: i64 = 50;

statements! {
    ADD = "INSERT INTO refusals (id, app_id, at, endpoint, cause, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    TRIM = "DELETE FROM refusals WHERE app_id = ?1 AND id <= (
        SELECT id FROM refusals WHERE app_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    OF_APP = "SELECT id, at, endpoint, cause, detail FROM refusals WHERE app_id = ?1 ORDER BY id DESC LIMIT 50";
}

#[derive(Clone, Debug)]
pub struct Refusal {
    pub id: i64,
    pub app: i64,
    pub at: Timestamp,
    pub endpoint: String,
    pub cause: String,
    /// What was received and how near it was, without secrets.
    pub detail: String,
}

impl Store {
    /// Appends refusals (collected by the caller) and keeps the newest of each app.
    pub async fn add_refusals(&self, refusals: &[Refusal]) -> Result<()> {
        let batch = refusals.iter().fold(Batch::new(), |batch, it| {
            batch
                .run(
                    &ADD,
                    crate::params![it.id, it.app, it.at, &it.endpoint, &it.cause, &it.detail],
                )
                .run(&TRIM, crate::params![it.app, KEPT])
        });
        self.must_apply(batch).await
    }

    pub async fn refusals_of(&self, app: i64) -> Result<Vec<Refusal>> {
        let read = |row: &Row<'_>| {
            Ok(Refusal {
                id: row.int(0)?,
                app,
                at: row.time(1)?,
                endpoint: row.text(2)?,
                cause: row.text(3)?,
                detail: row.text(4)?,
            })
        };
        self.engine.read(&OF_APP, &crate::params![app], read).await
    }
}
