//! A database that goes away under load: what was acknowledged is there when it is back.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure, Wire},
    chance::Chance,
    cluster::Cluster,
    crash::{SETTINGS, Task, WORKERS, all, hire},
    nodes::{KEY, home, is_ready, until},
    port::quiet_port,
    process::{Home, Server},
    scene::{EMAIL, Tokens, connect},
    watch::PATIENCE,
    worker::Worker,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};

const ROUNDS: usize = 6;

/// A node, its users at work, and one who only asks how it is.
struct Stage {
    _home: Home,
    server: Server,
    workers: Vec<Worker>,
    visitor: Browser,
    program: Program,
    tokens: Tokens,
    seed: u64,
}

impl Stage {
    async fn new(url: &str) -> Self {
        let home = home(url, KEY);
        let server = Server::start_on(&home, quiet_port(), SETTINGS);
        let mut wire = Wire::new(server.url());
        wire.unavailable_is_lost = true;
        let mut workers = hire(&home, &[wire]);
        for worker in &mut workers {
            worker.browser.wire.unavailable_is_lost = true;
            for program in &mut worker.programs {
                program.wire.unavailable_is_lost = true;
            }
        }
        home.add_user(EMAIL, "Ada");
        let app = home.add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
        let program = Program::new(server.url(), &app);
        let mut visitor = Browser::new(server.url());
        visitor.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let tokens = connect(&mut visitor, &program).await;
        let seed = Chance::seed();
        println!("GRANTOR_FAULT_SEED={seed}");
        Self {
            _home: home,
            server,
            workers,
            visitor,
            program,
            tokens,
            seed,
        }
    }

    /// Everybody works until an answer is lost, while `event` happens; and then for a
    /// moment more.
    async fn work_through<T>(&mut self, round: usize, event: impl AsyncFnOnce() -> T) -> T {
        let enough = Arc::new(AtomicBool::new(false));
        let task = Task::Work(enough.clone());
        let workers = std::mem::take(&mut self.workers);
        let working = all(workers, (self.seed, round), &task);
        let (workers, came) = tokio::join!(working, async {
            let length = Chance::of(self.seed, round, WORKERS).millis(50, 600);
            sleep(length).await;
            let came = event().await;
            enough.store(true, Relaxed);
            came
        });
        self.workers = workers;
        came
    }

    async fn check(&mut self, round: usize) {
        let workers = std::mem::take(&mut self.workers);
        self.workers = all(workers, (self.seed, round), &Task::Check).await;
    }

    /// What a refresh is answered, in time.
    async fn refresh(&mut self) -> u16 {
        let begun = Instant::now();
        let reply = self.program.refresh(&self.tokens.refresh).await.sure();
        let (reply, took) = (reply.must(&[200, 503], "a refresh"), begun.elapsed());
        assert!(took < PATIENCE, "{} after {took:?}", reply.status);
        if reply.status == 200 {
            self.tokens.refresh = reply.text("refresh_token");
        }
        reply.status
    }

    async fn healed(&mut self) -> Duration {
        let begun = Instant::now();
        until(async || self.refresh().await == 200).await;
        until(async || is_ready(&mut self.visitor).await).await;
        begun.elapsed()
    }

    fn report(self, what: &str) {
        let answers: usize = self.workers.iter().map(|it| it.answers).sum();
        let checked: usize = self.workers.iter().map(|it| it.ledger.checked).sum();
        println!("{what}: {answers} acknowledged changes, {checked} facts checked");
        assert!(answers > 50, "the load was no load: {answers} answers");
        assert!(self.server.stop().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_under_load_loses_nothing() {
    let cluster = Cluster::start();
    let mut stage = Stage::new(&cluster.url()).await;
    let given = std::env::var("GRANTOR_FAULT_ROUNDS").ok();
    let rounds = given.and_then(|it| it.parse().ok()).unwrap_or(ROUNDS);
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let signal = ["INT", "QUIT"][round % 2];
        let back = stage
            .work_through(round, async || {
                cluster.stop(signal);
                cluster.serve();
                Instant::now()
            })
            .await;
        stage.healed().await;
        slowest = slowest.max(back.elapsed());
        stage.check(round).await;
    }
    println!("well {slowest:?} after a restart at most");
    stage.report(&format!("{rounds} restarts"));
}

/// What only a standby says, no node believes; and what the primary has acknowledged,
/// the promoted standby has.
#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_has_what_was_acknowledged() {
    let primary = Cluster::start();
    let standby = primary.standby();
    primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.ask("SELECT pg_reload_conf()");
    let following = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
    until(async || primary.ask(following) == "1").await;
    let host = |it: &Cluster| it.folder().display().to_string().replace('/', "%2F");
    // The standby first: every connection has to pass it over.
    let hosts = format!("{},{}", host(&standby), host(&primary));
    let url = format!("postgresql://grantor@{hosts}/postgres");
    let mut stage = Stage::new(&url).await;
    let alone = Server::try_on(&home(&standby.url(), KEY), quiet_port(), &[]);
    let refused = alone.err().expect("a standby is no database");
    println!(
        "on a standby alone: {}",
        refused.lines().last().unwrap_or("")
    );

    standby.freeze("STOP");
    assert_eq!(stage.refresh().await, 503, "only one of them has it");
    standby.freeze("CONT");
    println!("well {:?} after the standby froze", stage.healed().await);

    stage.work_through(0, async || primary.kill()).await;
    let lost = Instant::now();
    let mut asked = 0;
    let (program, access) = (stage.program.clone(), stage.tokens.access.clone());
    until(async || program.api("users/me", &access).await.sure().status == 503).await;
    println!(
        "a cached token is refused {:?} after the loss",
        lost.elapsed()
    );
    while lost.elapsed() < Duration::from_secs(4) {
        assert_eq!(stage.refresh().await, 503, "by a standby");
        assert!(!is_ready(&mut stage.visitor).await, "on a standby");
        asked += 1;
    }
    assert!(asked > 1);
    standby.promote();
    let promoted = Instant::now();
    stage.healed().await;
    let healed = promoted.elapsed();
    println!("writes again {healed:?} after the promotion");
    assert!(healed < Duration::from_secs(10));
    stage.check(0).await;
    let length = Duration::from_millis(500);
    stage.work_through(1, async || sleep(length).await).await;
    stage.check(1).await;
    stage.report("a failover");
}
