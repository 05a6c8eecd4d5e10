//! `token::code::redeem`: what a code buys, and when presenting one is theft.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    client::{ClientKind, Credential, authenticate},
    redirect::RedirectUri,
    token::{
        Standing,
        code::{Code, Redemption, redeem},
    },
};

const FACTS: &[Fact] = &[
    ("code", &["unknown", "found"]),
    ("app", &["same", "other"]),
    ("redirect_uri", &["same", "absent", "other"]),
    ("challenge", &["none", "S256"]),
    ("verifier", &["absent", "right", "wrong"]),
    (
        "app proved by",
        &[
            "server's secret",
            "native secret",
            "native nothing",
            "browser nothing",
        ],
    ),
    ("code for", &["https", "oob"]),
    ("used", &["no", "yes"]),
    ("expires", &["later", "now", "past"]),
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
    (
        "scopes",
        &["default", "openid email", "openid offline_access"],
    ),
];

fn code(case: &Case) -> Code {
    let uri = if case.is("code for", "oob") {
        OOB
    } else {
        HTTPS
    };
    Code {
        id: FAMILY,
        user: USER,
        app: if case.is("app", "same") {
            APP
        } else {
            OTHER_APP
        },
        grant: GRANT,
        redirect_uri: RedirectUri::from_registered(uri.into()),
        challenge: case.is("challenge", "S256").then(challenge),
        scopes: scopes(case.get("scopes")),
        login: login(),
        expires: match case.get("expires") {
            "later" => ago(-1),
            "now" => NOW,
            _ => ago(1),
        },
        used: case.is("used", "yes"),
    }
}

fn decide(case: &Case) -> String {
    let (kind, secret) = match case.get("app proved by") {
        "server's secret" => (ClientKind::Confidential, Some(SECRET)),
        "native secret" => (ClientKind::Native, Some(SECRET)),
        "native nothing" => (ClientKind::Native, None),
        _ => (ClientKind::Browser, None),
    };
    let client = client(kind);
    let proof = authenticate(Some(&client), &Credential::posted(secret), NOW).unwrap();
    let code = code(case);
    let ask = Redemption {
        code: "",
        redirect_uri: match case.get("redirect_uri") {
            "same" => Some(code.redirect_uri.as_str()),
            "absent" => None,
            _ => Some(PRIVATE),
        },
        verifier: match case.get("verifier") {
            "absent" => None,
            "right" => Some(VERIFIER),
            _ => Some(CHALLENGE),
        },
    };
    let standing = Standing {
        grant_ended: case.is("standing", "grant ended"),
        user_disabled: case.is("standing", "user disabled"),
        session_ended: case.is("standing", "session ended"),
        app_suspended: case.is("standing", "app suspended"),
    };
    let found = case.is("code", "found").then_some((&code, standing));
    verdict(&redeem(&ask, &proof, found, NOW))
}

#[test]
fn redeem_truth_table() {
    keep(
        "redeem",
        &Table::of(FACTS, |case| Some(decide(case))).merged("issue"),
    );
}
