//! In which language a mail is: the user's own, that of whoever asked for it, the service's.

use crate::support::{PASSWORD, Site, forgot, mailing, verified, with_mail};
use grantor::config::SignUp;
use grantor_protocol::{openid::profile::Profile, time::Millis};

/// Asks for a new password at a page in this language; how the mail begins.
async fn asked_in(site: &Site, language: &str, email: &str) -> String {
    let path = format!("/password/forgot?ui_locales={language}");
    let reply = site.visitor().post(&path, &[("email", email)]).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    let text = site.mail().await.text;
    text.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_whoever_asks_until_its_reader_says_hers() {
    let site = mailing().await;
    let alice = verified(&site).await;
    assert_eq!(
        asked_in(&site, "fr", &alice.email).await,
        "Définir un nouveau mot de passe"
    );
    assert_eq!(
        asked_in(&site, "pt", &alice.email).await,
        "Set a new password"
    );
    let saved = alice.post("/account/details", &[("locale", "ar-EG")]).await;
    assert_eq!(saved.location(), "/account/details?done=saved");
    assert_eq!(
        asked_in(&site, "fr", &alice.email).await,
        "عيّن كلمة مرور جديدة"
    );
    forgot(&site.visitor(), &alice.email).await;
    let mail = site.mail().await;
    assert!(mail.html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(mail.text.contains("إن لم تكن أنت"), "{}", mail.text);
}

/// Of what happens to an account nobody chooses the language but its user: whoever signs in
/// may not be her.
#[tokio::test]
async fn what_is_told_is_in_the_services_language_or_hers() {
    let site = Site::with(|config| {
        with_mail(config);
        config.service.languages = "de,en,fr".parse().unwrap();
    })
    .await;
    let alice = verified(&site).await;
    site.pass(Millis::minutes(1));
    let elsewhere = alice.elsewhere().at("198.51.100.7");
    alice.sign_in_at(&elsewhere).await;
    let told = site.mail().await.text;
    assert!(
        told.starts_with("Neue Anmeldung bei Ihrem Konto\n"),
        "{told}"
    );
    assert!(told.contains("\nVon der Adresse: 198.51.100.7\n"), "{told}");
    alice.post("/account/details", &[("locale", "es")]).await;
    site.pass(Millis::minutes(1));
    let again = alice.elsewhere().at("192.0.2.99");
    alice.sign_in_at(&again).await;
    // Not one of the service's.
    let told = site.mail().await.text;
    assert!(told.starts_with("Neue Anmeldung"), "{told}");
}

#[tokio::test]
async fn an_invitation_is_in_the_language_of_its_page() {
    let site = Site::with(|config| {
        with_mail(config);
        config.service.sign_up = SignUp::Mail;
    })
    .await;
    let path = "/signup?ui_locales=es";
    let mary = [("email", "mary@example.org")];
    let reply = site.visitor().post(path, &mary).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    let text = site.mail().await.text;
    assert!(text.starts_with("Crea tu cuenta\n"), "{text}");
}

/// Whoever makes an account at a page gets her mails in its language from then on.
#[tokio::test]
async fn an_account_begins_with_the_language_of_its_page() {
    let site = mailing().await;
    let fields = [
        ("name", "Marie"),
        ("email", "marie@example.org"),
        ("password", PASSWORD),
    ];
    let browser = site.visitor();
    let reply = browser.post("/signup?ui_locales=fr", &fields).await;
    assert_eq!(reply.code(), 303, "{}", reply.body);
    let verify = site.mail().await;
    let (_, rest) = verify.text.split_once("token=").unwrap();
    let token = rest.split_whitespace().next().unwrap();
    let reply = browser.post("/address/confirm", &[("token", token)]).await;
    assert_eq!(reply.location(), "/account/address?done=verified");
    site.pass(Millis::minutes(1));
    let elsewhere = site.visitor().at("198.51.100.7");
    elsewhere.log_in("marie@example.org", PASSWORD).await;
    let told = site.mail().await.text;
    assert!(
        told.starts_with("Nouvelle connexion à votre compte\n"),
        "{told}"
    );
    let details = browser.get("/account/details").await.body;
    assert!(
        details.contains("<option value=\"fr\" translate=\"no\" lang=\"fr\" selected>"),
        "{details}"
    );
}

#[tokio::test]
async fn where_there_is_one_language_nobody_has_chosen_it() {
    let site = Site::with(|config| config.service.languages = "de".parse().unwrap()).await;
    let fields = [
        ("name", "Marie"),
        ("email", "marie@example.org"),
        ("password", PASSWORD),
    ];
    assert_eq!(site.visitor().post("/signup", &fields).await.code(), 303);
    let found = site.app.store.user_by_email("marie@example.org").await;
    assert_eq!(found.unwrap().unwrap().0.profile, Profile::default());
}
