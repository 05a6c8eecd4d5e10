//! `/apps/new` and `/apps/<id>/edit`: what survives a mistake, and a step-up.

use super::scene;
use crate::support::{PASSWORD, Person, STALE, Site, png};
use grantor_protocol::time::Millis;

const CLOCK: [(&str, &str); 4] = [
    ("name", "Clock"),
    ("url", "https://clock.example/"),
    ("redirect_urls", "https://clock.example/callback"),
    ("kind", "confidential"),
];

fn with(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let change = |(name, old)| (name, if name == field { value } else { old });
    CLOCK.map(change).to_vec()
}

async fn icon_of(site: &Site, owner: i64) -> Option<String> {
    site.app.store.apps_of(owner).await.unwrap()[0].icon.clone()
}

/// A picture is chosen once, whatever else was wrong with the form.
#[tokio::test]
async fn a_picture_outlives_a_mistake() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    let wrong = with("url", "nowhere");
    let page = dora
        .upload("/apps/new", &wrong, Some(("icon", &png())))
        .await;
    assert_eq!(page.code(), 422);
    let kept = page.between("name=\"kept_icon\" value=\"", "\"").unwrap();
    assert!(page.body.contains(&format!("/images/{kept}.png")));
    let kept = kept.to_owned();
    let again = |mut fields: Vec<(&'static str, &'static str)>| {
        fields.push(("kept_icon", Box::leak(kept.clone().into_boxed_str())));
        fields
    };
    let page = dora.upload("/apps/new", &again(wrong), None).await;
    assert!(page.body.contains(&format!("value=\"{kept}\"")));
    let made = dora.upload("/apps/new", &again(CLOCK.to_vec()), None).await;
    assert_eq!(made.code(), 201);
    assert_eq!(
        icon_of(&site, dora.id).await.as_deref(),
        Some(kept.as_str())
    );
}

#[tokio::test]
async fn a_kept_picture_can_be_removed_and_must_exist() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    for name in ["0", "../secrets", &"0".repeat(64)] {
        let mut fields = CLOCK.to_vec();
        fields.push(("kept_icon", name));
        assert_eq!(dora.upload("/apps/new", &fields, None).await.code(), 201);
        assert_eq!(icon_of(&site, dora.id).await, None);
    }
    let page = dora
        .upload("/apps/new", &with("name", ""), Some(("icon", &png())))
        .await;
    let kept = page.between("name=\"kept_icon\" value=\"", "\"").unwrap();
    let mut fields = CLOCK.to_vec();
    fields.extend([("kept_icon", kept), ("remove_icon", "1")]);
    assert_eq!(dora.upload("/apps/new", &fields, None).await.code(), 201);
    let apps = site.app.store.apps_of(dora.id).await.unwrap();
    assert!(apps.iter().all(|app| app.icon.is_none()));
}

/// All that was typed, ticked and chosen comes back after the password.
#[tokio::test]
async fn an_edit_survives_the_step_up() {
    let site = Site::open().await;
    let dora = site.user("dora").await.with_password().await;
    let clock = site.app("Clock").of(&dora).await;
    let dora = dora.signed_in().await;
    let path = format!("/apps/{}/edit", clock.id);
    dora.get(&path).await;
    site.pass(STALE);
    let mut fields = with("redirect_urls", "https://clock.example/new?a=b&c");
    fields.extend([("require_pkce", "1")]);
    fields[0].1 = "Clock & more";
    let confirm = dora.upload(&path, &fields, Some(("icon", &png()))).await;
    assert_eq!(confirm.brief(), "303 confirm");
    let to = confirm.sent("return_to").unwrap();
    let back = dora.log_in_to(&to, &dora.email, PASSWORD).await;
    let page = dora.get(back.location()).await;
    assert!(page.body.contains("Nothing is saved yet"));
    assert!(page.body.contains("value=\"Clock &#38; more\""));
    assert!(
        page.body
            .contains("https://clock.example/new?a=b&#38;c</textarea>")
    );
    assert!(
        page.body
            .contains("name=\"require_pkce\" value=\"1\" checked")
    );
    let kept = page.between("name=\"kept_icon\" value=\"", "\"").unwrap();
    let mut again = fields.clone();
    again.push(("kept_icon", kept));
    let saved = dora.upload(&path, &again, None).await;
    assert_eq!(saved.location(), format!("/apps/{}?done=saved", clock.id));
    assert_eq!(icon_of(&site, dora.id).await.as_deref(), Some(kept));
}

/// A link fills nothing into the form: not another browser's, not another app's, not one
/// that was changed.
#[tokio::test]
async fn nobody_else_fills_the_form_in() {
    let (site, _, clock) = scene().await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let other = site.app("Other").of(&dora).await;
    let path = format!("/apps/{}/edit", clock.id);
    dora.get(&path).await;
    site.pass(STALE);
    let fields = with("redirect_urls", "https://clock.example/typed");
    let confirm = dora.upload(&path, &fields, None).await;
    let to = confirm.sent("return_to").unwrap();
    let dora_elsewhere = Person::again(&site, "dora", clock.owner).await;
    dora.sign_in_at(&dora).await;
    assert!(dora.get(&to).await.body.contains("clock.example/typed"));
    for forged in [
        to.replace("typed", "typod"),
        to.replace(&clock.id.to_string(), &other.id.to_string()),
        format!("{path}?redirect_urls=https://clock.example/typed"),
    ] {
        let page = dora.get(&forged).await;
        assert!(!page.body.contains("clock.example/typ"), "{forged}");
    }
    assert!(
        !dora_elsewhere
            .get(&to)
            .await
            .body
            .contains("clock.example/typed")
    );
}

/// More than an address can carry has to be typed again, and the user is told.
#[tokio::test]
async fn what_is_too_long_to_travel() {
    let (site, _, clock) = scene().await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let path = format!("/apps/{}/edit", clock.id);
    dora.get(&path).await;
    site.pass(STALE);
    let line = |number| format!("https://clock.example/{number}/{}\n", "x".repeat(500));
    let many: String = (0..19).map(line).collect();
    let mut fields = CLOCK.to_vec();
    fields[2].1 = Box::leak(many.into_boxed_str());
    let confirm = dora.upload(&path, &fields, None).await;
    let to = confirm.sent("return_to").unwrap();
    assert!(confirm.location().len() < 7_000);
    dora.sign_in_at(&dora).await;
    assert!(dora.get(&to).await.body.contains("too long"));
}

/// Names that users would believe (D-24), on every page that takes one.
#[tokio::test]
async fn names_that_users_would_believe() {
    let (site, _, clock) = scene().await;
    let dot = site.user("dot").await.signed_in().await;
    clock.verify().await;
    for name in [
        "Gran tor",
        "Grantor Security",
        "Gr\u{430}ntor Login",
        "Grantor for Clock",
        "Login for Grantor",
        "CL0CK",
    ] {
        let reply = dot.upload("/apps/new", &with("name", name), None).await;
        assert_eq!(reply.code(), 422, "{name}");
        let error = reply.between("id=\"name-error\">", "</p>").unwrap();
        assert!(error.contains("looks like"), "{error}");
    }
    for name in ["Sundial for Grantor", "Sonnenuhr für Grantor", "Clock face"] {
        let reply = dot.upload("/apps/new", &with("name", name), None).await;
        assert_eq!(reply.code(), 201, "{name}");
    }
    // Its own owner may call another app alike, and the app keeps its name.
    let dora = Person::again(&site, "dora", clock.owner).await;
    let second = dora.upload("/apps/new", &CLOCK, None).await;
    assert_eq!(second.code(), 201);
    let path = format!("/apps/{}/edit", clock.id);
    let same = dora
        .upload(&path, &with("url", "https://clock.example/x"), None)
        .await;
    assert_eq!(same.location(), format!("/apps/{}?done=saved", clock.id));
    // An edit is looked at as a registration is, and ended the verification.
    let edited = dora
        .upload(&path, &with("name", "Grantor Team"), None)
        .await;
    assert_eq!(edited.code(), 422);
    assert!(!clock.is_verified().await);
    site.pass(Millis::minutes(1));
    assert_eq!(dot.upload("/apps/new", &CLOCK, None).await.code(), 201);
}

/// The owner reads why, her users that it can do nothing.
#[tokio::test]
async fn a_suspension_is_told_to_everybody() {
    let (site, alice, clock) = scene().await;
    alice.connect(&clock).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    clock.suspend().await;
    let page = dora.get(&format!("/apps/{}", clock.id)).await;
    assert!(page.body.contains("It sends spam") && page.body.contains("Suspended"));
    assert!(dora.get("/apps").await.body.contains("It sends spam"));
    let page = alice.get("/authorizations").await;
    assert!(page.body.contains("Suspended") && !page.body.contains("spam"));
    clock.resume().await;
    assert!(!dora.get("/apps").await.body.contains("Suspended"));
    assert!(
        !alice
            .get("/authorizations")
            .await
            .body
            .contains("Suspended")
    );
    dora.disable().await;
    assert!(
        alice
            .get("/authorizations")
            .await
            .body
            .contains("Suspended")
    );
}
