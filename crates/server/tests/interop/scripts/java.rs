//! Nimbus' SDK.

use super::{Language, Part, play};
use crate::scene::{CALLBACK, Scene};
use std::process::Command;

const JAVA: Language = Language {
    name: "java",
    list: include_str!("../clients/java/pom.xml"),
    run: |libraries, script| {
        let mut java = Command::new("java");
        java.arg("-cp").arg(libraries.join("*")).arg(script);
        java
    },
};

#[tokio::test]
async fn nimbus_logs_a_user_in() {
    let scene = Scene::new(CALLBACK, &[]);
    let report = play(&scene, &JAVA, "Login.java", Part::new(CALLBACK).of_login()).await;
    report.check_login(&scene);
    report.check_refreshed_login();
}
