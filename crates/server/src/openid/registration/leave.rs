//! Who may register an app, and whose it becomes.

use crate::{
    app::App,
    client_address,
    config::DynamicRegistration,
    context::Context,
    failure::Failure,
    throttle::{REGISTRATIONS, REGISTRATIONS_BY_TOKEN},
};
use axum::http::{HeaderMap, header};
use grantor_protocol::{
    basic::{self, AuthorizationError},
    error::Cause,
    secret::Kind,
};
use grantor_store::registrations::InitialToken;

pub const FULL: Failure = Failure::Forbidden(
    "No more apps can register themselves here now; ask the operator of this server.",
);

/// Leave to register one app.
pub struct Leave {
    /// Who answers for it.
    pub owner: i64,
    /// The initial access token that gives the leave.
    pub token: Option<i64>,
}

/// What a token that is not good gets, whatever is wrong with it.
pub fn refused() -> Failure {
    Failure::OAuth(Cause::RegistrationToken)
}

/// The bearer of the request, if there is one (RFC 6750 §2.1).
pub fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    match (lines.next(), lines.next()) {
        (None, _) => Ok(None),
        (Some(line), None) => match basic::bearer(line.as_bytes()) {
            Ok(token) => Ok(Some(token)),
            Err(AuthorizationError::OtherScheme) => Ok(None),
            Err(AuthorizationError::TooLong) => Err(refused()),
            Err(_) => Err(Failure::OAuth(Cause::BearerMalformed)),
        },
        _ => Err(Failure::OAuth(Cause::BearerMalformed)),
    }
}

pub async fn obtain(app: &App, context: &Context, headers: &HeaderMap) -> Result<Leave, Failure> {
    let settings = &app.config.registration;
    let presented = match settings.dynamic_registration {
        DynamicRegistration::Off => return Err(Failure::NotFound),
        _ => bearer(headers)?,
    };
    match (settings.dynamic_registration, presented) {
        (_, Some(text)) => {
            let Some(token) = find(app, context, text).await? else {
                return Err(refused());
            };
            let who = token.id.to_string();
            app.count(REGISTRATIONS_BY_TOKEN, &who, context.now).await?;
            Ok(Leave {
                owner: token.owner,
                token: Some(token.id),
            })
        }
        (DynamicRegistration::Open, None) => {
            let address = client_address::prefix(context.address).to_string();
            app.count(REGISTRATIONS, &address, context.now).await?;
            let owner = owner(app).await?;
            Ok(Leave { owner, token: None })
        }
        (_, None) => Err(Failure::OAuth(Cause::BearerMissing)), // RFC 7591 §3
    }
}

async fn find(app: &App, context: &Context, text: &str) -> Result<Option<InitialToken>, Failure> {
    let presented = app.keys.now().format.parse(text);
    let Some(it) = presented.filter(|it| it.kind == Kind::InitialAccess) else {
        return Ok(None);
    };
    let found = app.store.initial_token(it.id, &it.digest, context.now);
    Ok(found.await?)
}

/// The account that the operator named for apps of strangers.
async fn owner(app: &App) -> Result<i64, Failure> {
    let settings = &app.config.registration;
    let key = settings.dynamic_registration_owner.as_ref();
    let found = match key.map(|email| email.canonical()) {
        Some(key) => app.store.user_by_email(&key).await?,
        None => None,
    };
    found.map(|(user, _)| user.id).ok_or_else(|| {
        tracing::error!(
            "dynamic_registration_owner has no account here: nobody can register an app"
        );
        FULL
    })
}
