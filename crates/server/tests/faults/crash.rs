//! kill -9 at random moments: what was acknowledged is there, what was not is whole or
//! absent, and the next start asks nobody.

use crate::{
    actor::{Browser, Program, REDIRECT},
    chance::Chance,
    ledger::{Ledger, State},
    port::quiet_port,
    process::{Home, Server},
    worker::Worker,
};
use std::{process::Stdio, sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::Instant};

pub const WORKERS: usize = 6;
const ROUNDS: usize = 100;
pub const SETTINGS: &[&str] = &["--throttling=false", "--pat-limit=1000"];

fn rounds() -> usize {
    let given = std::env::var("GRANTOR_FAULT_ROUNDS").ok();
    given.map_or(ROUNDS, |text| {
        text.parse().expect("GRANTOR_FAULT_ROUNDS is a number")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_is_durable() {
    let (seed, rounds) = (Chance::seed(), rounds());
    println!("GRANTOR_FAULT_SEED={seed} GRANTOR_FAULT_ROUNDS={rounds}");
    let begun = Instant::now();
    let (home, port) = (Home::new(), quiet_port());
    let mut workers = hire(&home, &format!("http://127.0.0.1:{port}"));
    let mut starts = Vec::new();
    for round in 0..rounds {
        let mut chance = Chance::of(seed, round, WORKERS);
        if chance.percent(15) {
            kill_at_start(&home, port, chance.millis(1, 120)).await;
        }
        let starting = Instant::now();
        let server = Server::start_on(&home, port, SETTINGS);
        starts.push(starting.elapsed());
        workers = all(workers, (seed, round), Task::Check).await;
        let length = chance.millis(20, 400);
        let working = all(workers, (seed, round), Task::Work);
        let (kept, ()) = tokio::join!(working, async {
            tokio::time::sleep(length).await;
            if chance.percent(10) {
                let kind = ["seal", "refresh", "forms"][chance.below(3)];
                home.run(&["keys", "rotate", "--kind", kind], "");
            }
            server.kill();
        });
        workers = kept;
    }
    let server = Server::start_on(&home, port, SETTINGS);
    workers = all(workers, (seed, rounds), Task::Check).await;
    assert!(server.stop().success());
    report(&workers, rounds, begun.elapsed(), &starts);
}

#[derive(Clone, Copy)]
pub enum Task {
    Check,
    Work,
}

/// All workers at once, each with choices of its own.
pub async fn all(workers: Vec<Worker>, (seed, round): (u64, usize), task: Task) -> Vec<Worker> {
    let mut running = JoinSet::new();
    for mut worker in workers {
        running.spawn(async move {
            let mut chance = Chance::of(seed, round * 2 + task as usize, worker.number);
            match task {
                Task::Check => worker.check(&mut chance).await,
                Task::Work => worker.work(&mut chance).await,
            }
            worker
        });
    }
    running.join_all().await
}

/// A start that does not get far.
async fn kill_at_start(home: &Home, port: u16, after: Duration) {
    let (url, listen) = (
        format!("http://127.0.0.1:{port}"),
        format!("--listen=127.0.0.1:{port}"),
    );
    let mut serve = home.grantor(&[
        "serve",
        "--public-url",
        &url,
        &listen,
        "--metrics-listen=off",
    ]);
    let started = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = started.expect("grantor starts");
    tokio::time::sleep(after).await;
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

fn report(workers: &[Worker], rounds: usize, took: Duration, starts: &[Duration]) {
    let answers: usize = workers.iter().map(|worker| worker.answers).sum();
    let checked: usize = workers.iter().map(|worker| worker.ledger.checked).sum();
    let slowest = starts.iter().max().copied().unwrap_or_default();
    println!(
        "{rounds} kills in {took:.0?}: {answers} acknowledged changes, {checked} facts checked, slowest start {slowest:.0?}"
    );
    assert!(
        answers > rounds * 5,
        "the load was no load: {answers} answers"
    );
}

/// Users, their apps and what they need; made by the command line.
pub fn hire(home: &Home, origin: &str) -> Vec<Worker> {
    home.add_user("owner@example.org", "Owner");
    let apps = [
        home.add_app("owner@example.org", REDIRECT, &["--kind=confidential"]),
        home.add_app("owner@example.org", REDIRECT, &["--kind=browser"]),
    ];
    let hire = |number: usize| {
        let email = format!("user{number}@example.org");
        home.add_user(&email, "User");
        let arguments = ["token", "add", "--user", &email, "--description", "steady"];
        let steady = home.run(&arguments, "")["token"]
            .as_str()
            .expect("a token")
            .to_owned();
        Worker {
            number,
            browser: Browser::new(origin),
            programs: apps.iter().map(|app| Program::new(origin, app)).collect(),
            steady,
            session: State::Dead,
            ledger: Ledger::default(),
            made: 0,
            answers: 0,
            enough: Arc::default(),
            email,
        }
    };
    (0..WORKERS).map(hire).collect()
}

/// Also the very first start, which makes the master key, the database and its keys.
#[tokio::test]
async fn a_first_start_may_be_killed() {
    for step in 0..12 {
        let (home, port) = (Home::new(), quiet_port());
        kill_at_start(&home, port, Duration::from_millis(step * step * 2)).await;
        assert!(Server::start_on(&home, port, &[]).stop().success());
    }
}
