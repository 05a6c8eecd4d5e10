//! Work that one node does for all: who has a lease does it, until the lease is over.

use crate::{Store, engine::Batch, error::Result, statement::statements};
use grantor_protocol::time::{Millis, Timestamp};

statements! {
    /// Taken where nobody has it, or anew by whoever does.
    TAKE = "INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.until <= ?4 OR leases.holder = excluded.holder";
    YIELD = "DELETE FROM leases WHERE holder = ?1";
}

impl Store {
    /// Takes or prolongs a lease; `false`: another node has it. Clocks of nodes differ: two
    /// may hold it for that long, so it spares work and proves nothing.
    pub async fn lease(
        &self,
        name: &str,
        holder: i64,
        length: Millis,
        now: Timestamp,
    ) -> Result<bool> {
        let params = crate::params![name, holder, now + length, now];
        let batch = Batch::new().expect_one(&TAKE, params);
        Ok(self.apply(batch).await?.is_done())
    }

    /// Gives back all that a node holds, so that others need not wait for it.
    pub async fn yield_leases(&self, holder: i64) -> Result<()> {
        self.must_apply(Batch::new().run(&YIELD, crate::params![holder]))
            .await
    }
}
