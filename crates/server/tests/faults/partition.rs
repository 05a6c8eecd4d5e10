//! One node cannot reach the database, and nobody tells it so; the other can.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    network::{Cut, Machine, is_allowed},
    nodes::{KEY, home, is_ready},
    port::quiet_port,
    process::{App, Home, Server},
    scene::{EMAIL, Tokens, connect},
    watch::{PATIENCE, Told, Watch, figures, told},
};
use std::time::Duration;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// How long what was heard is believed, and a moment of ours.
const TRUST: Duration = Duration::from_millis(2200);
const CONNECTIONS: usize = 8;

/// A node as its clients find it.
struct Node {
    server: Server,
    origin: String,
    public: String,
}

impl Node {
    fn browser(&self) -> Browser {
        let mut browser = Browser::new(&self.origin);
        browser.wire.host = Some(self.public.clone());
        browser
    }

    fn program(&self, app: &App) -> Program {
        let mut program = Program::new(&self.origin, app);
        program.wire.host = Some(self.public.clone());
        program
    }
}

fn settings(port: u16) -> Vec<String> {
    vec![
        format!("--public-url=http://127.0.0.1:{port}"),
        format!("--database-connections={CONNECTIONS}"),
        "--throttling=false".into(),
    ]
}

/// A node beside the database, and one on a machine of its own.
fn nodes(homes: &[Home; 2], machine: &Machine) -> [Node; 2] {
    let port = quiet_port();
    let mut flags = settings(port);
    let node = |server, origin| Node {
        server,
        origin,
        public: format!("127.0.0.1:{port}"),
    };
    let near: Vec<_> = flags.iter().map(String::as_str).collect();
    let near = Server::start_on(&homes[0], port, &near);
    let listen = format!("{}:{port}", machine.clients());
    flags.push(format!("--listen={listen}"));
    let far: Vec<_> = flags.iter().map(String::as_str).collect();
    let far = machine.command(&Server::command(&homes[1], port, &far));
    let far = Server::launch(far, port).expect("the server starts");
    let origin = near.url().to_owned();
    [node(near, origin), node(far, format!("http://{listen}"))]
}

/// What everybody was told at the node that was cut off: at once, and until `length` is over.
async fn cut_off(program: &Program, tokens: &Tokens, length: Duration) -> Vec<Told> {
    let begun = Instant::now();
    let mut asked = JoinSet::new();
    for number in 0..30 {
        let (program, tokens) = (program.clone(), tokens.clone());
        asked.spawn(async move {
            let mut all = Vec::new();
            while begun.elapsed() < length {
                all.push(match number % 2 {
                    // Read first, then written.
                    0 => told(program.refresh(&tokens.refresh)).await,
                    // Only written.
                    _ => told(program.revoke(&tokens.access)).await,
                });
                sleep(Duration::from_millis(50)).await;
            }
            all
        });
    }
    asked.join_all().await.concat()
}

async fn slowly(what: &str, limit: Duration, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < limit, "not {what} within {limit:?}");
        sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

/// Checks what the node said and believed while it was cut off.
async fn apart(far: &Node, here: &Program, [kept, spent]: [&Tokens; 2]) {
    let (begun, length) = (Instant::now(), Duration::from_secs(6));
    let believed = {
        let (here, token) = (here.clone(), kept.access.clone());
        Watch::begin(Duration::from_millis(20), move || {
            let (here, token) = (here.clone(), token.clone());
            async move { here.api("users/me", &token).await }
        })
    };
    let all = cut_off(here, spent, length).await;
    let believed = believed.end().await;
    let mut visitor = far.browser();
    assert!(!is_ready(&mut visitor).await);
    let [p50, _, slowest] = figures(&all);
    let last = believed.iter().rfind(|it| it.status == 200);
    let last = last.expect("a belief").asked - begun;
    println!(
        "503 after {p50:?}, at most {slowest:?}; {} answers",
        all.len()
    );
    println!(
        "a cached token was believed for {last:?}, then refused within {:?}",
        figures(&believed)[2]
    );
    assert!(all.iter().all(|it| it.status == 503), "{all:?}");
    assert!(believed.iter().all(|it| matches!(it.status, 200 | 503)));
    assert!(slowest < PATIENCE && figures(&believed)[2] < PATIENCE);
    assert!(last < TRUST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_cut_off_says_so_and_heals() {
    if !is_allowed() {
        return;
    }
    let machine = Machine::new();
    let cluster = Cluster::with(&format!("-h {}", machine.database()));
    let far_url = format!(
        "postgresql://grantor@{}/postgres?sslmode=disable",
        machine.database()
    );
    let homes = [home(&cluster.url(), KEY), home(&far_url, KEY)];
    let [near, far] = nodes(&homes, &machine);
    homes[0].add_user(EMAIL, "Ada");
    let app = homes[0].add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
    let (there, here) = (near.program(&app), far.program(&app));
    for what in [Cut::Everything, Cut::Answers] {
        let mut ada = far.browser();
        ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let [kept, spent] = [
            connect(&mut ada, &here).await,
            connect(&mut ada, &here).await,
        ];
        assert!(here.is_accepted(&kept.access).await.sure());
        let neighbour = {
            let (there, token) = (there.clone(), kept.refresh.clone());
            Watch::begin(Duration::from_millis(100), move || {
                let (there, token) = (there.clone(), token.clone());
                async move { there.refresh(&token).await }
            })
        };
        machine.cut(what);
        println!("{what:?} cut:");
        apart(&far, &here, [&kept, &spent]).await;
        let mended = cluster.ask("SELECT clock_timestamp()");
        machine.mend(what);
        let mut visitor = far.browser();
        let five = Duration::from_secs(5);
        let ready = slowly("ready", five, async || is_ready(&mut visitor).await).await;
        let again = here.refresh(&kept.refresh).await.sure();
        again.must(&[200], "a refresh after the cut");
        assert!(ada.is_signed_in().await.sure());
        let neighbour = neighbour.end().await;
        println!(
            "ready {ready:?} after it; at the other node {:?}",
            figures(&neighbour)
        );
        assert!(neighbour.iter().all(|it| it.status == 200), "{neighbour:?}");
        assert!(figures(&neighbour)[2] < Duration::from_secs(1));
        let old = format!(
            "SELECT count(*) FROM pg_stat_activity
                WHERE client_addr = '{}' AND backend_start < '{mended}'",
            machine.its()
        );
        let (left, limit) = (cluster.ask(&old), Duration::from_secs(40));
        let gone = slowly("gone", limit, async || cluster.ask(&old) == "0").await;
        println!("{left} connections of before were left, and gone {gone:?} later");
        let now = cluster.connections();
        assert!(now <= 2 * CONNECTIONS, "{now} connections");
    }
    for node in [near, far] {
        assert!(node.server.stop().success());
    }
}
