//! `authorize::next_step`: login, consent, an answer, or a refusal.

use crate::{
    facts::*,
    table::{Case, Fact, Table, cases, keep},
};
use grantor_protocol::{
    authorize::{
        Approval, Decision, Hinted, Rejection, Request, Situation, Step, next_step, validate,
    },
    time::Timestamp,
};

const SESSION: Fact = ("session", &["none", "there"]);
const DECISION: Fact = ("decision", &["open", "allow", "deny"]);
const REDIRECT: Fact = ("redirect", &["https", "oob"]);
const PROMPT: Fact = (
    "prompt",
    &["absent", "login", "consent", "select_account", "none"],
);
/// When this request first demanded a login, as seen from the login that is there.
const ASKED: Fact = (
    "login asked",
    &["never", "before it", "same instant", "after it"],
);
/// `max_age`, as the age of the login compares with it.
const AGE: Fact = ("max_age", &["absent", "kept", "exactly", "exceeded"]);
const FLOW: Fact = (
    "response_type",
    &["code", "token", "id_token", "code id_token"],
);
const KIND: Fact = ("kind", &["confidential", "native", "browser"]);
/// `same instant`: the app was edited in the millisecond of the approval.
const APPROVAL: Fact = (
    "approval",
    &[
        "none",
        "covers",
        "too narrow",
        "before an edit",
        "same instant",
    ],
);
const NAMED: Fact = ("id_token_hint", &["absent", "hers", "another's"]);
const ACR: Fact = (
    "essential acr",
    &["absent", "reached", "higher", "no class"],
);
const HINT: Fact = ("login_hint", &["absent", "same", "SAME", "other", "opaque"]);

const LOGGED_IN: Timestamp = Timestamp(NOW.0 - 100_000);

fn request(case: &Case) -> Result<Request, Rejection> {
    let mut client = client(kind(case.get("kind")));
    client.implicit = true;
    let given = |fact: &str, value| (!case.is(fact, "absent")).then_some(value);
    let params = query(&[
        ("client_id", Some("100")),
        (
            "redirect_uri",
            Some(if case.is("redirect", "oob") {
                OOB
            } else {
                HTTPS
            }),
        ),
        ("response_type", Some(case.get("response_type"))),
        ("state", Some("xyz")),
        ("scope", Some("openid email")),
        ("nonce", Some("n")),
        (
            "claims",
            given(
                "essential acr",
                match case.get("essential acr") {
                    "reached" => r#"{"id_token":{"acr":{"essential":true,"values":["2","1"]}}}"#,
                    "higher" => r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#,
                    _ => r#"{"id_token":{"acr":{"essential":true,"values":["9"]}}}"#,
                },
            ),
        ),
        ("code_challenge", Some(CHALLENGE)),
        ("code_challenge_method", Some("S256")),
        ("prompt", given("prompt", case.get("prompt"))),
        (
            "max_age",
            given(
                "max_age",
                if case.is("max_age", "kept") {
                    "101"
                } else if case.is("max_age", "exactly") {
                    "100"
                } else {
                    "99"
                },
            ),
        ),
        (
            "login_hint",
            given(
                "login_hint",
                match case.get("login_hint") {
                    "same" => "ann@a.example",
                    "SAME" => "Ann@A.example",
                    "other" => "bob@a.example",
                    _ => "1234",
                },
            ),
        ),
    ]);
    validate(&params, Some(&client), &policy())
}

fn approval(case: &Case) -> Option<Approval> {
    let edited = client(kind("confidential")).changed;
    let (text, approved) = match case.get("approval") {
        "none" => return None,
        "covers" => ("openid email", ago(500)),
        "too narrow" => ("default", ago(500)),
        "before an edit" => ("openid email", ago(2_000)),
        _ => ("openid email", edited),
    };
    Some(Approval {
        grant: GRANT,
        scopes: scopes(text),
        approved,
    })
}

fn decision(case: &Case) -> Decision {
    match case.get("decision") {
        "open" => Decision::Open,
        "allow" => Decision::Allow,
        _ => Decision::Deny,
    }
}

/// `None`: there is no such request.
fn step(case: &Case) -> Option<String> {
    if !case.is("response_type", "code") && case.is("redirect", "oob") {
        return None;
    }
    let session = session();
    let asked = match case.get("login asked") {
        "never" => None,
        "before it" => Some(Timestamp(LOGGED_IN.0 - 1)),
        "same instant" => Some(LOGGED_IN),
        _ => Some(Timestamp(LOGGED_IN.0 + 1)),
    };
    let approval = approval(case);
    let situation = Situation {
        session: case.is("session", "there").then_some(&session),
        approval: approval.as_ref().filter(|_| case.is("session", "there")),
        hinted: match case.get("id_token_hint") {
            "absent" => Hinted::Nobody,
            "hers" => Hinted::Her,
            _ => Hinted::Another,
        },
        decision: decision(case),
        asked_login: asked,
        now: NOW,
    };
    Some(show(next_step(request(case), &situation)))
}

fn show(step: Step) -> String {
    match step {
        Step::Login => "login".into(),
        Step::Consent(_) => "consent".into(),
        Step::Answer(approved) => {
            assert_eq!(approved.user, USER);
            match approved.remembered {
                Some(_) => "answer, remembered".into(),
                None => "answer".into(),
            }
        }
        Step::SendBack(_, cause) => format!("tell the app: {} {cause:?}", cause.code().as_str()),
        Step::Dead(dead) => format!("stay here: {dead:?}"),
    }
}

fn ends_there(step: &str) -> bool {
    step == "login" || step.ends_with("NotLoggedIn") || step.ends_with("AcrUnmet")
}

/// What was wrong with the request itself.
#[test]
fn next_step_delivers_refusals_after_login() {
    const FACTS: &[Fact] = &[
        ("request", &["unverified", "wrong", "wrong, prompt=none"]),
        SESSION,
        DECISION,
    ];
    let decide = |case: &Case| {
        let client = client(kind("confidential"));
        let params = query(&[
            ("client_id", Some("100")),
            (
                "redirect_uri",
                (!case.is("request", "unverified")).then_some(HTTPS),
            ),
            ("response_type", Some("unheard of")),
            (
                "prompt",
                case.is("request", "wrong, prompt=none").then_some("none"),
            ),
        ]);
        let session = session();
        let situation = Situation {
            session: case.is("session", "there").then_some(&session),
            approval: None,
            hinted: Hinted::Nobody,
            decision: decision(case),
            asked_login: None,
            now: NOW,
        };
        let request = validate(&params, Some(&client), &policy());
        Some(show(next_step(request, &situation)))
    };
    keep(
        "next_step_refusals",
        &Table::of(FACTS, decide).in_full("answer"),
    );
}

/// Who must log in; everybody else goes on to the next table.
#[test]
fn next_step_demands_a_login() {
    const FACTS: &[Fact] = &[SESSION, PROMPT, REDIRECT, ASKED, AGE, ACR];
    let decide = |case: &Case| {
        let login = step(&case.with(&[FLOW, KIND, APPROVAL, HINT, NAMED, DECISION], &[0; 6]))?;
        Some(if ends_there(&login) {
            login
        } else {
            "go on".into()
        })
    };
    keep("next_step_login", &Table::of(FACTS, decide).merged("go on"));
}

const CONSENT: &[Fact] = &[
    PROMPT, FLOW, REDIRECT, KIND, APPROVAL, HINT, NAMED, DECISION,
];

/// What a user who is logged in (as late as this request wants it) sees.
#[test]
fn next_step_asks_for_consent() {
    let decide = |case: &Case| step(&case.with(&[SESSION, ASKED, AGE, ACR], &[1, 1, 0, 0]));
    keep(
        "next_step_consent",
        &Table::of(CONSENT, decide).merged("answer"),
    );
}

/// What is asked for by name is looked at as scopes are: an approval that does not cover
/// it is not remembered.
#[test]
fn next_step_looks_at_claims_asked_by_name() {
    const FACTS: &[Fact] = &[
        ("approval", &["openid", "openid email", "openid default"]),
        (
            "claims",
            &[
                "absent",
                "email",
                "phone_number",
                "phone_number in the ID token",
                "unknown",
            ],
        ),
        ("prompt", &["absent", "none"]),
        DECISION,
    ];
    let decide = |case: &Case| {
        let claims = match case.get("claims") {
            "absent" => None,
            "email" => Some(r#"{"userinfo":{"email":null}}"#),
            "phone_number" => Some(r#"{"userinfo":{"phone_number":null}}"#),
            "unknown" => Some(r#"{"userinfo":{"shoe_size":null}}"#),
            _ => Some(r#"{"id_token":{"phone_number":{"essential":true}}}"#),
        };
        let params = query(&[
            ("client_id", Some("100")),
            ("redirect_uri", Some(HTTPS)),
            ("response_type", Some("code")),
            ("state", Some("xyz")),
            ("scope", Some("openid")),
            ("claims", claims),
            ("prompt", case.is("prompt", "none").then_some("none")),
        ]);
        let (session, client) = (session(), client(kind("confidential")));
        let approval = Approval {
            grant: GRANT,
            scopes: scopes(case.get("approval")),
            approved: ago(500),
        };
        let situation = Situation {
            session: Some(&session),
            approval: Some(&approval),
            hinted: Hinted::Nobody,
            decision: decision(case),
            asked_login: None,
            now: NOW,
        };
        let request = validate(&params, Some(&client), &policy());
        Some(show(next_step(request, &situation)))
    };
    keep(
        "next_step_claims",
        &Table::of(FACTS, decide).merged("answer"),
    );
}

/// The two tables together are the whole cross product: either the first one
/// ends it, or the facts of the first one change nothing in the second.
#[test]
fn next_step_is_login_and_then_consent() {
    const LOGIN: &[Fact] = &[SESSION, ASKED, AGE, ACR];
    let few = |case: &Case| {
        !case.is("login_hint", "SAME")
            && !case.is("login_hint", "opaque")
            && !case.is("kind", "native")
    };
    for consent in cases(CONSENT).filter(few) {
        let Some(fresh) = step(&consent.with(LOGIN, &[1, 1, 0, 0])) else {
            continue;
        };
        for login in cases(LOGIN) {
            let step = step(&consent.with(LOGIN, login.values())).unwrap();
            assert!(ends_there(&step) || step == fresh, "{step}, {fresh}");
        }
    }
}
