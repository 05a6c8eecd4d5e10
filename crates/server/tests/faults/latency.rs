//! A database far away: every message takes 100 ms, in each direction.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    nodes::{KEY, home},
    port::quiet_port,
    process::Server,
    scene::EMAIL,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixStream},
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until},
};

const WAY: Duration = Duration::from_millis(100);
const CONNECTIONS: usize = 8;
const USERS: usize = 6;
const FLOWS: usize = 3;

/// Counts who comes, and passes everything on, late.
async fn relay(listener: TcpListener, socket: PathBuf, came: Arc<AtomicUsize>) {
    loop {
        let (node, _) = listener.accept().await.expect("a node");
        came.fetch_add(1, Relaxed);
        let database = UnixStream::connect(&socket).await.expect("a database");
        let (from_node, to_node) = node.into_split();
        let (from_database, to_database) = database.into_split();
        tokio::spawn(pass_on(from_node, to_database));
        tokio::spawn(pass_on(from_database, to_node));
    }
}

/// As a long line does: what is on its way does not hold up what comes after it.
async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let (line, mut end) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let sending = async move {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let sent = line.send((Instant::now() + WAY, buffer[..count].to_vec()));
            sent.expect("the line is there");
        }
    };
    let arriving = async move {
        while let Some((due, bytes)) = end.recv().await {
            sleep_until(due).await;
            let _ = to.write_all(&bytes).await;
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(sending, arriving);
}

/// Connect, exchange, use, refresh; how long each answer took.
async fn flow(mut ada: Browser, program: Program) -> Vec<Duration> {
    let mut took = Vec::new();
    let mut begun = Instant::now();
    let mut lap = || took.push(std::mem::replace(&mut begun, Instant::now()).elapsed());
    let code = ada.connect(&program.app).await.sure();
    lap();
    let tokens = program.exchange(&code).await.sure();
    let tokens = tokens.must(&[200], "an exchange");
    lap();
    assert!(
        program
            .is_accepted(&tokens.text("access_token"))
            .await
            .sure()
    );
    let reply = program.refresh(&tokens.text("refresh_token")).await.sure();
    reply.must(&[200], "a refresh");
    lap();
    took
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_far_away_is_slow_and_no_more() {
    let cluster = Cluster::start();
    let home = home(&cluster.url(), KEY);
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its port").port();
    let came = Arc::new(AtomicUsize::new(0));
    let socket = cluster.folder().join(".s.PGSQL.5432");
    tokio::spawn(relay(listener, socket, came.clone()));
    let flags = [
        format!("--database=postgresql://grantor@127.0.0.1:{port}/postgres"),
        format!("--database-connections={CONNECTIONS}"),
        "--throttling=false".into(),
    ];
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let server = tokio::task::block_in_place(|| Server::start_on(&home, quiet_port(), &flags));
    let program = Program::new(server.url(), &app);
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    let before = came.load(Relaxed);
    let mut users = JoinSet::new();
    for _ in 0..USERS {
        let (ada, program) = (ada.clone(), program.clone());
        users.spawn(async move {
            let mut took = Vec::new();
            for _ in 0..FLOWS {
                took.extend(flow(ada.clone(), program.clone()).await);
            }
            took
        });
    }
    let mut took = users.join_all().await.concat();
    took.sort_unstable();
    let (p50, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    let made = came.load(Relaxed) - before;
    println!("p50 {p50:?}, at most {slowest:?}; {made} connections made for it");
    assert!(p50 > 2 * WAY, "the line is not long: {p50:?}");
    // Nobody despairs of an answer that is on its way and asks anew elsewhere.
    assert!(made <= CONNECTIONS, "{before} + {made}");
}
