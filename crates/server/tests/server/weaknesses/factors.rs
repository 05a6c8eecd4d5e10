//! Second factors that are gone around, guessed, or used twice.

use crate::support::{Authenticator, Browser, PASSWORD, Person, STALE, Site, hidden};
use grantor_protocol::time::Millis;

async fn scene() -> (Site, Person, Authenticator, Vec<String>) {
    let site = Site::open().await;
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let (app, codes) = alice.with_app().await;
    (site, alice, app, codes)
}

/// At another browser, with the password typed.
async fn halfway(alice: &Person) -> Browser {
    let browser = alice.elsewhere();
    let reply = browser.log_in(&alice.email, PASSWORD).await;
    assert!(reply.location().starts_with("/login/second"));
    browser
}

const PENDING: &str = "__Host-grantor-pending";

/// What the first proof leaves in a browser is no session, and none can be made of it.
#[tokio::test]
async fn a_login_that_is_not_whole_opens_nothing() {
    let (site, alice, app, _) = scene().await;
    let browser = halfway(&alice).await;
    assert!(!browser.is_signed_in().await && browser.session_cookie().is_none());
    let pending = browser.cookie(PENDING).unwrap();
    // Under the session's name it is none either.
    let thief = alice.elsewhere();
    thief.take_cookie(&format!("__Host-grantor={pending}"));
    assert!(!thief.is_signed_in().await);
    // In another browser it is nothing, whoever knows the code.
    let other = alice.elsewhere();
    other.get("/login").await;
    other.take_cookie(&format!("{PENDING}={pending}"));
    let reply = other.second(&app.next(&other)).await;
    assert!(reply.location().starts_with("/login?"));
    assert!(!other.is_signed_in().await);
    // Nor for another user, level or moment.
    let mallory = site.user("mallory").await;
    for (from, to) in [
        (alice.id.to_string(), mallory.id.to_string()),
        (".pwd.".into(), ".hwk.".into()),
        (".pwd.".into(), ".pwd+otp.".into()),
    ] {
        let forged = pending.replace(&from, &to);
        assert_ne!(forged, pending);
        browser.take_cookie(&format!("{PENDING}={forged}"));
        assert!(
            browser
                .get("/login/second")
                .await
                .location()
                .starts_with("/login?")
        );
    }
}

/// A session that was there before the login is not the login.
#[tokio::test]
async fn a_skipped_step_changes_nothing() {
    let (site, alice, app, codes) = scene().await;
    let nobody = alice.elsewhere();
    assert!(
        nobody
            .get("/login/second")
            .await
            .location()
            .starts_with("/login?")
    );
    assert!(
        nobody
            .second(&codes[0])
            .await
            .location()
            .starts_with("/login?")
    );
    assert!(
        nobody
            .second(&app.next(&nobody))
            .await
            .location()
            .starts_with("/login?")
    );
    let setup = [("action", "set-up"), ("code", "000000"), ("setup", "x")];
    assert!(
        nobody
            .post("/login/second", &setup)
            .await
            .location()
            .starts_with("/login?")
    );
    assert!(
        nobody
            .post("/login/passkey/add", &[])
            .await
            .location()
            .starts_with("/login?")
    );
    assert!(!nobody.is_signed_in().await);
    // The code that was not looked at is still good.
    let browser = halfway(&alice).await;
    assert_eq!(browser.second(&codes[0]).await.code(), 303);
    // With the password alone nobody sets up another factor instead.
    let mallory = halfway(&alice).await;
    let page = alice.get("/account/factors/code").await;
    let setup = hidden(&page, "setup");
    let code = Authenticator::scan(&page).code(&mallory);
    let fields = [("action", "set-up"), ("code", &*code), ("setup", &*setup)];
    assert_eq!(mallory.post("/login/second", &fields).await.code(), 401);
    assert!(
        mallory
            .post("/login/passkey/add", &[])
            .await
            .location()
            .starts_with("/login?")
    );
    assert!(!mallory.is_signed_in().await);
    site.pass(Millis::minutes(6));
    let late = mallory.second(&app.code(&mallory)).await;
    assert!(late.location().starts_with("/login?"), "its time is up");
}

#[tokio::test]
async fn a_new_password_ends_what_is_half_way() {
    let (_, alice, app, _) = scene().await;
    let browser = halfway(&alice).await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "another one of mine"),
    ];
    assert_eq!(alice.post("/account/password", &fields).await.code(), 303);
    let reply = browser.second(&app.next(&browser)).await;
    assert!(reply.location().starts_with("/login?"));
    assert!(!browser.is_signed_in().await);
}

/// Whatever she had before the reset, a step-up never takes less than a login.
#[tokio::test]
async fn a_weaker_login_satisfies_no_step_up() {
    let (site, alice, app, _) = scene().await;
    site.pass(STALE);
    let before = alice.session_cookie();
    let reply = alice.log_in_to("/apps/new", &alice.email, PASSWORD).await;
    assert!(reply.location().starts_with("/login/second"));
    assert_eq!(alice.session_cookie(), before);
    for path in [
        "/apps/new",
        "/account/factors/code",
        "/account/factors/passkey",
    ] {
        assert_eq!(alice.get(path).await.brief(), "303 confirm", "{path}");
    }
    for path in [
        "/tokens",
        "/account/factors/code/remove",
        "/account/factors/recovery",
        "/account/password",
    ] {
        assert_eq!(alice.post(path, &[]).await.brief(), "303 confirm", "{path}");
    }
    alice.second(&app.next(&alice)).await;
    assert_eq!(alice.get("/apps/new").await.code(), 200);
}

#[tokio::test]
async fn guesses_at_a_second_factor_are_throttled() {
    let (site, alice, app, codes) = scene().await;
    // From anywhere, at any node, of either kind: one counter.
    let node = site.reopened(|_| ()).await;
    for number in 0..10 {
        let browser = match number % 2 {
            0 => alice.elsewhere().at(&format!("198.51.100.{number}")),
            _ => node.visitor().at(&format!("198.51.100.{number}")),
        };
        browser.log_in(&alice.email, PASSWORD).await;
        let guess = if number % 3 == 0 {
            "abcd-efgh-jkmn-2345"
        } else {
            "000000"
        };
        assert_eq!(browser.second(guess).await.code(), 401);
    }
    for right in [app.next(&alice), codes[0].clone()] {
        let browser = halfway(&alice).await;
        assert_eq!(browser.second(&right).await.code(), 429);
    }
    // She who is signed in is not put out, and nothing is for ever.
    assert!(alice.is_signed_in().await);
    site.pass(Millis::minutes(10));
    let browser = halfway(&alice).await;
    assert_eq!(browser.second(&app.code(&browser)).await.code(), 303);
}

/// Neither twice, nor one after a later one, nor one period too long.
#[tokio::test]
async fn a_one_time_password_works_once_and_not_for_long() {
    let (site, alice, app, _) = scene().await;
    let try_code = async |code: &str| {
        let browser = halfway(&alice).await;
        browser.second(code).await.code()
    };
    // What proved that the app works proves nothing more.
    assert_eq!(try_code(&app.code(&alice)).await, 401);
    let early = app.next(&alice);
    let late = app.next(&alice);
    assert_eq!(try_code(&late).await, 303);
    assert_eq!(try_code(&late).await, 401);
    assert_eq!(try_code(&early).await, 401);
    let next = app.next(&alice);
    site.pass(Millis::seconds(60));
    assert_eq!(try_code(&next).await, 401, "two periods later");
}
