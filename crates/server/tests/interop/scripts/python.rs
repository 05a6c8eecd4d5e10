//! requests-oauthlib and Authlib.

use super::{Language, Part, play};
use crate::scene::{CALLBACK, Scene};
use serde_json::json;
use std::process::Command;

pub const PYTHON: Language = Language {
    name: "python",
    list: include_str!("../clients/python/requirements.txt"),
    run: |libraries, script| {
        let mut python = Command::new(libraries.join("bin/python"));
        python.arg(script);
        python
    },
};
const REQUESTS: &str = "requests_oauthlib_client.py";
const AUTHLIB: &str = "authlib_client.py";
const FLASK: &str = "authlib_login.py";

/// HTTP Basic, and `client_id` nowhere else; `redirect_uri` on refresh.
#[tokio::test]
async fn requests_oauthlib() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &PYTHON, REQUESTS, Part::new(CALLBACK)).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
}

/// An app on the user's device sends HTTP Basic with an empty secret.
#[tokio::test]
async fn requests_oauthlib_without_a_secret() {
    let scene = Scene::new("http://127.0.0.1/callback", &["--kind", "native"]);
    let part = Part::new("http://127.0.0.1:49152/callback").with(json!({"client_secret": null}));
    let report = play(&scene, &PYTHON, REQUESTS, part).await;
    report.check(&scene.user, true);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
}

#[tokio::test]
async fn requests_oauthlib_denied() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &PYTHON, REQUESTS, Part::new(CALLBACK).denied()).await;
    report.refused("denied", "access_denied", "did not allow");
}

/// The secret in the body.
#[tokio::test]
async fn authlib() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &PYTHON, AUTHLIB, Part::new(CALLBACK)).await;
    report.check(&scene.user, false);
    report.wrong_secret_was_refused();
    report.replay_was_refused();
    report.was_introspected(&scene.app.client_id);
}

/// A web app in Flask, given the issuer and its credentials.
#[tokio::test]
async fn authlib_logs_a_user_in() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &PYTHON, FLASK, Part::new(CALLBACK).of_login()).await;
    report.check_login(&scene);
    report.check_refreshed_login();
}
