//! An app registers itself, is used, changes and deletes itself.

use crate::support::{Site, Tokens, register_with};
use grantor::config::DynamicRegistration::Token;
use grantor_protocol::time::Millis;
use serde_json::json;

#[tokio::test]
async fn register_log_in_update_and_delete() {
    let site = Site::with(register_with(Token)).await;
    let ops = site.user("ops").await;
    let alice = site.user("alice").await.signed_in().await;
    let token = site.initial_token(&ops, 1).await;
    site.transcript.start();
    site.transcript
        .remark("The operator has handed out a token for one app.");
    let mut members = json!({
        "redirect_uris": ["https://clock.example/callback"],
        "client_name": "Clock",
        "contacts": ["dora@clock.example"],
        "post_logout_redirect_uris": ["https://clock.example/bye"],
    });
    let reply = site.register(Some(&token), &members).await;
    let registration = reply.json();
    let clock = site.self_registered(&ops, &reply);
    site.register(Some(&token), &members).await;

    site.transcript.remark("A user logs in with it.");
    site.pass(Millis::minutes(1));
    let ask = clock.ask().with("scope", "default email");
    let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
    let tokens = Tokens::of(&clock.exchange(&code).await);

    site.transcript
        .remark("It takes another name; its users are asked again.");
    site.pass(Millis::minutes(1));
    members["client_id"] = registration["client_id"].clone();
    members["client_name"] = json!("Sundial");
    site.manage("PUT", &registration, Some(&members)).await;
    site.manage("GET", &registration, None).await;
    alice.get(&ask.url()).await;

    site.transcript.remark("It deletes itself, and is gone.");
    site.manage("DELETE", &registration, None).await;
    site.manage("GET", &registration, None).await;
    site.api(&tokens.access, "/users/me").await;
    clock.refresh(&tokens.refresh).await;
    insta::assert_snapshot!(site.transcript.text());
}
