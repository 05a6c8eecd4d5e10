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
const PART: usize = 5_000;
const PATIENCE: Duration = Duration::from_secs(300);
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM codes WHERE id <= 1000000) + (SELECT COUNT(*) FROM families WHERE id <= 1000000)";

/// How a test gets at the tables, beside the server.
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

    fn count(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(file) => file.query_row(sql, [], |row| row.get(0)).expect("a count"),
            Self::Postgres(cluster) => cluster.ask(sql).parse().expect("a count"),
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
        assert_eq!(self.count(LEFT), rows as i64);
    }

    /// Looks for one row: counting them all is felt. When it was last seen, and missed.
    async fn until_gone(&self, table: &str, id: usize) -> Range<Instant> {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE id = {id}");
        let (begun, mut seen) = (Instant::now(), Instant::now());
        while self.count(&sql) > 0 {
            assert!(begun.elapsed() < PATIENCE, "it is not swept");
            seen = Instant::now();
            sleep(Duration::from_millis(100)).await;
        }
        seen..Instant::now()
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

/// One request after the other, before the sweeper comes and while it sweeps.
async fn is_not_felt(engine: &str, home: Home, rows: usize, open: impl FnOnce(&Home) -> Tables) {
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
    let tables = open(&home);
    tables.fill(rows);
    let server = Server::start_on(&home, quiet_port(), &["--throttling=false"]);
    let program = Program::new(server.url(), &app);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    connect(&mut ada, &program).await;
    let load = begin_load(&ada, &authorize(&program.app, "default"));
    // The oldest go first, and families after codes.
    let begun = tables.until_gone("codes", 1).await.start;
    let ended = tables.until_gone("families", rows / 2).await.end;
    let told = load.end().await;
    assert_eq!(tables.count(LEFT), 0);
    let (calm, rest): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|it| it.asked + it.took < begun);
    let during: Vec<_> = rest.into_iter().filter(|it| it.asked < ended).collect();
    let (before, meanwhile) = (figures(&calm), figures(&during));
    println!("{engine}: {rows} rows swept in {:.1?}", ended - begun);
    println!(
        "requests [p50, p99, max]: {before:.1?} before ({}), {meanwhile:.1?} meanwhile ({})",
        calm.len(),
        during.len()
    );
    assert!(meanwhile[2] < Duration::from_secs(1), "{meanwhile:?}");
    assert!(meanwhile[1] < (before[1] * 10).max(Duration::from_millis(100)));
    assert!(server.stop().success());
}

fn begin_load(ada: &Browser, approve: &str) -> Watch {
    let (ada, approve) = (ada.clone(), approve.to_owned());
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
