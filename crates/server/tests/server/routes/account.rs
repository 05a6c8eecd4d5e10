//! `/account`.

use super::scene;
use crate::support::{PASSWORD, Person, STALE, Site, join_all, mailing};
use grantor_protocol::openid::profile::Profile;
use grantor_store::{audit::Actor, users::About};

async fn alice(site: &Site) -> Person {
    site.user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let phone = alice.elsewhere();
    alice.sign_in_at(&phone).await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "an even better one"),
    ];
    let reply = alice.post("/account/password", &fields).await;
    assert_eq!(
        (reply.code(), reply.location()),
        (303, "/account?done=password")
    );
    assert!(alice.is_signed_in().await && !phone.is_signed_in().await);
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        401
    );
    let new = alice.elsewhere();
    assert_eq!(
        new.log_in(&alice.email, "an even better one").await.code(),
        303
    );
}

#[tokio::test]
async fn a_new_password_needs_the_current_one() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    for (current, new) in [
        ("", "an even better one"),
        ("wrong password", "an even better one"),
        (PASSWORD, "short"),
        (PASSWORD, &*"x".repeat(129)),
    ] {
        let fields = [("current_password", current), ("new_password", new)];
        let reply = alice.post("/account/password", &fields).await;
        assert_eq!(reply.code(), 422);
        assert!(new.is_empty() || !reply.body.contains(new));
    }
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        303
    );
}

#[tokio::test]
async fn one_session_or_all_others_are_ended() {
    let (site, alice, _) = scene().await;
    let (phone, library) = (alice.elsewhere(), alice.elsewhere());
    alice.sign_in_at(&phone).await;
    alice.sign_in_at(&library).await;
    let now = site.world.now();
    let sessions = site.app.store.sessions_of(alice.id, now).await.unwrap();
    let newest = sessions.iter().map(|session| session.id).max().unwrap();
    let path = format!("/account/sessions/{newest}/end");
    for done in ["/account?done=session", "/account?done=already"] {
        assert_eq!(alice.post(&path, &[]).await.location(), done);
    }
    assert!(phone.is_signed_in().await && !library.is_signed_in().await);
    alice.post("/account/sessions/end-others", &[]).await;
    assert!(alice.is_signed_in().await && !phone.is_signed_in().await);
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    alice.disable().await;
    assert!(!alice.is_signed_in().await);
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        401
    );
    alice.enable().await;
    assert!(!alice.is_signed_in().await, "old sessions do not come back");
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        303
    );
}

#[tokio::test]
async fn name_and_photo() {
    let (site, alice, _) = scene().await;
    let reply = alice
        .post("/account/profile", &[("name", "Alice Ada")])
        .await;
    assert_eq!(reply.location(), "/account?done=name");
    let reply = alice
        .post("/account/profile", &[("name", "a\u{202e}b")])
        .await;
    assert_eq!(reply.code(), 422);
    let photo = crate::support::png();
    let upload = [("action", "upload")];
    let reply = alice
        .upload("/account/photo", &upload, Some(("photo", &photo)))
        .await;
    assert_eq!(reply.location(), "/account?done=photo");
    let token = alice.token("default", "30").await;
    let me = site.api(&token, "/users/me").await.json();
    let url = me["data"]["photo"]["image_128x128"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url.strip_prefix(site.origin()).unwrap();
    let image = site.send(crate::support::Call::get(path)).await;
    assert_eq!(
        (image.code(), image.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(
        image.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    let reply = alice
        .upload(
            "/account/photo",
            &upload,
            Some(("photo", b"<svg onload=alert(1)>")),
        )
        .await;
    assert_eq!(reply.code(), 422);
    alice
        .upload("/account/photo", &[("action", "remove")], None)
        .await;
    let me = site.api(&token, "/users/me").await.json();
    assert!(me["data"]["photo"].is_null());
}

/// Owners are named on consent pages, "by …": nobody is called like the platform there.
#[tokio::test]
async fn nobody_is_called_like_the_platform() {
    let site = Site::open().await;
    let alice = site.user("alice").await.signed_in().await;
    for name in ["Grantor", "Grantor Support Team", "Gr\u{430}ntor Security"] {
        let reply = alice.post("/account/profile", &[("name", name)]).await;
        assert_eq!(reply.code(), 422, "{name}");
        let fields = [
            ("name", name),
            ("email", "new@example.org"),
            ("password", PASSWORD),
        ];
        let reply = site.visitor().post("/signup", &fields).await;
        assert_eq!(reply.code(), 422, "{name}");
        assert!(reply.body.contains("looks like the platform"));
    }
    let reply = alice
        .post("/account/profile", &[("name", "Sam Grantor")])
        .await;
    assert_eq!(reply.code(), 303);
}

/// What the form says is what an app with the scopes reads; a mistake keeps all of it.
#[tokio::test]
async fn details_go_to_apps_that_ask_and_survive_a_mistake() {
    let (site, alice, clock) = scene().await;
    let fields = [
        ("nickname", "آلیس"),
        ("birthdate", "1990-12-31"),
        ("phone_number", "+1 425 555 1212"),
        ("locality", "Paris"),
    ];
    let mut wrong = fields.to_vec();
    wrong.push(("zoneinfo", "/etc/passwd"));
    let page = alice.post("/account/details", &wrong).await;
    assert_eq!(page.code(), 422);
    assert!(
        page.body
            .contains("id=\"zoneinfo-error\">Write it like Europe/Paris.<")
    );
    for (_, value) in &wrong {
        assert!(page.body.contains(&format!("value=\"{value}\"")), "{value}");
    }
    let before = site.app.store.user(alice.id).await.unwrap().unwrap();
    assert_eq!(before.profile.nickname, None);

    site.pass(grantor_protocol::time::Millis::seconds(5));
    let saved = alice.post("/account/details", &fields).await;
    assert_eq!(saved.location(), "/account/details?done=saved");
    let page = alice.get(saved.location()).await;
    assert!(page.body.contains("Your details were saved."));
    let ask = clock.ask().with("scope", "openid profile phone");
    let tokens = alice.connect_as(&clock, &ask).await;
    let userinfo = site.api(&tokens.access, "/openid_connect/userinfo").await;
    assert_eq!(userinfo.member("nickname"), "آلیس");
    assert_eq!(userinfo.member("birthdate"), "1990-12-31");
    assert_eq!(userinfo.member("phone_number"), "+1 425 555 1212");
    assert!(!userinfo.body.contains("address"));
    let after = site.app.store.user(alice.id).await.unwrap().unwrap();
    assert!(after.updated > before.updated);
    assert_eq!((&after.name, &after.photo), (&before.name, &None));
}

/// The pages follow what she says of herself; a language that they do not speak stays what
/// apps are told.
#[tokio::test]
async fn the_language_of_the_pages_is_chosen_and_another_one_kept() {
    let (site, alice, _) = scene().await;
    let choose = async |tag: &str| alice.post("/account/details", &[("locale", tag)]).await;
    // The name of a language is written in it, where the pages speak it.
    for (tag, lang, name) in [
        ("pt-BR", "", "pt-BR"),
        ("en-GB", " lang=\"en\"", "English (en-GB)"),
    ] {
        assert_eq!(choose(tag).await.code(), 303);
        let body = alice.get("/account/details").await.body;
        let option =
            format!("<option value=\"{tag}\" translate=\"no\"{lang} selected>{name}</option>");
        assert!(body.contains(&option), "{body}");
        assert!(body.contains("<html lang=\"en\""));
    }
    choose("de").await;
    let body = alice.get("/account/details").await.body;
    assert!(body.contains(" translate=\"no\" lang=\"de\" selected>Deutsch</option>"));
    assert!(!body.contains("en-GB") && body.contains("<html lang=\"de\""));
    let user = site.app.store.user(alice.id).await.unwrap().unwrap();
    assert_eq!(user.profile.locale.as_deref(), Some("de"));
}

/// Events are kept in English and read in the language of whoever reads them.
#[tokio::test]
async fn the_history_is_told_in_the_readers_language() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    alice.sign_in_at(&alice.elsewhere()).await;
    alice.post("/account/details", &[("locale", "fr")]).await;
    let body = alice.get("/account/history").await.body;
    for text in [
        "Une connexion avec votre mot de passe.",
        "Un appareil inconnu",
        "Votre nom, votre photo ou vos informations ont été modifiés.",
    ] {
        assert!(body.contains(text), "{text}: {body}");
    }
    assert!(!body.contains("unknown device"), "{body}");
}

/// She came in by another way: with a fresh login she sets one, once, and is told.
#[tokio::test]
async fn who_has_no_password_sets_her_first_one() {
    let site = mailing().await;
    let id = Person::made_by_operator(&site, "alice@example.org").await;
    let alice = Person::again(&site, "alice", id).await;
    let phone = alice.elsewhere();
    alice.sign_in_at(&phone).await;
    assert!(
        !alice
            .get("/account")
            .await
            .body
            .contains("name=\"current_password\"")
    );
    let first = [("new_password", "an even better one")];
    site.pass(STALE);
    let reply = alice.post("/account/password", &first).await;
    assert_eq!(reply.brief(), "303 confirm");
    assert!(site.app.store.password_of(id).await.unwrap().is_none());

    alice.sign_in_at(&alice).await;
    let short = alice
        .post("/account/password", &[("new_password", "short")])
        .await;
    assert_eq!(short.code(), 422);
    site.mails().await;
    let reply = alice.post("/account/password", &first).await;
    assert_eq!(reply.location(), "/account?done=first-password");
    let page = alice.get(reply.location()).await;
    assert!(page.notice().contains("You have a password now"));
    assert!(page.body.contains("name=\"current_password\""));
    assert!(!phone.is_signed_in().await);
    let told = site.mail().await.text;
    assert!(
        told.starts_with("Your account has a password now\n"),
        "{told}"
    );
    let history = alice.get("/account/history").await;
    assert!(history.body.contains("You got your first password"));

    // From now on that way is closed.
    let second = [("new_password", "yet another one")];
    assert_eq!(alice.post("/account/password", &second).await.code(), 422);
    let new = alice.elsewhere();
    assert_eq!(
        new.log_in(&alice.email, "an even better one").await.code(),
        303
    );
}

#[tokio::test]
async fn of_two_first_passwords_one_is_set() {
    let site = Site::open().await;
    let alice = site.user("alice").await;
    let browsers = [alice.elsewhere(), alice.elsewhere(), alice.elsewhere()];
    for browser in &browsers {
        alice.sign_in_at(browser).await;
        browser.get("/account").await;
    }
    let set = browsers
        .iter()
        .enumerate()
        .map(|(number, browser)| async move {
            let password = format!("an even better one {number}");
            let fields = [("new_password", &*password)];
            let reply = browser.post("/account/password", &fields).await;
            (reply.location() == "/account?done=first-password", password)
        });
    let done = join_all(set).await;
    let won: Vec<_> = done.iter().filter(|(done, _)| *done).collect();
    assert_eq!(won.len(), 1, "{done:?}");
    for (done, password) in &done {
        let reply = alice.elsewhere().log_in(&alice.email, password).await;
        assert_eq!(reply.code() == 303, *done);
    }
}

/// What a directory prefers for her stays until she chooses another language herself.
#[tokio::test]
async fn a_language_of_a_directory_stays_until_she_chooses() {
    let (site, alice, _) = scene().await;
    let profile = Profile {
        locale: Some("en-GB".into()),
        preferred_language: Some("pt, fr;q=0.9".into()),
        ..Profile::default()
    };
    let about = About {
        name: "Alice",
        photo: None,
        profile: &profile,
    };
    let event = site
        .app
        .event("account.edited", site.world.now(), Actor::default());
    site.app
        .store
        .set_profile(alice.id, &about, event)
        .await
        .unwrap();
    let body = alice.get("/account/details").await.body;
    assert!(body.contains("<html lang=\"fr\""), "{body}");
    assert!(
        body.contains("<option value=\"fr\" translate=\"no\" lang=\"fr\" selected>"),
        "{body}"
    );
    let hers = async || {
        let user = site.app.store.user(alice.id).await.unwrap().unwrap();
        (
            user.profile.locale.clone(),
            user.profile.preferred_language.clone(),
        )
    };
    let fields = [("locale", "fr"), ("nickname", "Al")];
    alice.post("/account/details", &fields).await;
    assert_eq!(hers().await, (profile.locale, profile.preferred_language));
    alice.post("/account/details", &[("locale", "de")]).await;
    assert_eq!(hers().await, (Some("de".into()), None));
}
