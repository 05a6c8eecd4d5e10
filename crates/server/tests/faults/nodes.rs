//! Several nodes on one PostgreSQL, and what happens when it goes away.

use crate::{
    actor::{Browser, Program, REDIRECT, Reply, Sure},
    cluster::Cluster,
    port::quiet_port,
    process::{Home, Server},
    scene::{EMAIL, connect},
};
use std::{thread, time::Duration};
use tokio::time::Instant;

pub const KEY: &str = "bm90IHNlY3JldCwgb25seSBmb3IgdGVzdHMgMTIzNDU=";
const OTHER_KEY: &str = "YW5vdGhlciBrZXksIG9ubHkgZm9yIHRlc3RzIDEyMzQ=";

/// A node's home: nothing of its own but where the database is.
pub fn home(url: &str, key: &str) -> Home {
    Home::with(vec![
        ("GRANTOR_DATABASE", url.to_owned()),
        ("GRANTOR_MASTER_KEY", key.to_owned()),
    ])
}

/// An empty database of a test's own.
pub fn database(cluster: &Cluster) -> String {
    let (schema, url) = cluster.schema();
    cluster.query(&format!("CREATE SCHEMA {schema}"));
    url
}

/// Nodes as a load balancer sees them: each at its own port, all of one public URL.
struct Nodes {
    home: Home,
    servers: Vec<Server>,
}

impl Nodes {
    fn start(url: &str, count: usize) -> Self {
        let home = home(url, KEY);
        let first = quiet_port();
        let public = format!("--public-url=http://127.0.0.1:{first}");
        let ports = std::iter::once(first).chain(std::iter::repeat_with(quiet_port));
        let start = |port| Server::start_on(&home, port, &[&public]);
        let servers = ports.take(count).map(start).collect();
        Self { home, servers }
    }

    fn browser(&self, node: usize) -> Browser {
        let mut browser = Browser::new(self.servers[node].url());
        browser.wire.host = Some(format!("127.0.0.1:{}", self.servers[0].port()));
        browser
    }

    /// The same user, at another node.
    fn moved(&self, browser: &Browser, node: usize) -> Browser {
        Browser {
            cookies: browser.cookies.clone(),
            ..self.browser(node)
        }
    }

    fn program(&self, node: usize, kind: &str) -> Program {
        let app = self.home.add_app(EMAIL, REDIRECT, &["--kind", kind]);
        Program::new(self.servers[node].url(), &app)
    }

    fn at(&self, program: &Program, node: usize) -> Program {
        Program::new(self.servers[node].url(), &program.app)
    }
}

/// Until an answer is what it has to be; how long that took.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so().await {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it never came to be so"
        );
    }
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_have_one_schema_and_one_set_of_keys() {
    let url = database(Cluster::get());
    let homes: Vec<_> = (0..3).map(|_| home(&url, KEY)).collect();
    let servers: Vec<_> = thread::scope(|scope| {
        let start = |home| scope.spawn(move || Server::start(home, &[]));
        let started: Vec<_> = homes.iter().map(start).collect();
        started
            .into_iter()
            .map(|it| it.join().expect("it starts"))
            .collect()
    });
    let keys = homes[0].run(&["keys", "list"], "");
    let kinds = keys.as_array().expect("a list").iter();
    let mut kinds: Vec<_> = kinds.map(|key| key["kind"].to_string()).collect();
    let all = kinds.len();
    kinds.sort();
    kinds.dedup();
    assert_eq!((all, kinds.len()), (13, 13), "each kind once");
    let mut published = Vec::new();
    for server in &servers {
        let jwks = Browser::new(server.url())
            .get("/api/1.0/openid_connect/jwks")
            .await;
        published.push(jwks.sure().body);
    }
    published.dedup();
    assert_eq!(published.len(), 1);
}

/// One of them must not go on: each would write what the other cannot read.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_with_two_master_keys_never_share_a_database() {
    let url = database(Cluster::get());
    let homes = [home(&url, KEY), home(&url, OTHER_KEY)];
    let started: Vec<_> = thread::scope(|scope| {
        let start = |home| scope.spawn(move || Server::try_on(home, quiet_port(), &[]));
        let started: Vec<_> = homes.iter().map(start).collect();
        started
            .into_iter()
            .map(|it| it.join().expect("it ends"))
            .collect()
    });
    let refusals: Vec<_> = started.iter().filter_map(|it| it.as_ref().err()).collect();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(refusals[0].contains("not the master key"), "{refusals:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_makes_no_master_key_of_its_own() {
    let url = database(Cluster::get());
    let home = Home::with(vec![("GRANTOR_DATABASE", url)]);
    let refused = Server::try_on(&home, quiet_port(), &[])
        .err()
        .unwrap_or_default();
    assert!(refused.contains("need the same one"), "{refused}");
}

/// Every step of a conversation at another node, and its end at all of them.
#[tokio::test(flavor = "multi_thread")]
async fn any_node_goes_on_with_what_another_began() {
    let (nodes, ada) = signed_in(&database(Cluster::get()), 3).await;
    let program = nodes.program(2, "confidential");
    let mut elsewhere = nodes.moved(&ada, 1);
    let code = elsewhere.connect(&program.app).await.sure();
    let reply = program
        .exchange(&code)
        .await
        .sure()
        .must(&[200], "an exchange");
    let (access, refresh) = (reply.text("access_token"), reply.text("refresh_token"));
    for node in 0..3 {
        assert!(nodes.at(&program, node).is_accepted(&access).await.sure());
        let refreshed = nodes.at(&program, node).refresh(&refresh).await.sure();
        refreshed.must(&[200], "a refresh");
    }
    let pat = nodes.moved(&ada, 2).make_token("one").await.sure();
    for node in 0..3 {
        assert!(nodes.at(&program, node).is_accepted(&pat).await.sure());
    }
    // What ends at one node ends at all, within the second that is promised.
    let revoked = nodes.at(&program, 1).revoke(&refresh).await.sure();
    revoked.must(&[200], "a revocation");
    let mut longest = Duration::ZERO;
    for node in 0..3 {
        let there = nodes.at(&program, node);
        longest = longest.max(until(async || !there.is_accepted(&access).await.sure()).await);
    }
    println!("an access token was refused everywhere {longest:?} after its end");
    let mut here = nodes.moved(&ada, 0);
    here.submit("/-/logout", "/-/logout", &[("decision", "logout")])
        .await
        .sure();
    for node in 0..3 {
        let mut there = nodes.moved(&ada, node);
        assert!(!there.is_signed_in().await.sure());
    }
}

/// How often something is raced for.
fn rounds() -> usize {
    let given = std::env::var("GRANTOR_FAULT_ROUNDS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(50)
}

/// Nodes, and somebody who is signed in at the first.
async fn signed_in(url: &str, count: usize) -> (Nodes, Browser) {
    let nodes = Nodes::start(url, count);
    nodes.home.add_user(EMAIL, "Ada");
    let mut ada = nodes.browser(0);
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    (nodes, ada)
}

/// One code, at two nodes at once, of which each gives out every other one;
/// `GRANTOR_FAULT_ROUNDS` says how often.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_takes_a_code() {
    let (nodes, ada) = signed_in(&database(Cluster::get()), 2).await;
    let here = nodes.program(0, "confidential");
    let there = nodes.at(&here, 1);
    let mut givers = [ada.clone(), nodes.moved(&ada, 1)];
    let (rounds, begun, mut won) = (rounds(), Instant::now(), [0; 2]);
    for round in 0..rounds {
        let code = givers[round % 2].connect(&here.app).await.sure();
        let (one, other) = tokio::join!(here.exchange(&code), there.exchange(&code));
        let codes = [one.sure().status, other.sure().status];
        match codes {
            [200, 400] => won[0] += 1,
            [400, 200] => won[1] += 1,
            _ => panic!("round {round}: {codes:?}"),
        }
    }
    let took = begun.elapsed();
    println!("{rounds} codes, each taken by one of two nodes: {won:?}, in {took:.0?}");
}

/// One refresh token of a public app, at two nodes at once: both are told the same
/// successor, and the chain goes on.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_rotates_and_the_other_repeats() {
    let (nodes, mut ada) = signed_in(&database(Cluster::get()), 2).await;
    let here = nodes.program(0, "browser");
    let there = nodes.at(&here, 1);
    let mut token = connect(&mut ada, &here).await.refresh;
    let (rounds, begun) = (rounds(), Instant::now());
    for _ in 0..rounds {
        let (one, other) = tokio::join!(here.refresh(&token), there.refresh(&token));
        let successor = |reply: Reply| reply.must(&[200], "a refresh").text("refresh_token");
        let (one, other) = (successor(one.sure()), successor(other.sure()));
        assert_eq!(one, other);
        assert_ne!(one, token);
        token = one;
    }
    let took = begun.elapsed();
    println!("{rounds} refresh tokens, each with one successor at two nodes, in {took:.0?}");
}

pub async fn is_ready(browser: &mut Browser) -> bool {
    browser
        .get("/readyz")
        .await
        .is_ok_and(|reply| reply.status == 200)
}

/// Before somebody has lost patience.
async fn refused_in_time(request: impl Future<Output = Result<Reply, crate::actor::Lost>>) {
    let start = Instant::now();
    request.await.sure().must(&[503], "without a database");
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_finds_its_node_well() {
    let cluster = Cluster::start();
    let (nodes, mut ada) = signed_in(&database(&cluster), 1).await;
    let program = nodes.program(0, "browser");
    let mut tokens = connect(&mut ada, &program).await;
    for (away, back) in [
        (Away::Stopped("INT"), "an orderly restart"),
        (Away::Stopped("QUIT"), "a crash"),
        (Away::Frozen, "a freeze"),
    ] {
        away.begin(&cluster);
        refused_in_time(program.refresh(&tokens.refresh)).await;
        let mut visitor = nodes.browser(0);
        until(async || !is_ready(&mut visitor).await).await;
        // Nothing is believed any more that could have ended meanwhile.
        until(async || program.api("users/me", &tokens.access).await.sure().status == 503).await;
        away.end(&cluster);
        let healed = until(async || is_ready(&mut visitor).await).await;
        println!("ready {healed:?} after {back}");
        let reply = program
            .refresh(&tokens.refresh)
            .await
            .sure()
            .must(&[200], back);
        tokens.refresh = reply.text("refresh_token");
        assert!(program.is_accepted(&tokens.access).await.sure());
    }
}

enum Away {
    Stopped(&'static str),
    Frozen,
}

impl Away {
    fn begin(&self, cluster: &Cluster) {
        match self {
            Self::Stopped(signal) => cluster.stop(signal),
            Self::Frozen => cluster.freeze("STOP"),
        }
    }

    fn end(&self, cluster: &Cluster) {
        match self {
            Self::Stopped(_) => cluster.serve(),
            Self::Frozen => cluster.freeze("CONT"),
        }
    }
}
