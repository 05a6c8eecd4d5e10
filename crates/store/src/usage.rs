//! When things were last used: collected in memory, written at most once a minute
//! for each row.

use crate::{Store, engine::Batch, error::Result, statement::statements};
use grantor_protocol::time::{Millis, Timestamp};
use parking_lot::Mutex;
use std::{collections::HashMap, net::IpAddr};

statements! {
    GRANT_USED = "UPDATE grants SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
    FAMILY_USED = "UPDATE families SET idle_until = ?2 WHERE id = ?1 AND idle_until < ?2";
    PERSONAL_TOKEN_USED = "UPDATE personal_access_tokens SET last_used_at = ?2, last_used_from = ?3
        WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
    SECRET_USED = "UPDATE client_secrets SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
    SESSION_SEEN = "UPDATE sessions SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2";
}

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Used {
    Grant(i64),
    Family(i64),
    PersonalToken(i64),
    ClientSecret(i64),
    Session(i64),
}

/// Uses not yet written. Beyond [`CROWD`] rows a minute, some stay unwritten:
/// memory is bounded, and a later use writes them.
#[derive(Default)]
pub struct Usage(Mutex<HashMap<Used, (Timestamp, Option<IpAddr>)>>);

const CROWD: usize = 200_000;
const AT_ONCE: usize = 500;

impl Usage {
    pub fn note(&self, used: Used, now: Timestamp, from: Option<IpAddr>) {
        let mut notes = self.0.lock();
        if notes.len() < CROWD || notes.contains_key(&used) {
            notes.insert(used, (now, from));
        }
    }

    /// For a database that cannot write now; what was noted since is newer.
    fn put_back(&self, unwritten: &[(Used, (Timestamp, Option<IpAddr>))]) {
        let mut notes = self.0.lock();
        for (used, note) in unwritten {
            notes.entry(*used).or_insert(*note);
        }
    }

    /// When something was last used, if that is not written yet.
    pub fn noted(&self, used: Used) -> Option<Timestamp> {
        self.last(used).map(|(at, _)| at)
    }

    /// The same, and from where.
    pub(crate) fn last(&self, used: Used) -> Option<(Timestamp, Option<IpAddr>)> {
        self.0.lock().get(&used).copied()
    }
}

impl Store {
    /// Writes what was noted. `idle`: how long a family lives unused.
    pub async fn write_usage(&self, idle: Millis) -> Result<()> {
        let notes = std::mem::take(&mut *self.usage.0.lock());
        let mut notes: Vec<_> = notes.into_iter().collect();
        // Two nodes that write about the same rows take them in the same order.
        notes.sort_unstable_by_key(|(used, _)| *used);
        for (number, chunk) in notes.chunks(AT_ONCE).enumerate() {
            let batch = chunk
                .iter()
                .fold(Batch::new(), |batch, (used, (at, from))| match used {
                    Used::Grant(id) => batch.run(&GRANT_USED, crate::params![*id, *at]),
                    Used::Family(id) => batch.run(&FAMILY_USED, crate::params![*id, *at + idle]),
                    Used::PersonalToken(id) => {
                        let from = from.map(|address| address.to_string());
                        batch.run(&PERSONAL_TOKEN_USED, crate::params![*id, *at, from])
                    }
                    Used::ClientSecret(id) => batch.run(&SECRET_USED, crate::params![*id, *at]),
                    Used::Session(id) => batch.run(&SESSION_SEEN, crate::params![*id, *at]),
                });
            if let Err(error) = self.must_apply(batch).await {
                self.usage.put_back(&notes[number * AT_ONCE..]);
                return Err(error);
            }
        }
        Ok(())
    }
}
