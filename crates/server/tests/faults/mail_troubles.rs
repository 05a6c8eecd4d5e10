//! What becomes of mails while the mail server, this one or the way between does not work.

use crate::{
    actor::{Browser, Sure},
    cluster::Cluster,
    mail::{ADA, Post, add_ada, settings},
    mail_server::Sink,
    nodes::{KEY, database, until},
    port::quiet_port,
    process::{Home, Server},
};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// With TLS and a password, by both ways; and no mail without them.
#[tokio::test(flavor = "multi_thread")]
async fn by_tls_and_with_a_password_or_not_at_all() {
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    for mode in ["implicit", "starttls"] {
        let home = Home::new();
        let (certificate, key) = (home.path().join("sink.pem"), home.path().join("sink.key"));
        std::fs::write(&certificate, pair.cert.pem()).expect("a file");
        std::fs::write(&key, pair.signing_key.serialize_pem()).expect("a file");
        let sink = Sink::with(json!({
            "tls": mode, "certificate": certificate, "key": key, "user": "grantor", "password": "s3cret",
        }));
        add_ada(&home);
        let file = home.path().join("password");
        std::fs::write(&file, "s3cret\n").expect("a file");
        let settings = [
            format!("--smtp-server=localhost:{}", sink.port),
            format!("--smtp-tls={mode}"),
            "--mail-from=accounts@auth.example".into(),
            "--smtp-user=grantor".into(),
            format!("--smtp-password-file={}", file.display()),
        ];
        let trusting = format!("--smtp-ca-file={}", certificate.display());
        let all: Vec<_> = settings.iter().map(String::as_str).collect();
        let ask = async |server: &Server| {
            let page = "/password/forgot";
            let mut browser = Browser::new(server.url());
            browser
                .submit(page, page, &[("email", ADA)])
                .await
                .sure()
                .must(&[200], page);
        };
        let says = async |server: &Server, words: &str| {
            until(async || server.output().contains(words)).await;
        };
        // Nobody vouches for the certificate.
        let server = Server::start_on(&home, quiet_port(), &all);
        ask(&server).await;
        says(&server, "the mail server cannot be reached").await;
        server.stop();
        // A wrong password, and then the right one: the mail has waited.
        std::fs::write(&file, "wrong").expect("a file");
        let server = Server::start_on(&home, quiet_port(), &[&all[..], &[&trusting]].concat());
        says(&server, "535").await;
        server.stop();
        std::fs::write(&file, "s3cret").expect("a file");
        let server = Server::start_on(&home, quiet_port(), &[&all[..], &[&trusting]].concat());
        let mail = sink.next();
        assert_eq!(mail.subject(), "Set a new password");
        assert_eq!(
            (&mail.0["tls"], &mail.0["user"]),
            (&json!(true), &json!("grantor")),
            "{mode}"
        );
        server.stop();
    }
}

/// A server that has no TLS gets no mail from one that wants it.
#[tokio::test(flavor = "multi_thread")]
async fn no_mail_goes_without_tls_where_tls_is_wanted() {
    let sink = Sink::start();
    for mode in ["implicit", "starttls"] {
        let home = Home::new();
        add_ada(&home);
        let flags = [
            format!("--smtp-server=localhost:{}", sink.port),
            format!("--smtp-tls={mode}"),
            "--mail-from=accounts@auth.example".into(),
        ];
        let flags: Vec<_> = flags.iter().map(String::as_str).collect();
        let server = Server::start_on(&home, quiet_port(), &flags);
        let mut browser = Browser::new(server.url());
        let page = "/password/forgot";
        browser
            .submit(page, page, &[("email", ADA)])
            .await
            .sure()
            .must(&[200], page);
        until(async || {
            server
                .output()
                .contains("the mail server cannot be reached")
        })
        .await;
        server.stop();
    }
}

/// Not now, then taken; never, and then that is written down.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_mail_server_says_decides() {
    let plan = json!({"plan": ["451 later", "250 taken", "550 no such user ada@example.org"]});
    let post = Post::by(Sink::with(plan));
    post.reset(ADA).await;
    let first = post.told("Set a new password");
    assert_eq!(first.text_of("answer"), "451 later");
    // The wait until the next attempt is cut short.
    until(async || {
        post.server
            .output()
            .contains("a mail was not taken: again later")
    })
    .await;
    post.sql("UPDATE mails SET due_at = 0");
    let again = post.told("Set a new password");
    assert_eq!(again.header("Message-ID"), first.header("Message-ID"));
    assert_eq!(again.path(), first.path());

    post.reset(ADA).await;
    let refused = post.told("Set a new password");
    assert!(refused.text_of("answer").starts_with("550"));
    until(async || post.server.output().contains("a mail was given up")).await;
    assert!(!post.server.output().contains(ADA), "no address in the log");
    let mut ada = post.ada().await;
    until(async || {
        let history = ada.get("/account/history").await.sure().body;
        history.contains("could not be delivered") && history.contains("Set a new password")
    })
    .await;
}

/// Neither a dead nor a slow mail server is felt by anybody but who waits for a mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_or_slow_mail_server_slows_nobody() {
    let dead = quiet_port();
    let home = Home::with(settings(dead));
    add_ada(&home);
    let server = Server::start_on(&home, quiet_port(), &[]);
    let slowest = async |url: &str| {
        let mut slowest = Duration::ZERO;
        for _ in 0..4 {
            let mut browser = Browser::new(url);
            let page = "/password/forgot";
            let begun = Instant::now();
            browser
                .submit(page, page, &[("email", ADA)])
                .await
                .sure()
                .must(&[200], page);
            slowest = slowest.max(begun.elapsed());
        }
        slowest
    };
    let by_dead = slowest(server.url()).await;
    until(async || {
        server
            .output()
            .contains("the mail server cannot be reached")
    })
    .await;
    server.stop();
    let sink = Sink::with(json!({"port": dead, "plan": ["wait", "wait", "wait", "wait"]}));
    let server = Server::start_on(&home, quiet_port(), &[]);
    assert_eq!(sink.next().text_of("answer"), "wait");
    let by_slow = slowest(server.url()).await;
    println!(
        "the slowest of four requests: {by_dead:?} by a dead mail server, {by_slow:?} by a slow one"
    );
    assert!(by_dead.max(by_slow) < Duration::from_secs(3));
    let begun = Instant::now();
    server.stop();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "nor is the end held up"
    );
}

/// What was queued before a kill is sent after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_outlives_the_server_that_queued_it() {
    let port = quiet_port();
    let home = Home::with(settings(port));
    add_ada(&home);
    let server = Server::start_on(&home, quiet_port(), &[]);
    let page = "/password/forgot";
    let mut browser = Browser::new(server.url());
    browser
        .submit(page, page, &[("email", ADA)])
        .await
        .sure()
        .must(&[200], page);
    server.kill();
    let sink = Sink::with(json!({"port": port}));
    let server = Server::start_on(&home, quiet_port(), &[]);
    let mail = sink.next();
    assert_eq!(mail.subject(), "Set a new password");
    let link = mail.path();
    let mut ada = Browser::new(server.url());
    ada.get(&link)
        .await
        .sure()
        .must(&[200], "the link of the server before");
}

/// Each mail by one of them: what is sent twice, is after a crash.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_send_each_mail_once() {
    const USERS: usize = 12;
    let sink = Sink::start();
    let mut settings = settings(sink.port);
    settings.push(("GRANTOR_DATABASE", database(Cluster::get())));
    settings.push(("GRANTOR_MASTER_KEY", KEY.to_owned()));
    let home = Home::with(settings);
    let (first, second) = (quiet_port(), quiet_port());
    let public = format!("--public-url=http://127.0.0.1:{first}");
    let nodes = [first, second].map(|port| Server::start_on(&home, port, &[&public]));
    for number in 0..USERS {
        home.add_user(&format!("user{number}@example.org"), "User");
    }
    let mut asked = Vec::new();
    for number in 0..USERS {
        let mut browser = Browser::new(nodes[number % 2].url());
        browser.wire.host = Some(format!("127.0.0.1:{first}"));
        let email = format!("user{number}@example.org");
        let page = "/password/forgot";
        browser
            .submit(page, page, &[("email", &email)])
            .await
            .sure()
            .must(&[200], page);
        asked.push(email);
    }
    let mut got: Vec<_> = (0..USERS).map(|_| sink.next().to().to_owned()).collect();
    got.sort();
    asked.sort();
    assert_eq!(got, asked);
    // Nothing comes a second time before a mail that was asked for after all of them.
    home.add_user("last@example.org", "Last");
    let mut browser = Browser::new(nodes[0].url());
    let page = "/password/forgot";
    let fields = [("email", "last@example.org")];
    browser
        .submit(page, page, &fields)
        .await
        .sure()
        .must(&[200], page);
    assert_eq!(sink.next().to(), "last@example.org");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_is_told_whether_mail_works() {
    let sink = Sink::start();
    let doctor = |port: Option<u16>| {
        let home = Home::with(port.map(settings).unwrap_or_default());
        add_ada(&home);
        let output = home
            .grantor(&["doctor", "--json"])
            .output()
            .expect("grantor runs");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let said = |answer: &serde_json::Value, member: &str| answer[member].to_string();
    assert!(said(&doctor(None), "notes").contains("no mail is sent"));
    let works = doctor(Some(sink.port));
    assert_eq!(said(&works, "notes"), "[]");
    assert!(!said(&works, "findings").contains("mail server"), "{works}");
    let dead = doctor(Some(quiet_port()));
    assert!(
        said(&dead, "findings").contains("the mail server cannot be used"),
        "{dead}"
    );
}
