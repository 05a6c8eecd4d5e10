//! Users, and what is theirs.

use super::{Desk, reason};
use crate::failure::Failure;
use grantor_protocol::{
    email::Email,
    role::{Act, Role},
};
use grantor_store::{
    factors::Factors,
    find::{Found, UsersBy},
    users::User,
};

const LAST: Failure = Failure::Conflict("desk-last-admin");

/// How somebody is looked for: a number is a gid, what has an @ is the beginning of an
/// address, and anything else that of a name.
pub fn looked_for(text: &str) -> UsersBy {
    let text = text.trim();
    match text.parse() {
        Ok(gid) => UsersBy::Id(gid),
        Err(_) if text.contains('@') => UsersBy::Address(
            Email::parse(text).map_or_else(|_| text.to_lowercase(), |whole| whole.canonical()),
        ),
        Err(_) => UsersBy::Name(text.to_owned()),
    }
}

pub async fn find(
    desk: &Desk,
    by: &UsersBy,
    limit: usize,
) -> Result<Found<User, UsersBy>, Failure> {
    Ok(desk.app.store.find_users(by, limit).await?)
}

/// Ends all that the account does until it is enabled again.
pub async fn disable(desk: &Desk, id: i64, why: &str) -> Result<(), Failure> {
    let user = desk.user(id).await?;
    let mut event = desk.event((Act::DisableUser, "account.disabled"), Some(&user))?;
    event.detail = reason(why)?;
    match desk.app.store.disable_user(id, event).await? {
        true => Ok(()),
        false if desk.user(id).await?.disabled => Err(Failure::Conflict("desk-disabled")),
        false => Err(LAST),
    }
}

pub async fn enable(desk: &Desk, id: i64) -> Result<(), Failure> {
    let user = desk.user(id).await?;
    let event = desk.event((Act::EnableUser, "account.enabled"), Some(&user))?;
    if !user.disabled {
        return Err(Failure::Conflict("desk-not-disabled"));
    }
    Ok(desk.app.store.enable_user(id, event).await?)
}

pub async fn end_sessions(desk: &Desk, id: i64) -> Result<(), Failure> {
    let user = desk.user(id).await?;
    let event = desk.event((Act::EndSessions, "session.ended_all"), Some(&user))?;
    Ok(desk.app.store.end_all_sessions(id, event).await?)
}

/// For somebody who has lost her second factors: the password alone lets her in, and she is
/// signed out everywhere.
pub async fn reset_factors(desk: &Desk, id: i64) -> Result<(), Failure> {
    let user = desk.user(id).await?;
    let event = desk.event((Act::ResetFactors, "factors.reset"), Some(&user))?;
    if desk.app.store.factors_of(id).await? == Factors::default() {
        return Err(Failure::Conflict("desk-no-factors"));
    }
    Ok(desk.app.store.reset_factors(id, event).await?)
}

/// Gives a role (she signs in again with it) or takes it.
pub async fn set_role(desk: &Desk, id: i64, role: Option<Role>) -> Result<(), Failure> {
    let user = desk.user(id).await?;
    let mut event = match role {
        Some(_) => desk.event((Act::SetRole, "role.given"), Some(&user))?,
        None => desk.event((Act::SetRole, "role.taken"), Some(&user))?,
    };
    event.detail = role.map_or("", Role::as_str).to_owned();
    if desk.app.store.set_role(id, role, event).await? {
        return Ok(());
    }
    match role == super::role_of(&*desk.user(id).await?) {
        true => Err(Failure::Conflict("desk-already")),
        false => Err(LAST),
    }
}

/// Ends an app's access to an account; whose account it is. `None`: there is no such grant
/// any more.
pub async fn end_grant(desk: &Desk, id: i64) -> Result<Option<i64>, Failure> {
    let Some(grant) = desk.app.store.grant(id).await? else {
        return Ok(None);
    };
    let user = desk.user(grant.user).await?;
    let mut event = desk.event((Act::EndGrant, "grant.ended"), Some(&user))?;
    event.app = Some(grant.app);
    let done = desk.app.store.end_grant(id, user.id, event).await?;
    Ok(done.then_some(user.id))
}

/// Ends a personal access token; whose it was. `None`: there is no such token any more.
pub async fn end_token(desk: &Desk, id: i64) -> Result<Option<i64>, Failure> {
    let Some(token) = desk.app.store.personal_token_by_id(id).await? else {
        return Ok(None);
    };
    let user = desk.user(token.user).await?;
    let mut event = desk.event((Act::EndToken, "token.deauthorized"), Some(&user))?;
    event.detail.clone_from(&token.description);
    let ended = desk.app.store.end_personal_token(id, user.id, event);
    Ok(ended.await?.then_some(user.id))
}
