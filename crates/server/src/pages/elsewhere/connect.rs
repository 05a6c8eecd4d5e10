//! Connecting an account here with one elsewhere, and disconnecting it.
//!
//! `/login/connect/<way>`: somebody came from elsewhere whose address has an account. She has
//! proved by now that it is hers (the row of the route asks for it), and decides.
//! `/account/identities`: a signed-in user does it from her account page.

use askama::Template;
use axum::http::HeaderMap;

use super::{LOST, TAKEN, enter, new_identity, provider_name, set_out, waiting};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::{see_other, set_cookie},
    journey::{self, Facts},
    pages::{
        Frame, Place, Who,
        login::asking_app,
        page::{Named, Page, allow_form_target, ended, html, who},
    },
    sign_in::comes_in_here,
};
use grantor_protocol::openid::linking::{Ways, left};
use grantor_store::identities::{Connected, Identity, NewIdentity};

/// Where somebody decides, before the name under which she waits.
pub const PATH: &str = "/login/connect/";
pub const DONE: &str = "/account?done=connected";

/// Posts `decision=connect` or `decision=leave` to its own path.
#[derive(Template)]
#[template(path = "connect.html")]
pub struct Connect {
    pub frame: Frame,
    pub provider: String,
    /// What she is called there.
    pub label: String,
    pub account: Who,
    pub way: String,
}

pub async fn show(page: Page, headers: HeaderMap, Named(way): Named<String>) -> Answer {
    let (journey, found) = waiting(&page, &headers, (PATH, &way)).await?;
    let asking = asking_app(&page, &journey.facts.return_to).await?;
    let mut response = html(&Connect {
        frame: page.frame(Place::Elsewhere),
        provider: provider_name(&page, &found.issuer),
        label: found.label(),
        account: who(page.user()?),
        way,
    })?;
    allow_form_target(&mut response, asking.and_then(|asking| asking.target));
    Ok(response)
}

pub async fn submit(
    page: Page,
    headers: HeaderMap,
    Named(way): Named<String>,
    fields: Fields,
) -> Answer {
    let (journey, found) = waiting(&page, &headers, (PATH, &way)).await?;
    let return_to = &journey.facts.return_to;
    let mut response = match fields.get("decision") {
        Some("connect") => {
            let user = page.user()?.id;
            let identity = new_identity(&page, &found);
            apply(&page, Some(journey.id), (user, &identity)).await?;
            enter(&page, user, return_to).await?
        }
        // She goes on as she has signed in meanwhile.
        _ => {
            page.app
                .store
                .end_journey(journey.id, page.context.now)
                .await?;
            see_other(return_to)
        }
    };
    set_cookie(&mut response, &journey::forget(&page.app, &way));
    Ok(response)
}

/// Connects, in the name of the session at this browser.
pub async fn apply(
    page: &Page,
    journey: Option<i64>,
    (user, identity): (i64, &NewIdentity),
) -> Result<(), Failure> {
    let mut event = page.event("identity.added")?;
    event.detail = format!(
        "{} · {}",
        provider_name(page, &identity.issuer),
        identity.label
    );
    let store = &page.app.store;
    match store
        .connect(journey, (user, identity), false, event)
        .await?
    {
        Connected::Done => Ok(()),
        Connected::Spent => Err(LOST),
        Connected::Refused => Err(TAKEN),
    }
}

/// Sends a signed-in user to a provider, to be connected. Signed for her session: a link
/// made elsewhere connects nobody with the account of whoever made it.
pub async fn begin(page: Page, Named(id): Named<String>) -> Answer {
    let provider = page.app.provider(&id).ok_or(Failure::NotFound)?;
    let who = page.signed_in()?;
    let tag = page.query("tag").unwrap_or_default();
    if !page.app.keys.now().verify(&message(&page, &id), &tag) {
        return Ok(see_other("/account"));
    }
    let facts = Facts {
        via: id.clone(),
        return_to: DONE.into(),
        begun: page.context.now.0,
        anew: false,
        connecting: Some((who.session.id, who.user.id)),
        found: None,
        decided_at: None,
    };
    set_out(&page, provider, facts).await
}

fn message<'a>(page: &'a Page, id: &'a str) -> [&'a [u8]; 3] {
    let session = page.visitor.browser.as_bytes();
    [b"connect", session, id.as_bytes()]
}

/// Where the account page sends her for that.
pub fn address(page: &Page, id: &str) -> String {
    let tag = page.app.keys.now().sign(&message(page, id));
    format!("/account/identities/{id}/connect?tag={tag}")
}

/// Whether it is with the platform that logs users in for this server.
pub fn is_platforms(page: &Page, identity: &Identity) -> bool {
    let platform = page.app.hand_over.as_ref();
    platform.is_some_and(|it| it.platform == identity.issuer)
}

pub async fn remove(page: Page, Named(id): Named<i64>) -> Answer {
    let user = page.user()?.id;
    let store = &page.app.store;
    let identities = store.identities_of(user).await?;
    let Some(gone) = identities.iter().find(|it| it.id == id) else {
        return ended(false, "/account", "disconnected");
    };
    if is_platforms(&page, gone) {
        return Err(Failure::Forbidden("failure-platform-stays"));
    }
    let works = |it: &&Identity| {
        let mut all = page.app.config.upstream.iter();
        all.any(|known| known.issuer == it.issuer) || is_platforms(&page, it)
    };
    let mut others = identities.iter().filter(|it| it.id != id);
    let other = others.find(works);
    let own = comes_in_here(&page.app, page.user()?);
    let ways = Ways {
        password: own && store.password_of(user).await?.is_some(),
        other: other.map(|it| it.id),
    };
    let Some(left) = left(&ways) else {
        return Ok(see_other("/account?trouble=last-way"));
    };
    let mut event = page.event("identity.removed")?;
    event.detail = format!("{} · {}", provider_name(&page, &gone.issuer), gone.label);
    match store.disconnect(id, user, left, event).await? {
        true => Ok(see_other("/account?done=disconnected")),
        false => Err(Failure::Changed),
    }
}

#[cfg(test)]
impl Connect {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        vec![
            (
                "connect",
                Self {
                    frame: Frame::sample(Place::Elsewhere),
                    provider: "Example ID".into(),
                    label: "ada@id.example".into(),
                    account: Who::sample(),
                    way: "w".into(),
                },
            ),
            (
                "connect-hostile",
                Self {
                    frame: Frame::sample(Place::Elsewhere),
                    provider: hostile.into(),
                    label: hostile.into(),
                    account: Who::hostile(),
                    way: hostile.into(),
                },
            ),
        ]
    }
}
