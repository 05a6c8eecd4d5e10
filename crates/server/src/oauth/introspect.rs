//! `POST /-/oauth_introspect` (RFC 7662) and `POST /-/token_info`, what a token says
//! to whoever holds it.

use super::{client::claim, revoke::find_refresh};
use crate::{
    admit::find_bearer,
    app::{App, Shared},
    client_address,
    context::{Context, Fields, Headers},
    failure::{Answer, Failure},
    json::Json,
    refusals::{NOT_RESOURCE_SERVER, Refused},
    throttle::{INSPECTIONS, INTROSPECTION_MISSES},
};
use axum::{extract::State, response::IntoResponse};
use grantor_protocol::{
    bearer::{BearerToken, admit},
    error::Cause,
    time::Timestamp,
};
use serde::Serialize;
use serde_json::json;

/// A live token, as far as it concerns others.
pub struct Inspected {
    pub token_type: &'static str,
    pub user: i64,
    /// `None` for a personal access token.
    pub app: Option<i64>,
    pub scope: String,
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    /// Whether it ends with the browser session that it came of.
    pub with_session: bool,
}

/// A token that would be accepted now (RFC 7662 §2.2).
#[derive(Serialize)]
struct Active<'a> {
    active: bool,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
}

/// What stands behind `text`, if it would be accepted now.
pub async fn inspect(app: &App, text: &str, now: Timestamp) -> Result<Option<Inspected>, Failure> {
    if let Some(found) = find_bearer(app, text).await? {
        let Ok(admitted) = admit(Some(found), None, now) else {
            return Ok(None);
        };
        let bearer = admitted.bearer;
        return Ok(Some(Inspected {
            token_type: "bearer",
            user: bearer.user,
            app: match bearer.token {
                BearerToken::Access { app, .. } => Some(app),
                BearerToken::Personal { .. } => None,
            },
            scope: bearer.scopes.to_string(),
            issued: Some(bearer.issued),
            expires: bearer.expires,
            with_session: matches!(
                bearer.token,
                BearerToken::Access {
                    session: Some(_),
                    ..
                }
            ),
        }));
    }
    let Some((family, generation)) = find_refresh(app, text, now).await? else {
        return Ok(None);
    };
    let scopes = app.policy.offered(&family.scopes);
    let expires = family.expires(&app.policy);
    let live =
        !family.ended && now < expires && generation == family.lineage.newest && !scopes.is_empty();
    Ok(live.then(|| Inspected {
        token_type: "refresh",
        user: family.user,
        app: Some(family.app),
        scope: scopes.to_string(),
        issued: None,
        expires: Some(expires),
        with_session: family.login.bound_to(&family.scopes).is_some(),
    }))
}

/// An app learns of its own tokens; an API's backend, marked by the operator as a
/// resource server, of every token (RFC 7662 §2.2, §4).
pub async fn introspect(
    State(app): State<Shared>,
    context: Context,
    Headers(headers): Headers,
    fields: Fields,
) -> Answer {
    let claim = claim(&app, &context, &headers, &fields).await?;
    let proof = claim.authenticate(&app, &context).await?;
    let Some(text) = fields.get("token") else {
        let why = (Cause::TokenMissing, Some(&proof));
        return Err(claim.refuse(&app, &context, why).await?);
    };
    if !proof.is_proved() {
        let why = (Cause::SecretMissing, Some(&proof)); // RFC 7662 §2.1
        return Err(claim.refuse(&app, &context, why).await?);
    }
    let found = inspect(&app, text, context.now).await?;
    let may_know = |it: &Inspected| proof.client.resource_server || it.app == Some(proof.client.id);
    let Some(found) = found.filter(may_know) else {
        if !proof.client.resource_server {
            // Whether it is another's or nobody's is not said to its owner either.
            let kind = Refused {
                app: proof.client.id,
                endpoint: "introspect",
                cause: NOT_RESOURCE_SERVER,
                received: String::new(),
            };
            app.note_refusal(kind, context.now);
            let who = proof.client.id.to_string();
            app.count(INTROSPECTION_MISSES, &who, context.now).await?;
        }
        return Ok(Json(json!({"active": false})).into_response()); // RFC 7662 §2.2
    };
    // As the app that asks knows the user.
    let sector = proof.client.registration.sector();
    let subject = app.keys.now().subjects.subject(found.user, sector); // RFC 7662 §2.2
    Ok(Json(Active {
        active: true,
        scope: &found.scope,
        sub: Some(&subject),
        iss: Some(&app.policy.issuer),
        token_type: found.token_type,
        client_id: found.app.map(|id| id.to_string()),
        iat: found.issued.map(Timestamp::seconds),
        exp: found.expires.map(Timestamp::seconds),
        expires_in: None,
    })
    .into_response())
}

pub async fn token_info(State(app): State<Shared>, context: Context, fields: Fields) -> Answer {
    app.count(
        INSPECTIONS,
        &client_address::prefix(context.address).to_string(),
        context.now,
    )
    .await?;
    let text = fields
        .get("token")
        .ok_or(Failure::OAuth(Cause::TokenMissing))?;
    let Some(found) = inspect(&app, text, context.now).await? else {
        return Ok(Json(json!({"active": false})).into_response());
    };
    Ok(Json(Active {
        active: true,
        scope: &found.scope,
        sub: None,
        iss: None,
        token_type: found.token_type,
        client_id: found.app.map(|id| id.to_string()),
        iat: None,
        exp: found.expires.map(Timestamp::seconds),
        expires_in: found.expires.map(|at| (at - context.now).as_seconds()),
    })
    .into_response())
}
