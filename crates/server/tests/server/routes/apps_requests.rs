//! `/apps/<id>/requests`: the request log of an app.

use super::scene;
use crate::support::{App, Ask, Call, Person, Site};
use grantor_protocol::time::Millis;
use serde_json::json;

/// Somebody without an account, at the app's door.
async fn knocks(site: &Site, ask: &Ask) {
    assert_eq!(site.visitor().get(&ask.url()).await.code(), 400);
}

async fn log_of(site: &Site, app: &App) -> String {
    let dora = Person::again(site, "dora", app.owner).await;
    dora.get(&format!("/apps/{}/requests", app.id)).await.body
}

#[tokio::test]
async fn the_same_refusal_is_counted() {
    let (site, _, clock) = scene().await;
    let wrong = clock
        .ask()
        .with("redirect_uri", "https://clock.example/callback/");
    for _ in 0..3 {
        knocks(&site, &wrong).await;
        site.pass(Millis::minutes(2));
    }
    let log = log_of(&site, &clock).await;
    assert!(
        log.contains("3 times, last ") && log.contains("2 minutes ago"),
        "{log}"
    );
    assert!(log.contains("6 minutes ago"));
    // Also after it was written.
    knocks(&site, &wrong).await;
    assert!(log_of(&site, &clock).await.contains("4 times"));
}

/// Strangers cannot push out what its owner has to see, and no stranger's address is
/// offered for registration.
#[tokio::test]
async fn a_flood_hides_nothing_and_offers_nothing() {
    let (site, alice, clock) = scene().await;
    let near = clock
        .ask()
        .with("redirect_uri", "https://clock.example/other");
    knocks(&site, &near).await;
    let wrong = App {
        secret: Some("wrong".into()),
        ..clock.clone()
    };
    assert_eq!(wrong.refresh("x").await.code(), 401);
    let code = alice.allow(&clock).await.sent("code").unwrap();
    clock.exchange(&code).await;
    clock.exchange(&code).await;
    for number in 0..100 {
        let foreign = format!("https://{number}.evil.example/clock.example/callback");
        knocks(&site, &clock.ask().with("redirect_uri", &foreign)).await;
        if number % 30 == 0 {
            site.app.write_refusals().await.unwrap();
        }
    }
    let log = log_of(&site, &clock).await;
    for seen in [
        "clock.example/other",
        "client_secret is not a current secret",
        "code was already used",
    ] {
        assert!(log.contains(seen), "{seen} in {log}");
    }
    assert_eq!(log.matches("register this one").count(), 1);
    assert!(log.matches("evil.example").count() <= 20);
}

/// Which scope it was, to the app and to its owner; what is no scope is repeated to nobody.
#[tokio::test]
async fn an_unknown_scope_is_named() {
    let (site, alice, clock) = scene().await;
    let ask = clock.ask().with("scope", "default projects:delete");
    let told = alice
        .get(&ask.url())
        .await
        .sent("error_description")
        .unwrap();
    assert!(told.contains("'projects:delete'"), "{told}");
    let ask = clock.ask().with("scope", "default <b>\u{7}\"");
    let told = alice
        .get(&ask.url())
        .await
        .sent("error_description")
        .unwrap();
    assert!(!told.contains("<b>"), "{told}");
    let log = log_of(&site, &clock).await;
    assert!(
        log.contains("<code dir=\"ltr\">projects:delete</code>"),
        "{log}"
    );
    assert!(!log.contains("&lt;b&gt;") && !log.contains("register this one"));
}

/// Of all that is wrong with a request after it is clear whose it is.
#[tokio::test]
async fn the_owner_reads_of_every_request_that_names_her_app() {
    let (site, alice, clock) = scene().await;
    let token = "/-/oauth_token";
    let tokens = alice.connect(&clock).await;
    assert_eq!(clock.post(token, &[]).await.code(), 400);
    let password = [("grant_type", "password"), ("username", "alice")];
    clock.post(token, &password).await;
    clock
        .post(token, &[("grant_type", "authorization_code")])
        .await;
    clock.introspect("").await;
    let secret = clock.secret.clone().unwrap();
    let twice = [("client_secret", &*secret)];
    let twice = Call::post(token).form(&twice);
    site.send(twice.header("authorization", clock.basic()))
        .await;
    let id = clock.client_id();
    let json = json!({"client_id": id, "client_secret": secret, "refresh_token": tokens.refresh});
    let sent = site.send(Call::post(token).json(&json)).await;
    assert_eq!(
        (sent.code(), &*sent.member("error")),
        (400, "invalid_request")
    );
    let by_header = Call::post(token).json(&json!({}));
    site.send(by_header.header("authorization", clock.basic()))
        .await;
    let log = log_of(&site, &clock).await;
    for seen in [
        "grant_type is missing",
        "grant_type must be",
        "code is missing",
        "token is missing",
        "more than one way",
        "x-www-form-urlencoded",
    ] {
        assert!(log.contains(seen), "{seen} in {log}");
    }
    assert!(log.contains("2 times"), "both of JSON");
}

/// A host that only begins like the registered one is another place.
#[tokio::test]
async fn a_disguised_host_is_foreign() {
    let (site, _, clock) = scene().await;
    for disguised in [
        "https://clock.example:x@evil.example/callback",
        "https://clock.example@evil.example/callback",
        "https://clock.example.evil.example/callback",
    ] {
        knocks(&site, &clock.ask().with("redirect_uri", disguised)).await;
    }
    let log = log_of(&site, &clock).await;
    assert!(log.contains("evil.example") && !log.contains("register this one"));
}
