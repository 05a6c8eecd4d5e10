//! The documented nginx in front of three nodes, of which one is killed.

use crate::{
    actor::{Program, REDIRECT, Sure},
    balancer::{flow, is_up},
    cluster::Cluster,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::Server,
    scene::EMAIL,
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

const NGINX: &str = include_str!("../../../../deploy/nginx.conf");

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it, which they do not when it is killed.
        let quit = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = quit.map(|_| self.0.wait());
    }
}

impl Nginx {
    /// As documented, but for addresses, TLS and where it writes.
    fn start(folder: &Path, port: u16, nodes: &[u16]) -> Self {
        let mut text = NGINX.to_owned();
        let mut replace = |from: &str, to: &str| {
            assert!(text.contains(from), "nginx.conf lacks {from}");
            text = text.replace(from, to);
        };
        replace(
            "listen 443 ssl http2;",
            &format!("listen 127.0.0.1:{port};"),
        );
        replace("ssl_certificate /etc/nginx/auth.pem;", "");
        replace("ssl_certificate_key /etc/nginx/auth.key;", "");
        for log in ["access.log", "error.log"] {
            let here = folder.join(log).display().to_string();
            replace(&format!("/var/log/nginx/{log}"), &here);
        }
        for (number, node) in nodes.iter().enumerate() {
            let (from, to) = (number + 1, format!("127.0.0.1:{node}"));
            replace(&format!("10.0.0.1{from}:8080"), &to);
        }
        let file = folder.join("nginx.conf");
        fs::write(&file, text).expect("a file");
        let pid = folder.join("nginx.pid").display().to_string();
        let child = Command::new("nginx")
            .arg("-c")
            .arg(file)
            .args(["-e", "stderr", "-g", &format!("daemon off; pid {pid};")])
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("nginx: cargo xtask test installs it"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_go_through_nginx_and_survive_the_loss_of_a_node() {
    let home = home(&database(Cluster::get()), KEY);
    let port = quiet_port();
    let origin = format!("http://127.0.0.1:{port}");
    let public = format!("--public-url={origin}");
    let settings = [
        &public,
        "--trusted-proxies=127.0.0.1/32",
        "--throttling=false",
    ];
    let mut servers: Vec<_> = (0..3)
        .map(|_| Server::start_on(&home, quiet_port(), &settings))
        .collect();
    home.add_user(EMAIL, "Ada");
    let app = home.add_app(EMAIL, REDIRECT, &["--kind", "confidential"]);
    let program = Program::new(&origin, &app);
    let ports: Vec<_> = servers.iter().map(Server::port).collect();
    let _nginx = Nginx::start(home.path(), port, &ports);
    is_up(&origin).await;
    for _ in 0..10 {
        flow(&origin, &program).await.sure();
    }
    servers.pop().expect("a node").kill();
    // Nobody asks its health: the very next request finds out, and none is lost.
    for _ in 0..10 {
        flow(&origin, &program).await.sure();
    }
    let log = |name| fs::read_to_string(home.path().join(name)).expect("a log");
    let (asked, failed) = (log("access.log"), log("error.log"));
    assert!(asked.contains(" /-/oauth_authorize "), "{asked}");
    for log in [asked, failed] {
        assert!(!log.contains("code_challenge"), "a query: {log}");
    }
}
