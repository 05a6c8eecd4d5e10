//! Nodes whose clocks differ. Up to 30 s from the database's nothing changes for anybody;
//! a node that is further off says so, and the load balancer asks it nothing.

use crate::{
    actor::{Browser, REDIRECT, Sure},
    commands::until_refused,
    fleet::{Fleet, NODES},
    scene::{EMAIL, connect},
};
use std::{fs, path::PathBuf};

/// The library that `faketime` loads into a program.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("a folder").flatten();
    let mut files = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let found = files.find(|file| file.exists());
    found.expect("faketime: cargo xtask test installs it")
}

/// Starts a node anew whose clock is so many seconds off.
fn shift(fleet: &mut Fleet, node: usize, seconds: i32) {
    fleet.take(node).kill();
    let (library, offset) = (library(), format!("{seconds:+}"));
    let variables = [
        ("LD_PRELOAD", library.to_str().expect("a path")),
        ("FAKETIME", &offset),
        // How long something takes is measured as ever.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    fleet.begin_with(node, &variables);
}

async fn readiness(fleet: &Fleet, node: usize) -> (u16, String) {
    let reply = fleet.browser(node).get("/readyz").await.sure();
    (reply.status, reply.body)
}

async fn signed_in(fleet: &Fleet, node: usize) -> Browser {
    let mut ada = fleet.browser(node);
    ada.sign_in(EMAIL).await.sure().must(&[303], "a login");
    ada
}

/// 30 s apart, and 15 s from the database's.
#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_are_30_seconds_apart_change_nothing() {
    let mut fleet = Fleet::start(&["--throttling=false"]);
    fleet.home.add_user(EMAIL, "Ada");
    let apps = ["confidential", "browser"]
        .map(|kind| fleet.home.add_app(EMAIL, REDIRECT, &["--kind", kind]));
    shift(&mut fleet, 1, 15);
    shift(&mut fleet, 2, -15);
    for node in 0..NODES {
        assert_eq!(readiness(&fleet, node).await.0, 200);
    }
    for (here, there) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
        let mut ada = signed_in(&fleet, here).await;
        let mut moved = fleet.moved(&ada, there);
        assert!(moved.is_signed_in().await.sure());
        for app in &apps {
            let (one, other) = (fleet.program(here, app), fleet.program(there, app));
            let code = ada.connect(app).await.sure();
            let bought = other.exchange(&code).await.sure();
            let bought = bought.must(&[200], "a code of another clock");
            let (access, refresh) = (bought.text("access_token"), bought.text("refresh_token"));
            assert!(one.is_accepted(&access).await.sure());
            let first = one.refresh(&refresh).await.sure().must(&[200], "a refresh");
            let again = other.refresh(&refresh).await.sure();
            let again = again.must(&[200], "a refresh that is repeated");
            assert_eq!(first.text("refresh_token"), again.text("refresh_token"));
            let renewed = again.text("access_token");
            let replay = one.exchange(&code).await.sure();
            replay.must(&[400], "a code again");
            for token in [&access, &renewed] {
                until_refused(&one, token).await;
                until_refused(&other, token).await;
            }
            let refused = other.refresh(&again.text("refresh_token")).await.sure();
            refused.must(&[400], "a refresh after a replay");
        }
        let personal = ada.make_token("script").await.sure();
        assert!(
            fleet
                .program(there, &apps[0])
                .is_accepted(&personal)
                .await
                .sure()
        );
    }
    // By the right clock of the command line, also what a clock ahead has issued.
    let (mut ada, program) = (signed_in(&fleet, 1).await, fleet.program(1, &apps[0]));
    let tokens = connect(&mut ada, &program).await;
    fleet.home.run(&["user", "disable", EMAIL], "");
    for node in 0..NODES {
        until_refused(&fleet.program(node, &apps[0]), &tokens.access).await;
    }
    fleet.stop();
}

/// The others are not to pay for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_wrong_says_so_and_the_others_go_on() {
    let mut fleet = Fleet::start(&["--throttling=false"]);
    fleet.home.add_user(EMAIL, "Ada");
    let app = fleet.home.add_app(EMAIL, REDIRECT, &[]);
    for (seconds, is_said) in [
        (20, None),
        (-20, None),
        (40, Some("s ahead of that of the database")),
        (-40, Some("s behind that of the database")),
        (86_400, Some("s ahead of that of the database")),
        (-300, Some("s behind that of the database")),
    ] {
        shift(&mut fleet, 1, seconds);
        // Whatever it writes bears its time.
        let mut ada = signed_in(&fleet, 1).await;
        let code = ada.connect(&app).await.sure();
        let (status, body) = readiness(&fleet, 1).await;
        println!("{seconds:+} s: /readyz {status} {}", body.trim_end());
        match is_said {
            None => assert_eq!(status, 200),
            Some(said) => {
                assert!(status == 503 && body.contains(said), "{status} {body}");
                assert!(fleet.server(1).output().contains(said), "the log is silent");
            }
        }
        for node in [0, 2] {
            assert_eq!(readiness(&fleet, node).await, (200, "ready\n".into()));
        }
        // A code that is valid for a minute has expired four minutes ago.
        let reply = fleet.program(0, &app).exchange(&code).await.sure();
        let wanted = if seconds == -300 { 400 } else { 200 };
        reply.must(&[wanted], "a code of the wrong clock");
    }
    fleet.stop();
}
