//! Every node of three is stopped in order and started anew, behind the documented load
//! balancer and under load: nobody gets an error, and what one did for all another does.

use crate::{
    actor::{Browser, Lost, Program, REDIRECT, Sure},
    balancer::{Balancer, flow, is_up},
    fleet::{Fleet, NODES},
    port::quiet_port,
    process::Home,
    scene::{EMAIL, Tokens, connect},
};
use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::{JoinSet, block_in_place},
    time::{Instant, sleep},
};

/// A lease lasts 15 s; one that was given back is taken within two looks at it.
const TAKEN: Duration = Duration::from_secs(4);

#[derive(Clone)]
struct Client {
    origin: String,
    program: Program,
    tokens: Tokens,
}

/// What a client does again and again.
#[derive(Clone, Copy, Debug)]
enum Habit {
    Check,
    Refresh,
    Flow,
}

impl Client {
    async fn once(&self, habit: Habit) -> Result<(), Lost> {
        match habit {
            Habit::Check => {
                let reply = self.program.api("users/me", &self.tokens.access).await?;
                reply.must(&[200], "a bearer check");
            }
            Habit::Refresh => {
                let reply = self.program.refresh(&self.tokens.refresh).await?;
                reply.must(&[200], "a refresh");
            }
            Habit::Flow => flow(&self.origin, &self.program).await?,
        }
        Ok(())
    }

    /// How often it was answered, and how often it was not.
    async fn go_on(self, habit: Habit, over: Arc<AtomicBool>) -> (usize, usize) {
        let (mut answered, mut lost) = (0, 0);
        while !over.load(Ordering::Relaxed) {
            match self.once(habit).await {
                Ok(()) => answered += 1,
                Err(Lost) => {
                    println!("{habit:?} was lost");
                    lost += 1;
                }
            }
        }
        (answered, lost)
    }
}

/// Who tells apps of logouts for all.
fn leader(home: &Home) -> String {
    let url = home.setting("GRANTOR_DATABASE").expect("a database");
    let query = "SELECT holder FROM leases WHERE name = 'back-channel'";
    let output = Command::new("psql").args([url, "-qtAc", query]).output();
    String::from_utf8_lossy(&output.expect("psql").stdout)
        .trim()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_that_every_node_is_restarted() {
    let port = quiet_port();
    let origin = format!("http://127.0.0.1:{port}");
    let settings = [
        "--trusted-proxies=127.0.0.1/32",
        "--throttling=false",
        "--drain-seconds=5",
    ];
    let mut fleet = Fleet::behind(Some(port), &settings);
    fleet.home.add_user(EMAIL, "Ada");
    let app = fleet.home.add_app(EMAIL, REDIRECT, &[]);
    let ports: Vec<_> = (0..NODES).map(|node| fleet.server(node).port()).collect();
    let _balancer = Balancer::start(fleet.home.path(), port, &ports);
    is_up(&origin).await;
    let mut ada = Browser::new(&origin);
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    let program = Program::new(&origin, &app);
    let tokens = connect(&mut ada, &program).await;
    let over: Arc<AtomicBool> = Arc::default();
    let mut clients = JoinSet::new();
    for habit in [Habit::Check, Habit::Refresh, Habit::Flow].repeat(3) {
        let client = Client {
            origin: origin.clone(),
            program: Program::new(&origin, &app),
            tokens: tokens.clone(),
        };
        clients.spawn(client.go_on(habit, over.clone()));
    }
    let mut successions = Vec::new();
    for node in 0..NODES {
        sleep(Duration::from_millis(500)).await;
        let led = leader(&fleet.home);
        let (server, stopped) = (fleet.take(node), Instant::now());
        assert!(block_in_place(|| server.stop()).success());
        println!("stopped after {:.0?}", stopped.elapsed());
        let ended = Instant::now();
        while ended.elapsed() < TAKEN {
            let leads = leader(&fleet.home);
            if !leads.is_empty() && leads != led {
                successions.push(ended.elapsed());
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        block_in_place(|| fleet.begin(node));
        is_up(&origin).await;
    }
    over.store(true, Ordering::Relaxed);
    let counts = clients.join_all().await;
    let answered: usize = counts.iter().map(|(answered, _)| answered).sum();
    let lost: usize = counts.iter().map(|(_, lost)| lost).sum();
    println!("{answered} done and {lost} lost while {NODES} nodes were restarted");
    println!("another node led after {successions:.0?}");
    assert!(answered > 100, "the load was no load");
    assert_eq!(lost, 0);
    assert!(!successions.is_empty(), "whoever led kept it");
    fleet.stop();
}
