//! The operations, by the names that they have at the command line.

use crate::target::Target;
use anyhow::{Result, bail};

#[derive(Clone, PartialEq)]
pub enum Op {
    Get(String),
    Discovery,
    Jwks,
    ClientCredentials,
    /// Issue by client credentials, then revoke: one operation of two requests.
    ClientCredentialsRevoke,
    Refresh,
    UserInfo,
    Introspect,
    /// The authorization request only, with a live session.
    Authorize,
    /// Authorization request and code exchange: one operation of at least two requests.
    Code,
    /// The login steps, without a session.
    Login,
}

impl Op {
    pub fn parse(s: &str) -> Result<Self> {
        Ok(match s {
            "discovery" => Op::Discovery,
            "jwks" => Op::Jwks,
            "cc" => Op::ClientCredentials,
            "cc-revoke" => Op::ClientCredentialsRevoke,
            "refresh" => Op::Refresh,
            "userinfo" => Op::UserInfo,
            "introspect" => Op::Introspect,
            "authorize" => Op::Authorize,
            "code" => Op::Code,
            "login" => Op::Login,
            other => match other.strip_prefix("get:") {
                Some(path) => Op::Get(path.to_owned()),
                None => bail!("operation {other} is not known"),
            },
        })
    }

    pub fn needs_session(&self, target: &Target, token_from: Option<&str>) -> bool {
        match self {
            Op::Refresh | Op::Authorize | Op::Code => true,
            Op::UserInfo | Op::Introspect => source(target, token_from) == "code",
            _ => false,
        }
    }
}

/// Where access tokens come from: `cc` or `code`.
pub fn source<'a>(target: &Target, token_from: Option<&'a str>) -> &'a str {
    token_from.unwrap_or(if target.endpoints.authorize.is_some() {
        "code"
    } else {
        "cc"
    })
}
