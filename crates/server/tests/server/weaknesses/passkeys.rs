//! Passkeys that prove something to the wrong site, at the wrong time, of the wrong user.

use crate::support::{Asked, Device, Person, Reply, Site};
use grantor_protocol::time::Millis;

async fn scene() -> (Site, Person, Device) {
    let site = Site::open().await;
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let mut device = Device::new();
    assert_eq!(alice.with_passkey(&mut device).await.code(), 201);
    (site, alice, device)
}

fn refused(reply: &Reply) -> bool {
    reply.code() == 401
        && reply
            .all("set-cookie")
            .iter()
            .all(|it| !it.starts_with("__Host-grantor="))
}

/// Origins that end like ours, or begin so, and all that is near.
const ORIGINS: [&str; 9] = [
    "https://evil-auth.example",
    "https://evilauth.example",
    "https://x.auth.example",
    "https://auth.example.evil.example",
    "https://auth.example:8443",
    "http://auth.example",
    "https://example",
    "https://auth.example@evil.example",
    "null",
];

#[tokio::test]
async fn a_passkey_answers_no_other_origin() {
    let (_, alice, mut device) = scene().await;
    for origin in ORIGINS {
        device.origin = origin.into();
        assert!(
            refused(&alice.elsewhere().sign_in_with(&mut device, "/login").await),
            "{origin}"
        );
        let mut other = Device::new();
        other.origin = origin.into();
        assert_eq!(alice.with_passkey(&mut other).await.code(), 422, "{origin}");
    }
    device.origin = crate::support::ISSUER.into();
    assert_eq!(
        alice
            .elsewhere()
            .sign_in_with(&mut device, "/login")
            .await
            .code(),
        303
    );
}

#[tokio::test]
async fn a_passkey_of_another_site_or_without_its_user_is_refused() {
    let (_, alice, mut device) = scene().await;
    for (rp, verifies) in [
        ("example", true),
        ("evil.example", true),
        ("auth.example", false),
    ] {
        (device.rp, device.verifies) = (rp.into(), verifies);
        assert!(
            refused(&alice.elsewhere().sign_in_with(&mut device, "/login").await),
            "{rp}"
        );
        let mut other = Device::new();
        (other.rp, other.verifies) = (rp.into(), verifies);
        assert_eq!(alice.with_passkey(&mut other).await.code(), 422, "{rp}");
    }
}

/// The same answer twice, from here or there, one after the other.
#[tokio::test]
async fn an_answer_counts_once() {
    let (site, alice, mut device) = scene().await;
    let browser = alice.elsewhere();
    let asked = Asked::of(&browser.get("/login").await);
    let credential = device.answer(&asked);
    assert_eq!(browser.answer(&asked, &credential).await.code(), 303);
    browser.post("/-/logout", &[("decision", "logout")]).await;
    assert!(refused(&browser.answer(&asked, &credential).await));
    // Not at another node, and not after a restart.
    let node = site.reopened(|_| ()).await;
    let there = node.visitor();
    let visit = browser.cookie("__Host-grantor-visit").unwrap();
    there.take_cookie(&format!("__Host-grantor-visit={visit}"));
    assert!(refused(&there.answer(&asked, &credential).await));
    // Nor is the making of one.
    let page = alice.get("/account/factors/passkey").await;
    let (asked, mut new) = (Asked::of(&page), Device::new());
    let credential = new.create(&asked);
    assert_eq!(alice.keep_passkey(&asked, &credential).await.code(), 303);
    assert_eq!(alice.keep_passkey(&asked, &credential).await.code(), 422);
}

/// A question is for one browser, for five minutes, and for what it was asked for.
#[tokio::test]
async fn a_question_is_answered_where_it_was_asked() {
    let (site, alice, mut device) = scene().await;
    let browser = alice.elsewhere();
    let asked = Asked::of(&browser.get("/login").await);
    let credential = device.answer(&asked);
    assert!(refused(
        &alice.elsewhere().answer(&asked, &credential).await
    ));
    site.pass(Millis(5 * 60_000 + 1));
    assert!(refused(&browser.answer(&asked, &credential).await));
    let fresh = Asked::of(&browser.get("/login").await);
    // The new question with the old challenge, and one that nobody asked.
    assert!(refused(&browser.answer(&fresh, &credential).await));
    let made_up = Asked {
        state: format!("{}x", fresh.state),
        options: fresh.options.clone(),
    };
    let credential = device.answer(&made_up);
    assert!(refused(&browser.answer(&made_up, &credential).await));
    // What is asked in order to make one proves nobody.
    let page = alice.get("/account/factors/passkey").await;
    let making = Asked::of(&page);
    let credential = device.answer(&making);
    assert_eq!(alice.answer(&making, &credential).await.code(), 401);
    assert_eq!(
        browser.answer(&fresh, &device.answer(&fresh)).await.code(),
        303
    );
}

/// A passkey is its owner's: whatever it says, wherever it is asked.
#[tokio::test]
async fn a_passkey_of_one_user_never_proves_another() {
    let (site, alice, mut alices) = scene().await;
    let mallory = site
        .user("mallory")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let mut mallorys = Device::new();
    assert_eq!(mallory.with_passkey(&mut mallorys).await.code(), 201);
    // With her name for it.
    let handle = std::mem::replace(&mut mallorys.handle, alices.handle.clone());
    assert!(refused(
        &mallory
            .elsewhere()
            .sign_in_with(&mut mallorys, "/login")
            .await
    ));
    mallorys.handle = handle;
    // Under the name of her credential, signed by another key.
    let credential = std::mem::replace(&mut mallorys.credential, alices.credential.clone());
    assert!(refused(
        &mallory
            .elsewhere()
            .sign_in_with(&mut mallorys, "/login")
            .await
    ));
    mallorys.credential = credential;
    // As her second factor, after her password.
    let browser = alice.elsewhere();
    let to = browser
        .log_in(&alice.email, crate::support::PASSWORD)
        .await
        .location()
        .to_owned();
    assert!(refused(&browser.sign_in_with(&mut mallorys, &to).await));
    assert!(!browser.is_signed_in().await);
    // As her step-up.
    let asked = Asked::of(&alice.get("/login?return_to=%2F&confirm=1").await);
    let credential = mallorys.answer(&asked);
    assert!(refused(&alice.answer(&asked, &credential).await));
    assert!(
        alice
            .get("/account")
            .await
            .body
            .contains("alice@example.org")
    );
    // Nobody registers what is hers for himself.
    let page = mallory.get("/account/factors/passkey").await;
    let asked = Asked::of(&page);
    let credential = alices.create(&asked);
    assert_eq!(mallory.keep_passkey(&asked, &credential).await.code(), 422);
}

#[tokio::test]
async fn a_copied_passkey_is_noticed_by_its_counter() {
    let site = Site::open().await;
    let alice = site.user("alice").await.signed_in().await;
    let mut device = Device::new();
    device.counter = 7;
    alice.with_passkey(&mut device).await;
    for (counter, good) in [
        (7, false),
        (8, true),
        (8, false),
        (3, false),
        (0, false),
        (9, true),
    ] {
        device.counter = counter;
        let reply = alice.elsewhere().sign_in_with(&mut device, "/login").await;
        assert_eq!(reply.code(), if good { 303 } else { 401 }, "{counter}");
    }
}

#[tokio::test]
async fn a_disabled_user_has_no_passkey() {
    let (_, alice, mut device) = scene().await;
    alice.disable().await;
    assert!(refused(
        &alice.elsewhere().sign_in_with(&mut device, "/login").await
    ));
}
