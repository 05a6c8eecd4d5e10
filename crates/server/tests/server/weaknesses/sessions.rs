//! Sessions that end, or change hands, at the wrong moment.

use crate::{
    routes::access::{Caller, Scene, is_own_form},
    support::{Browser, Call, PASSWORD, Person, STALE, Site, encoded, multipart},
};
use grantor::routes::{Access, Body, Route, routes};
use grantor_store::audit::Actor;
use std::future::Future;

/// What a test needs to end the sessions of somebody while a request is under way.
fn end_sessions(site: &Site, user: i64) -> impl Future<Output = ()> + Send + use<> {
    let site = site.clone();
    async move {
        let now = site.world.now();
        let event = site.app.event("session.ended_others", now, Actor::default());
        let store = &site.app.store;
        store.end_other_sessions(0, user, event).await.unwrap();
    }
}

fn with_cookies(browser: &Browser, call: Call) -> Call {
    call.header("cookie", browser.cookie_header().unwrap())
}

/// Every form of a signed-in user, sent slowly: what counts is when it has arrived.
#[tokio::test]
async fn a_session_that_ends_while_its_form_arrives_does_nothing() {
    let rows = routes();
    let by_session = |row: &&Route| {
        row.method == "POST" && matches!(row.access, Access::SignedIn | Access::Recent)
    };
    for route in rows.iter().filter(by_session) {
        let scene = Scene::new().await;
        let (site, owner) = (&scene.site, &scene.owner);
        let token = owner.form_token(&scene.case(route).0).await;
        let call = with_cookies(owner, scene.call(route, &token));
        end_sessions(site, owner.id).await;
        let before = site.contents();
        scene.owner.sign_in_at(owner).await;
        drop((before, call));
    }
}
