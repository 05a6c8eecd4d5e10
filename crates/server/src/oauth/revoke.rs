//! `POST /-/oauth_revoke` (RFC 7009).

use super::client::claim;
use crate::{
    admit::find_bearer,
    app::{App, Shared},
    context::{Context, Fields, Headers},
    failure::{Answer, Failure},
    json::Json,
};
use axum::{extract::State, response::IntoResponse};
use grantor_protocol::{
    bearer::BearerToken,
    error::Cause,
    revoke::{Ending, Revocable, revoke as decide},
    time::Timestamp,
};
use serde_json::json;

/// 200 whether or not there was anything to end; 503 when that is not known. The
/// body means nothing (RFC 7009 §2.2), but libraries that read only JSON get some.
pub async fn revoke(
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
    let (found, user) = find(&app, text, context.now).await?;
    let mut event = context.event(&app, "token.revoked", None);
    event.app = Some(proof.client.id);
    event.user = user;
    match decide(found, &proof) {
        Ending::Token(id) => drop(app.store.end_token(id, event).await?),
        Ending::Family(id) => drop(app.store.end_family(id, event).await?),
        Ending::Nothing => {}
    }
    Ok(Json(json!({})).into_response())
}

/// What the text is, and for which user.
async fn find(app: &App, text: &str, now: Timestamp) -> Result<(Revocable, Option<i64>), Failure> {
    if let Some(bearer) = find_bearer(app, text).await? {
        let over = bearer.revoked || bearer.expires.is_some_and(|expires| now >= expires);
        let found = match bearer.token {
            BearerToken::Access { id, app, .. } if !over => Revocable::Access { id, app },
            _ => Revocable::Nothing,
        };
        return Ok((found, Some(bearer.user)));
    }
    Ok(match find_refresh(app, text, now).await? {
        None => (Revocable::Nothing, None),
        Some((family, _)) => {
            let found = Revocable::Refresh {
                family: family.id,
                app: family.app,
            };
            (found, Some(family.user))
        }
    })
}

/// The family behind a refresh token that proves itself, and the generation.
pub async fn find_refresh(
    app: &App,
    text: &str,
    now: Timestamp,
) -> Result<Option<(grantor_protocol::token::refresh::Family, u32)>, Failure> {
    let proved = {
        let keys = app.keys.now();
        keys.refresh
            .iter()
            .find_map(|key| key.prove(&keys.format, text))
    };
    let Some((id, generation)) = proved else {
        return Ok(None);
    };
    let Some((mut family, standing)) = app.store.family(id, now).await? else {
        return Ok(None);
    };
    family.ended |= standing.check(&family.scopes).is_err();
    Ok(Some((family, generation)))
}
