//! A developer finds out what went wrong.

use crate::{
    chromium::{Scripts, browse},
    stage::{ADA, GRACE, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_near_miss_of_a_redirect_is_explained_to_the_owner() {
    let stage = Stage::new();
    let app = stage.app("https://clock.example/cb", &[]);
    let wrong = stage.authorize(&app, "https://clock.example/cb/", &[]);
    browse(Scripts::On, async |person| {
        person.open(&wrong).await;
        person.see("Received: https://clock.example/cb/").await;

        stage.sign_in(person, GRACE).await;
        person.press("Developer").await;
        person.press("Test app").await;
        person.press("Refused requests").await;
        person.see("a slash at the end of the path").await;
        assert_eq!(person.text("mark").await, "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_app_is_a_dead_end_in_plain_words() {
    let stage = Stage::new();
    browse(Scripts::On, async |person| {
        let address = "/-/oauth_authorize?client_id=42&redirect_uri=https://a.example/&state=1";
        person.open(&stage.url(address)).await;
        person.see("Received: 42").await;
        person.open(&stage.url("/no/such/page")).await;
        person.see("That page is not here").await;
        person.press("To the start page").await;
        person
            .see("Your account, and the apps that act for it")
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_asks_what_a_token_may_do() {
    let stage = Stage::new();
    let arguments = ["token", "add", "--user", ADA, "--description", "Export"];
    let made = stage.home.run(&arguments, "");
    let token = made["token"].as_str().unwrap();
    browse(Scripts::Off, async |grace| {
        stage.sign_in(grace, GRACE).await;
        grace.press("Developer").await;
        grace.press("Inspect a token").await;
        grace.fill("Token", token).await;
        grace.press("Inspect").await;
        grace.see("Personal access token").await;
        grace.see("Active").await;
        grace.see("Do everything in Grantor").await;

        let broken = format!("{token}x");
        grace.fill("Another token", &broken).await;
        grace.press("Inspect").await;
        grace.see("Not an active token").await;
        assert!(!grace.url().await.contains(&broken));
    })
    .await;
}
