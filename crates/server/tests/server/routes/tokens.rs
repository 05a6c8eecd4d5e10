//! `/tokens`: personal access tokens.

use super::scene;
use crate::support::{Person, Site};
use grantor::config::Scope;
use grantor_protocol::time::Millis;

fn fields<'a>(description: &'a str, scope: &'a str, days: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("description", description),
        ("scope", scope),
        ("expires_in", days),
    ]
}

#[tokio::test]
async fn shown_once_and_listed_without_its_text() {
    let (site, alice, _) = scene().await;
    let reply = alice
        .post("/tokens", &fields("backup", "default", "30"))
        .await;
    assert_eq!(reply.code(), 201);
    let token = reply.secret("gr_pat_").unwrap();
    assert_eq!(site.api(&token, "/users/me").await.code(), 200);
    let page = alice.get("/tokens").await;
    assert!(page.body.contains("backup") && page.secret("gr_pat_").is_none());
}

/// Everything comes only with who chooses it, once there is less to choose.
#[tokio::test]
async fn everything_is_chosen_at_first_only_where_there_is_nothing_else() {
    let chosen = async |person: &Person| {
        let page = person.get("/tokens").await;
        let begins = "name=\"scope\" value=\"default\"";
        let boxed = page.between(begins, ">").expect("a box").to_owned();
        boxed.contains("checked")
    };
    let (site, alice, _) = scene().await;
    assert!(chosen(&alice).await);
    assert!(!chosen(&super::admin::admin(&site).await).await);
    let site = Site::with(|config| {
        config.scopes = vec![Scope::new("projects:read", "See your projects").unwrap()];
    })
    .await;
    let bea = site.user("bea").await.signed_in().await;
    assert!(!chosen(&bea).await);
}

#[tokio::test]
async fn several_scopes_in_one_form() {
    let (site, alice, _) = scene().await;
    let mut all = fields("two", "email", "30").to_vec();
    all.push(("scope", "profile"));
    let token = alice.post("/tokens", &all).await.secret("gr_pat_").unwrap();
    let call = crate::support::Call::post("/-/token_info").form(&[("token", &token)]);
    assert_eq!(site.send(call).await.member("scope"), "email profile");
}

#[tokio::test]
async fn what_cannot_be_made() {
    let (site, alice, _) = scene().await;
    let long = "x".repeat(201);
    for (description, scope, days) in [
        ("", "default", "30"),
        (&*long, "default", "30"),
        ("a\u{202e}b", "default", "30"),
        ("x", "", "30"),
        ("x", "everything", "30"),
        ("x", "openid", "30"),
        ("x", "default", "0"),
        ("x", "default", "-1"),
        ("x", "default", "367"),
        ("x", "default", "never"),
        ("x", "default", ""),
    ] {
        let reply = alice
            .post("/tokens", &fields(description, scope, days))
            .await;
        assert_eq!(reply.code(), 422, "{description} {scope} {days}");
    }
    assert!(
        site.app
            .store
            .personal_tokens_of(alice.id)
            .await
            .unwrap()
            .is_empty()
    );
}

/// There is no app that somebody could sign in to.
#[tokio::test]
async fn openid_is_not_offered() {
    let (_, alice, _) = scene().await;
    let page = alice.get("/tokens").await.body;
    assert!(page.contains(r#"value="email""#) && !page.contains("openid"));
}

#[tokio::test]
async fn never_only_where_the_operator_allows_it() {
    let site = Site::with(|config| config.tokens.pat_never_expires = true).await;
    let alice = site.user("alice").await.signed_in().await;
    let token = alice.token("default", "never").await;
    site.pass(Millis::days(3650));
    assert_eq!(site.api(&token, "/users/me").await.code(), 200);
}

#[tokio::test]
async fn it_ends_when_it_says() {
    let (site, alice, _) = scene().await;
    let token = alice.token("default", "7").await;
    site.pass(Millis(7 * 86_400_000 - 1));
    assert_eq!(site.api(&token, "/users/me").await.code(), 200);
    site.pass(Millis(1));
    assert_eq!(site.api(&token, "/users/me").await.code(), 401);
}

#[tokio::test]
async fn one_or_all_are_deauthorized() {
    let (site, alice, _) = scene().await;
    let bob = site.user("bob").await.signed_in().await;
    let (first, second) = (
        alice.token("default", "7").await,
        alice.token("default", "7").await,
    );
    let bobs = bob.token("default", "7").await;
    let works = async |token: &str| site.api(token, "/users/me").await.code() == 200;
    let id = site.app.store.personal_tokens_of(alice.id).await.unwrap()[1].id;
    let path = format!("/tokens/{id}/deauthorize");
    let reply = bob.post(&path, &[]).await;
    assert_eq!(reply.location(), "/tokens?done=already");
    assert!(works(&first).await);
    assert_eq!(alice.post(&path, &[]).await.location(), "/tokens?done=one");
    // The same answer as to Bob: an id says nothing.
    assert_eq!(alice.post(&path, &[]).await.location(), reply.location());
    let told = alice.get(reply.location()).await;
    assert!(told.notice().contains("That was done already"));
    assert!(!works(&first).await && works(&second).await);
    assert_eq!(
        alice.post("/tokens/deauthorize", &[]).await.location(),
        "/tokens?done=all"
    );
    assert!(!works(&second).await && works(&bobs).await);
}

#[tokio::test]
async fn a_user_has_a_limited_number() {
    let site = Site::with(|config| config.tokens.pat_limit = 3).await;
    let alice = site.user("alice").await.signed_in().await;
    for _ in 0..3 {
        alice.token("email", "7").await;
    }
    let reply = alice
        .post("/tokens", &fields("one more", "email", "7"))
        .await;
    assert_eq!(reply.code(), 409);
    // What has expired does not count.
    site.pass(Millis::days(7));
    let alice = crate::support::Person::again(&site, "alice", alice.id).await;
    alice.token("email", "7").await;
}
