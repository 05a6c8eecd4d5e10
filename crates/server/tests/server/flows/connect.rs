//! The main job: an app is registered, connected, used and ended.

use super::noted;
use grantor_protocol::time::Millis;

#[tokio::test]
async fn register_connect_use_and_end() {
    let site = noted().await;
    let dora = site.user("dora").await.signed_in().await;
    let alice = site.user("alice").await.with_password().await;
    site.transcript.remark("A developer registers her app.");
    dora.get("/apps/new").await;
    let fields = [
        ("name", "Clock"),
        ("url", "https://clock.example/"),
        ("redirect_urls", "https://clock.example/callback"),
        ("kind", "confidential"),
    ];
    let page = dora.upload("/apps/new", &fields, None).await;
    let clock = site.registered(&dora, &page, "Clock");

    site.transcript
        .remark("A user who is not signed in connects it.");
    site.pass(Millis::minutes(1));
    let ask = clock.ask();
    let login = alice.get(&ask.url()).await;
    let page = alice.get(login.location()).await;
    let back = page.between("name=\"return_to\" value=\"", "\"").unwrap();
    let back = back.replace("&#38;", "&");
    let back = alice
        .log_in_to(&back, &alice.email, crate::support::PASSWORD)
        .await;
    let consent = back.location().to_owned();
    alice.get(&consent).await;
    let allowed = alice.post(&consent, &[("decision", "allow")]).await;
    let code = allowed.sent("code").unwrap();

    site.transcript
        .remark("The app exchanges the code, and calls the API for an hour.");
    let tokens = crate::support::Tokens::of(&clock.exchange(&code).await);
    site.api(&tokens.access, "/users/me").await;
    site.pass(Millis::hours(1));
    site.api(&tokens.access, "/users/me").await;
    let again = crate::support::Tokens::of(&clock.refresh(&tokens.refresh).await);
    assert_eq!(again.refresh, tokens.refresh);
    site.api(&again.access, "/users/me").await;

    site.transcript.remark("The user ends it.");
    let page = alice.get("/authorizations").await;
    let grant = page.between("/authorizations/", "/end").unwrap().to_owned();
    alice
        .post(&format!("/authorizations/{grant}/end"), &[])
        .await;
    site.api(&again.access, "/users/me").await;
    clock.refresh(&tokens.refresh).await;
    insta::assert_snapshot!(site.transcript.text());
}
