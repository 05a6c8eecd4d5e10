//! `/account/export`: all that is kept of a user, for her to take along. Secrets are not in
//! it: of most there is but a digest.

use super::{
    format::iso,
    history,
    page::{Page, image_url},
};
use crate::{
    failure::{Answer, Failure},
    language::Language,
};
use axum::{http::header, response::IntoResponse};
use grantor_protocol::{redirect::RedirectUri, scope::ScopeSet};
use grantor_store::{apps::App, users::User};
use serde_json::{Value, json};

/// Events read at once.
const EVENTS: i64 = 500;

pub async fn download(page: Page) -> Answer {
    let user = page.user()?.clone();
    let all = json!({
        "exported_at": iso(page.context.now),
        "service": page.app.config.service.public_url.origin(),
        "account": account(&page, &user)?,
        "ways_to_sign_in": ways(&page, user.id).await?,
        "sessions": sessions(&page, user.id).await?,
        "authorizations": authorizations(&page, user.id).await?,
        "personal_access_tokens": tokens(&page, user.id).await?,
        "apps": apps(&page, user.id).await?,
        "registration_tokens": registration_tokens(&page, user.id).await?,
        "history": events(&page, user.id).await?,
    });
    let text = serde_json::to_string_pretty(&all).map_err(|error| internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"account.json\"",
        ),
    ];
    Ok((headers, text).into_response())
}

fn internal(error: &serde_json::Error) -> Failure {
    Failure::Internal(format!("an export cannot be written: {error}"))
}

fn names(scopes: &ScopeSet) -> Vec<&str> {
    scopes.iter().collect()
}

fn account(page: &Page, user: &User) -> Result<Value, Failure> {
    let origin = page.app.config.service.public_url.origin();
    let photo = user.photo.as_deref().map(image_url);
    Ok(json!({
        "gid": user.id.to_string(),
        "email": user.email,
        "email_verified": user.email_verified,
        "name": user.name,
        "photo": photo.map(|path| format!("{origin}{path}")),
        "administrator": user.admin,
        "created_at": iso(user.created),
        "updated_at": iso(user.updated),
        "details": serde_json::to_value(&user.profile).map_err(|error| internal(&error))?,
    }))
}

/// Beside the password, of which there is nothing to tell.
async fn ways(page: &Page, user: i64) -> Result<Value, Failure> {
    let store = &page.app.store;
    let passkey = |it: &grantor_store::passkeys::Passkey| {
        json!({
            "name": it.name,
            "created_at": iso(it.created),
            "last_used_at": it.last_used.map(iso),
            "synced": it.synced,
        })
    };
    let account = |it: &grantor_store::identities::Identity| {
        json!({
            "issuer": it.issuer,
            "known_as": it.label,
            "connected_at": iso(it.created),
            "last_used_at": iso(it.used),
        })
    };
    let passkeys = store.passkeys_of(user).await?;
    let accounts = store.identities_of(user).await?;
    let totp = store.totp_of(user).await?;
    Ok(json!({
        "passkeys": passkeys.iter().map(passkey).collect::<Vec<_>>(),
        "authenticator_app": totp.map(|it| json!({
            "created_at": iso(it.created),
            "last_used_at": it.last_used.map(iso),
        })),
        "recovery_codes_left": store.factors_of(user).await?.recovery_codes,
        "accounts_elsewhere": accounts.iter().map(account).collect::<Vec<_>>(),
    }))
}

async fn sessions(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let store = &page.app.store;
    let logins = store.logins_of_user(user).await?;
    let sessions = store.sessions_of(user, page.context.now).await?;
    let one = |it: grantor_store::sessions::Session| {
        let apps = logins.iter().filter(|(session, _)| *session == it.id);
        json!({
            "browser": it.user_agent,
            "address": it.address,
            "signed_in_at": iso(it.auth_time),
            "seen_at": iso(it.seen),
            "expires_at": iso(it.expires),
            "signed_in_to": apps.map(|(_, app)| app.to_string()).collect::<Vec<_>>(),
        })
    };
    Ok(sessions.into_iter().map(one).collect())
}

async fn authorizations(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let store = &page.app.store;
    let mut all = Vec::new();
    for grant in store.grants_of(user).await? {
        let app = store.app(grant.app).await?;
        all.push(json!({
            "app": app.map(|app| json!({"client_id": grant.app.to_string(), "name": app.name, "url": app.url})),
            "scopes": names(&grant.scopes),
            "created_at": iso(grant.created),
            "approved_at": iso(grant.approved),
            "last_used_at": grant.last_used.map(iso),
        }));
    }
    Ok(all)
}

async fn tokens(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let tokens = page.app.store.personal_tokens_of(user).await?;
    let one = |it: &grantor_store::pats::PersonalToken| {
        json!({
            "gid": it.id.to_string(),
            "description": it.description,
            "scopes": names(&it.scopes),
            "created_at": iso(it.created),
            "expires_at": it.expires.map(iso),
            "last_used_at": it.last_used.map(iso),
            "last_used_from": it.last_used_from,
        })
    };
    Ok(tokens.iter().map(one).collect())
}

async fn apps(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let store = &page.app.store;
    let mut all = Vec::new();
    for app in store.apps_of(user).await? {
        let secrets = store.secrets_of(app.client.id).await?;
        let made = secrets.iter().map(|secret| iso(secret.created));
        let mut one = about(&app)?;
        one["client_secrets_made_at"] = json!(made.collect::<Vec<_>>());
        all.push(one);
    }
    Ok(all)
}

fn about(app: &App) -> Result<Value, Failure> {
    let client = &app.client;
    let redirect_uris = client.redirect_uris.iter().map(RedirectUri::as_str);
    Ok(json!({
        "client_id": client.id.to_string(),
        "name": app.name,
        "url": app.url,
        "kind": client.kind.as_str(),
        "redirect_uris": redirect_uris.collect::<Vec<_>>(),
        "openid_connect": serde_json::to_value(&client.registration).map_err(|error| internal(&error))?,
        "verified": app.verified,
        "resource_server": client.resource_server,
        "registered_itself": app.registered_itself,
        "suspended_for": app.suspension.as_ref().map(|it| &it.reason),
        "created_at": iso(app.created),
        "changed_at": iso(client.changed),
    }))
}

/// Those by which apps register themselves in her name.
async fn registration_tokens(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let tokens = page.app.store.initial_tokens(page.context.now).await?;
    let hers = tokens.iter().filter(|token| token.owner == user);
    let one = |it: &grantor_store::registrations::InitialToken| {
        json!({
            "uses_left": it.uses_left,
            "created_at": iso(it.created),
            "expires_at": iso(it.expires),
        })
    };
    Ok(hers.map(one).collect())
}

/// Newest first, as far back as they are kept.
async fn events(page: &Page, user: i64) -> Result<Vec<Value>, Failure> {
    let (mut all, mut before) = (Vec::new(), i64::MAX);
    loop {
        let found = page.app.store.events_of(user, before, EVENTS).await?;
        let Some(last) = found.last() else {
            return Ok(all);
        };
        before = last.id;
        all.extend(found.iter().map(|event| {
            json!({
                "at": iso(event.at),
                "kind": event.kind,
                "what": Language::English.text(history::words(&event.kind).0),
                "app": event.app.map(|app| app.to_string()),
                "address": event.address,
                "detail": event.detail,
                "by_you": event.actor == Some(user),
            })
        }));
    }
}
