//! An orderly end: what is in flight is answered, nothing new is taken, what memory
//! held is written, and the next start goes on where this one stopped.

use crate::{
    actor::{Browser, Sure, http, send},
    process::{PASSWORD, Server},
    scene::{EMAIL, Scene},
};
use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep},
};

const LOGINS: usize = 12;
/// Of these logins, so many must not have begun when the server is asked to stop.
const WAITING: usize = 6;
const SOON: Duration = Duration::from_secs(10);

/// A token request whose head the server has taken and whose body it waits for.
struct HalfSent {
    stream: TcpStream,
    body: String,
}

impl HalfSent {
    async fn new(scene: &Scene, token: &str) -> Self {
        let app = &scene.confidential.app;
        let (id, secret) = (&app.client_id, app.client_secret.as_deref().unwrap_or(""));
        let body = format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={id}&client_secret={secret}"
        );
        let head = format!(
            "POST /-/oauth_token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nExpect: 100-continue\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            scene.port,
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", scene.port))
            .await
            .expect("a connection");
        stream
            .write_all(head.as_bytes())
            .await
            .expect("the head goes");
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).await.sure();
        assert_eq!(answer, *b"HTTP/1.1 100 Continue\r\n\r\n");
        Self { stream, body }
    }

    async fn finish(mut self) -> String {
        self.stream
            .write_all(self.body.as_bytes())
            .await
            .expect("the body goes");
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.sure();
        answer
    }
}

/// Logins that wait for the threads that check passwords.
async fn slow_logins(scene: &Scene, metrics: u16) -> JoinSet<Browser> {
    let mut logins = JoinSet::new();
    for _ in 0..LOGINS {
        let mut browser = Browser::new(&scene.browser.wire.origin);
        let page = browser.get("/login").await.sure();
        let token = page.form_token();
        logins.spawn(async move {
            let form = [
                ("email", EMAIL),
                ("password", PASSWORD),
                ("action", "login"),
                ("csrf", &*token),
            ];
            let reply = browser.post("/login", &form).await.sure();
            reply.must(&[303], "a login in flight");
            browser
        });
    }
    let (client, begun) = (http(), Instant::now());
    let url = format!("http://127.0.0.1:{metrics}/metrics");
    loop {
        let page = send(client.get(&url)).await.expect("metrics").body;
        let queue = page
            .lines()
            .find_map(|line| line.strip_prefix("grantor_password_queue "));
        if queue.is_some_and(|queue| queue.parse().unwrap_or(0) >= WAITING) {
            return logins;
        }
        assert!(begun.elapsed() < SOON, "no login waits:\n{page}");
    }
}

async fn refuses_connections(port: u16) -> Duration {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "new connections are taken"
        );
        sleep(Duration::from_millis(5)).await;
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_begun() {
    let metrics = crate::port::quiet_port();
    let listen = format!("--metrics-listen=127.0.0.1:{metrics}");
    let mut scene = Scene::new(&[&listen, "--password-threads=1", "--throttling=false"]);
    scene.sign_in().await;
    let program = scene.confidential.clone();
    let tokens = scene.connect(&program).await;
    let personal = scene.browser.make_token("script").await.sure();
    assert!(program.is_accepted(&personal).await.sure());
    program
        .exchange("gr_ac_unknown")
        .await
        .sure()
        .must(&[400], "no code");
    let mut half = Vec::new();
    for _ in 0..5 {
        half.push(HalfSent::new(&scene, &tokens.refresh).await);
    }
    let logins = slow_logins(&scene, metrics).await;

    scene.server.signal("TERM");
    println!(
        "new connections refused after {:?}",
        refuses_connections(scene.port).await
    );
    for request in half {
        let answer = request.finish().await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(
            answer.to_ascii_lowercase().contains("connection: close"),
            "{answer}"
        );
    }
    let mut browsers = vec![scene.browser];
    browsers.extend(logins.join_all().await);
    assert!(scene.server.ended().success());
    is_written(&scene.home.path().join("grantor-data"));
    let server = Server::start_on(&scene.home, scene.port, &[]);
    for browser in &mut browsers {
        assert!(browser.is_signed_in().await.sure(), "a session was lost");
    }
    for token in [&tokens.access, &personal] {
        assert!(program.is_accepted(token).await.sure(), "a token was lost");
    }
    let refresh = program.refresh(&tokens.refresh).await.sure();
    refresh.must(&[200], "a refresh");
    let remembered = browsers[0].is_remembered(&program.app).await.sure();
    assert!(remembered, "a consent was lost");
    assert!(server.stop().success());
}

/// The log is in the database, and so is what memory held.
fn is_written(data: &Path) {
    assert!(
        !data.join("grantor.db-wal").exists(),
        "the log was left behind"
    );
    let database = rusqlite::Connection::open(data.join("grantor.db")).expect("a database");
    for query in [
        "SELECT COUNT(*) FROM personal_access_tokens WHERE last_used_at IS NOT NULL AND last_used_from = '127.0.0.1'",
        "SELECT COUNT(*) FROM client_secrets WHERE last_used_at IS NOT NULL",
        "SELECT COUNT(*) FROM grants WHERE last_used_at IS NOT NULL",
        "SELECT COUNT(*) FROM refusals WHERE cause = 'CodeUnknown'",
    ] {
        let count: i64 = database
            .query_row(query, [], |row| row.get(0))
            .expect("a count");
        assert_eq!(count, 1, "{query}");
    }
}

/// As soon as it says that it listens, and every time.
#[test]
fn a_stop_right_after_the_start_is_an_orderly_one() {
    let home = crate::process::Home::new();
    for _ in 0..10 {
        let server = Server::start_on(&home, crate::port::quiet_port(), &[]);
        assert!(server.stop().success());
        assert!(!home.path().join("grantor-data/grantor.db-wal").exists());
    }
}
