//! Keys, encrypted by the caller under the master key.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::Batch,
    error::Result,
    statement::statements,
    value::Row,
};
use grantor_protocol::time::Timestamp;

statements! {
    ALL_KEYS = "SELECT id, kind, sealed, created_at, active_at, retires_at FROM keys ORDER BY id";
    ADD = "INSERT INTO keys (id, kind, sealed, created_at, active_at)
        SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM keys WHERE kind = ?2 AND id >= ?1)
        ON CONFLICT (id) DO NOTHING";
    RETIRE = "UPDATE keys SET retires_at = ?3 WHERE kind = ?1 AND id < ?2 AND (retires_at IS NULL OR retires_at > ?3)";
    FORGET = "DELETE FROM keys WHERE retires_at < ?1";
}

#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Of a new one: one more than the newest of all kinds that the caller saw, so
    /// that of two nodes which saw the same exactly one succeeds.
    pub id: i64,
    pub kind: String,
    /// Nonce, ciphertext, tag.
    pub sealed: Vec<u8>,
    pub created: Timestamp,
    pub active: Timestamp,
    /// Accepted until then; `None` for the newest of its kind.
    pub retires: Option<Timestamp>,
}

impl Store {
    pub async fn keys(&self) -> Result<Vec<StoredKey>> {
        let read = |row: &Row<'_>| {
            Ok(StoredKey {
                id: row.int(0)?,
                kind: row.text(1)?,
                sealed: row.blob(2)?,
                created: row.time(3)?,
                active: row.time(4)?,
                retires: row.opt_time(5)?,
            })
        };
        self.engine.read(&ALL_KEYS, &[], read).await
    }

    /// Adds the next key of its kind; older ones stay accepted until `older_until`, or
    /// until the earlier end that was stated before.
    /// `false`: another node added one first.
    pub async fn add_key(
        &self,
        key: &StoredKey,
        older_until: Timestamp,
        event: Event,
    ) -> Result<bool> {
        let params = crate::params![
            key.id,
            &key.kind,
            key.sealed.clone(),
            key.created,
            key.active
        ];
        let batch = Batch::new()
            .expect_one(&ADD, params)
            .run(&RETIRE, crate::params![&key.kind, key.id, older_until])
            .change(Change::new(ChangeKind::Keys, key.id, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Removes keys that nothing living can depend on.
    pub async fn forget_keys(&self, now: Timestamp) -> Result<()> {
        self.must_apply(Batch::new().run(&FORGET, crate::params![now]))
            .await
    }
}
