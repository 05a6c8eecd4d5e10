//! A user and her account: name, photo, password, sessions.

use crate::{
    chromium::{Scripts, browse},
    process::PASSWORD,
    stage::{ADA, Stage},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// For a file to be saved.
const PATIENCE: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn a_user_changes_her_name_and_her_photo() {
    let stage = Stage::new();
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.press("Account").await;
        ada.fill("Name", "Ada King").await;
        ada.press("Save name").await;
        ada.see("Your name was saved.").await;
        assert_eq!(ada.text(".me-name").await, "Ada King");

        let not_a_picture = stage.home.path().join("notes.txt");
        std::fs::write(&not_a_picture, "no picture").unwrap();
        ada.attach("Photo", &not_a_picture).await;
        ada.press("Save photo").await;
        ada.see("PNG, JPEG or WebP").await;
        assert!(ada.shows("#photo-error").await);

        let photo = stage.picture("photo.jpg", [60, 79, 158]);
        ada.attach("Photo", &photo).await;
        ada.wait_for("#photo-preview[src^='data:image/jpeg']").await;
        ada.press("Save photo").await;
        ada.see("Your photo was saved.").await;
        assert!(ada.shows(".me img[src^='/images/']").await);
        ada.press("Remove photo").await;
        ada.see("Your photo was removed.").await;
        assert!(!ada.shows(".me img").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_what_happened_to_her_account() {
    let stage = Stage::new();
    browse(Scripts::Off, async |ada| {
        ada.open(&stage.url("/login")).await;
        ada.fill("Email address", ADA).await;
        ada.fill("Password", "not her password").await;
        ada.press_in("//main", "Sign in").await;
        ada.see("do not belong together").await;
        stage.fill_login(ada, ADA).await;
        ada.see("Overview").await;
        let arguments = ["token", "add", "--user", ADA, "--description", "Export"];
        stage.home.run(&arguments, "");
        ada.press("Account").await;
        ada.press("Security history").await;
        for text in [
            "A personal access token was made.",
            "Export",
            "by the operator",
            "A sign-in with your password.",
            "An attempt to sign in to your account was refused.",
            "from 127.0.0.1",
            "Your account was made.",
        ] {
            ada.see(text).await;
        }
        ada.press("Back to your account").await;
        ada.see("Where you are signed in").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    const NEW: &str = "staple battery horse";
    let stage = Stage::new();
    browse(Scripts::Off, async |ada| {
        // The first session lives on elsewhere: this browser only forgets it.
        for _ in 0..3 {
            ada.forget_cookies().await;
            stage.sign_in(ada, ADA).await;
        }
        ada.press("Account").await;
        ada.see("This one").await;
        ada.press_in("//li[not(contains(., 'This one'))]", "End")
            .await;
        ada.see("The session was ended.").await;
        assert!(
            ada.shows("form[action='/account/sessions/end-others']")
                .await
        );

        ada.fill("Current password", "not my password").await;
        ada.fill("New password", NEW).await;
        ada.press("Change password").await;
        ada.see("This is not your current password.").await;
        ada.fill("Current password", PASSWORD).await;
        ada.fill("New password", NEW).await;
        ada.press("Change password").await;
        ada.see("Your password").await;
        assert!(
            !ada.shows("form[action='/account/sessions/end-others']")
                .await
        );

        ada.press("Sign out").await;
        ada.see("You are signed out").await;
        ada.open(&stage.url("/login")).await;
        stage.fill_login(ada, ADA).await;
        ada.see("do not belong together").await;
        ada.fill("Password", NEW).await;
        ada.press_in("//main", "Sign in").await;
        ada.see("Overview").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_takes_her_data_along_and_leaves() {
    let stage = Stage::new();
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.press("Account").await;
        ada.see("Your data").await;
        let folder = stage.home.path();
        let wanted = json!({ "behavior": "allow", "downloadPath": folder });
        ada.dev_tools("Browser.setDownloadBehavior", wanted).await;
        ada.press("Download your data").await;
        let file = folder.join("account.json");
        let taken = timeout(PATIENCE, async {
            // It has its name when it is whole.
            while !file.exists() {
                sleep(Duration::from_millis(20)).await;
            }
            std::fs::read_to_string(&file).unwrap()
        });
        let taken: Value = serde_json::from_str(&taken.await.unwrap()).unwrap();
        assert_eq!(taken["account"]["email"], ADA);

        ada.press("Delete your account…").await;
        ada.see("Delete your account?").await;
        ada.fill("To confirm", "ada").await;
        assert!(ada.shows("button.danger:disabled").await);
        ada.fill("To confirm", ADA).await;
        ada.press("Delete my account").await;
        ada.see("The account was deleted.").await;
        ada.open(&stage.url("/login")).await;
        stage.fill_login(ada, ADA).await;
        ada.see("do not belong together").await;
    })
    .await;
}
