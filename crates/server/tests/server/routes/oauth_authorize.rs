//! `/-/oauth_authorize`.

use super::scene;
use crate::support::{App, CHALLENGE, Call, ISSUER, PASSWORD, Reply, STALE, Site};
use grantor_protocol::time::Millis;

const SHOWN: &str = "urn:ietf:wg:oauth:2.0:oob";

fn sent_back(name: &str, reply: &Reply) -> String {
    let error = reply.sent("error").unwrap_or_else(|| reply.brief());
    let description = reply.sent("error_description").unwrap_or_default();
    format!("{name:<40}{error}: {description}\n")
}

#[tokio::test]
async fn every_refusal_goes_back_with_its_cause() {
    let (site, alice, clock) = scene().await;
    let dora = site.user("dot").await;
    let strict = site.app("Strict").pkce().of(&dora).await;
    let page = site.app("Page").browser().of(&dora).await;
    let bare = |app: &App| {
        app.ask()
            .without("code_challenge")
            .without("code_challenge_method")
    };
    let method = ("code_challenge_method", "S256");
    let both = clock
        .ask()
        .with("code_challenge", "x")
        .with(method.0, method.1);
    let mut cases = vec![
        (
            "no response_type".to_owned(),
            clock.ask().without("response_type"),
        ),
        ("no state".to_owned(), clock.ask().without("state")),
        ("malformed challenge".to_owned(), both),
        ("no challenge, locked on".to_owned(), bare(&strict)),
        ("no challenge, public".to_owned(), bare(&page)),
    ];
    let long = "x".repeat(2049);
    for (name, value) in [
        ("response_type", "device"),
        ("response_type", "id_token"),
        ("response_type", "token"),
        ("response_mode", "web_message"),
        ("state", &long),
        ("code_challenge", CHALLENGE),
        method,
        ("scope", "default everything"),
        ("scope", "de\"fault"),
        ("prompt", "create"),
        ("max_age", "soon"),
        ("request", "x.y.z"),
        ("request_uri", "https://evil.example/"),
    ] {
        cases.push((format!("{name}={value:.20}"), clock.ask().with(name, value)));
    }
    let mut table = String::new();
    for (name, ask) in cases {
        let reply = alice.get(&ask.url()).await;
        assert_eq!(reply.sent("iss").as_deref(), Some(ISSUER));
        table += &sent_back(&name, &reply);
    }
    insta::assert_snapshot!(table);
}

/// An app's tick counts only where the operator offers what is ticked.
#[tokio::test]
async fn the_operators_switches_come_first() {
    let site = Site::with(|config| {
        config.legacy.implicit_flow = false;
        config.legacy.out_of_band = false;
    })
    .await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").implicit().of(&dora).await;
    let script = site.app("Script").native().redirect(SHOWN).of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let implicit = clock.ask().with("response_type", "token");
    let reply = alice.get(&implicit.url()).await;
    assert_eq!(reply.sent("error").as_deref(), Some("unauthorized_client"));
    let reply = alice.get(&script.ask().url()).await;
    assert_eq!((reply.code(), reply.location()), (400, ""));
}

/// RFC 9700 §4.11.2: a link alone does not bounce anybody to a stranger's page.
#[tokio::test]
async fn nobody_is_sent_to_an_app_before_a_login() {
    let (site, _, clock) = scene().await;
    let wrong = clock.ask().with("scope", "everything");
    let visitor = site.visitor();
    assert_eq!(visitor.get(&wrong.url()).await.brief(), "303 login");
    let reply = visitor.get(&wrong.with("prompt", "none").url()).await;
    assert_eq!(reply.sent("error").as_deref(), Some("invalid_scope"));
}

#[tokio::test]
async fn state_comes_back_byte_for_byte() {
    let (_, alice, clock) = scene().await;
    let odd = "a b+c%20d&e=f#g?h/i:j;k\"l'm<n>o\\p|q\r\ns\tü\u{202e}€";
    let long = "eyJ".repeat(682);
    for state in [odd, &long] {
        let reply = alice
            .decide(&clock.ask().with("state", state), "allow")
            .await;
        assert_eq!(reply.sent("state").as_deref(), Some(state));
        let location = reply.location();
        assert!(location.is_ascii() && !location.contains([' ', '<', '"', '\\']));
    }
}

#[tokio::test]
async fn scopes_are_separated_by_plus_or_percent_twenty() {
    let (_, alice, clock) = scene().await;
    for space in ["+", "%20"] {
        let ask = clock.ask().with("prompt", "consent");
        let url = format!("{}&scope=email{space}profile", ask.url());
        alice.get(&url).await;
        let code = alice.post(&url, &[("decision", "allow")]).await;
        let reply = clock.exchange(&code.sent("code").unwrap()).await;
        assert_eq!(reply.member("scope"), "email profile");
    }
}

#[tokio::test]
async fn a_query_in_the_registered_redirect_stays() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let redirect = "https://query.example/callback?app=1";
    let app = site.app("Query").redirect(redirect).of(&dora).await;
    let reply = alice.allow(&app).await;
    let start = "https://query.example/callback?app=1&code=gr_ac_";
    assert!(reply.location().starts_with(start), "{}", reply.location());
}

/// Old clients never send `state`; their owner says so.
#[tokio::test]
async fn a_stateless_app_needs_no_state() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let old = site.app("Old").stateless().of(&dora).await;
    let reply = alice.decide(&old.ask().without("state"), "allow").await;
    assert!(reply.sent("code").is_some() && reply.sent("state").is_none());
}

/// OpenID Connect Core §3.1.2.1: a form from the app's page is the same request, and
/// decides nothing.
#[tokio::test]
async fn a_request_sent_as_a_form_becomes_a_visit() {
    let (_, alice, clock) = scene().await;
    let call = Call::post("/-/oauth_authorize").raw_form(clock.ask().query());
    let call = call.header("origin", "https://clock.example");
    let call = call.header("sec-fetch-site", "cross-site");
    let reply = alice.send(call, &[]).await;
    assert_eq!((reply.code(), reply.location()), (303, &*clock.ask().url()));
    let reply = alice
        .post(&clock.ask().url(), &[("decision", "perhaps")])
        .await;
    assert_eq!(reply.code(), 400);
}

async fn form_action(reply: Reply) -> String {
    let policy = reply.header("content-security-policy");
    let mut directives = policy.split("; ");
    let found = directives.find_map(|it| it.strip_prefix("form-action "));
    found.unwrap().to_owned()
}

/// Chromium applies `form-action` to the redirect after the form: exactly that origin
/// is named, on the consent page and on the login on the way to it.
#[tokio::test]
async fn forms_may_lead_to_the_apps_redirect_and_nowhere_else() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let mut table = String::new();
    let native = [
        "http://127.0.0.1/callback",
        "http://[::1]/callback",
        "http://localhost:8000/callback",
        "com.example.app:/callback",
        "https://claimed.example:8443/x",
    ];
    for (number, uri) in native.into_iter().enumerate() {
        let app = site
            .app(&format!("Tool{number}"))
            .native()
            .redirect(uri)
            .of(&dora)
            .await;
        let asked = uri.replace("1/callback", "1:50000/callback");
        let ask = app.ask().with("redirect_uri", &asked);
        let consent = form_action(alice.get(&ask.url()).await).await;
        table += &format!("{asked}: {consent}\n");
        let login = site.visitor().get(&ask.url()).await;
        let login = site.visitor().get(login.location()).await;
        assert_eq!(form_action(login).await, consent);
    }
    let clock = site
        .app("Clock2")
        .redirect("https://a.example/x?y=https://b.example")
        .of(&dora)
        .await;
    table += &format!(
        "{}: {}\n",
        clock.redirect,
        form_action(alice.get(&clock.ask().url()).await).await
    );
    let shown = site.app("Shown").native().redirect(SHOWN).of(&dora).await;
    let login = alice.get(&shown.ask().url()).await;
    table += &format!(
        "{SHOWN}: {}\n",
        form_action(alice.get(login.location()).await).await
    );
    // A redirect that is not registered is not named either.
    let evil = clock.ask().with("redirect_uri", "https://evil.example/");
    let to = crate::support::encoded(&[("return_to", &evil.url())]);
    let login = site.visitor().get(&format!("/login?{to}")).await;
    assert_eq!(form_action(login).await, "'self'");
    insta::assert_snapshot!(table);
}

/// A demand for a fresh login is met by a login after it, once, and at this browser.
#[tokio::test]
async fn prompt_login_neither_loops_nor_is_skipped() {
    let (site, _, clock) = scene().await;
    let alice = site
        .user("ada")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let url = clock.ask().with("prompt", "login").url();
    site.pass(Millis::seconds(5));
    let login = alice.get(&url).await;
    assert_eq!(login.brief(), "303 login");
    let to = login.sent("return_to").unwrap();
    let page = alice.get(login.location()).await;
    assert!(
        page.body
            .contains("<bdi>Clock</bdi> asks you to sign in once more")
    );
    // Going back without the password is no login.
    assert_eq!(alice.get(&to).await.brief(), "303 login");
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    assert_eq!(alice.get(&to).await.code(), 200);
    // Without the proof that it was demanded, it is demanded again.
    assert_eq!(alice.get(&url).await.brief(), "303 login");
    site.pass(Millis::minutes(61));
    assert_eq!(alice.get(&to).await.brief(), "303 login");
}

/// Somebody starts a flow an hour ahead and sends the link, with the demand that was
/// signed for her own browser, to a victim who logged in since.
#[tokio::test]
async fn a_demand_signed_for_another_browser_does_not_count() {
    let (site, _, _) = scene().await;
    let dora = site.user("dot").await;
    let script = site.app("Script").native().redirect(SHOWN).of(&dora).await;
    let login = site.visitor().get(&script.ask().url()).await;
    let link = login.sent("return_to").unwrap();
    site.pass(Millis::minutes(10));
    let victim = site.user("victim").await.signed_in().await;
    site.pass(Millis::minutes(10));
    assert_eq!(victim.get(&link).await.brief(), "303 login");
}

#[tokio::test]
async fn max_age_demands_a_login_that_is_not_older() {
    let (site, _, clock) = scene().await;
    let alice = site
        .user("ada")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    site.pass(STALE);
    let fresh = |seconds: &str| clock.ask().with("max_age", seconds).url();
    assert_eq!(alice.get(&fresh("660")).await.code(), 200);
    let login = alice.get(&fresh("600")).await;
    assert_eq!(login.brief(), "303 login");
    let to = login.sent("return_to").unwrap();
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    assert_eq!(alice.get(&to).await.code(), 200);
    // `max_age=0` is `prompt=login`.
    let login = alice.get(&fresh("0")).await;
    assert_eq!(login.code(), 200, "logged in at this very instant");
    site.pass(Millis::seconds(1));
    assert_eq!(alice.get(&fresh("0")).await.brief(), "303 login");
}

/// The owner learns what was refused and how near it came.
#[tokio::test]
async fn a_near_miss_stands_in_the_apps_request_log() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    let clock = site.app("Clock").of(&dora).await;
    let near = "https://clock.example/callback/";
    let reply = site
        .visitor()
        .get(&clock.ask().with("redirect_uri", near).url())
        .await;
    assert_eq!(reply.code(), 400);
    assert!(reply.header("content-type").starts_with("text/plain"));
    assert!(reply.body.contains(near));
    let page = dora.get(&format!("/apps/{}/requests", clock.id)).await;
    assert!(page.body.contains("Authorization") && page.body.contains("slash"));
}
