//! Icons and photos, named by the digest of their bytes.

use crate::{Store, engine::Batch, error::Result, statement::statements};
use grantor_protocol::time::Timestamp;

statements! {
    FIND = "SELECT png FROM images WHERE digest = ?1";
    /// An old one that is uploaded again is young again, or the sweeper could take it
    /// before it is shown.
    ADD = "INSERT INTO images (digest, png, created_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (digest) DO UPDATE SET created_at = excluded.created_at";
}

impl Store {
    /// A PNG by the hexadecimal SHA-256 of its bytes.
    pub async fn image(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        Ok(self
            .engine
            .read(&FIND, &crate::params![digest], |row| row.blob(0))
            .await?
            .pop())
    }

    pub async fn add_image(&self, digest: &str, png: &[u8], now: Timestamp) -> Result<()> {
        self.must_apply(Batch::new().run(&ADD, crate::params![digest, png, now]))
            .await
    }
}
