//! `grant_type=authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.5).

use super::{Effect, Issued, Standing, Verdict};
use crate::{
    client::{Authenticated, ClientKind},
    error::Cause,
    openid::login::Login,
    pkce::Challenge,
    redirect::RedirectUri,
    scope::ScopeSet,
    time::Timestamp,
};

/// What the app sent.
#[derive(Clone, Debug)]
pub struct Redemption<'a> {
    pub code: &'a str,
    pub redirect_uri: Option<&'a str>,
    pub verifier: Option<&'a str>,
}

/// A code as it was stored. Its id is the id of the family it founds.
#[derive(Clone, Debug)]
pub struct Code {
    pub id: i64,
    pub user: i64,
    pub app: i64,
    pub grant: i64,
    /// As the authorization request had it.
    pub redirect_uri: RedirectUri,
    pub challenge: Option<Challenge>,
    pub scopes: ScopeSet,
    pub login: Login,
    pub expires: Timestamp,
    pub used: bool,
}

/// Decides a redemption. `code` is `Some` only when the whole secret matched its
/// digest: a guessed id reveals and revokes nothing.
pub fn redeem(
    ask: &Redemption<'_>,
    proof: &Authenticated<'_>,
    code: Option<(&Code, Standing)>,
    now: Timestamp,
) -> Verdict {
    let Some((code, standing)) = code else {
        return Verdict::Refuse(Cause::CodeUnknown);
    };
    let checks = || -> Result<(), Cause> {
        if code.app != proof.client.id {
            return Err(Cause::CodeOfOtherClient); // RFC 6749 §4.1.3
        }
        if ask.redirect_uri != Some(code.redirect_uri.as_str()) {
            return Err(Cause::CodeRedirectDiffers); // RFC 6749 §4.1.3
        }
        check_verifier(ask, code, proof)
    };
    if let Err(cause) = checks() {
        return Verdict::Refuse(cause);
    }
    if code.used {
        return Verdict::RefuseAndRevoke {
            cause: Cause::CodeUsed,
            family: code.id,
        }; // RFC 6749 §4.1.2
    }
    if now >= code.expires {
        return Verdict::Refuse(Cause::CodeExpired); // RFC 6749 §4.1.2
    }
    if let Err(cause) = standing.check(&code.scopes) {
        return Verdict::Refuse(cause);
    }
    Verdict::Issue(Issued {
        user: code.user,
        app: code.app,
        grant: code.grant,
        family: code.id,
        scopes: code.scopes.clone(),
        session: code.login.bound_to(&code.scopes),
        login: code.login.clone(),
        effect: Effect::Redeem { code: code.id },
    })
}

fn check_verifier(
    ask: &Redemption<'_>,
    code: &Code,
    proof: &Authenticated<'_>,
) -> Result<(), Cause> {
    match (&code.challenge, ask.verifier) {
        (Some(challenge), Some(verifier)) if challenge.proved_by(verifier) => Ok(()), // RFC 7636 §4.6
        (Some(_), Some(_)) => Err(Cause::VerifierWrong),
        (Some(_), None) => Err(Cause::VerifierMissing),
        (None, Some(_)) => Err(Cause::VerifierUnexpected), // RFC 9700 §4.8.2
        (None, None) if proof.client.kind == ClientKind::Confidential => Ok(()),
        // The app was edited to public, or is a native one with an out-of-band code.
        (None, None) if proof.is_proved() && code.redirect_uri.is_oob() => Ok(()),
        (None, None) => Err(Cause::ProofMissing), // RFC 9700 §2.1.1
    }
}
