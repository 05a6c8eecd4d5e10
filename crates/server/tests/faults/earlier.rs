//! What an earlier version gave out is good after the upgrade, on either engine.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    earlier_versions::{Earlier, all},
    nodes::KEY,
    port::quiet_port,
    process::{App, Home, Server},
    scene::{EMAIL, connect},
};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// So that a fixture lasts.
const TEN_YEARS: &str = "3650";
/// What passes, and would tell a node in whose hands it is.
const OF_THE_MOMENT: [&str; 2] = ["leases", "throttles"];

fn home(database: &str) -> Home {
    Home::with(vec![
        ("GRANTOR_DATABASE", database.to_owned()),
        ("GRANTOR_MASTER_KEY", KEY.to_owned()),
        ("GRANTOR_PAT_MAX_DAYS", TEN_YEARS.to_owned()),
        ("GRANTOR_REFRESH_TOKEN_IDLE_DAYS", TEN_YEARS.to_owned()),
    ])
}

/// Everything, in SQLite's own words.
fn dump(path: &Path) -> String {
    let database = Connection::open(path).expect("a database");
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a text")).collect()
    };
    let ours = "FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let made = rows(&format!("SELECT sql || ';' {ours}"));
    let id = rows(
        "SELECT 'PRAGMA application_id = ' || application_id || ';' FROM pragma_application_id",
    );
    let tables = rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    );
    let filled = tables
        .iter()
        .filter(|table| !OF_THE_MOMENT.contains(&table.as_str()))
        .flat_map(|table| {
            let columns = rows(&format!("SELECT name FROM pragma_table_info('{table}')"));
            let values: Vec<_> = columns.iter().map(|it| format!("quote({it})")).collect();
            let (columns, values) = (columns.join(", "), values.join(" || ',' || "));
            rows(&format!(
                "SELECT 'INSERT INTO {table} ({columns}) VALUES (' || {values} || ');' FROM {table} ORDER BY rowid"
            ))
        });
    id.into_iter()
        .chain(made)
        .chain(filled)
        .map(|line| line + "\n")
        .collect()
}

/// Leaves one user, one app that she allowed, and a personal token.
async fn written_down() -> Earlier {
    let home = home("sqlite:grantor.db");
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "confidential"]);
    let token = ["token", "add", "--user", EMAIL, "--description", "a script"];
    let token = home.run(&[&token[..], &["--expires-in", TEN_YEARS]].concat(), "");
    let server = Server::start_on(&home, quiet_port(), &[]);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    let tokens = connect(&mut ada, &Program::new(server.url(), &app)).await;
    assert!(server.stop().success());
    let held = json!({
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "refresh_token": tokens.refresh,
        "personal_token": token["token"],
    });
    let statements = grantor_store::statement::all();
    let dump = dump(&home.path().join("grantor.db"));
    Earlier {
        migrations: dump.matches("INSERT INTO migrations").count() as i64,
        dump,
        statements: statements
            .map(|it| format!("-- {}\n{}\n", it.name, it.sql))
            .collect(),
        held: format!("{held:#}\n"),
    }
}

/// Until the next start, this and everything after it is in the hands of this version.
async fn is_good(earlier: &Earlier, home: &Home) {
    let held: Value = serde_json::from_str(&earlier.held).expect("JSON");
    let text = |name: &str| held[name].as_str().expect("a text").to_owned();
    let app = App {
        client_id: text("client_id"),
        client_secret: Some(text("client_secret")),
    };
    let server = Server::start_on(home, quiet_port(), &[]);
    let program = Program::new(server.url(), &app);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "her password");
    assert!(ada.is_remembered(&app).await.sure(), "her consent");
    let personal = text("personal_token");
    assert!(program.is_accepted(&personal).await.sure());
    let refreshed = program.refresh(&text("refresh_token")).await.sure();
    let refreshed = refreshed.must(&[200], "a refresh token");
    assert!(
        program
            .is_accepted(&refreshed.text("access_token"))
            .await
            .sure()
    );
    assert_eq!(ada.get("/readyz").await.sure().body, "ready\n");
    assert!(server.stop().success());
    let doctor = home.grantor(&["doctor"]).output().expect("grantor");
    let found = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(!found.contains("schema"), "{found}");
}

async fn is_good_on_both(earlier: &Earlier) {
    let on_sqlite = home("sqlite:grantor.db");
    let file = Connection::open(on_sqlite.path().join("grantor.db"));
    file.expect("a file")
        .execute_batch(&earlier.dump)
        .expect("the dump");
    is_good(earlier, &on_sqlite).await;
    let cluster = Cluster::get();
    let (schema, url) = cluster.schema();
    let dump = earlier.for_postgres();
    cluster.query(&format!(
        "CREATE SCHEMA {schema}; SET search_path TO {schema}; {dump}"
    ));
    is_good(earlier, &home(&url)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_earlier_versions_gave_out_is_good_after_an_upgrade() {
    for earlier in all() {
        is_good_on_both(&earlier).await;
    }
}

/// The way in which the fixtures are made still goes; on demand it makes one.
#[tokio::test(flavor = "multi_thread")]
async fn what_this_version_gives_out_can_be_written_down() {
    let this = written_down().await;
    is_good_on_both(&this).await;
    if std::env::var_os("GRANTOR_WRITE_DOWN").is_some() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/tests/earlier");
        let folder = Path::new(root).join(format!("{:04}", this.migrations));
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in [
            ("dump.sql", &this.dump),
            ("statements.sql", &this.statements),
            ("held.json", &this.held),
        ] {
            fs::write(folder.join(name), text).expect("a file");
        }
    }
}
