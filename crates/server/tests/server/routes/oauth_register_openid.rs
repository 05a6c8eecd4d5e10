//! `/-/oauth_register`: what is registered, and what comes of it. Each test names the
//! modules of the certification suite that do the same.

use super::oauth_register::{CALLBACK, clock, clock_with, is_refused, scene, scene_with};
use crate::support::{Ask, Call, Elsewhere, ISSUER, Reply, Signer, png};
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::client::assertion::TYPE;
use serde_json::{Value, json};

/// oidcc-redirect-uri-regfrag.
#[tokio::test]
async fn a_redirect_with_a_fragment_is_refused() {
    let (site, _, token) = scene().await;
    let members = json!({"redirect_uris": ["https://clock.example/callback#foobar"]});
    let reply = site.register(Some(&token), &members).await;
    is_refused(&reply, "invalid_redirect_uri", "redirect_uris:");
}

/// oidcc-redirect-uri-query-OK, -query-mismatch, -query-added and
/// oidcc-ensure-redirect-uri-in-authorization-request.
#[tokio::test]
async fn a_registered_query_is_kept_and_compared() {
    let (site, ops, token) = scene().await;
    let uris = ["https://clock.example/callback?foo=bar", CALLBACK];
    let members = clock_with(&json!({"redirect_uris": uris}));
    let reply = site.register(Some(&token), &members).await;
    let app = site.self_registered(&ops, &reply);
    let alice = site.user("alice").await.signed_in().await;
    let answer = alice.allow(&app).await;
    assert!(
        answer
            .location()
            .starts_with("https://clock.example/callback?foo=bar&code=")
    );
    let shown_here = async |ask: Ask| {
        let reply = alice.get(&ask.url()).await;
        assert_eq!((reply.code(), reply.location()), (400, ""));
    };
    shown_here(
        app.ask()
            .with("redirect_uri", "https://clock.example/callback?bar=foo"),
    )
    .await;
    shown_here(
        app.ask()
            .with("redirect_uri", "https://clock.example/callback?foo=bar&a=b"),
    )
    .await;
    shown_here(app.ask().without("redirect_uri")).await;
}

/// oidcc-idtoken-rs256, oidcc-idtoken-unsigned and oidcc-userinfo-rs256.
#[tokio::test]
async fn tokens_are_signed_as_registered() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let (site, ops, token) = scene().await;
    let alice = site.user("alice").await.signed_in().await;
    let header = |jwt: &str| -> Value {
        let header = BASE64_URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap());
        serde_json::from_slice(&header.unwrap()).unwrap()
    };
    for alg in ["RS256", "ES256", "none"] {
        let members =
            json!({"id_token_signed_response_alg": alg, "userinfo_signed_response_alg": "RS256"});
        let reply = site.register(Some(&token), &clock_with(&members)).await;
        let app = site.self_registered(&ops, &reply);
        let ask = app.ask().with("scope", "openid");
        let code = alice.decide(&ask, "allow").await.sent("code").unwrap();
        let tokens = app.exchange(&code).await;
        assert_eq!(header(&tokens.member("id_token"))["alg"], alg);
        let call =
            Call::get("/api/1.0/openid_connect/userinfo").bearer(&tokens.member("access_token"));
        let userinfo = site.send(call).await;
        assert_eq!(userinfo.header("content-type"), "application/jwt");
        assert_eq!(header(&userinfo.body)["alg"], "RS256");
        // Signed for this app by the same key, and yet no ID token.
        let hint = ask.with("id_token_hint", &userinfo.body);
        let refused = alice.get(&hint.url()).await;
        assert_eq!(refused.sent("error").as_deref(), Some("invalid_request"));
    }
}

/// oidcc-3rd_party-init-login and -nohttps.
#[tokio::test]
async fn a_login_is_initiated_by_https() {
    let (site, _, token) = scene().await;
    let uri = "https://clock.example/login";
    let members = clock_with(&json!({"initiate_login_uri": uri}));
    let answer = site.register(Some(&token), &members).await.json();
    assert_eq!(answer["initiate_login_uri"], uri);
    let shown = site.manage("GET", &answer, None).await;
    assert_eq!(
        (shown.code(), shown.member("initiate_login_uri").as_str()),
        (200, uri)
    );
    let members = clock_with(&json!({"initiate_login_uri": "http://clock.example/login"}));
    let reply = site.register(Some(&token), &members).await;
    is_refused(&reply, "invalid_client_metadata", "initiate_login_uri:");
}

/// oidcc-registration-sector-uri and -sector-bad.
#[tokio::test]
async fn a_sector_vouches_for_every_redirect() {
    let host = Elsewhere::open().await;
    let (site, ops, token) = scene_with(&host).await;
    let uris = [CALLBACK, "https://other.example/callback"];
    let members = json!({"redirect_uris": uris, "subject_type": "pairwise", "sector_identifier_uri": host.uri("/sector")});
    let members = clock_with(&members);
    let json = [("content-type", "application/json")];
    let register = async || site.register(Some(&token), &members).await;
    let code = "invalid_client_metadata";
    is_refused(
        &register().await,
        code,
        "sector_identifier_uri: the host answered with status 404",
    );
    for (status, body) in [(200, "[]"), (200, "no JSON"), (302, "[]")] {
        host.show("/sector", status, &json, body);
        is_refused(&register().await, code, "sector_identifier_uri:");
    }
    let only_one = json!([CALLBACK]).to_string();
    host.show("/sector", 200, &json, &only_one);
    is_refused(
        &register().await,
        code,
        "sector_identifier_uri: the document there must list",
    );
    host.show("/sector", 200, &json, &json!(uris).to_string());
    let first = site.self_registered(&ops, &register().await);
    let second = site.self_registered(&ops, &register().await);

    // Two apps of a sector know a user by one name, which is not her own.
    let alice = site.user("alice").await.signed_in().await;
    let mut subjects = Vec::new();
    for app in [first, second] {
        let tokens = alice
            .connect_as(&app, &app.ask().with("scope", "openid"))
            .await;
        let call = Call::get("/api/1.0/openid_connect/userinfo").bearer(&tokens.access);
        subjects.push(site.send(call).await.member("sub"));
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], alice.id.to_string());
}

/// oidcc-registration-logo-uri, -policy-uri and -tos-uri, as far as registration goes.
#[tokio::test]
async fn a_logo_is_fetched_once_and_drawn_anew() {
    let host = Elsewhere::open().await;
    let (site, ops, token) = scene_with(&host).await;
    let logo = host.uri("/logo.png");
    let members = json!({"logo_uri": logo, "policy_uri": "https://clock.example/policy", "tos_uri": "https://clock.example/tos"});
    let members = clock_with(&members);
    let icon = async |reply: &Reply| {
        let id = reply.member("client_id").parse().unwrap();
        site.app.store.app(id).await.unwrap().unwrap().icon.clone()
    };
    // Not there, or no picture: the app has none, and the answer says so.
    let without = site.register(Some(&token), &members).await;
    assert_eq!(icon(&without).await, None);
    assert!(without.json().get("logo_uri").is_none());
    host.show("/logo.png", 200, &[], "<svg onload=alert(1)>");
    let without = site.register(Some(&token), &members).await;
    assert!(without.json().get("logo_uri").is_none());

    host.show("/logo.png", 200, &[("content-type", "image/png")], &png());
    let with = site.register(Some(&token), &members).await;
    let answer = with.json();
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(&answer[name], value, "{name}");
    }
    let drawn = icon(&with).await.unwrap();
    let app = site.self_registered(&ops, &with);
    let alice = site.user("alice").await.signed_in().await;
    let page = alice.get(&app.ask().url()).await.body;
    assert!(page.contains(&format!("/images/{drawn}.png")) && !page.contains(&logo));

    // By this server alone, and by nothing but a plain GET.
    let seen = host.seen();
    assert_eq!(seen.len(), 3);
    for it in seen {
        assert_eq!(
            (&*it.method, &*it.path, &*it.body),
            ("GET", "/logo.png", "")
        );
    }

    // It stays while the same address gives none, and goes with the address.
    host.show("/logo.png", 500, &[], "");
    let mut members = clock_with(&json!({"client_id": answer["client_id"], "logo_uri": logo}));
    let kept = site.manage("PUT", &answer, Some(&members)).await;
    assert_eq!(
        (icon(&kept).await, kept.member("logo_uri")),
        (Some(drawn), logo)
    );
    members["logo_uri"] = Value::Null;
    let gone = site.manage("PUT", &answer, Some(&members)).await;
    assert_eq!(icon(&gone).await, None);
}

/// Where nothing is fetched, what has to be fetched cannot be registered.
#[tokio::test]
async fn addresses_need_a_server_that_calls_them() {
    let (site, _, token) = scene().await;
    for (name, value) in [
        ("jwks_uri", json!("https://clock.example/jwks")),
        (
            "sector_identifier_uri",
            json!("https://clock.example/sector"),
        ),
        (
            "backchannel_logout_uri",
            json!("https://clock.example/logout"),
        ),
        ("request_uris", json!(["https://clock.example/request"])),
    ] {
        let mut members = clock();
        members[name] = value;
        let reply = site.register(Some(&token), &members).await;
        is_refused(
            &reply,
            "invalid_client_metadata",
            &format!("{name}: this server fetches nothing"),
        );
    }
    let host = Elsewhere::open().await;
    let (site, _, token) = scene_with(&host).await;
    for uri in [
        "https://127.0.0.1/jwks",
        "https://169.254.169.254/jwks",
        "http://127.0.0.1/jwks",
    ] {
        let members = clock_with(&json!({"jwks_uri": uri}));
        let reply = site.register(Some(&token), &members).await;
        is_refused(&reply, "invalid_client_metadata", "jwks_uri:");
    }
    let members = clock_with(&json!({"jwks_uri": host.uri("/jwks")}));
    assert_eq!(site.register(Some(&token), &members).await.code(), 201);
}

/// oidcc-registration-jwks-uri: private_key_jwt by the keys at an address.
#[tokio::test]
async fn an_app_proves_itself_with_what_it_registered() {
    let host = Elsewhere::open().await;
    let (site, ops, token) = scene_with(&host).await;
    let alice = site.user("alice").await.signed_in().await;
    let signer = Signer::new(Algorithm::Rs256, "one");
    host.show("/jwks", 200, &[], &signer.jwks());
    let by_key =
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": host.uri("/jwks")});
    let by_secret = json!({"token_endpoint_auth_method": "client_secret_jwt"});
    for members in [by_key, by_secret] {
        let reply = site.register(Some(&token), &clock_with(&members)).await;
        let mut app = site.self_registered(&ops, &reply);
        app.pkce = false;
        let code = alice.allow(&app).await.sent("code").unwrap();
        let (id, now) = (app.client_id(), site.world.now().seconds());
        let claims = json!({"iss": id, "sub": id, "aud": ISSUER, "exp": now + 60, "jti": "1"});
        let assertion = match app.secret.take() {
            Some(secret) => Signer::of_secret(&secret).sign(&claims),
            None => signer.sign(&claims),
        };
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", CALLBACK),
            ("client_assertion_type", TYPE),
            ("client_assertion", &*assertion),
        ];
        let reply = app.post("/-/oauth_token", &fields).await;
        assert_eq!(reply.code(), 200, "{}", reply.body);
    }
}
