//! The authorization endpoint (RFC 6749 §3.1): one function checks a request,
//! one ([`next_step`]) decides what happens next.

mod checks;
pub mod request_object;
mod response;
mod return_to;
mod step;

pub use response::{ResponseMode, ResponseType};
pub use return_to::{Delivery, Granted, ReturnTo};
pub use step::{Approval, Approved, Decision, Hinted, Session, Situation, Step, next_step};

use crate::{
    client::{Client, ClientKind},
    error::Cause,
    form::Params,
    openid::claims::ClaimsRequest,
    pkce::Challenge,
    scope::{OFFLINE_ACCESS, OPENID, SCIM, Scope, ScopeSet},
    time::{Millis, Timestamp},
};

/// What the instance offers.
#[derive(Clone)]
pub struct Policy {
    pub issuer: String,
    /// Every scope that can be granted.
    pub scopes: Vec<Scope>,
    pub implicit: bool,
    pub out_of_band: bool,
    /// How long one authorization can be refreshed; `None`: as long as it stands.
    pub refresh_absolute: Option<Millis>,
}

impl Policy {
    pub fn offers(&self, scope: &str) -> bool {
        self.scopes.iter().any(|offered| offered.as_str() == scope)
    }

    /// The first of the scopes asked for that is not offered; only text of the grammar, so
    /// that an answer and a log can repeat it.
    pub fn unknown<'a>(&self, asked: &'a ScopeSet) -> Option<&'a str> {
        asked.iter().find(|scope| !self.offers(scope))
    }

    /// Whether a personal access token may have it: what is about a login to an app is
    /// nothing for a token that has no app, and a directory is none.
    pub fn offers_personally(&self, scope: &str) -> bool {
        match scope {
            OPENID | OFFLINE_ACCESS => false,
            SCIM => true,
            _ => self.offers(scope),
        }
    }

    /// What of `scopes` a personal access token may still have.
    pub fn offered_personally(&self, scopes: &ScopeSet) -> ScopeSet {
        let offered = scopes.iter().filter(|scope| self.offers_personally(scope));
        ScopeSet::collect(offered).unwrap_or_default()
    }

    /// What of `scopes` is still offered.
    pub fn offered(&self, scopes: &ScopeSet) -> ScopeSet {
        // A part of a set is never too long for one.
        ScopeSet::collect(scopes.iter().filter(|scope| self.offers(scope))).unwrap_or_default()
    }
}

/// Refusals that must not reach any redirect: the browser stays here and sees
/// plain text (RFC 6749 §4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dead {
    ClientMissing,
    ClientUnknown,
    ClientSuspended,
    RedirectMissing,
    RedirectUnregistered,
    OutOfBandOff,
}

impl Dead {
    pub const ALL: [Self; 6] = [
        Self::ClientMissing,
        Self::ClientUnknown,
        Self::ClientSuspended,
        Self::RedirectMissing,
        Self::RedirectUnregistered,
        Self::OutOfBandOff,
    ];

    /// The name in the developer's request log.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientMissing => "ClientMissing",
            Self::ClientUnknown => "ClientUnknown",
            Self::ClientSuspended => "ClientSuspended",
            Self::RedirectMissing => "RedirectMissing",
            Self::RedirectUnregistered => "RedirectUnregistered",
            Self::OutOfBandOff => "OutOfBandOff",
        }
    }

    /// What the person at the browser reads, and hands on to the app's developer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ClientMissing => {
                "This link does not say which app it is for: client_id is missing."
            }
            Self::ClientUnknown => {
                "There is no app with this client_id. Its developer finds the right one on the app's page in the developer console."
            }
            Self::ClientSuspended => {
                "This app has been suspended. Its developer finds the reason on the app's page in the developer console."
            }
            Self::RedirectMissing => {
                "This link does not say where to return to: redirect_uri is missing."
            }
            Self::RedirectUnregistered => {
                "The redirect_uri of this request is not registered for this app; it must equal one of the app's redirect URLs, byte for byte. Its developer sees in the app's request log how near it came."
            }
            Self::OutOfBandOff => {
                "This server does not show codes on a page: out-of-band redirects are switched off."
            }
        }
    }
}

/// Why a request does not stand.
#[derive(Clone, Debug)]
pub enum Rejection {
    /// Client or redirect could not be verified: nothing may redirect.
    Dead(Dead),
    /// Verified, and wrong otherwise: the app is told, once the user is known.
    SendBack {
        to: ReturnTo,
        cause: Cause,
        silent: bool,
    },
}

/// OpenID Connect Core §3.1.2.1, `prompt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prompt {
    pub none: bool,
    pub login: bool,
    pub consent: bool,
    pub select_account: bool,
}

/// A request that passed every check. Only [`validate`] makes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    pub app: i64,
    pub app_kind: ClientKind,
    pub app_changed: Timestamp,
    pub return_to: ReturnTo,
    pub response_type: ResponseType,
    pub scopes: ScopeSet,
    pub challenge: Option<Challenge>,
    pub prompt: Prompt,
    pub max_age: Option<Millis>,
    pub login_hint: Option<String>,
    pub nonce: Option<String>,
    pub claims: ClaimsRequest,
}

/// Checks an authorization request. Client and redirect come first; whatever is
/// wrong after them goes to the app.
pub fn validate(
    params: &Params,
    client: Option<&Client>,
    policy: &Policy,
) -> Result<Request, Rejection> {
    if params.get("client_id").is_none() {
        return Err(Rejection::Dead(Dead::ClientMissing));
    }
    let client = client.ok_or(Rejection::Dead(Dead::ClientUnknown))?;
    if client.suspended {
        return Err(Rejection::Dead(Dead::ClientSuspended));
    }
    let to = return_to(params, client, policy).map_err(Rejection::Dead)?;
    let silent = params.get("prompt") == Some("none");
    checks::check(params, client, policy, to.clone()).map_err(|cause| Rejection::SendBack {
        to,
        cause,
        silent,
    })
}

fn return_to(params: &Params, client: &Client, policy: &Policy) -> Result<ReturnTo, Dead> {
    let asked = params.get("redirect_uri").ok_or(Dead::RedirectMissing)?;
    let uri = client.redirect(asked).ok_or(Dead::RedirectUnregistered)?; // RFC 9700 §2.1
    if uri.is_oob() && !policy.out_of_band {
        return Err(Dead::OutOfBandOff);
    }
    Ok(ReturnTo {
        uri,
        mode: checks::mode_of_refusals(params), // RFC 6749 §4.2.2.1
        state: params.get("state").map(str::to_owned), // RFC 6749 §4.1.2.1
        issuer: policy.issuer.clone(),
    })
}

/// A request whose `request` object or hint was refused: the app is told, as of
/// everything that is wrong after client and redirect. What is wrong without the object
/// may be so because it is missing.
pub fn objected(
    checked: Result<Request, Rejection>,
    objection: Option<Cause>,
) -> Result<Request, Rejection> {
    let Some(cause) = objection else {
        return checked;
    };
    let (to, silent) = match checked {
        Ok(request) => (request.return_to, request.prompt.none),
        Err(Rejection::SendBack { to, silent, .. }) => (to, silent),
        Err(dead @ Rejection::Dead(_)) => return Err(dead),
    };
    Err(Rejection::SendBack { to, cause, silent })
}
