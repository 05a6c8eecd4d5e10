//! `/signup`.

use crate::support::{PASSWORD, Site};
use grantor::config::SignUp;
use grantor_protocol::time::Millis;

const FIELDS: [(&str, &str); 3] = [
    ("name", "Ada"),
    ("email", "ada@example.org"),
    ("password", PASSWORD),
];

#[tokio::test]
async fn an_account_is_made_and_leads_back() {
    let site = Site::open().await;
    let ada = site.visitor();
    let mut fields = FIELDS.to_vec();
    fields.push(("return_to", "/-/oauth_authorize?client_id=1"));
    let reply = ada.post("/signup", &fields).await;
    assert_eq!(reply.code(), 303);
    assert_eq!(reply.location(), "/-/oauth_authorize?client_id=1");
    assert!(ada.is_signed_in().await);
    let elsewhere = site.visitor();
    assert_eq!(
        elsewhere.log_in("ADA@example.org", PASSWORD).await.code(),
        303
    );
}

#[tokio::test]
async fn what_was_typed_stays_but_the_password() {
    let site = Site::open().await;
    let ada = site.visitor();
    let fields = [("name", "Ada"), ("email", "ada@"), ("password", "geheim!")];
    let reply = ada.post("/signup", &fields).await;
    assert_eq!(reply.code(), 422);
    assert!(reply.body.contains("value=\"Ada\"") && reply.body.contains("value=\"ada@\""));
    assert!(!reply.body.contains("geheim!"));
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_has_one_account() {
    let site = Site::open().await;
    site.visitor().post("/signup", &FIELDS).await;
    let mut again = FIELDS;
    again[1] = ("email", "ADA@Example.ORG");
    let reply = site.visitor().post("/signup", &again).await;
    assert_eq!(reply.code(), 422);
}

#[tokio::test]
async fn the_operator_can_close_it() {
    let site = Site::with(|config| config.service.sign_up = SignUp::Closed).await;
    let visitor = site.visitor();
    assert_eq!(visitor.get("/signup").await.code(), 403);
    assert_eq!(visitor.post("/signup", &FIELDS).await.code(), 403);
    assert!(!visitor.get("/login").await.body.contains("/signup"));
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn accounts_from_one_address_are_throttled() {
    let site = Site::open().await;
    // Taken addresses count too: whoever tries them out is slowed as well.
    site.user("ada").await;
    for _ in 0..20 {
        assert_eq!(site.visitor().post("/signup", &FIELDS).await.code(), 422);
    }
    let reply = site.visitor().post("/signup", &FIELDS).await;
    assert_eq!(reply.code(), 429);
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    site.pass(Millis::seconds(wait));
    assert_eq!(site.visitor().post("/signup", &FIELDS).await.code(), 422);
}
