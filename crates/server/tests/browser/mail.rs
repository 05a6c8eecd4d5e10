//! What people do with the links in their mails.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    mail_server::Sink,
    process::PASSWORD,
    stage::{ADA, Stage},
};

const NEW_PASSWORD: &str = "staple battery horse";

/// A server that mails by this sink.
fn stage(sink: &Sink, more: &str) -> Stage {
    Stage::with_config(&format!(
        "{more}smtp_server = '127.0.0.1:{}'\nsmtp_tls = 'off'\nmail_from = 'accounts@auth.example'\n",
        sink.port
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_verified_changed_and_taken_back() {
    let sink = Sink::start();
    let stage = stage(&sink, "");
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.url("/account")).await;
        ada.see("Not verified").await;
        ada.press("Verify or change").await;
        audit(ada, "address-unverified").await;
        ada.press("Mail me a link to verify it").await;
        ada.see("A link is on its way").await;
        audit(ada, "address-sent").await;
        let link = sink.next_about("Verify your email address").path();
        ada.open(&stage.url(&link)).await;
        ada.see("Verify your address").await;
        audit(ada, "address-verify").await;
        ada.press("Verify this address").await;
        ada.see("Your email address is verified.").await;
        audit(ada, "address").await;

        ada.fill("New email address", "ada@new.example").await;
        stage.let_eleven_minutes_pass();
        ada.press("Mail a link there").await;
        stage.confirm(ada).await;
        assert_eq!(ada.typed("New email address").await, "ada@new.example");
        ada.press("Mail a link there").await;
        ada.see("A link is on its way").await;
        let link = sink.next_about("Confirm your new email address").path();
        ada.open(&stage.url(&link)).await;
        ada.see("Use this address?").await;
        audit(ada, "address-change").await;
        ada.press_in("//main", "Use this address").await;
        ada.see("Your email address was changed.").await;

        let back = sink.next_about("Your email address was changed");
        assert_eq!(back.to(), ADA);
        ada.forget_cookies().await;
        ada.open(&stage.url(&back.path())).await;
        ada.see("Put your address back").await;
        audit(ada, "address-restore").await;
        ada.fill("New password", NEW_PASSWORD).await;
        ada.press("Put the address back").await;
        ada.see("Where you are signed in").await;
        ada.see(ADA).await;
        ada.open(&stage.url(&back.path())).await;
        ada.see("This link was used already").await;
        audit(ada, "link-spent").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced() {
    let sink = Sink::start();
    let stage = stage(&sink, "");
    browse(Scripts::On, async |ada| {
        ada.open(&stage.url("/tokens")).await;
        ada.see("Sign in to Grantor").await;
        audit(ada, "login-with-mail").await;
        ada.press("Forgot your password?").await;
        audit(ada, "forgot").await;
        ada.fill("Email address", ADA).await;
        ada.press("Mail me a link").await;
        ada.see("Check your email").await;
        audit(ada, "forgot-sent").await;
        let link = sink.next_about("Set a new password").path();
        ada.open(&stage.url(&link)).await;
        ada.see("All its sessions end.").await;
        audit(ada, "password-reset").await;
        ada.fill("New password", NEW_PASSWORD).await;
        ada.press("Set the password").await;
        ada.see("Where you are signed in").await;
        ada.press("Sign out").await;
        ada.see("You are signed out").await;

        ada.open(&stage.url("/login")).await;
        ada.fill("Email address", ADA).await;
        ada.fill("Password", PASSWORD).await;
        ada.press_in("//main", "Sign in").await;
        ada.see("do not belong together").await;
        ada.fill("Password", NEW_PASSWORD).await;
        ada.press_in("//main", "Sign in").await;
        ada.see("Overview").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_by_mail() {
    let sink = Sink::start();
    let stage = stage(&sink, "sign_up = 'mail'\n");
    browse(Scripts::On, async |mary| {
        mary.open(&stage.url("/tokens")).await;
        mary.press("Create an account").await;
        mary.see("We mail you a link").await;
        audit(mary, "join").await;
        mary.fill("Email address", "mary@example.org").await;
        mary.press("Mail me a link").await;
        mary.see("Check your email").await;
        audit(mary, "join-sent").await;
        let link = sink.next_about("Create your account").path();
        mary.open(&stage.url(&link)).await;
        assert_eq!(mary.typed("Email address").await, "mary@example.org");
        mary.fill("Your name", "Mary Somerville").await;
        mary.fill("Password", PASSWORD).await;
        audit(mary, "join-finish").await;
        mary.press("Create account").await;
        mary.see("Personal access tokens").await;
        mary.open(&stage.url(&link)).await;
        mary.see("This link was used already").await;
    })
    .await;
}
