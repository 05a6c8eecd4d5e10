//! The token endpoint (RFC 6749 §3.2): what each grant type may buy.

pub mod code;
pub mod refresh;

use crate::{
    authorize::Approved,
    error::Cause,
    form::Params,
    openid::login::Login,
    scope::{self, ScopeSet},
};

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
    pub login: Login,
    /// The browser session that all of it ends with, if it does not outlive that.
    pub session: Option<i64>,
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
    /// The browser session that it came of.
    pub session_ended: bool,
    /// By the operator, or because its owner is disabled.
    pub app_suspended: bool,
}

impl Standing {
    /// Whether tokens of these scopes still stand.
    ///
    /// # Errors
    /// What ended.
    pub fn check(self, scopes: &ScopeSet) -> Result<(), Cause> {
        if self.grant_ended {
            return Err(Cause::GrantEnded);
        }
        if self.user_disabled {
            return Err(Cause::UserDisabled);
        }
        if self.app_suspended {
            return Err(Cause::ClientSuspended);
        }
        if self.session_ended && scope::are_login(scopes) {
            return Err(Cause::SessionEnded);
        }
        Ok(())
    }
}

/// What goes out by way of the browser (RFC 6749 §4.2, OpenID Connect Core §3.3): an
/// access token and no refresh token. `family` is the code's id where there is a code
/// beside it, so that both end together.
pub fn implicit(approved: &Approved, grant: i64, family: i64) -> Issued {
    Issued {
        user: approved.user,
        app: approved.request.app,
        grant,
        family,
        scopes: approved.request.scopes.clone(),
        session: approved.login.bound_to(&approved.request.scopes),
        login: approved.login.clone(),
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
