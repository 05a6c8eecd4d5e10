//! Records by id, as this node last read them.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A bounded cache whose entries are forgotten by the change feed. A record read
/// before a change and inserted after it would live on as the old one, so every
/// forgetting also voids what is being read meanwhile.
pub(crate) struct Cached<T> {
    records: quick_cache::sync::Cache<i64, Arc<T>>,
    forgettings: AtomicU64,
}

impl<T> Cached<T> {
    pub fn new(capacity: usize) -> Self {
        Self {
            records: quick_cache::sync::Cache::new(capacity),
            forgettings: AtomicU64::new(0),
        }
    }

    pub fn get(&self, id: i64) -> Option<Arc<T>> {
        self.records.get(&id)
    }

    /// Call before reading the record; hand the result to [`Self::keep`].
    pub fn moment(&self) -> u64 {
        self.forgettings.load(Ordering::Acquire)
    }

    pub fn keep(&self, id: i64, record: &Arc<T>, moment: u64) {
        if self.moment() == moment {
            self.records.insert(id, record.clone());
        }
        if self.moment() != moment {
            self.records.remove(&id);
        }
    }

    pub fn forget(&self, id: i64) {
        self.forgettings.fetch_add(1, Ordering::AcqRel);
        self.records.remove(&id);
    }
}
