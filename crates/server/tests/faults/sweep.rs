//! What has expired goes by the thousand, and nobody who is served meanwhile feels it.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure, authorize},
    cluster::Cluster,
    nodes::{KEY, home},
    port::quiet_port,
    process::{Home, Server},
    scene::{EMAIL, connect},
    watch::{Watch, figures},
};
use rusqlite::Connection;
use std::{ops::Range, time::Duration};
use tokio::time::{Instant, sleep};

const MANY: usize = 100_000;
const MILLION: usize = 1_000_000;
/// At once, so that nobody waits long for our own transaction.
const PART: usize = 5_000;
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM codes WHERE id <= 1000000) + (SELECT COUNT(*) FROM families WHERE id <= 1000000)";

/// How a test gets at the tables of a running server.
enum Tables {
    Sqlite(Connection),
    Postgres(Box<Cluster>),
}

impl Tables {
    fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(file) => file.execute_batch(sql).expect(sql),
            Self::Postgres(cluster) => cluster.query(sql),
        }
    }

    fn left(&self) -> i64 {
        match self {
            Self::Sqlite(file) => file.query_row(LEFT, [], |row| row.get(0)).expect("a count"),
            Self::Postgres(cluster) => cluster.ask(LEFT).parse().expect("a count"),
        }
    }

    /// Codes and what they bought, all long past; ids are in time order.
    fn fill(&self, rows: usize) {
        for first in (1..=rows / 2).step_by(PART) {
            let range = first..first + PART;
            self.run(&expired(
                "codes",
                "redirect_uri, digest, expires_at",
                "'x', '', it",
                &range,
            ));
            let columns = "newest, rotations, created_at, idle_until";
            self.run(&expired("families", columns, "it, '', it, it", &range));
        }
    }
}

fn expired(table: &str, columns: &str, values: &str, ids: &Range<usize>) -> String {
    let (first, last) = (ids.start, ids.end - 1);
    format!(
        "WITH RECURSIVE n(it) AS (SELECT {first} UNION ALL SELECT it + 1 FROM n WHERE it < {last})
        INSERT INTO {table} (id, grant_id, user_id, app_id, scopes, session_id, auth_time, level, id_claims, info_claims, {columns})
        SELECT it, 1, 1, 1, 'default', 1, 1, 'pwd', 0, 0, {values} FROM n"
    )
}

/// One request after the other, until the sweeper has swept.
async fn is_not_felt(engine: &str, home: Home, rows: usize, open: impl FnOnce(&Home) -> Tables) {
    let server = Server::start_on(&home, quiet_port(), &["--throttling=false"]);
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
    let program = Program::new(server.url(), &app);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    connect(&mut ada, &program).await;
    let tables = open(&home);
    tables.fill(rows);
    let load = {
        let (ada, approve) = (ada.clone(), authorize(&program.app, "default"));
        let mut number = 0;
        Watch::begin(Duration::from_millis(5), move || {
            number += 1;
            let path = match number % 2 {
                0 => "/account".to_owned(),
                // Writes a code.
                _ => approve.clone(),
            };
            let mut ada = ada.clone();
            async move { ada.get(&path).await }
        })
    };
    let filled = Instant::now();
    let while_there = async |is_so: &dyn Fn(i64) -> bool| {
        while is_so(tables.left()) {
            assert!(
                filled.elapsed() < Duration::from_secs(300),
                "it is not swept"
            );
            sleep(Duration::from_millis(100)).await;
        }
        Instant::now()
    };
    let begun = while_there(&|left| left >= rows as i64).await;
    let ended = while_there(&|left| left > 0).await;
    let told = load.end().await;
    let (before, rest): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|it| it.asked + it.took < begun);
    let during: Vec<_> = rest.into_iter().filter(|it| it.asked < ended).collect();
    let (calm, busy) = (figures(&before), figures(&during));
    println!("{engine}: {rows} rows swept in {:?}", ended - begun);
    println!(
        "requests [p50, p99, max]: {calm:?} before ({}), {busy:?} meanwhile ({})",
        before.len(),
        during.len()
    );
    assert!(busy[2] < Duration::from_secs(1), "{busy:?}");
    assert!(busy[1] < (calm[1] * 10).max(Duration::from_millis(100)));
    assert!(server.stop().success());
}

async fn sqlite(rows: usize) {
    is_not_felt("SQLite", Home::new(), rows, |home| {
        let file = home.path().join("grantor-data/grantor.db");
        let file = Connection::open(file).expect("a database");
        file.busy_timeout(Duration::from_secs(10))
            .expect("patience");
        Tables::Sqlite(file)
    })
    .await;
}

async fn postgres(rows: usize) {
    let cluster = Cluster::start();
    let home = home(&cluster.url(), KEY);
    is_not_felt("PostgreSQL", home, rows, |_| {
        Tables::Postgres(Box::new(cluster))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeping_sqlite_is_not_felt() {
    sqlite(MANY).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeping_postgresql_is_not_felt() {
    postgres(MANY).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "two minutes"]
async fn sweeping_a_million_rows_of_sqlite_is_not_felt() {
    sqlite(MILLION).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "two minutes"]
async fn sweeping_a_million_rows_of_postgresql_is_not_felt() {
    postgres(MILLION).await;
}
