//! `revoke::revoke`: which tokens an app may end.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    client::{Credential, authenticate},
    revoke::{Revocable, revoke},
};

#[test]
fn revoke_truth_table() {
    const FACTS: &[Fact] = &[
        ("token", &["access", "refresh", "nothing of an app"]),
        ("of", &["this app", "another app"]),
        ("kind", &["confidential", "native", "browser"]),
    ];
    let decide = |case: &Case| {
        let client = client(kind(case.get("kind")));
        let secret = case.is("kind", "confidential").then_some(SECRET);
        let proof = authenticate(Some(&client), &Credential::posted(secret), NOW).unwrap();
        let app = if case.is("of", "this app") {
            APP
        } else {
            OTHER_APP
        };
        let found = match case.get("token") {
            "access" => Revocable::Access { id: 1, app },
            "refresh" => Revocable::Refresh {
                family: FAMILY,
                app,
            },
            _ => Revocable::Nothing,
        };
        Some(format!("end {:?}", revoke(found, &proof)))
    };
    keep("revoke", &Table::of(FACTS, decide).in_full("end Nothing"));
}
