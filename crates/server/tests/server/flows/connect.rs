//! The main job: an app is registered, connected, used and ended; or refused.

use super::scene;
use crate::support::{PASSWORD, Site, Tokens};
use grantor_protocol::time::Millis;

#[tokio::test]
async fn register_connect_use_and_end() {
    let site = Site::open().await;
    site.transcript.start();
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
    let login = alice.get(&clock.ask().url()).await;
    let page = alice.get(login.location()).await;
    let return_to = page.between("name=\"return_to\" value=\"", "\"").unwrap();
    let return_to = return_to.replace("&#38;", "&");
    let back = alice.log_in_to(&return_to, &alice.email, PASSWORD).await;
    alice.get(back.location()).await;
    let allow = [("decision", "allow")];
    let allowed = alice.post(back.location(), &allow).await;

    site.transcript
        .remark("The app exchanges the code, and calls the API for an hour.");
    let code = allowed.sent("code").unwrap();
    let tokens = Tokens::of(&clock.exchange(&code).await);
    site.api(&tokens.access, "/users/me").await;
    site.pass(Millis::hours(1));
    site.api(&tokens.access, "/users/me").await;
    let again = Tokens::of(&clock.refresh(&tokens.refresh).await);
    assert_eq!(again.refresh, tokens.refresh);
    site.api(&again.access, "/users/me").await;

    site.transcript.remark("The user ends it.");
    let page = alice.get("/authorizations").await;
    let grant = page.between("/authorizations/", "/end").unwrap();
    alice
        .post(&format!("/authorizations/{grant}/end"), &[])
        .await;
    site.api(&again.access, "/users/me").await;
    clock.refresh(&tokens.refresh).await;
    insta::assert_snapshot!(site.transcript.text());
}

#[tokio::test]
async fn deny() {
    let (site, alice, clock) = scene().await;
    alice.deny(&clock).await;
    alice.get("/authorizations").await;
    insta::assert_snapshot!(site.transcript.text());
}

/// The second time, an app that has not changed is not asked about; for more, or
/// after an edit, it is.
#[tokio::test]
async fn consent_is_remembered_until_something_changes() {
    let (site, alice, clock) = scene().await;
    let narrow = clock.ask().with("scope", "email");
    alice.decide(&narrow, "allow").await;
    site.transcript.remark("The same again.");
    alice.get(&narrow.url()).await;
    site.transcript.remark("More than before.");
    alice
        .get(&clock.ask().with("scope", "email profile").url())
        .await;
    site.transcript
        .remark("The same, of an app with another name.");
    site.pass(Millis::seconds(1));
    clock.edit(|form| form.name = "Sundial".into()).await;
    alice.get(&narrow.url()).await;
    insta::assert_snapshot!(site.transcript.text());
}

/// A code that two present: the second ends what the first has bought.
#[tokio::test]
async fn a_code_presented_twice() {
    let (site, alice, clock) = scene().await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let tokens = Tokens::of(&clock.exchange(&code).await);
    clock.exchange(&code).await;
    site.api(&tokens.access, "/users/me").await;
    clock.refresh(&tokens.refresh).await;
    insta::assert_snapshot!(site.transcript.text());
}
