//! `linking::decide`: whose account it is that somebody of a provider logs in to; what
//! `id_token::judge` believes of the provider's word, and `hand_over::judge` of the platform's.

use crate::{
    facts::NOW,
    table::{Case, Fact, Table, keep},
};
use grantor_jose::{algorithm::Algorithm, claims::Claims, hash::half_hash};
use grantor_protocol::{
    hand_over,
    openid::{
        linking::{Address, Holder, Left, Namesake, Situation, Verdict, Ways, decide, left},
        upstream::id_token::{Expected, judge},
    },
};
use serde_json::{Value, json};

#[test]
fn linking_truth_table() {
    const FACTS: &[Fact] = &[
        ("connecting", &["no", "user 1"]),
        (
            "connected",
            &["nobody", "user 1", "user 2", "user 2, disabled"],
        ),
        ("address", &["none", "claimed", "vouched"]),
        (
            "its account",
            &[
                "none",
                "proved by nothing",
                "unverified",
                "with proofs",
                "admin",
                "disabled",
            ],
        ),
        ("sign-up", &["closed", "open"]),
    ];
    let decide = |case: &Case| {
        let holder = |user, active| Some(Holder { user, active });
        let account = case.get("its account");
        if case.is("address", "none") && account != "none" {
            return None;
        }
        let situation = Situation {
            connecting: case.is("connecting", "user 1").then_some(1),
            holder: match case.get("connected") {
                "nobody" => None,
                "user 1" => holder(1, true),
                "user 2" => holder(2, true),
                _ => holder(2, false),
            },
            address: match case.get("address") {
                "none" => Address::None,
                "claimed" => Address::Claimed,
                _ => Address::Vouched,
            },
            namesake: (account != "none").then_some(Namesake {
                user: 3,
                active: account != "disabled",
                verified: account != "unverified",
                has_proofs: account == "with proofs",
                admin: account == "admin",
            }),
            sign_up: case.is("sign-up", "open"),
        };
        Some(match decide(&situation) {
            Verdict::Enter(user) => format!("in: user {user}"),
            Verdict::Adopt(user) => format!("in: user {user}, adopted"),
            Verdict::Connect(user) => format!("connect user {user}"),
            other => format!("{other:?}"),
        })
    };
    keep("linking", &Table::of(FACTS, decide).merged("in"));
}

#[test]
fn the_last_way_in_is_never_left_behind() {
    let left = |password, other| left(&Ways { password, other });
    assert_eq!(left(false, None), None);
    assert_eq!(left(true, None), Some(Left::Password));
    assert_eq!(left(true, Some(7)), Some(Left::Password));
    assert_eq!(left(false, Some(7)), Some(Left::Other(7)));
}

const ISSUER: &str = "https://id.example";

#[test]
fn upstream_id_token_truth_table() {
    const FACTS: &[Fact] = &[
        ("iss", &["the provider's", "with a slash", "another's"]),
        (
            "aud",
            &[
                "ours",
                "ours alone in a list",
                "ours and another's",
                "another's",
            ],
        ),
        ("azp", &["absent", "ours", "another's"]),
        ("time", &["now", "no iat", "expired", "in the future"]),
        ("nonce", &["ours", "another", "absent"]),
        ("at_hash", &["absent", "fits", "another's"]),
        (
            "auth_time",
            &["absent", "just now", "an hour ago", "in an hour", "a text"],
        ),
        ("anew", &["no", "yes"]),
    ];
    let decide = |case: &Case| {
        let now = NOW.seconds();
        let mut claims = json!({"sub": "7", "iss": match case.get("iss") {
            "the provider's" => ISSUER.to_owned(),
            "with a slash" => format!("{ISSUER}/"),
            _ => "https://evil.example".to_owned(),
        }});
        let mut set = |name: &str, value: Value| claims[name] = value;
        set(
            "aud",
            match case.get("aud") {
                "ours" => json!("us"),
                "ours alone in a list" => json!(["us"]),
                "ours and another's" => json!(["us", "them"]),
                _ => json!("them"),
            },
        );
        match case.get("azp") {
            "ours" => set("azp", json!("us")),
            "another's" => set("azp", json!("them")),
            _ => {}
        }
        match case.get("time") {
            "no iat" => set("exp", json!(now + 60)),
            time => {
                let at = match time {
                    "expired" => now - 400,
                    "in the future" => now + 61,
                    _ => now,
                };
                set("iat", json!(at));
                set("exp", json!(at + 300));
            }
        }
        match case.get("nonce") {
            "ours" => set("nonce", json!("n")),
            "another" => set("nonce", json!("m")),
            _ => {}
        }
        match case.get("at_hash") {
            "fits" => set("at_hash", json!(half_hash(Algorithm::Es256, "at"))),
            "another's" => set("at_hash", json!(half_hash(Algorithm::Es256, "other"))),
            _ => {}
        }
        match case.get("auth_time") {
            "just now" => set("auth_time", json!(now)),
            "an hour ago" => set("auth_time", json!(now - 3600)),
            "in an hour" => set("auth_time", json!(now + 3600)),
            "a text" => set("auth_time", json!("now")),
            _ => {}
        }
        let claims = Claims::parse(claims.to_string().as_bytes(), 4096).unwrap();
        let expected = Expected {
            issuer: ISSUER,
            client_id: "us",
            nonce: "n",
            access_token: "at",
            anew_since: case.is("anew", "yes").then_some(NOW),
            now: NOW,
        };
        Some(match judge(&claims, Algorithm::Es256, &expected) {
            Ok(_) => "proved".to_owned(),
            Err(fault) => format!("refuse {fault:?}"),
        })
    };
    keep(
        "upstream_id_token",
        &Table::of(FACTS, decide).merged("proved"),
    );
}

#[test]
fn hand_over_truth_table() {
    const FACTS: &[Fact] = &[
        ("iss", &["the platform's", "another's"]),
        ("aud", &["ours", "another's"]),
        ("jti", &["the challenge's", "another's", "absent"]),
        (
            "time",
            &[
                "now",
                "no iat",
                "expired",
                "in the future",
                "lives too long",
            ],
        ),
        (
            "auth_time",
            &["now", "before the challenge", "in an hour", "absent"],
        ),
        ("anew", &["no", "yes"]),
        ("email", &["given", "absent"]),
    ];
    let decide = |case: &Case| {
        let now = NOW.seconds();
        let mut claims = json!({"sub": "7"});
        let mut set = |name: &str, value: Value| claims[name] = value;
        set(
            "iss",
            json!(match case.is("iss", "another's") {
                true => "https://evil.example",
                false => "https://www.platform.example",
            }),
        );
        set(
            "aud",
            json!(match case.is("aud", "ours") {
                true => ISSUER,
                false => "https://other.example",
            }),
        );
        match case.get("jti") {
            "the challenge's" => set("jti", json!("c")),
            "another's" => set("jti", json!("d")),
            _ => {}
        }
        let (iat, exp) = match case.get("time") {
            "expired" => (now - 300, now - 60),
            "in the future" => (now + 61, now + 120),
            "lives too long" => (now, now + 361),
            _ => (now, now + 360),
        };
        if !case.is("time", "no iat") {
            set("iat", json!(iat));
        }
        set("exp", json!(exp));
        match case.get("auth_time") {
            "now" => set("auth_time", json!(now)),
            "before the challenge" => set("auth_time", json!(now - 61)),
            "in an hour" => set("auth_time", json!(now + 3600)),
            _ => {}
        }
        if case.is("email", "given") {
            set("email", json!("ada@platform.example"));
        }
        let claims = Claims::parse(claims.to_string().as_bytes(), 4096).unwrap();
        let expected = hand_over::Expected {
            platform: "https://www.platform.example",
            issuer: ISSUER,
            id: "c",
            anew_since: case.is("anew", "yes").then_some(NOW),
            now: NOW,
        };
        Some(match hand_over::judge(&claims, &expected) {
            Ok(answer) => format!("user {}", answer.subject),
            Err(fault) => format!("refuse {fault:?}"),
        })
    };
    keep("hand_over", &Table::of(FACTS, decide).merged("user"));
}
