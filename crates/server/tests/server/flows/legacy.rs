//! What old clients need: out-of-band codes and tokens in the fragment.

use super::scene;
use crate::support::{PASSWORD, Site};
use grantor_protocol::time::Millis;

const SHOWN: &str = "urn:ietf:wg:oauth:2.0:oob";

#[tokio::test]
async fn out_of_band() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let script = site.app("Script").native().redirect(SHOWN).of(&dora).await;
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    site.pass(Millis::minutes(1));
    site.transcript.start();
    let ask = script.ask().without("code_challenge");
    let ask = ask.without("code_challenge_method");
    site.transcript
        .remark("Signed in already, and still asked for the password.");
    let login = alice.get(&ask.url()).await;
    let to = login.sent("return_to").unwrap();
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    alice.get(&to).await;
    let page = alice.post(&to, &[("decision", "allow")]).await;
    let code = page.secret("gr_ac_").unwrap();
    assert!(!page.title().contains("gr_ac_") && page.location().is_empty());
    site.transcript
        .remark("The user types the code into the program within ten minutes.");
    site.pass(Millis::minutes(9));
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", SHOWN),
    ];
    script.post("/-/oauth_token", &fields).await;

    site.transcript.remark("Another time she denies.");
    let login = alice.get(&ask.url()).await;
    let to = login.sent("return_to").unwrap();
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    alice.get(&to).await;
    alice.post(&to, &[("decision", "deny")]).await;
    insta::assert_snapshot!(site.transcript.text());
}

#[tokio::test]
async fn implicit() {
    let (site, alice, clock) = scene().await;
    let ask = clock.ask().with("response_type", "token");
    site.transcript
        .remark("Not unless the app's owner ticked it.");
    alice.get(&ask.url()).await;
    clock.edit(|form| form.implicit = true).await;
    site.pass(Millis::seconds(1));
    site.transcript.remark("Ticked.");
    let allowed = alice.decide(&ask, "allow").await;
    let token = allowed.sent("access_token").unwrap();
    assert_eq!(allowed.sent("token").unwrap(), token);
    assert!(!allowed.location().contains('?') && allowed.sent("refresh_token").is_none());
    site.api(&token, "/users/me?opt_fields=name").await;
    site.transcript
        .remark("Denied, the error is in the fragment too.");
    alice.decide(&ask.with("prompt", "consent"), "deny").await;
    insta::assert_snapshot!(site.transcript.text());
}
