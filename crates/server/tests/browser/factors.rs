//! More than a password: passkeys on a device, codes of an app, codes on paper.

use crate::{
    chromium::{Scripts, browse},
    person::Person,
    process::PASSWORD,
    stage::{ADA, Stage},
};
use grantor::{totp::SharedSecret, world::World};
use grantor_protocol::time::Timestamp;

/// The secret on the page, as an authenticator app reads it.
async fn scan(person: &Person) -> SharedSecret {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let text = person.text("#secret").await;
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for digit in text.chars().filter_map(|digit| DIGITS.find(digit)) {
        held = ((held << 5) | digit as u32) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    SharedSecret::from_bytes(&bytes).expect("twenty bytes")
}

/// The code so many steps from now.
fn code(secret: &SharedSecret, steps: i64) -> String {
    secret.code(Timestamp(World::real().now().0 + steps * 30_000))
}

async fn type_password(ada: &Person) {
    ada.fill("Email address", ADA).await;
    ada.fill("Password", PASSWORD).await;
    ada.press_in("//main", "Sign in").await;
}

async fn sign_out(ada: &Person) {
    ada.press("Sign out").await;
    ada.see("You are signed out").await;
}

async fn add_passkey(stage: &Stage, ada: &Person) {
    ada.open(&stage.url("/account")).await;
    ada.press("Ways to sign in").await;
    ada.press("Add a passkey…").await;
    ada.see("nobody can trick it out of you").await;
    ada.fill("What do you call it?", "My laptop").await;
    ada.press_in("//form", "Add a passkey").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_adds_a_passkey_and_signs_in_with_it() {
    let stage = Stage::at_a_name("");
    browse(Scripts::On, async |ada| {
        let device = ada.plug_in_a_device().await;
        stage.sign_in(ada, ADA).await;
        add_passkey(&stage, ada).await;
        ada.see("Write these codes down").await;
        ada.press("I have them").await;
        ada.see("Your passkey was added.").await;
        ada.see("My laptop").await;
        sign_out(ada).await;

        // The browser offers it by itself, and the device has it confirmed at once.
        ada.open(&stage.url("/login?return_to=%2Ftokens")).await;
        ada.see("Personal access tokens").await;
        ada.open(&stage.url("/account/history")).await;
        ada.see("A sign-in with a passkey.").await;

        // A device that does not know whose finger it is lets nobody in.
        sign_out(ada).await;
        ada.recognise(&device, false).await;
        ada.open(&stage.url("/login")).await;
        ada.press("Sign in with a passkey").await;
        ada.see("No passkey was used.").await;
        ada.recognise(&device, true).await;
        ada.press("Sign in with a passkey").await;
        ada.see("Overview").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_follows_a_password_and_confirms_what_is_delicate() {
    let stage = Stage::at_a_name("");
    browse(Scripts::On, async |ada| {
        let device = ada.plug_in_a_device().await;
        stage.sign_in(ada, ADA).await;
        add_passkey(&stage, ada).await;
        ada.press("I have them").await;
        sign_out(ada).await;

        ada.recognise(&device, false).await;
        ada.open(&stage.url("/login")).await;
        type_password(ada).await;
        ada.see("You are not signed in yet.").await;
        ada.open(&stage.url("/account")).await;
        ada.see("Sign in to Grantor").await;
        type_password(ada).await;
        ada.recognise(&device, true).await;
        ada.press("Use a passkey").await;
        ada.see("Where you are signed in").await;

        stage.let_eleven_minutes_pass();
        ada.recognise(&device, false).await;
        ada.open(&stage.url("/account/factors")).await;
        ada.press_beside("My laptop", "Remove").await;
        ada.see("Confirm it’s you").await;
        ada.recognise(&device, true).await;
        ada.press("Confirm with a passkey").await;
        ada.see("My laptop").await;
        ada.press_beside("My laptop", "Remove").await;
        ada.see("The passkey was removed.").await;
        sign_out(ada).await;
        // The device still has it, and offers it by itself: once.
        ada.open(&stage.url("/login")).await;
        ada.see("This passkey did not sign you in.").await;
        type_password(ada).await;
        ada.see("Overview").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sets_up_an_app_and_types_its_codes() {
    let stage = Stage::new();
    browse(Scripts::Off, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.url("/account/factors")).await;
        ada.press("Set up an app…").await;
        let secret = scan(ada).await;
        ada.fill("Code", "000000").await;
        ada.press("Use this app").await;
        ada.see("This is not the code of this moment.").await;
        // The one before, so that the present one is still to be used.
        ada.fill("Code", &code(&secret, -1)).await;
        ada.press("Use this app").await;
        ada.see("Write these codes down").await;
        let paper = ada.text("#codes").await;
        ada.press("I have them").await;
        ada.see("10 codes are left.").await;
        sign_out(ada).await;

        for typed in [code(&secret, 0), paper.lines().next().unwrap().to_owned()] {
            ada.open(&stage.url("/login")).await;
            type_password(ada).await;
            ada.see("One more step").await;
            ada.fill("Code", "000000").await;
            ada.press("Continue").await;
            ada.see("This code is not right").await;
            ada.fill("Code", &typed).await;
            ada.press("Continue").await;
            ada.see("Overview").await;
            sign_out(ada).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_at_the_door_where_one_is_required() {
    let stage = Stage::at_a_name("factors = \"required\"");
    browse(Scripts::Off, async |ada| {
        ada.open(&stage.url("/login")).await;
        type_password(ada).await;
        ada.see("Set up a second way to sign in").await;
        ada.open(&stage.url("/account")).await;
        ada.see("Sign in to Grantor").await;
        type_password(ada).await;
        let secret = scan(ada).await;
        ada.fill("Code", &code(&secret, 0)).await;
        ada.press("Use this app").await;
        ada.see("Write these codes down").await;
        ada.press("I have them").await;
        ada.see("Where you are signed in").await;
        ada.open(&stage.url("/account/factors")).await;
        ada.see("one of these has to stay").await;
        assert!(!ada.text("main").await.contains("Remove the app"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_at_the_door_where_nothing_else_counts() {
    let stage = Stage::at_a_name("factors = \"passkey\"");
    browse(Scripts::On, async |ada| {
        ada.plug_in_a_device().await;
        ada.open(&stage.url("/login")).await;
        type_password(ada).await;
        ada.see("Set up a second way to sign in").await;
        ada.press("Make a passkey").await;
        ada.see("Overview").await;
        sign_out(ada).await;
        ada.open(&stage.url("/login")).await;
        ada.see("Overview").await;
    })
    .await;
}
