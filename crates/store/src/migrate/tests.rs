//! What versions leave in a database for each other: the next one is this one with more
//! migrations.

use super::*;
use crate::Access;
use std::{fs, path::Path, sync::Arc};
use tokio_postgres::NoTls;

#[path = "../../tests/contract/cluster.rs"]
mod cluster;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// The number of the one that comes after all there are.
const NEXT: i64 = MIGRATIONS.len() as i64 + 1;

const EXPAND: Migration = Migration {
    number: NEXT,
    name: "nicknames",
    sql: "ALTER TABLE users ADD COLUMN nickname TEXT",
    floor: None,
};
/// What version of the next migration did without already.
const CONTRACT: Migration = Migration {
    number: NEXT + 1,
    name: "no_photos",
    sql: "DROP INDEX users_by_photo",
    floor: Some(NEXT),
};

fn with(more: &[Migration]) -> Vec<Migration> {
    [MIGRATIONS, more].concat()
}

#[test]
fn each_file_is_one_migration_in_order() {
    let numbers = MIGRATIONS.iter().map(|migration| migration.number);
    assert!(numbers.eq(1..NEXT));
    for migration in MIGRATIONS {
        let name = format!("migrations/{:04}_{}.sql", migration.number, migration.name);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        assert_eq!(fs::read_to_string(file).unwrap(), migration.sql);
        assert!(
            migration
                .floor
                .is_none_or(|floor| floor <= migration.number)
        );
    }
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    assert_eq!(fs::read_dir(files).unwrap().count(), MIGRATIONS.len());
}

/// A database of a test's own, brought to a version by what that version runs.
enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(String),
}

impl Place {
    async fn postgres() -> Self {
        let (schema, url) = cluster::Cluster::get().schema();
        let place = Self::Postgres(url);
        let make = format!("CREATE SCHEMA {schema}");
        place.client().await.batch_execute(&make).await.unwrap();
        place
    }

    async fn client(&self) -> Client {
        let Self::Postgres(url) = self else {
            panic!("a file has no clients")
        };
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    async fn bring(&self, to: &[Migration]) -> Result<Vec<&'static str>> {
        match self {
            Self::Sqlite(folder) => {
                let mut file = Connection::open(folder.path().join("grantor.db")).unwrap();
                bring_sqlite(&mut file, to, NOW)
            }
            Self::Postgres(_) => bring_postgres(&mut self.client().await, to, NOW).await,
        }
    }

    /// As this version opens it.
    async fn open(&self) -> Result<Store> {
        let location = match self {
            Self::Sqlite(folder) => Location::Sqlite(folder.path().join("grantor.db")),
            Self::Postgres(url) => {
                Location::Postgres(Arc::new(Access::parse(url, None, 4).unwrap()))
            }
        };
        Store::open(&location, 10, NOW).await
    }
}

async fn versions_follow_each_other(place: Place) {
    let running = place.open().await.unwrap();
    assert_eq!(place.bring(&with(&[])).await.unwrap(), [""; 0]);
    assert_eq!(place.bring(&with(&[EXPAND])).await.unwrap(), ["nicknames"]);
    // This version is now an old one: it goes on, and it starts.
    running.prepare_all().await.unwrap();
    assert_eq!(running.outgrown().await.unwrap(), None);
    let again = place.open().await.unwrap();
    again.prepare_all().await.unwrap();
    let newest = with(&[EXPAND, CONTRACT]);
    assert_eq!(place.bring(&newest).await.unwrap(), ["no_photos"]);
    assert_eq!(place.bring(&newest).await.unwrap(), [""; 0]);
    for outgrown in [running.outgrown().await.unwrap(), refusal(&place).await] {
        let why = outgrown.unwrap();
        assert!(
            why.contains(&format!(
                "needs grantor {VERSION} or newer (migration {NEXT})"
            )),
            "{why}"
        );
    }
}

async fn refusal(place: &Place) -> Option<String> {
    match place.open().await {
        Err(Error::Schema(why)) => Some(why),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    }
}

/// Of a release that lies between, both were run at once.
async fn versions_may_be_left_out(place: Place) {
    place.open().await.unwrap();
    let newest = with(&[EXPAND, CONTRACT]);
    assert_eq!(
        place.bring(&newest).await.unwrap(),
        ["nicknames", "no_photos"]
    );
    assert!(refusal(&place).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    versions_follow_each_other(Place::Sqlite(tempfile::tempdir().unwrap())).await;
    versions_may_be_left_out(Place::Sqlite(tempfile::tempdir().unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    versions_follow_each_other(Place::postgres().await).await;
    versions_may_be_left_out(Place::postgres().await).await;
}

/// A table that somebody reads for long keeps a migration waiting, and nobody else for
/// longer than half a second.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_waits_gives_way() {
    let place = Place::postgres().await;
    place.bring(&with(&[])).await.unwrap();
    let (reading, other) = (place.client().await, place.client().await);
    reading
        .batch_execute("BEGIN; SELECT id FROM users")
        .await
        .unwrap();
    let newer = with(&[EXPAND]);
    let mut client = place.client().await;
    let migration = tokio::spawn(async move { bring_postgres(&mut client, &newer, NOW).await });
    let waits =
        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = CAST('users' AS regclass)";
    while other.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(!migration.is_finished(), "it waits for who reads");
        tokio::task::yield_now().await;
    }
    other
        .batch_execute("SET statement_timeout = '2s'; SELECT id FROM users")
        .await
        .unwrap();
    reading.batch_execute("COMMIT").await.unwrap();
    assert_eq!(migration.await.unwrap().unwrap(), ["nicknames"]);
}
