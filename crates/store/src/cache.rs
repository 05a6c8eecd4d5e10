//! Records by id, as this node last read them.

use parking_lot::Mutex;
use std::sync::Arc;

/// A bounded cache whose entries are forgotten by the change feed. A record read
/// before a change and inserted after it would live on as the old one, so every
/// forgetting also voids what is being read meanwhile.
pub(crate) struct Cached<T> {
    records: quick_cache::sync::Cache<i64, Arc<T>>,
    /// Held while records are inserted or forgotten, never while they are read.
    forgettings: Mutex<u64>,
}

impl<T> Cached<T> {
    pub fn new(capacity: usize) -> Self {
        Self {
            records: quick_cache::sync::Cache::new(capacity),
            forgettings: Mutex::new(0),
        }
    }

    pub fn get(&self, id: i64) -> Option<Arc<T>> {
        self.records.get(&id)
    }

    /// Call before reading the record; hand the result to [`Self::keep`].
    pub fn moment(&self) -> u64 {
        *self.forgettings.lock()
    }

    pub fn keep(&self, id: i64, record: &Arc<T>, moment: u64) {
        let forgettings = self.forgettings.lock();
        if *forgettings == moment {
            self.records.insert(id, record.clone());
        }
    }

    pub fn forget(&self, id: i64) {
        let mut forgettings = self.forgettings.lock();
        *forgettings += 1;
        self.records.remove(&id);
    }

    pub fn forget_all(&self) {
        let mut forgettings = self.forgettings.lock();
        *forgettings += 1;
        self.records.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let cache = Cached::new(8);
        let moment = cache.moment();
        cache.forget(1);
        cache.keep(1, &Arc::new("old"), moment);
        assert_eq!(cache.get(1), None);
        cache.keep(1, &Arc::new("new"), cache.moment());
        assert_eq!(cache.get(1).as_deref(), Some(&"new"));
        let moment = cache.moment();
        cache.forget_all();
        cache.keep(2, &Arc::new("old"), moment);
        assert!(cache.get(1).is_none() && cache.get(2).is_none());
    }
}
