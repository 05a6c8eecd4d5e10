//! What an administrator's tool does to the database of a running server.

use super::{App, Site};
use grantor_protocol::time::Millis;
use grantor_store::{
    Location, Store,
    audit::{Actor, Event},
};

impl App {
    /// Suspends the app from another process.
    pub async fn suspend(&self) {
        let reason = "It sends spam";
        let event = self.event("app.suspended");
        let done = self
            .site
            .operator()
            .await
            .suspend_app(self.id, reason, event);
        assert!(done.await.unwrap());
        self.site.hear().await;
    }

    pub async fn resume(&self) {
        let event = self.event("app.resumed");
        let done = self.site.operator().await.resume_app(self.id, event);
        assert!(done.await.unwrap());
        self.site.hear().await;
    }

    pub async fn verify(&self) {
        let event = self.event("app.verified");
        let done = self.site.operator().await.verify_app(self.id, event);
        assert!(done.await.unwrap());
        self.site.hear().await;
    }

    fn event(&self, kind: &'static str) -> Event {
        let now = self.site.world.now();
        self.site.app.event(kind, now, Actor::default())
    }
}

impl Site {
    /// The database as another process opens it.
    async fn operator(&self) -> Store {
        let location = Location::Sqlite(self.database());
        Store::open(&location, 10, self.world.now()).await.unwrap()
    }

    /// Longer than clocks of two nodes may differ: a stop ends no token issued after it.
    pub fn pass_clearly(&self) {
        self.pass(Millis::seconds(31));
    }

    /// Reads the change feed now, instead of within its quarter of a second.
    pub async fn hear(&self) {
        // A node that was too busy to listen for a while needs its follower first.
        while self.app.store.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
