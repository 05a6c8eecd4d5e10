//! `/admin/…` and `/api/1.0/admin/…`: what becomes of each act.

use super::{
    admin::{act, admin, api, officer},
    scene,
};
use crate::support::{App, Person, Reply, Site};
use grantor_protocol::{role::Role, time::Millis};
use serde_json::json;

fn gids(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    let list = json["data"].as_array().expect("a list").iter();
    list.map(|it| it["gid"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn lists_come_in_pages_and_nobody_makes_up_a_cursor() {
    let (site, _, clock) = scene().await;
    let ada = admin(&site).await;
    for number in 0..7 {
        site.user(&format!("user{number}")).await;
    }
    let token = ada.token("admin:read", "30").await;
    for (query, expected) in [
        ("?limit=3", 10),
        ("?limit=2&query=user", 7),
        ("?query=user3%40", 1),
    ] {
        let (mut seen, mut path) = (Vec::new(), format!("/users{query}"));
        loop {
            let reply = api(&site, &token, &path).await;
            seen.extend(gids(&reply));
            match reply.json()["next_page"]["path"].as_str() {
                Some(next) => path = next.trim_start_matches("/api/1.0/admin").to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), expected, "{query}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), expected, "{query}: one twice");
    }
    let reply = api(&site, &token, "/users?limit=3").await;
    let offset = reply.json()["next_page"]["offset"]
        .as_str()
        .unwrap()
        .to_owned();
    let (body, tag) = offset.split_once('.').unwrap();
    let grants = format!("/apps/{}/authorizations", clock.id);
    for path in [
        format!(
            "/users?offset={body}.{}",
            tag.chars().rev().collect::<String>()
        ),
        format!("/users?offset={tag}.{tag}"),
        "/users?offset=1%27%20OR%201%3D1--".into(),
        "/users?limit=0".into(),
        "/users?limit=101".into(),
        // Of another list, or another question.
        format!("/users?query=a&offset={offset}"),
        format!("/apps?offset={offset}"),
        format!("{grants}?offset={offset}"),
        format!("/events?offset={offset}"),
        "/events?user=x".into(),
        "/events?from=yesterday".into(),
    ] {
        assert_eq!(api(&site, &token, &path).await.code(), 400, "{path}");
    }
    for path in [
        "/users/1",
        "/users/x",
        "/users/1%20OR%201",
        "/apps/1",
        "/users/1/sessions",
    ] {
        assert_eq!(api(&site, &token, path).await.code(), 404, "{path}");
    }
}

/// The ids of a path name what is acted upon, and nothing else does.
#[tokio::test]
async fn what_is_not_there_is_not_acted_upon() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    let token = ada.token("admin", "30").await;
    alice.connect(&clock).await;
    let before = site.contents();
    let grant = site.app.store.grants_of(alice.id).await.unwrap()[0].id;
    for path in [
        format!("/users/{}/disable", clock.id),
        format!("/apps/{}/suspend", alice.id),
        format!("/personal_access_tokens/{grant}/end"),
        format!("/authorizations/{}/end", alice.id),
        "/keys/ids/rotate".into(),
        "/keys/audit/rotate".into(),
        "/keys/nothing/rotate".into(),
    ] {
        let reply = act(
            &site,
            &token,
            &path,
            json!({"reason": "x", "gid": alice.id.to_string()}),
        )
        .await;
        assert_eq!(reply.code(), 404, "{path}");
    }
    assert_eq!(site.contents(), before);
}

async fn asks_anew(person: &Person, app: &App) -> bool {
    person.get(&app.ask().url()).await.code() == 200
}

#[tokio::test]
async fn an_app_that_is_handed_over_keeps_its_users_and_asks_them() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    let tokens = alice.connect(&clock).await;
    assert!(!asks_anew(&alice, &clock).await);
    site.pass(Millis::minutes(1));
    let page = format!("/admin/apps/{}", clock.id);
    let wrong = ada
        .post(
            &format!("{page}/transfer"),
            &[("owner", "nobody@example.org")],
        )
        .await;
    assert_eq!(wrong.code(), 422);
    let olga = site.user("olga").await.signed_in().await;
    let done = ada
        .post(&format!("{page}/transfer"), &[("owner", &olga.email)])
        .await;
    assert_eq!(done.code(), 303);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 200);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
    let consent = alice.get(&clock.ask().url()).await;
    assert!(
        consent.code() == 200 && consent.body.contains("Olga"),
        "she sees whose it is now"
    );
    assert_eq!(olga.get(&format!("/apps/{}", clock.id)).await.code(), 200);
    let dora = Person::again(&site, "dora", clock.owner).await;
    assert_eq!(dora.get(&format!("/apps/{}", clock.id)).await.code(), 404);
    assert!(
        dora.get("/account/history")
            .await
            .body
            .contains("was handed over")
    );
    assert!(
        olga.get("/account/history")
            .await
            .body
            .contains("became yours")
    );
    assert_eq!(
        ada.post(&format!("{page}/transfer"), &[("owner", &olga.email)])
            .await
            .code(),
        409
    );
}

/// Whoever vouches says what for.
#[tokio::test]
async fn an_app_is_verified_as_it_was_shown() {
    let (site, _, clock) = scene().await;
    let ada = admin(&site).await;
    let page = format!("/admin/apps/{}", clock.id);
    let seen = ada.get(&page).await;
    let shown = seen
        .between("name=\"shown\" value=\"", "\"")
        .unwrap()
        .to_owned();
    site.pass(Millis::minutes(1));
    clock.edit(|form| form.name = "Bank".into()).await;
    let verify = async |shown: &str| {
        let path = format!("{page}/verify");
        ada.post(&path, &[("shown", shown)]).await.code()
    };
    assert_eq!((verify(&shown).await, verify("").await), (409, 409));
    assert!(!clock.is_verified().await);
    let seen = ada.get(&page).await;
    let shown = seen.between("name=\"shown\" value=\"", "\"").unwrap();
    assert_eq!(verify(shown).await, 303);
    assert!(clock.is_verified().await);
}

#[tokio::test]
async fn a_suspended_app_says_why_to_its_owner() {
    let (site, alice, clock) = scene().await;
    let sue = officer(&site, "sue", Role::Support).await;
    let tokens = alice.connect(&clock).await;
    let page = format!("/admin/apps/{}", clock.id);
    let done = sue
        .post(&format!("{page}/suspend"), &[("reason", "It phishes")])
        .await;
    assert_eq!(done.code(), 303);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
    let dora = Person::again(&site, "dora", clock.owner).await;
    assert!(
        dora.get(&format!("/apps/{}", clock.id))
            .await
            .body
            .contains("It phishes")
    );
    // Stopping is support's, letting go on is not.
    assert_eq!(sue.post(&format!("{page}/resume"), &[]).await.code(), 404);
    let ada = admin(&site).await;
    assert_eq!(ada.post(&format!("{page}/resume"), &[]).await.code(), 303);
    assert_eq!(clock.refresh(&tokens.refresh).await.code(), 200);
}

/// A token that was found somewhere is looked at, and ends up nowhere.
#[tokio::test]
async fn a_pasted_token_is_not_kept() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    let (tokens, personal) = (
        alice.connect(&clock).await,
        alice.token("email", "30").await,
    );
    let before = site.contents();
    for (text, kind) in [
        (&tokens.access, "Access token"),
        (&tokens.refresh, "Refresh token"),
        (&personal, "Personal access token"),
    ] {
        let page = ada.post("/admin/tokens", &[("token", text)]).await;
        assert_eq!(page.code(), 200);
        assert!(
            page.body.contains(kind) && page.body.contains("Alice"),
            "{kind}"
        );
        assert!(!page.body.contains(text.as_str()), "{kind} came back");
    }
    assert_eq!(site.contents(), before);
    let page = ada
        .post("/admin/tokens", &[("token", "gr_pat_nothing")])
        .await;
    assert!(page.body.contains("No such token"));
    let hint = format!("{}...{}", &personal[..10], &personal[personal.len() - 4..]);
    let found = ada.get(&format!("/admin/tokens?q={hint}")).await;
    assert!(found.body.contains("a script") && found.body.contains("Alice"));
    let end = found
        .between("action=\"/admin/tokens/", "\"")
        .unwrap()
        .to_owned();
    assert_eq!(
        ada.post(&format!("/admin/tokens/{end}"), &[]).await.code(),
        303
    );
    assert_eq!(site.api(&personal, "/users/me").await.code(), 401);
}

#[tokio::test]
async fn whoever_is_blocked_can_be_let_go_on() {
    let site = Site::open().await;
    let bob = site.user("bob").await.with_password().await;
    let ada = admin(&site).await;
    for _ in 0..11 {
        bob.log_in(&bob.email, "a wrong guess").await;
    }
    assert_eq!(
        bob.log_in(&bob.email, crate::support::PASSWORD)
            .await
            .code(),
        429
    );
    let page = ada.get("/admin/settings").await;
    let key = page
        .between("name=\"key\" value=\"", "\"")
        .unwrap()
        .to_owned();
    assert!(key.contains("bob@example.org"), "{key}");
    assert_eq!(
        ada.post("/admin/settings/lift", &[("key", &key)])
            .await
            .code(),
        303
    );
    assert_eq!(
        bob.log_in(&bob.email, crate::support::PASSWORD)
            .await
            .code(),
        303
    );
    assert_eq!(
        ada.post("/admin/settings/lift", &[("key", "login:nobody")])
            .await
            .code(),
        409
    );
}

#[tokio::test]
async fn retiring_keys_asks_first() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    let tokens = alice.connect(&clock).await;
    let page = ada.get("/admin/keys/seal/retire").await;
    assert!(
        page.body
            .contains("every access token issued so far stops working")
    );
    let wrong = ada
        .post("/admin/keys/seal/retire", &[("confirm", "forms")])
        .await;
    assert_eq!(wrong.code(), 422);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 200);
    let done = ada
        .post("/admin/keys/seal/retire", &[("confirm", "seal")])
        .await;
    assert_eq!(done.code(), 303);
    assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
    let fresh = clock.refresh(&tokens.refresh).await;
    assert_eq!(
        site.api(&fresh.member("access_token"), "/users/me")
            .await
            .code(),
        200
    );
    for kind in ["ids", "subjects", "audit", "x"] {
        assert_eq!(
            ada.get(&format!("/admin/keys/{kind}/retire")).await.code(),
            404
        );
    }
}

/// Who did it, from where, in which request and why.
#[tokio::test]
async fn every_act_is_in_the_log() {
    let (site, alice, clock) = scene().await;
    let ada = admin(&site).await;
    let token = ada.token("admin", "30").await;
    let reason = json!({"reason": "It phishes"});
    let done = act(
        &site,
        &token,
        &format!("/apps/{}/suspend", clock.id),
        reason,
    )
    .await;
    assert_eq!(done.json()["data"]["suspended_for"], "It phishes");
    let query = format!(
        "/events?kind=app.suspended&app={}&actor={}",
        clock.id, ada.id
    );
    let events = api(&site, &token, &query).await.json();
    let event = &events["data"][0];
    assert_eq!(event["user"], clock.owner.to_string());
    assert_eq!(event["actor"], ada.id.to_string());
    assert_eq!(event["address"], "203.0.113.7");
    assert_eq!(event["request_id"], done.header("x-request-id"));
    assert!(event["detail"].as_str().unwrap().ends_with("It phishes"));
    let page = ada.get(&format!("/admin/audit?user={}", alice.id)).await;
    assert!(page.body.contains("session.started"));
    assert!(
        ada.get("/admin/audit?user=x")
            .await
            .body
            .contains("named by their numbers")
    );
}
