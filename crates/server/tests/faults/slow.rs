//! Slow clients at a node of PostgreSQL: whoever dribbles, or does not read, holds no
//! connection to the database.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    crowd::percentiles,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::Server,
    scene::{EMAIL, connect},
};
use std::time::Duration;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep},
};

/// Of each kind.
const SLOW: usize = 50;
const GOOD: usize = 300;
/// As few as a node may have: one for all reads, one for everything else.
const CONNECTIONS: usize = 2;

/// Sends, byte by byte, and begins anew when it is cut.
async fn dribble(port: u16, at_once: &str, rest: &str) {
    loop {
        let mut stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("a connection");
        let mut going = stream.write_all(at_once.as_bytes()).await.is_ok();
        for byte in rest.bytes() {
            sleep(Duration::from_millis(300)).await;
            going = going && stream.write_all(&[byte]).await.is_ok();
        }
    }
}

/// Asks what needs the database, again and again, and reads no answer.
async fn ask_deafly(port: u16) {
    let asked = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
    loop {
        let mut stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("a connection");
        while stream.write_all(asked.as_bytes()).await.is_ok() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_hold_no_connection_to_the_database() {
    let cluster = Cluster::start();
    let home = home(&database(&cluster), KEY);
    let few = format!("--database-connections={CONNECTIONS}");
    let server = Server::start_on(&home, quiet_port(), &[&few]);
    home.add_user(EMAIL, "Ada");
    let mut ada = Browser::new(server.url());
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "browser"]);
    let program = Program::new(server.url(), &app);
    let mut tokens = connect(&mut ada, &program).await;
    let slowly = connect(&mut ada, &program).await.refresh;

    let (port, mut slow) = (server.port(), JoinSet::new());
    let body = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={slowly}",
        app.client_id
    );
    let head = format!(
        "POST /-/oauth_token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    for _ in 0..SLOW {
        let (one, all) = (head.clone(), body.clone());
        slow.spawn(async move { dribble(port, "", &one).await });
        let one = head.clone();
        slow.spawn(async move { dribble(port, &one, &all).await });
        slow.spawn(ask_deafly(port));
    }
    let mut took = Vec::new();
    let begun = Instant::now();
    // Also past the moment at which the first of them are cut.
    while took.len() < GOOD || begun.elapsed() < Duration::from_secs(20) {
        let asked = Instant::now();
        let reply = program.refresh(&tokens.refresh).await.sure();
        tokens.refresh = reply.must(&[200], "a rotation").text("refresh_token");
        took.push(asked.elapsed());
        if took.len() % 50 == 0 {
            let held = cluster.ask(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'grantor'
                    AND state LIKE 'idle in transaction%' AND state_change < now() - interval '1 s'",
            );
            assert_eq!(held, "0", "a connection is held");
            assert!(cluster.connections() <= CONNECTIONS);
        }
    }
    let good = took.len();
    let took = percentiles(took);
    println!(
        "{good} rotations beside {} slow clients [p50, p99, max]: {took:?}",
        3 * SLOW
    );
    assert!(took[2] < Duration::from_secs(2), "{took:?}");
    slow.shutdown().await;
    assert!(server.stop().success());
}
