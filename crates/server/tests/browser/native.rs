//! Apps on people's own devices: a code copied by hand, a loopback address, a scheme of
//! the app's own.

use crate::{
    chromium::{Scripts, browse},
    process::{App, free_port},
    site::Site,
    stage::{ADA, STATE, Stage},
};

const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
const NATIVE: &[&str] = &["--kind", "native"];

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_copied_by_hand() {
    let stage = Stage::new();
    let app = stage.app(OUT_OF_BAND, NATIVE);
    let ask = stage.authorize(&app, OUT_OF_BAND, &[]);
    browse(Scripts::On, async |ada| {
        ada.allow_clipboard().await;
        stage.sign_in(ada, ADA).await;
        // Whoever asks for a code to be copied gets a second look at who it is.
        ada.open(&ask).await;
        stage.confirm(ada).await;
        ada.see("Did somebody send you here?").await;
        ada.press("Allow").await;
        ada.see("No one may ask you for this code.").await;
        let code = ada.text("#code").await;
        assert!(code.starts_with("gr_ac_"), "{code}");
        assert!(!ada.url().await.contains(&code));
        assert!(!ada.title().await.contains(&code));
        ada.press("Copy the code").await;
        ada.see("Copied").await;

        let tokens = stage.exchange(&app, OUT_OF_BAND, &code).await;
        assert_eq!(tokens.status, 200, "{tokens:?}");
        assert_eq!(stage.me(tokens.text("access_token")).await.status, 200);

        // Nothing is remembered; and a denial has nowhere to go but the screen.
        ada.open(&ask).await;
        stage.confirm(ada).await;
        ada.press("Deny").await;
        ada.see("Nothing was shared.").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_listens_on_whatever_port_is_free() {
    let (stage, mut site) = (Stage::new(), Site::start().await);
    let registered = stage.app("http://127.0.0.1/cb", NATIVE);
    // The secret of an installed app is no secret: PKCE alone must do.
    let app = App {
        client_secret: None,
        ..registered
    };
    let redirect = format!("{}/cb", site.loopback);
    let ask = stage.authorize(&app, &redirect, &[]);
    browse(Scripts::Off, async |ada| {
        stage.sign_in(ada, ADA).await;
        for _ in 0..2 {
            ada.open(&ask).await;
            ada.see("a program on this device (127.0.0.1:").await;
            ada.press("Allow").await;
            ada.see("You are back at the app.").await;
            let answer = site.answer().await;
            assert_eq!(answer["state"], STATE);
            let tokens = stage.exchange(&app, &redirect, &answer["code"]).await;
            assert_eq!(tokens.status, 200, "{tokens:?}");
        }
    })
    .await;
}

/// A Content-Security-Policy has no words for this address.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_listens_on_ipv6() {
    let stage = Stage::new();
    let app = stage.app("http://[::1]/cb", NATIVE);
    let redirect = format!("http://[::1]:{}/cb", free_port());
    let ask = stage.authorize(&app, &redirect, &[]);
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&ask).await;
        ada.see("a program on this device").await;
        ada.press("Allow").await;
        ada.follow_to(&format!("{redirect}?code=gr_ac_")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_opened_by_its_own_scheme() {
    const REDIRECT: &str = "com.example.clock:/done";
    let stage = Stage::new();
    let app = stage.app(REDIRECT, NATIVE);
    let ask = stage.authorize(&app, REDIRECT, &[]);
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&ask).await;
        ada.see("opens com.example.clock: links").await;
        ada.press("Allow").await;
        ada.follow_to("com.example.clock:/done?code=gr_ac_").await;
    })
    .await;
}
