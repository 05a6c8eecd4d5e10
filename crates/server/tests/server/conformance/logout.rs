//! RP-initiated logout.

use super::{
    party::{Party, STATE},
    variant::Variant,
};
use crate::support::{Call, Reply, Site, encoded};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::time::Millis;

const BYE: &str = "https://suite.example/post_logout_redirect";

/// Alice has logged in to the client, which holds an ID token of hers.
async fn logged_in() -> (Party, String) {
    let mut party = Party::new().await;
    let registered = vec![BYE.to_owned()];
    let edited = party.app.edit(|form| {
        form.registration.post_logout_redirect_uris = registered;
    });
    party.app = edited.await;
    party.site.pass(Millis::seconds(1));
    let code = Variant::all().next().unwrap();
    let outcome = party.run(code, &party.ask(code)).await;
    (party, outcome.hint)
}

/// Opens the request, and confirms it where she is asked.
async fn leave(party: &Party, params: &[(&str, &str)]) -> Reply {
    let url = format!("/-/logout?{}", encoded(params));
    let reply = party.alice.get(&url).await;
    match reply.code() == 200 && reply.body.contains("value=\"logout\"") {
        true => party.alice.post(&url, &[("decision", "logout")]).await,
        false => reply,
    }
}

/// A silent login fails as it does for nobody.
async fn is_out(party: &Party) -> bool {
    let silent = party.app.ask().with("scope", "openid");
    let reply = party.alice.get(&silent.with("prompt", "none").url()).await;
    reply.sent("error").as_deref() == Some("login_required")
}

/// `rp-initiated-logout`, `…-no-state`
#[tokio::test]
async fn a_user_who_was_signed_out_comes_back_to_the_client() {
    for state in [Some(STATE), None] {
        let (party, hint) = logged_in().await;
        let mut params = vec![("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE)];
        params.extend(state.map(|state| ("state", state)));
        let reply = leave(&party, &params).await;
        assert_eq!(reply.code(), 303, "{}", reply.body);
        assert_eq!(reply.sent("state").as_deref(), state);
        assert_eq!(reply.location().split('?').next(), Some(BYE));
        assert!(is_out(&party).await);
    }
}

/// `…-bad-post-logout-redirect-uri`, `…-query-added-to-post-logout-redirect-uri`,
/// `…-modified-id-token-hint`, `…-bad-id-token-hint`, `…-no-id-token-hint`
#[tokio::test]
async fn a_wrong_logout_request_moves_nobody() {
    let (party, hint) = logged_in().await;
    let payload = hint.split('.').nth(1).unwrap();
    let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let unsigned = format!("{header}.{payload}.");
    let (signed, _) = hint.rsplit_once('.').unwrap();
    let foreign = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode([7; 256]));
    let query = format!("{BYE}?extra=1");
    for (hint, to) in [
        (Some(&hint), "https://suite.example/other"),
        (Some(&hint), &*query),
        (Some(&unsigned), BYE),
        (Some(&foreign), BYE),
        (None, BYE),
    ] {
        let mut params = vec![("post_logout_redirect_uri", to), ("state", STATE)];
        params.extend(hint.map(|hint| ("id_token_hint", hint.as_str())));
        let url = format!("/-/logout?{}", encoded(&params));
        let reply = party.alice.get(&url).await;
        assert!(reply.is_html() && reply.location().is_empty(), "{params:?}");
        assert!(!reply.body.contains("http-equiv"), "{params:?}");
        assert!(!is_out(&party).await);
    }
}

/// `…-no-params`, `…-no-post-logout-redirect-uri`, `…-only-state`
#[tokio::test]
async fn a_logout_without_a_way_back_ends_on_a_page() {
    for (with_hint, with_state) in [(false, false), (true, true), (false, true)] {
        let (party, hint) = logged_in().await;
        let mut params = Vec::new();
        params.extend(with_hint.then_some(("id_token_hint", &*hint)));
        params.extend(with_state.then_some(("state", STATE)));
        let reply = leave(&party, &params).await;
        assert_eq!(reply.heading(), "You are signed out", "{params:?}");
        assert!(is_out(&party).await);
    }
}

/// Its reader is told what is wrong with it, in her language.
#[tokio::test]
async fn a_malformed_logout_request_is_a_page_like_any_other() {
    let site = Site::open().await;
    let call = Call::get("/-/logout?state=a&state=b").header("accept-language", "de");
    let reply = site.send(call).await;
    assert_eq!(reply.code(), 400);
    let told = "nennt einen Parameter zweimal";
    assert!(reply.body.contains(told), "{}", reply.body);
}
