//! Existing users come along, beside a running server: as many as there are, as often as it
//! takes, and with their passwords.

use crate::{
    actor::{Browser, Sure},
    process::{Home, Server},
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    process::{Output, Stdio},
};

/// What bcrypt 5.0 for Python made of the password that everybody here has.
const BCRYPT: &str = "$2b$04$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6";

fn import(home: &Home, text: &str, more: &[&str]) -> Output {
    let file = if text.starts_with('{') {
        "people.jsonl"
    } else {
        "people.csv"
    };
    fs::write(home.path().join(file), text).expect("a file");
    let mut command = home.grantor(&["user", "import", file, "--json"]);
    command.args(more).stdin(Stdio::null());
    command.output().expect("grantor runs")
}

fn tally(output: &Output) -> [u64; 4] {
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    ["lines", "imported", "present", "refused"].map(|name| said[name].as_u64().expect("a number"))
}

fn people(home: &Home) -> usize {
    let list = home.run(&["user", "list"], "");
    list.as_array().expect("a list").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_line_is_reported_and_the_others_come() {
    let home = Home::new();
    home.add_user("here@example.org", "Here");
    let lines = [
        json!({"external_id": 1, "email": "ada@example.org", "name": "Ada", "password_hash": BCRYPT, "email_verified": true}),
        json!({"external_id": "2", "email": "no address"}),
        json!({"external_id": "3", "email": "here@example.org"}),
        json!({"external_id": "1", "email": "again@example.org"}),
        json!({"external_id": "4", "email": "four@example.org", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}),
        json!({"external_id": "5", "email": "five@example.org", "address": {"country": "Norway"}, "birthdate": "1990-12-31"}),
    ];
    let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    text.push_str("{\"external_id\": \"6\"\n\n");
    text +=
        &json!({"external_id": "7", "email": "seven@example.org", "disabled": true}).to_string();

    let tried = import(&home, &text, &["--dry-run"]);
    assert_eq!(tally(&tried), [8, 3, 0, 5]);
    let none = import(&home, &text, &["--all-or-nothing"]);
    assert_eq!(tally(&none), [8, 0, 0, 5]);
    assert_eq!(people(&home), 1, "nobody came");

    let server = Server::start(&home, &[]);
    let done = import(&home, &text, &[]);
    assert_eq!(tally(&done), [8, 3, 0, 5]);
    assert!(!done.status.success());
    let said = String::from_utf8_lossy(&done.stderr);
    for (number, why) in [
        (2, "an e-mail address has exactly one @"),
        (3, "another account has this email"),
        (4, "this external_id was in a line before"),
        (5, "password_hash: this is no hash that can be checked here"),
        (7, "the JSON text is broken at column 19"),
    ] {
        let line = said
            .lines()
            .find(|line| line.starts_with(&format!("line {number}: ")));
        assert!(
            line.is_some_and(|line| line.contains(why)),
            "{number}: {said}"
        );
    }
    assert_eq!(tally(&import(&home, &text, &[])), [8, 0, 3, 5], "again");
    assert_eq!(people(&home), 4);

    let mut browser = Browser::new(server.url());
    for attempt in ["her bcrypt", "and ours, that it became"] {
        browser
            .sign_in("ada@example.org")
            .await
            .sure()
            .must(&[303], attempt);
    }
    let mut other = Browser::new(server.url());
    other
        .sign_in("seven@example.org")
        .await
        .sure()
        .must(&[401], "disabled");
    let database = rusqlite::Connection::open(home.path().join("grantor-data/grantor.db"))
        .expect("the database");
    let hash: String = database
        .query_row(
            "SELECT password FROM users WHERE email = 'ada@example.org'",
            [],
            |row| row.get(0),
        )
        .expect("a hash");
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_with_a_line_of_names() {
    let home = Home::new();
    let text = "external_id,email,given_name,family_name,password_hash,disabled\n\
                1,ada@example.org,Ada,\"King, Countess\",,f\n\
                2,bob@example.org,Bob,\n\
                3,eve@example.org,Eve,,,maybe\n";
    let done = import(&home, text, &[]);
    assert_eq!(tally(&done), [3, 1, 0, 2]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("line 3: 4 columns, where the first line has 6"),
        "{said}"
    );
    assert!(
        said.contains("line 4: disabled must be true or false"),
        "{said}"
    );
    let list = home.run(&["user", "list"], "");
    assert_eq!(list[0]["name"], "Ada King, Countess");
    let unknown = import(&home, "external_id,mail\n1,a@example.org\n", &[]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("line 2: there is no field mail"));
    let other = import(&home, "external_id;email\n9;a@example.org\n", &[]);
    assert!(!other.status.success());
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(said.contains("columns stand between commas"), "{said}");
}

/// Printed: how long so many take. Cut short in the midst, it goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn many_are_imported_over_a_kill() {
    const MANY: usize = 5000;
    let home = Home::new();
    let mut text = String::new();
    for number in 0..MANY {
        let person = json!({"external_id": number, "email": format!("user{number}@example.org"), "password_hash": BCRYPT});
        writeln!(text, "{person}").expect("text");
    }
    fs::write(home.path().join("people.jsonl"), &text).expect("a file");
    let mut child = home
        .grantor(&["user", "import", "people.jsonl"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("grantor runs");
    let database = home.path().join("grantor-data/grantor.db");
    let count = || -> rusqlite::Result<usize> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = rusqlite::Connection::open_with_flags(&database, flags)?;
        database
            .query_row("SELECT COUNT(*) FROM users", [], |row| row.get::<_, i64>(0))
            .map(|count| count as usize)
    };
    while !count().is_ok_and(|count| count > 0) {
        tokio::task::yield_now().await;
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let before = count().expect("a number");
    let started = tokio::time::Instant::now();
    let done = import(&home, &text, &[]);
    let took = started.elapsed();
    let [lines, imported, present, refused] = tally(&done);
    println!("{before} before the kill; then {imported} in {took:?}");
    assert_eq!(
        (lines, imported + present, refused),
        (MANY as u64, MANY as u64, 0)
    );
    assert!(present >= before as u64);
    assert_eq!(count().expect("a number"), MANY);
}
