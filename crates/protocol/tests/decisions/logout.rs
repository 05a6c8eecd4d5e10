//! `logout::next_step`: who is signed out, who is asked, who is sent on.

use crate::{
    facts::*,
    table::{Case, Fact, Table, keep},
};
use grantor_protocol::{
    client::{Client, ClientKind},
    openid::logout::{Hinted, Onward, Situation, Step, front_channel, next_step},
};

const AFTER: &str = "https://app.example/bye?x=1";

fn app() -> Client {
    let mut client = client(ClientKind::Confidential);
    let uris = &mut client.registration.post_logout_redirect_uris;
    uris.extend([AFTER, "javascript:alert(1)", OOB].map(str::to_owned));
    client
}

fn onward(onward: Option<Onward>) -> String {
    let Some(onward) = onward else {
        return String::new();
    };
    let how = if onward.is_sure() { "on to" } else { "link to" };
    format!(", {how} {}", onward.address())
}

#[test]
fn logout_truth_table() {
    const FACTS: &[Fact] = &[
        (
            "id_token_hint",
            &["absent", "unreadable", "this login", "another's"],
        ),
        (
            "client_id",
            &["absent", "the app's", "another's", "unknown"],
        ),
        (
            "redirect",
            &[
                "absent",
                "registered",
                "query added",
                "a script",
                "out of band",
            ],
        ),
        ("app", &["active", "suspended"]),
        ("signed in", &["no", "yes"]),
        ("confirmed", &["no", "yes"]),
    ];
    let decide = |case: &Case| {
        let mut client = app();
        client.suspended = case.is("app", "suspended");
        let hinted = match case.get("id_token_hint") {
            "absent" => Hinted::Nobody,
            "unreadable" => Hinted::Unreadable,
            hint => Hinted::Login {
                here: hint == "this login",
            },
        };
        // The hint's app, if there is one; otherwise the one that is named.
        let by_hint = matches!(hinted, Hinted::Login { .. });
        let by_name = !by_hint && !["absent", "unknown"].contains(&case.get("client_id"));
        let signed_in = case.is("signed in", "yes");
        if hinted == (Hinted::Login { here: true }) && !signed_in {
            return None;
        }
        client.id = match case.get("client_id") {
            "another's" if by_name => OTHER_APP,
            _ => APP,
        };
        let params = query(&[
            (
                "client_id",
                match case.get("client_id") {
                    "absent" => None,
                    "the app's" => Some("100"),
                    "another's" => Some("200"),
                    _ => Some("300"),
                },
            ),
            (
                "post_logout_redirect_uri",
                match case.get("redirect") {
                    "absent" => None,
                    "registered" => Some(AFTER),
                    "query added" => Some("https://app.example/bye?x=1&y=2"),
                    "a script" => Some("javascript:alert(1)"),
                    _ => Some(OOB),
                },
            ),
            ("state", Some("s&t")),
        ]);
        let facts = Situation {
            hinted,
            client: (by_hint || by_name).then_some(&client),
            signed_in,
            confirmed: case.is("confirmed", "yes"),
        };
        Some(match next_step(&params, &facts) {
            Ok(Step::Ask(to)) => format!("ask{}", onward(to)),
            Ok(Step::End(to)) => format!("end{}", onward(to)),
            Ok(Step::Nobody(to)) => format!("nobody{}", onward(to)),
            Err(trouble) => format!("refuse {trouble:?}"),
        })
    };
    keep("logout", &Table::of(FACTS, decide).merged("end"));
}

#[test]
fn a_front_channel_notice_names_issuer_and_session() {
    let mut client = app();
    let told = |client: &Client| front_channel(client, "https://id.example", "s&d");
    assert_eq!(told(&client), None);
    let mut set = |uri: &str| {
        client.registration.frontchannel_logout_uri = Some(uri.to_owned());
        told(&client).map(|uri| uri.to_string())
    };
    assert_eq!(
        set("https://app.example/out?a=b").as_deref(),
        Some("https://app.example/out?a=b&iss=https%3A%2F%2Fid.example&sid=s%26d")
    );
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://app.example/out",
    ] {
        assert_eq!(set(bad), None, "{bad}");
    }
    client.registration.frontchannel_logout_uri = Some("https://app.example/out".into());
    client.suspended = true;
    assert_eq!(front_channel(&client, "https://id.example", "s"), None);
}
