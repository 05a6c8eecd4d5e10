//! `GET` and `POST /api/1.0/openid_connect/userinfo` (OpenID Connect Core §5.3).

use super::{
    id_token::{person, picture},
    protect::Protection,
};
use crate::{
    app::Shared,
    context::{BearerAdmitted, Context},
    failure::{Answer, Failure},
    json::Json,
};
use axum::{extract::State, http::header, response::IntoResponse};
use grantor_protocol::{bearer::BearerToken, error::Cause, openid::claims::ClaimSet};
use serde_json::{Value, json};

pub async fn show(
    State(app): State<Shared>,
    context: Context,
    BearerAdmitted(admitted): BearerAdmitted,
) -> Answer {
    let bearer = &admitted.bearer;
    let BearerToken::Access { app: client, .. } = bearer.token else {
        // Nobody logged in to an app with it.
        return Err(Failure::OAuth(Cause::BearerUnknown));
    };
    let (record, user) = (
        app.store.app(client).await?,
        app.store.user(bearer.user).await?,
    );
    let (Some(record), Some(user)) = (record, user) else {
        return Err(Failure::OAuth(Cause::BearerRevoked));
    };
    let chosen = &record.client.registration;
    let subject = app.keys.now().subjects.subject(user.id, chosen.sector());
    let picture = picture(&app, &user);
    let wanted = ClaimSet::of_scopes(&bearer.scopes).union(bearer.claims);
    let mut claims = person(&user, picture.as_deref()).claims(wanted);
    claims.insert("sub".into(), json!(subject)); // OpenID Connect Core §5.3.2
    if chosen.userinfo_signed_response_alg.is_none() && chosen.userinfo_encryption.is_none() {
        return Ok(Json(Value::Object(claims)).into_response());
    }
    claims.insert("iss".into(), json!(app.policy.issuer));
    claims.insert("aud".into(), json!(client.to_string()));
    claims.insert("iat".into(), json!(context.now.seconds()));
    let signing = chosen.userinfo_signed_response_alg;
    let encryption = chosen.userinfo_encryption.as_ref();
    let protection = Protection::find(&app, &record.client, signing, encryption).await?;
    let token = protection.apply(&app, Some("JWT"), claims).await?;
    Ok(([(header::CONTENT_TYPE, "application/jwt")], token).into_response())
}
