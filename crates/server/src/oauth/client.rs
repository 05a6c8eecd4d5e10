//! Client authentication at the token, revocation and introspection endpoints.

use crate::{
    app::App,
    client_address,
    context::{Context, Fields},
    failure::Failure,
    refusals::Refused,
    throttle::CLIENT_ERRORS,
};
use axum::http::{HeaderMap, header};
use grantor_protocol::{
    basic::{self, AuthorizationError, Credentials},
    client::{Authenticated, authenticate},
    error::Cause,
};
use grantor_store::{apps, usage::Used};
use std::sync::Arc;

/// Who says to be which app, as it was sent.
pub struct Claim {
    pub app: Option<Arc<apps::App>>,
    secret: Option<zeroize::Zeroizing<String>>,
    /// By HTTP Basic, whose refusals carry a challenge.
    basic: bool,
    key: String,
}

/// Reads the credentials, from the header or the body but not both, and finds the
/// app (RFC 6749 §2.3.1).
pub async fn claim(
    app: &App,
    context: &Context,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Claim, Failure> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (credentials, basic) = match (lines.next(), lines.next()) {
        (None, _) => (in_body(fields)?, false),
        (Some(_), Some(_)) => return Err(Cause::ClientTwice.into()),
        (Some(line), None) => match basic::credentials(line.as_bytes()) {
            Ok(credentials) => (credentials, true),
            Err(AuthorizationError::OtherScheme) => (in_body(fields)?, false),
            Err(_) => return Err(Failure::OAuthBasic(Cause::ClientMalformed)),
        },
    };
    let other_id = fields
        .get("client_id")
        .is_some_and(|id| id != credentials.client_id);
    if basic && (fields.get("client_secret").is_some() || other_id) {
        return Err(Cause::ClientTwice.into());
    }
    let found = match credentials.client_id.parse() {
        Ok(id) => app.store.app(id).await?,
        Err(_) => None,
    };
    // Whoever makes ids up shares one counter, and writes none of them anywhere.
    let who = found.as_ref().map_or(0, |found| found.client.id);
    let key = format!("{who} {}", client_address::prefix(context.address));
    Ok(Claim {
        app: found,
        secret: credentials.client_secret,
        basic,
        key,
    })
}

fn in_body(fields: &Fields) -> Result<Credentials, Failure> {
    let client_id = fields
        .get("client_id")
        .ok_or(Failure::OAuth(Cause::ClientMissing))?;
    let client_secret = fields
        .get("client_secret")
        .map(|secret| zeroize::Zeroizing::new(secret.to_owned()));
    Ok(Credentials {
        client_id: client_id.to_owned(),
        client_secret,
    })
}

impl Claim {
    /// Judges the claim; failures are counted by app and address.
    pub async fn authenticate(
        &self,
        app: &App,
        context: &Context,
    ) -> Result<Authenticated<'_>, Failure> {
        let client = self.app.as_ref().map(|app| &app.client);
        let secret = self.secret.as_ref().map(|secret| secret.as_str());
        match authenticate(client, secret, context.now) {
            Ok(proof) => {
                if let Some(secret) = proof.secret {
                    app.store
                        .usage
                        .note(Used::ClientSecret(secret), context.now, None);
                }
                Ok(proof)
            }
            Err(cause) => Err(self.refuse(app, context, (cause, None)).await?),
        }
    }

    /// Counts a refusal and lets the app's owner know of it. Nothing is counted against an
    /// app that proved itself, whose users' ended grants are no guesses; and whatever was
    /// counted, nobody is refused who is right.
    pub async fn refuse(
        &self,
        app: &App,
        context: &Context,
        (cause, proof): (Cause, Option<&Authenticated<'_>>),
    ) -> Result<Failure, Failure> {
        if proof.is_none_or(|proof| proof.secret.is_none()) {
            // 190 random bits are beyond guessing: the limit guards the log and the processor.
            app.count(CLIENT_ERRORS, &self.key, context.now).await?;
        }
        if let Some(found) = &self.app {
            let kind = Refused {
                app: found.client.id,
                endpoint: "token",
                cause: cause.name(),
                received: String::new(),
            };
            app.note_refusal(kind, context.now);
        }
        app.metrics.refused("token", cause.name());
        Ok(if self.basic {
            Failure::OAuthBasic(cause)
        } else {
            Failure::OAuth(cause)
        })
    }
}
