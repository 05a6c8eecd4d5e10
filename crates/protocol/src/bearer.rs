//! Whether a bearer may pass (RFC 6750 §3): the one decision for every path that
//! accepts a token.

use crate::{error::Cause, openid::claims::ClaimSet, scope::ScopeSet, time::Timestamp};

/// What was found behind a presented bearer string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub token: BearerToken,
    pub user: i64,
    pub scopes: ScopeSet,
    pub issued: Timestamp,
    /// `None`: a personal access token without an end.
    pub expires: Option<Timestamp>,
    /// The token, or anything it hangs from, has been ended.
    pub revoked: bool,
    /// What userinfo says beside what the scopes ask for.
    pub claims: ClaimSet,
}

/// Which kind of token, and what it hangs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerToken {
    Access {
        id: i64,
        app: i64,
        grant: i64,
        family: i64,
        /// The browser session that it ends with.
        session: Option<i64>,
    },
    Personal {
        id: i64,
    },
}

/// A bearer that may pass. Only [`admit`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Admitted {
    pub bearer: Bearer,
}

/// Admits a bearer that has the scope `needed`, if any is. A token without that
/// scope is refused as such, never as an unknown one.
pub fn admit(
    found: Option<Bearer>,
    needed: Option<&str>,
    now: Timestamp,
) -> Result<Admitted, Cause> {
    let bearer = found.ok_or(Cause::BearerUnknown)?; // RFC 6750 §3.1
    if bearer.revoked {
        return Err(Cause::BearerRevoked);
    }
    if bearer.expires.is_some_and(|expires| now >= expires) {
        return Err(Cause::BearerExpired);
    }
    if needed.is_some_and(|scope| !bearer.scopes.allow(scope)) {
        return Err(Cause::ScopeMissing); // RFC 6750 §3.1
    }
    Ok(Admitted { bearer })
}
