//! What an administrator's tool does to the database of a running server.

use super::{App, Site};
use grantor_store::{
    Location, Store,
    audit::{Actor, Event},
};

impl App {
    /// Suspends the app from another process.
    pub async fn suspend(&self) {
        let (store, event) = (self.site.operator().await, self.event("app.suspended"));
        let done = store.suspend_app(self.id, "It sends spam", event).await;
        self.site.hear_that(done).await;
    }

    pub async fn resume(&self) {
        let (store, event) = (self.site.operator().await, self.event("app.resumed"));
        let done = store.resume_app(self.id, event).await;
        self.site.hear_that(done).await;
    }

    pub async fn verify(&self) {
        let (store, event) = (self.site.operator().await, self.event("app.verified"));
        let done = store
            .verify_app(&store.app(self.id).await.unwrap().unwrap(), event)
            .await;
        self.site.hear_that(done).await;
    }

    pub async fn lock(&self) {
        let (store, event) = (self.site.operator().await, self.event("app.locked"));
        let done = store.lock_registration(self.id, event).await;
        self.site.hear_that(done).await;
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

    async fn hear_that(&self, done: grantor_store::Result<bool>) {
        assert!(done.unwrap());
        self.hear().await;
    }

    /// Reads the change feed now, instead of within its quarter of a second.
    pub async fn hear(&self) {
        // A node that was too busy to listen for a while needs its follower first.
        while self.app.store.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
