//! `bearer::admit`: whom the API lets in.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    bearer::{Bearer, BearerToken, admit},
    openid::claims::ClaimSet,
};

#[test]
fn admit_truth_table() {
    const FACTS: &[Fact] = &[
        ("token", &["unknown", "access", "personal"]),
        ("ended", &["no", "yes"]),
        ("expires", &["never", "later", "now", "past"]),
        (
            "needs",
            &[
                "nothing",
                "a scope it has",
                "a part of its name",
                "another scope",
            ],
        ),
    ];
    let decide = |case: &Case| {
        let access = case.is("token", "access");
        if access && case.is("expires", "never") {
            return None;
        }
        let token = match access {
            true => BearerToken::Access {
                id: 1,
                app: APP,
                grant: GRANT,
                family: FAMILY,
                session: None,
            },
            false => BearerToken::Personal { id: 1 },
        };
        let bearer = Bearer {
            token,
            user: USER,
            scopes: scopes("email tasks:read"),
            issued: ago(10),
            expires: match case.get("expires") {
                "never" => None,
                "later" => Some(ago(-1)),
                "now" => Some(NOW),
                _ => Some(ago(1)),
            },
            revoked: case.is("ended", "yes"),
            claims: ClaimSet::default(),
        };
        let needed = match case.get("needs") {
            "nothing" => None,
            "a scope it has" => Some("tasks:read"),
            "a part of its name" => Some("tasks"),
            _ => Some("default"),
        };
        let found = (!case.is("token", "unknown")).then_some(bearer);
        Some(match admit(found, needed, NOW) {
            Ok(_) => "pass".into(),
            Err(cause) => format!("refuse {} {cause:?}", cause.code().as_str()),
        })
    };
    keep("admit", &Table::of(FACTS, decide).merged("pass"));
}
