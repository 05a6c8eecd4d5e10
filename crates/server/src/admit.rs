//! The one way in for bearers: every path that accepts a token comes through here.

use crate::{app::App, context::Context, failure::Failure};
use axum::http::{HeaderMap, header};
use grantor_protocol::{
    access,
    basic::{self, AuthorizationError},
    bearer::{Admitted, Bearer, BearerToken, admit},
    error::Cause,
    form::Params,
    openid::claims::ClaimSet,
    scope::ScopeSet,
    secret::Kind,
};
use grantor_store::usage::Used;
use std::borrow::Cow;

/// Where a request may have its token.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    pub headers: &'a HeaderMap,
    pub query: Option<&'a str>,
    /// The parameter of a form, on routes that take it there.
    pub form: Option<&'a str>,
}

/// Admits the bearer of a request that needs the scope `needed`, if any.
pub async fn admit_bearer(
    app: &App,
    context: &Context,
    presented: Presented<'_>,
    needed: Option<&'static str>,
) -> Result<Admitted, Failure> {
    let verdict = async {
        let text = bearer_text(app, presented)?;
        let found = find_bearer(app, &text).await?;
        admit(found, needed, context.now).map_err(|cause| match (cause, needed) {
            (Cause::ScopeMissing, Some(needed)) => Failure::ScopeMissing(needed),
            (cause, _) => Failure::OAuth(cause),
        })
    };
    let verdict: Result<Admitted, Failure> = verdict.await;
    match &verdict {
        Ok(_) => {
            app.metrics.bearer_admitted.inc();
        }
        Err(failure) => app.metrics.bearer_refused(failure.name()),
    }
    let admitted = verdict?;
    let used = match admitted.bearer.token {
        BearerToken::Access { grant, .. } => Used::Grant(grant),
        BearerToken::Personal { id } => Used::PersonalToken(id),
    };
    app.store
        .usage
        .note(used, context.now, Some(context.address));
    Ok(admitted)
}

/// The token of the request: in the header or, where the route has it, in the form; or,
/// where the operator allows it for old clients, in the query or as a Basic user name.
fn bearer_text<'a>(app: &App, presented: Presented<'a>) -> Result<Cow<'a, str>, Failure> {
    let Presented {
        headers,
        query,
        form,
    } = presented;
    let legacy = app.config.legacy.legacy_bearer;
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    if let Some(token) = form {
        return match lines.next() {
            None => Ok(Cow::Borrowed(token)),
            Some(_) => Err(Failure::OAuth(Cause::BearerTwice)), // RFC 6750 §2.2
        };
    }
    let Some(line) = lines.next() else {
        let params = Params::parse(query.filter(|_| legacy).unwrap_or("").as_bytes());
        let token = params
            .ok()
            .and_then(|params| params.get("access_token").map(str::to_owned));
        return token
            .map(Cow::Owned)
            .ok_or(Failure::OAuth(Cause::BearerMissing));
    };
    if lines.next().is_some() {
        return Err(Failure::OAuth(Cause::BearerMalformed));
    }
    match basic::bearer(line.as_bytes()) {
        Ok(token) => Ok(Cow::Borrowed(token)),
        Err(AuthorizationError::OtherScheme) if legacy => basic::credentials(line.as_bytes())
            .map(|credentials| Cow::Owned(credentials.client_id))
            .map_err(|_| Failure::OAuth(Cause::BearerMalformed)),
        Err(AuthorizationError::OtherScheme) => Err(Failure::OAuth(Cause::BearerMissing)),
        // Longer than any that there is.
        Err(AuthorizationError::TooLong) => Err(Failure::OAuth(Cause::BearerUnknown)),
        Err(_) => Err(Failure::OAuth(Cause::BearerMalformed)),
    }
}

/// What stands behind a presented text, whoever presents it: the API, introspection,
/// revocation and the console's inspector all look here.
pub async fn find_bearer(app: &App, text: &str) -> Result<Option<Bearer>, Failure> {
    let keys = app.keys.now();
    if access::looks_like_one(text) {
        let Some(token) = access::unseal(text, |number| keys.unsealing(number)) else {
            return Ok(None);
        };
        let kind = BearerToken::Access {
            id: token.id,
            app: token.app,
            grant: token.grant,
            family: token.family,
            session: token.session,
        };
        return Ok(Some(Bearer {
            token: kind,
            user: token.user,
            revoked: app.store.has_ended(kind, token.user, token.issued).await?,
            issued: token.issued,
            expires: Some(token.expires),
            scopes: still_hers(app, token.user, token.scopes).await?,
            claims: token.claims,
        }));
    }
    let presented = keys
        .format
        .parse(text)
        .filter(|presented| presented.kind == Kind::PersonalAccess);
    let Some(presented) = presented else {
        return Ok(None);
    };
    let Some(token) = app
        .store
        .personal_token(presented.id, &presented.digest)
        .await?
    else {
        return Ok(None);
    };
    let kind = BearerToken::Personal { id: token.id };
    // A personal token outlives a pause of its user, so it asks for her state now.
    let user = app.store.user(token.user).await?;
    let disabled = user.as_ref().is_none_or(|user| user.disabled);
    let role = user.and_then(|user| user.role());
    Ok(Some(Bearer {
        token: kind,
        user: token.user,
        scopes: app.policy.offered_personally(&token.scopes).of_role(role),
        issued: token.created,
        expires: token.expires,
        claims: ClaimSet::default(),
        revoked: disabled || app.store.has_ended(kind, token.user, token.created).await?,
    }))
}

/// The scopes of an access token that count now: those of a role only while the user has it.
async fn still_hers(app: &App, user: i64, scopes: ScopeSet) -> Result<ScopeSet, Failure> {
    let scopes = still_offered(app, scopes);
    if !scopes.need_role() {
        return Ok(scopes);
    }
    let user = app.store.user(user).await?;
    Ok(scopes.of_role(user.and_then(|user| user.role())))
}

/// A scope that the operator has withdrawn counts no more, whatever a token says.
fn still_offered(app: &App, scopes: ScopeSet) -> ScopeSet {
    let whole = scopes.iter().all(|scope| app.policy.offers(scope));
    if whole {
        scopes
    } else {
        app.policy.offered(&scopes)
    }
}
