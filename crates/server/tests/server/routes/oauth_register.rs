//! `/-/oauth_register`: apps that register themselves, and what they do with it.
//!
//! Modules of the certification suite are named where a test does the same.

use super::refusal;
use crate::support::{
    Ask, Call, Elsewhere, ISSUER, Person, Reply, Signer, Site, join_all, png, register_with,
};
use grantor::config::DynamicRegistration::{Off, Open, Token};
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::{client::assertion::TYPE, time::Millis};
use serde_json::{Value, json};

const PATH: &str = "/-/oauth_register";
const CALLBACK: &str = "https://clock.example/callback";

fn clock() -> Value {
    json!({"redirect_uris": [CALLBACK], "client_name": "Clock"})
}

fn clock_with(members: &Value) -> Value {
    let mut all = clock();
    for (name, value) in members.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

/// A site where apps register with a token, whose owner and one token for many apps.
async fn scene() -> (Site, Person, String) {
    let site = Site::with(register_with(Token)).await;
    let ops = site.user("ops").await;
    let token = site.initial_token(&ops, 1000).await;
    (site, ops, token)
}

/// As [`scene`], where the server may call a host of the app's.
async fn scene_with(elsewhere: &Elsewhere) -> (Site, Person, String) {
    let destination = elsewhere.destination();
    let site = Site::with(|config| {
        register_with(Token)(config);
        config.outbound.on = true;
        config.outbound.allow = vec![destination];
    })
    .await;
    let ops = site.user("ops").await;
    let token = site.initial_token(&ops, 1000).await;
    (site, ops, token)
}

fn is_refused(reply: &Reply, code: &str, member: &str) {
    assert_eq!(reply.code(), 400, "{}", reply.body);
    assert_eq!(reply.member("error"), code, "{}", reply.body);
    let description = reply.member("error_description");
    assert!(description.starts_with(member), "{description}");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn nothing_is_there_unless_it_is_switched_on() {
    let site = Site::with(register_with(Off)).await;
    let ops = site.user("ops").await;
    let token = site.initial_token(&ops, 1).await;
    assert_eq!(site.register(Some(&token), &clock()).await.code(), 404);
    assert_eq!(site.register(None, &clock()).await.code(), 404);
    let on = site.reopened(register_with(Token)).await;
    let answer = on.register(Some(&token), &clock()).await.json();
    let off = on.reopened(register_with(Off)).await;
    assert_eq!(off.manage("GET", &answer, None).await.code(), 404);
}

#[tokio::test]
async fn an_answer_holds_everything_that_is_registered() {
    let (site, ops, token) = scene().await;
    let reply = site.register(Some(&token), &clock()).await;
    assert_eq!(reply.code(), 201);
    assert_eq!(reply.header("cache-control"), "no-store");
    let answer = reply.json();
    assert_eq!(answer["client_secret_expires_at"], 0);
    assert_eq!(answer["client_id_issued_at"], site.world.now().seconds());
    let id = reply.member("client_id");
    let uri = format!("https://auth.example{PATH}/{id}");
    assert_eq!(answer["registration_client_uri"], *uri);
    assert!(reply.secret("gr_rat_").is_some() && reply.secret("gr_cs_").is_some());
    let app = site
        .app
        .store
        .app(id.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(app.registered_itself() && app.owner == ops.id && !app.verified);
    // Neither text is in the database.
    let contents = site.contents();
    for text in ["client_secret", "registration_access_token"] {
        assert!(!contents.contains(&reply.member(text)), "{text}");
    }
    let public = json!({"token_endpoint_auth_method": "none"});
    let public = site
        .register(Some(&token), &clock_with(&public))
        .await
        .json();
    let private = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}});
    let private = site
        .register(Some(&token), &clock_with(&private))
        .await
        .json();
    for answer in [public, private] {
        assert!(answer.get("client_secret").is_none());
        assert!(answer.get("client_secret_expires_at").is_none());
    }
}

#[tokio::test]
async fn who_may_register() {
    let (site, ops, token) = scene().await;
    let personal = site.user("dora").await.signed_in().await;
    let personal = personal.token("default", "30").await;
    let mut lines = String::new();
    let spent = site.initial_token(&ops, 1).await;
    let first = site.register(Some(&spent), &clock()).await;
    let registration = first.member("registration_access_token");
    for (name, token) in [
        ("no token", None),
        ("a token of another kind", Some(&*personal)),
        ("a registration access token", Some(&*registration)),
        ("rubbish", Some("abc")),
        ("a token that is used up", Some(&*spent)),
    ] {
        let reply = site.register(token, &clock()).await;
        lines += &refusal(name, &reply);
        lines += &format!("    {}\n", reply.header("www-authenticate"));
    }
    site.pass(Millis::days(30));
    let late = site.register(Some(&token), &clock()).await;
    lines += &refusal("a token that has expired", &late);
    insta::assert_snapshot!(lines);
}

/// What has not come as one JSON object, each member once.
#[tokio::test]
async fn a_body_is_one_json_object() {
    let (site, _, token) = scene().await;
    let call = |kind: &str, body: &str| {
        let mut call = Call::post(PATH).bearer(&token).header("content-type", kind);
        call.body = body.into();
        call
    };
    let mut lines = String::new();
    for (name, call) in [
        (
            "a form",
            call("application/x-www-form-urlencoded", "client_name=Clock"),
        ),
        ("no type", Call::post(PATH).bearer(&token)),
        ("nothing", call("application/json", "")),
        ("a list", call("application/json", "[]")),
        ("broken", call("application/json", "{")),
        (
            "a member twice",
            call(
                "application/json; charset=utf-8",
                r#"{"redirect_uris":[],"redirect_uris":[]}"#,
            ),
        ),
        ("too deep", call("application/json", &"[".repeat(200))),
        (
            "too long",
            call(
                "application/json",
                &format!("{{\"a\":\"{}\"}}", "x".repeat(70_000)),
            ),
        ),
    ] {
        lines += &refusal(name, &site.send(call).await);
    }
    insta::assert_snapshot!(lines);
}

#[tokio::test]
async fn names_that_pass_for_others_are_refused() {
    let (site, ops, token) = scene().await;
    let verified = site.app("Sundial").of(&ops).await;
    verified.verify().await;
    for name in ["Grantor", "Sundial", "Sund\u{456}al", "Grantor Support"] {
        let reply = site
            .register(Some(&token), &clock_with(&json!({"client_name": name})))
            .await;
        is_refused(&reply, "invalid_client_metadata", "client_name:");
    }
    let named = clock_with(&json!({"client_name": "Clock for Grantor"}));
    assert_eq!(site.register(Some(&token), &named).await.code(), 201);
}

/// Of a token for three apps, twenty callers get three.
#[tokio::test]
async fn of_twenty_with_a_token_for_three_exactly_three_register() {
    let (site, ops, _) = scene().await;
    let token = site.initial_token(&ops, 3).await;
    let members = clock();
    let replies = join_all((0..20).map(|_| site.register(Some(&token), &members))).await;
    let codes: Vec<_> = replies.iter().map(Reply::code).collect();
    assert_eq!(codes.iter().filter(|code| **code == 201).count(), 3);
    assert_eq!(codes.iter().filter(|code| **code == 401).count(), 17);
}

#[tokio::test]
async fn where_anybody_may_register_the_named_account_answers_within_its_limit() {
    let site = Site::with(|config| {
        register_with(Open)(config);
        config.registration.dynamic_registration_limit = 2;
    })
    .await;
    assert_eq!(site.register(None, &clock()).await.code(), 403);
    let ops = site.user("ops").await;
    for _ in 0..2 {
        let reply = site.register(None, &clock()).await;
        assert_eq!(site.self_registered(&ops, &reply).owner, ops.id);
    }
    assert_eq!(site.register(None, &clock()).await.code(), 403);
    assert_eq!(site.app.store.apps_of(ops.id).await.unwrap().len(), 2);
    assert_eq!(
        site.register(Some("gr_iat_wrong"), &clock()).await.code(),
        401
    );
}

#[tokio::test]
async fn one_address_registers_so_many_an_hour() {
    let site = Site::with(register_with(Open)).await;
    site.user("ops").await;
    for _ in 0..20 {
        assert_eq!(site.register(None, &clock()).await.code(), 201);
    }
    let reply = site.register(None, &clock()).await;
    assert_eq!(
        (reply.code(), reply.member("error").as_str()),
        (429, "slow_down")
    );
    assert!(!reply.header("retry-after").is_empty());
    site.pass(Millis::hours(1));
    assert_eq!(site.register(None, &clock()).await.code(), 201);
}

#[tokio::test]
async fn a_registration_that_nobody_used_ends() {
    let (site, ops, token) = scene().await;
    let unused = site.register(Some(&token), &clock()).await;
    let used = site.register(Some(&token), &clock()).await;
    let used = site.self_registered(&ops, &used);
    let alice = site.user("alice").await.signed_in().await;
    alice.allow(&used).await;
    site.pass(Millis::days(30));
    let now = site.world.now();
    assert_eq!(site.app.store.sweep_registrations(now).await.unwrap(), 1);
    assert_eq!(site.manage("GET", &unused.json(), None).await.code(), 401);
    let apps = site.app.store.apps_of(ops.id).await.unwrap();
    assert_eq!(
        apps.iter().map(|app| app.client.id).collect::<Vec<_>>(),
        [used.id]
    );
}

/// CVE-2026-116672: another app's registration, or none, is out of reach of a token.
#[tokio::test]
async fn a_registration_is_changed_by_its_own_token_alone() {
    let (site, _, token) = scene().await;
    let one = site.register(Some(&token), &clock()).await.json();
    let other = site.register(Some(&token), &clock()).await.json();
    let mut nobody = one.clone();
    nobody["registration_client_uri"] = json!(format!("https://auth.example{PATH}/1234567890123"));
    let mut mixed = one.clone();
    mixed["registration_client_uri"] = other["registration_client_uri"].clone();
    let mut initial = one.clone();
    initial["registration_access_token"] = json!(token);
    let mut secret = one.clone();
    secret["registration_access_token"] = one["client_secret"].clone();
    let before = site.contents();
    let mut bodies = Vec::new();
    for wrong in [&nobody, &mixed, &initial, &secret] {
        let members = clock_with(&json!({"client_id": other["client_id"], "client_name": "Mine"}));
        for (method, members) in [("GET", None), ("PUT", Some(&members)), ("DELETE", None)] {
            let reply = site.manage(method, wrong, members).await;
            assert_eq!(reply.code(), 401);
            bodies.push(reply.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "what is wrong is not told: {bodies:?}");
    let apps = |contents: &str| -> Vec<String> {
        let lines = contents.lines().filter(|line| line.starts_with("apps "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(apps(&before), apps(&site.contents()));
}

#[tokio::test]
async fn what_an_update_may_not_do() {
    let (site, _, token) = scene().await;
    let one = site.register(Some(&token), &clock()).await.json();
    let own = json!({"client_id": one["client_id"]});
    let put = async |members: &Value| {
        let mut all = clock_with(&own);
        for (name, value) in members.as_object().unwrap() {
            all[name] = value.clone();
        }
        site.manage("PUT", &one, Some(&all)).await
    };
    let code = "invalid_client_metadata";
    is_refused(&put(&json!({"client_id": null})).await, code, "client_id:");
    is_refused(&put(&json!({"client_id": "7"})).await, code, "client_id:");
    is_refused(
        &put(&json!({"client_secret": "mine"})).await,
        code,
        "client_secret:",
    );
    is_refused(
        &put(&json!({"client_name": "Grantor"})).await,
        code,
        "client_name:",
    );
    is_refused(
        &put(&json!({"redirect_uris": []})).await,
        "invalid_redirect_uri",
        "redirect_uris:",
    );
    let method = "token_endpoint_auth_method";
    let jwt = json!({method: "client_secret_jwt"});
    is_refused(&put(&jwt).await, code, &format!("{method}:"));
    let same = put(&json!({"client_secret": one["client_secret"]})).await;
    assert_eq!(same.code(), 200);
    assert!(same.json().get("client_secret").is_none());

    let public = json!({"token_endpoint_auth_method": "none"});
    let public = site
        .register(Some(&token), &clock_with(&public))
        .await
        .json();
    let members = clock_with(&json!({"client_id": public["client_id"]}));
    let reply = site.manage("PUT", &public, Some(&members)).await;
    is_refused(&reply, code, "token_endpoint_auth_method:");
}

/// All that is left out is gone; what the owner chose in the console stays.
#[tokio::test]
async fn an_update_replaces_what_was_registered() {
    let (site, ops, token) = scene().await;
    let members = json!({"contacts": ["dora@clock.example"], "policy_uri": "https://clock.example/policy", "default_max_age": 60});
    let reply = site.register(Some(&token), &clock_with(&members)).await;
    let registered = reply.json();
    let id = site.self_registered(&ops, &reply).id;
    let (store, before) = (&site.app.store, site.world.now());
    let app = store.app(id).await.unwrap().unwrap();
    assert_eq!(app.client.registration.default_max_age, Some(60));
    site.pass(Millis::seconds(1));
    let members = clock_with(&json!({"client_id": registered["client_id"], "default_max_age": 90}));
    let reply = site.manage("PUT", &registered, Some(&members)).await;
    assert_eq!(reply.code(), 200);
    let shown = reply.json();
    assert!(shown.get("contacts").is_none() && shown.get("policy_uri").is_none());
    assert_eq!(shown["default_max_age"], 90);
    assert_eq!(
        shown["registration_access_token"],
        registered["registration_access_token"]
    );
    assert_eq!(site.manage("GET", &registered, None).await.json(), shown);
    // Users are not asked again for what they do not see.
    let app = store.app(id).await.unwrap().unwrap();
    assert_eq!(app.client.changed, before);
    let members =
        clock_with(&json!({"client_id": registered["client_id"], "client_name": "Sundial"}));
    site.manage("PUT", &registered, Some(&members)).await;
    let app = store.app(id).await.unwrap().unwrap();
    assert_eq!(
        (app.client.changed, &*app.name),
        (site.world.now(), "Sundial")
    );
}

#[tokio::test]
async fn a_suspended_app_may_not_touch_its_registration() {
    let (site, ops, token) = scene().await;
    let reply = site.register(Some(&token), &clock()).await;
    let app = site.self_registered(&ops, &reply);
    app.suspend().await;
    for method in ["GET", "DELETE"] {
        assert_eq!(site.manage(method, &reply.json(), None).await.code(), 403);
    }
}

/// Everywhere the product shows apps, one that registered itself says so.
#[tokio::test]
async fn people_see_that_it_registered_itself() {
    let site = Site::with(register_with(Token)).await;
    let ops = site.user("ops").await.signed_in().await;
    let token = site.initial_token(&ops, 1).await;
    let reply = site.register(Some(&token), &clock()).await;
    let app = site.self_registered(&ops, &reply);
    let alice = site.user("alice").await.signed_in().await;
    let consent = alice.get(&app.ask().url()).await.body;
    assert!(consent.contains("registered itself on") && consent.contains("Unverified"));
    assert!(!consent.contains(&ops.name));
    alice.allow(&app).await;
    let list = alice.get("/authorizations").await.body;
    assert!(list.contains("registered itself on"));
    let apps = ops.get("/apps").await.body;
    assert!(apps.contains("Registered itself on"));
    let page = ops.get(&format!("/apps/{}", app.id)).await.body;
    assert!(page.contains("by dynamic registration"));
    let history = ops.get("/account/history").await.body;
    assert!(history.contains("An app registered itself"));
}

#[tokio::test]
async fn a_public_app_that_registered_itself_must_use_pkce() {
    let (site, ops, token) = scene().await;
    let members = clock_with(&json!({"token_endpoint_auth_method": "none"}));
    let reply = site.register(Some(&token), &members).await;
    let app = site.self_registered(&ops, &reply);
    let alice = site.user("alice").await.signed_in().await;
    let bare = app
        .ask()
        .without("code_challenge")
        .without("code_challenge_method");
    let refused = alice.get(&bare.url()).await;
    assert_eq!(refused.sent("error").as_deref(), Some("invalid_request"));
    let tokens = alice.connect(&app).await;
    assert!(!tokens.access.is_empty());
}

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

/// Programs in browsers register too (RFC 7591 has no cookies).
#[tokio::test]
async fn any_origin_may_register_and_read_the_answer() {
    let (site, _, token) = scene().await;
    let call = Call::post(PATH)
        .bearer(&token)
        .header("origin", "https://inspector.example")
        .json(&clock());
    let reply = site.send(call).await;
    assert_eq!(reply.code(), 201);
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    let path = format!("{PATH}/{}", reply.member("client_id"));
    let call = Call::new("OPTIONS", path).header("origin", "https://inspector.example");
    let preflight = site.send(call).await;
    let methods = preflight.header("access-control-allow-methods");
    assert!(methods.contains("PUT") && methods.contains("DELETE"));
}
