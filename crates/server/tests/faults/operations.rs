//! What an operator sees and relies on: health, metrics, logs.

use crate::{
    actor::{Browser, Program, Sure, http, send},
    port::quiet_port,
    process::{PASSWORD, Server},
    scene::Scene,
};
use serde_json::Value;
use std::{collections::HashSet, fs, time::Duration};
use tokio::time::{Instant, sleep};

/// Everything once: tokens by code and refresh, a replay, a revocation, a personal
/// token; all that no log may hold.
async fn whole_flow(scene: &mut Scene) -> Vec<String> {
    scene.sign_in().await;
    let mut secrets = vec![PASSWORD.to_owned()];
    for program in [scene.confidential.clone(), scene.public.clone()] {
        secrets.extend(flow_of(&mut scene.browser, &program).await);
        secrets.extend(program.app.client_secret);
    }
    let browser = &mut scene.browser;
    let personal = browser.make_token("script").await.sure();
    assert!(scene.public.is_accepted(&personal).await.sure());
    secrets.push(personal);
    // One that was taken back holds nothing.
    let cookies = browser.cookies.values().filter(|it| !it.is_empty());
    secrets.extend(cookies.cloned());
    secrets.push(browser.get("/account").await.sure().form_token());
    for (path, status) in [
        ("/login?confirm=1&return_to=/%3Fstate%3Dsecret-state", 200),
        ("/nowhere?access_token=secret-query", 404),
    ] {
        browser.get(path).await.sure().must(&[status], path);
    }
    secrets.extend(["secret-state", "secret-query"].map(str::to_owned));
    secrets
}

async fn flow_of(browser: &mut Browser, program: &Program) -> Vec<String> {
    let code = browser.connect(&program.app).await.sure();
    let first = program.exchange(&code).await.sure();
    let first = first.must(&[200], "an exchange");
    let next = program.refresh(&first.text("refresh_token")).await.sure();
    let next = next.must(&[200], "a refresh");
    let mut secrets = Vec::new();
    for reply in [&first, &next] {
        let access = reply.text("access_token");
        assert!(program.is_accepted(&access).await.sure());
        secrets.extend([access, reply.text("refresh_token")]);
    }
    let revoked = program.revoke(&next.text("access_token")).await.sure();
    revoked.must(&[200], "a revocation");
    let replayed = program.exchange(&code).await.sure();
    replayed.must(&[400], "a replay");
    secrets.push(code);
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_lines_of_json_with_request_ids_and_without_secrets() {
    for level in ["info", "debug"] {
        let mut scene = Scene::new(&[&format!("--log-level={level}")]);
        let secrets = whole_flow(&mut scene).await;
        let wires = [
            &scene.browser.wire,
            &scene.confidential.wire,
            &scene.public.wire,
        ];
        let ids: Vec<String> = wires
            .iter()
            .flat_map(|wire| wire.ids.lock().expect("ids").clone())
            .collect();
        scene.server.signal("TERM");
        let (ended, output) = scene.server.ended_saying();
        assert!(ended.success());
        let mut logged = HashSet::new();
        for line in output.lines() {
            let line: Value = serde_json::from_str(line).expect(line);
            assert!(
                line["timestamp"].is_string() && line["level"].is_string(),
                "{line}"
            );
            if line["message"] == "request" {
                let id = line["request_id"]
                    .as_str()
                    .expect("a request id")
                    .to_owned();
                assert!(logged.insert(id), "two lines for one request: {line}");
            }
        }
        assert!(
            ids.iter().all(|id| logged.contains(id)),
            "an answer without its line"
        );
        assert_eq!(logged.len(), ids.len(), "a line without its answer");
        for secret in secrets {
            assert!(
                !output.contains(&secret),
                "the log at level {level} holds {secret}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_on_a_listener_of_their_own() {
    let port = quiet_port();
    let mut scene = Scene::new(&[&format!("--metrics-listen=127.0.0.1:{port}")]);
    whole_flow(&mut scene).await;
    scene
        .browser
        .get("/metrics")
        .await
        .sure()
        .must(&[404], "metrics for the world");
    let reply = send(http().get(format!("http://127.0.0.1:{port}/metrics")))
        .await
        .sure();
    assert!(
        reply
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let has = |line: &str| {
        assert!(
            reply.body.lines().any(|it| it == line),
            "{line} is not in\n{}",
            reply.body
        )
    };
    has("grantor_logins_total{outcome=\"accepted\"} 1");
    has("grantor_tokens_issued_total{grant_type=\"authorization_code\"} 2");
    has("grantor_tokens_issued_total{grant_type=\"refresh_token\"} 2");
    has("grantor_refusals_total{endpoint=\"token\",error=\"CodeUsed\"} 2");
    has("grantor_bearer_checks_total{outcome=\"Admitted\"} 5");
    has("grantor_requests_total{route=\"/-/oauth_token\",method=\"POST\",status=\"2xx\"} 4");
    has("grantor_requests_total{route=\"/-/oauth_token\",method=\"POST\",status=\"4xx\"} 2");
    let commits = reply
        .body
        .lines()
        .find_map(|line| line.strip_prefix("grantor_store_commits "));
    assert!(
        commits.is_some_and(|count| count.parse().unwrap_or(0) > 5),
        "{commits:?}"
    );
    assert!(scene.server.stop().success());
}

/// A node that cannot read its database knows nothing: it says so, and takes no token
/// on trust.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_unready_and_refuses() {
    let mut scene = Scene::new(&[]);
    scene.sign_in().await;
    let program = scene.confidential.clone();
    let tokens = scene.connect(&program).await;
    assert_eq!(scene.browser.get("/readyz").await.sure().body, "ready\n");
    let file = scene.home.path().join("grantor-data/grantor.db");
    let other = rusqlite::Connection::open(&file).expect("a database");
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    other
        .query_row(checkpoint, [], |_| Ok(()))
        .expect("a checkpoint");
    drop(other);
    let whole = fs::read(&file).expect("the database");
    fs::write(&file, vec![0xa5; whole.len()]).expect("noise");
    // A write makes every reader look at the file again.
    program.exchange("gr_ac_unknown").await.sure();
    println!("unready after {:?}", unready(&mut scene).await);
    let begun = Instant::now();
    let reply = loop {
        let reply = program.api("users/me", &tokens.access).await;
        let reply = reply.sure().must(&[200, 503], "a bearer check");
        if reply.status == 503 {
            break reply;
        }
        // What it heard less than two seconds ago, it may believe.
        assert!(begun.elapsed() < Duration::from_secs(4), "it guesses");
        sleep(Duration::from_millis(20)).await;
    };
    println!("tokens refused after {:?}", begun.elapsed());
    assert_eq!(reply.header("retry-after"), "2");
    scene
        .browser
        .get("/healthz")
        .await
        .sure()
        .must(&[200], "the process");
    scene.server.kill();
    fs::write(&file, whole).expect("the database");
    let server = Server::start_on(&scene.home, scene.port, &[]);
    assert!(program.is_accepted(&tokens.access).await.sure());
    assert!(server.stop().success());
}

async fn unready(scene: &mut Scene) -> Duration {
    let begun = Instant::now();
    loop {
        let reply = scene.browser.get("/readyz").await.sure();
        if reply.status == 503 {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{reply:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Whether a new connection to the server trusts this certificate.
async fn is_served(origin: &str, pem: &str) -> bool {
    let trusted = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([trusted]);
    let client = client.build().expect("a client");
    client.get(format!("{origin}/healthz")).send().await.is_ok()
}

/// Whoever renews a certificate replaces its files; a broken one costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_served_without_a_restart() {
    let home = crate::process::Home::new();
    let pair = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    let (old, new) = (pair(), pair());
    let write = |certificate: &str, key: &str| {
        fs::write(home.path().join("cert.pem"), certificate).expect("a file");
        fs::write(home.path().join("key.pem"), key).expect("a file");
    };
    write(&old.cert.pem(), &old.signing_key.serialize_pem());
    let port = quiet_port();
    let origin = format!("https://localhost:{port}");
    let public = format!("--public-url={origin}");
    let flags = ["--tls-certificate=cert.pem", "--tls-key=key.pem", &public];
    let server = Server::start_on(&home, port, &flags);
    assert!(is_served(&origin, &old.cert.pem()).await);
    write(&new.cert.pem(), &new.signing_key.serialize_pem());
    server.signal("HUP");
    let begun = Instant::now();
    while !is_served(&origin, &new.cert.pem()).await {
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "it is not taken up"
        );
        sleep(Duration::from_millis(20)).await;
    }
    assert!(!is_served(&origin, &old.cert.pem()).await);
    write("cut short", "");
    for _ in 0..3 {
        server.signal("HUP");
        sleep(Duration::from_millis(100)).await;
    }
    assert!(is_served(&origin, &new.cert.pem()).await);
    server.signal("TERM");
    let (ended, output) = server.ended_saying();
    assert!(ended.success());
    let told = output
        .matches("the renewed certificate cannot be used")
        .count();
    assert_eq!(told, 1, "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_by_files_and_self_signed_in_both_versions_of_http() {
    let home = crate::process::Home::new();
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    fs::write(home.path().join("cert.pem"), pair.cert.pem()).expect("a file");
    fs::write(
        home.path().join("key.pem"),
        pair.signing_key.serialize_pem(),
    )
    .expect("a file");
    for flags in [
        &["--tls-certificate=cert.pem", "--tls-key=key.pem"][..],
        &["--tls-self-signed=true"],
    ] {
        let port = quiet_port();
        let origin = format!("https://localhost:{port}");
        let public = format!("--public-url={origin}");
        let server = Server::start_on(&home, port, &[flags, &[&public]].concat());
        let kept = fs::read(home.path().join("grantor-data/development-tls.pem"));
        let trusted = if flags.len() == 1 {
            kept.expect("a kept certificate")
        } else {
            pair.cert.pem().into()
        };
        let trusted = reqwest::Certificate::from_pem(&trusted).expect("a certificate");
        for version in [reqwest::Version::HTTP_11, reqwest::Version::HTTP_2] {
            let mut client = reqwest::Client::builder()
                .no_proxy()
                .tls_certs_only([trusted.clone()]);
            if version == reqwest::Version::HTTP_11 {
                client = client.http1_only();
            }
            let client = client.build().expect("a client");
            let url = format!("{origin}/.well-known/oauth-authorization-server");
            let response = client.get(url).send().await.expect("an answer over TLS");
            assert_eq!(
                (response.status().as_u16(), response.version()),
                (200, version)
            );
            assert!(response.headers().contains_key("strict-transport-security"));
            let metadata: Value = response.json().await.expect("JSON");
            assert_eq!(metadata["issuer"], origin.as_str());
            let login = client.get(format!("{origin}/login")).send().await.sure();
            let cookie = login.headers()["set-cookie"].to_str().expect("text");
            assert!(
                cookie.starts_with("__Host-") && cookie.contains("; Secure"),
                "{cookie}"
            );
        }
        assert!(server.stop().success());
    }
}
