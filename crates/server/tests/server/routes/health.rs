//! `/readyz` and `/.well-known/security.txt`.

use crate::support::{Call, ISSUER, Site};
use grantor_protocol::time::Millis;

/// What has expired would be valid again by a clock that was set back.
#[tokio::test]
async fn a_clock_behind_the_newest_record_is_unready() {
    let site = Site::open().await;
    let ready = async || site.send(Call::get("/readyz")).await;
    site.user("alice").await;
    site.pass(Millis::seconds(-30));
    assert_eq!(ready().await.code(), 200);
    site.pass(Millis::seconds(-60));
    let reply = ready().await;
    assert_eq!(reply.code(), 503);
    let said = "the clock of this machine is 90 s behind the newest record";
    assert!(reply.body.starts_with(said), "{}", reply.body);
    site.pass(Millis::minutes(1));
    assert_eq!(ready().await.body, "ready\n");
}

/// RFC 9116.
#[tokio::test]
async fn a_security_contact_is_told_when_there_is_one() {
    const PATH: &str = "/.well-known/security.txt";
    let silent = Site::open().await;
    assert_eq!(silent.send(Call::get(PATH)).await.code(), 404);
    let site = Site::with(|config| {
        config.service.security_contact = Some("mailto:sec@example.com".parse().unwrap());
    })
    .await;
    let reply = site.send(Call::get(PATH)).await;
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        reply.body,
        format!(
            "Contact: mailto:sec@example.com\nExpires: 2027-05-24T12:00:00Z\nCanonical: {ISSUER}{PATH}\n"
        )
    );
}
