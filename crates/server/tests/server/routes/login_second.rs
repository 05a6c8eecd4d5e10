//! `/login/second`: what a login takes beside the first proof.

use crate::support::{
    Asked, Authenticator, Device, PASSWORD, Person, STALE, Site, hidden, join_all, recovery_codes,
};
use grantor::config::Factors;
use grantor_protocol::time::Millis;

async fn alice(site: &Site) -> Person {
    site.user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await
}

async fn site(factors: Factors) -> Site {
    Site::with(|config| config.sign_in.factors = factors).await
}

#[tokio::test]
async fn a_code_follows_the_password() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let (app, codes) = alice.with_app().await;
    assert_eq!(codes.len(), 10);
    let browser = alice.elsewhere();
    let reply = browser.log_in_to("/tokens", &alice.email, PASSWORD).await;
    let second = "/login/second?return_to=%2Ftokens";
    assert_eq!((reply.code(), reply.location()), (303, second));
    assert!(!browser.is_signed_in().await && browser.session_cookie().is_none());
    let page = browser.get(second).await;
    assert_eq!(page.heading(), "One more step");
    assert_eq!(browser.second("000000").await.code(), 401);
    assert!(!browser.is_signed_in().await);
    // As an Arabic keyboard types it.
    let digit = |it: char| char::from_u32(it as u32 - '0' as u32 + '٠' as u32).unwrap();
    let code: String = app.next(&browser).chars().map(digit).collect();
    let reply = browser.second(&code).await;
    assert_eq!((reply.code(), reply.location()), (303, "/"));
    assert!(browser.is_signed_in().await);
    let history = alice.get("/account/history").await.body;
    assert!(history.contains("A sign-in with your password and a code of your authenticator app."));
}

/// What brought her here is done, whatever is asked for still.
#[tokio::test]
async fn what_was_done_on_the_way_is_told_here_too() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    alice.with_app().await;
    let browser = alice.elsewhere();
    let to = "/account?done=restored";
    let reply = browser.log_in_to(to, &alice.email, PASSWORD).await;
    let page = browser.get(reply.location()).await;
    assert_eq!(page.heading(), "One more step");
    assert!(page.notice().contains("Your address is back"));
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let (_, codes) = alice.with_app().await;
    for (code, status) in [(&codes[0], 303), (&codes[0], 401), (&codes[1], 303)] {
        let browser = alice.elsewhere();
        browser.log_in(&alice.email, PASSWORD).await;
        assert_eq!(browser.second(&code.to_uppercase()).await.code(), status);
    }
    let page = alice.get("/account/factors").await;
    assert!(page.body.contains("8 codes are left."), "{}", page.body);
    // New ones end all others.
    let fresh = recovery_codes(&alice.post("/account/factors/recovery", &[]).await);
    assert_eq!(fresh.len(), 10);
    for (code, status) in [(&codes[2], 401), (&fresh[0], 303)] {
        let browser = alice.elsewhere();
        browser.log_in(&alice.email, PASSWORD).await;
        assert_eq!(browser.second(code).await.code(), status);
    }
}

/// One code, many who bring it at once.
#[tokio::test]
async fn parallel_codes_end_in_one_session() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let (app, _) = alice.with_app().await;
    let mut browsers = Vec::new();
    for _ in 0..8 {
        let browser = alice.elsewhere();
        browser.log_in(&alice.email, PASSWORD).await;
        browser.get("/login/second").await;
        browsers.push(browser);
    }
    let code = app.next(&alice);
    let answers = join_all(browsers.iter().map(|browser| browser.second(&code))).await;
    let entered = answers.iter().filter(|reply| reply.code() == 303);
    assert_eq!(entered.count(), 1);
}

#[tokio::test]
async fn a_passkey_follows_the_password_too() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let mut device = Device::new();
    assert_eq!(alice.with_passkey(&mut device).await.code(), 201);
    let browser = alice.elsewhere();
    let to = browser
        .log_in(&alice.email, PASSWORD)
        .await
        .location()
        .to_owned();
    let page = browser.get(&to).await;
    let asked = Asked::of(&page);
    assert_eq!(
        asked.options["allowCredentials"].as_array().unwrap().len(),
        1
    );
    let credential = device.answer(&asked);
    assert_eq!(browser.answer(&asked, &credential).await.code(), 303);
    assert!(browser.is_signed_in().await);
    let history = browser.get("/account/history").await.body;
    assert!(history.contains("A sign-in with your password and a passkey."));
}

/// A step-up is a login: it asks for no less, and takes whatever she has.
#[tokio::test]
async fn a_step_up_asks_for_as_much_as_a_login() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let (app, _) = alice.with_app().await;
    let mut device = Device::new();
    alice.with_passkey(&mut device).await;
    site.pass(STALE);
    assert_eq!(alice.get("/apps/new").await.code(), 303);
    let reply = alice.log_in_to("/apps/new", &alice.email, PASSWORD).await;
    assert!(reply.location().starts_with("/login/second"));
    let page = alice.get(reply.location()).await;
    assert!(!page.body.contains("You are not signed in yet."));
    assert_eq!(alice.get("/apps/new").await.code(), 303, "still not recent");
    alice.second(&app.next(&alice)).await;
    assert_eq!(alice.get("/apps/new").await.code(), 200);
    site.pass(STALE);
    let step_up = "/login?return_to=%2Fapps%2Fnew&confirm=1";
    assert_eq!(alice.sign_in_with(&mut device, step_up).await.code(), 303);
    assert_eq!(alice.get("/apps/new").await.code(), 200);
}

#[tokio::test]
async fn a_factor_is_set_up_on_the_way_in_where_one_is_required() {
    let site = site(Factors::Required).await;
    let alice = site.user("alice").await.with_password().await;
    let to = alice
        .log_in(&alice.email, PASSWORD)
        .await
        .location()
        .to_owned();
    assert!(!alice.is_signed_in().await);
    let page = alice.get(&to).await;
    assert_eq!(page.heading(), "Set up a second way to sign in");
    let app = Authenticator::scan(&page);
    let (code, setup) = (app.code(&alice), hidden(&page, "setup"));
    let fields = |code| {
        [
            ("action", "set-up"),
            ("code", code),
            ("setup", &*setup),
            ("return_to", "/tokens"),
        ]
    };
    assert_eq!(
        alice.post("/login/second", &fields("000000")).await.code(),
        422
    );
    assert!(!alice.is_signed_in().await);
    let shown = alice.post("/login/second", &fields(&code)).await;
    assert_eq!((shown.code(), recovery_codes(&shown).len()), (201, 10));
    assert!(shown.body.contains("href=\"/tokens\""));
    assert!(!shown.body.contains("href=\"/login\"") && !shown.body.contains("Older codes"));
    assert!(alice.is_signed_in().await);
    let remove = "action=\"/account/factors/code/remove\"";
    let page = alice.get("/account/factors").await;
    assert!(!page.body.contains(remove));
    // And it is not taken away again.
    let refused = alice.post("/account/factors/code/remove", &[]).await;
    assert_eq!(refused.code(), 403);
    let mut device = Device::new();
    alice.with_passkey(&mut device).await;
    let page = alice.get("/account/factors").await;
    assert!(page.body.contains(remove));
    assert_eq!(
        alice.post("/account/factors/code/remove", &[]).await.code(),
        303
    );
    let page = alice.get("/account/factors").await;
    assert!(
        !page.body.contains("/remove\""),
        "now the passkey has to stay"
    );
}

#[tokio::test]
async fn a_passkey_is_made_on_the_way_in_where_nothing_else_counts() {
    let site = site(Factors::Passkey).await;
    let alice = site.user("alice").await.with_password().await;
    let to = alice
        .log_in(&alice.email, PASSWORD)
        .await
        .location()
        .to_owned();
    let page = alice.get(&to).await;
    assert!(!page.body.contains("name=\"setup\""));
    let (asked, mut device) = (Asked::of(&page), Device::new());
    let credential = device.create(&asked);
    let fields = [
        ("state", &*asked.state),
        ("credential", &credential),
        ("return_to", "/"),
    ];
    assert_eq!(alice.post("/login/passkey/add", &fields).await.code(), 303);
    assert!(alice.is_signed_in().await);
    assert_eq!(alice.get("/account/factors/code").await.code(), 403);
    // A password is only the way to the passkey.
    let browser = alice.elsewhere();
    browser.log_in(&alice.email, PASSWORD).await;
    assert!(!browser.is_signed_in().await);
    assert_eq!(
        browser
            .sign_in_with(&mut device, "/login?switch=1")
            .await
            .code(),
        303
    );
    assert!(browser.is_signed_in().await);
}

/// Who has set up more is asked for it, also where nobody can any more.
#[tokio::test]
async fn what_is_set_up_stays_asked_for() {
    let folder = Site::open().await;
    let alice = alice(&folder).await;
    let (app, _) = alice.with_app().await;
    let later = folder
        .reopened(|config| config.sign_in.factors = Factors::Password)
        .await;
    let browser = later.visitor();
    let reply = browser.log_in(&alice.email, PASSWORD).await;
    assert!(reply.location().starts_with("/login/second"));
    later.pass(Millis::seconds(60));
    let code = app.code_at(later.world.now());
    assert_eq!(browser.second(&code).await.code(), 303);
    assert_eq!(browser.get("/account/factors/code").await.code(), 403);
}
