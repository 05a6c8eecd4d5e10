//! Somebody holds a lock of the database, and all of a node's connections wait for it.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    nodes::{KEY, home, is_ready, until},
    port::quiet_port,
    process::Server,
    scene::{EMAIL, connect},
    watch::{PATIENCE, Watch, figures, told},
};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Stdio},
    time::Duration,
};
use tokio::{task::JoinSet, time::Instant};

const WRITERS: usize = 200;
const CONNECTIONS: usize = 3;

/// An operator's transaction that has begun, and does not end.
struct Held(Child);

impl Held {
    fn begin(cluster: &Cluster, lock: &str) -> Self {
        let mut client = cluster.client();
        client
            .args(["-At"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut held = Self(client.spawn().expect("psql"));
        held.say(&format!("BEGIN; {lock}; SELECT 'held';"));
        let said = BufReader::new(held.0.stdout.take().expect("a pipe")).lines();
        let mut said = said.map_while(Result::ok);
        assert!(said.any(|line| line == "held"));
        held
    }

    fn say(&mut self, sql: &str) {
        let input = self.0.stdin.as_mut().expect("a pipe");
        writeln!(input, "{sql}").expect("psql reads");
    }

    fn end(mut self) {
        self.say("COMMIT;");
        drop(self.0.stdin.take());
        assert!(self.0.wait().expect("psql").success());
    }
}

/// Every code at once; those that were refused for now.
async fn exchange_all(program: &Program, codes: Vec<String>) -> Vec<String> {
    let mut writers = JoinSet::new();
    for code in codes {
        let program = program.clone();
        writers.spawn(async move {
            let told = told(program.exchange(&code)).await;
            (code, told)
        });
    }
    let all = writers.join_all().await;
    let answers: Vec<_> = all.iter().map(|(_, told)| *told).collect();
    let refused = all.into_iter().filter(|(_, told)| told.status == 503);
    let refused: Vec<_> = refused.map(|(code, _)| code).collect();
    let [p50, p99, slowest] = figures(&answers);
    println!(
        "{} exchanges, {} of them 503: p50 {p50:?}, p99 {p99:?}, at most {slowest:?}",
        answers.len(),
        refused.len()
    );
    let fits = |status| matches!(status, 200 | 503);
    assert!(answers.iter().all(|it| fits(it.status)), "{answers:?}");
    assert!(slowest < PATIENCE, "{slowest:?}");
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_who_wait_for_a_lock_are_told_in_time_and_readers_go_on() {
    let cluster = Cluster::start();
    let home = home(&cluster.url(), KEY);
    let connections = format!("--database-connections={CONNECTIONS}");
    let flags = [&*connections, "--throttling=false"];
    let server = Server::start_on(&home, quiet_port(), &flags);
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "confidential"]);
    let program = Program::new(server.url(), &app);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    let tokens = connect(&mut ada, &program).await;
    let mut codes = Vec::new();
    for _ in 0..WRITERS {
        codes.push(ada.connect(&program.app).await.sure());
    }
    let readers = {
        let (program, token) = (program.clone(), tokens.access.clone());
        Watch::begin(Duration::from_millis(10), move || {
            let (program, token) = (program.clone(), token.clone());
            async move { program.api("users/me", &token).await }
        })
    };
    let held = Held::begin(&cluster, "LOCK TABLE codes, families IN EXCLUSIVE MODE");
    let refused = exchange_all(&program, codes).await;
    assert_eq!(refused.len(), WRITERS, "a lock that holds nobody up");
    let meanwhile = cluster.connections();
    assert!(ada.is_signed_in().await.sure(), "a page that is only read");
    held.end();
    let freed = Instant::now();
    let mut left = refused;
    until(async || {
        left = exchange_all(&program, std::mem::take(&mut left)).await;
        left.is_empty()
    })
    .await;
    println!(
        "every code was worth something {:?} after the lock",
        freed.elapsed()
    );
    until(async || is_ready(&mut ada).await).await;
    let readers = readers.end().await;
    println!("bearer checks [p50, p99, max]: {:?}", figures(&readers));
    assert!(readers.iter().all(|it| it.status == 200));
    let [_, p99, slowest] = figures(&readers);
    assert!(
        p99 < Duration::from_secs(1) && slowest < PATIENCE,
        "{p99:?} {slowest:?}"
    );
    until(async || cluster.connections() <= CONNECTIONS).await;
    let after = cluster.connections();
    println!("{meanwhile} connections under the lock, {after} after it");
    // The database notices that nobody waits any more when it has waited itself.
    assert!(meanwhile <= 3 * CONNECTIONS && after <= CONNECTIONS);
    assert!(server.stop().success());
}
