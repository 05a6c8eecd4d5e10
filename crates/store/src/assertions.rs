//! Client assertions: each works once, on whichever node and after whatever restart.

use crate::{Store, engine::Batch, error::Result, statement::statements};
use grantor_protocol::client::assertion::Once;

statements! {
    USE = "INSERT INTO assertions (id, digest, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING";
}

impl Store {
    /// Uses an assertion up; `id` is the new row's. `false`: it was used before.
    pub async fn use_assertion(&self, id: i64, once: &Once) -> Result<bool> {
        let params = crate::params![id, once.digest, once.expires];
        let batch = Batch::new().expect_one(&USE, params);
        Ok(self.apply(batch).await?.is_done())
    }
}
