//! `token::refresh::rotate`: what a refresh token buys, and when presenting one
//! is theft. What happens over time is in `lineage.rs`.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    authorize::Policy,
    client::{Credential, authenticate},
    time::{Millis, Timestamp},
    token::{
        Standing, Verdict,
        refresh::{Family, GRACE, LAST, Lineage, Refreshment, Rotation, rotate},
    },
};

/// The generation that is presented in every row.
const PRESENTED: u32 = 5;
const TURN: Fact = (
    "presented",
    &[
        "the newest",
        "rotated 1 s ago",
        "rotated 60 s ago",
        "rotated 60.001 s ago",
        "1 s ago, successor used",
        "61 s ago, successor used",
        "forgotten",
        "replaced 1 s ago",
        "rotated in 30 s",
        "rotated in 61 s",
        "in 61 s, successor used",
        "its successor is the last",
        "not yet issued",
    ],
);
const KIND: Fact = ("kind", &["confidential", "native", "browser"]);

fn lineage(turn: &str) -> Lineage {
    let step = |from, to, at| Rotation { from, to, at };
    let (newest, rotations) = match turn {
        "the newest" => (5, vec![step(4, 5, ago(100))]),
        "rotated 1 s ago" => (6, vec![step(5, 6, ago(1))]),
        "rotated 60 s ago" => (6, vec![step(5, 6, NOW - GRACE)]),
        "rotated 60.001 s ago" => (6, vec![step(5, 6, NOW - GRACE - Millis(1))]),
        "1 s ago, successor used" => (7, vec![step(5, 6, ago(1)), step(6, 7, NOW)]),
        "61 s ago, successor used" => (7, vec![step(5, 6, ago(61)), step(6, 7, ago(30))]),
        "forgotten" => (7, vec![step(6, 7, ago(30))]),
        "replaced 1 s ago" => (6, vec![step(4, 6, ago(1))]),
        "rotated in 30 s" => (6, vec![step(5, 6, ago(-30))]),
        "rotated in 61 s" => (6, vec![step(5, 6, ago(-61))]),
        "in 61 s, successor used" => (7, vec![step(5, 6, ago(-61)), step(6, 7, ago(-61))]),
        "its successor is the last" => (LAST, vec![step(5, LAST, ago(61))]),
        "not yet issued" => (4, vec![step(3, 4, ago(1))]),
        _ => panic!("{turn}"),
    };
    Lineage { newest, rotations }
}

fn family(lineage: Lineage) -> Family {
    Family {
        id: FAMILY,
        user: USER,
        app: APP,
        grant: GRANT,
        scopes: scopes("default email tasks:read"),
        login: login(),
        lineage,
        ended: false,
        created: ago(1000),
        idle_until: ago(-1),
    }
}

/// Timestamps as seconds from now, or nobody could read the table.
fn show(result: &Verdict) -> String {
    let text = verdict(result);
    let Some((start, rest)) = text.split_once("Timestamp(") else {
        return text;
    };
    let (at, rest) = rest.split_once(')').unwrap();
    let at = (Timestamp(at.parse().unwrap()) - NOW).as_seconds();
    assert!(!rest.contains("Timestamp"), "an old rotation was kept");
    format!("{start}now+{at}{rest}")
}

#[test]
fn rotate_truth_table() {
    const FACTS: &[Fact] = &[
        ("token", &["unproved", "proved"]),
        ("app", &["same", "other"]),
        ("redirect_uri", &["absent", "registered", "foreign"]),
        (
            "standing",
            &[
                "good",
                "grant ended",
                "user disabled",
                "app suspended",
                "session ended",
            ],
        ),
        ("granted", &["a connection", "a login"]),
        ("family", &["live", "ended"]),
        ("idle until", &["later", "now"]),
        ("absolute limit", &["none", "later", "now"]),
        ("scope", &["absent", "fewer", "more"]),
        TURN,
        KIND,
    ];
    let decide = |case: &Case| {
        let client = client(kind(case.get("kind")));
        let mut family = family(lineage(case.get("presented")));
        family.app = if case.is("app", "same") {
            APP
        } else {
            OTHER_APP
        };
        if case.is("granted", "a login") {
            family.scopes = scopes("openid email profile");
        }
        family.ended = case.is("family", "ended");
        family.idle_until = if case.is("idle until", "now") {
            NOW
        } else {
            ago(-1)
        };
        let standing = Standing {
            grant_ended: case.is("standing", "grant ended"),
            user_disabled: case.is("standing", "user disabled"),
            session_ended: case.is("standing", "session ended"),
            app_suspended: case.is("standing", "app suspended"),
        };
        let ask = Refreshment {
            token: "",
            redirect_uri: match case.get("redirect_uri") {
                "absent" => None,
                "registered" => Some(HTTPS),
                _ => Some("https://evil.example/cb"),
            },
            scope: match case.get("scope") {
                "absent" => None,
                "fewer" => Some("email"),
                _ => Some("email offline_access"),
            },
        };
        let secret = case.is("kind", "confidential").then_some(SECRET);
        let proof = authenticate(Some(&client), &Credential::posted(secret), NOW).unwrap();
        let found = case
            .is("token", "proved")
            .then_some((&family, PRESENTED, standing));
        let mut policy = policy();
        policy.refresh_absolute = match case.get("absolute limit") {
            "none" => None,
            "later" => Some(Millis::seconds(1001)),
            _ => Some(Millis::seconds(1000)),
        };
        Some(show(&rotate(&ask, &proof, found, &policy, NOW)))
    };
    keep("rotate", &Table::of(FACTS, decide).merged("issue"));
}

/// Which scopes the new access token has. Granted: default, email, tasks:read.
#[test]
fn rotate_narrows_scopes() {
    const FACTS: &[Fact] = &[
        (
            "scope",
            &[
                "absent",
                "email",
                "tasks:read default",
                "default identity",
                "email openid",
                "openid",
                "email x",
                "email \"x\"",
                " ",
            ],
        ),
        ("still offered", &["all", "email", "openid"]),
    ];
    let decide = |case: &Case| {
        let client = client(kind("native"));
        let proof = authenticate(Some(&client), &Credential::posted(None), NOW).unwrap();
        let mut policy = policy();
        if !case.is("still offered", "all") {
            policy.scopes = offered(&[case.get("still offered")]);
        }
        let ask = Refreshment {
            token: "",
            redirect_uri: None,
            scope: Some(case.get("scope")).filter(|it| *it != "absent"),
        };
        let family = family(lineage("the newest"));
        let found = Some((&family, PRESENTED, Standing::default()));
        Some(match rotate(&ask, &proof, found, &policy, NOW) {
            Verdict::Issue(issued) => {
                assert!(issued.scopes.is_subset_of(&family.scopes));
                format!("issue [{}]", issued.scopes)
            }
            refused => verdict(&refused),
        })
    };
    keep("rotate_scope", &Table::of(FACTS, decide).in_full("issue"));
}

/// What introspection says of the end, without and with an absolute limit.
#[test]
fn a_family_expires_by_whichever_limit_comes_first() {
    let family = family(Lineage::default());
    for (limit, end) in [
        (None, ago(-1)),
        (Some(900), ago(100)),
        (Some(2000), ago(-1)),
    ] {
        let policy = Policy {
            refresh_absolute: limit.map(Millis::seconds),
            ..policy()
        };
        assert_eq!(family.expires(&policy), end, "{limit:?}");
    }
}
