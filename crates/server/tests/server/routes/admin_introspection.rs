//! `/admin/apps/<id>/resource-server` and the same in the API: who may ask about every token.

use super::{
    admin::{act, admin, api, officer},
    scene,
};
use crate::support::Person;
use grantor_protocol::role::Role;
use serde_json::json;

/// Only an administrator lets an app know every token, and nobody inherits it.
#[tokio::test]
async fn a_resource_server_is_made_seen_and_taken_back() {
    let (site, alice, clock) = scene().await;
    let (ada, sue) = (
        admin(&site).await,
        officer(&site, "sue", Role::Support).await,
    );
    let personal = ada.token("admin", "30").await;
    let page = format!("/admin/apps/{}", clock.id);
    let knows = async || clock.introspect(&personal).await.json()["active"] == true;
    let shown = ada.get(&page).await;
    let shown = shown.between("name=\"shown\" value=\"", "\"").unwrap();
    let give = format!("{page}/resource-server");
    assert_eq!(sue.post(&give, &[("shown", shown)]).await.code(), 404);
    assert_eq!(ada.post(&give, &[("shown", "0-0")]).await.code(), 409);
    assert!(!knows().await);
    assert_eq!(ada.post(&give, &[("shown", shown)]).await.code(), 303);
    assert_eq!(ada.post(&give, &[("shown", shown)]).await.code(), 409);
    assert!(knows().await);
    let dora = Person::again(&site, "dora", clock.owner).await;
    let own = format!("/apps/{}", clock.id);
    for seen in [
        ada.get(&page).await,
        ada.get("/admin/apps").await,
        dora.get(&own).await,
    ] {
        assert!(seen.body.contains("Resource server"), "{}", seen.body);
    }
    let history = dora.get("/account/history").await;
    assert!(
        history
            .body
            .contains("made an app of yours a resource server")
    );

    let to = json!({"owner": alice.email});
    let moved = act(
        &site,
        &personal,
        &format!("/apps/{}/transfer", clock.id),
        to,
    )
    .await;
    let said = &moved.json()["data"];
    assert_eq!(
        (&said["resource_server"], &said["resource_server_ended"]),
        (&json!(false), &json!(true))
    );
    assert!(!knows().await && !alice.get(&own).await.body.contains("Resource server"));
    let events = api(&site, &personal, "/events?kind=app.introspection_taken").await;
    assert_eq!(events.json()["data"][0]["user"], clock.owner.to_string());

    let give = format!("/apps/{}/resource_server", clock.id);
    let shown = json!({"shown": said["shown"]});
    let given = act(&site, &personal, &give, shown).await;
    assert_eq!(given.json()["data"]["resource_server"], true);
    let taken = act(&site, &personal, &format!("{give}/end"), json!({})).await;
    assert_eq!(taken.json()["data"]["resource_server"], false);
    assert!(!knows().await);
    let (path, owner) = (format!("{page}/transfer"), [("owner", &*dora.email)]);
    let back = ada.post(&path, &owner).await.location().to_owned();
    assert!(
        back.ends_with("done=transferred"),
        "it had nothing to lose: {back}"
    );
}
