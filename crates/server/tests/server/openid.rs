//! OpenID Connect, read by a library that is not ours.

use crate::support::{App, Ask, Call, ISSUER, Person, Reply, Site};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor::keys::{JWKS_LIFETIME, KeyKind, Rotation};
use grantor_protocol::{authorize::ResponseType, time::Millis};
use grantor_store::audit::Actor;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, JwkSet},
};
use serde_json::Value;
use std::str::FromStr;

const NONCE: &str = "n-0S6_WzA2Mj";

/// A site with an app that may use every flow, and a user with a photo-less profile.
async fn scene() -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").implicit().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, alice, clock)
}

async fn published(site: &Site) -> Vec<Jwk> {
    let reply = site.send(Call::get("/api/1.0/openid_connect/jwks")).await;
    let set: JwkSet = serde_json::from_value(reply.json()).unwrap();
    set.keys
}

/// The claims of an ID token, once a published key has proved them. Expiry is compared
/// with the site's own clock.
async fn read(site: &Site, client_id: &str, token: &str) -> Value {
    verify(site, &published(site).await, client_id, token).unwrap()
}

fn verify(site: &Site, keys: &[Jwk], client_id: &str, token: &str) -> Option<Value> {
    let header = decode_header(token).unwrap();
    let mut keys = keys.iter();
    let key = keys.find(|key| key.common.key_id == header.kid)?;
    let algorithm = key.common.key_algorithm.unwrap().to_string();
    let mut rules = Validation::new(Algorithm::from_str(&algorithm).unwrap());
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[client_id]);
    rules.validate_exp = false;
    let key = DecodingKey::from_jwk(key).unwrap();
    let claims = decode::<Value>(token, &key, &rules).unwrap().claims;
    let now = site.world.now().seconds();
    assert!(claims["iat"].as_i64().unwrap() <= now && now < claims["exp"].as_i64().unwrap());
    Some(claims)
}

/// SHA-256, the left half, base64url: written down once more on purpose.
fn half_hash(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

fn login(app: &App, response_type: &str) -> Ask {
    app.ask()
        .with("response_type", response_type)
        .with("scope", "openid email")
        .with("nonce", NONCE)
}

/// A field of the form that sends itself.
fn posted(reply: &Reply, name: &str) -> Option<String> {
    let found = reply.between(&format!("name=\"{name}\" value=\""), "\"")?;
    Some(found.replace("&#38;", "&"))
}

#[tokio::test]
async fn every_response_type_answers_with_what_it_names() {
    let (site, alice, clock) = scene().await;
    for response in ResponseType::ALL {
        for mode in ["", "query", "fragment", "form_post"] {
            let what = format!("{response:?} {mode}");
            if mode == "query" && response.is_front_channel() {
                continue;
            }
            let ask = login(&clock, response.name());
            let ask = if mode.is_empty() {
                ask
            } else {
                ask.with("response_mode", mode)
            };
            let reply = alice.decide(&ask.with("prompt", "consent"), "allow").await;
            let form = mode == "form_post";
            assert_eq!(reply.code(), if form { 200 } else { 303 }, "{what}");
            let sent = |name: &str| {
                if form {
                    posted(&reply, name)
                } else {
                    reply.sent(name)
                }
            };
            if !form && (response.is_front_channel() || mode == "fragment") {
                assert!(!reply.location().contains('?'), "{what}");
            }
            assert_eq!(sent("state").as_deref(), Some("xyz"), "{what}");
            assert_eq!(sent("iss").as_deref(), Some(ISSUER), "{what}");
            let (code, token) = (sent("code"), sent("access_token"));
            assert_eq!(code.is_some(), response.code, "{what}");
            assert_eq!(token.is_some(), response.token, "{what}");
            let id_token = sent("id_token");
            assert_eq!(id_token.is_some(), response.id_token, "{what}");
            if let Some(id_token) = id_token {
                let claims = read(&site, &clock.client_id(), &id_token).await;
                assert_eq!(claims["sub"], alice.id.to_string(), "{what}");
                assert_eq!(claims["nonce"], NONCE, "{what}");
                assert_eq!(claims["acr"], "1", "{what}");
                let hash =
                    |text: Option<String>| text.map_or(Value::Null, |it| half_hash(&it).into());
                assert_eq!(claims["c_hash"], hash(code.clone()), "{what}");
                assert_eq!(claims["at_hash"], hash(token.clone()), "{what}");
            }
            if let Some(code) = code {
                let tokens = clock.exchange(&code).await;
                let claims = read(&site, &clock.client_id(), &tokens.member("id_token")).await;
                assert_eq!(claims["nonce"], NONCE, "{what}");
                let token = tokens.member("access_token");
                assert_eq!(claims["at_hash"], half_hash(&token), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn an_id_token_alone_carries_what_the_scopes_ask_for() {
    let (site, alice, clock) = scene().await;
    for (response_type, there) in [("id_token", true), ("id_token token", false)] {
        let reply = alice.decide(&login(&clock, response_type), "allow").await;
        let token = reply.sent("id_token").unwrap();
        let claims = read(&site, &clock.client_id(), &token).await;
        assert_eq!(
            claims["email"].as_str(),
            there.then_some("alice@example.org")
        );
        assert!(claims["name"].is_null());
    }
}

/// For libraries that never call userinfo; and one by one, for those that ask.
#[tokio::test]
async fn claims_come_into_the_id_token_by_the_apps_switch_or_by_name() {
    let (site, alice, clock) = scene().await;
    let claims_of = async |ask: &Ask| {
        let code = alice.decide(ask, "allow").await.sent("code").unwrap();
        let tokens = clock.exchange(&code).await;
        let claims = read(&site, &clock.client_id(), &tokens.member("id_token")).await;
        (claims, tokens.member("access_token"))
    };
    let ask = login(&clock, "code");
    assert!(claims_of(&ask).await.0["email"].is_null());
    let text = r#"{"id_token":{"name":null},"userinfo":{"name":{"essential":true}}}"#;
    let (claims, token) = claims_of(&ask.clone().with("claims", text)).await;
    assert_eq!(claims["name"], "Alice");
    let info = site.api(&token, "/openid_connect/userinfo").await;
    assert_eq!(info.member("name"), "Alice");
    clock
        .edit(|form| form.registration.id_token_claims = true)
        .await;
    site.pass(Millis::seconds(1));
    assert_eq!(claims_of(&ask).await.0["email"], "alice@example.org");
}

#[tokio::test]
async fn userinfo_goes_as_far_as_the_scopes() {
    let (site, alice, clock) = scene().await;
    for (scope, names) in [
        ("openid", vec!["sub"]),
        ("openid email", vec!["email", "email_verified", "sub"]),
        ("openid profile", vec!["name", "sub", "updated_at"]),
    ] {
        let tokens = alice
            .connect_as(&clock, &clock.ask().with("scope", scope))
            .await;
        for method in ["GET", "POST"] {
            let call = Call::new(method, "/api/1.0/openid_connect/userinfo");
            let info = site.send(call.bearer(&tokens.access)).await.json();
            let mut there: Vec<_> = info.as_object().unwrap().keys().collect();
            there.sort_unstable();
            assert_eq!(there, names, "{scope}");
            assert_eq!(info["sub"], alice.id.to_string());
        }
    }
    let tokens = alice.connect(&clock).await;
    let refused = site.api(&tokens.access, "/openid_connect/userinfo").await;
    assert_eq!(refused.code(), 403);
    assert!(refused.body.contains("'openid'"));
}

#[tokio::test]
async fn a_refresh_tells_of_the_same_login() {
    let (site, alice, clock) = scene().await;
    let code = alice
        .decide(&login(&clock, "code"), "allow")
        .await
        .sent("code")
        .unwrap();
    let first = clock.exchange(&code).await;
    site.pass(Millis::minutes(30));
    let second = clock.refresh(&first.member("refresh_token")).await;
    let id = clock.client_id();
    let first = read(&site, &id, &first.member("id_token")).await;
    let second = read(&site, &id, &second.member("id_token")).await;
    for same in ["iss", "sub", "aud", "auth_time", "acr", "amr", "sid"] {
        assert_eq!(first[same], second[same], "{same}");
    }
    assert!(second["iat"].as_i64() > first["iat"].as_i64());
    assert!(second["nonce"].is_null());
}

/// One user is two strangers to two sectors, and the same to herself.
#[tokio::test]
async fn a_pairwise_subject_is_the_same_everywhere_in_its_sector() {
    let (site, alice, clock) = scene().await;
    let sector = |sector: &str| {
        let sector = sector.to_owned();
        move |form: &mut grantor_store::apps::AppForm| {
            form.registration.subject_type =
                grantor_protocol::openid::subject::SubjectType::Pairwise;
            form.registration.sector = Some(sector);
        }
    };
    let subject_at = async |name: &str| {
        let clock = clock.edit(sector(name)).await;
        site.pass(Millis::seconds(1));
        let code = alice
            .decide(&login(&clock, "code"), "allow")
            .await
            .sent("code")
            .unwrap();
        let tokens = clock.exchange(&code).await;
        let claims = read(&site, &clock.client_id(), &tokens.member("id_token")).await;
        let info = site
            .api(&tokens.member("access_token"), "/openid_connect/userinfo")
            .await;
        assert_eq!(claims["sub"], info.member("sub"));
        info.member("sub")
    };
    let (here, there) = (subject_at("a.example").await, subject_at("b.example").await);
    assert_ne!(here, there);
    assert_ne!(here, alice.id.to_string());
    assert_eq!(here, subject_at("a.example").await);
}

#[tokio::test]
async fn a_hint_names_the_only_user_who_is_answered_for() {
    let (site, alice, clock) = scene().await;
    let bob = site.user("bob").await.signed_in().await;
    let code = alice
        .decide(&login(&clock, "code"), "allow")
        .await
        .sent("code")
        .unwrap();
    let hint = clock.exchange(&code).await.member("id_token");
    // Hints are good after their end: they are no proof of anything.
    site.pass(Millis::hours(2));
    let ask = login(&clock, "code").with("id_token_hint", &hint);
    let silent = ask.clone().with("prompt", "none");
    assert!(alice.get(&silent.url()).await.sent("code").is_some());
    // Who is at the browser is told to no app that he did not allow.
    let stranger = bob.get(&silent.url()).await;
    assert_eq!(stranger.sent("error").as_deref(), Some("consent_required"));
    bob.decide(&login(&clock, "code"), "allow").await;
    let refused = bob.get(&silent.url()).await;
    assert_eq!(refused.sent("error").as_deref(), Some("login_required"));
    let refused = bob.decide(&ask, "allow").await;
    assert_eq!(refused.sent("error").as_deref(), Some("login_required"));
    for wrong in ["x", "x.y.z", &hint[..hint.len() - 4]] {
        let refused = alice
            .get(&ask.clone().with("id_token_hint", wrong).url())
            .await;
        assert_eq!(
            refused.sent("error").as_deref(),
            Some("invalid_request"),
            "{wrong}"
        );
    }
    let other = site.app("Other").of(&site.user("eve").await).await;
    let foreign = login(&other, "code").with("id_token_hint", &hint);
    let refused = alice.get(&foreign.url()).await;
    assert_eq!(refused.sent("error").as_deref(), Some("invalid_request"));
}

/// Published long before its first use, kept long after its last.
#[tokio::test]
async fn a_new_key_is_known_before_it_signs() {
    let (site, alice, clock) = scene().await;
    let id_token = async || {
        let code = alice
            .decide(&login(&clock, "code"), "allow")
            .await
            .sent("code")
            .unwrap();
        clock.exchange(&code).await.member("id_token")
    };
    let kid = |token: &str| decode_header(token).unwrap().kid.unwrap();
    let (before, old) = (published(&site).await, id_token().await);
    let rotation = Rotation {
        kind: KeyKind::SignRs256,
        retire_older: false,
        actor: Actor::default(),
    };
    let app = &site.app;
    app.keys
        .rotate(rotation, &app.store, &app.world)
        .await
        .unwrap();
    app.keys.reload(&app.store, &app.world).await.unwrap();
    let announced = published(&site).await;
    assert_eq!(announced.len(), before.len() + 1);
    // Whoever fetched the keys just before the rotation still reads every token.
    site.pass(JWKS_LIFETIME);
    app.keys.reload(&app.store, &app.world).await.unwrap();
    let token = id_token().await;
    assert_eq!(kid(&token), kid(&old));
    assert!(verify(&site, &before, &clock.client_id(), &token).is_some());
    site.pass(Millis(JWKS_LIFETIME.0 + 1));
    app.keys.reload(&app.store, &app.world).await.unwrap();
    let token = id_token().await;
    assert_ne!(kid(&token), kid(&old));
    assert!(verify(&site, &announced, &clock.client_id(), &token).is_some());
    let now = published(&site).await;
    assert!(verify(&site, &now, &clock.client_id(), &old).is_some());
}

/// A login ends with its session; a connection goes on, whatever its ID tokens said.
#[tokio::test]
async fn a_login_ends_with_its_session_and_a_connection_does_not() {
    let (site, alice, clock) = scene().await;
    let of = async |scope: &str| {
        alice
            .connect_as(&clock, &clock.ask().with("scope", scope))
            .await
    };
    let login = of("openid email").await;
    let offline = of("openid email offline_access").await;
    let connection = of("openid default").await;
    alice.post("/-/logout", &[("decision", "logout")]).await;
    let info = async |token: &str| site.api(token, "/openid_connect/userinfo").await.code();
    assert_eq!(info(&login.access).await, 401);
    assert_eq!(info(&offline.access).await, 200);
    assert_eq!(info(&connection.access).await, 200);
    let refused = clock.refresh(&login.refresh).await;
    assert_eq!(refused.member("error"), "invalid_grant");
    assert!(refused.body.contains("logged out"));
    assert_eq!(clock.refresh(&offline.refresh).await.code(), 200);
    assert_eq!(clock.refresh(&connection.refresh).await.code(), 200);
}
