//! Opening: what is wrong with the file is told in a sentence to act on.

use crate::world::{Db, NOW, race};
use grantor_store::{Error, Location, Store};
use rusqlite::Connection;
use std::{fs, path::Path};

async fn refused(path: &Path) -> String {
    match Store::open(&Location::Sqlite(path.to_owned()), 10, NOW).await {
        Err(Error::Start(sentence) | Error::Schema(sentence)) => {
            assert!(sentence.contains(&path.display().to_string()), "{sentence}");
            sentence
        }
        Err(other) => panic!("not for the operator: {other:?}"),
        Ok(_) => panic!("opened"),
    }
}

#[tokio::test]
async fn something_else_than_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(
        &text,
        "These are notes, and long enough to be looked at by anybody. ".repeat(30),
    )
    .unwrap();
    assert!(refused(&text).await.contains("is not a database"));
    assert!(
        fs::read_to_string(&text)
            .unwrap()
            .starts_with("These are notes")
    );
    refused(folder.path()).await;
    let sentence = refused(&folder.path().join("missing/grantor.db")).await;
    assert!(sentence.contains("No such file or directory"), "{sentence}");
}

#[tokio::test]
async fn the_database_of_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.sqlite");
    let theirs = Connection::open(&path).unwrap();
    theirs
        .execute_batch("CREATE TABLE migrations (number INTEGER); CREATE TABLE places (id INTEGER)")
        .unwrap();
    drop(theirs);
    let before = fs::read(&path).unwrap();
    assert!(refused(&path).await.contains("another program"));
    assert_eq!(
        before,
        fs::read(&path).unwrap(),
        "nothing was written to it"
    );
}

#[tokio::test]
async fn a_damaged_database() {
    let db = Db::sqlite().await;
    db.user("alice").await;
    let copy = db.path("copy.db");
    db.store.backup(&copy).unwrap();
    let mut bytes = fs::read(&copy).unwrap();
    bytes[100..4096].fill(0x5a);
    fs::write(&copy, bytes).unwrap();
    assert!(refused(&copy).await.contains("damaged"));
}

/// A migration was edited after this database was made, or left no digest yet.
#[tokio::test]
async fn the_schema_of_an_unreleased_version() {
    for edit in [
        "UPDATE migrations SET digest = x'00'",
        "UPDATE migrations SET number = 99 WHERE number = 2",
        "ALTER TABLE migrations DROP COLUMN digest",
    ] {
        let db = Db::sqlite().await;
        db.raw().execute_batch(edit).unwrap();
        let before = db.contents().await;
        let path = db.file();
        let sentence = refused(path).await;
        assert!(sentence.contains("unreleased version"), "{sentence}");
        assert_eq!(before, db.contents().await, "nothing was written to it");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::sqlite().await;
    let folder = db.path("sealed");
    fs::create_dir(&folder).unwrap();
    let existing = folder.join("existing.db");
    db.store.backup(&existing).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write to any folder");
        return;
    }
    assert!(
        refused(&folder.join("new.db"))
            .await
            .contains("Permission denied")
    );
    assert!(refused(&existing).await.contains("must be able to write"));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::sqlite().await;
    db.user("alice").await;
    db.store.backup(&db.path("copy.db")).unwrap();
    for name in ["grantor.db", "grantor.db-wal", "copy.db"] {
        let mode = fs::metadata(db.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_start_at_once_on_nothing() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grantor.db");
        let opened = race(8, |_| {
            let location = Location::Sqlite(path.clone());
            async move {
                Store::open(&location, 10, NOW)
                    .await
                    .map(drop)
                    .map_err(|error| error.to_string())
            }
        })
        .await;
        assert_eq!(opened, vec![Ok(()); 8]);
    }
}

#[tokio::test]
async fn opening_again_keeps_everything() {
    let db = Db::sqlite().await;
    let alice = db.user("alice").await;
    let Db {
        store, location, ..
    } = &db;
    let before = db.contents().await;
    let again = Store::open(location, 10, NOW).await.unwrap();
    assert!(again.user(alice).await.unwrap().is_some());
    assert!(store.user(alice).await.unwrap().is_some());
    assert_eq!(before, db.contents().await);
}
