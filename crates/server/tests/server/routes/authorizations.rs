//! `/authorizations`: what the user allowed.

use super::scene;
use crate::support::Site;
use grantor_protocol::time::Millis;

#[tokio::test]
async fn the_list_says_what_each_app_may_do() {
    let (site, alice, clock) = scene().await;
    let ask = clock.ask().with("scope", "email");
    alice.connect_as(&clock, &ask).await;
    let page = alice.get("/authorizations").await;
    assert!(page.body.contains("Clock") && page.body.contains("See your email address"));
    let bob = site.user("bob").await.signed_in().await;
    assert!(!bob.get("/authorizations").await.body.contains("Clock"));
}

/// Codes that are on their way, refresh and access tokens: dead before the page answers.
#[tokio::test]
async fn ending_ends_everything_of_the_grant() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let second = alice.connect(&clock).await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    let path = format!("/authorizations/{grant}/end");
    let bob = site.user("bob").await.signed_in().await;
    let already = bob.post(&path, &[]).await;
    assert_eq!(already.location(), "/authorizations?done=already");
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 200);
    let reply = alice.post(&path, &[]).await;
    assert_eq!(reply.location(), "/authorizations?done=ended");
    for tokens in [tokens, second] {
        assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
        let reply = clock.refresh(&tokens.refresh).await;
        assert_eq!(reply.member("error"), "invalid_grant");
    }
    assert_eq!(clock.exchange(&code).await.member("error"), "invalid_grant");
    let again = alice.post(&path, &[]).await;
    assert_eq!(again.location(), already.location());
    // What was ended is not remembered.
    assert_eq!(alice.get(&clock.ask().url()).await.code(), 200);
}

/// From the consent page, by way of the browser: it hangs from the same grant.
#[tokio::test]
async fn ending_ends_what_came_without_a_code() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").implicit().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    let ask = clock.ask().with("response_type", "token");
    let ask = ask
        .without("code_challenge")
        .without("code_challenge_method");
    let asked = alice.get(&ask.url()).await;
    assert_eq!(asked.code(), 200, "she is asked");
    let token = alice
        .decide(&ask, "allow")
        .await
        .sent("access_token")
        .unwrap();
    assert_eq!(site.api(&token, "/users/me").await.code(), 200);
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    alice
        .post(&format!("/authorizations/{grant}/end"), &[])
        .await;
    assert_eq!(site.api(&token, "/users/me").await.code(), 401);
}

/// The app was edited after it was allowed: the user is told.
#[tokio::test]
async fn an_edit_is_shown() {
    let (site, alice, clock) = scene().await;
    alice.connect(&clock).await;
    site.pass(Millis::minutes(1));
    let before = alice.get("/authorizations").await;
    clock.edit(|form| form.name = "Sundial".into()).await;
    let after = alice.get("/authorizations").await;
    assert!(!before.body.contains("hanged") && after.body.contains("hanged"));
}

/// What was allowed to the app as it was is not added to what is allowed to it now.
#[tokio::test]
async fn an_approval_before_an_edit_does_not_come_back() {
    let (site, alice, clock) = scene().await;
    alice
        .connect_as(&clock, &clock.ask().with("scope", "email"))
        .await;
    site.pass(Millis::minutes(1));
    clock.edit(|form| form.name = "Sundial".into()).await;
    site.pass(Millis::minutes(1));
    alice
        .connect_as(&clock, &clock.ask().with("scope", "profile"))
        .await;
    let asks = async |scope: &str| {
        let ask = clock.ask().with("scope", scope);
        alice.get(&ask.url()).await.code() == 200
    };
    assert!(!asks("profile").await);
    assert!(asks("email profile").await);
}

/// The app gets to know who sent the user, and not who she is.
#[tokio::test]
async fn a_login_can_begin_at_the_list_of_apps() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let alice = site.user("alice").await.signed_in().await;
    let open = async |name: &str, uri: &str| {
        let app = site
            .app(name)
            .choose(|it| it.initiate_login_uri = Some(uri.into()));
        let app = app.of(&dora).await;
        alice.allow(&app).await;
        let page = alice.get("/authorizations").await.body;
        let link = page.split("<a class=\"button\" href=\"").nth(1)?;
        Some(link.split('"').next()?.to_owned())
    };
    for bad in ["http://clock.example/login", "javascript:alert(1)"] {
        assert_eq!(open("Other", bad).await, None, "{bad}");
    }
    let good = open("Clock", "https://clock.example/login?x=1").await;
    let expected = "https://clock.example/login?x=1&#38;iss=https%3A%2F%2Fauth.example";
    assert_eq!(good.as_deref(), Some(expected));
}
