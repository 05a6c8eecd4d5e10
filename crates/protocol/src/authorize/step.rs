//! What happens next with an authorization request: login, consent, an answer.

use super::{Dead, Rejection, Request, ResponseType, ReturnTo};
use crate::{client::ClientKind, error::Cause, scope::ScopeSet, time::Timestamp};

/// Who is at the browser.
#[derive(Clone, Debug)]
pub struct Session {
    pub user: i64,
    pub email: String,
    /// When the user last proved who she is.
    pub auth_time: Timestamp,
}

/// What the user allowed this app before, and still does.
#[derive(Clone, Debug)]
pub struct Approval {
    pub grant: i64,
    pub scopes: ScopeSet,
    pub approved: Timestamp,
}

/// What the consent form brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// The form has not been sent.
    Open,
    Allow,
    Deny,
}

/// What happens next at the authorization endpoint.
#[derive(Clone, Debug)]
pub enum Step {
    /// The user logs in (again) and comes back to the same URL.
    Login,
    /// The user is asked.
    Consent(Request),
    /// The app gets what it asked for.
    Answer(Approved),
    /// The app is told why not.
    SendBack(ReturnTo, Cause),
    /// Nothing can be told to anybody but the person at the browser.
    Dead(Dead),
}

/// A request that its user has approved. Only [`next_step`] makes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Approved {
    pub request: Request,
    pub user: i64,
    /// The remembered approval; `None` when the user has just decided.
    pub remembered: Option<i64>,
}

/// The facts beside the request itself.
pub struct Situation<'a> {
    pub session: Option<&'a Session>,
    pub approval: Option<&'a Approval>,
    pub decision: Decision,
    /// When this very request first demanded a fresh login, from a parameter
    /// that the server signed.
    pub asked_login: Option<Timestamp>,
    pub now: Timestamp,
}

/// The only dispatcher of the authorization endpoint.
pub fn next_step(request: Result<Request, Rejection>, facts: &Situation<'_>) -> Step {
    let request = match request {
        Ok(request) => request,
        Err(Rejection::Dead(dead)) => return Step::Dead(dead),
        // Nobody is bounced to an app that she did not log in for.
        Err(Rejection::SendBack { silent: false, .. }) if facts.session.is_none() => {
            return Step::Login; // RFC 9700 §4.11.2
        }
        Err(Rejection::SendBack { to, cause, .. }) => return Step::SendBack(to, cause),
    };
    let silent = request.prompt.none;
    let back = request.return_to.clone();
    let otherwise = |step: Step, cause: Cause| {
        if silent {
            Step::SendBack(back, cause)
        } else {
            step
        }
    };
    let Some(session) = facts.session else {
        return otherwise(Step::Login, Cause::NotLoggedIn);
    };
    if needs_login(&request, session, facts) {
        return otherwise(Step::Login, Cause::NotLoggedIn);
    }
    let wrong_account = is_hint_of_another(&request, session);
    let remembered = facts
        .approval
        .filter(|approval| is_remembered(&request, approval));
    match (facts.decision, remembered) {
        (Decision::Deny, _) => Step::SendBack(request.return_to, Cause::Denied),
        (Decision::Allow, _) if !silent => Step::Answer(Approved {
            user: session.user,
            request,
            remembered: None,
        }),
        _ if wrong_account => otherwise(Step::Consent(request), Cause::OtherAccount),
        (_, Some(approval)) => {
            let remembered = Some(approval.grant);
            Step::Answer(Approved {
                user: session.user,
                request,
                remembered,
            })
        }
        (_, None) => otherwise(Step::Consent(request), Cause::NotConsented),
    }
}

/// A login counts for this request when it is not older than the moment the
/// request first asked for one, or than `max_age`.
fn needs_login(request: &Request, session: &Session, facts: &Situation<'_>) -> bool {
    let since_asked = facts
        .asked_login
        .is_some_and(|asked| session.auth_time >= asked);
    let always = request.prompt.login || request.return_to.is_out_of_band();
    let too_old = request
        .max_age
        .is_some_and(|limit| facts.now - session.auth_time > limit);
    (always || too_old) && !since_asked
}

/// Consent is remembered for server apps that have not changed since, and only
/// for codes: whoever can prove nothing at the token endpoint is asked about anew.
fn is_remembered(request: &Request, approval: &Approval) -> bool {
    request.app_kind == ClientKind::Confidential // RFC 8252 §8.6
        && request.response_type == ResponseType::Code // RFC 6749 §10.2
        && !request.return_to.is_out_of_band()
        && !request.prompt.consent
        && !request.prompt.select_account
        && approval.approved > request.app_changed
        && request.scopes.is_subset_of(&approval.scopes)
}

fn is_hint_of_another(request: &Request, session: &Session) -> bool {
    let hint = request
        .login_hint
        .as_deref()
        .filter(|hint| hint.contains('@'));
    hint.is_some_and(|hint| !hint.eq_ignore_ascii_case(&session.email))
}
