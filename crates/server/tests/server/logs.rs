//! What is logged tells who asked what, and no secret.

use crate::support::{App, Ask, CHALLENGE, Call, PASSWORD, Person, Site, Tokens, VERIFIER};
use grantor_protocol::time::Millis;
use std::{cell::RefCell, io::Write, sync::Once};
use tracing_subscriber::fmt::MakeWriter;

thread_local! {
    /// What this thread logs, while its test listens: a test is one thread.
    static HEARD: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

#[derive(Clone, Copy)]
struct Heard;

impl Write for Heard {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        HEARD.with_borrow_mut(|heard| heard.as_mut().map(|heard| heard.extend(line)));
        Ok(line.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Heard {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        Self
    }
}

/// From here on, everything down to the last detail.
fn listen() {
    static START: Once = Once::new();
    START.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .event_format(grantor::logs::Json)
            .with_max_level(tracing::Level::TRACE)
            .with_writer(Heard)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    HEARD.set(Some(Vec::new()));
}

fn heard() -> String {
    String::from_utf8(HEARD.take().unwrap()).unwrap()
}

/// Everything that a whole day at a site says; and all that must not be said of it.
async fn a_day(site: &Site) -> Vec<String> {
    let dora = site.user("dora").await.signed_in().await;
    let clock = site.app("Clock").pkce().implicit().of(&dora).await;
    let alice = site.user("alice").await.with_password().await;
    let ask = clock.ask().with("state", "a-state-to-find");
    let login = alice.get(&ask.url()).await;
    let to = login.sent("return_to").unwrap();
    let wrong = "a wrong password";
    alice.log_in_to(&to, &alice.email, wrong).await;
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
    let tokens = Tokens::of(&clock.exchange(&code).await);
    let personal = alice.token("default", "30").await;
    for token in [&tokens.access, &personal] {
        site.api(token, "/users/me").await;
        let query = format!("/api/1.0/users/me?access_token={token}");
        site.send(Call::get(query)).await;
        clock.introspect(token).await;
        let info = Call::post("/-/token_info").form(&[("token", token)]);
        site.send(info).await;
        dora.post("/apps/inspect", &[("token", token)]).await;
    }
    let path = format!("/apps/{}/secrets", clock.id);
    let page = dora.post(&path, &[("overlap", "3600")]).await;
    let mut secrets = mistakes(&alice, &clock, &ask, &code).await;
    site.pass(Millis::hours(2));
    clock.refresh(&tokens.refresh).await;
    secrets.extend([code, tokens.access, tokens.refresh, personal]);
    secrets.extend(page.secret("gr_cs_"));
    secrets.extend(clock.secret.clone());
    secrets.extend(
        [alice.session_cookie(), dora.session_cookie()]
            .into_iter()
            .flatten(),
    );
    secrets.extend(alice.cookie("__Host-grantor-visit"));
    secrets
}

/// A wrong secret, a replay, an unknown redirect, a broken form, a stranger's form, a
/// set-up link; and what of it must not be said.
async fn mistakes(alice: &Person, clock: &App, ask: &Ask, code: &str) -> Vec<String> {
    let site = &alice.site;
    let wrong = App {
        secret: Some("a-wrong-secret".into()),
        ..clock.clone()
    };
    wrong.refresh("gr_rt_a-token-of-nobody").await;
    clock.exchange(code).await;
    let elsewhere = ask
        .clone()
        .with("redirect_uri", "https://evil.example/find-me");
    alice.get(&elsewhere.url()).await;
    let twice = format!("code={code}&code={code}");
    site.send(Call::post("/-/oauth_token").raw_form(twice))
        .await;
    let fields = [("csrf", "a-token-to-find"), ("current_password", PASSWORD)];
    let foreign = Call::post("/account/password").form(&fields);
    alice.send(foreign, &[]).await;
    let link = crate::routes::setup_link(site).await;
    site.visitor().get(&format!("/setup?token={link}")).await;
    vec![link, alice.form_token("/account").await]
}

#[tokio::test]
async fn no_secret_is_ever_logged() {
    listen();
    let site = Site::open().await;
    let mut secrets = a_day(&site).await;
    let log = heard();
    assert!(
        log.lines().filter(|line| line.contains("request")).count() > 20,
        "{log}"
    );
    assert!(log.contains("a replay ended a family of tokens"));
    let said = [
        PASSWORD,
        "alice@example.org",
        "a wrong password",
        "a-wrong-secret",
        "a-token-of-nobody",
        "a-token-to-find",
        "a-state-to-find",
        "find-me",
        VERIFIER,
        CHALLENGE,
        "redirect_uri",
        "return_to",
        "asked_login",
        "access_token=",
        "?",
    ];
    secrets.extend(said.map(str::to_owned));
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} in the log:\n{log}");
    }
}

/// One line a request: who, what, how it ended; no address of a page, no query.
#[tokio::test]
async fn a_request_is_one_line() {
    let site = Site::open().await;
    listen();
    let reply = site.send(Call::get("/apps/12345/edit?secret=1")).await;
    let log = heard();
    let log = log
        .lines()
        .find(|line| line.contains("request_id"))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(log).unwrap();
    assert_eq!(line["request_id"], reply.header("x-request-id"));
    assert_eq!(line["route"], "/apps/{id}/edit");
    assert_eq!(
        (&line["method"], &line["status"]),
        (&"GET".into(), &303.into())
    );
    assert_eq!(line["address"], "203.0.113.7");
    assert!(!log.contains("12345"));
}
