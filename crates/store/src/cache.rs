//! Records by key, most of them by id, as this node last read them.

use parking_lot::Mutex;
use std::{hash::Hash, sync::Arc};

/// A bounded cache whose entries are forgotten by the change feed. A record read
/// before a change and inserted after it would live on as the old one, so every
/// forgetting also voids what is being read meanwhile.
pub(crate) struct Cached<T, K = i64> {
    records: quick_cache::sync::Cache<K, Arc<T>>,
    /// Held while records are inserted or forgotten, never while they are read.
    forgettings: Mutex<u64>,
}

impl<T, K: Hash + Eq> Cached<T, K> {
    pub fn new(capacity: usize) -> Self {
        Self {
            records: quick_cache::sync::Cache::new(capacity),
            forgettings: Mutex::new(0),
        }
    }

    pub fn get(&self, id: K) -> Option<Arc<T>> {
        self.records.get(&id)
    }

    /// Gets a record, once.
    pub fn take(&self, id: K, is_it: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let taken = self.records.remove_if(&id, |record| is_it(record));
        taken.map(|(_, record)| record)
    }

    /// Call before reading the record; hand the result to [`Self::keep`].
    pub fn moment(&self) -> u64 {
        *self.forgettings.lock()
    }

    pub fn keep(&self, id: K, record: &Arc<T>, moment: u64) {
        let forgettings = self.forgettings.lock();
        if *forgettings == moment {
            self.records.insert(id, record.clone());
        }
    }

    pub fn forget(&self, id: K) {
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
        let cache: Cached<&str> = Cached::new(8);
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

    #[test]
    fn what_is_taken_is_gone_and_only_who_knows_it_takes_it() {
        let cache: Cached<&str> = Cached::new(8);
        cache.keep(1, &Arc::new("it"), cache.moment());
        assert_eq!(cache.take(1, |record| *record == "another"), None);
        assert_eq!(
            cache.take(1, |record| *record == "it").as_deref(),
            Some(&"it")
        );
        assert_eq!(cache.take(1, |_| true), None);
    }
}
