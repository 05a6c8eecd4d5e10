//! Browsers on their way to a login elsewhere: each comes back once, whichever node it
//! comes back to.

use crate::{Store, engine::Batch, error::Result, statement::statements, value::Row};
use grantor_protocol::{secret::Digest, time::Timestamp};

statements! {
    BEGIN = "INSERT INTO journeys (id, digest, facts, expires_at) VALUES (?1, ?2, ?3, ?4)";
    FIND = "SELECT digest, facts FROM journeys WHERE id = ?1 AND expires_at > ?2";
    END = "DELETE FROM journeys WHERE id = ?1 AND expires_at > ?2";
}

impl Batch {
    /// The journey, if there is one, ends with what follows from it, once.
    pub(crate) fn end_journeys(self, id: Option<i64>, now: Timestamp) -> Self {
        match id {
            Some(id) => self.expect_one(&END, crate::params![id, now]),
            None => self,
        }
    }
}

impl Store {
    /// `digest`: of what its browser holds; `facts`: for whoever it comes back to.
    pub async fn begin_journey(
        &self,
        id: i64,
        digest: Digest,
        facts: &str,
        expires: Timestamp,
    ) -> Result<()> {
        let params = crate::params![id, digest, facts, expires];
        self.must_apply(Batch::new().expect_one(&BEGIN, params))
            .await
    }

    /// The facts of a journey that goes on; `None`: it has ended, or is another browser's.
    pub async fn journey(
        &self,
        id: i64,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<String>> {
        let read = |row: &Row<'_>| Ok((row.digest(0)?, row.text(1)?));
        let params = crate::params![id, now];
        let found = self.engine.read(&FIND, &params, read).await?.pop();
        Ok(found
            .filter(|(stored, _)| stored.proves(digest))
            .map(|(_, facts)| facts))
    }

    /// `false`: it has ended already. Of all who ask, on all nodes, one is told `true`.
    pub async fn end_journey(&self, id: i64, now: Timestamp) -> Result<bool> {
        let batch = Batch::new().end_journeys(Some(id), now);
        Ok(self.apply(batch).await?.is_done())
    }
}
