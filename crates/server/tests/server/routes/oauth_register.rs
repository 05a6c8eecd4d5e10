//! `/-/oauth_register`: apps that register themselves, and what they do with it.

use super::refusal;
use crate::support::{Call, Elsewhere, Person, Reply, Site, join_all, register_with};
use grantor::config::DynamicRegistration::{Off, Open, Token};
use grantor_protocol::time::Millis;
use serde_json::{Value, json};

const PATH: &str = "/-/oauth_register";
pub const CALLBACK: &str = "https://clock.example/callback";

pub fn clock() -> Value {
    json!({"redirect_uris": [CALLBACK], "client_name": "Clock"})
}

pub fn clock_with(members: &Value) -> Value {
    let mut all = clock();
    for (name, value) in members.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

/// A site where apps register with a token, whose owner and one token for many apps.
pub async fn scene() -> (Site, Person, String) {
    let site = Site::with(register_with(Token)).await;
    let ops = site.user("ops").await;
    let token = site.initial_token(&ops, 1000).await;
    (site, ops, token)
}

/// As [`scene`], where the server may call a host of the app's.
pub async fn scene_with(elsewhere: &Elsewhere) -> (Site, Person, String) {
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

pub fn is_refused(reply: &Reply, code: &str, member: &str) {
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
    assert!(app.registered_itself && app.owner == ops.id && !app.verified);
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
    let mut members = clock_with(&members);
    members["client_id"] = registered["client_id"].clone();
    members["default_max_age"] = json!(90);
    members.as_object_mut().unwrap().remove("contacts");
    let reply = site.manage("PUT", &registered, Some(&members)).await;
    assert_eq!(reply.code(), 200);
    let shown = reply.json();
    assert!(shown.get("contacts").is_none());
    assert_eq!(shown["default_max_age"], 90);
    assert_eq!(
        shown["registration_access_token"],
        registered["registration_access_token"]
    );
    assert_eq!(site.manage("GET", &registered, None).await.json(), shown);
    // Users are not asked again for what they do not see.
    let app = store.app(id).await.unwrap().unwrap();
    assert_eq!(app.client.changed, before);
    for (member, value) in [
        ("policy_uri", Value::Null),
        ("client_name", json!("Sundial")),
    ] {
        site.pass(Millis::seconds(1));
        members[member] = value.clone();
        let reply = site.manage("PUT", &registered, Some(&members)).await;
        let shown = reply.json();
        assert_eq!(
            (reply.code(), shown.get(member)),
            (200, Some(&value).filter(|value| !value.is_null()))
        );
        let app = store.app(id).await.unwrap().unwrap();
        assert_eq!(app.client.changed, site.world.now(), "{member}");
    }
}

/// Whoever connected it would come back to it as somebody else.
#[tokio::test]
async fn a_connected_app_keeps_the_ids_that_it_knows_people_by() {
    let (site, ops, token) = scene().await;
    let reply = site.register(Some(&token), &clock()).await;
    let registered = reply.json();
    let pairwise =
        clock_with(&json!({"client_id": registered["client_id"], "subject_type": "pairwise"}));
    let public =
        clock_with(&json!({"client_id": registered["client_id"], "subject_type": "public"}));
    for members in [&pairwise, &public] {
        assert_eq!(
            site.manage("PUT", &registered, Some(members)).await.code(),
            200
        );
    }
    let alice = site.user("alice").await.signed_in().await;
    alice.allow(&site.self_registered(&ops, &reply)).await;
    let refused = site.manage("PUT", &registered, Some(&pairwise)).await;
    is_refused(&refused, "invalid_client_metadata", "subject_type:");
    assert_eq!(
        site.manage("PUT", &registered, Some(&public)).await.code(),
        200
    );
}

/// An owner who lost the token, or fears who has it.
#[tokio::test]
async fn a_locked_registration_is_out_of_its_tokens_reach() {
    let (site, ops, token) = scene().await;
    let reply = site.register(Some(&token), &clock()).await;
    let app = site.self_registered(&ops, &reply);
    app.lock().await;
    for method in ["GET", "DELETE"] {
        assert_eq!(site.manage(method, &reply.json(), None).await.code(), 401);
    }
    let record = site.app.store.app(app.id).await.unwrap().unwrap();
    assert!(record.registered_itself);
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
