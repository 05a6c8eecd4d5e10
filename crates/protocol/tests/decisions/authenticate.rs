//! `client::authenticate`: what each kind of app must prove.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::client::authenticate;

#[test]
fn authenticate_truth_table() {
    const FACTS: &[Fact] = &[
        ("app", &["unknown", "active", "suspended"]),
        ("kind", &["confidential", "native", "browser"]),
        (
            "its secrets",
            &[
                "none",
                "current",
                "current and older",
                "current and expired",
            ],
        ),
        ("sent", &["nothing", "current", "older", "another app's"]),
    ];
    let decide = |case: &Case| {
        let mut client = client(kind(case.get("kind")));
        client.suspended = case.is("app", "suspended");
        client.secrets = match case.get("its secrets") {
            "none" => vec![],
            "current" => vec![secret(1, SECRET, None)],
            "current and older" => vec![
                secret(2, "the older secret", Some(ago(-1))),
                secret(1, SECRET, None),
            ],
            _ => vec![
                secret(2, "the older secret", Some(NOW)),
                secret(1, SECRET, None),
            ],
        };
        let sent = match case.get("sent") {
            "nothing" => None,
            "current" => Some(SECRET),
            "older" => Some("the older secret"),
            _ => Some("the secret of another app"),
        };
        let found = (!case.is("app", "unknown")).then_some(&client);
        Some(match authenticate(found, sent, NOW) {
            Ok(proof) => match proof.secret {
                Some(id) => format!("pass by secret {id}"),
                None => "pass without proof".into(),
            },
            Err(cause) => format!("refuse {} {cause:?}", cause.code().as_str()),
        })
    };
    keep("authenticate", &Table::of(FACTS, decide).merged("pass"));
}
