//! `/account/factors`: what is set up, and taken away again.

use super::logout::claims;
use crate::support::{Call, Device, PASSWORD, Person, STALE, Site};
use grantor::config::Factors;
use serde_json::json;

async fn alice(site: &Site) -> Person {
    site.user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await
}

#[tokio::test]
async fn passkeys_have_names_and_go_one_by_one() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let mallory = site.user("mallory").await.signed_in().await;
    let (mut phone, mut key) = (Device::new(), Device::new());
    let first = alice.with_passkey(&mut phone).await;
    assert_eq!(first.heading(), "Write these codes down");
    let second = alice.with_passkey(&mut key).await;
    assert_eq!(second.location(), "/account/factors?done=passkey");
    let ids: Vec<_> = site.app.store.passkeys_of(alice.id).await.unwrap();
    let path = |what: &str| format!("/account/factors/passkeys/{}/{what}", ids[0].id);
    let name = [("name", " Blue key ")];
    assert_eq!(mallory.post(&path("name"), &name).await.code(), 404);
    let already = mallory.post(&path("remove"), &[]).await;
    assert_eq!(already.location(), "/account/factors?done=already");
    let long = "x".repeat(61);
    for bad in ["", "a\nb", long.as_str()] {
        assert_eq!(
            alice.post(&path("name"), &[("name", bad)]).await.code(),
            400
        );
    }
    assert_eq!(alice.post(&path("name"), &name).await.code(), 303);
    let page = alice.get("/account/factors").await;
    assert!(page.body.contains("<bdi>Blue key</bdi>") && page.body.contains("<bdi>My phone</bdi>"));
    // Nothing goes without a fresh proof.
    site.pass(STALE);
    assert_eq!(
        alice.post(&path("remove"), &[]).await.brief(),
        "303 confirm"
    );
    alice
        .sign_in_with(&mut key, "/login?return_to=%2F&confirm=1")
        .await;
    for done in ["no-passkey", "already"] {
        let reply = alice.post(&path("remove"), &[]).await;
        assert_eq!(reply.location(), format!("/account/factors?done={done}"));
    }
    let browser = alice.elsewhere();
    assert_eq!(browser.sign_in_with(&mut phone, "/login").await.code(), 401);
    assert_eq!(browser.sign_in_with(&mut key, "/login").await.code(), 303);
    let history = alice.get("/account/history").await.body;
    for said in [
        "A passkey was added.",
        "A passkey was removed.",
        "A sign-in with a passkey.",
    ] {
        assert!(history.contains(said), "{said}");
    }
}

#[tokio::test]
async fn an_app_is_set_up_by_its_first_code() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let page = alice.get("/account/factors/code").await;
    assert!(
        page.body.contains("<svg viewBox=") && page.body.contains("otpauth://totp/Grantor:alice")
    );
    let setup = crate::support::hidden(&page, "setup");
    let app = crate::support::Authenticator::scan(&page);
    let wrong = [("code", "000000"), ("setup", &*setup)];
    let again = alice.post("/account/factors/code", &wrong).await;
    assert_eq!(again.code(), 422);
    // It is the same secret that the page shows again, and nothing is stored.
    assert_eq!(
        crate::support::Authenticator::scan(&again).code(&alice),
        app.code(&alice)
    );
    assert!(site.app.store.totp_of(alice.id).await.unwrap().is_none());
    // Of another user it is none.
    let mallory = site.user("mallory").await.signed_in().await;
    let code = app.code(&mallory);
    let stolen = mallory
        .post(
            "/account/factors/code",
            &[("code", &*code), ("setup", &*setup)],
        )
        .await;
    assert_eq!(stolen.code(), 422);
    assert!(stolen.body.contains("This took too long."));
    let done = alice
        .post(
            "/account/factors/code",
            &[("code", &*code), ("setup", &*setup)],
        )
        .await;
    assert_eq!(done.code(), 201);
    // There is but one, and its secret stands nowhere in the clear.
    let twice = alice
        .post(
            "/account/factors/code",
            &[("code", &*code), ("setup", &*setup)],
        )
        .await;
    assert_eq!(twice.location(), "/account/factors?done=already");
    let stored = site
        .app
        .store
        .totp_of(alice.id)
        .await
        .unwrap()
        .unwrap()
        .sealed;
    let shown = page
        .between("translate=\"no\">", "</code>")
        .unwrap()
        .replace(' ', "");
    assert!(!site.contents().contains(&shown) && stored.len() > 40);
    for done in ["no-code", "already"] {
        let reply = alice.post("/account/factors/code/remove", &[]).await;
        assert_eq!(reply.location(), format!("/account/factors?done={done}"));
    }
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .location(),
        "/"
    );
}

/// What apps are told of a login is what was proved.
#[tokio::test]
async fn id_tokens_say_what_was_proved() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let clock = site.app("Clock").of(&alice).await;
    let (app, codes) = alice.with_app().await;
    let (mut key, mut phone) = (Device::new(), Device::new());
    phone.syncs = true;
    alice.with_passkey(&mut key).await;
    alice.with_passkey(&mut phone).await;
    for (way, amr) in [
        ("app", json!(["pwd", "otp", "mfa"])),
        ("paper", json!(["pwd", "mfa"])),
        ("key", json!(["hwk", "user", "mfa"])),
        ("phone", json!(["swk", "user", "mfa"])),
    ] {
        let her = Person::again(&site, "alice", alice.id).await;
        her.post("/-/logout", &[("decision", "logout")]).await;
        match way {
            "key" => her.sign_in_with(&mut key, "/login").await,
            "phone" => her.sign_in_with(&mut phone, "/login").await,
            way => {
                her.log_in(&alice.email, PASSWORD).await;
                match way {
                    "app" => her.second(&app.next(&her)).await,
                    _ => her.second(&codes[0]).await,
                }
            }
        };
        let token = claims(&clock.id_token(&her).await);
        assert_eq!((&token["amr"], &token["acr"]), (&amr, &json!("2")), "{way}");
    }
    let plain = claims(&clock.id_token(&alice).await);
    assert_eq!(
        (&plain["amr"], &plain["acr"]),
        (&json!(["pwd"]), &json!("1"))
    );
}

/// An app that insists on more gets it, or is told that there is none.
#[tokio::test]
async fn a_class_that_is_insisted_on_is_asked_for() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let clock = site.app("Clock").of(&alice).await;
    let mut device = Device::new();
    alice.with_passkey(&mut device).await;
    let wanted = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let ask = clock.ask().with("scope", "openid").with("claims", wanted);
    let to_login = alice.get(&ask.url()).await;
    assert_eq!(to_login.brief(), "303 login");
    alice.sign_in_with(&mut device, to_login.location()).await;
    assert_eq!(alice.get(&ask.url()).await.code(), 200);
    // Whoever has no more than a password is sent back after having tried.
    let bob = site
        .user("bob")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let back = bob.get(&ask.url()).await.location().to_owned();
    let (_, to) = back.split_once("return_to=").unwrap();
    let to = url::form_urlencoded::parse(format!("to={to}").as_bytes())
        .next()
        .unwrap()
        .1
        .into_owned();
    bob.log_in_to(&to, &bob.email, PASSWORD).await;
    let told = bob.get(&to).await;
    assert_eq!(
        told.sent("error").as_deref(),
        Some("unmet_authentication_requirements")
    );
}

#[tokio::test]
async fn password_managers_find_their_way() {
    for (factors, found) in [(Factors::Optional, 200), (Factors::Password, 404)] {
        let site = Site::with(|config| config.sign_in.factors = factors).await;
        let to = site.send(Call::get("/.well-known/change-password")).await;
        assert_eq!((to.code(), to.location()), (303, "/account"));
        let reply = site.send(Call::get("/.well-known/passkey-endpoints")).await;
        assert_eq!(reply.code(), found);
        if found == 200 {
            assert_eq!(
                reply.member("manage"),
                "https://auth.example/account/factors"
            );
        }
    }
}

/// Where no browser makes a passkey, none is offered.
#[tokio::test]
async fn an_address_of_numbers_has_no_passkeys() {
    let address = "http://127.0.0.1:8080".parse().unwrap();
    let site = Site::with(|config| config.service.public_url = address).await;
    let alice = alice(&site).await;
    assert!(
        !alice
            .get("/account/factors")
            .await
            .body
            .contains("Passkeys</h2>")
    );
    assert_eq!(alice.get("/account/factors/passkey").await.code(), 403);
    assert!(
        !alice
            .elsewhere()
            .get("/login")
            .await
            .body
            .contains("data-passkey")
    );
}
