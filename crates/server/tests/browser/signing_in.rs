//! Coming in and going out.

use crate::{
    chromium::{Scripts, browse},
    process::PASSWORD,
    stage::{ADA, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_makes_an_account() {
    let stage = Stage::new();
    browse(Scripts::On, async |person| {
        person.open(&stage.url("/")).await;
        person.press("Create an account").await;
        person.see("Create your Grantor account").await;
        person.fill("Your name", "Mary Somerville").await;
        person.fill("Email address", ADA).await;
        person.fill("Password", PASSWORD).await;
        person.press("Create account").await;
        person.see("There is an account with this address").await;
        assert_eq!(person.typed("Your name").await, "Mary Somerville");

        person.fill("Email address", "mary@example.org").await;
        person.fill("Password", PASSWORD).await;
        person.press("Create account").await;
        person.see("Overview").await;
        person.see("Mary Somerville").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_makes_the_first_account_by_the_printed_link() {
    let stage = Stage::empty();
    let link = stage.set_up_link().await;
    browse(Scripts::On, async |person| {
        person.open(&link).await;
        person.see("Set up Grantor").await;
        person.fill("Your name", "Olga").await;
        person.fill("Email address", "olga@example.org").await;
        person.fill("Password", PASSWORD).await;
        person.press("Create administrator").await;
        person.see("Overview").await;

        person.open(&link).await;
        person.see("This set-up link was used").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_once_and_the_right_one_lets_in() {
    let stage = Stage::new();
    browse(Scripts::On, async |person| {
        person.open(&stage.url("/tokens")).await;
        person.see("Sign in to Grantor").await;
        person.fill("Email address", ADA).await;
        person.fill("Password", "not my password").await;
        person.press_in("//main", "Sign in").await;
        person.see("do not belong together").await;
        assert_eq!(person.typed("Email address").await, ADA);
        assert_eq!(person.typed("Password").await, "");

        // On to where she wanted to go in the first place.
        stage.fill_login(person, ADA).await;
        person.see("Personal access tokens").await;

        person.press("Sign out").await;
        person.see("You are signed out").await;
        person.open(&stage.url("/tokens")).await;
        person.see("Sign in to Grantor").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_by_a_link_asks_first() {
    let stage = Stage::new();
    browse(Scripts::Off, async |person| {
        stage.sign_in(person, ADA).await;
        person.open(&stage.url("/-/logout")).await;
        person.see("Sign out of Grantor?").await;
        person.press("Cancel").await;
        person.see("Overview").await;
        person.open(&stage.url("/-/logout")).await;
        person.press_in("//main", "Sign out").await;
        person.see("You are signed out").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_a_second_look_at_who_it_is() {
    let stage = Stage::new();
    browse(Scripts::Off, async |person| {
        stage.sign_in(person, ADA).await;
        person.open(&stage.url("/tokens")).await;
        person.fill("What is it for?", "Nightly export").await;
        person.choose("30 days").await;
        stage.let_eleven_minutes_pass();
        person.press("Make token").await;
        stage.confirm(person).await;

        person.see("New token").await;
        assert_eq!(person.typed("What is it for?").await, "Nightly export");
        assert_eq!(person.typed("Expires after").await, "30");
        person.press("Make token").await;
        person.see("Your new token: Nightly export").await;
    })
    .await;
}
