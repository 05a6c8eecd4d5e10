//! coreos/go-oidc.

use super::{Language, Part, play};
use crate::scene::{CALLBACK, Scene};
use std::process::Command;

const GO: Language = Language {
    name: "go",
    list: include_str!("../clients/go/go.sum"),
    run: |libraries, script| {
        let mut go = Command::new("go");
        go.args(["run", "-mod=readonly", "."]);
        go.current_dir(script.parent().expect("a folder"));
        go.env("GOMODCACHE", libraries.join("modules"));
        go.env("GOCACHE", libraries.join("cache"));
        go.env("GOPROXY", "off").env_remove("GOFLAGS");
        go
    },
};

#[tokio::test]
async fn go_oidc_logs_a_user_in() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &GO, "main.go", Part::new(CALLBACK).of_login()).await;
    report.check_login(&scene);
    report.check_refreshed_login();
}
