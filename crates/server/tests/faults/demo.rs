//! `grantor demo --nodes 3`, as somebody tries it: one server is killed, and all goes on.

use crate::{actor::Browser, actor::Sure, port::quiet_port, process::Home};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Command, Stdio},
};

fn kill(signal: &str, pid: &str) {
    let killed = Command::new("kill").args([signal, pid]).status();
    assert!(killed.expect("kill").success());
}

/// By the name of the flag that `demo` has.
#[test]
fn a_port_that_is_taken_is_told_with_the_flag_for_another() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let demo = home.grantor(&["demo", "--port", &port]).output();
    let demo = demo.expect("it ends");
    let said = String::from_utf8_lossy(&demo.stderr);
    assert!(!demo.status.success());
    assert!(
        said.contains("another program listens there already"),
        "{said}"
    );
    assert!(
        said.contains("--port") && !said.contains("--listen"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_answer_in_turn_and_two_go_on() {
    let home = Home::new();
    let port = quiet_port().to_string();
    let mut command = home.grantor(&["demo", "--nodes", "3", "--port", &port]);
    let mut demo = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let said = BufReader::new(demo.stdout.take().expect("a pipe"));
    let mut lines = said.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("/demo/nodes")), "it starts");

    let mut ada = Browser::new(&format!("http://127.0.0.1:{port}"));
    let mut answered = BTreeSet::new();
    for _ in 0..6 {
        let reply = ada.get("/login").await.sure().must(&[200], "a page");
        answered.insert(reply.header("grantor-demo-node").to_owned());
    }
    assert_eq!(answered.len(), 3);
    ada.sign_in("ada@example.org")
        .await
        .sure()
        .must(&[303], "a login");
    let page = ada.get("/demo/nodes").await.sure().body;
    let pids: Vec<_> = page
        .lines()
        .filter(|line| line.contains("<th scope=\"row\">"))
        .filter_map(|line| line.split("<td>").nth(2)?.split('<').next())
        .collect();
    assert_eq!(pids.len(), 3, "{page}");
    kill("-9", pids[0]);
    for _ in 0..6 {
        assert!(ada.is_signed_in().await.sure());
    }
    kill("-INT", &demo.id().to_string());
    assert!(demo.wait().expect("it ends").success());
    for pid in pids {
        let alive = Command::new("kill").args(["-0", pid]).output();
        assert!(!alive.expect("kill").status.success(), "{pid} is left");
    }
}
