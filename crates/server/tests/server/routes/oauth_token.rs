//! `POST /-/oauth_token`.

use super::{refusal, scene};
use crate::support::{App, CHALLENGE, Call, Site, Tokens, VERIFIER, join_all};
use grantor_protocol::time::Millis;
use serde_json::json;

#[tokio::test]
async fn the_answer_has_the_described_shape() {
    let (_, alice, clock) = scene().await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let reply = clock.exchange(&code).await;
    let tokens = Tokens::of(&reply);
    let expected = json!({
        "access_token": tokens.access,
        "token_type": "bearer",
        "expires_in": 3600,
        "refresh_token": tokens.refresh,
        "scope": "default",
        "data": {
            "id": alice.id,
            "gid": alice.id.to_string(),
            "name": "Alice",
            "email": "alice@example.org",
        },
    });
    assert_eq!(reply.json(), expected);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(tokens.access.len() <= 512 && tokens.refresh.len() <= 64 && code.len() <= 64);
    // The refresh answer of a server app repeats the same refresh token.
    let again = clock.refresh(&tokens.refresh).await.json();
    assert_eq!(again["refresh_token"], json!(tokens.refresh));
    assert_eq!(again["data"], expected["data"]);
}

#[tokio::test]
async fn data_goes_as_far_as_the_scopes() {
    let (_, alice, clock) = scene().await;
    let mut table = String::new();
    for scope in [
        "default",
        "email",
        "profile",
        "openid",
        "profile email",
        "default identity",
    ] {
        let ask = clock.ask().with("scope", scope);
        let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
        let reply = clock.exchange(&code).await.json();
        let data = crate::support::sorted(reply["data"].clone());
        table += &format!("{scope}: {} {data}\n", reply["scope"]);
    }
    insta::assert_snapshot!(clock.site.redact(&table));
}

#[tokio::test]
async fn credentials_come_once_in_the_header_or_the_body() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
    ];
    let call = || Call::post("/-/oauth_token");
    let by_header = call().form(&refresh).header("authorization", clock.basic());
    assert_eq!(site.send(by_header).await.code(), 200);
    let id = clock.client_id();
    let beside = [refresh[0], refresh[1], ("client_id", &*id)];
    let by_header = call().form(&beside).header("authorization", clock.basic());
    assert_eq!(site.send(by_header).await.code(), 200);
    let secret = clock.secret.clone().unwrap();
    let twice = [refresh[0], refresh[1], ("client_secret", &*secret)];
    let twice = call().form(&twice).header("authorization", clock.basic());
    assert_eq!(site.send(twice).await.member("error"), "invalid_request");
    let other = [refresh[0], refresh[1], ("client_id", "12345")];
    let other = call().form(&other).header("authorization", clock.basic());
    assert_eq!(site.send(other).await.member("error"), "invalid_request");
}

/// RFC 6749 §5.2: who tried Basic is told to.
#[tokio::test]
async fn a_refused_header_is_challenged() {
    let (site, _, clock) = scene().await;
    let wrong = App {
        secret: Some("wrong".into()),
        ..clock
    };
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let call = Call::post("/-/oauth_token").form(&fields);
    let reply = site.send(call.header("authorization", wrong.basic())).await;
    assert_eq!(reply.code(), 401);
    assert!(reply.header("www-authenticate").starts_with("Basic realm="));
    let reply = wrong.refresh("x").await;
    assert_eq!((reply.code(), reply.header("www-authenticate")), (401, ""));
}

#[tokio::test]
async fn a_charset_is_no_reason_to_refuse() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let body = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    let mut call = Call::post("/-/oauth_token").header("authorization", clock.basic());
    call.body = body.into_bytes();
    let call = call.header(
        "content-type",
        "application/x-www-form-urlencoded;charset=UTF-8",
    );
    assert_eq!(site.send(call).await.code(), 200);
}

#[tokio::test]
async fn redirect_uri_on_refresh_may_be_absent_equal_or_empty() {
    let (_, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let with = async |uri: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*tokens.refresh),
            ("redirect_uri", uri),
        ];
        clock.post("/-/oauth_token", &fields).await
    };
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    assert_eq!(with(&clock.redirect).await.code(), 200);
    assert_eq!(with("").await.code(), 200);
    assert_eq!(
        with("https://evil.example/").await.member("error"),
        "invalid_grant"
    );
}

#[tokio::test]
async fn scope_on_refresh_only_narrows() {
    let (_, alice, clock) = scene().await;
    let ask = clock.ask().with("scope", "email profile");
    let tokens = alice.connect_as(&clock, &ask).await;
    let with = async |scope: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*tokens.refresh),
            ("scope", scope),
        ];
        clock.post("/-/oauth_token", &fields).await
    };
    assert_eq!(with("email").await.member("scope"), "email");
    assert_eq!(with("email default").await.member("error"), "invalid_scope");
    // What was left out once can be asked for again.
    let again = clock.refresh(&tokens.refresh).await;
    assert_eq!(again.member("scope"), "email profile");
}

#[tokio::test]
async fn every_refusal_of_a_code_names_its_cause() {
    let (site, alice, clock) = scene().await;
    let dora = site.user("dot").await;
    let other = site.app("Other").of(&dora).await;
    let code = async || alice.allow(&clock).await.sent("code").unwrap();
    let challenged = clock.ask().with("code_challenge", CHALLENGE);
    let challenged = challenged.with("code_challenge_method", "S256");
    let bound = async || {
        alice
            .decide(&challenged, "allow")
            .await
            .sent("code")
            .unwrap()
    };
    let with = async |app: &App, code: &str, extra: &[(&str, &str)]| {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
        fields.extend(extra);
        app.post("/-/oauth_token", &fields).await
    };
    let uri = ("redirect_uri", &*clock.redirect);
    let mut table = String::new();
    let mut note = |name: &str, reply| table += &refusal(name, &reply);
    note("no code", with(&clock, "", &[uri]).await);
    note("unknown", with(&clock, "gr_ac_what", &[uri]).await);
    note("of another app", with(&other, &code().await, &[uri]).await);
    note("no redirect", with(&clock, &code().await, &[]).await);
    let slash = format!("{}/", clock.redirect);
    note(
        "other redirect",
        with(&clock, &code().await, &[("redirect_uri", &slash)]).await,
    );
    let verifier = ("code_verifier", VERIFIER);
    note(
        "unexpected verifier",
        with(&clock, &code().await, &[uri, verifier]).await,
    );
    note("no verifier", with(&clock, &bound().await, &[uri]).await);
    let wrong = "a".repeat(43);
    note(
        "wrong verifier",
        with(&clock, &bound().await, &[uri, ("code_verifier", &wrong)]).await,
    );
    let old = code().await;
    site.pass(Millis::seconds(60));
    note("expired", with(&clock, &old, &[uri]).await);
    let used = code().await;
    assert_eq!(clock.exchange(&used).await.code(), 200);
    note("used", with(&clock, &used, &[uri]).await);
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn every_other_refusal_names_its_cause() {
    let (site, alice, clock) = scene().await;
    let dora = site.user("dot").await;
    let other = site.app("Other").of(&dora).await;
    let page = site.app("Page").browser().of(&dora).await;
    let tokens = alice.connect(&clock).await;
    let mut table = String::new();
    let mut note = |name: &str, reply| table += &refusal(name, &reply);
    note("no grant type", clock.post("/-/oauth_token", &[]).await);
    let password = [("grant_type", "password"), ("username", "alice")];
    note(
        "password grant",
        clock.post("/-/oauth_token", &password).await,
    );
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
    ];
    let raw = async |extra: &[(&str, &str)]| {
        let fields = [&refresh[..], extra].concat();
        site.send(Call::post("/-/oauth_token").form(&fields)).await
    };
    note("no client", raw(&[]).await);
    note(
        "unknown client",
        raw(&[("client_id", "1234567890123")]).await,
    );
    note("a name as client", raw(&[("client_id", "clock")]).await);
    let id = clock.client_id();
    note("no secret", raw(&[("client_id", &id)]).await);
    note(
        "wrong secret",
        raw(&[("client_id", &id), ("client_secret", "x")]).await,
    );
    let secret = other.secret.clone().unwrap();
    note(
        "another's secret",
        raw(&[("client_id", &id), ("client_secret", &secret)]).await,
    );
    let public = page.client_id();
    note(
        "a public app's secret",
        raw(&[("client_id", &public), ("client_secret", "x")]).await,
    );
    note("no refresh token", clock.refresh("").await);
    note("unknown refresh token", clock.refresh("gr_rt_what").await);
    note(
        "access token for refresh",
        clock.refresh(&tokens.access).await,
    );
    note("of another app", other.refresh(&tokens.refresh).await);
    note(
        "of another app, public",
        page.refresh(&tokens.refresh).await,
    );
    clock.revoke(&tokens.refresh).await;
    note("revoked", clock.refresh(&tokens.refresh).await);
    insta::assert_snapshot!(table);
}

/// A refresh token lives as long as it is used, and not longer.
#[tokio::test]
async fn an_unused_refresh_token_ends() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    site.pass(Millis::days(179));
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    site.app.store.write_usage(Millis::days(180)).await.unwrap();
    site.pass(Millis::days(179));
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    site.app.store.write_usage(Millis::days(180)).await.unwrap();
    site.pass(Millis::days(181));
    let reply = clock.refresh(&tokens.refresh).await;
    assert_eq!(reply.member("error"), "invalid_grant");
}

/// Where the operator sets one, use does not move the absolute limit; what tokens say
/// of themselves knows it.
#[tokio::test]
async fn an_authorization_ends_at_its_absolute_limit() {
    let limit = Millis::days(30);
    let site = Site::with(|config| config.tokens.refresh_token_absolute.0 = Some(limit)).await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let mut refresh = alice.connect(&page).await.refresh;
    let end = site.world.now() + limit;
    for days in [20, 9] {
        site.pass(Millis::days(days));
        let reply = page.refresh(&refresh).await;
        assert_eq!(reply.code(), 200);
        refresh = reply.member("refresh_token");
        let info = site.send(Call::post("/-/token_info").form(&[("token", &refresh)]));
        assert_eq!(info.await.json()["exp"], end.seconds());
    }
    site.pass(Millis(Millis::days(1).0 - 1));
    refresh = page.refresh(&refresh).await.member("refresh_token");
    site.pass(Millis(1));
    let reply = page.refresh(&refresh).await;
    assert_eq!(reply.member("error"), "invalid_grant");
    let said = reply.member("error_description");
    assert!(said.contains("as old as one may get"), "{said}");
    let info = site.send(Call::post("/-/token_info").form(&[("token", &refresh)]));
    assert_eq!(info.await.json()["active"], false);
}

/// Guesses are slowed down; the window passes.
#[tokio::test]
async fn wrong_secrets_are_throttled_by_app_and_address() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let wrong = App {
        secret: Some("wrong".into()),
        ..clock.clone()
    };
    let guesses = join_all((0..100).map(async |_| wrong.refresh("x").await.code())).await;
    assert_eq!(guesses.iter().filter(|code| **code == 401).count(), 60);
    let before = site.contents();
    let reply = wrong.refresh("x").await;
    assert_eq!((reply.code(), &*reply.member("error")), (429, "slow_down"));
    assert_eq!(site.contents(), before, "a flood writes nothing");
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait));
    // A neighbour who guesses does not slow the app itself down.
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    site.pass(Millis::seconds(wait));
    assert_eq!(wrong.refresh("x").await.code(), 401);
}

/// An app with many users who ended its access is no guesser: it must learn of each.
#[tokio::test]
async fn a_throttle_never_hides_that_a_grant_has_ended() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    alice.disable().await;
    for _ in 0..100 {
        let reply = clock.refresh(&tokens.refresh).await;
        assert_eq!(reply.member("error"), "invalid_grant");
    }
    // One that proves nothing is slowed down then, and told the same.
    let dora = site.user("dot").await;
    let page = site.app("Page").browser().of(&dora).await;
    let told = async || page.refresh(&tokens.refresh).await;
    for _ in 0..62 {
        assert_eq!(told().await.member("error"), "invalid_grant");
    }
    let bob = site.user("bob").await.signed_in().await;
    let good = bob.connect(&page).await;
    assert_eq!(page.refresh(&good.refresh).await.code(), 200);
    site.pass(Millis::minutes(1));
    assert_eq!(told().await.member("error"), "invalid_grant");
}

/// Made-up ids share one counter, and nothing of them is stored.
#[tokio::test]
async fn unknown_apps_share_one_counter() {
    let site = Site::open().await;
    let ask = async |id: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            ("client_id", id),
        ];
        site.send(Call::post("/-/oauth_token").form(&fields)).await
    };
    for number in 0..60 {
        assert_eq!(ask(&format!("made up {number}")).await.code(), 401);
    }
    assert_eq!(ask("another one").await.code(), 429);
}
