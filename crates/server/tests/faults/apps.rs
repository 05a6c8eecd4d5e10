//! The operator and the apps of a running server.

use crate::{
    actor::{Program, REDIRECT, Sure},
    commands::{BOUND, TRIES, until_refused},
    process::App,
    scene::{EMAIL, Scene},
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// And what it stopped comes back, but for access tokens from before (ADR 4).
#[tokio::test(flavor = "multi_thread")]
async fn suspending_an_app_is_in_force_within_a_second() {
    let mut scene = Scene::new(&["--throttling=false"]);
    scene.sign_in().await;
    let mut took = Vec::new();
    for _ in 0..TRIES {
        let app = scene.home.add_app(EMAIL, REDIRECT, &[]);
        let program = Program::new(&scene.browser.wire.origin, &app);
        let tokens = scene.connect(&program).await;
        assert!(program.is_accepted(&tokens.access).await.sure());
        let id = app.client_id.as_str();
        let suspend = ["app", "suspend", id, "--reason", "It sends spam"];
        assert_eq!(scene.home.run(&suspend, "")["suspended"], true);
        took.push(until_refused(&program, &tokens.access).await);
        let refused = program.refresh(&tokens.refresh).await.sure();
        refused.must(&[401], "a refresh of a suspended app");
        scene.home.run(&["app", "resume", id], "");
        let begun = Instant::now();
        while program.refresh(&tokens.refresh).await.sure().status != 200 {
            assert!(begun.elapsed() < BOUND, "it never comes back");
            sleep(Duration::from_millis(10)).await;
        }
        assert!(!program.is_accepted(&tokens.access).await.sure());
    }
    took.sort();
    println!(
        "app suspend in force: p50 {:?}, p100 {:?} of {TRIES}",
        took[TRIES / 2],
        took[TRIES - 1]
    );
    assert!(took[TRIES - 1] < BOUND, "{took:?}");
}

/// Everything that the operator can know and do about one app.
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_and_an_app() {
    let scene = Scene::new(&[]);
    let home = &scene.home;
    let app = home.add_app(EMAIL, REDIRECT, &["--resource-server", "--implicit"]);
    let id = app.client_id.as_str();
    let show = || home.run(&["app", "show", id], "");
    let shown = show();
    for (name, is) in [
        ("resource_server", true),
        ("implicit", true),
        ("without_state", false),
        ("pkce_required", false),
        ("verified", false),
        ("suspended", false),
    ] {
        assert_eq!(shown[name], is, "{name} of {shown}");
    }
    assert_eq!(shown["secrets"].as_array().map(Vec::len), Some(1));
    home.run(&["app", "verify", id], "");
    home.run(&["app", "suspend", id, "--reason", "It sends spam"], "");
    let shown = show();
    assert_eq!(shown["verified"], true);
    assert_eq!(shown["suspended_for"], "It sends spam");
    let listed = home.run(&["app", "list"], "");
    let listed = listed.as_array().expect("a list");
    assert!(
        listed
            .iter()
            .any(|it| it["client_id"] == id && it["suspended"] == true)
    );
    let said = |arguments: &[&str]| {
        let output = home.grantor(arguments).output().expect("grantor runs");
        let both = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&both).into_owned(),
        )
    };
    let (found, text) = said(&["app", "show", id]);
    assert!(found && text.contains("UTC: It sends spam"), "{text}");
    assert!(
        text.contains(&format!("owner              {EMAIL} (")),
        "{text}"
    );
    let (done, text) = said(&["app", "resume", id]);
    assert!(done && text.ends_with("is active\n"), "{text}");
    let (done, text) = said(&["app", "resume", id]);
    assert!(!done && text.ends_with("is active already\n"), "{text}");
    home.run(&["app", "unverify", id], "");
    home.run(&["app", "resource-server", id, "--off"], "");
    assert_eq!(show()["resource_server"], false);
    home.run(&["app", "resource-server", id], "");
    assert_eq!(show()["resource_server"], true);
    let own = "app add --owner ada@example.org --name Backend --url https://api.example";
    let mut own: Vec<_> = own.split(' ').collect();
    let bare = home.grantor(&own).output().expect("grantor runs");
    assert!(!bare.status.success(), "an app needs a redirect URI");
    own.push("--resource-server");
    let backend = home.run(&own, "");
    let backend = backend["client_id"].as_str().expect("a client ID");
    home.run(
        &["user", "add", "--email", "bo@example.org", "--name", "Bo"],
        "",
    );
    let moved = home.run(&["app", "transfer", backend, "--to", "bo@example.org"], "");
    assert_eq!(moved["resource_server_ended"], true);

    home.run(&["user", "disable", EMAIL], "");
    assert_eq!(show()["suspended"], true, "with its owner");
    home.run(&["user", "enable", EMAIL], "");
    assert_eq!(show()["suspended"], false);
    // Names that others may not take are hers to give; she is told.
    let own = "app add --owner ada@example.org --name Grantor --url https://a.example --redirect-uri https://a.example/cb";
    let own = home.grantor(&own.split(' ').collect::<Vec<_>>()).output();
    let own = own.expect("grantor runs");
    let said = String::from_utf8_lossy(&own.stderr);
    assert!(own.status.success() && said.contains("warning"), "{said}");

    home.run(&["app", "delete", id, "--yes"], "");
    let gone = home.grantor(&["app", "show", id]).output();
    assert!(!gone.expect("grantor runs").status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_changes_a_secret() {
    let scene = Scene::new(&[]);
    let app = scene.home.add_app(EMAIL, REDIRECT, &[]);
    let id = app.client_id.as_str();
    let made = scene.home.run(&["app", "secret", id, "--overlap", "0"], "");
    let newer = Program::new(
        &scene.browser.wire.origin,
        &App {
            client_secret: made["client_secret"].as_str().map(str::to_owned),
            ..app.clone()
        },
    );
    let older = Program::new(&scene.browser.wire.origin, &app);
    let begun = Instant::now();
    while newer.refresh("x").await.sure().text("error") != "invalid_grant" {
        assert!(begun.elapsed() < BOUND, "the new secret never works");
        sleep(Duration::from_millis(10)).await;
    }
    older
        .refresh("x")
        .await
        .sure()
        .must(&[401], "the older secret");
}
