//! `authorize::validate`: what an authorization request may ask for, and where a
//! refusal of it goes.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    authorize::{Delivery, Rejection, Request, objected, validate},
    client::Client,
    error::Cause,
    form::Params,
};

const KINDS: Fact = ("kind", &["confidential", "native", "browser"]);

fn show(result: Result<Request, Rejection>, accepted: impl Fn(&Request) -> String) -> String {
    match result {
        Ok(request) => accepted(&request),
        Err(Rejection::Dead(dead)) => format!("stay here: {dead:?}"),
        Err(Rejection::SendBack { cause, .. }) => {
            format!("tell the app: {} {cause:?}", cause.code().as_str())
        }
    }
}

/// Client and redirect first: whoever fails there is sent nowhere.
#[test]
fn authorize_verifies_client_and_redirect_first() {
    const FACTS: &[Fact] = &[
        ("client_id", &["absent", "unknown", "known", "suspended"]),
        (
            "redirect_uri",
            &[
                "absent",
                "https",
                "https/",
                "HTTPS",
                "loopback",
                "loopback:port",
                "private",
                "oob",
                "foreign",
            ],
        ),
        ("oob", &["on", "off"]),
        KINDS,
        ("the rest", &["right", "wrong"]),
    ];
    let decide = |case: &Case| {
        let mut client = client(kind(case.get("kind")));
        client.suspended = case.is("client_id", "suspended");
        let mut policy = policy();
        policy.out_of_band = case.is("oob", "on");
        let params = query(&[
            (
                "client_id",
                (!case.is("client_id", "absent")).then_some("100"),
            ),
            ("redirect_uri", redirect(case)),
            (
                "response_type",
                case.is("the rest", "right").then_some("code"),
            ),
            ("state", Some("xyz")),
            ("code_challenge", Some(CHALLENGE)),
            ("code_challenge_method", Some("S256")),
        ]);
        let found = case.is("client_id", "known") || case.is("client_id", "suspended");
        let result = validate(&params, found.then_some(&client), &policy);
        Some(show(result, |request| {
            let uri = request.return_to.uri();
            assert_eq!(Some(uri.as_str()), params.get("redirect_uri"));
            "accept".into()
        }))
    };
    keep("authorize_ends", &Table::of(FACTS, decide).merged("accept"));
}

fn redirect(case: &Case) -> Option<&'static str> {
    match case.get("redirect_uri") {
        "absent" => None,
        "https" => Some(HTTPS),
        "https/" => Some("https://app.example/cb/"),
        "HTTPS" => Some("HTTPS://app.example/cb"),
        "loopback" => Some(LOOPBACK),
        "loopback:port" => Some("http://127.0.0.1:51004/cb"),
        "private" => Some(PRIVATE),
        "oob" => Some(OOB),
        _ => Some("https://evil.example/cb"),
    }
}

/// response_type, state and PKCE, with every switch that bears on them.
#[test]
fn authorize_checks_flow_state_and_pkce() {
    const FACTS: &[Fact] = &[
        (
            "response_type",
            &[
                "absent",
                "code",
                "token",
                "id_token",
                "code id_token",
                "token id_token",
                "code token",
                "id_token token code",
                "code code",
                "other",
            ],
        ),
        ("registered", &["anything", "code only"]),
        ("implicit", &["off", "app", "instance", "both"]),
        ("redirect", &["https", "loopback", "private", "oob"]),
        ("state", &["absent", "empty", "given", "2049 bytes"]),
        ("stateless app", &["no", "yes"]),
        (
            "challenge",
            &[
                "none",
                "S256",
                "S256 malformed",
                "plain",
                "no method",
                "method alone",
            ],
        ),
        KINDS,
        ("PKCE locked", &["no", "yes"]),
    ];
    let long = "s".repeat(2049);
    let decide = |case: &Case| {
        let mut client = client(kind(case.get("kind")));
        client.stateless = case.is("stateless app", "yes");
        client.pkce_required = case.is("PKCE locked", "yes");
        if case.is("registered", "code only") {
            client.registration.response_types = Some(vec!["code".into()]);
        }
        client.implicit = case.is("implicit", "app") || case.is("implicit", "both");
        let mut policy = policy();
        policy.implicit = case.is("implicit", "instance") || case.is("implicit", "both");
        let result = validate(&flow(case, &long), Some(&client), &policy);
        Some(show(result, |request| {
            let proof = if request.challenge.is_some() {
                ", PKCE"
            } else {
                ""
            };
            format!("accept {:?}{proof}", request.response_type)
        }))
    };
    keep("authorize_flow", &Table::of(FACTS, decide).merged("accept"));
}

fn flow(case: &Case, long: &str) -> Params {
    let (challenge, method) = pkce(case.get("challenge"));
    let response_type = Some(case.get("response_type")).filter(|it| *it != "absent");
    query(&[
        ("client_id", Some("100")),
        ("redirect_uri", Some(uri(case.get("redirect")))),
        ("response_type", response_type),
        ("scope", Some("openid")),
        ("nonce", Some("n")),
        ("state", state(case.get("state"), long)),
        ("code_challenge", challenge),
        ("code_challenge_method", method),
    ])
}

fn uri(name: &str) -> &'static str {
    match name {
        "https" => HTTPS,
        "loopback" => LOOPBACK,
        "private" => PRIVATE,
        _ => OOB,
    }
}

fn state<'a>(name: &str, long: &'a str) -> Option<&'a str> {
    match name {
        "absent" => None,
        "empty" => Some(""),
        "given" => Some("xyz"),
        _ => Some(long),
    }
}

fn pkce(name: &str) -> (Option<&'static str>, Option<&'static str>) {
    match name {
        "none" => (None, None),
        "S256" => (Some(CHALLENGE), Some("S256")),
        "S256 malformed" => (Some("too-short"), Some("S256")),
        "plain" => (Some(VERIFIER), Some("plain")),
        "no method" => (Some(CHALLENGE), None),
        _ => (None, Some("S256")),
    }
}

/// A confidential app's code request with other parameters beside.
fn ask(more: &[(&str, Option<&str>)], client: &Client) -> Result<Request, Rejection> {
    let mut pairs = vec![
        ("client_id", Some("100")),
        ("redirect_uri", Some(HTTPS)),
        ("response_type", Some("code")),
        ("state", Some("xyz")),
    ];
    pairs.extend(more);
    validate(&query(&pairs), Some(client), &policy())
}

#[test]
fn authorize_reads_scopes() {
    const FACTS: &[Fact] = &[(
        "scope",
        &[
            "absent",
            "",
            " ",
            "default",
            "default identity",
            "identity",
            "email openid",
            "openid offline_access",
            "email email",
            " email  openid ",
            "tasks:read",
            "tasks:write",
            "email tasks:write",
            "email \"x\"",
            "x×65",
        ],
    )];
    let decide = |case: &Case| {
        let long = "x".repeat(65);
        let scope = match case.get("scope") {
            "absent" => None,
            "x×65" => Some(long.as_str()),
            text => Some(text),
        };
        let result = ask(&[("scope", scope)], &client(kind("confidential")));
        Some(show(result, |request| {
            format!("accept [{}]", request.scopes)
        }))
    };
    keep(
        "authorize_scope",
        &Table::of(FACTS, decide).in_full("accept"),
    );
}

#[test]
fn authorize_reads_prompt_max_age_and_request_objects() {
    const FACTS: &[Fact] = &[
        (
            "prompt",
            &[
                "absent",
                "none",
                "login",
                "consent login",
                "select_account",
                "none login",
                "login  consent",
                "create",
            ],
        ),
        (
            "max_age",
            &["absent", "0", "60", "-1", "+1", "1.5", "4294967296"],
        ),
        ("request", &["absent", "request", "request_uri"]),
    ];
    let decide = |case: &Case| {
        let given = |fact: &str| Some(case.get(fact)).filter(|it| *it != "absent");
        let more = [
            ("prompt", given("prompt")),
            ("max_age", given("max_age")),
            (case.get("request"), given("request")),
        ];
        let result = ask(&more, &client(kind("confidential")));
        if let Err(Rejection::SendBack { silent, .. }) = result {
            assert_eq!(silent, case.is("prompt", "none"));
        }
        Some(show(result, |request| {
            let prompt = request.prompt;
            let words = [
                (prompt.none, "silent"),
                (prompt.login, "login"),
                (prompt.consent, "consent"),
                (prompt.select_account, "account"),
            ];
            let words: Vec<_> = words
                .iter()
                .filter_map(|(on, word)| on.then_some(*word))
                .collect();
            format!("accept [{}], {:?}", words.join(" "), request.max_age)
        }))
    };
    keep(
        "authorize_prompt",
        &Table::of(FACTS, decide).merged("accept"),
    );
}

/// Where an answer goes and what it holds, but for the description.
fn written(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Redirect(text) => {
            let (start, rest) = text.split_once("error_description=").unwrap();
            format!("{start}…{}", &rest[rest.find('&').unwrap()..])
        }
        Delivery::Post { uri, fields } => {
            let told = fields
                .iter()
                .filter(|(name, _)| *name != "error_description");
            let told: Vec<_> = told
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("POST {uri} {}", told.join(" "))
        }
    }
}

/// Which way a refusal travels: whole redirects, with `state` and `iss`.
#[test]
fn authorize_answers_where_the_flow_wants_it() {
    const FACTS: &[Fact] = &[
        (
            "response_type",
            &[
                "absent",
                "code",
                "token",
                "id_token",
                "code id_token",
                "other",
            ],
        ),
        (
            "response_mode",
            &["absent", "query", "fragment", "form_post", "web_message"],
        ),
        ("state", &["absent", "a b&c=d#é", "2049 bytes"]),
    ];
    let long = "s".repeat(2049);
    let decide = |case: &Case| {
        let given = |fact: &str| Some(case.get(fact)).filter(|it| *it != "absent");
        let params = query(&[
            ("client_id", Some("100")),
            ("redirect_uri", Some("https://app.example/cb")),
            ("response_type", given("response_type")),
            ("response_mode", given("response_mode")),
            ("scope", Some("openid")),
            ("nonce", Some("n")),
            (
                "state",
                given("state").map(|it| if it == "2049 bytes" { &long } else { it }),
            ),
            ("code_challenge", Some(CHALLENGE)),
            ("code_challenge_method", Some("S256")),
        ]);
        let mut client = client(kind("confidential"));
        client.implicit = true;
        match validate(&params, Some(&client), &policy()) {
            Ok(_) => Some("accept".into()),
            Err(Rejection::SendBack { to, cause, .. }) => {
                Some(written(&to.with_error(cause)).replace(&long, "sss…"))
            }
            Err(Rejection::Dead(dead)) => panic!("{dead:?}"),
        }
    };
    keep(
        "authorize_answers",
        &Table::of(FACTS, decide).merged("accept"),
    );
}

/// nonce, `claims` and the scope that an ID token needs, by response type.
#[test]
fn authorize_reads_openid() {
    const FACTS: &[Fact] = &[
        (
            "response_type",
            &[
                "code",
                "token",
                "id_token",
                "id_token token",
                "code id_token",
                "code token",
            ],
        ),
        ("scope", &["openid", "default", "openid offline_access"]),
        ("nonce", &["absent", "given", "1025 bytes"]),
        ("claims", &["absent", "sound", "malformed"]),
    ];
    let long = "n".repeat(1025);
    let decide = |case: &Case| {
        let params = query(&[
            ("client_id", Some("100")),
            ("redirect_uri", Some(HTTPS)),
            ("response_type", Some(case.get("response_type"))),
            ("state", Some("xyz")),
            ("scope", Some(case.get("scope"))),
            (
                "nonce",
                match case.get("nonce") {
                    "absent" => None,
                    "given" => Some("n"),
                    _ => Some(&long),
                },
            ),
            (
                "claims",
                match case.get("claims") {
                    "absent" => None,
                    "sound" => Some(r#"{"id_token":{"name":null}}"#),
                    _ => Some(r#"{"id_token":{"name":null},"id_token":{}}"#),
                },
            ),
        ]);
        let mut client = client(kind("confidential"));
        client.implicit = true;
        Some(show(
            validate(&params, Some(&client), &policy()),
            |request| {
                let nonce = if request.nonce.is_some() {
                    ", nonce"
                } else {
                    ""
                };
                let names: Vec<_> = request.claims.id_token.iter().map(|it| it.name()).collect();
                format!("accept [{}]{nonce} [{}]", request.scopes, names.join(" "))
            },
        ))
    };
    keep(
        "authorize_openid",
        &Table::of(FACTS, decide).merged("accept"),
    );
}

/// What was wrong with a request object or a hint goes to the app, and only there.
#[test]
fn authorize_tells_the_app_of_objections() {
    let checked = |redirect| {
        let params = query(&[
            ("client_id", Some("100")),
            ("redirect_uri", redirect),
            ("response_type", Some("code")),
            ("state", Some("xyz")),
        ]);
        let client = client(kind("confidential"));
        objected(
            validate(&params, Some(&client), &policy()),
            Some(Cause::HintInvalid),
        )
    };
    let told = show(checked(Some(HTTPS)), |_| "accept".into());
    assert_eq!(told, "tell the app: invalid_request HintInvalid");
    let nobody = show(checked(None), |_| "accept".into());
    assert_eq!(nobody, "stay here: RedirectMissing");
}
