//! `POST /-/token_info`: what a token says to whoever holds it.

use super::scene;
use crate::support::{Call, Reply, Site};
use grantor_protocol::time::Millis;
use serde_json::json;

async fn info(site: &Site, token: &str) -> Reply {
    let call = Call::post("/-/token_info").form(&[("token", token)]);
    site.send(call).await
}

#[tokio::test]
async fn the_three_shapes() {
    let (site, alice, clock) = scene().await;
    let tokens = alice.connect(&clock).await;
    let personal = alice.token("email", "30").await;
    let now = site.world.now().seconds();
    let of = |kind: &str, lifetime: i64| {
        json!({
            "active": true,
            "token_type": kind,
            "scope": "default",
            "client_id": clock.client_id(),
            "exp": now + lifetime,
            "expires_in": lifetime,
        })
    };
    assert_eq!(info(&site, &tokens.access).await.json(), of("bearer", 3600));
    assert_eq!(
        info(&site, &tokens.refresh).await.json(),
        of("refresh", 180 * 86_400)
    );
    let month = 30 * 86_400;
    let expected = json!({
        "active": true,
        "token_type": "bearer",
        "scope": "email",
        "exp": now + month,
        "expires_in": month,
    });
    assert_eq!(info(&site, &personal).await.json(), expected);
}

#[tokio::test]
async fn anything_else_is_not_active() {
    let (site, alice, clock) = scene().await;
    let code = alice.allow(&clock).await.sent("code").unwrap();
    let session = alice.session_cookie().unwrap();
    let secret = clock.secret.clone().unwrap();
    for token in [&*code, &session, &secret, "x", "gr_at_", "gr_pat_AAAA", "é"] {
        let reply = info(&site, token).await;
        assert_eq!(
            (reply.code(), reply.json()),
            (200, json!({"active": false}))
        );
    }
    let reply = info(&site, "").await;
    assert_eq!(
        (reply.code(), &*reply.member("error")),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn throttled_by_address() {
    let site = Site::open().await;
    for _ in 0..120 {
        assert_eq!(info(&site, "x").await.code(), 200);
    }
    let reply = info(&site, "x").await;
    assert_eq!(reply.code(), 429);
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    let mut elsewhere = Call::post("/-/token_info").form(&[("token", "x")]);
    elsewhere.from = "198.51.100.1".parse().unwrap();
    assert_eq!(site.send(elsewhere).await.code(), 200);
    site.pass(Millis::seconds(wait));
    assert_eq!(info(&site, "x").await.code(), 200);
}

/// Only the newest refresh token of a public app is one, also while an older one may
/// still be repeated.
#[tokio::test]
async fn a_replaced_refresh_token_is_not_active() {
    let (site, alice, _) = scene().await;
    let dora = site.user("dot").await;
    let page = site.app("Page").browser().of(&dora).await;
    let first = alice.connect(&page).await.refresh;
    let second = page.refresh(&first).await.member("refresh_token");
    assert_eq!(info(&site, &first).await.json()["active"], false);
    assert_eq!(info(&site, &second).await.json()["active"], true);
}
