//! The audit log of a real server: sealed, sent to a file, a syslog and a webhook that we
//! did not write or that refuse, and found out where somebody has tampered with it.

use crate::process::{Home, Server, free_port};
use aws_lc_rs::hmac;
use parking_lot::Mutex;
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket, UnixDatagram},
    time::Instant,
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `look` brings something.
async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} never comes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    // A line that is being written has no end yet.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn seqs(lines: &[Value]) -> Vec<i64> {
    lines
        .iter()
        .filter_map(|line| line["seq"].as_i64())
        .collect()
}

fn has(lines: &[Value], detail: &str) -> bool {
    lines
        .iter()
        .any(|line| line["detail"].as_str().is_some_and(|text| text == detail))
}

/// Something to remember.
fn disable(home: &Home, number: usize) -> String {
    let (email, reason) = (
        format!("user{number}@example.org"),
        format!("reason {number}"),
    );
    home.add_user(&email, "User");
    home.run(&["user", "disable", &email, "--reason", &reason], "");
    reason
}

/// Each is sent at least once, and some of them once more after a kill: those that were not
/// there yet.
fn news(all: Vec<i64>) -> Vec<i64> {
    let mut newest = 0;
    let is_new = |seq: &i64| {
        let is_new = *seq > newest;
        newest = newest.max(*seq);
        is_new
    };
    all.into_iter().filter(is_new).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_gets_every_event_over_rotation_and_kills() {
    let home = Home::new();
    let file = home.path().join("audit.jsonl");
    let flag = format!("--audit-file={}", file.display());
    let server = Server::start(&home, &[&flag]);
    let first = disable(&home, 1);
    until("the first event", || {
        has(&lines(&file), &first).then_some(())
    })
    .await;
    // As logrotate does it.
    let moved = home.path().join("audit.jsonl.1");
    fs::rename(&file, &moved).expect("a rename");
    let second = disable(&home, 2);
    until("a new file", || has(&lines(&file), &second).then_some(())).await;
    server.kill();
    let third = disable(&home, 3);
    let server = Server::start(&home, &[&flag]);
    until("what came meanwhile", || {
        has(&lines(&file), &third).then_some(())
    })
    .await;
    server.stop();
    let mut all = seqs(&lines(&moved));
    all.extend(seqs(&lines(&file)));
    let all = news(all);
    assert_eq!(all, (1..=all.len() as i64).collect::<Vec<_>>());
    let verified = home.run(&["audit", "verify"], "");
    assert_eq!(
        (&verified["intact"], &verified["findings"]),
        (&true.into(), &Value::Array(vec![]))
    );
    assert_eq!(verified["events"], all.len());
    let last = verified["last"].as_str().expect("a link").to_owned();
    let again = home.run(&["audit", "verify", "--expect", &last], "");
    assert_eq!(again["intact"], true);
}

fn export(home: &Home, arguments: &[&str]) -> Vec<Value> {
    let mut command = home.grantor(&[&["audit", "export"], arguments].concat());
    let output = command.output().expect("a command");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The exit status and what was said.
fn verify(home: &Home, more: &[&str]) -> (i32, String) {
    let mut command = home.grantor(&[&["audit", "verify"], more].concat());
    let output = command.output().expect("a command");
    let said = String::from_utf8(output.stdout).expect("text");
    (output.status.code().expect("an exit"), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tampers_with_the_log_is_found_out() {
    let home = Home::new();
    let file = home.path().join("audit.jsonl");
    let server = Server::start(&home, &[&format!("--audit-file={}", file.display())]);
    let reasons: Vec<_> = (0..5).map(|number| disable(&home, number)).collect();
    let last = reasons.last().expect("one").clone();
    until("the last event", || has(&lines(&file), &last).then_some(())).await;
    server.stop();
    let (code, said) = verify(&home, &[]);
    assert_eq!(code, 0, "{said}");
    let all = export(&home, &[]);
    assert_eq!(seqs(&all), (1..=all.len() as i64).collect::<Vec<_>>());
    assert_eq!(seqs(&export(&home, &["--after", "3"])), seqs(&all)[3..]);
    let disabled = export(&home, &["--kind", "account.disabled"]);
    let mut unknown = home.grantor(&["audit", "export", "--kind", "foo.bar"]);
    let unknown = unknown.output().expect("a command");
    let said = String::from_utf8_lossy(&unknown.stderr);
    assert!(
        !unknown.status.success() && said.contains("there is no such kind"),
        "{said}"
    );
    assert_eq!(disabled.len(), 5);
    let at = disabled[2]["at"].as_str().expect("a moment");
    assert!(
        seqs(&export(&home, &["--to", at]))
            .iter()
            .all(|seq| *seq < disabled[2]["seq"].as_i64().unwrap())
    );
    assert!(export(&home, &["--from", "2200-01-01"]).is_empty());
    let victim = &disabled[2];
    let (id, seq) = (victim["id"].as_str().expect("an id"), &victim["seq"]);
    let data = home.setting("GRANTOR_DATA").unwrap_or("grantor-data");
    let database = home.path().join(data).join("grantor.db");
    let execute = |sql: &str| {
        let connection = rusqlite::Connection::open(&database).expect("the database");
        connection.execute_batch(sql).expect("a change");
    };
    execute("CREATE TABLE kept AS SELECT * FROM audit_events");
    let restore =
        || execute("DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept");
    for (change, finding) in [
        (
            format!("UPDATE audit_events SET detail = 'nothing' WHERE id = {id}"),
            format!("event {id} (link {seq}) was changed"),
        ),
        (
            format!("DELETE FROM audit_events WHERE id = {id}"),
            format!("event {id} (link {seq}) was removed"),
        ),
        (
            format!(
                "INSERT INTO audit_events SELECT id - 1, at - 600000, kind, user_id, actor_id, app_id, address, request_id, detail FROM audit_events WHERE id = {id}"
            ),
            "was never sealed".to_owned(),
        ),
    ] {
        execute(&change);
        let (code, said) = verify(&home, &[]);
        assert!(
            code == 3 && said.contains(&finding),
            "{change}: {code} {said}"
        );
        restore();
        assert_eq!(verify(&home, &[]).0, 0);
    }
    let noted = format!("{seq}:{}", victim["digest"].as_str().expect("a digest"));
    assert_eq!(verify(&home, &["--expect", &noted]).0, 0);
    let other = format!("{seq}:{}", "0".repeat(64));
    let (code, said) = verify(&home, &["--expect", &other]);
    assert!(code == 3 && said.contains("is not what it was"), "{said}");
    // The end goes, and with it what was sent already.
    execute(
        "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_chain WHERE seq > 4); DELETE FROM audit_chain WHERE seq > 4",
    );
    let (code, said) = verify(&home, &[]);
    assert!(
        code == 3 && said.contains("was sent to the audit-file before"),
        "{said}"
    );
}

/// rsyslog, as Debian has it.
struct Rsyslog(Child);

impl Rsyslog {
    fn start(home: &Home, port: u16) -> Self {
        let out = home.path().join("syslog.out");
        let file = home.path().join("rsyslog.conf");
        let config = format!(
            "module(load=\"imtcp\")\ninput(type=\"imtcp\" address=\"127.0.0.1\" port=\"{port}\")\n\
             template(name=\"parts\" type=\"string\" string=\"%pri% %app-name% %msgid% %hostname% %msg%\\n\")\n\
             action(type=\"omfile\" file=\"{}\" template=\"parts\")\n",
            out.display()
        );
        fs::write(&file, config).expect("a configuration");
        let child = Command::new("/usr/sbin/rsyslogd")
            .args(["-n", "-f"])
            .arg(&file)
            .arg("-i")
            .arg(home.path().join("rsyslog.pid"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("rsyslogd: `cargo xtask setup` installs it"))
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_syslog_gets_every_event_also_after_it_was_away() {
    let (home, port) = (Home::new(), free_port());
    let out = home.path().join("syslog.out");
    let syslog = format!("--audit-syslog=tcp://127.0.0.1:{port}");
    let server = Server::start(&home, &[&syslog]);
    let early = disable(&home, 1);
    let receiver = Rsyslog::start(&home, port);
    let said = |text: &str| {
        fs::read_to_string(&out)
            .unwrap_or_default()
            .contains(text)
            .then_some(())
    };
    until("what waited for the syslog", || said(&early)).await;
    drop(receiver);
    let late = disable(&home, 2);
    let _receiver = Rsyslog::start(&home, port);
    until("what came meanwhile", || said(&late)).await;
    server.stop();
    let text = fs::read_to_string(&out).expect("messages");
    let ours: Vec<_> = text
        .lines()
        .filter(|line| line.contains(" grantor "))
        .collect();
    let mut seen = Vec::new();
    for line in &ours {
        let mut parts = line.splitn(5, ' ');
        assert_eq!(
            (parts.next(), parts.next()),
            (Some("85"), Some("grantor")),
            "{line}"
        );
        let kind = parts.next().expect("a kind");
        assert_eq!(parts.next(), Some("127.0.0.1"));
        let event: Value =
            serde_json::from_str(parts.next().expect("a message").trim()).expect("JSON");
        assert_eq!(event["kind"], kind);
        seen.push(event["seq"].as_i64().expect("a seq"));
    }
    let seen = news(seen);
    assert_eq!(seen, (1..=seen.len() as i64).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn datagrams_have_one_message_each() {
    let home = Home::new();
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let port = socket.local_addr().expect("an address").port();
    let path = home.path().join("log.sock");
    let local = UnixDatagram::bind(&path).expect("a socket");
    for flag in [
        format!("--audit-syslog=udp://127.0.0.1:{port}"),
        format!("--audit-syslog=unix:{}", path.display()),
    ] {
        let server = Server::start(&home, &[&flag]);
        let reason = disable(&home, if flag.contains("udp") { 1 } else { 2 });
        let mut buffer = [0; 8192];
        loop {
            let received = tokio::time::timeout(PATIENCE, async {
                match flag.contains("udp") {
                    true => socket.recv(&mut buffer).await,
                    false => local.recv(&mut buffer).await,
                }
            });
            let length = received.await.expect("a datagram").expect("a datagram");
            let text = std::str::from_utf8(&buffer[..length]).expect("text");
            assert!(
                text.starts_with("<85>1 20") && text.ends_with('}'),
                "{text}"
            );
            if text.contains(&reason) {
                break;
            }
        }
        server.stop();
    }
}

/// What a webhook has got: the signature and the body of each post.
type Posts = Arc<Mutex<Vec<(String, String)>>>;

/// Answers the first posts with a refusal.
async fn webhook(refuse: usize) -> (u16, Posts) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let posts = Posts::default();
    let kept = posts.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (signature, body) = read_post(&mut stream).await;
            let number = {
                let mut posts = kept.lock();
                posts.push((signature, body));
                posts.len()
            };
            let status = match number > refuse {
                true => "204 No Content",
                false => "500 Sorry",
            };
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, posts)
}

async fn read_post(stream: &mut TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                let lines = head.lines().filter_map(|line| line.split_once(": "));
                let mut found = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
                found.next().map_or("", |(_, value)| value).to_owned()
            };
            if body.len() >= header("content-length").parse().unwrap_or(0) {
                return (header("grantor-signature"), body.to_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return Default::default();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_signed_events_in_order_until_it_takes_them() {
    let home = Home::new();
    let (port, posts) = webhook(2).await;
    let secret = home.path().join("webhook.secret");
    fs::write(&secret, SECRET).expect("a secret");
    let server = Server::start(
        &home,
        &[
            &format!("--audit-webhook=http://127.0.0.1:{port}/events"),
            &format!("--audit-webhook-secret-file={}", secret.display()),
            "--outbound=true",
            &format!("--outbound-allow=127.0.0.1:{port}"),
        ],
    );
    let reason = disable(&home, 1);
    until("the event", || {
        posts
            .lock()
            .iter()
            .skip(2)
            .any(|(_, body)| body.contains(&reason))
            .then_some(())
    })
    .await;
    server.stop();
    let posts = posts.lock().clone();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let mut taken = Vec::new();
    for (number, (signature, body)) in posts.iter().enumerate() {
        let (at, mac) = signature.split_once(",v1=").expect("a signature");
        let at = at.strip_prefix("t=").expect("a moment");
        let expected = hmac::sign(&key, format!("{at}.{body}").as_bytes());
        let expected: String = expected
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(mac, expected);
        let body: Value = serde_json::from_str(body).expect("JSON");
        let events = body["events"].as_array().expect("events");
        if number >= 2 {
            taken.extend(seqs(events));
        }
    }
    let taken = news(taken);
    assert_eq!(
        taken,
        (1..=taken.len() as i64).collect::<Vec<_>>(),
        "none is lost by the refusals"
    );
}
