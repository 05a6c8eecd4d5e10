//! The main job: a user connects an app of somebody else's, and ends it.

use crate::{
    chromium::{Scripts, browse},
    person::Person,
    process::{App, PASSWORD},
    site::Site,
    stage::{ADA, GRACE, STATE, Stage},
};

/// A stage, a third party's site, and its app.
async fn clock(more: &[(&str, &str)]) -> (Stage, Site, App, String) {
    let (stage, site) = (Stage::new(), Site::start().await);
    let redirect = format!("{}/cb", site.origin);
    let app = stage.app(&redirect, &[]);
    site.connects_by(&stage.authorize(&app, &redirect, more));
    (stage, site, app, redirect)
}

async fn connect(person: &Person, site: &Site) {
    person.open(&site.origin).await;
    person.press("Connect with Grantor").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_connects_an_app_and_ends_it() {
    connect_and_end(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_needs_no_script() {
    connect_and_end(Scripts::Off).await;
}

async fn connect_and_end(scripts: Scripts) {
    let (stage, mut site, app, redirect) = clock(&[]).await;
    browse(scripts, async |ada| {
        connect(ada, &site).await;
        ada.see("to continue to Test app").await;
        stage.fill_login(ada, ADA).await;
        for shown in [
            "Connect Test app to your Grantor account?",
            "by Grace Hopper",
            "app.example",
            "Unverified",
            "Ada Lovelace",
            ADA,
            "Do everything in Grantor that you can do through its API",
            "your account ID, your name, your email address and your photo",
            "localhost",
        ] {
            ada.see(shown).await;
        }
        ada.press("Allow").await;
        ada.see("You are back at the app.").await;
        let tokens = buy(&stage, &mut site, &app, &redirect).await;
        let access = tokens.text("access_token");
        let me = stage.me(access).await;
        assert_eq!((me.status, &me.json["data"]["email"]), (200, &ADA.into()));

        // Allowed once: the second time nobody asks.
        connect(ada, &site).await;
        ada.see("You are back at the app.").await;
        buy(&stage, &mut site, &app, &redirect).await;

        end(&stage, ada).await;
        let me = stage.me(access).await;
        assert_eq!(me.status, 401, "{me:?}");
        let refreshed = stage.refresh(&app, tokens.text("refresh_token")).await;
        assert_eq!(refreshed.text("error"), "invalid_grant");
    })
    .await;
}

async fn buy(stage: &Stage, site: &mut Site, app: &App, redirect: &str) -> crate::stage::Reply {
    let answer = site.answer().await;
    assert_eq!(answer["state"], STATE);
    assert_eq!(answer["iss"], stage.server.url());
    let tokens = stage.exchange(app, redirect, &answer["code"]).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    tokens
}

async fn end(stage: &Stage, ada: &Person) {
    ada.open(&stage.url("/")).await;
    ada.press("Authorized apps").await;
    ada.see("Test app").await;
    ada.see("by Grace Hopper").await;
    ada.see("last used just now").await;
    ada.press_beside("Test app", "End access").await;
    ada.see("The app’s access has ended.").await;
    ada.see("No app acts for you").await;
}

/// Chromium holds a form's whole chain of redirects to the page's `form-action`: the
/// one from the login straight to the app as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_consent_leads_from_the_login_straight_to_the_app() {
    let (stage, mut site, _, _) = clock(&[]).await;
    browse(Scripts::On, async |ada| {
        connect(ada, &site).await;
        stage.fill_login(ada, ADA).await;
        ada.press("Allow").await;
        site.answer().await;
        ada.open(&stage.url("/")).await;
        ada.press("Sign out").await;
        ada.see("You are signed out").await;

        connect(ada, &site).await;
        // The first try goes wrong; the page that says so leads on as well.
        ada.fill("Email address", ADA).await;
        ada.fill("Password", "not my password").await;
        ada.press_in("//main", "Sign in").await;
        ada.see("do not belong together").await;
        stage.fill_login(ada, ADA).await;
        ada.see("You are back at the app.").await;
        assert!(site.answer().await.contains_key("code"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_denies_an_app() {
    let (stage, mut site, _, _) = clock(&[]).await;
    browse(Scripts::Off, async |ada| {
        connect(ada, &site).await;
        stage.fill_login(ada, ADA).await;
        ada.press("Deny").await;
        ada.see("You are back at the app.").await;
        let answer = site.answer().await;
        assert_eq!(answer["error"], "access_denied");
        assert_eq!(answer["state"], STATE);
        assert!(!answer.contains_key("code"));
        ada.open(&stage.url("/authorizations")).await;
        ada.see("No app acts for you").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_you_leads_to_another_account_and_back() {
    let (stage, mut site, app, redirect) = clock(&[]).await;
    browse(Scripts::Off, async |person| {
        stage.sign_in(person, ADA).await;
        connect(person, &site).await;
        person.see(ADA).await;
        person.press("Not you?").await;
        stage.fill_login(person, GRACE).await;
        person.see(GRACE).await;
        person.miss(ADA).await;
        person.press("Allow").await;
        person.see("You are back at the app.").await;
        let tokens = buy(&stage, &mut site, &app, &redirect).await;
        assert_eq!(tokens.json["data"]["email"], GRACE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_asks_for_more_is_looked_at_again() {
    let (stage, mut site, app, redirect) = clock(&[("scope", "email")]).await;
    browse(Scripts::On, async |ada| {
        connect(ada, &site).await;
        stage.fill_login(ada, ADA).await;
        ada.see("See your email address").await;
        ada.miss("Do everything in Grantor").await;
        ada.press("Allow").await;
        let tokens = buy(&stage, &mut site, &app, &redirect).await;
        assert_eq!(tokens.text("scope"), "email");
        let me = stage.me(tokens.text("access_token")).await;
        assert_eq!(me.status, 403, "{me:?}");

        site.connects_by(&stage.authorize(&app, &redirect, &[]));
        connect(ada, &site).await;
        ada.see("Let Test app do more?").await;
        ada.see("This time it asks for more than you allowed.")
            .await;
        ada.press("Allow").await;
        let tokens = buy(&stage, &mut site, &app, &redirect).await;
        let me = stage.me(tokens.text("access_token")).await;
        assert_eq!(me.status, 200, "{me:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_makes_an_account_on_the_way() {
    let (stage, mut site, app, redirect) = clock(&[]).await;
    browse(Scripts::Off, async |mary| {
        connect(mary, &site).await;
        mary.press("Create an account").await;
        mary.fill("Your name", "Mary Somerville").await;
        mary.fill("Email address", "mary@example.org").await;
        mary.fill("Password", PASSWORD).await;
        mary.press("Create account").await;
        mary.see("Connect Test app to your Grantor account?").await;
        mary.press("Allow").await;
        mary.see("You are back at the app.").await;
        let tokens = buy(&stage, &mut site, &app, &redirect).await;
        assert_eq!(tokens.json["data"]["name"], "Mary Somerville");
    })
    .await;
}
