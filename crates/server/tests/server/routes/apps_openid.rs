//! `/apps/<id>/openid`: how users log in with an app.

use crate::support::{App, PASSWORD, Person, STALE, Site};
use grantor_protocol::{
    openid::{registration::Registration, subject::SubjectType},
    time::Millis,
};

const SAFE: [(&str, &str); 4] = [
    ("response_types", "code"),
    ("id_token_signed_response_alg", "ES256"),
    ("policy_uri", "https://clock.example/privacy"),
    ("post_logout_redirect_uris", "https://clock.example/bye"),
];

const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

async fn dora() -> (Site, Person, App, String) {
    let site = Site::open().await;
    let dora = site.user("dora").await.with_password().await;
    let clock = site.app("Clock").of(&dora).await;
    let path = format!("/apps/{}/openid", clock.id);
    (site, dora.signed_in().await, clock, path)
}

async fn stored(site: &Site, app: &App) -> Registration {
    let app = site.app.store.app(app.id).await.unwrap().unwrap();
    app.client.registration.clone()
}

#[tokio::test]
async fn what_a_developer_chooses_is_kept_and_used() {
    let (site, dora, clock, path) = dora().await;
    let saved = dora.post(&path, &SAFE).await;
    assert_eq!(saved.location(), format!("{path}?done=saved"));
    let page = dora.get(saved.location()).await;
    assert!(
        page.body
            .contains("The OpenID Connect settings were saved.")
    );
    assert!(page.body.contains("<option value=\"ES256\" selected>"));
    assert!(page.body.contains("https://clock.example/bye</textarea>"));
    let chosen = stored(&site, &clock).await;
    assert_eq!(chosen.response_types, Some(vec!["code".to_owned()]));
    let ask = clock.ask().with("response_type", "id_token");
    let ask = ask.with("scope", "openid").with("nonce", "n");
    let refused = dora.get(&ask.url()).await;
    assert!(refused.location().contains("error=unauthorized_client"));
}

/// One mistake and the rest comes back as it was typed; nothing is saved.
#[tokio::test]
async fn a_mistake_keeps_what_was_typed() {
    let (site, dora, clock, path) = dora().await;
    let mut fields = SAFE.to_vec();
    fields.push(("jwks", "{\"keys\": [<]}"));
    fields.push(("initiate_login_uri", "javascript:alert(1)"));
    let page = dora.post(&path, &fields).await;
    assert_eq!(page.code(), 422);
    for part in [
        "id=\"jwks-error\"",
        "id=\"initiate_login_uri-error\"",
        "{&#34;keys&#34;: [&#60;]}</textarea>",
        "value=\"javascript:alert(1)\"",
        "value=\"https://clock.example/privacy\"",
        "<option value=\"ES256\" selected>",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert_eq!(stored(&site, &clock).await, Registration::default());
}

#[tokio::test]
async fn a_preset_fills_in_and_saves_nothing() {
    let (site, dora, clock, path) = dora().await;
    let page = dora.get(&format!("{path}?preset=legacy")).await;
    assert!(
        page.body
            .contains("Filled in for “Legacy”. Nothing is saved yet")
    );
    assert!(
        page.body
            .contains("name=\"id_token_claims\" value=\"1\" checked")
    );
    let other = dora.get(&format!("{path}?preset=single-page")).await;
    assert!(!other.body.contains("Filled in"));
    assert_eq!(stored(&site, &clock).await, Registration::default());
}

/// All of it is what an app is trusted by.
#[tokio::test]
async fn settings_ask_for_the_password_and_come_back() {
    let (site, dora, clock, path) = dora().await;
    dora.get(&path).await;
    site.pass(STALE);
    let confirm = dora.post(&path, &SAFE).await;
    assert_eq!(confirm.brief(), "303 confirm");
    let to = confirm.sent("return_to").unwrap();
    let back = dora.log_in_to(&to, &dora.email, PASSWORD).await;
    let page = dora.get(back.location()).await;
    assert!(page.body.contains("Nothing is saved yet"));
    assert!(
        page.body
            .contains("value=\"https://clock.example/privacy\"")
    );
    assert_eq!(stored(&site, &clock).await, Registration::default());
    // A link that somebody else made fills nothing in.
    let changed = back.location().replace("privacy", "evil");
    let page = dora.get(&changed).await;
    assert!(!page.body.contains("clock.example/evil"));
    assert_eq!(dora.post(&path, &SAFE).await.code(), 303);
    assert!(stored(&site, &clock).await.policy_uri.is_some());
}

#[tokio::test]
async fn nobody_else_sets_up_an_app() {
    let (site, _, clock, path) = dora().await;
    let eve = site.user("eve").await.signed_in().await;
    assert_eq!(eve.get(&path).await.code(), 404);
    assert_eq!(eve.post(&path, &SAFE).await.code(), 404);
    assert_eq!(stored(&site, &clock).await, Registration::default());
}

/// People whom an app knows stay known to it, and only at its own host.
#[tokio::test]
async fn ids_of_its_own_are_chosen_before_anybody_comes() {
    let (site, dora, clock, path) = dora().await;
    let pairwise = [("subject_type", "pairwise")];
    assert_eq!(dora.post(&path, &pairwise).await.code(), 303);
    let chosen = stored(&site, &clock).await;
    assert_eq!(chosen.sector(), Some("clock.example"));

    let ask = clock.ask().with("scope", "openid email");
    let tokens = dora.connect_as(&clock, &ask).await;
    let userinfo = site.api(&tokens.access, "/openid_connect/userinfo").await;
    let subject = userinfo.member("sub");
    assert_ne!(subject, dora.id.to_string());
    let refused = dora.post(&path, &[("subject_type", "public")]).await;
    assert_eq!(refused.code(), 422);
    assert!(refused.body.contains("come back to it as a stranger"));
    assert_eq!(
        stored(&site, &clock).await.subject_type,
        SubjectType::Pairwise
    );

    let edit = format!("/apps/{}/edit", clock.id);
    let elsewhere = [
        ("name", "Clock"),
        ("url", "https://clock.example/"),
        ("redirect_urls", "https://evil.example/callback"),
        ("kind", "confidential"),
    ];
    let refused = dora.upload(&edit, &elsewhere, None).await;
    assert_eq!(refused.code(), 422);
    assert!(refused.body.contains("made for clock.example"));
}

/// A list at the app's host vouches for them, and was read when it registered.
#[tokio::test]
async fn of_redirects_that_a_list_vouches_for_some_can_only_go() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    let urls = [
        "https://clock.example/callback",
        "https://sundial.example/callback",
    ];
    let clock = site.app("Clock").redirects(&urls).choose(|it| {
        it.subject_type = SubjectType::Pairwise;
        it.sector_identifier_uri = Some("https://clock.example/list".into());
    });
    let clock = clock.of(&dora).await;
    let edit = format!("/apps/{}/edit", clock.id);
    let more = format!("{}\nhttps://evil.example/callback", urls.join("\n"));
    for (wanted, code) in [
        (&*more, 422),
        (&*urls.join("\n"), 303),
        (urls[1], 303),
        (urls[0], 422),
    ] {
        let fields = [
            ("name", "Clock"),
            ("url", "https://clock.example/"),
            ("redirect_urls", wanted),
            ("kind", "confidential"),
        ];
        let reply = dora.upload(&edit, &fields, None).await;
        assert_eq!(reply.code(), code, "{wanted}");
        assert_eq!(reply.body.contains("only be taken away"), code == 422);
    }
}

/// The consent page shows policies: who agreed to others is asked again.
#[tokio::test]
async fn other_policies_ask_everybody_again() {
    let (site, dora, clock, path) = dora().await;
    site.pass(Millis::seconds(1));
    let ask = clock.ask().with("scope", "openid");
    dora.connect_as(&clock, &ask).await;
    let logout = [("post_logout_redirect_uris", "https://clock.example/bye")];
    dora.post(&path, &logout).await;
    assert!(dora.get(&ask.url()).await.location().contains("code="));
    dora.post(&path, &SAFE).await;
    let consent = dora.get(&ask.url()).await;
    assert_eq!(consent.code(), 200);
    assert!(consent.body.contains(
        "<a href=\"https://clock.example/privacy\" target=\"_blank\" rel=\"noopener noreferrer\">privacy policy</a>"
    ));
}

/// Where the operator lets this server call nobody, nothing hangs from a call.
#[tokio::test]
async fn an_address_that_cannot_be_called_is_refused() {
    let (site, dora, clock, path) = dora().await;
    for field in ["jwks_uri", "backchannel_logout_uri"] {
        let page = dora
            .post(&path, &[(field, "https://clock.example/x")])
            .await;
        assert_eq!(page.code(), 422);
        assert!(
            page.body
                .contains(&format!("id=\"{field}-error\">This server fetches nothing"))
        );
    }
    assert_eq!(stored(&site, &clock).await, Registration::default());
    let site = site.reopened(|config| config.outbound.on = true).await;
    let dora = Person::again(&site, "dora", clock.owner).await;
    let saved = dora
        .post(&path, &[("jwks_uri", "https://clock.example/x")])
        .await;
    assert_eq!(saved.code(), 303);
}

/// A proof that a public app does not have.
#[tokio::test]
async fn an_app_that_becomes_public_proves_itself_no_more() {
    let (site, dora, clock, path) = dora().await;
    let keys = [
        ("token_endpoint_auth_method", "private_key_jwt"),
        ("jwks", KEYS),
    ];
    assert_eq!(dora.post(&path, &keys).await.code(), 303);
    let edit = format!("/apps/{}/edit", clock.id);
    let public = [
        ("name", "Clock"),
        ("url", "https://clock.example/"),
        ("redirect_urls", "https://clock.example/callback"),
        ("kind", "browser"),
    ];
    assert_eq!(dora.upload(&edit, &public, None).await.code(), 303);
    let chosen = stored(&site, &clock).await;
    assert_eq!(chosen.token_endpoint_auth_method, None);
    assert!(chosen.jwks.is_some());
}
