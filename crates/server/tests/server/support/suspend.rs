//! What an administrator's tool does to the database of a running server.

use super::App;
use std::time::Duration;

impl App {
    /// Suspends the app from another process: a row, and a line in the change feed.
    pub async fn suspend(&self) {
        let now = self.site.world.now().0;
        let database = rusqlite::Connection::open(self.site.database()).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        let changed = database.execute(
            "UPDATE apps SET suspended_at = ?1 WHERE id = ?2",
            [now, self.id],
        );
        assert_eq!(changed.unwrap(), 1);
        let told = database.execute(
            "INSERT INTO changes (at, kind, id) VALUES (?1, 'app_suspended', ?2)",
            [now, self.id],
        );
        assert_eq!(told.unwrap(), 1);
        drop(database);
        self.site.hear().await;
    }
}

impl super::Site {
    /// Reads the change feed now, instead of within its quarter of a second.
    pub async fn hear(&self) {
        // A node that was too busy to listen for a while needs its follower first.
        while self.app.store.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
