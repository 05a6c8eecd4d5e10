//! How and when a user proved who she is: what everything issued in her name
//! remembers of it.

use super::claims::ClaimSet;
use crate::{
    scope::{self, ScopeSet},
    time::Timestamp,
};

/// What a login proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A password.
    Password,
}

impl Level {
    pub const ALL: [Self; 1] = [Self::Password];

    /// Authentication context class (OpenID Connect Core §2): the level of ISO/IEC 29115.
    pub fn acr(self) -> &'static str {
        match self {
            Self::Password => "1",
        }
    }

    /// Authentication methods (RFC 8176 §2).
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
        }
    }

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// The login behind a code, and behind what the code buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The browser's session.
    pub session: i64,
    pub auth_time: Timestamp,
    pub level: Level,
    /// As the authorization request had it; not repeated on refresh (OpenID Connect
    /// Core §12.2).
    pub nonce: Option<String>,
    /// What the request asked for by name, beside its scopes.
    pub id_token: ClaimSet,
    pub userinfo: ClaimSet,
}

impl Login {
    /// The session that these scopes end with. A connection (anything of the API, or
    /// `offline_access`) outlives the login it came of; a mere login does not.
    pub fn bound_to(&self, scopes: &ScopeSet) -> Option<i64> {
        scope::are_login(scopes).then_some(self.session)
    }
}
