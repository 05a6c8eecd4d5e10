//! Signing out of an app and of all the others, and who gets to know.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    person::Person,
    process::App,
    site::Site,
    stage::{ADA, Stage},
};
use grantor_protocol::form;
use serde_json::json;

/// A stage, an app's site, and the app, which is told by way of the browser.
async fn scene() -> (Stage, Site, App) {
    let (stage, site) = (Stage::new(), Site::start().await);
    let app = stage.named_app("Clock", &format!("{}/cb", site.loopback), &[]);
    let choice = json!({
        "frontchannel_logout_uri": format!("{}/out", site.loopback),
        "post_logout_redirect_uris": [format!("{}/bye", site.loopback)],
        "initiate_login_uri": "https://clock.example/login",
    });
    stage.choose(&app, &choice);
    (stage, site, app)
}

/// Logs in to the app: its ID token and its session state.
async fn log_in(ada: &Person, (stage, site, app): &mut (Stage, Site, App)) -> (String, String) {
    let redirect = format!("{}/cb", site.loopback);
    let scope = [("scope", "openid")];
    ada.open(&stage.authorize(app, &redirect, &scope)).await;
    stage.fill_login(ada, ADA).await;
    ada.see("Sign in to Clock with Grantor?").await;
    ada.press_in("//main", "Sign in").await;
    ada.see("You are back at the app.").await;
    let answer = site.answer().await;
    let tokens = stage.exchange(app, &redirect, &answer["code"]).await;
    let token = tokens.text("id_token").to_owned();
    (token, answer["session_state"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_signs_its_user_out_everywhere() {
    sign_out_by_app(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn being_signed_out_needs_no_script() {
    sign_out_by_app(Scripts::Off).await;
}

async fn sign_out_by_app(scripts: Scripts) {
    let mut scene = scene().await;
    browse(scripts, async |ada| {
        let (token, _) = log_in(ada, &mut scene).await;
        let (stage, site, app) = &mut scene;
        let bye = format!("{}/bye", site.loopback);
        let ask = [
            ("id_token_hint", token.as_str()),
            ("post_logout_redirect_uri", &bye),
            ("state", "a b"),
        ];
        let path = format!("/-/logout?{}", form::encode(ask));
        ada.open(&stage.url(&path)).await;
        ada.see("You are back at the app.").await;
        let told = site.answer().await;
        assert_eq!(told["iss"], stage.server.url());
        assert!(told["sid"].len() == 32, "{told:?}");
        let back = site.answer().await;
        assert_eq!(back["state"], "a b");

        let silent = [("scope", "openid"), ("prompt", "none")];
        let redirect = format!("{}/cb", site.loopback);
        ada.open(&stage.authorize(app, &redirect, &silent)).await;
        assert_eq!(site.answer().await["error"], "login_required");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_asked_and_sees_who_is_told() {
    let mut scene = scene().await;
    browse(Scripts::On, async |ada| {
        log_in(ada, &mut scene).await;
        let (stage, site, app) = &mut scene;
        ada.open(&stage.url("/account")).await;
        ada.see("Signed in to Clock").await;
        audit(ada, "account-apps").await;
        ada.open(&stage.url("/authorizations")).await;
        ada.see("Open").await;
        audit(ada, "authorizations-open").await;

        let bye = format!("{}/bye", site.loopback);
        let ask = [
            ("client_id", app.client_id.as_str()),
            ("post_logout_redirect_uri", &bye),
        ];
        let path = format!("/-/logout?{}", form::encode(ask));
        ada.open(&stage.url(&path)).await;
        ada.see("Clock asks you to.").await;
        audit(ada, "sign-out-app").await;
        ada.press("Cancel").await;
        ada.see("Overview").await;
        ada.open(&stage.url("/-/logout?id_token_hint=x")).await;
        ada.see("This sign-out request is wrong").await;
        audit(ada, "sign-out-wrong").await;

        ada.open(&stage.url("/-/logout")).await;
        ada.see("They will be told").await;
        ada.press_in("//main", "Sign out").await;
        ada.see("You are signed out").await;
        ada.see("These apps are told").await;
        assert_eq!(site.answer().await["iss"], stage.server.url());
        audit(ada, "signed-out-apps").await;
        ada.open(&stage.url(&path)).await;
        audit(ada, "signed-out-onward").await;
        ada.press("Go on to Clock").await;
        ada.see("You are back at the app.").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_app_watches_the_login() {
    let mut scene = scene().await;
    browse(Scripts::On, async |ada| {
        let (_, state) = log_in(ada, &mut scene).await;
        let (stage, site, app) = &mut scene;
        let watch = |state: &str| {
            let op = stage.server.url();
            let ask = [("op", op), ("client", &app.client_id), ("state", state)];
            format!("{}/watch?{}", site.loopback, form::encode(ask))
        };
        ada.open(&watch(&state)).await;
        ada.see("unchanged").await;
        ada.open(&watch("nonsense")).await;
        ada.see("error").await;
        ada.open(&stage.url("/-/logout")).await;
        ada.press_in("//main", "Sign out").await;
        ada.see("You are signed out").await;
        ada.open(&watch(&state)).await;
        ada.see("changed").await;
        ada.miss("unchanged").await;
    })
    .await;
}
