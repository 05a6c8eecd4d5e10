//! What wakes the operator exists: each metric of the alerting rules and of the operator's
//! table is on the page that is scraped.

use grantor::metrics::Metrics;
use grantor_protocol::time::Timestamp;
use http::{Method, StatusCode};
use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, time::Duration};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name)
}

/// Each metric that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|it: char| !it.is_ascii_lowercase() && it != '_');
    let is_one = |word: &&str| {
        word.strip_prefix("grantor_")
            .is_some_and(|rest| !rest.is_empty())
    };
    words.filter(is_one).collect()
}

#[test]
fn every_metric_that_is_watched_exists() {
    let metrics = Metrics::new(Timestamp(0));
    // What has labels shows with its first use.
    let route = metrics.route("/readyz", &Method::GET);
    route.answered(StatusCode::OK, Duration::from_millis(1));
    metrics.token_issued("refresh_token");
    metrics.refused("token", "invalid_grant");
    metrics.bearer_admitted.inc();
    metrics.login("accepted");
    metrics.logout_notice("failed");
    metrics.mail("sent");
    let page = metrics.render();
    let samples: BTreeSet<_> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(['{', ' ']).next())
        .collect();
    for (name, least) in [
        ("deploy/prometheus-rules.yml", 6),
        ("docs/operations.md", 9),
    ] {
        let text = fs::read_to_string(file(name)).unwrap();
        let watched = named(&text);
        assert!(watched.len() >= least, "the search finds them: {watched:?}");
        for metric in watched {
            let parts = ["", "_bucket"].map(|part| format!("{metric}{part}"));
            let there = parts.iter().any(|it| samples.contains(&**it));
            assert!(there, "{name} watches {metric}, which is not in\n{page}");
        }
    }
}

#[test]
fn prometheus_takes_the_rules() {
    let mut check = Command::new("promtool");
    check
        .args(["check", "rules"])
        .arg(file("deploy/prometheus-rules.yml"));
    let output = check
        .output()
        .expect("promtool: cargo xtask setup installs it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("SUCCESS: 10 rules found"), "{said}");
}
