//! Which account connects: hints, the wrong one, another one.

use super::scene;
use crate::support::PASSWORD;

#[tokio::test]
async fn a_hint_fills_the_login_form() {
    let (_, _, clock) = scene().await;
    let ask = clock.ask().with("login_hint", "alice@example.org");
    let visitor = clock.site.visitor();
    let login = visitor.get(&ask.url()).await;
    let page = visitor.get(login.location()).await;
    let typed = page.between("name=\"email\" type=\"email\" value=\"", "\"");
    assert_eq!(typed, Some("alice@example.org"));
}

/// Signed in as one, hinted as another: never connected in silence, and the way to the
/// other account is on the page.
#[tokio::test]
async fn the_wrong_account_is_switched() {
    let (site, alice, clock) = scene().await;
    let bob = site.user("bob").await.with_password().await;
    alice.allow(&clock).await;
    let ask = clock.ask().with("login_hint", "bob@example.org");
    site.transcript
        .remark("The app is connected to alice, but wants bob.");
    alice.get(&ask.url()).await;
    let switch = alice.post(&ask.url(), &[("decision", "switch")]).await;
    let page = alice.get(switch.location()).await;
    assert!(page.body.contains("value=\"bob@example.org\""));
    let to = switch.sent("return_to").unwrap();
    let back = alice.log_in_to(&to, &bob.email, PASSWORD).await;
    let page = alice.get(back.location()).await;
    assert!(page.body.contains("bob@example.org") && !page.body.contains("alice@example.org"));
    insta::assert_snapshot!(site.transcript.text());
}

#[tokio::test]
async fn select_account_always_asks() {
    let (_, alice, clock) = scene().await;
    alice.allow(&clock).await;
    let ask = clock.ask();
    assert_eq!(alice.get(&ask.url()).await.code(), 303);
    let ask = ask.with("prompt", "select_account");
    let page = alice.get(&ask.url()).await;
    assert_eq!(page.code(), 200);
    assert!(page.body.contains("alice@example.org"));
}
