//! Users who come from elsewhere: from another Grantor, from npm's oidc-provider, and from a
//! platform's own login page, which are the samples of `docs/samples/hand-over`.

use crate::{
    browser::{Browser, Rule},
    process::{Home, PASSWORD, Server, free_port},
    scripts::{Client, NODE},
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

const SECRET: &str = "a secret of thirty-two bytes: or more/";

/// Serves a Grantor whose users come from `issuer`.
fn with_provider(home: &Home, port: u16, (issuer, client, secret): (&str, &str, &str)) -> Server {
    std::fs::write(home.path().join("upstream.secret"), secret).expect("a file");
    let settings = format!(
        "[[upstream]]\nid = \"other\"\nname = \"The other one\"\nissuer = \"{issuer}\"\n\
         client_id = \"{client}\"\nclient_secret_file = \"upstream.secret\"\ntrust_email = true\n"
    );
    std::fs::write(home.path().join("grantor.toml"), settings).expect("a file");
    Server::start_on(home, port, &[])
}

/// Twice by the button: the first time an account is made, the second time it is there.
async fn comes_by_the_button(server: &Server, rules: &[Rule<'_>], email: &str) {
    for first in [true, false] {
        let browser = Browser::new(server.url());
        let link = browser
            .link("/login?return_to=/account", "/login/upstream/other?")
            .await;
        let typed = [("name", "Grace Hopper"), ("email", email)];
        let mut rules = rules.to_vec();
        if first {
            rules.push(Rule::new("action=\"/signup/upstream/", &typed));
        }
        let (at, page) = browser.walk(&link, &rules).await;
        assert!(at.starts_with(server.url()), "{at}");
        assert!(
            page.contains("Grace Hopper") && page.contains(email),
            "{at}: {page}"
        );
        assert!(page.contains("The other one"), "{page}");
    }
}

#[tokio::test]
async fn another_grantor_is_a_provider() {
    let (there, here) = (Home::new(), Home::new());
    let port = free_port();
    there.add_user("grace@there.example", "Grace Hopper");
    let callback = format!("http://127.0.0.1:{port}/login/upstream/other/callback");
    let app = there.add_app("grace@there.example", &callback, &[]);
    // Another host: browsers do not tell ports apart by their cookies.
    let other_port = free_port();
    let url = format!("http://localhost:{other_port}");
    let provider = Server::start_on(&there, other_port, &[&format!("--public-url={url}")]);
    let secret = app.client_secret.expect("a secret");
    let server = with_provider(&here, port, (&url, &app.client_id, &secret));
    let login = [
        ("email", "grace@there.example"),
        ("password", PASSWORD),
        ("action", "login"),
    ];
    let rules = [
        Rule::new("name=\"action\" value=\"login\"", &login),
        Rule::new(
            "name=\"decision\" value=\"allow\"",
            &[("decision", "allow")],
        ),
    ];
    comes_by_the_button(&server, &rules, "grace@there.example").await;
    drop(provider);
}

#[tokio::test]
async fn oidc_provider_is_a_provider() {
    let here = Home::new();
    let (port, other_port) = (free_port(), free_port());
    let mut provider = Client::start(&NODE, "upstream_provider.mjs");
    let callback = format!("http://127.0.0.1:{port}/login/upstream/other/callback");
    provider.say(&json!({"port": other_port, "callback": callback, "secret": SECRET}));
    assert_eq!(provider.hear()["listening"], true);
    let issuer = format!("http://127.0.0.1:{other_port}");
    let server = with_provider(&here, port, (&issuer, "grantor", SECRET));
    let rules = [
        Rule::new(
            "name=\"prompt\" value=\"login\"",
            &[("login", "grace"), ("password", "x")],
        ),
        Rule::new("name=\"prompt\" value=\"consent\"", &[]),
    ];
    comes_by_the_button(&server, &rules, "grace@provider.example").await;
}

/// A sample at work.
struct Platform(Child);

impl Platform {
    fn start(program: &str, sample: &str, arguments: &[&str]) -> Self {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/samples/hand-over");
        let mut command = Command::new(program);
        command.arg(samples.join(sample)).args(arguments);
        command.env("NO_PROXY", "127.0.0.1").stdout(Stdio::piped());
        let mut child = command.spawn().expect("the sample starts");
        let mut said = String::new();
        let mouth = child.stdout.as_mut().expect("a pipe");
        BufReader::new(mouth).read_line(&mut said).expect("a line");
        assert_eq!(said, "listening\n");
        Self(child)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn platform_logs_in(program: &str, sample: &str, key_setting: &str) {
    let home = Home::new();
    let (port, platform_port) = (free_port(), free_port());
    let key = home.path().join("platform.key");
    let key = key.to_str().expect("a path");
    let grantor = format!("http://127.0.0.1:{port}");
    let _platform = Platform::start(
        program,
        sample,
        &[&platform_port.to_string(), &grantor, key],
    );
    let url = format!("--hand-over-url=http://127.0.0.1:{platform_port}/login");
    let server = Server::start_on(&home, port, &[&url, &format!("--{key_setting}={key}")]);
    let page = format!("{}/account", server.url());
    let marker = "name=\"challenge\"";
    let wrong = [
        ("user", "grace"),
        ("password", "wrong"),
        ("action", "login"),
    ];
    let right = [
        ("user", "grace"),
        ("password", "a bird in the hand"),
        ("action", "login"),
    ];

    let browser = Browser::new(server.url());
    let (at, refused) = browser.walk_once(&page, &Rule::new(marker, &wrong)).await;
    assert!(refused.contains("That is not right."), "{at}: {refused}");
    let (at, account) = browser.walk(&page, &[Rule::new(marker, &right)]).await;
    assert!(
        at.ends_with("/account") && account.contains("Grace Hopper"),
        "{at}: {account}"
    );
    assert!(account.contains("grace@platform.example"));
    // Whoever is logged in there comes in without a page: here she signs out first.
    let logout = Rule::new("action=\"/-/logout\"", &[("decision", "logout")]);
    let (_, gone) = browser
        .walk(&format!("{}/-/logout", server.url()), &[logout])
        .await;
    assert!(gone.contains("signed out"), "{gone}");
    let (at, account) = browser.walk(&page, &[]).await;
    assert!(
        at.ends_with("/account") && account.contains("Grace Hopper"),
        "{at}: {account}"
    );

    let other = Browser::new(server.url());
    let cancel = Rule::new(marker, &[("action", "cancel")]);
    let (at, page) = other.walk(&page, &[cancel]).await;
    assert!(at.contains("/login/hand-over?error=access_denied"), "{at}");
    assert!(page.contains("You were not signed in there"), "{page}");
}

#[tokio::test]
async fn the_sample_platform_in_node_hands_users_over() {
    platform_logs_in("node", "platform.mjs", "hand-over-keys-file").await;
}

#[tokio::test]
async fn the_sample_platform_in_python_hands_users_over() {
    platform_logs_in("python3", "platform.py", "hand-over-secret-file").await;
}
