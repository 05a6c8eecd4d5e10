//! scim2-tester and scim2-client, as a directory.

use super::{Client, python::PYTHON};
use crate::process::{Home, Server};
use serde_json::{Value, json};

#[tokio::test]
async fn scim2_tester_finds_nothing_wrong() {
    let home = Home::new();
    let add = [
        "user",
        "add",
        "--email",
        "ops@example.org",
        "--name",
        "Ops",
        "--admin",
    ];
    home.run(&add, "");
    let token = [
        "token",
        "add",
        "--user",
        "ops@example.org",
        "--description",
        "directory",
        "--scope",
        "scim",
    ];
    let token = home.run(&token, "")["token"].clone();
    let server = Server::start(&home, &[]);
    let mut client = Client::start(&PYTHON, "scim_client.py");
    client.say(&json!({"server": server.url(), "token": token}));
    let words = client.hear();
    let checks = words["checks"].as_array().expect("a list");
    for check in checks {
        println!(
            "{:<10} {} {}",
            text(check, "status"),
            text(check, "title"),
            text(check, "reason")
        );
    }
    let wrong: Vec<_> = checks
        .iter()
        .filter(|check| check["wrong"] == true)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checks.len() > 30, "{} checks", checks.len());
    let day = client.hear();
    assert_eq!(day["found"], json!([day["id"]]));
    assert_eq!(
        (&day["name"], &day["active"], &day["after"]),
        (&json!("Grace Hopper"), &json!(false), &json!(0))
    );
}

fn text<'a>(check: &'a Value, name: &str) -> &'a str {
    check[name].as_str().unwrap_or("")
}
