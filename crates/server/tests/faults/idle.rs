//! Ten thousand connections that nobody uses, at a node of PostgreSQL.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    crowd::{memory, percentiles},
    nodes::{KEY, database, home},
    port::quiet_port,
    process::Server,
    scene::{EMAIL, Tokens, connect},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const WANTED: usize = 10_000;
/// Files that the other tests of this process may have open.
const OURS: usize = 2000;
/// In KiB, of a debug build.
const EACH: u64 = 40;
/// A kept connection idles for 75 s, is told goodbye and has 10 s to take it.
const CUT: Duration = Duration::from_secs(95);
const GET: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

struct Crowd {
    server: Server,
    program: Program,
    tokens: Tokens,
    idle: Vec<TcpStream>,
}

impl Crowd {
    /// As many as this machine lets a process open.
    async fn gather() -> Self {
        let maximum = getrlimit(Resource::Nofile).maximum;
        let limit = Rlimit {
            current: maximum,
            maximum,
        };
        setrlimit(Resource::Nofile, limit).expect("the soft limit may rise");
        let allowed = maximum.map_or(usize::MAX, |files| files as usize);
        let count = WANTED.min(allowed.saturating_sub(OURS));
        let home = home(&database(Cluster::get()), KEY);
        let server = Server::start_on(&home, quiet_port(), &["--max-connections=11000"]);
        home.add_user(EMAIL, "Ada");
        let mut ada = Browser::new(server.url());
        ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let app = home.add_app(EMAIL, REDIRECT, &[]);
        let program = Program::new(server.url(), &app);
        let tokens = connect(&mut ada, &program).await;
        let mut crowd = Self {
            server,
            program,
            tokens,
            idle: Vec::with_capacity(count),
        };
        let (alone, before) = (crowd.checks().await, memory(&crowd.server, "VmRSS"));
        for _ in 0..count {
            crowd.idle.push(crowd.one().await);
        }
        let (crowded, after) = (crowd.checks().await, memory(&crowd.server, "VmRSS"));
        let each = after.saturating_sub(before) as f64 / count as f64;
        println!(
            "{count} idle connections: {before} KiB alone, {after} KiB with them, {each:.1} KiB each"
        );
        println!("refreshes [p50, p99, max]: alone {alone:?}, beside them {crowded:?}");
        assert!(each < EACH as f64, "{each} KiB each");
        assert!(crowded[1] < Duration::from_secs(1), "{crowded:?}");
        crowd
    }

    /// A connection that has been answered once.
    async fn one(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.server.port())).await;
        let mut stream = stream.expect("a connection");
        stream.write_all(GET).await.expect("a request");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.sure();
        assert_eq!(answer, *b"HTTP/1.1 200");
        stream
    }

    async fn checks(&self) -> [Duration; 3] {
        let mut took = Vec::new();
        for _ in 0..300 {
            let begun = Instant::now();
            let reply = self.program.refresh(&self.tokens.refresh).await.sure();
            reply.must(&[200], "a refresh");
            took.push(begun.elapsed());
        }
        percentiles(took)
    }

    /// Somebody who asks and asks, and reads no answer, until no more goes.
    async fn deaf(&self) -> TcpStream {
        let mut stream = self.one().await;
        let short = Duration::from_millis(500);
        while let Ok(sent) = timeout(short, stream.write_all(&GET.repeat(100))).await {
            sent.expect("it goes");
        }
        stream
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_idle_connections_disturb_nobody() {
    let crowd = Crowd::gather().await;
    drop(crowd.idle);
    assert!(crowd.server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits until idle connections are closed, for a minute and a half"]
async fn idle_connections_and_those_who_do_not_read_are_cut() {
    let mut crowd = Crowd::gather().await;
    let (mut deaf, begun) = (crowd.deaf().await, Instant::now());
    for stream in &mut crowd.idle {
        let mut rest = Vec::new();
        let left = CUT.saturating_sub(begun.elapsed()) + Duration::from_secs(1);
        let closed = timeout(left, stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "an idle connection stays");
    }
    println!(
        "the last idle connection was closed {:.0?} after it idled",
        begun.elapsed()
    );
    // It still has what the kernel holds for it, and then it is over.
    let end = Instant::now();
    while timeout(CUT, deaf.write_all(GET))
        .await
        .expect("it is cut")
        .is_ok()
    {
        assert!(end.elapsed() < CUT, "whoever does not read is kept");
    }
    println!("who did not read was cut after {:.0?}", begun.elapsed());
    crowd.checks().await;
    assert!(crowd.server.stop().success());
}
