//! What one node does for all that share a database.

use crate::{app::App, world::World};
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::Result;
use parking_lot::Mutex;
use std::collections::HashMap;

/// What this node leads, and until when.
pub struct Leases {
    holder: i64,
    held: Mutex<HashMap<&'static str, Timestamp>>,
}

impl Leases {
    pub fn new(world: &World) -> Self {
        Self {
            holder: world.new_id(world.now()),
            held: Mutex::default(),
        }
    }
}

impl App {
    /// Whether this node does `name` now, for `length` from here. The only server of an
    /// embedded database does everything.
    pub async fn leads(&self, name: &'static str, length: Millis) -> Result<bool> {
        if !self.store.is_shared() {
            return Ok(true);
        }
        let (leases, now) = (&self.leases, self.world.now());
        let held = leases.held.lock().get(name).copied();
        if held.is_some_and(|until| until - now > Millis(length.0 / 2)) {
            return Ok(true);
        }
        let leads = self.store.lease(name, leases.holder, length, now).await?;
        let mut held = leases.held.lock();
        match leads {
            true => held.insert(name, now + length),
            false => held.remove(name),
        };
        Ok(leads)
    }

    /// For whoever goes on while this node does not.
    pub async fn yield_leases(&self) {
        if self.leases.held.lock().is_empty() {
            return;
        }
        if let Err(error) = self.store.yield_leases(self.leases.holder).await {
            tracing::warn!(%error, "cannot give back what this node did for all");
        }
    }
}
