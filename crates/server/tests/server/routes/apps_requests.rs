//! `/apps/<id>/requests`: the request log of an app.

use super::scene;
use crate::support::{App, Ask, Person, Site};
use grantor_protocol::time::Millis;

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
