//! The command line beside a running server.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    process::{Home, Server},
    scene::{EMAIL, Scene, Tokens, connect},
};
use grantor::keys::KeyKind;
use std::{fs, os::unix::fs::PermissionsExt, process::Stdio, time::Duration};
use tokio::time::{Instant, sleep};

pub const TRIES: usize = 20;
/// The stated bound of a revocation.
pub const BOUND: Duration = Duration::from_secs(1);

fn personal_token(home: &Home, email: &str) -> String {
    let arguments = ["token", "add", "--user", email, "--description", "script"];
    home.run(&arguments, "")["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// How long a token is still taken.
pub async fn until_refused(program: &Program, token: &str) -> Duration {
    let begun = Instant::now();
    while program.is_accepted(token).await.sure() {
        assert!(begun.elapsed() < BOUND * 5, "it is never refused");
        sleep(Duration::from_millis(2)).await;
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_a_user_is_in_force_within_a_second() {
    let scene = Scene::new(&["--throttling=false"]);
    let program = &scene.confidential;
    let mut took = Vec::new();
    for number in 0..TRIES {
        let email = format!("user{number}@example.org");
        scene.home.add_user(&email, "User");
        let mut browser = Browser::new(&scene.browser.wire.origin);
        browser.sign_in(&email).await.sure().must(&[303], "a login");
        let Tokens { access, refresh } = connect(&mut browser, program).await;
        let personal = personal_token(&scene.home, &email);
        for token in [&access, &personal] {
            assert!(program.is_accepted(token).await.sure());
        }
        scene.home.run(&["user", "disable", &email], "");
        let (one, two) = tokio::join!(
            until_refused(program, &access),
            until_refused(program, &personal)
        );
        took.push(one.max(two));
        assert!(!browser.is_signed_in().await.sure(), "the session lives");
        program
            .refresh(&refresh)
            .await
            .sure()
            .must(&[400], "a refresh");
        browser.sign_in(&email).await.sure().must(&[401], "a login");
    }
    took.sort();
    println!(
        "user disable in force: p50 {:?}, p100 {:?} of {TRIES}",
        took[TRIES / 2],
        took[TRIES - 1]
    );
    assert!(took[TRIES - 1] < BOUND, "{took:?}");
}

/// A personal token outlives a pause of its user; sessions do not.
#[tokio::test(flavor = "multi_thread")]
async fn enabling_a_user_brings_her_tokens_back() {
    let mut scene = Scene::new(&[]);
    scene.sign_in().await;
    let program = scene.confidential.clone();
    let tokens = scene.connect(&program).await;
    let personal = personal_token(&scene.home, EMAIL);
    assert!(program.is_accepted(&personal).await.sure());
    scene.home.run(&["user", "disable", EMAIL], "");
    until_refused(&program, &personal).await;
    scene.home.run(&["user", "enable", EMAIL], "");
    let begun = Instant::now();
    while !program.is_accepted(&personal).await.sure() {
        assert!(begun.elapsed() < BOUND, "it never comes back");
        sleep(Duration::from_millis(10)).await;
    }
    program
        .refresh(&tokens.refresh)
        .await
        .sure()
        .must(&[200], "a refresh");
    assert!(
        !scene.browser.is_signed_in().await.sure(),
        "a session came back"
    );
    scene.sign_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_added_or_rotated_works_at_once() {
    let mut scene = Scene::new(&[]);
    scene.sign_in().await;
    let before = scene.connect(&scene.public.clone()).await;
    let personal = personal_token(&scene.home, EMAIL);
    assert!(scene.public.is_accepted(&personal).await.sure());
    for kind in ["seal", "refresh", "forms"] {
        scene.home.run(&["keys", "rotate", "--kind", kind], "");
    }
    let app = scene.home.add_app(EMAIL, REDIRECT, &[]);
    let program = Program::new(&scene.browser.wire.origin, &app);
    let after = scene.connect(&program).await;
    for token in [&before.access, &after.access, &personal] {
        assert!(program.is_accepted(token).await.sure());
    }
    scene
        .public
        .refresh(&before.refresh)
        .await
        .sure()
        .must(&[200], "a refresh");
    let keys = scene.home.run(&["keys", "list"], "");
    assert_eq!(
        keys.as_array().map(Vec::len),
        Some(KeyKind::ALL.len() + 3),
        "{keys}"
    );
}

/// An initial access token is good for as many apps as it says, until it is ended.
#[tokio::test(flavor = "multi_thread")]
async fn apps_register_with_a_token_of_the_command_line() {
    let scene = Scene::new(&["--dynamic-registration=token"]);
    let wire = &scene.browser.wire;
    let register = async |token: &str| {
        let request = wire.post("/-/oauth_register").bearer_auth(token);
        let request = request.header("content-type", "application/json");
        let request = request.body(r#"{"redirect_uris":["https://clock.example/cb"]}"#);
        wire.send(request).await.sure().status
    };
    let add = ["registration", "add", "--owner", EMAIL, "--uses", "2"];
    let added = scene.home.run(&add, "");
    let text = |name: &str| added[name].as_str().expect("text").to_owned();
    let (token, id) = (text("token"), text("id"));
    assert_eq!(register(&token).await, 201);
    let list = scene.home.run(&["registration", "list"], "");
    assert_eq!(
        (&list[0]["id"], &list[0]["uses_left"]),
        (&added["id"], &1.into())
    );
    assert_eq!(list[0]["owner"], EMAIL);
    scene.home.run(&["registration", "end", &id], "");
    assert_eq!(register(&token).await, 401);
    assert_eq!(
        scene.home.run(&["registration", "list"], ""),
        serde_json::json!([])
    );
    let apps = scene.home.run(&["app", "list"], "");
    let came = |app: &&serde_json::Value| app["registered_itself"] == true;
    assert_eq!(
        apps.as_array().expect("a list").iter().filter(came).count(),
        1
    );
}

/// After a leak: what the older keys made is worth nothing on a running server.
#[tokio::test(flavor = "multi_thread")]
async fn retired_keys_are_refused_within_a_second() {
    let mut scene = Scene::new(&[]);
    scene.sign_in().await;
    let program = scene.public.clone();
    let before = scene.connect(&program).await;
    let retire = |kind| {
        let arguments = ["keys", "rotate", "--kind", kind, "--retire-older", "--yes"];
        scene.home.run(&arguments, "");
    };
    retire("seal");
    assert!(until_refused(&program, &before.access).await < BOUND);
    let next = program.refresh(&before.refresh).await.sure();
    let next = next.must(&[200], "a refresh");
    let access = next.text("access_token");
    assert!(program.is_accepted(&access).await.sure());
    retire("refresh");
    let begun = Instant::now();
    while program
        .refresh(&next.text("refresh_token"))
        .await
        .sure()
        .status
        == 200
    {
        assert!(begun.elapsed() < BOUND, "an old refresh token is taken");
        sleep(Duration::from_millis(10)).await;
    }
    assert!(program.is_accepted(&access).await.sure());
    let again = scene.connect(&program).await;
    let refreshed = program.refresh(&again.refresh).await.sure();
    refreshed.must(&[200], "a refresh");
    let keys = scene.home.run(&["keys", "list"], "");
    let in_use = |key: &&serde_json::Value| key["retires_at"].is_null();
    let in_use = keys.as_array().expect("a list").iter().filter(in_use);
    assert_eq!(in_use.count(), KeyKind::ALL.len(), "{keys}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_becomes_a_working_server() {
    let mut scene = Scene::new(&["--throttling=false", "--pat-limit=1000"]);
    scene.sign_in().await;
    let (confidential, public) = (scene.confidential.clone(), scene.public.clone());
    let kept = scene.connect(&confidential).await;
    let rotated = scene.connect(&public).await;
    let personal = personal_token(&scene.home, EMAIL);
    let load = load(public, rotated.refresh.clone(), scene.browser.clone());
    let load = tokio::spawn(load);
    sleep(Duration::from_millis(300)).await;
    back_up(&scene.home);
    scene.server.kill();
    let rounds = load.await.expect("no panic");
    println!("written while the backup ran: {rounds} rounds");

    let restored = Home::new();
    let (from, to) = (scene.home.path(), restored.path().join("grantor-data"));
    fs::create_dir(&to).expect("a folder");
    fs::copy(from.join("copy.db"), to.join("grantor.db")).expect("a copy");
    let key = "grantor-data/master.key";
    fs::copy(from.join(key), restored.path().join(key)).expect("a copy");
    let server = Server::start_on(&restored, scene.port, &[]);
    for token in [&kept.access, &rotated.access, &personal] {
        assert!(confidential.is_accepted(token).await.sure());
    }
    let refresh = confidential.refresh(&kept.refresh).await.sure();
    refresh.must(&[200], "a refresh");
    let browser = &mut scene.browser;
    assert!(browser.is_signed_in().await.sure());
    assert!(browser.is_remembered(&confidential.app).await.sure());
    assert!(server.stop().success());
}

/// Rotations and new tokens until the server is gone; how many.
async fn load(program: Program, mut token: String, mut browser: Browser) -> usize {
    for number in 0.. {
        let Ok(reply) = program.refresh(&token).await else {
            return number;
        };
        let reply = reply.must(&[200], "a refresh under load");
        token = reply.text("refresh_token");
        if browser.make_token(&number.to_string()).await.is_err() {
            return number;
        }
    }
    0
}

/// To `copy.db`, for its owner alone, and never over another file.
fn back_up(home: &Home) {
    let answer = home.run(&["backup", "copy.db"], "");
    let facts = fs::metadata(home.path().join("copy.db")).expect("a file");
    assert_eq!(facts.permissions().mode() & 0o777, 0o600, "others read it");
    assert_eq!(answer["bytes"], facts.len());
    let again = home.grantor(&["backup", "copy.db"]).output();
    let again = again.expect("grantor runs");
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(!again.status.success() && said.contains("exists already"));
}

/// Every answer for programs is JSON; what a user without a password cannot do.
#[tokio::test(flavor = "multi_thread")]
async fn answers_for_programs() {
    let scene = Scene::new(&[]);
    let home = &scene.home;
    home.run(
        &[
            "user",
            "add",
            "--email",
            "bare@example.org",
            "--name",
            "Bare",
        ],
        "",
    );
    let vouched = "user add --email vera@example.org --name Vera --email-verified";
    home.run(&vouched.split(' ').collect::<Vec<_>>(), "");
    let users = home.run(&["user", "list"], "");
    for user in users.as_array().expect("a list") {
        let vouched = user["email"] == "vera@example.org";
        assert_eq!(user["email_verified"], vouched, "{user}");
    }
    let mut browser = Browser::new(&scene.browser.wire.origin);
    browser
        .sign_in("bare@example.org")
        .await
        .sure()
        .must(&[401], "a login without a password");
    assert_eq!(home.run(&["migrate"], "")["migrated"], true);
    for (list, members) in [
        ("user", &["gid", "email", "admin", "disabled"][..]),
        ("app", &["client_id", "owner"]),
        ("keys", &["id", "kind"]),
    ] {
        let answer = home.run(&[list, "list"], "");
        let first = &answer.as_array().expect("a list")[0];
        assert!(
            members.iter().all(|name| !first[name].is_null()),
            "{list}: {first}"
        );
    }
    let doctor = |public_url: &str| {
        fs::write(
            home.path().join("grantor.toml"),
            format!("public_url = '{public_url}'\ntrusted_proxies = ['127.0.0.1']\n"),
        )
        .expect("a file");
        let output = home
            .grantor(&["doctor", "--json"])
            .output()
            .expect("grantor runs");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(
            output.status.success(),
            answer["healthy"] == true,
            "{answer}"
        );
        answer["findings"].to_string()
    };
    assert_eq!(doctor("https://auth.example.org"), "[]");
    assert!(doctor("http://127.0.0.1:1").contains("public_url is http"));
    assert!(doctor("http://auth.example.org").contains("must begin with https"));
    let file = home.path().join("grantor-data/grantor.db");
    let database = rusqlite::Connection::open(file).expect("a database");
    database
        .execute("UPDATE audit_events SET at = at + 3600000", [])
        .expect("events of an hour that has not come");
    assert!(doctor("https://auth.example.org").contains("s behind the newest record"));
}

/// An answer of which nobody reads the end is no fault; one that cannot be written is.
#[test]
fn an_answer_is_cut_short_in_peace_and_lost_with_a_word() {
    let home = Home::new();
    home.add_user(EMAIL, "Ada");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut list = home.grantor(&["user", "list"]);
    let cut = list.stdout(writer).output().expect("grantor runs");
    assert!(cut.status.success() && cut.stderr.is_empty(), "{cut:?}");
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let lost = list.stdout(full.expect("a device")).output();
    let lost = lost.expect("grantor runs");
    let said = String::from_utf8_lossy(&lost.stderr);
    assert!(
        !lost.status.success() && said.contains("cannot write"),
        "{said}"
    );
}

/// What people get wrong; an argument of two quotes is an empty one.
const MISTAKES: &[&str] = &[
    "user add --email ada@example.org --name Again",
    "user add --email nobody --name No",
    "user add --email b@example.org --name Bob --password-stdin",
    "user disable nobody@example.org",
    "user enable nobody@example.org",
    "user delete nobody@example.org --yes",
    "user delete ada@example.org",
    "user list --data mistyped",
    "backup copy.db --data mistyped",
    "backup missing/copy.db",
    "app add --owner ada@example.org --name Clock --url https://a.example --redirect-uri http://a.example/cb",
    "app add --owner ada@example.org --name Clock --url https://a.example --redirect-uri https://a.example/cb --kind server",
    "app add",
    "app resource-server 1",
    "app show 1",
    "app show clock",
    "app suspend 1 --reason spam",
    "app suspend 1",
    "app resume 1",
    "app secret 1",
    "app delete 1",
    "token add --user ada@example.org --description ''",
    "token add --user ada@example.org --description x --scope all",
    "token add --user ada@example.org --description x --scope openid",
    "token add --user ada@example.org --description x --expires-in 9999",
    "keys rotate --kind ids",
    "keys rotate --kind all",
    "keys rotate --kind refresh --retire-older",
    "keys rotate --kind ids --retire-older --yes",
    "keys rotate --yes",
    "restore copy.db",
    "restore copy.db --new-epoch",
    "restore missing.db --same-epoch --data other",
    "restore copy.db --same-epoch --all",
    "epoch",
    "epoch --yes --data mistyped",
    "doctor --data mistyped",
    "frobnicate",
];

/// Each is refused with what to do instead, and makes nothing.
#[test]
fn wrong_usage() {
    let home = Home::new();
    home.add_user(EMAIL, "Ada");
    let mut said = String::new();
    for line in MISTAKES {
        let empty = |word| if word == "''" { "" } else { word };
        let arguments: Vec<_> = line.split(' ').map(empty).collect();
        let output = fed(&home, &arguments, "short");
        assert!(!output.status.success(), "{line}");
        let both = [&output.stdout[..], &output.stderr].concat();
        let text = String::from_utf8_lossy(&both);
        said.push_str(&format!("$ grantor {line}\n{}\n\n", text.trim_end()));
    }
    for made in [
        "mistyped",
        "copy.db",
        "other/grantor.db",
        "other/grantor.restoring",
    ] {
        assert!(!home.path().join(made).exists(), "{made} was made");
    }
    let log = home.path().join("grantor-data/grantor.db-wal");
    assert!(!log.exists(), "a command left the database open");
    insta::assert_snapshot!(said);
}

fn fed(home: &Home, arguments: &[&str], input: &str) -> std::process::Output {
    use std::io::Write;
    let mut command = home.grantor(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("grantor starts");
    // It may not want to read, and have ended already.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("its output")
}
