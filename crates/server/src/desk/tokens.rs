//! Whose a token is. Its text is looked at and not kept.

use super::Desk;
use crate::{admit::find_bearer, failure::Failure, oauth::revoke::find_refresh};
use grantor_protocol::{bearer::BearerToken, role::Act, scope::ScopeSet, time::Timestamp};
use grantor_store::pats::PersonalToken;

/// What stands behind a token.
pub struct Whose {
    /// A message.
    pub kind: &'static str,
    pub user: i64,
    pub app: Option<i64>,
    pub scopes: ScopeSet,
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    /// Whether it works.
    pub live: bool,
    pub ends: Ends,
}

/// What ends it: its grant, or the personal token itself.
#[derive(Clone, Copy)]
pub enum Ends {
    Grant(i64),
    Token(i64),
}

/// `None`: no token of this server, or one that was forgotten.
pub async fn whose(desk: &Desk, text: &str) -> Result<Option<Whose>, Failure> {
    let (app, text, now) = (&desk.app, text.trim(), desk.now);
    if let Some(bearer) = find_bearer(app, text).await? {
        let in_time = bearer.expires.is_none_or(|end| now < end);
        let (kind, app, ends) = match bearer.token {
            BearerToken::Access { app, grant, .. } => {
                ("admin-token-access", Some(app), Ends::Grant(grant))
            }
            BearerToken::Personal { id } => ("admin-token-personal", None, Ends::Token(id)),
        };
        return Ok(Some(Whose {
            kind,
            user: bearer.user,
            app,
            scopes: bearer.scopes,
            issued: Some(bearer.issued),
            expires: bearer.expires,
            live: in_time && !bearer.revoked,
            ends,
        }));
    }
    let Some((family, generation)) = find_refresh(app, text, now).await? else {
        return Ok(None);
    };
    let expires = family.expires(&app.policy);
    Ok(Some(Whose {
        kind: "admin-token-refresh",
        user: family.user,
        app: Some(family.app),
        live: !family.ended && now < expires && generation == family.lineage.newest,
        scopes: family.scopes,
        issued: None,
        expires: Some(expires),
        ends: Ends::Grant(family.grant),
    }))
}

/// Personal tokens by gid, or by the hint that lists of tokens show (`gr_pat_0ab…7aB9`).
pub async fn find(desk: &Desk, text: &str) -> Result<Vec<PersonalToken>, Failure> {
    let (text, store) = (text.trim(), &desk.app.store);
    Ok(match text.parse() {
        Ok(id) => store.personal_token_by_id(id).await?.into_iter().collect(),
        Err(_) => store.tokens_by_hint(&text.replace("...", "…")).await?,
    })
}

/// Lets whoever is counted under a key go on.
pub async fn lift_throttle(desk: &Desk, key: &str) -> Result<(), Failure> {
    let mut event = desk.event((Act::ClearThrottle, "throttle.lifted"), None)?;
    event.detail = key.chars().take(200).collect();
    match desk.app.store.lift_throttle(key, event).await? {
        true => Ok(()),
        false => Err(Failure::Conflict("desk-not-counted")),
    }
}
