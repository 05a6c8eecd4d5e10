//! `/apps`: the developer console.

use super::scene;
use crate::support::{Person, STALE, Site};

const CLOCK: [(&str, &str); 4] = [
    ("name", "Clock"),
    ("url", "https://clock.example/"),
    ("redirect_urls", "https://clock.example/callback"),
    ("kind", "confidential"),
];

async fn dora(site: &Site) -> Person {
    site.user("dora").await.signed_in().await
}

fn with(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let change = |(name, old)| (name, if name == field { value } else { old });
    CLOCK.map(change).to_vec()
}

#[tokio::test]
async fn the_secret_is_shown_once() {
    let site = Site::open().await;
    let dora = dora(&site).await;
    let page = dora.upload("/apps/new", &CLOCK, None).await;
    let clock = site.registered(&dora, &page, "Clock");
    let secret = clock.secret.clone().unwrap();
    assert!(!page.title().contains(&secret) && page.header("cache-control") == "no-store");
    let again = dora.get(&format!("/apps/{}", clock.id)).await;
    assert!(again.body.contains(&secret[secret.len() - 4..]));
    assert!(again.secret("gr_cs_").is_none());
}

/// To a user who proved herself long ago the app is registered without a secret.
#[tokio::test]
async fn an_old_login_sees_no_secret() {
    let site = Site::open().await;
    let dora = dora(&site).await;
    site.pass(STALE);
    let reply = dora.upload("/apps/new", &CLOCK, None).await;
    assert_eq!(reply.code(), 303);
    let page = dora.get(reply.location()).await;
    assert!(page.secret("gr_cs_").is_none());
}

#[tokio::test]
async fn a_second_secret_with_overlap() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let path = format!("/apps/{}/secrets", clock.id);
    let reply = dora.post(&path, &[("overlap", "3600")]).await;
    assert_eq!(reply.code(), 201);
    let mut newer = clock.clone();
    newer.secret = reply.secret("gr_cs_");
    assert_ne!(newer.secret, clock.secret);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    assert_eq!(newer.refresh(&tokens.refresh).await.code(), 200);
    // Two are the most.
    assert_eq!(dora.post(&path, &[("overlap", "3600")]).await.code(), 409);
    site.pass(grantor_protocol::time::Millis::hours(1));
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 401);
    assert_eq!(newer.refresh(&tokens.refresh).await.code(), 200);
}

#[tokio::test]
async fn a_removed_secret_is_dead_at_once() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let secret = site
        .app
        .store
        .app(clock.id)
        .await
        .unwrap()
        .unwrap()
        .client
        .secrets[0]
        .id;
    let path = format!("/apps/{}/secrets/{secret}/remove", clock.id);
    let reply = dora.post(&path, &[]).await;
    assert_eq!(reply.location(), format!("/apps/{}?done=removed", clock.id));
    assert_eq!(
        clock.refresh(&tokens.refresh).await.member("error"),
        "invalid_client"
    );
}

/// Beside the field, and nothing typed is lost.
#[tokio::test]
async fn every_mistake_is_named_where_it_was_made() {
    let site = Site::open().await;
    let dora = dora(&site).await;
    let cases = [
        ("name", ""),
        ("name", "Gräntor\u{200b}"),
        ("name", "Grantor"),
        ("url", "javascript:alert(1)"),
        ("redirect_urls", ""),
        ("redirect_urls", "JavaScript:alert(1)"),
        ("redirect_urls", "http://clock.example/callback"),
        ("redirect_urls", "https://clock.example/callback#x"),
        ("redirect_urls", "https://user@clock.example/"),
        ("redirect_urls", "https://clock.example/*"),
        ("redirect_urls", "https://clock.example/a/..;/b"),
        ("redirect_urls", "https://clock.example/%2e%2e/b"),
        ("redirect_urls", "urn:ietf:wg:oauth:2.0:oob"),
        ("kind", "trusted"),
    ];
    for (field, value) in cases {
        let reply = dora.upload("/apps/new", &with(field, value), None).await;
        assert_eq!(reply.code(), 422, "{field}={value}");
        let other = CLOCK.iter().find(|(name, _)| *name != field).unwrap();
        assert!(reply.body.contains(other.1));
        let beside = reply.between(&format!("id=\"{field}-error\">"), "</p>");
        assert!(
            beside.is_some_and(|words| words.len() > 5),
            "{field}={value}"
        );
    }
    assert!(site.app.store.apps_of(dora.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_icon_is_drawn_anew() {
    let site = Site::open().await;
    let dora = dora(&site).await;
    let png = crate::support::png();
    let page = dora.upload("/apps/new", &CLOCK, Some(("icon", &png))).await;
    assert_eq!(page.code(), 201);
    assert!(page.body.contains("/images/"));
    for wrong in [
        &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
        &png[..20],
        b"GIF89a",
    ] {
        let reply = dora
            .upload("/apps/new", &CLOCK, Some(("icon", wrong)))
            .await;
        assert_eq!(reply.code(), 422);
    }
    let large = vec![0; 1_200_000];
    let reply = dora
        .upload("/apps/new", &CLOCK, Some(("icon", &large)))
        .await;
    assert_eq!(reply.code(), 400);
}

/// Nothing typed is enough but the app's own name, and then all of it is gone.
#[tokio::test]
async fn a_deleted_app_is_gone_with_its_tokens() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let path = format!("/apps/{}/delete", clock.id);
    assert_eq!(dora.post(&path, &[("confirm", "clock")]).await.code(), 422);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 200);
    let reply = dora.post(&path, &[("confirm", "Clock")]).await;
    assert_eq!(reply.location(), "/apps?done=deleted");
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 401);
    assert!(!alice.get("/authorizations").await.body.contains("Clock"));
}

/// Whose app it is is asked at every step: to others it does not exist.
#[tokio::test]
async fn nobody_edits_anothers_app() {
    let (site, alice, clock) = scene().await;
    let path = format!("/apps/{}/edit", clock.id);
    let fields = with("redirect_urls", "https://evil.example/");
    assert_eq!(alice.upload(&path, &fields, None).await.code(), 404);
    let dot = dora_of_other_app(&site).await;
    let mut own = path.clone();
    own.push_str("?id=1");
    assert_eq!(dot.upload(&own, &fields, None).await.code(), 404);
    let app = site.app.store.app(clock.id).await.unwrap().unwrap();
    assert_eq!(app.client.redirect_uris[0].as_str(), clock.redirect);
}

async fn dora_of_other_app(site: &Site) -> Person {
    let dot = site.user("dot").await.signed_in().await;
    site.app("Other").of(&dot).await;
    dot
}

/// A secret of one app named below another app's address is not touched.
#[tokio::test]
async fn a_secret_is_removed_only_from_its_own_app() {
    let (site, _, clock) = scene().await;
    let dot = site.user("dot").await.signed_in().await;
    let other = site.app("Other").of(&dot).await;
    let secret = site
        .app
        .store
        .app(clock.id)
        .await
        .unwrap()
        .unwrap()
        .client
        .secrets[0]
        .id;
    let path = format!("/apps/{}/secrets/{secret}/remove", other.id);
    let reply = dot.post(&path, &[]).await;
    assert_eq!(reply.location(), format!("/apps/{}?done=already", other.id));
    let app = site.app.store.app(clock.id).await.unwrap().unwrap();
    assert_eq!(app.client.secrets.len(), 1);
}

#[tokio::test]
async fn paths_that_name_nothing_lead_nowhere() {
    let site = Site::open().await;
    let dora = dora(&site).await;
    for path in [
        "/apps/x",
        "/apps/1",
        "/apps/-1/edit",
        "/apps/99999999999999999999",
        "/apps/%00",
    ] {
        let reply = dora.get(path).await;
        assert_eq!(reply.code(), 404, "{path}");
        assert!(
            reply.is_html() && !reply.body.contains("Cannot parse"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_inspector_says_what_a_token_is_and_never_repeats_it() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    for (token, kind) in [
        (&tokens.access, "Access token"),
        (&tokens.refresh, "Refresh token"),
        (&alice.token("email", "30").await, "Personal access token"),
    ] {
        let page = dora.post("/apps/inspect", &[("token", token)]).await;
        assert!(page.body.contains(kind) && !page.body.contains(token.as_str()));
    }
}

/// Where users are sent, and how an app proves itself, is changed only by who has just
/// proved herself; a new description is not worth a password.
#[tokio::test]
async fn what_protects_users_is_edited_only_after_a_fresh_proof() {
    let (site, _, clock) = scene().await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let path = format!("/apps/{}/edit", clock.id);
    dora.get(&path).await;
    site.pass(STALE);
    let mut ticked = CLOCK.to_vec();
    ticked.push(("implicit", "1"));
    for fields in [
        with("redirect_urls", "https://evil.example/"),
        with("kind", "browser"),
        ticked,
    ] {
        let reply = dora.upload(&path, &fields, None).await;
        assert_eq!(reply.brief(), "303 confirm");
    }
    let app = site.app.store.app(clock.id).await.unwrap().unwrap();
    assert!(!app.client.implicit && !app.client.kind.is_public());
    assert_eq!(app.client.redirect_uris[0].as_str(), clock.redirect);
    let renamed = dora.upload(&path, &with("name", "Sundial"), None).await;
    assert_eq!(renamed.location(), format!("/apps/{}?done=saved", clock.id));
}
