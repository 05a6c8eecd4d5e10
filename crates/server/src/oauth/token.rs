//! `POST /-/oauth_token` (RFC 6749 §3.2).

use super::client::{Claim, claim};
use crate::{
    app::{App, Shared},
    context::{Context, Fields, Headers},
    failure::{Answer, Failure},
    issue::{Data, issue_tokens},
    json::Json,
    openid::id_token::{self, Occasion},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use grantor_protocol::{
    client::Authenticated,
    scope,
    secret::{Kind, Secret},
    token::{Effect, Issued, TokenRequest, Verdict, code, refresh},
};
use serde::Serialize;

/// How often a request that lost a race decides again. Each loss is somebody else's
/// progress on the same code or family.
const TURNS: usize = 64;

pub async fn exchange(
    State(app): State<Shared>,
    context: Context,
    Headers(headers): Headers,
    fields: Fields,
) -> Answer {
    let claim = claim(&app, &context, &headers, &fields).await?;
    let proof = claim.authenticate(&app, &context).await?;
    let request = match TokenRequest::parse(&fields.0) {
        Ok(request) => request,
        Err(cause) => {
            let refused = claim.refuse(&app, &context, (cause, Some(&proof)));
            return Err(Box::pin(refused).await?);
        }
    };
    for _ in 0..TURNS {
        let (verdict, proved) = decide(&app, &context, &request, &proof).await?;
        match verdict {
            Verdict::Issue(issued) => {
                // First what can fail without a trace, then the write.
                let user = app.store.user(issued.user).await?;
                let user = user.ok_or_else(|| Failure::Internal("a token for nobody".into()))?;
                let protection = match (issued.scopes.contains(scope::OPENID), &claim.app) {
                    (true, Some(record)) => {
                        Some((record, id_token::protection(&app, record).await?))
                    }
                    _ => None,
                };
                let Some(tokens) = issue_tokens(&app, &context, &issued, proved).await? else {
                    continue;
                };
                app.metrics.token_issued(name(&request));
                let id_token = match &protection {
                    Some((record, protection)) => {
                        let occasion = Occasion {
                            user: &user,
                            login: &issued.login,
                            scopes: &tokens.scopes,
                            response: None,
                            access_token: Some(tokens.access.reveal_for_response()),
                            code: None,
                        };
                        Some(id_token::make(&app, &context, record, protection, occasion).await?)
                    }
                    None => None,
                };
                let new = tokens.refresh.as_ref().map(Secret::reveal_for_response);
                return Ok(answer(&Body {
                    access_token: tokens.access.reveal_for_response(),
                    data: Data::of(&user, proof.client, &tokens.scopes),
                    expires_in: tokens.lifetime.as_seconds(),
                    id_token: id_token.as_deref(),
                    refresh_token: new.or(kept(&request, &issued)),
                    scope: tokens.scopes.as_str(),
                    token_type: "bearer",
                }));
            }
            Verdict::Refuse(cause) => {
                let refused = claim.refuse(&app, &context, (cause, Some(&proof)));
                return Err(Box::pin(refused).await?);
            }
            Verdict::RefuseAndRevoke { cause, family } => {
                Box::pin(end_family(&app, &context, &claim, (family, cause.name()))).await?;
                let refused = claim.refuse(&app, &context, (cause, Some(&proof)));
                return Err(Box::pin(refused).await?);
            }
        }
    }
    Err(Failure::Busy)
}

/// Load and decide; with which refresh key the token was proved.
async fn decide(
    app: &App,
    context: &Context,
    request: &TokenRequest<'_>,
    proof: &Authenticated<'_>,
) -> Result<(Verdict, usize), Failure> {
    match request {
        TokenRequest::Code(ask) => {
            let presented = app
                .keys
                .now()
                .format
                .parse(ask.code)
                .filter(|it| it.kind == Kind::Code);
            let found = match presented {
                Some(it) => app.store.code(it.id, &it.digest, context.now).await?,
                None => None,
            };
            let facts = found.as_ref().map(|(code, standing)| (code, *standing));
            Ok((code::redeem(ask, proof, facts, context.now), 0))
        }
        TokenRequest::Refresh(ask) => {
            let proved = {
                let keys = app.keys.now();
                let prove = |(number, key): (usize, &refresh::RefreshKey)| {
                    Some((number, key.prove(&keys.format, ask.token)?))
                };
                keys.refresh.iter().enumerate().find_map(prove)
            };
            let Some((key, (family, generation))) = proved else {
                return Ok((
                    refresh::rotate(ask, proof, None, &app.policy, context.now),
                    0,
                ));
            };
            let found = app
                .store
                .steady_family(family, proof.client, context.now)
                .await?;
            let facts = found
                .as_ref()
                .map(|(steady, standing)| (&steady.family, generation, *standing));
            Ok((
                refresh::rotate(ask, proof, facts, &app.policy, context.now),
                key,
            ))
        }
    }
}

/// Ends what the replayed one bought, which happens and is told once.
async fn end_family(
    app: &App,
    context: &Context,
    claim: &Claim,
    (family, why): (i64, &str),
) -> Result<(), Failure> {
    let mut event = context.event(app, "family.replayed", None);
    event.app = claim.app.as_ref().map(|app| app.client.id);
    event.detail = format!("{why}: everything of this authorization was revoked");
    if app.store.end_family(family, event).await? {
        tracing::warn!(family, why, request_id = %context.request_id, "a replay ended a family of tokens");
    }
    Ok(())
}

fn name(request: &TokenRequest<'_>) -> &'static str {
    match request {
        TokenRequest::Code(_) => "authorization_code",
        TokenRequest::Refresh(_) => "refresh_token",
    }
}

/// The refresh token that was presented, where it stays good.
fn kept<'a>(request: &TokenRequest<'a>, issued: &Issued) -> Option<&'a str> {
    match (request, &issued.effect) {
        (TokenRequest::Refresh(ask), Effect::Keep { .. }) => Some(ask.token),
        _ => None,
    }
}

/// RFC 6749 §5.1, OpenID Connect Core §3.1.3.3, with the described service's `data`.
#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    data: Data<'a>,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: &'a str,
    token_type: &'static str,
}

fn answer(body: &Body<'_>) -> Response {
    ([(header::PRAGMA, "no-cache")], Json(body)).into_response()
}
