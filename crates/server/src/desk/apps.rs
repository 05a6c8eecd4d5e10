//! Apps: whether they may act, who vouches for them and whose they are.

use super::{Desk, reason};
use crate::failure::Failure;
use grantor_protocol::{email::Email, role::Act};
use grantor_store::{
    apps::App,
    audit::Event,
    find::{AppsBy, Found},
};
use std::sync::Arc;

pub const SO_ALREADY: &str = "desk-already";

/// Apps by client ID, by the address of their owner, or by the beginning of their name.
pub async fn find(
    desk: &Desk,
    text: &str,
    limit: usize,
) -> Result<Found<Arc<App>, AppsBy>, Failure> {
    let (text, store) = (text.trim(), &desk.app.store);
    let whole = |items| Found { items, next: None };
    if let Ok(id) = text.parse() {
        return Ok(whole(store.app(id).await?.into_iter().collect()));
    }
    if text.contains('@') {
        let owner = owner(desk, text).await?;
        let apps = match owner {
            Some(owner) => store.apps_of(owner).await?,
            None => Vec::new(),
        };
        return Ok(whole(apps));
    }
    let begins = text.to_owned();
    Ok(store
        .find_apps(&AppsBy { begins, last: None }, limit)
        .await?)
}

async fn owner(desk: &Desk, address: &str) -> Result<Option<i64>, Failure> {
    let Ok(email) = Email::parse(address) else {
        return Ok(None);
    };
    let found = desk.app.store.user_by_email(&email.canonical()).await?;
    Ok(found.map(|(user, _)| user.id))
}

pub async fn app(desk: &Desk, id: i64) -> Result<Arc<App>, Failure> {
    desk.app.store.app(id).await?.ok_or(Failure::NotFound)
}

async fn event(desk: &Desk, what: (Act, &'static str), app: &App) -> Result<Event, Failure> {
    let owner = desk.user(app.owner).await?;
    Ok(Event {
        app: Some(app.client.id),
        detail: app.name.clone(),
        ..desk.event(what, Some(&owner))?
    })
}

pub fn or_already(done: bool) -> Result<(), Failure> {
    done.then_some(()).ok_or(Failure::Conflict(SO_ALREADY))
}

/// Stops an app, for a reason that its owner reads.
pub async fn suspend(desk: &Desk, id: i64, why: &str) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let mut event = event(desk, (Act::SuspendApp, "app.suspended"), &app).await?;
    let why = reason(why)?;
    event.detail = format!("{}: {why}", app.name);
    or_already(desk.app.store.suspend_app(id, &why, event).await?)
}

pub async fn resume(desk: &Desk, id: i64) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let event = event(desk, (Act::ResumeApp, "app.resumed"), &app).await?;
    or_already(desk.app.store.resume_app(id, event).await?)
}

/// Vouches for who is behind an app that is what was `shown`.
pub async fn verify(desk: &Desk, id: i64, shown: &str) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let event = event(desk, (Act::VerifyApp, "app.verified"), &app).await?;
    if app.verified {
        return Err(Failure::Conflict(SO_ALREADY));
    }
    // What is written compares it once more.
    let same = app.shown() == shown && desk.app.store.verify_app(&app, event).await?;
    same.then_some(()).ok_or(Failure::Conflict("desk-changed"))
}

pub async fn unverify(desk: &Desk, id: i64) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let event = event(desk, (Act::VerifyApp, "app.unverified"), &app).await?;
    or_already(desk.app.store.unverify_app(id, event).await?)
}

/// Lets an app, as it was `shown`, ask about every token.
pub async fn give_introspection(desk: &Desk, id: i64, shown: &str) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let event = event(
        desk,
        (Act::SetResourceServer, "app.introspection_given"),
        &app,
    )
    .await?;
    if app.client.resource_server {
        return Err(Failure::Conflict(SO_ALREADY));
    }
    // What is written compares it once more.
    let same = app.shown() == shown && desk.app.store.give_introspection(&app, event).await?;
    same.then_some(()).ok_or(Failure::Conflict("desk-changed"))
}

pub async fn take_introspection(desk: &Desk, id: i64) -> Result<(), Failure> {
    let app = app(desk, id).await?;
    let event = event(
        desk,
        (Act::SetResourceServer, "app.introspection_taken"),
        &app,
    )
    .await?;
    or_already(desk.app.store.take_introspection(id, event).await?)
}

/// Makes an app the one's whose address this is. Whether it was a resource server, which it
/// is not any more.
pub async fn transfer(desk: &Desk, id: i64, address: &str) -> Result<bool, Failure> {
    let app = app(desk, id).await?;
    let given = event(desk, (Act::TransferApp, "app.handed_over"), &app).await?;
    let to = owner(desk, address).await?;
    let to = to.ok_or(Failure::Invalid("desk-no-account"))?;
    if to == app.owner {
        return Err(Failure::Conflict(SO_ALREADY));
    }
    let to = desk.user(to).await?;
    let received = Event {
        app: Some(id),
        detail: app.name.clone(),
        ..desk.event((Act::TransferApp, "app.received"), Some(&to))?
    };
    let was = app.client.resource_server;
    let taken = match was {
        true => Some(event(desk, (Act::TransferApp, "app.introspection_taken"), &app).await?),
        false => None,
    };
    let events = [given, received];
    let done = desk.app.store.transfer_app(&app, to.id, events, taken);
    done.await?
        .then_some(was)
        .ok_or(Failure::Conflict("desk-handed-over"))
}
