//! What a request may carry, and what it must.

use super::{party::Party, reader::Answer, variant::Variant};
use crate::support::{CHALLENGE, Call, VERIFIER};
use grantor_protocol::authorize::ResponseType;

/// `server`, `idtoken-signature`: and nothing in the ID token that was not asked for.
#[tokio::test]
async fn every_flow_of_the_plans_comes_to_its_end() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let outcome = party.run(variant, &party.ask(variant)).await;
        let header = jsonwebtoken::decode_header(&outcome.hint).unwrap();
        assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
        let names = outcome.id_token.0.as_object().unwrap().keys();
        let personal = names.filter(|name| {
            let claims = grantor_protocol::openid::claims::Claim::ALL;
            claims.iter().any(|claim| claim.name() == *name)
        });
        assert_eq!(personal.count(), 0, "{variant:?}");
    }
}

#[tokio::test]
async fn a_request_without_a_response_type_is_refused() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant).without("response_type");
        let reply = party.alice.get(&ask.url()).await;
        // Without it, nothing says that the fragment is meant.
        let code = Variant {
            response: ResponseType::CODE,
            ..variant
        };
        let answer = party.read(code, &ask, &reply);
        answer.check_error(&["unsupported_response_type", "invalid_request"]);
    }
}

/// `ensure-request-without-nonce-succeeds-for-code-flow`, `…-fails`.
#[tokio::test]
async fn a_nonce_is_missed_only_where_an_id_token_comes_by_the_browser() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant).without("nonce");
        match variant.response.id_token {
            false => drop(party.run(variant, &ask).await),
            true => {
                let answer = party.answer(variant, &ask).await;
                answer.check_error(&["invalid_request"]);
            }
        }
    }
}

/// `display-page`, `display-popup`, `ui-locales`, `claims-locales`, `login-hint`,
/// `ensure-request-with-acr-values-succeeds`, `ensure-request-with-unknown-parameter-succeeds`.
#[tokio::test]
async fn hints_and_unknown_parameters_stop_no_flow() {
    let party = Party::new().await;
    for variant in Variant::all() {
        for (name, value) in [
            ("display", "page"),
            ("display", "popup"),
            ("ui_locales", "se"),
            ("claims_locales", "se"),
            ("login_hint", "buffy@auth.example"),
            ("extra", "foobar"),
        ] {
            party
                .run(variant, &party.ask(variant).with(name, value))
                .await;
        }
        let ask = party.ask(variant).with("acr_values", "1 2");
        let outcome = party.run(variant, &ask).await;
        assert_eq!(outcome.id_token.0["acr"], "1", "{variant:?}");
    }
}

/// `alternate-happy-flow`: parameters, scopes and words come in another order.
#[tokio::test]
async fn order_has_no_meaning() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant);
        let words: Vec<_> = variant.response.name().rsplit(' ').collect();
        let moved = ask.with("response_type", &words.join(" "));
        let ask = moved.with("scope", "email openid");
        party.run(variant, &ask).await;
    }
}

/// `ensure-registered-redirect-uri`: a page for the person, and nothing that moves her.
#[tokio::test]
async fn nobody_is_sent_to_a_redirect_that_is_not_registered() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let wrong = format!("{}/x", party.app.redirect);
        for ask in [
            party.ask(variant).with("redirect_uri", &wrong),
            party.ask(variant).without("redirect_uri"),
        ] {
            for browser in [&*party.alice, &party.fresh_browser()] {
                let reply = browser.get(&ask.url()).await;
                assert_eq!((reply.code(), reply.location()), (400, ""));
                assert!(reply.header("refresh").is_empty());
                assert!(reply.body.contains("redirect_uri"), "{}", reply.body);
            }
        }
    }
}

/// `ensure-post-request-succeeds`
#[tokio::test]
async fn a_request_may_come_as_a_form_of_the_apps_page() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant);
        let call = Call::post("/-/oauth_authorize").raw_form(ask.query());
        let call = call.header("origin", "https://suite.example");
        let call = call.header("sec-fetch-site", "cross-site");
        let visit = party.alice.send(call, &[]).await;
        assert_eq!(visit.code(), 303);
        let reply = party.open(&party.alice, visit.location()).await;
        let answer = party.read(variant, &ask, &reply);
        party.finish(variant, &ask, answer).await;
    }
}

/// `ensure-request-with-valid-pkce-succeeds`
#[tokio::test]
async fn a_server_app_may_use_pkce() {
    let mut party = Party::new().await;
    for variant in Variant::with_code() {
        let ask = party.ask(variant).with("code_challenge", CHALLENGE);
        let ask = ask.with("code_challenge_method", "S256");
        party.app.pkce = true;
        party.run(variant, &ask).await;
        // Another verifier, or none, buys nothing.
        let code = party.answer(variant, &ask).await;
        let (code, wrong) = (
            code.get("code").unwrap().to_owned(),
            VERIFIER.to_uppercase(),
        );
        for verifier in [&*wrong, ""] {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", &party.app.redirect),
                ("code_verifier", verifier),
            ];
            let reply = party.app.post("/-/oauth_token", &fields).await;
            assert_eq!(reply.member("error"), "invalid_grant", "{}", reply.body);
        }
    }
}

/// `user-rejects-authentication`, which every plan for an interactive server has in
/// some form: no is an answer too.
#[tokio::test]
async fn a_user_who_denies_is_sent_back_with_her_answer() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let ask = party.ask(variant).with("prompt", "consent");
        let reply = party.alice.decide(&ask, "deny").await;
        let answer: Answer = party.read(variant, &ask, &reply);
        answer.check_error(&["access_denied"]);
    }
}
