//! Whether, and when, the user logs in.

use super::{party::Party, variant::Variant};
use crate::support::PASSWORD;
use grantor_protocol::time::Millis;

const NOT_LOGGED_IN: [&str; 4] = [
    "login_required",
    "interaction_required",
    "account_selection_required",
    "consent_required",
];

/// `prompt-login`, `max-age-1`: who is signed in proves herself once more, and
/// `auth_time` says so.
#[tokio::test]
async fn a_demanded_login_is_shown_and_is_later_than_the_one_before() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let first = party.run(variant, &party.ask(variant)).await;
        for (name, value) in [("prompt", "login"), ("max_age", "1")] {
            party.site.pass(Millis::seconds(2));
            let ask = party.ask(variant).with(name, value);
            let login = party.alice.get(&ask.url()).await;
            assert_eq!(login.brief(), "303 login", "{variant:?} {name}");
            let page = party.alice.get(login.location()).await;
            assert!(page.body.contains("name=\"password\""));
            let to = login.sent("return_to").unwrap();
            let back = party.alice.log_in_to(&to, &party.alice.email, PASSWORD);
            let back = back.await.location().to_owned();
            let reply = party.open(&party.alice, &back).await;
            let answer = party.read(variant, &ask, &reply);
            let second = party.finish(variant, &ask, answer).await;
            assert_eq!(second.id_token.0["sub"], first.id_token.0["sub"]);
            let (before, after) = (&first.id_token, &second.id_token);
            assert!(after.number("auth_time") > before.number("auth_time"));
            assert_eq!(after.number("auth_time"), party.site.world.now().seconds());
        }
    }
}

#[tokio::test]
async fn a_silent_request_of_nobody_is_refused_silently() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant).with("prompt", "none");
        let reply = party.fresh_browser().get(&ask.url()).await;
        let answer = party.read(variant, &ask, &reply);
        answer.check_error(&NOT_LOGGED_IN);
    }
}

/// `prompt-none-logged-in`, `id-token-hint`, `max-age-10000`: no page, the same user,
/// the same login.
#[tokio::test]
async fn a_silent_request_of_somebody_is_answered_about_the_same_login() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant).with("max_age", "10000");
        let first = party.run(variant, &ask).await;
        party.site.pass(Millis::seconds(5));
        let silent = party.ask(variant).with("prompt", "none");
        for again in [
            silent.clone(),
            silent.clone().with("id_token_hint", &first.hint),
            silent.with("max_age", "10000"),
        ] {
            let reply = party.alice.get(&again.url()).await;
            assert!(!reply.body.contains("name=\"decision\""), "{variant:?}");
            let answer = party.read(variant, &again, &reply);
            let second = party.finish(variant, &again, answer).await;
            for name in ["sub", "auth_time"] {
                assert!(!first.id_token.0[name].is_null());
                assert_eq!(second.id_token.0[name], first.id_token.0[name]);
            }
        }
    }
}
