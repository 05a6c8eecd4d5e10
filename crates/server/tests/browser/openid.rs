//! Logging in to an app with an account here: what the user says of herself, what the
//! developer sets up, and what is asked in between.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    person::Person,
    process::App,
    site::Site,
    stage::{ADA, GRACE, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gives_details_and_takes_them_back() {
    let stage = Stage::new();
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.press("Account").await;
        ada.press("details").await;
        audit(ada, "details").await;
        ada.fill("Nickname", "عدّا").await;
        ada.fill(
            "Website",
            &format!("https://ada.example/{}", "long".repeat(60)),
        )
        .await;
        ada.fill("Birthday", "10 December 1815").await;
        ada.fill("Phone number", "555 1212").await;
        ada.fill("Town", "London").await;
        ada.press("Save details").await;
        ada.see("Nothing is saved yet").await;
        ada.see("Write it as 1990-12-31").await;
        ada.see("Write it with the country").await;
        audit(ada, "details-wrong").await;
        assert_eq!(ada.typed("Town").await, "London");
        ada.fill("Birthday", "1815-12-10").await;
        ada.fill("Phone number", "+44 20 7946 0000").await;
        ada.press("Save details").await;
        ada.see("Your details were saved.").await;
        assert_eq!(ada.typed("Nickname").await, "عدّا");
        audit(ada, "details-saved").await;
        ada.fill("Phone number", "").await;
        ada.press("Save details").await;
        ada.see("Your details were saved.").await;
        assert_eq!(ada.typed("Phone number").await, "");
    })
    .await;
}

/// From the console to a login that reads as one.
#[tokio::test(flavor = "multi_thread")]
async fn a_developer_sets_up_a_login_and_a_user_signs_in() {
    let (stage, mut site) = (Stage::new(), Site::start().await);
    let redirect = format!("{}/cb", site.origin);
    let app = stage.named_app("Clock", &redirect, &[]);
    browse(Scripts::On, async |grace| {
        stage.sign_in(grace, GRACE).await;
        set_up(&stage, grace, &app).await;
    })
    .await;
    let asks = [
        ("scope", "openid email"),
        ("nonce", "n"),
        ("display", "popup"),
    ];
    site.connects_by(&stage.authorize(&app, &redirect, &asks));
    browse(Scripts::On, async |ada| {
        ada.open(&site.origin).await;
        ada.press("Connect with Grantor").await;
        ada.see("Clock’s own privacy policy").await;
        audit(ada, "login-policies").await;
        stage.fill_login(ada, ADA).await;
        ada.see("Sign in to Clock with Grantor?").await;
        ada.see("learns who you are").await;
        ada.see("email address").await;
        ada.see("privacy policy (clock.example)").await;
        audit(ada, "consent-login").await;
        ada.press_in("//main", "Sign in").await;
        ada.see("You are back at the app.").await;
    })
    .await;
    let answer = site.answer().await;
    let tokens = stage.exchange(&app, &redirect, &answer["code"]).await;
    assert!(tokens.text("id_token").starts_with("ey"), "{tokens:?}");
}

async fn set_up(stage: &Stage, grace: &Person, app: &App) {
    let path = format!("/apps/{}", app.client_id);
    grace.open(&stage.url(&path)).await;
    grace.press("Logging in").await;
    grace.see("ready to copy").await;
    grace.see("/.well-known/openid-configuration").await;
    audit(grace, "app-openid").await;
    grace.press("Fill in for Legacy").await;
    grace
        .see("Filled in for “Legacy”. Nothing is saved yet")
        .await;
    assert!(grace.shows("[name=id_token_claims]:checked").await);
    grace.press("Fill in for Server app").await;
    grace
        .fill("Privacy policy", "http://clock.example/privacy")
        .await;
    grace.fill("Public keys", "{}").await;
    grace.press("Encryption, for those who need it").await;
    grace.press("Save").await;
    grace
        .see("Nothing is saved yet. What needs another look")
        .await;
    audit(grace, "app-openid-wrong").await;
    grace
        .fill("Privacy policy", "https://clock.example/privacy")
        .await;
    grace.fill("Public keys", "").await;
    grace.press("Save").await;
    grace.see("The OpenID Connect settings were saved.").await;
    assert_eq!(
        grace.typed("Privacy policy").await,
        "https://clock.example/privacy"
    );
}
