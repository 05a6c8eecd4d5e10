//! Three nodes while a newer version is at work on their database. What it leaves there is
//! what `crates/store/src/migrate/tests.rs` sees the real one leave.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::{Home, Server},
    scene::{EMAIL, connect},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::time::{sleep, timeout};

const NOTE: &str = "INSERT INTO migrations (number, name, digest, applied_at)
    SELECT MAX(number) + 1, 'later', '\\x00', 0 FROM migrations";
const EXPAND: &str = "ALTER TABLE users ADD COLUMN nickname TEXT;
    ALTER TABLE families ADD COLUMN device INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX users_by_nickname ON users (nickname)";
const CONTRACT: &str = "DROP INDEX users_by_nickname; INSERT INTO floors (number, version)
    SELECT MAX(number), '7.0.0' FROM migrations";

/// Somebody who connects, refreshes and calls the API at one node, without end.
async fn work(program: Program, mut ada: Browser, done: Arc<AtomicUsize>, enough: Arc<AtomicBool>) {
    while !enough.load(Relaxed) {
        let tokens = connect(&mut ada, &program).await;
        assert!(program.is_accepted(&tokens.access).await.sure());
        let refreshed = program.refresh(&tokens.refresh).await.sure();
        refreshed.must(&[200], "a refresh");
        done.fetch_add(1, Relaxed);
    }
}

async fn goes_on(done: &AtomicUsize) {
    let wanted = done.load(Relaxed) + 10;
    let rounds = async {
        while done.load(Relaxed) < wanted {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), rounds)
        .await
        .expect("the nodes go on");
}

fn public(port: u16) -> String {
    format!("--public-url=http://127.0.0.1:{port}")
}

async fn readiness(server: &Server) -> (u16, String) {
    let reply = Browser::new(server.url()).get("/readyz").await.sure();
    (reply.status, reply.body)
}

fn refusal(home: &Home) -> String {
    let refused = Server::try_on(home, quiet_port(), &[]).err();
    refused.expect("it does not start")
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_go_on_and_start_beside_a_newer_version_until_it_takes_something_away() {
    let cluster = Cluster::get();
    let url = database(cluster);
    let schema = url.rsplit("%3D").next().expect("a schema").to_owned();
    let newer_does = |what: &str| {
        cluster.query(&format!(
            "SET search_path TO {schema}; BEGIN; {NOTE}; {what}; COMMIT"
        ));
    };
    let home = home(&url, KEY);
    let first = quiet_port();
    let ports = [first, quiet_port(), quiet_port()];
    let start = |port| Server::start_on(&home, port, &[&public(first), "--throttling=false"]);
    let mut servers = ports.map(start).into_iter().collect::<Vec<_>>();
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "confidential"]);
    let (done, enough) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
    let mut workers = Vec::new();
    for server in &servers[..2] {
        let mut ada = Browser::new(server.url());
        ada.wire.host = Some(format!("127.0.0.1:{first}"));
        ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let program = Program::new(server.url(), &app);
        workers.push(tokio::spawn(work(
            program,
            ada,
            done.clone(),
            enough.clone(),
        )));
    }
    goes_on(&done).await;
    newer_does(EXPAND);
    goes_on(&done).await;
    // One that restarts, as a machine may in the midst of an upgrade.
    assert!(servers.pop().expect("a node").stop().success());
    servers.push(start(ports[2]));
    goes_on(&done).await;
    for server in &servers {
        assert_eq!(readiness(server).await, (200, "ready\n".to_owned()));
    }
    enough.store(true, Relaxed);
    for worker in workers {
        worker.await.expect("every request was answered as ever");
    }
    newer_does(CONTRACT);
    let needs = "the database needs grantor 7.0.0 or newer (migration 5), and this is";
    for server in &servers {
        let (status, body) = readiness(server).await;
        assert_eq!(status, 503);
        assert!(body.starts_with(needs), "{body}");
    }
    assert!(servers.pop().expect("a node").stop().success());
    assert!(refusal(&home).contains(needs), "{}", refusal(&home));
}

/// A newer command line beside a server that still runs: one file is a database for two
/// versions, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_sqlite_says_when_a_newer_command_line_has_outgrown_it() {
    let home = Home::new();
    let server = Server::start_on(&home, quiet_port(), &[]);
    let file = home.path().join("grantor-data/grantor.db");
    let newer = rusqlite::Connection::open(&file).expect("a database");
    let note = NOTE.replace("'\\x00'", "x'00'");
    newer.execute_batch(&note).expect("an expanding migration");
    assert_eq!(readiness(&server).await.0, 200);
    home.add_user(EMAIL, "Ada");
    let floor = CONTRACT.split_once("; ").expect("two").1;
    newer
        .execute_batch(&format!("{note}; {floor}"))
        .expect("a contracting one");
    drop(newer);
    let (status, body) = readiness(&server).await;
    assert!(status == 503 && body.contains("7.0.0"), "{body}");
    assert!(server.stop().success());
    let said = refusal(&home);
    assert!(
        said.contains("grantor.db needs grantor 7.0.0 or newer"),
        "{said}"
    );
}
