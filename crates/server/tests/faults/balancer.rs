//! The documented load balancer in front of three nodes, of which one is killed.

use crate::{
    actor::{Browser, Lost, Program, REDIRECT, Sure},
    cluster::Cluster,
    crowd::percentiles,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::Server,
    scene::EMAIL,
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};

const HAPROXY: &str = include_str!("../../../../deploy/haproxy.cfg");

pub struct Balancer(Child);

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Balancer {
    /// As documented, but for names, addresses and TLS.
    pub fn start(folder: &Path, port: u16, nodes: &[u16]) -> Self {
        Self::choosing("leastconn", folder, port, nodes)
    }

    /// The same with another choice of the node.
    fn choosing(choice: &str, folder: &Path, port: u16, nodes: &[u16]) -> Self {
        let mut text = HAPROXY.to_owned();
        let mut replace = |from: &str, to: &str| {
            assert!(text.contains(from), "haproxy.cfg lacks {from}");
            text = text.replace(from, to);
        };
        replace("balance leastconn", &format!("balance {choice}"));
        let bind = format!("bind 127.0.0.1:{port}");
        replace(
            "bind :443 ssl crt /etc/haproxy/auth.pem alpn h2,http/1.1",
            &bind,
        );
        replace(
            "hdr Host auth.example.com",
            &format!("hdr Host 127.0.0.1:{port}"),
        );
        for (number, node) in nodes.iter().enumerate() {
            replace(
                &format!("10.0.0.1{}:8080", number + 1),
                &format!("127.0.0.1:{node}"),
            );
        }
        let file = folder.join("haproxy.cfg");
        fs::write(&file, text).expect("a file");
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(file).stdin(Stdio::null());
        Self(
            command
                .spawn()
                .expect("haproxy: cargo xtask test installs it"),
        )
    }
}

/// Every request of it goes to a node of the balancer's choice.
pub async fn flow(origin: &str, program: &Program) -> Result<(), Lost> {
    let mut ada = Browser::new(origin);
    ada.sign_in(EMAIL).await?.must(&[303], "a login");
    let code = ada.connect(&program.app).await?;
    let reply = program.exchange(&code).await?.must(&[200], "an exchange");
    assert!(program.is_accepted(&reply.text("access_token")).await?);
    let again = program.exchange(&code).await?;
    again.must(&[400], "the same code again");
    // What the replay ended may be known a moment later at another node.
    let mut refused_in_a_row = 0;
    let everywhere = async {
        while refused_in_a_row < 6 {
            match program.is_accepted(&reply.text("access_token")).await? {
                true => refused_in_a_row = 0,
                false => refused_in_a_row += 1,
            }
            sleep(Duration::from_millis(2)).await;
        }
        Ok::<_, Lost>(())
    };
    let in_time = timeout(Duration::from_secs(2), everywhere).await;
    in_time.expect("refused everywhere in time")
}

/// One after the other, as a new browser each.
async fn flows(count: usize, origin: &str, program: &Program, nodes: &str) {
    let mut took = Vec::new();
    for _ in 0..count {
        let begun = Instant::now();
        flow(origin, program).await.sure();
        took.push(begun.elapsed());
    }
    let took = percentiles(took);
    println!("{count} browser flows, {nodes} for each request: [p50, p99, max] {took:.1?}");
}

/// Until every node that the balancer asks is there.
pub async fn is_up(origin: &str) {
    let mut visitor = Browser::new(origin);
    let mut in_a_row = 0;
    let asked = async {
        while in_a_row < 20 {
            let reply = visitor.get("/readyz").await;
            in_a_row = match reply.is_ok_and(|reply| reply.status == 200) {
                true => in_a_row + 1,
                false => 0,
            };
            sleep(Duration::from_millis(20)).await;
        }
    };
    let up = timeout(Duration::from_secs(30), asked).await;
    up.expect("the balancer is up");
}

#[tokio::test(flavor = "multi_thread")]
pub async fn flows_go_through_any_nodes_and_survive_the_loss_of_one() {
    let url = database(Cluster::get());
    let home = home(&url, KEY);
    let port = quiet_port();
    let origin = format!("http://127.0.0.1:{port}");
    let settings = [
        format!("--public-url={origin}"),
        "--trusted-proxies=127.0.0.1/32".into(),
        "--throttling=false".into(),
    ];
    let settings: Vec<_> = settings.iter().map(String::as_str).collect();
    let mut servers: Vec<_> = (0..3)
        .map(|_| Server::start_on(&home, quiet_port(), &settings))
        .collect();
    home.add_user(EMAIL, "Ada");
    let program = Program::new(
        &origin,
        &home.add_app(EMAIL, REDIRECT, &["--kind", "confidential"]),
    );
    let ports: Vec<_> = servers.iter().map(Server::port).collect();
    let balancer = Balancer::choosing("random(1)", home.path(), port, &ports);
    is_up(&origin).await;
    let rounds = std::env::var("GRANTOR_FAULT_ROUNDS")
        .ok()
        .and_then(|it| it.parse().ok());
    let rounds: usize = rounds.unwrap_or(20);
    flows(rounds, &origin, &program, "a random one of three").await;
    drop(balancer);
    let _balancer = Balancer::start(home.path(), port, &ports);
    is_up(&origin).await;
    servers.pop().expect("a node").kill();
    is_up(&origin).await;
    flows(rounds, &origin, &program, "either of two, as documented,").await;
    let answered = servers
        .iter()
        .map(|server| server.output().matches("\"route\":\"/-/oauth_").count());
    assert!(answered.min() > Some(0), "each of them answered");
}
