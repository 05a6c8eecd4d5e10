//! The token endpoint (RFC 6749 §3.2): what each grant type may buy.

pub mod code;
pub mod refresh;

use crate::{authorize::Approved, error::Cause, form::Params, scope::ScopeSet};

/// What the checks allow to be issued. Only they make one, and only an `Issued`
/// can become tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    pub user: i64,
    pub app: i64,
    pub grant: i64,
    /// The authorization that everything issued here hangs from.
    pub family: i64,
    pub scopes: ScopeSet,
    pub effect: Effect,
}

/// What storing an [`Issued`] writes, and which refresh token goes out with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The implicit flow: an access token alone, nothing written.
    AccessOnly,
    /// The code is spent and its family begins with generation 0.
    Redeem { code: i64 },
    /// The same refresh token stays good: nothing written.
    Keep { generation: u32 },
    /// A parallel or lost answer: the successor that exists already.
    Repeat { generation: u32 },
    /// A new successor.
    Rotate(refresh::Lineage),
}

/// A decision at the token endpoint, with its effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Issue(Issued),
    Refuse(Cause),
    /// A replay: what hangs from this family ends before the refusal is sent.
    RefuseAndRevoke {
        cause: Cause,
        family: i64,
    },
}

/// What the tokens hang from, as it stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Standing {
    pub grant_ended: bool,
    pub user_disabled: bool,
    /// By the operator, or because its owner is disabled.
    pub app_suspended: bool,
}

impl Standing {
    fn check(self) -> Result<(), Cause> {
        if self.grant_ended {
            return Err(Cause::GrantEnded);
        }
        if self.user_disabled {
            return Err(Cause::UserDisabled);
        }
        if self.app_suspended {
            return Err(Cause::ClientSuspended);
        }
        Ok(())
    }
}

/// The implicit flow's token (RFC 6749 §4.2): no code, no refresh token.
pub fn implicit(approved: &Approved, grant: i64, family: i64) -> Issued {
    Issued {
        user: approved.user,
        app: approved.request.app,
        grant,
        family,
        scopes: approved.request.scopes.clone(),
        effect: Effect::AccessOnly, // RFC 6749 §4.2.2
    }
}

/// A token request, parsed.
#[derive(Clone, Debug)]
pub enum TokenRequest<'a> {
    Code(code::Redemption<'a>),
    Refresh(refresh::Refreshment<'a>),
}

impl<'a> TokenRequest<'a> {
    /// Reads the parameters of the grant type that was asked for (RFC 6749
    /// §4.1.3, §6).
    pub fn parse(params: &'a Params) -> Result<Self, Cause> {
        match params.get("grant_type") {
            None => Err(Cause::GrantTypeMissing),
            Some("authorization_code") => Ok(Self::Code(code::Redemption {
                code: params.get("code").ok_or(Cause::CodeMissing)?,
                redirect_uri: params.get("redirect_uri"),
                verifier: params.get("code_verifier"),
            })),
            Some("refresh_token") => Ok(Self::Refresh(refresh::Refreshment {
                token: params.get("refresh_token").ok_or(Cause::RefreshMissing)?,
                redirect_uri: params.get("redirect_uri"),
                scope: params.get("scope"),
            })),
            Some(_) => Err(Cause::GrantTypeUnknown), // RFC 6749 §5.2
        }
    }
}
