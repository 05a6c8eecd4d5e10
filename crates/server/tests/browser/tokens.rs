//! A user and the tokens for her own scripts.

use crate::{
    chromium::{Scripts, browse},
    person::Person,
    stage::{ADA, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_makes_uses_and_ends_tokens() {
    make_use_and_end(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_need_no_script() {
    make_use_and_end(Scripts::Off).await;
}

async fn make_use_and_end(scripts: Scripts) {
    let stage = Stage::new();
    browse(scripts, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.press("Tokens").await;
        ada.see("No tokens yet").await;
        let export = nothing_chosen_then_everything(&stage, ada).await;
        only_the_email_address(&stage, ada).await;

        ada.press_beside("Nightly export", "Deauthorize").await;
        ada.see("The token was deauthorized.").await;
        assert_eq!(stage.me(&export).await.status, 401);

        ada.fill("What is it for?", "Laptop").await;
        ada.press("Make token").await;
        let laptop = ada.text("#fresh").await;
        assert_eq!(stage.me(&laptop).await.status, 200);
        ada.press("Deauthorize all…").await;
        ada.see("Deauthorize all your tokens?").await;
        ada.press("Deauthorize all").await;
        ada.see("All your tokens were deauthorized.").await;
        ada.see("No tokens yet").await;
        assert_eq!(stage.me(&laptop).await.status, 401);
    })
    .await;
}

async fn nothing_chosen_then_everything(stage: &Stage, ada: &Person) -> String {
    ada.fill("What is it for?", "Nightly export").await;
    ada.choose("30 days").await;
    ada.choose("default").await;
    ada.press("Make token").await;
    ada.see("Choose what the token may do.").await;
    assert_eq!(ada.typed("What is it for?").await, "Nightly export");
    assert_eq!(ada.typed("Expires after").await, "30");

    ada.choose("default").await;
    ada.press("Make token").await;
    ada.see("Your new token: Nightly export").await;
    let token = ada.text("#fresh").await;
    assert!(token.starts_with("gr_pat_"), "{token}");
    // The example on the page is the very call that works.
    let example = ada.text("#fresh-call").await;
    let address = stage.url("/api/1.0/users/me");
    assert!(example.contains(&format!("{address} ")), "{example}");
    let me = stage.me(&token).await;
    assert_eq!((me.status, &me.json["data"]["email"]), (200, &ADA.into()));

    ada.press("Tokens").await;
    ada.see("Nightly export").await;
    assert!(!ada.shows("#fresh").await, "a token is shown once");
    ada.see("expires in 30 days").await;
    ada.see("used just now from 127.0.0.1").await;
    token
}

async fn only_the_email_address(stage: &Stage, ada: &Person) {
    ada.fill("What is it for?", "Address book").await;
    ada.choose("default").await;
    ada.choose("email").await;
    ada.press("Make token").await;
    ada.see("Your new token: Address book").await;
    let token = ada.text("#fresh").await;
    assert_eq!(stage.me(&token).await.status, 403);
}
