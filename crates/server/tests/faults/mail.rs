//! Each mail as a real mail server gets it.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    mail_server::{Mail, Sink},
    port::quiet_port,
    process::{Home, PASSWORD, Server},
};
use serde_json::json;
use std::time::Duration;

pub const ADA: &str = "ada@example.org";
const NEW_PASSWORD: &str = "staple battery horse";

/// A server that mails by a sink, and Ada, whose address is hers.
pub struct Post {
    pub home: Home,
    pub server: Server,
    pub sink: Sink,
}

pub fn settings(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("GRANTOR_SMTP_SERVER", format!("127.0.0.1:{port}")),
        ("GRANTOR_SMTP_TLS", "off".into()),
        ("GRANTOR_MAIL_FROM", "accounts@auth.example".into()),
        ("GRANTOR_BRAND", "Example & Co".into()),
    ]
}

pub fn add_ada(home: &Home) {
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

    pub fn by(sink: Sink) -> Self {
        let home = Home::with(settings(sink.port));
        add_ada(&home);
        let server = Server::start_on(&home, quiet_port(), &[]);
        Self { home, server, sink }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.server.url())
    }

    pub async fn ada(&self) -> Browser {
        let mut ada = self.browser();
        ada.sign_in(ADA).await.sure().must(&[303], "a login");
        ada
    }

    pub fn sql(&self, sql: &str) {
        let file = self.home.path().join("grantor-data/grantor.db");
        let database = rusqlite::Connection::open(file).expect("the database");
        database
            .busy_timeout(Duration::from_secs(10))
            .expect("a database");
        database.execute_batch(sql).expect("a statement");
    }

    /// The next mail, which is to Ada and says what every mail says.
    pub fn told(&self, subject: &str) -> Mail {
        let mail = self.sink.next();
        assert_eq!((mail.subject(), mail.to()), (subject, ADA), "{mail:#?}");
        check(&mail);
        mail
    }

    pub async fn reset(&self, email: &str) {
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

/// For whom no mail and no login of her own can do it.
#[tokio::test(flavor = "multi_thread")]
async fn password_of_the_operator() {
    let post = Post::new();
    let mut ada = post.ada().await;
    let command = ["user", "password", ADA, "--password-stdin"];
    post.home.run(&command, NEW_PASSWORD);
    let told = post.told("Your password was changed");
    assert!(
        told.text().contains("By: The operator of the service"),
        "{}",
        told.text()
    );
    assert!(!ada.is_signed_in().await.sure());
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
    // Somebody has to be left who administers.
    let other = ["user", "add", "--email=root@example.org", "--name=Root"];
    post.home.run(
        &[&other[..], &["--admin", "--password-stdin"]].concat(),
        PASSWORD,
    );
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
