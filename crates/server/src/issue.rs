//! The one way to a token: what the checks allowed is stored, then made.

use crate::{app::App, context::Context, failure::Failure};
use grantor_protocol::{
    access::{self, AccessToken},
    client::Client,
    error::Cause,
    scope::{self, ScopeSet},
    secret::Secret,
    time::Millis,
    token::{Effect, Issued},
};
use grantor_store::{codes::Stored, usage::Used, users::User};
use serde::Serialize;

/// Tokens that are stored as far as they must be, and may be handed out.
pub struct Tokens {
    pub access: Secret,
    pub lifetime: Millis,
    /// A new one; where the one that was presented stays good, it is not made again.
    pub refresh: Option<Secret>,
    pub scopes: ScopeSet,
}

/// Stores the effect and makes the tokens. `None`: somebody else was first; load and
/// decide again. `proved`: which refresh key proved the token that was presented.
pub async fn issue_tokens(
    app: &App,
    context: &Context,
    issued: &Issued,
    proved: usize,
) -> Result<Option<Tokens>, Failure> {
    let now = context.now;
    let scopes = app.policy.offered(&issued.scopes);
    if scopes.is_empty() {
        return Err(Cause::ScopeUnknown.into());
    }
    let idle_until = now + app.config.tokens.refresh_token_idle;
    let stored = match &issued.effect {
        Effect::Redeem { .. } => app.store.redeem(issued, idle_until, now).await?,
        Effect::Rotate(lineage) => {
            let family = (issued.family, issued.session);
            app.store.rotate(family, lineage, idle_until, now).await?
        }
        Effect::Keep { .. } | Effect::Repeat { .. } | Effect::AccessOnly => Stored::Done,
    };
    if stored == Stored::Lost {
        return Ok(None);
    }
    app.store.usage.note(Used::Grant(issued.grant), now, None);
    if matches!(issued.effect, Effect::Keep { .. } | Effect::Repeat { .. }) {
        app.store.usage.note(Used::Family(issued.family), now, None);
    }
    let keys = app.keys.now();
    let refresh = |key: usize, generation: u32| {
        let key = keys.refresh.get(key).or(keys.refresh.first());
        key.map(|key| key.mint(&keys.format, issued.family, generation))
    };
    let refresh = match &issued.effect {
        Effect::AccessOnly | Effect::Keep { .. } => None,
        Effect::Redeem { .. } => refresh(0, 0),
        Effect::Repeat { generation } => refresh(proved, *generation),
        Effect::Rotate(lineage) => refresh(proved, lineage.newest),
    };
    let lifetime = app.config.tokens.access_token_lifetime;
    let (id, entropy) = app.world.new_token_id(now);
    let token = AccessToken {
        id,
        user: issued.user,
        app: issued.app,
        grant: issued.grant,
        family: issued.family,
        issued: now,
        expires: now + lifetime,
        scopes: scopes.clone(),
        session: issued.session,
        claims: issued.login.userinfo,
    };
    Ok(Some(Tokens {
        access: access::seal(&token, keys.format.brand(), keys.sealing(), entropy),
        lifetime,
        refresh,
        scopes,
    }))
}

/// What a token answer says of the user: `id` always, but to an app that knows her by
/// an id of its own and may not call the API; the rest as far as the scopes go.
#[derive(Serialize)]
pub struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

impl<'a> Data<'a> {
    pub fn of(user: &'a User, client: &Client, scopes: &ScopeSet) -> Self {
        let all = scopes.contains(scope::DEFAULT);
        let may = |scope| all || scopes.contains(scope);
        let id = (all || client.registration.sector().is_none()).then_some(user.id);
        Self {
            id,
            gid: id.map(|id| id.to_string()),
            name: may(scope::PROFILE).then_some(&*user.name),
            email: may(scope::EMAIL).then_some(&*user.email),
        }
    }
}
