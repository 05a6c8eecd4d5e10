//! `/login`, and what a session is.

use super::scene;
use crate::support::{Asked, Browser, Call, PASSWORD, Person, STALE, Site, join_all};
use grantor_protocol::time::Millis;

async fn alice(site: &Site) -> Person {
    site.user("alice").await.with_password().await
}

#[tokio::test]
async fn the_right_password_signs_in_and_leads_back() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let reply = alice.log_in_to("/tokens?a=b", &alice.email, PASSWORD).await;
    assert_eq!((reply.code(), reply.location()), (303, "/tokens?a=b"));
    assert!(alice.is_signed_in().await);
}

/// Whether an address has an account here is not told by status, body or headers.
#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_look_alike() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let bob = site.user("bob").await.with_password().await;
    bob.disable().await;
    site.user("nopassword").await;
    let mut seen = Vec::new();
    for (email, password) in [
        ("alice@example.org", "wrong password"),
        ("bob@example.org", PASSWORD),
        ("nopassword@example.org", "wrong password"),
        ("nobody@example.org", "wrong password"),
    ] {
        let browser = alice.elsewhere();
        let reply = browser.log_in(email, password).await;
        let token = reply.csrf().unwrap().to_owned();
        let body = reply.body.replace(email, "EMAIL").replace(&token, "TOKEN");
        // A passkey is asked for by another challenge each time.
        let asked = Asked::of(&reply);
        let challenge = asked.options["challenge"].as_str().unwrap();
        let body = body.replace(challenge, "CHALLENGE");
        let body = body.replace(&asked.state, "STATE");
        let mut headers = reply.headers.clone();
        headers.remove("x-request-id");
        // The typed address comes back, as long as it is.
        headers.remove("content-length");
        seen.push((reply.status, body, format!("{headers:?}")));
    }
    assert_eq!(seen[0].0, 401);
    for other in &seen {
        assert_eq!(*other, seen[0]);
    }
}

/// An open redirect would lend our name to a stranger.
#[tokio::test]
async fn a_login_leads_nowhere_else() {
    let site = Site::open().await;
    let alice = alice(&site).await.signed_in().await;
    for to in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\tevil",
        "\\/evil",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "",
    ] {
        let query = crate::support::encoded(&[("return_to", to)]);
        let reply = alice.get(&format!("/login?{query}")).await;
        assert_eq!((reply.code(), reply.location()), (303, "/"), "{to:?}");
    }
}

#[tokio::test]
async fn guesses_at_one_account_are_throttled_from_one_address() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    // Spellings of one address are one account.
    let spellings = [
        "alice@example.org",
        "ALICE@example.org",
        " alice@EXAMPLE.org ",
    ];
    for number in 0..10 {
        let reply = alice.log_in(spellings[number % 3], "wrong password").await;
        assert_eq!(reply.code(), 401);
    }
    let reply = alice.log_in("Alice@Example.Org", PASSWORD).await;
    assert_eq!(reply.code(), 429);
    assert_eq!(reply.heading(), "Too many attempts");
    assert!(reply.body.contains("try again in 10 minutes"));
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    // Elsewhere she still gets in, and here after the window.
    let elsewhere = alice.elsewhere().at("198.51.100.1");
    assert_eq!(elsewhere.log_in(&alice.email, PASSWORD).await.code(), 303);
    site.pass(Millis::seconds(wait));
    assert_eq!(alice.log_in(&alice.email, PASSWORD).await.code(), 303);
}

/// The change of a password counts its guesses together with the login's.
#[tokio::test]
async fn guesses_are_counted_together_wherever_they_are_made() {
    let site = Site::open().await;
    let alice = alice(&site).await.signed_in().await;
    let fields = [
        ("current_password", "wrong password"),
        ("new_password", "a better one"),
    ];
    for _ in 0..5 {
        assert_eq!(alice.post("/account/password", &fields).await.code(), 422);
        assert_eq!(
            alice
                .elsewhere()
                .log_in(&alice.email, "wrong one")
                .await
                .code(),
            401
        );
    }
    assert_eq!(alice.post("/account/password", &fields).await.code(), 429);
    let reply = alice.elsewhere().log_in(&alice.email, PASSWORD).await;
    assert_eq!(reply.code(), 429);
}

/// Many accounts from one address: a spray.
#[tokio::test]
async fn a_spray_is_throttled_by_address() {
    let site = Site::open().await;
    let browser = site.visitor();
    for number in 0..50 {
        let email = format!("user{number}@example.org");
        assert_eq!(browser.log_in(&email, "Summer2026!").await.code(), 401);
    }
    let reply = browser.log_in("user50@example.org", "Summer2026!").await;
    assert_eq!(reply.code(), 429);
    // An IPv6 client owns at least its /64.
    let six = site.visitor().at("2001:db8::1");
    assert_eq!(
        six.log_in("user@example.org", "Summer2026!").await.code(),
        401
    );
}

#[tokio::test]
async fn parallel_guesses_do_not_beat_the_counter() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let guesses = (0..20).map(|_| {
        let browser = alice.elsewhere();
        async move {
            browser
                .log_in("alice@example.org", "wrong password")
                .await
                .code()
        }
    });
    let codes = join_all(guesses).await;
    assert_eq!(codes.iter().filter(|code| **code == 401).count(), 10);
    assert_eq!(codes.iter().filter(|code| **code == 429).count(), 10);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let (site, alice, _) = scene().await;
    site.pass(Millis::hours(7));
    assert!(alice.is_signed_in().await);
    site.pass(Millis::hours(7));
    assert!(alice.is_signed_in().await);
    site.pass(Millis(8 * 3_600_000 + 1));
    assert!(!alice.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_in_any_case() {
    let (site, alice, _) = scene().await;
    for _ in 0..(14 * 24 / 7) {
        assert!(alice.is_signed_in().await);
        site.pass(Millis::hours(7));
        site.app.store.write_usage(Millis::days(1)).await.unwrap();
    }
    assert!(!alice.is_signed_in().await);
}

/// A login makes a new session, and the one before it in this browser is over.
#[tokio::test]
async fn a_login_rotates_the_session() {
    let site = Site::open().await;
    let alice = alice(&site).await.signed_in().await;
    let before = alice.session_cookie().unwrap();
    site.pass(STALE);
    alice.log_in(&alice.email, PASSWORD).await;
    let after = alice.session_cookie().unwrap();
    assert_ne!(before, after);
    let thief = alice.elsewhere();
    thief.take_cookie(&format!("__Host-grantor={before}"));
    assert!(!thief.is_signed_in().await);
}

/// Whatever cookie was planted, a login never adopts it.
#[tokio::test]
async fn a_planted_session_is_not_adopted() {
    let site = Site::open().await;
    let victim = alice(&site).await;
    let mallory = site.user("mallory").await.signed_in().await;
    let planted = mallory.session_cookie().unwrap();
    victim.take_cookie(&format!("__Host-grantor={planted}"));
    assert_eq!(victim.log_in(&victim.email, PASSWORD).await.code(), 303);
    assert_ne!(victim.session_cookie().unwrap(), planted);
    assert!(!mallory.is_signed_in().await, "and it ended with the login");
    let page = victim.get("/account").await;
    assert!(page.body.contains("alice@example.org"));
}

#[tokio::test]
async fn cookies_are_locked_to_this_site() {
    for (url, secure, prefix) in [
        ("https://auth.example", "; Secure", "__Host-"),
        ("http://127.0.0.1:8080", "", ""),
    ] {
        let site = Site::with(|config| config.service.public_url = url.parse().unwrap()).await;
        let alice = alice(&site).await;
        let page = alice.get("/login").await;
        let visit = page.header("set-cookie").to_owned();
        let start = format!("{prefix}grantor-visit=");
        assert!(visit.starts_with(&start), "{visit}");
        assert_eq!(
            &visit[start.len() + 32..],
            format!("; Path=/; HttpOnly; SameSite=Lax{secure}")
        );
        let reply = alice.log_in(&alice.email, PASSWORD).await;
        let session = site.redact(reply.header("set-cookie"));
        let age = 14 * 86_400;
        let expected = format!(
            "{prefix}grantor=[session]; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={age}"
        );
        assert_eq!(session, expected);
        let out = alice.post("/-/logout", &[("decision", "logout")]).await;
        assert!(out.header("set-cookie").ends_with("; Max-Age=0"));
        assert!(!alice.is_signed_in().await);
    }
}

/// A sibling domain may have planted one of the two.
#[tokio::test]
async fn a_cookie_that_comes_twice_is_refused() {
    let (site, alice, _) = scene().await;
    let mine = alice.session_cookie().unwrap();
    for cookies in [
        format!("__Host-grantor={mine}; __Host-grantor={mine}"),
        format!("__Host-grantor-visit=a; __Host-grantor-visit=b; __Host-grantor={mine}"),
    ] {
        let reply = site
            .send(Call::get("/apps").header("cookie", cookies))
            .await;
        assert_eq!(reply.code(), 400);
    }
}

#[tokio::test]
async fn a_link_does_not_sign_anybody_out() {
    let (_, alice, _) = scene().await;
    assert_eq!(
        alice.get("/-/logout").await.heading(),
        "Sign out of Grantor?"
    );
    assert!(alice.is_signed_in().await);
    let session = alice.session_cookie().unwrap();
    alice.post("/-/logout", &[("decision", "logout")]).await;
    let thief: Browser = alice.elsewhere();
    thief.take_cookie(&format!("__Host-grantor={session}"));
    assert!(!thief.is_signed_in().await);
}

/// Too long to be hashed, too short to be right: refused before any work.
#[tokio::test]
async fn a_password_of_any_length_costs_nothing() {
    let site = Site::open().await;
    let browser = site.visitor();
    let long = "x".repeat(40_000);
    for _ in 0..60 {
        assert_eq!(browser.log_in("alice@example.org", &long).await.code(), 401);
    }
}

/// To reload the page would not help her.
#[tokio::test]
async fn whoever_keeps_no_cookies_is_told_so() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let token = alice.form_token("/login").await;
    let fields = [
        ("csrf", &*token),
        ("email", &*alice.email),
        ("password", PASSWORD),
    ];
    let reply = site.send(Call::post("/login").form(&fields)).await;
    assert_eq!(reply.code(), 403);
    assert!(
        reply
            .body
            .contains("Your browser sent no cookies with this form"),
        "{}",
        reply.body
    );
    let other = Call::post("/login")
        .form(&fields)
        .header("cookie", "__Host-grantor-visit=0");
    let reply = site.send(other).await;
    assert!(
        reply.body.contains("This form is too old"),
        "{}",
        reply.body
    );
}
