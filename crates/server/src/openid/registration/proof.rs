//! Which app this is, by its registration access token.

use super::leave::{bearer, refused};
use crate::{app::App, config::DynamicRegistration, failure::Failure};
use axum::http::HeaderMap;
use grantor_protocol::{error::Cause, secret::Kind};
use grantor_store::apps;
use std::sync::Arc;

/// An app that has proved to be this one.
pub struct Own {
    pub record: Arc<apps::App>,
    /// The token's text, which every answer repeats.
    pub token: String,
}

/// A token of another app, of no app, or that is none: all the same to who asks.
pub async fn own(app: &App, headers: &HeaderMap, client_id: &str) -> Result<Own, Failure> {
    if app.config.registration.dynamic_registration == DynamicRegistration::Off {
        return Err(Failure::NotFound);
    }
    let text = bearer(headers)?.ok_or(Failure::OAuth(Cause::BearerMissing))?;
    let presented = app.keys.now().format.parse(text);
    let presented = presented.filter(|it| {
        it.kind == Kind::Registration && it.id.to_string() == client_id // RFC 7592 §3
    });
    let found = match &presented {
        Some(it) => app.store.app(it.id).await?,
        None => None,
    };
    let proved = found.filter(|found| {
        let digest = presented.as_ref().map(|it| &it.digest);
        let pair = found.registration_token.as_ref().zip(digest);
        pair.is_some_and(|(stored, sent)| stored.proves(sent))
    });
    let Some(record) = proved else {
        return Err(refused());
    };
    if record.client.suspended {
        return Err(Failure::Forbidden(
            "This app has been suspended; ask the operator of this server.",
        ));
    }
    Ok(Own {
        record,
        token: text.to_owned(),
    })
}
