//! `/-/check_session` and what is compared there.

use super::scene;
use crate::support::PASSWORD;
use grantor::routes::{CHECK_SESSION, LOGOUT};
use grantor_protocol::secret::Digest;

const STATE: &str = "__Host-grantor-state";

fn hex(text: &str) -> String {
    let digest = Digest::of(text.as_bytes());
    let bytes = digest.as_bytes().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_page_of_an_app_sees_that_the_login_changed() {
    let (site, alice, clock) = scene().await;
    let ask = clock.ask().with("scope", "openid");
    let sent = alice
        .decide(&ask, "allow")
        .await
        .sent("session_state")
        .unwrap();
    let (sum, salt) = sent.split_once('.').unwrap();
    let state = alice.cookie(STATE).unwrap();
    let expected = format!("{} https://clock.example {state} {salt}", clock.id);
    assert_eq!(sum, hex(&expected));
    assert!(!alice.session_cookie().unwrap().contains(&state));
    // Another login of hers is the same to it; another user's is not; none is none.
    let bob = site.user("bob").await.with_password().await;
    let alice = alice.with_password().await.signed_in().await;
    alice.get("/").await;
    let before = alice.cookie(STATE);
    alice.log_in(&alice.email, PASSWORD).await;
    alice.get("/").await;
    assert_eq!(alice.cookie(STATE), before);
    alice.log_in(&bob.email, PASSWORD).await;
    alice.get("/").await;
    assert!(alice.cookie(STATE).is_some() && alice.cookie(STATE) != before);
    alice.post(LOGOUT, &[("decision", "logout")]).await;
    assert_eq!(alice.cookie(STATE), None);
}

/// Read by our own script within the pages of others, so not hidden from either.
#[tokio::test]
async fn its_cookie_goes_where_the_frame_goes() {
    let (_, alice, _) = scene().await;
    let lines = alice.get("/").await.all("set-cookie");
    let line = lines.iter().find(|line| line.starts_with(STATE)).unwrap();
    let (_, attributes) = line.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; SameSite=None; Secure; Max-Age=1209600");
    assert!(
        alice.get("/").await.all("set-cookie").is_empty(),
        "once is enough"
    );
}

#[tokio::test]
async fn only_a_login_has_a_session_state() {
    let (_, alice, clock) = scene().await;
    let reply = alice.allow(&clock).await;
    assert!(reply.sent("code").is_some());
    assert_eq!(reply.sent("session_state"), None);
}

#[tokio::test]
async fn anybody_may_frame_it_and_nothing_else_runs_in_it() {
    let (site, ..) = scene().await;
    let page = site.visitor().get(CHECK_SESSION).await;
    assert!(page.is_html() && page.code() == 200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; "));
    assert!(!policy.contains("frame-ancestors"));
    assert_eq!(page.header("x-frame-options"), "");
    assert!(page.body.contains("<script src=\"/assets/"));
}
