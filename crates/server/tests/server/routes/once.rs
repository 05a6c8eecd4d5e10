//! Forms whose answer shows a secret: each is good for one use.

use crate::support::{Device, Reply, STALE, Site, hidden};

/// Two tabs at once, then a reload: one secret is made, and whoever asks again is told.
#[tokio::test]
async fn a_form_that_shows_a_secret_is_good_for_one_use() {
    let site = Site::open().await;
    let dora = site.user("dora").await.with_password().await;
    let dora = dora.signed_in().await;
    let clock = site.app("Clock").of(&dora).await;
    dora.with_passkey(&mut Device::new()).await;
    let app = format!("/apps/{}", clock.id);
    let secrets = format!("{app}/secrets");
    let token = [
        ("description", "a script"),
        ("scope", "email"),
        ("expires_in", "7"),
    ];
    for (page, path, fields) in [
        ("/tokens", "/tokens", &token[..]),
        ("/account/factors", "/account/factors/recovery", &[]),
        (&*app, &*secrets, &[("overlap", "3600")]),
    ] {
        let once = hidden(&dora.get(page).await, "once");
        let fields = [fields, &[("once", &*once)]].concat();
        let (one, other) = tokio::join!(dora.post(path, &fields), dora.post(path, &fields));
        let made = [one, other].map(|reply| reply.code() == 201);
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{path}");
        let again = dora.post(path, &fields).await;
        assert_eq!(again.location(), format!("{page}?done=used"));
        let told = dora.get(again.location()).await;
        assert!(told.notice().contains("was sent before"));
        assert!(!told.body.contains(&once), "the next one is another");
    }
    let tokens = site.app.store.personal_tokens_of(dora.id).await.unwrap();
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn an_app_is_registered_once_by_a_form() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    let once = hidden(&dora.get("/apps/new").await, "once");
    let fields = [
        ("name", "Clock"),
        ("url", "https://clock.example/"),
        ("redirect_urls", "https://clock.example/callback"),
        ("kind", "confidential"),
        ("once", &*once),
    ];
    let send = async || dora.upload("/apps/new", &fields, None).await;
    assert_eq!(send().await.code(), 201);
    let again: Reply = send().await;
    assert_eq!(again.location(), "/apps/new?done=used");
    let told = dora.get(again.location()).await;
    assert!(told.notice().contains("was sent before"));
    assert_eq!(site.app.store.apps_of(dora.id).await.unwrap().len(), 1);
    // Of whoever has to prove herself first, the form is not used up.
    let once = hidden(&dora.get("/tokens").await, "once");
    site.pass(STALE);
    let reply = dora.post("/tokens", &[("once", &*once)]).await;
    assert!(!reply.location().contains(&once), "{}", reply.location());
}
