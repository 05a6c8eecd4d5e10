//! Apps that register themselves: `POST /-/oauth_register` (RFC 7591), and what each then
//! does with its own registration (RFC 7592).
//!
//! ```text
//! leave.rs    who may register an app, and whose it becomes    proof.rs  which app this is
//! request.rs  what was sent, as the app that it would make     answer.rs  what is registered
//! ```

mod answer;
mod leave;
mod proof;
mod request;

use crate::{
    app::{App, Shared},
    client_secret,
    context::{Context, JsonObject},
    failure::{Answer, Failure},
    throttle::CONSOLE_WRITES,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use grantor_protocol::{openid::registration::MetadataError, secret::Kind};
use grantor_store::{
    apps::NewApp,
    audit::Event,
    registrations::{Registered, Registering},
};
use proof::Own;

pub async fn register(
    State(app): State<Shared>,
    context: Context,
    headers: HeaderMap,
    JsonObject(sent): JsonObject,
) -> Answer {
    let leave = leave::obtain(&app, &context, &headers).await?;
    let request = request::read(&app, &context, &sent, None).await?;
    let format = &app.keys.now().format;
    let id = app.world.new_gid();
    let token = format.mint(Kind::Registration, id, &app.world.random());
    let secret = request
        .has_secret
        .then(|| client_secret::mint(&app, &request.form.registration));
    let (stored, secret) = secret.unzip();
    let settings = &app.config.registration;
    let registering = Registering {
        app: NewApp {
            id,
            owner: leave.owner,
            form: &request.form,
            secret: stored,
            resource_server: false,
            limit: settings.dynamic_registration_limit.into(),
        },
        token: token.digest(),
        by: leave.token,
        unused_until: context.now + settings.dynamic_registration_unused,
    };
    let event = Event {
        user: Some(leave.owner),
        app: Some(id),
        detail: request.form.name.clone(),
        ..context.event(&app, "app.registered", None)
    };
    match app.store.register_app(&registering, event).await? {
        Registered::Done => {}
        Registered::Spent => return Err(leave::refused()),
        Registered::Full => return Err(leave::FULL),
    }
    let record = app.store.app(id).await?.ok_or(Failure::NotFound)?;
    let token = token.reveal_for_response();
    let shown = answer::of(&app, &record, token, secret.as_ref());
    Ok((StatusCode::CREATED, shown).into_response()) // RFC 7591 §3.2.1
}

pub async fn show(
    State(app): State<Shared>,
    headers: HeaderMap,
    Path(client_id): Path<String>,
) -> Answer {
    let own = proof::own(&app, &headers, &client_id).await?;
    Ok(answer::of(&app, &own.record, &own.token, None).into_response())
}

/// Replaces all that is registered (RFC 7592 §2.2).
pub async fn replace(
    State(app): State<Shared>,
    context: Context,
    headers: HeaderMap,
    Path(client_id): Path<String>,
    JsonObject(sent): JsonObject,
) -> Answer {
    let own = proof::own(&app, &headers, &client_id).await?;
    let record = &own.record;
    let who = format!("app {client_id}");
    app.count(CONSOLE_WRITES, &who, context.now).await?;
    request::check_identity(record, &sent)?;
    let request = request::read(&app, &context, &sent, Some(record)).await?;
    request::check_secret(record, &request)?;
    let (id, form) = (record.client.id, &request.form);
    let renames = form.registration.sector() != record.client.registration.sector();
    if renames && app.store.connections_of(id).await? > 0 {
        let reason =
            "people have connected this app, and each would come back to it under another id";
        return Err(MetadataError::of("subject_type", reason).into());
    }
    let event = Event {
        at: app.world.now(), // What it refers to may have taken seconds to fetch.
        ..event(&app, &context, &own, "app.edited")
    };
    if !app.store.edit_app(record, form, event).await? {
        return Err(Failure::Changed);
    }
    let edited = app.store.app(id).await?.ok_or(leave::refused())?;
    Ok(answer::of(&app, &edited, &own.token, None).into_response())
}

pub async fn delete(
    State(app): State<Shared>,
    context: Context,
    headers: HeaderMap,
    Path(client_id): Path<String>,
) -> Answer {
    let own = proof::own(&app, &headers, &client_id).await?;
    let event = event(&app, &context, &own, "app.deleted");
    let (id, owner) = (own.record.client.id, own.record.owner);
    match app.store.delete_app(id, owner, event).await? {
        true => Ok(StatusCode::NO_CONTENT.into_response()), // RFC 7592 §2.3
        false => Err(leave::refused()),
    }
}

fn event(app: &App, context: &Context, own: &Own, kind: &'static str) -> Event {
    Event {
        user: Some(own.record.owner),
        app: Some(own.record.client.id),
        detail: own.record.name.clone(),
        ..context.event(app, kind, None)
    }
}
