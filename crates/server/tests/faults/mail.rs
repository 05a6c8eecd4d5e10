//! Mails, by a real mail server: each as it is delivered, and what happens while the mail
//! server or this one does not work.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    mail_server::{Mail, Sink},
    nodes::{KEY, database, until},
    port::quiet_port,
    process::{Home, PASSWORD, Server},
};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "staple battery horse";

/// A server that mails by a sink, and Ada, whose address is hers.
struct Post {
    home: Home,
    server: Server,
    sink: Sink,
}

fn settings(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("GRANTOR_SMTP_SERVER", format!("127.0.0.1:{port}")),
        ("GRANTOR_SMTP_TLS", "off".into()),
        ("GRANTOR_MAIL_FROM", "accounts@auth.example".into()),
        ("GRANTOR_BRAND", "Example & Co".into()),
    ]
}

fn add_ada(home: &Home) {
    let arguments = [
        "user",
        "add",
        "--email",
        ADA,
        "--name",
        "Ada <b>",
        "--password-stdin",
    ];
    home.run(
        &[&arguments[..], &["--email-verified", "--admin"]].concat(),
        PASSWORD,
    );
}

impl Post {
    fn new() -> Self {
        Self::by(Sink::start())
    }

    fn by(sink: Sink) -> Self {
        let home = Home::with(settings(sink.port));
        add_ada(&home);
        let server = Server::start_on(&home, quiet_port(), &[]);
        Self { home, server, sink }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.server.url())
    }

    async fn ada(&self) -> Browser {
        let mut ada = self.browser();
        ada.sign_in(ADA).await.sure().must(&[303], "a login");
        ada
    }

    fn sql(&self, sql: &str) {
        let file = self.home.path().join("grantor-data/grantor.db");
        let database = rusqlite::Connection::open(file).expect("the database");
        database
            .busy_timeout(Duration::from_secs(10))
            .expect("a database");
        database.execute_batch(sql).expect("a statement");
    }

    /// The next mail, which is to Ada and says what every mail says.
    fn told(&self, subject: &str) -> Mail {
        let mail = self.sink.next();
        assert_eq!((mail.subject(), mail.to()), (subject, ADA), "{mail:#?}");
        check(&mail);
        mail
    }

    async fn reset(&self, email: &str) {
        let mut browser = self.browser();
        let page = "/password/forgot";
        let reply = browser.submit(page, page, &[("email", email)]).await.sure();
        reply.must(&[200], "a forgotten password");
    }
}

/// What holds for every mail.
fn check(mail: &Mail) {
    assert_eq!(mail.0["defects"], json!([]), "{mail:#?}");
    assert_eq!(mail.text_of("from"), "accounts@auth.example");
    assert_eq!(mail.header("From"), "Example & Co <accounts@auth.example>");
    assert_eq!(mail.header("To"), mail.to());
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.text_of("type"), "multipart/alternative");
    assert!(
        mail.header("Message-ID").ends_with("@127.0.0.1>"),
        "{mail:#?}"
    );
    assert!(mail.header("Date").ends_with("+0000"), "{mail:#?}");
    assert!(mail.text().contains(mail.subject()) && mail.text().contains("Example & Co"));
    assert!(mail.html().contains("Example &#38; Co"), "{}", mail.html());
    assert!(!mail.html().contains("<b>") && !mail.html().contains("<img"));
    // The address of the configuration, whatever a request said.
    assert!(mail.path().starts_with('/') && !mail.text().contains("evil"));
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_address() {
    let post = Post::new();
    let mut mary = post.browser();
    let fields = [
        ("name", "Buy pills at evil.example"),
        ("email", "Mary@example.org"),
        ("password", PASSWORD),
    ];
    mary.submit("/signup", "/signup", &fields)
        .await
        .sure()
        .must(&[303], "an account");
    let mail = post.sink.next();
    assert_eq!(mail.subject(), "Verify your email address");
    assert_eq!(mail.to(), "Mary@example.org");
    check(&mail);
    let link = mail.path();
    let page = mary.get(&link).await.sure().must(&[200], "the link");
    let token = [("token", link.split_once('=').expect("a token").1)];
    assert!(page.body.contains("Verify your address"));
    let reply = mary.submit(&link, "/address/confirm", &token).await.sure();
    assert_eq!(reply.header("location"), "/account/address?done=verified");
    mary.get(&link).await.sure().must(&[403], "the link again");
}

#[tokio::test(flavor = "multi_thread")]
async fn change_address_and_the_way_back() {
    let post = Post::new();
    let mut ada = post.ada().await;
    let page = "/account/address";
    let fields = [("email", "ada@new.example")];
    ada.submit(page, page, &fields)
        .await
        .sure()
        .must(&[200], "a wish");
    let mail = post.sink.next();
    assert_eq!(
        (mail.subject(), mail.to()),
        ("Confirm your new email address", "ada@new.example")
    );
    check(&mail);
    let link = mail.path();
    let token = [("token", link.split_once('=').expect("a token").1)];
    let reply = ada.submit(&link, "/address/confirm", &token).await.sure();
    assert_eq!(reply.header("location"), "/account/address?done=changed");

    let told = post.told("Your email address was changed");
    assert!(
        told.text().contains("From the address: 127.0.0.1"),
        "{}",
        told.text()
    );
    let back = told.path();
    let mut owner = post.browser();
    let fields = [
        ("token", back.split_once('=').expect("a token").1),
        ("password", NEW_PASSWORD),
    ];
    let reply = owner
        .submit(&back, "/address/restore", &fields)
        .await
        .sure();
    reply.must(&[303], "the way back");
    let restored = post.told("Your email address was put back");
    assert!(
        restored.text().contains("Address: ada@example.org"),
        "{}",
        restored.text()
    );
    assert!(owner.is_signed_in().await.sure() && !ada.is_signed_in().await.sure());
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_password() {
    let post = Post::new();
    let mut elsewhere = post.ada().await;
    post.reset("ADA@example.org").await;
    let link = post.told("Set a new password").path();
    let mut ada = post.browser();
    let fields = [
        ("token", link.split_once('=').expect("a token").1),
        ("password", NEW_PASSWORD),
    ];
    ada.submit(&link, "/password/reset", &fields)
        .await
        .sure()
        .must(&[303], "a reset");
    let told = post.told("A new password was set");
    assert!(told.text().contains("From the address: 127.0.0.1"));
    assert!(ada.is_signed_in().await.sure() && !elsewhere.is_signed_in().await.sure());
}

#[tokio::test(flavor = "multi_thread")]
async fn password_changed() {
    let post = Post::new();
    let mut ada = post.ada().await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", NEW_PASSWORD),
    ];
    ada.submit("/account", "/account/password", &fields)
        .await
        .sure()
        .must(&[303], "a change");
    assert_eq!(
        post.told("Your password was changed").path(),
        "/account/history"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_sign_in() {
    let post = Post::new();
    let _first = post.ada().await;
    let _same_place = post.ada().await;
    post.sql("UPDATE places SET place = x'00'");
    let _elsewhere = post.ada().await;
    let told = post.told("New sign-in to your account");
    assert!(
        told.text().contains("Browser: An unknown device"),
        "{}",
        told.text()
    );
    post.reset(ADA).await;
    post.told("Set a new password");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_app_and_a_stolen_code() {
    let post = Post::new();
    let mut ada = post.ada().await;
    let app = post.home.add_app(ADA, REDIRECT, &[]);
    let program = Program::new(post.server.url(), &app);
    let code = ada.connect(&app).await.sure();
    let told = post.told("A new app is connected to your account");
    assert!(told.text().contains("App: Test app"), "{}", told.text());
    assert!(
        told.text()
            .contains("It may: Do everything in Example & Co"),
        "{}",
        told.text()
    );
    program
        .exchange(&code)
        .await
        .sure()
        .must(&[200], "an exchange");
    program
        .exchange(&code)
        .await
        .sure()
        .must(&[400], "a replay");
    let told = post.told("An app’s access was ended for your safety");
    assert!(told.text().contains("App: Test app"), "{}", told.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn token_made_and_about_to_expire() {
    let post = Post::new();
    let mut ada = post.ada().await;
    ada.make_token("<b>Nightly</b>").await.sure();
    let told = post.told("A personal access token was made");
    assert!(
        told.text().contains("Token: <b>Nightly</b>"),
        "{}",
        told.text()
    );
    let week = 6 * 86_400_000;
    post.sql(&format!(
        "UPDATE personal_access_tokens SET expires_at = (SELECT MAX(at) FROM audit_events) + {week},
            created_at = created_at - 90 * 86400000"
    ));
    let told = post.told("A personal access token expires soon");
    assert!(
        told.text().contains("Token: <b>Nightly</b>"),
        "{}",
        told.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn account_disabled_and_enabled() {
    let post = Post::new();
    post.home.run(&["user", "disable", ADA], "");
    let told = post.told("Your account was disabled");
    assert!(
        told.text().contains("By: The operator of the service"),
        "{}",
        told.text()
    );
    post.home.run(&["user", "enable", ADA], "");
    post.told("Your account was enabled again");
}

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
