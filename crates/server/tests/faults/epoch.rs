//! A database that was restored from an old copy: nothing that ended since comes back.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    nodes::{KEY, home, until},
    port::quiet_port,
    process::{Home, Server},
    scene::{EMAIL, Tokens, connect},
};
use std::{fs, path::Path, process::Command};

const OPERATOR: &[&str] = &[
    "user",
    "add",
    "--email",
    "operator@example.org",
    "--name",
    "Operator",
    "--admin",
];

/// A server's users and apps, and what they hold.
struct Held {
    browser: Browser,
    confidential: (Program, Tokens),
    public: (Program, Tokens),
    code: String,
    personal: String,
}

impl Held {
    async fn new(home: &Home, server: &Server) -> Self {
        home.add_user(EMAIL, "Ada");
        let mut browser = Browser::new(server.url());
        browser.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let program = |kind| {
            let app = home.add_app(EMAIL, REDIRECT, &["--kind", kind]);
            Program::new(server.url(), &app)
        };
        let (confidential, public) = (program("confidential"), program("browser"));
        let tokens = connect(&mut browser, &confidential).await;
        let rotating = connect(&mut browser, &public).await;
        Self {
            code: browser.connect(&confidential.app).await.sure(),
            personal: browser.make_token("a script").await.sure(),
            confidential: (confidential, tokens),
            public: (public, rotating),
            browser,
        }
    }

    /// After the copy was made: she signs out elsewhere, and a token is followed by the next.
    async fn goes_on(&mut self) -> (Browser, String) {
        let mut later = Browser::new(&self.browser.wire.origin);
        later.sign_in(EMAIL).await.sure().must(&[303], "a login");
        let (program, tokens) = &self.public;
        let next = program.refresh(&tokens.refresh).await.sure();
        let next = next.must(&[200], "a rotation").text("refresh_token");
        // Somebody else still has the cookie.
        let mut leaving = self.browser.clone();
        let ended = leaving.submit("/account", "/-/logout", &[("decision", "logout")]);
        ended.await.sure().must(&[200, 303], "a logout");
        assert!(!self.browser.is_signed_in().await.sure());
        (later, next)
    }

    /// Nothing is good but what its owner made for programs, and that unless it ended, too.
    async fn is_void(&mut self, (mut later, next): (Browser, String), lasting: bool) {
        let signed_in = [&mut self.browser, &mut later];
        for browser in signed_in {
            assert!(!browser.is_signed_in().await.sure(), "a session lives");
        }
        let (app, tokens) = &self.confidential;
        let (public, rotating) = &self.public;
        let status = if lasting { 400 } else { 401 };
        assert_eq!(
            app.exchange(&self.code).await.sure().status,
            status,
            "a code"
        );
        assert_eq!(app.refresh(&tokens.refresh).await.sure().status, status);
        for refresh in [&rotating.refresh, &next] {
            public
                .refresh(refresh)
                .await
                .sure()
                .must(&[400], "a refresh");
        }
        for access in [&tokens.access, &rotating.access] {
            assert!(!app.is_accepted(access).await.sure(), "an access token");
        }
        assert_eq!(app.is_accepted(&self.personal).await.sure(), lasting);
        let mut ada = Browser::new(&self.browser.wire.origin);
        ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
        assert!(!ada.is_remembered(&app.app).await.sure(), "a consent lives");
        let again = connect(&mut ada, public).await;
        assert!(public.is_accepted(&again.access).await.sure());
        public
            .refresh(&again.refresh)
            .await
            .sure()
            .must(&[200], "a refresh");
    }
}

/// What a command said that was refused.
fn refused(home: &Home, arguments: &[&str]) -> String {
    let output = home.grantor(arguments).output().expect("grantor");
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_of_sqlite_brings_nothing_back() {
    let (home, port) = (Home::new(), quiet_port());
    home.run(OPERATOR, "");
    let server = Server::start_on(&home, port, &[]);
    let mut held = Held::new(&home, &server).await;
    home.run(&["backup", "copy.db"], "");
    let later = held.goes_on().await;
    let said = refused(&home, &["epoch", "--yes"]);
    assert!(said.contains("another grantor serves"), "{said}");
    server.kill();

    let copy = home.path().join("copy.db");
    let (again, data) = (Home::new(), Path::new("grantor-data"));
    let restore = ["restore", copy.to_str().expect("text"), "--new-epoch"];
    let said = refused(&again, &restore);
    assert!(said.contains("the master key"), "{said}");
    let key = data.join("master.key");
    fs::copy(home.path().join(&key), again.path().join(&key)).expect("a key");
    let restored = again.run(&restore, "");
    assert_eq!(restored["ended"]["sessions"], 1, "{restored}");
    assert_eq!(restored["ended"]["connections of apps"], 2, "{restored}");
    let said = refused(&again, &restore);
    assert!(said.contains("already: move it away"), "{said}");
    let server = Server::start_on(&again, port, &[]);
    held.is_void(later.clone(), true).await;
    assert!(server.stop().success());

    // As it is, where nothing happened since; and the rest of it, later.
    let third = Home::new();
    fs::create_dir(third.path().join(data)).expect("a folder");
    fs::copy(home.path().join(&key), third.path().join(&key)).expect("a key");
    third.run(&["restore", restore[1], "--same-epoch"], "");
    let server = Server::start_on(&third, port, &[]);
    assert!(held.browser.is_signed_in().await.sure());
    assert!(server.stop().success());
    let ended = third.run(&["epoch", "--all", "--yes"], "");
    assert_eq!(ended["ended"]["personal access tokens"], 1, "{ended}");
    assert_eq!(ended["ended"]["client secrets"], 1, "{ended}");
    let server = Server::start_on(&third, port, &[]);
    held.is_void(later, false).await;
    assert!(server.stop().success());
    let file = third.path().join(data).join("grantor.db");
    let database = rusqlite::Connection::open(file).expect("a database");
    let sql = "SELECT address || ': ' || detail FROM audit_events WHERE kind = 'epoch.begun'";
    let noted: String = database
        .query_row(sql, [], |row| row.get(0))
        .expect("an event");
    assert!(
        noted.starts_with("command line: 1 sessions, 2 connections"),
        "{noted}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_dump_of_postgresql_brings_nothing_back() {
    let cluster = Cluster::start();
    let (schema, url) = cluster.schema();
    cluster.query(&format!("CREATE SCHEMA {schema}"));
    let (home, port) = (home(&url, KEY), quiet_port());
    home.run(OPERATOR, "");
    let server = Server::start_on(&home, port, &[]);
    let mut held = Held::new(&home, &server).await;
    let dump = home.path().join("dump.sql");
    let mut copy = Command::new("pg_dump");
    copy.args(["-U", "grantor", "-d", "postgres", "-n", &schema, "-h"]);
    copy.arg(cluster.folder()).arg("-f").arg(&dump);
    assert!(copy.status().expect("pg_dump").success());
    let later = held.goes_on().await;
    let leases = format!("SELECT count(*) FROM {schema}.leases");
    until(async || cluster.ask(&leases) != "0").await;
    let said = refused(&home, &["epoch", "--yes"]);
    assert!(said.contains("a server uses the database"), "{said}");
    assert!(server.stop().success());
    let said = refused(&home, &["restore", "dump.sql", "--new-epoch"]);
    assert!(said.contains("`grantor epoch`"), "{said}");

    cluster.query(&format!("DROP SCHEMA {schema} CASCADE"));
    let mut restore = cluster.client();
    restore.args(["-v", "ON_ERROR_STOP=1", "-f"]).arg(&dump);
    assert!(restore.output().expect("psql").status.success());
    // The server of the dump held its leases, and holds them there for some seconds more.
    let ended = loop {
        let output = home
            .grantor(&["epoch", "--yes", "--json"])
            .output()
            .expect("grantor");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            break String::from_utf8_lossy(&output.stdout).into_owned();
        }
        assert!(said.contains("a moment ago"), "{said}");
    };
    assert!(ended.contains(r#""connections of apps":2"#), "{ended}");
    let server = Server::start_on(&home, port, &[]);
    held.is_void(later, true).await;
    assert!(server.stop().success());
}
