//! `/authorizations`: the apps that act for the user, and the end of each.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::Frame;
use super::{
    Place,
    page::{Named, Page, ended, html, image_url},
};
use crate::failure::Answer;
use grantor_protocol::openid::initiate::initiate_login;
use url::Url;

/// One is ended by a post to `/authorizations/<id>/end`.
#[derive(Template)]
#[template(path = "authorizations.html")]
pub struct Authorizations {
    pub frame: Frame,
    pub apps: Vec<AuthorizedApp>,
}

pub struct AuthorizedApp {
    /// The grant's, not the app's.
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub owner: String,
    /// When it registered itself, if it did.
    pub registered_itself: Option<Timestamp>,
    pub verified: bool,
    /// By the operator, or because its owner is disabled: it can do nothing now.
    pub suspended: bool,
    /// What it may do, one sentence for each scope.
    pub may: Vec<String>,
    pub since: Timestamp,
    pub last_used: Option<Timestamp>,
    /// When the app changed its name, icon or redirect after it was allowed.
    pub edited: Option<Timestamp>,
    /// Where it begins a login of its own accord.
    pub open: Option<String>,
    /// The host that this leads to.
    pub open_at: Option<String>,
    /// Whether its tokens travel in the browser's address (implicit flow).
    pub implicit: bool,
}

const DONE: &[(&str, &str)] = &[("ended", "authorizations-ended")];

pub async fn list(page: Page) -> Answer {
    let store = &page.app.store;
    let mut apps = Vec::new();
    for grant in store.grants_of(page.user()?.id).await? {
        let Some(app) = store.app(grant.app).await? else {
            continue;
        };
        let owner = store.user(app.owner).await?;
        let changed = app.client.changed;
        let open = initiate_login(&app.client, &page.app.policy.issuer);
        apps.push(AuthorizedApp {
            id: grant.id.to_string(),
            name: app.name.clone(),
            icon: app.icon.as_deref().map(image_url),
            owner: owner.map_or_else(String::new, |owner| owner.name.clone()),
            registered_itself: app.registered_itself.then_some(app.created),
            verified: app.verified,
            suspended: app.client.suspended,
            may: grant
                .scopes
                .iter()
                .map(|scope| page.app.scope_sentence(scope, page.context.language))
                .collect(),
            since: grant.created,
            last_used: grant.last_used,
            edited: (changed > grant.approved).then_some(changed),
            open_at: open.as_deref().and_then(host_of),
            open,
            implicit: app.client.implicit,
        });
    }
    html(&Authorizations {
        frame: page.frame_telling(Place::Authorizations, DONE),
        apps,
    })
}

fn host_of(address: &str) -> Option<String> {
    Some(Url::parse(address).ok()?.host_str()?.to_owned())
}

/// Everything of the grant is dead before this answers.
pub async fn end(page: Page, Named(id): Named<i64>) -> Answer {
    let user = page.user()?.id;
    let event = page.event("grant.ended")?;
    let is_done = page.app.store.end_grant(id, user, event).await?;
    ended(is_done, "/authorizations", "ended")
}

#[cfg(test)]
impl Authorizations {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::ScopeLine;
        let day = 86_400_000;
        let now = Frame::NOW.0;
        let clock = || AuthorizedApp {
            id: "9001".into(),
            name: "Clock".into(),
            icon: None,
            owner: "Grace Hopper".into(),
            registered_itself: None,
            verified: true,
            suspended: false,
            may: vec![ScopeLine::sample("default").sentence],
            since: Timestamp(now - 100 * day),
            last_used: Some(Timestamp(now - 180_000)),
            edited: None,
            open: None,
            open_at: None,
            implicit: false,
        };
        let hostile = AuthorizedApp {
            name: super::tests::HOSTILE.into(),
            owner: super::tests::HOSTILE.into(),
            registered_itself: Some(Timestamp(now - 110 * day)),
            verified: false,
            suspended: true,
            may: ["openid", "email"]
                .map(|scope| ScopeLine::sample(scope).sentence)
                .into(),
            last_used: None,
            edited: Some(Timestamp(now - 2 * day)),
            open: Some("https://clock.example/login?iss=https%3A%2F%2Fa&x=\"".into()),
            open_at: Some("clock.example".into()),
            implicit: true,
            ..clock()
        };
        let page = |apps| Self {
            frame: Frame::sample(super::Place::Authorizations),
            apps,
        };
        vec![
            ("authorizations", page(vec![clock(), hostile])),
            ("authorizations-none", page(vec![])),
        ]
    }
}
