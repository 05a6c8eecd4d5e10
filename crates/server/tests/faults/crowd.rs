//! Many at once, and the slow: nobody's patience or memory is used up by others.

use crate::{
    actor::{Browser, Sure},
    process::{PASSWORD, Server},
    scene::{EMAIL, Scene},
};
use std::{fs, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, timeout},
};

const IDLE: usize = 1000;
const LOGINS: usize = 100;
/// What a storm may take beside the memory of the one thread that checks passwords,
/// in KiB: a hundred connections and what they sent.
const STORM_MEMORY: u64 = 32 * 1024;

/// A figure of `/proc/<pid>/status`, in KiB.
fn memory(server: &Server, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let figure = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    figure.expect("a figure")
}

/// How long bearer checks take, one after the other: p50, p99 and the slowest.
async fn bearer_checks(scene: &Scene, token: &str, count: usize) -> [Duration; 3] {
    let mut took = Vec::new();
    for _ in 0..count {
        let begun = Instant::now();
        assert!(scene.confidential.is_accepted(token).await.sure());
        took.push(begun.elapsed());
    }
    percentiles(took)
}

pub fn percentiles(mut took: Vec<Duration>) -> [Duration; 3] {
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    [at(50), at(99), at(100)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_idle_connections_disturb_nobody() {
    // Fewer files than connections: the server asks for what it may have.
    let mut scene = Scene::through("ulimit -Sn 512", &[]);
    scene.sign_in().await;
    let tokens = scene.connect(&scene.confidential.clone()).await;
    let (alone, before) = (
        bearer_checks(&scene, &tokens.access, 300).await,
        memory(&scene.server, "VmRSS"),
    );
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        let stream = TcpStream::connect(("127.0.0.1", scene.port)).await;
        let mut stream = stream.expect("a connection");
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .expect("a request");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.sure();
        assert_eq!(answer, *b"HTTP/1.1 200");
        idle.push(stream);
    }
    let crowded = bearer_checks(&scene, &tokens.access, 300).await;
    let after = memory(&scene.server, "VmRSS");
    println!(
        "bearer checks [p50, p99, max]: alone {alone:?}, beside {IDLE} idle connections {crowded:?}"
    );
    println!("memory: {before} KiB alone, {after} KiB with them");
    drop(idle);
    assert!(scene.server.stop().success());
}

/// Whoever does not finish what he began is cut, and nobody else notices.
#[tokio::test(flavor = "multi_thread")]
async fn slow_and_half_open_clients_are_cut() {
    let scene = Scene::new(&[]);
    let mut cut = JoinSet::new();
    let body = "POST /-/oauth_token HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=";
    for (text, longest) in [
        ("", 11),
        ("GET / HT", 11),
        ("GET / HTTP/1.1\r\nHos", 11),
        (body, 16),
    ] {
        let port = scene.port;
        cut.spawn(async move {
            let mut stream = TcpStream::connect(("127.0.0.1", port))
                .await
                .expect("a connection");
            stream.write_all(text.as_bytes()).await.expect("it goes");
            let (begun, mut answer) = (Instant::now(), [0; 12]);
            let read = timeout(
                Duration::from_secs(longest + 5),
                stream.read_exact(&mut answer),
            )
            .await;
            let refused = read.expect("it is cut").is_err() || answer == *b"HTTP/1.1 400";
            assert!(refused, "{text:?} was answered");
            println!("{text:.12?} was cut after {:.1?}", begun.elapsed());
            assert!(begun.elapsed() < Duration::from_secs(longest + 1));
        });
    }
    // The same client in another connection is served meanwhile.
    let reply = scene.confidential.refresh("gr_rt_unknown").await.sure();
    reply.must(&[400], "a refusal");
    cut.join_all().await;
    assert!(scene.server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_logins_takes_bounded_memory() {
    let mut scene = Scene::new(&["--throttling=false", "--password-threads=1"]);
    scene.sign_in().await;
    let tokens = scene.connect(&scene.confidential.clone()).await;
    let alone = refreshes(&scene, &tokens.refresh, || false).await;
    let before = memory(&scene.server, "VmRSS");
    let mut storm = JoinSet::new();
    for _ in 0..LOGINS {
        let mut browser = Browser::new(&scene.browser.wire.origin);
        let token = browser.get("/login").await.sure().form_token();
        storm.spawn(async move {
            let form = [
                ("email", EMAIL),
                ("password", PASSWORD),
                ("action", "login"),
                ("csrf", &*token),
            ];
            let reply = browser.post("/login", &form).await.sure();
            let reply = reply.must(&[303, 503], "a login in a storm");
            assert!(reply.status == 303 || reply.header("retry-after") == "2");
            reply.status
        });
    }
    let watched = std::sync::Mutex::new(&mut storm);
    let mut statuses = Vec::new();
    let during = refreshes(&scene, &tokens.refresh, || {
        let mut storm = watched.lock().expect("no panic");
        while let Some(ended) = storm.try_join_next() {
            statuses.push(ended.expect("no panic"));
        }
        !storm.is_empty()
    })
    .await;
    let peak = memory(&scene.server, "VmHWM");
    let accepted = statuses.iter().filter(|status| **status == 303).count();
    println!(
        "{LOGINS} logins at once: {accepted} accepted, {} asked to come back",
        LOGINS - accepted
    );
    println!("memory: {before} KiB before, {peak} KiB at most");
    println!("refresh [p50, p99, max]: alone {alone:?}, in the storm {during:?}");
    assert_eq!(statuses.len(), LOGINS);
    assert!(accepted >= 60, "the queue takes 64");
    assert!(
        peak < before + STORM_MEMORY,
        "{before} KiB before, {peak} KiB at most"
    );
}

/// Token requests one after the other, at least 200 and as long as `more` says.
async fn refreshes(scene: &Scene, token: &str, mut more: impl FnMut() -> bool) -> [Duration; 3] {
    let mut took = Vec::new();
    while more() || took.len() < 200 {
        let begun = Instant::now();
        scene
            .confidential
            .refresh(token)
            .await
            .sure()
            .must(&[200], "a refresh");
        took.push(begun.elapsed());
    }
    percentiles(took)
}
