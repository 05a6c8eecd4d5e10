//! The consent page of `/-/oauth_authorize`: what it says, and when it is not shown.

use super::scene;
use crate::support::{App, Site};
use grantor::config::{Config, Flags};
use grantor_protocol::openid::subject::SubjectType;

async fn pairwise(clock: &App) -> App {
    let change = |form: &mut grantor_store::apps::AppForm| {
        form.registration.subject_type = SubjectType::Pairwise;
        form.registration.sector = Some("clock.example".into());
    };
    clock.edit(change).await
}

const PHONE: &str = r#"{"userinfo":{"phone_number":{"essential":true}}}"#;

#[tokio::test]
async fn a_mere_login_reads_as_one() {
    let (_, alice, clock) = scene().await;
    let login = clock.ask().with("scope", "openid email");
    let page = alice.get(&login.url()).await;
    for part in [
        "<h1>Sign in to <bdi>Clock</bdi> with <bdi>Grantor</bdi>?</h1>",
        "learns who you are</h2>",
        "<li>your account ID</li><li>your email address</li>",
        "value=\"deny\">Cancel<",
        "value=\"allow\">Sign in<",
    ] {
        assert!(page.body.contains(part), "{part}\n{}", page.body);
    }
    assert!(!page.body.contains("will be able to"));
    let offline = login.with("scope", "openid email offline_access");
    let page = alice.get(&offline.url()).await;
    for part in [
        "<h1>Connect <bdi>Clock</bdi> to your",
        "Keep its access after you sign out here",
        "It learns who you are, by</dt><dd>your account ID",
        "value=\"allow\">Allow<",
    ] {
        assert!(page.body.contains(part), "{part}\n{}", page.body);
    }
}

/// The operator's own scopes, in the reader's language as far as she described them.
#[tokio::test]
async fn a_platforms_scope_speaks_the_readers_language() {
    let site = Site::with(|config| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("grantor.toml");
        let text = "[[scopes]]\nname = 'tasks'\n\
                    description = { en = 'See your tasks', fr = 'Voir vos tâches' }";
        std::fs::write(&file, text).unwrap();
        let declared = Config::load(Some(&file), &[], &Flags::default()).unwrap();
        config.scopes = declared.scopes;
    })
    .await;
    let alice = site.user("alice").await.signed_in().await;
    let clock = site.app("Clock").of(&site.user("dora").await).await;
    let asks = clock.ask().with("scope", "tasks");
    for (wish, sentence) in [("fr", "Voir vos tâches"), ("de", "See your tasks")] {
        let page = alice
            .get(&asks.clone().with("ui_locales", wish).url())
            .await;
        assert!(page.body.contains(sentence), "{}", page.body);
    }
    alice.connect_as(&clock, &asks).await;
    for path in ["/authorizations", "/account/history", "/docs"] {
        let page = alice.get(&format!("{path}?ui_locales=fr")).await;
        assert!(page.body.contains("Voir vos tâches"), "{}", page.body);
    }
}

/// What is asked for by name is said, and asked about each time that no scope covers it.
#[tokio::test]
async fn claims_asked_by_name_are_said_and_not_slipped_in() {
    let (_, alice, clock) = scene().await;
    let login = clock.ask().with("scope", "openid");
    alice.connect_as(&clock, &login).await;
    assert!(alice.get(&login.url()).await.location().contains("code="));
    let phone = login.clone().with("claims", PHONE);
    let page = alice.get(&phone.url()).await;
    assert_eq!(page.code(), 200);
    assert!(page.body.contains("<li>your phone number</li>"));
    let silent = phone.with("prompt", "none");
    let refused = alice.get(&silent.url()).await;
    assert!(refused.location().contains("error=consent_required"));
    // The scope says it once and for all.
    let scope = clock.ask().with("scope", "openid phone");
    alice.connect_as(&clock, &scope).await;
    let covered = scope.with("claims", PHONE).with("prompt", "none");
    assert!(alice.get(&covered.url()).await.location().contains("code="));
}

#[tokio::test]
async fn an_app_with_ids_of_its_own_learns_no_other() {
    let (site, alice, clock) = scene().await;
    let clock = pairwise(&clock).await;
    let login = clock.ask().with("scope", "openid email");
    let page = alice.get(&login.url()).await;
    assert!(
        page.body
            .contains("<li>your ID at this app, which other apps cannot compare</li>")
    );
    let reply = alice.decide(&login, "allow").await;
    let answer = clock.exchange(&reply.sent("code").unwrap()).await.json();
    assert_eq!(answer["data"], serde_json::json!({"email": alice.email}));
    let access = answer["access_token"].as_str().unwrap();
    let userinfo = site.api(access, "/openid_connect/userinfo").await.json();
    let said = clock.introspect(access).await.json();
    assert_eq!(said["sub"], userinfo["sub"]);
    assert_ne!(said["sub"], alice.id.to_string());
    // Whoever may call the API is told whom she calls it for.
    let whole = clock.ask().with("scope", "openid default");
    let page = alice.get(&whole.url()).await;
    assert!(
        page.body
            .contains("your account ID, your name, your email address and your photo")
    );
    let reply = alice.decide(&whole, "allow").await;
    let answer = clock.exchange(&reply.sent("code").unwrap()).await.json();
    assert_eq!(answer["data"]["id"], alice.id);
}

#[tokio::test]
async fn display_and_languages_change_nothing_but_the_look() {
    let (_, alice, clock) = scene().await;
    let ask = clock.ask().with("ui_locales", "fr-CA fr en");
    assert_eq!(alice.get(&ask.url()).await.code(), 200);
    let popup = alice.get(&ask.with("display", "popup").url()).await;
    assert!(popup.body.contains("class=\"narrow consent popup\""));
    let wap = clock.ask().with("display", "wap");
    assert!(!alice.get(&wap.url()).await.body.contains("popup"));
}

/// Before the login too, for whoever wants to know before she types a password.
#[tokio::test]
async fn policies_are_linked_and_open_elsewhere() {
    let (site, alice, clock) = scene().await;
    let change = |form: &mut grantor_store::apps::AppForm| {
        form.registration.policy_uri = Some("https://clock.example/privacy".into());
        form.registration.tos_uri = Some("https://law.example/terms".into());
    };
    let clock = clock.edit(change).await;
    let url = clock.ask().url();
    let visitor = site.visitor();
    let login = visitor.get(&url).await;
    let login = visitor.get(login.location()).await;
    for page in [alice.get(&url).await, login] {
        for link in [
            "<a href=\"https://clock.example/privacy\" target=\"_blank\" rel=\"noopener noreferrer\">privacy policy</a> (<bdi class=\"host\" dir=\"ltr\">clock.example</bdi>)",
            "<a href=\"https://law.example/terms\" target=\"_blank\" rel=\"noopener noreferrer\">terms of service</a> (<bdi class=\"host\" dir=\"ltr\">law.example</bdi>)",
        ] {
            assert!(page.body.contains(link), "{link}");
        }
    }
}

/// A token of a mere login stops with the session, whoever asks about it.
#[tokio::test]
async fn the_inspector_says_what_a_token_hangs_from() {
    let (_, alice, clock) = scene().await;
    let login = clock.ask().with("scope", "openid");
    let tokens = alice.connect_as(&clock, &login).await;
    let page = alice
        .post("/apps/inspect", &[("token", &tokens.access)])
        .await;
    assert!(page.body.contains("Ends with"));
    let page = alice
        .post("/apps/inspect", &[("token", &tokens.refresh)])
        .await;
    assert!(page.body.contains("Ends with"));
    let whole = alice.connect(&clock).await;
    let page = alice
        .post("/apps/inspect", &[("token", &whole.access)])
        .await;
    assert!(!page.body.contains("Ends with"));
    alice.post("/-/logout", &[("decision", "logout")]).await;
    assert_eq!(
        clock.introspect(&tokens.access).await.json()["active"],
        false
    );
    assert_eq!(
        clock.introspect(&tokens.refresh).await.json()["active"],
        false
    );
}
