//! `/admin/…` and `/api/1.0/admin/…`: what each role reaches. What the acts do:
//! `admin_acts.rs`.

use super::scene;
use crate::support::{Call, PASSWORD, Person, Reply, Site};
use grantor_protocol::{role::Role, time::Millis};
use serde_json::{Value, json};

pub async fn officer(site: &Site, name: &str, role: Role) -> Person {
    let person = site.user(name).await.with_role(role).await;
    person.with_password().await.signed_in().await
}

pub async fn admin(site: &Site) -> Person {
    officer(site, "ada", Role::Admin).await
}

pub async fn api(site: &Site, token: &str, path: &str) -> Reply {
    site.api(token, &format!("/admin{path}")).await
}

pub async fn act(site: &Site, token: &str, path: &str, body: Value) -> Reply {
    let call = Call::post(format!("/api/1.0/admin{path}")).bearer(token);
    site.send(call.json(&body)).await
}

#[tokio::test]
async fn for_others_there_is_no_such_page() {
    let (site, alice, _) = scene().await;
    alice.post("/account/details", &[("locale", "fr")]).await;
    let nowhere = alice.get("/no/such/page").await;
    assert!(
        nowhere.title().contains("Cette page"),
        "{}",
        nowhere.title()
    );
    for path in ["/admin", "/admin/users", "/admin/keys", "/admin/audit"] {
        let page = alice.get(path).await;
        assert_eq!(
            (page.code(), page.title()),
            (nowhere.code(), nowhere.title()),
            "{path}"
        );
    }
    assert!(!alice.get("/").await.body.contains("href=\"/admin\""));
    let ada = admin(&site).await;
    assert!(ada.get("/").await.body.contains("href=\"/admin\""));
}

#[tokio::test]
async fn a_disabled_account_is_told_why() {
    let (site, alice, _) = scene().await;
    let ada = admin(&site).await;
    let page = format!("/admin/users/{}", alice.id);
    assert_eq!(
        ada.post(&format!("{page}/disable"), &[("reason", " ")])
            .await
            .code(),
        422
    );
    let done = ada
        .post(&format!("{page}/disable"), &[("reason", "Sent spam")])
        .await;
    assert_eq!(
        (done.code(), done.location()),
        (303, format!("{page}?done=disabled").as_str())
    );
    assert!(!alice.is_signed_in().await);
    assert_eq!(
        ada.post(&format!("{page}/disable"), &[("reason", "again")])
            .await
            .code(),
        409
    );
    assert_eq!(ada.post(&format!("{page}/enable"), &[]).await.code(), 303);
    let alice = Person::again(&site, "alice", alice.id).await;
    let history = alice.get("/account/history").await;
    assert!(history.body.contains("Sent spam") && history.body.contains("by the operator"));
    assert!(
        !history.body.contains(&ada.email),
        "who it was is the operator's business"
    );
}

/// Whoever has lost everything but her password comes in again by it, and reads how that was.
#[tokio::test]
async fn support_takes_lost_factors_away() {
    let site = Site::open().await;
    let sue = officer(&site, "sue", Role::Support).await;
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    let reset = format!("/admin/users/{}/factors/reset", alice.id);
    assert_eq!(sue.post(&reset, &[]).await.code(), 409, "there are none");
    alice.with_app().await;
    let away = alice.elsewhere();
    let asked = away.log_in(&alice.email, PASSWORD).await;
    assert!(asked.location().starts_with("/login/second"));
    assert_eq!(sue.post(&reset, &[]).await.code(), 303);
    assert!(!alice.is_signed_in().await);
    away.log_in(&alice.email, PASSWORD).await;
    assert!(away.is_signed_in().await);
    let history = away.get("/account/history").await;
    assert!(history.body.contains("The operator removed your passkeys"));
}

/// What somebody in support would need to become more.
#[tokio::test]
async fn support_does_not_reach_colleagues() {
    let (site, alice, _) = scene().await;
    let (ada, sue) = (
        admin(&site).await,
        officer(&site, "sue", Role::Support).await,
    );
    let before = site.app.store.users_with_a_role().await.unwrap().len();
    for colleague in [ada.id, sue.id] {
        let page = format!("/admin/users/{colleague}");
        assert!(!sue.get(&page).await.body.contains("/sessions/end"));
        for (path, fields) in [
            ("disable", [("reason", "x")]),
            ("sessions/end", [("x", "x")]),
            ("factors/reset", [("x", "x")]),
        ] {
            let reply = sue.post(&format!("{page}/{path}"), &fields).await;
            assert_eq!(reply.code(), 403, "{path}");
        }
    }
    for (path, fields) in [
        (format!("/admin/users/{}/role", sue.id), [("role", "admin")]),
        (
            format!("/admin/users/{}/role", alice.id),
            [("role", "support")],
        ),
        (format!("/admin/users/{}/enable", alice.id), [("x", "x")]),
        ("/admin/keys/seal/rotate".into(), [("x", "x")]),
        ("/admin/keys/seal/retire".into(), [("confirm", "seal")]),
    ] {
        assert_eq!(sue.post(&path, &fields).await.code(), 404, "{path}");
    }
    assert!(ada.is_signed_in().await && sue.is_signed_in().await);
    assert_eq!(
        site.app.store.users_with_a_role().await.unwrap().len(),
        before
    );
    let done = sue
        .post(&format!("/admin/users/{}/sessions/end", alice.id), &[])
        .await;
    assert_eq!(done.code(), 303);
    assert!(!alice.is_signed_in().await);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = Site::open().await;
    let ada = admin(&site).await;
    let page = format!("/admin/users/{}", ada.id);
    for (path, fields) in [
        ("disable", [("reason", "leaving")]),
        ("role", [("role", "none")]),
        ("role", [("role", "support")]),
    ] {
        let reply = ada.post(&format!("{page}/{path}"), &fields).await;
        assert_eq!(reply.code(), 409);
        assert!(reply.body.contains("last administrator"));
    }
    assert_eq!(ada.get("/admin/users").await.code(), 200);
}

/// A stolen session does not become more by what happens to its user.
#[tokio::test]
async fn a_role_begins_with_a_new_login() {
    let (site, alice, _) = scene().await;
    let ada = admin(&site).await;
    let path = format!("/admin/users/{}/role", alice.id);
    assert_eq!(ada.post(&path, &[("role", "support")]).await.code(), 303);
    assert!(!alice.is_signed_in().await);
}

#[tokio::test]
async fn every_change_wants_a_recent_proof() {
    let (site, alice, _) = scene().await;
    let ada = admin(&site).await;
    site.pass(Millis::minutes(11));
    let path = format!("/admin/users/{}", alice.id);
    assert_eq!(ada.get(&path).await.code(), 200);
    let reply = ada
        .post(&format!("{path}/disable"), &[("reason", "spam")])
        .await;
    assert_eq!(reply.code(), 303);
    let back = format!("/login?return_to={}", "%2Fadmin%2Fusers%2F");
    assert!(reply.location().starts_with(&back), "{}", reply.location());
    assert!(reply.location().contains("reason%3Dspam") && reply.location().contains("confirm=1"));
    assert!(
        !site
            .app
            .store
            .user(alice.id)
            .await
            .unwrap()
            .unwrap()
            .disabled
    );
}

/// A scope of the administration is granted by whom it is for, and nobody else.
#[tokio::test]
async fn who_may_grant_what_needs_a_role() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    for scope in ["admin", "admin:read", "default admin"] {
        let ask = clock.ask().with("scope", scope);
        assert_eq!(
            alice.decide(&ask, "allow").await.sent("error").as_deref(),
            Some("invalid_scope")
        );
    }
    let fields = [
        ("description", "x"),
        ("scope", "admin"),
        ("expires_in", "30"),
    ];
    assert_eq!(alice.post("/tokens", &fields).await.code(), 422);
    assert!(!alice.get("/tokens").await.body.contains("value=\"admin\""));
    // "Everything" is not this.
    for token in [
        ada.token("default", "30").await,
        ada.connect(&clock).await.access,
    ] {
        assert_eq!(api(&site, &token, "/users").await.code(), 403);
    }
    let whole = ada
        .connect_as(&clock, &clock.ask().with("scope", "admin"))
        .await;
    assert_eq!(api(&site, &whole.access, "/users").await.code(), 200);
}

/// At the next use, whatever the token says and however long it lives.
#[tokio::test]
async fn a_token_loses_with_the_role() {
    let (site, alice, clock) = scene().await;
    let (ada, sue) = (
        admin(&site).await,
        officer(&site, "sue", Role::Support).await,
    );
    let personal = sue.token("admin", "30").await;
    let access = sue
        .connect_as(&clock, &clock.ask().with("scope", "admin"))
        .await;
    let reading = sue.token("admin:read", "30").await;
    let end = format!("/users/{}/end_sessions", alice.id);
    let sign_out = async |token: &str| act(&site, token, &end, json!({})).await.code();
    assert_eq!(
        (sign_out(&personal).await, sign_out(&reading).await),
        (200, 403)
    );
    let path = format!("/admin/users/{}/role", sue.id);
    assert_eq!(ada.post(&path, &[("role", "none")]).await.code(), 303);
    for token in [&personal, &access.access, &reading] {
        assert_eq!(api(&site, token, "/users").await.code(), 403);
        assert_eq!(sign_out(token).await, 403);
        let said = clock.post("/-/token_info", &[("token", token)]).await;
        assert!(!said.member("scope").contains("admin"), "{}", said.body);
    }
    // And with the account.
    let personal = ada.token("admin", "30").await;
    let bea = officer(&site, "bea", Role::Admin).await;
    let path = format!("/admin/users/{}/disable", ada.id);
    assert_eq!(bea.post(&path, &[("reason", "left")]).await.code(), 303);
    assert_eq!(api(&site, &personal, "/users").await.code(), 401);
}

/// A script that misspells what it looks for must not get everybody.
#[tokio::test]
async fn a_parameter_that_means_nothing_is_refused_by_name() {
    let (site, alice, _) = scene().await;
    let ada = admin(&site).await;
    let token = ada.token("admin", "30").await;
    for (path, said) in [
        (
            "/users?q=chlo",
            "parameter q here, but query, limit, offset.",
        ),
        ("/users?query=alice&find=chlo", "parameter find here"),
        (
            "/events?query=alice",
            "parameter query here, but kind, user",
        ),
        ("/keys?limit=3", "parameter limit here, nor any other"),
        ("/events?kind=app.bar", "no such kind"),
        ("/events?kind=app", "no such kind"),
    ] {
        let reply = api(&site, &token, path).await;
        assert_eq!(reply.code(), 400, "{path}");
        assert!(reply.body.contains(said), "{path}: {}", reply.body);
    }
    let disable = format!("/users/{}/disable?reason=x", alice.id);
    let body = json!({"reason": "x"});
    assert_eq!(act(&site, &token, &disable, body).await.code(), 400);
    assert!(alice.is_signed_in().await);
    let page = ada.get("/admin/audit?kind=app.bar").await;
    assert!(page.body.contains("no such kind of event"));
    let page = ada.get("/admin/audit?kind=session.started").await;
    assert!(page.body.contains("session.started") && !page.body.contains("no such kind"));
}
