//! The token endpoint and what it issues.

use super::{party::Party, reader, variant::Variant};
use crate::support::{Call, Reply};
use grantor_protocol::time::Millis;

/// `userinfo-get`, `userinfo-post-header`
#[tokio::test]
async fn userinfo_is_told_by_either_method() {
    let party = Party::new().await;
    for variant in Variant::all() {
        let outcome = party.run(variant, &party.ask(variant)).await;
        let Some(access) = &outcome.access else {
            continue;
        };
        let call = Call::post("/api/1.0/openid_connect/userinfo").bearer(access);
        let posted = party.site.send(call).await;
        assert_eq!((posted.code(), posted.json()), (200, outcome.userinfo));
    }
}

/// `codereuse`, `codereuse-30seconds`
#[tokio::test]
async fn a_code_that_comes_again_ends_what_it_bought() {
    let party = Party::new().await;
    for variant in Variant::with_code() {
        for pause in [0, 30] {
            let outcome = party.run(variant, &party.ask(variant)).await;
            party.site.pass(Millis::seconds(pause));
            let again = party.app.exchange(outcome.code.as_deref().unwrap()).await;
            assert_eq!(
                (again.code(), &*again.member("error")),
                (400, "invalid_grant")
            );
            let access = outcome.access.unwrap();
            let info = party.site.api(&access, "/openid_connect/userinfo").await;
            assert_eq!(info.code(), 401, "{variant:?}");
            let refused = party.app.refresh(&outcome.refresh.unwrap()).await;
            assert_eq!(refused.member("error"), "invalid_grant");
        }
    }
}

/// `server-client-secret-post`, and the same by HTTP Basic, which the others use.
#[tokio::test]
async fn a_secret_is_taken_from_the_body_and_from_the_header() {
    let party = Party::new().await;
    let exchange = async |code: &str, basic: bool| -> Reply {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &party.app.redirect),
        ];
        if !basic {
            return party.app.post("/-/oauth_token", &fields).await;
        }
        let call = Call::post("/-/oauth_token").form(&fields);
        let call = call.header("authorization", party.app.basic());
        party.site.send(call).await
    };
    for variant in Variant::with_code() {
        for basic in [false, true] {
            let answer = party.answer(variant, &party.ask(variant)).await;
            let reply = exchange(answer.get("code").unwrap(), basic).await;
            reader::check_token_answer(&reply);
        }
    }
}

/// `refresh-token`: the ID token tells of the same login, at a later moment; and what
/// is stolen is worth nothing to another client.
#[tokio::test]
async fn a_refresh_token_is_good_for_its_own_client() {
    let party = Party::new().await;
    for variant in Variant::with_code() {
        let ask = party.ask(variant).with("prompt", "consent");
        let ask = ask.with("scope", "openid offline_access");
        let first = party.run(variant, &ask).await;
        let refresh = first.refresh.unwrap();
        party.site.pass(Millis::seconds(2));
        let stolen = party.other.refresh(&refresh).await;
        assert_eq!(
            (stolen.code(), &*stolen.member("error")),
            (400, "invalid_grant")
        );
        let reply = party.app.refresh(&refresh).await;
        reader::check_token_answer(&reply);
        let keys = reader::keys(&party.site).await;
        let token = reply.member("id_token");
        let second = keys.read(&party.site, &party.app.client_id(), &token);
        second.check_same_login(&first.id_token);
        assert!(second.number("iat") > first.id_token.number("iat"));
        assert!(second.0["nonce"].is_null(), "a refresh answers no request");
        let access = reply.member("access_token");
        let info = party.site.api(&access, "/openid_connect/userinfo").await;
        assert_eq!(info.member("sub"), second.0["sub"]);
    }
}

/// `userinfo-post-body`: also from a form (RFC 6750 §2.2), and never from an address.
#[tokio::test]
async fn a_bearer_comes_in_the_header_or_a_form_and_in_no_address() {
    let party = Party::new().await;
    let ask = party.app.ask().with("scope", "openid");
    let tokens = party.alice.connect_as(&party.app, &ask).await;
    let path = "/api/1.0/openid_connect/userinfo";
    let field = [("access_token", &*tokens.access)];
    let query = format!("{path}?access_token={}", tokens.access);
    let info = party.site.send(Call::post(path).form(&field)).await;
    assert_eq!(info.code(), 200);
    assert_eq!(party.site.send(Call::get(query)).await.code(), 401);
}
