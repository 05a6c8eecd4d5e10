//! `/api/1.0/…`.

use super::scene;
use crate::support::{Call, Site};
use grantor_protocol::time::Millis;
use serde_json::json;

const ME: &str = "/api/1.0/users/me";

#[tokio::test]
async fn users_me_in_the_described_envelope() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let expected = json!({"data": {
        "gid": alice.id.to_string(),
        "resource_type": "user",
        "name": "Alice",
        "email": "alice@example.org",
        "photo": null,
        "workspaces": [],
    }});
    let reply = site.api(&tokens.access, "/users/me").await;
    assert_eq!(reply.json(), expected);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn opt_fields_trims_and_opt_pretty_indents() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let gid = alice.id.to_string();
    let trimmed = site
        .api(&tokens.access, "/users/me?opt_fields=name,id")
        .await;
    let expected = json!({"data": {"gid": gid, "id": alice.id, "name": "Alice"}});
    assert_eq!(trimmed.json(), expected);
    assert!(!trimmed.body.contains('\n'));
    let pretty = site
        .api(&tokens.access, "/users/me?opt_pretty&opt_fields=gid")
        .await;
    assert_eq!(pretty.json(), json!({"data": {"gid": gid}}));
    assert!(pretty.body.contains("\n  "));
    let twice = site
        .api(&tokens.access, "/users/me?opt_fields=a&opt_fields=b")
        .await;
    assert_eq!(twice.code(), 400);
}

#[tokio::test]
async fn what_the_user_sees_of_her_own() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let personal = alice.token("email", "30").await;
    let mut text = String::new();
    for path in [
        "/users/me/authorizations",
        "/users/me/personal_access_tokens",
    ] {
        let list = crate::support::sorted(site.api(&tokens.access, path).await.json());
        let list = serde_json::to_string_pretty(&list).unwrap();
        for secret in [&tokens.access, &tokens.refresh, &personal] {
            assert!(!list.contains(secret.as_str()));
        }
        text += &format!("{path} {list}\n");
    }
    let hint = text.split("\"hint\": \"").nth(1).unwrap();
    let hint = hint.split('"').next().unwrap().to_owned();
    let (start, end) = hint.split_once('…').unwrap();
    assert!(personal.starts_with(start) && personal.ends_with(end));
    let text = text.replace(&hint, "[start…end]");
    insta::assert_snapshot!(site.redact(&text));
}

#[tokio::test]
async fn what_is_wrong_with_a_bearer_is_said() {
    let (site, alice, clock) = scene().await;
    let narrow = clock.ask().with("scope", "email");
    let narrow = alice.connect_as(&clock, &narrow).await;
    let tokens = alice.connect(&clock).await;
    let mut text = String::new();
    let mut note = |name: &str, reply: crate::support::Reply| {
        let challenge = reply.header("www-authenticate");
        text += &format!("{name}\n  {} {challenge}\n  {}\n", reply.code(), reply.body);
    };
    let with = |value: &str| Call::get(ME).header("authorization", value);
    note("nothing", site.send(Call::get(ME)).await);
    note("Basic", site.send(with("Basic eDp5")).await);
    note("malformed", site.send(with("Bearer a b")).await);
    let twice = with("Bearer x").header("authorization", "Bearer y");
    note("twice", site.send(twice).await);
    note("unknown", site.api("gr_at_what", "/users/me").await);
    note(
        "a refresh token",
        site.api(&tokens.refresh, "/users/me").await,
    );
    note("too narrow", site.api(&narrow.access, "/users/me").await);
    clock.revoke(&tokens.access).await;
    note("revoked", site.api(&tokens.access, "/users/me").await);
    site.pass(Millis::hours(2));
    note("expired", site.api(&narrow.access, "/users/me").await);
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn the_scheme_is_written_in_any_case() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let call = Call::get(ME).header("authorization", format!("{scheme} {}", tokens.access));
        assert_eq!(site.send(call).await.code(), 200);
    }
}

/// Old clients send tokens in the query or as a Basic user; one switch lets them.
#[tokio::test]
async fn other_places_for_a_token_are_off_unless_switched_on() {
    use base64::{Engine, prelude::BASE64_STANDARD};
    for on in [false, true] {
        let site = Site::with(|config| config.legacy.legacy_bearer = on).await;
        let alice = site.user("alice").await.signed_in().await;
        let token = alice.token("default", "30").await;
        let expected = if on { 200 } else { 401 };
        let query = site
            .send(Call::get(format!("{ME}?access_token={token}")))
            .await;
        assert_eq!(query.code(), expected);
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{token}:")));
        let basic = site
            .send(Call::get(ME).header("authorization", basic))
            .await;
        assert_eq!(basic.code(), expected);
    }
}

/// Programs get the envelope for every mistake.
#[tokio::test]
async fn what_is_not_there_is_said_in_the_envelope() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    for call in [Call::get("/api/1.0/nothing"), Call::new("DELETE", ME)] {
        let reply = site.send(call.bearer(&tokens.access)).await;
        assert!(reply.status.is_client_error());
        assert!(reply.json()["errors"][0]["message"].is_string());
    }
    let wrong = site
        .send(Call::new("DELETE", ME).bearer(&tokens.access))
        .await;
    assert_eq!(
        (wrong.code(), wrong.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
}

/// Nothing else is asked of such a request: no form, no token, no login.
#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_said_first() {
    let (site, ..) = scene().await;
    for (method, path, allow) in [
        ("GET", "/-/token_info", "POST"),
        ("GET", "/-/oauth_token", "POST, OPTIONS"),
        ("PUT", "/login", "GET, HEAD, POST"),
        ("POST", "/authorizations", "GET, HEAD"),
        ("DELETE", ME, "GET, HEAD, OPTIONS"),
    ] {
        let reply = site.send(Call::new(method, path)).await;
        let answered = (reply.code(), reply.header("allow"));
        assert_eq!(answered, (405, allow), "{method} {path}");
    }
}

#[tokio::test]
async fn a_text_longer_than_any_token_is_an_unknown_one() {
    let (site, ..) = scene().await;
    let reply = site.api(&"x".repeat(7_000), "/users/me").await;
    assert_eq!(reply.code(), 401);
    let challenge = reply.header("www-authenticate");
    assert!(challenge.contains("invalid_token"), "{challenge}");
}

/// Last use is shown to the user, with the address.
#[tokio::test]
async fn use_is_noted() {
    let (site, alice, _) = scene().await;
    let token = alice.token("default", "30").await;
    let mut call = Call::get(ME).bearer(&token);
    call.from = "198.51.100.9".parse().unwrap();
    site.send(call).await;
    site.app.store.write_usage(Millis::days(180)).await.unwrap();
    let page = alice.get("/tokens").await;
    assert!(page.body.contains("198.51.100.9"));
}

/// Every path of the document is a row of the routing table and the other way round.
#[tokio::test]
async fn the_openapi_document_names_what_is_there() {
    let site = Site::open().await;
    let document = site.send(Call::get("/api/1.0/openapi.json")).await.json();
    let named: std::collections::BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let rows = grantor::routes::routes();
    // SCIM describes itself.
    let api = rows
        .iter()
        .filter(|row| matches!(row.access, grantor::routes::Access::Bearer(_)))
        .filter(|row| !row.path.starts_with(grantor::scim::BASE));
    for row in api {
        let below = row.path.trim_start_matches("/api/1.0");
        assert!(
            named.contains(below) || named.contains(row.path),
            "{}",
            row.path
        );
    }
}
