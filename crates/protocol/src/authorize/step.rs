//! What happens next with an authorization request: login, consent, an answer.

use super::{Dead, Rejection, Request, ReturnTo};
use crate::{
    client::ClientKind,
    error::Cause,
    openid::{
        claims::ClaimSet,
        login::{Level, Login},
    },
    scope::ScopeSet,
    time::Timestamp,
};

/// Who is at the browser.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: i64,
    pub user: i64,
    pub email: String,
    /// When the user last proved who she is.
    pub auth_time: Timestamp,
    /// How.
    pub level: Level,
    /// Whether she has a role in the administration.
    pub has_role: bool,
}

/// Whether the one at the browser is the user whom the request names by an ID token or
/// a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hinted {
    /// It names nobody.
    Nobody,
    Her,
    Another,
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
    pub login: Login,
    /// The remembered approval; `None` when the user has just decided.
    pub remembered: Option<i64>,
}

impl Approved {
    fn new(request: Request, session: &Session, remembered: Option<i64>) -> Self {
        let login = Login {
            session: session.id,
            auth_time: session.auth_time,
            level: session.level,
            nonce: request.nonce.clone(),
            id_token: request.claims.id_token,
            userinfo: request.claims.userinfo,
        };
        Self {
            user: session.user,
            request,
            login,
            remembered,
        }
    }
}

/// The facts beside the request itself.
pub struct Situation<'a> {
    pub session: Option<&'a Session>,
    pub approval: Option<&'a Approval>,
    pub hinted: Hinted,
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
    if !reaches(&request, session.level) {
        // Another login may prove more: once.
        return match can_be_reached(&request) && !is_since_asked(session, facts) {
            true => otherwise(Step::Login, Cause::AcrUnmet),
            false => Step::SendBack(request.return_to, Cause::AcrUnmet),
        };
    }
    if request.scopes.need_role() && !session.has_role {
        return Step::SendBack(request.return_to, Cause::ScopeNeedsRole);
    }
    let remembered = facts
        .approval
        .filter(|approval| is_remembered(&request, approval));
    if silent && remembered.is_none() {
        // Who is at the browser concerns no app that she did not allow.
        return Step::SendBack(request.return_to, Cause::NotConsented);
    }
    match facts.decision {
        Decision::Deny => return Step::SendBack(request.return_to, Cause::Denied),
        // Only the named user may answer, whoever presses the button.
        _ if facts.hinted == Hinted::Another => {
            return match facts.decision {
                Decision::Allow => Step::SendBack(request.return_to, Cause::NotHinted), // OpenID Connect Core §3.1.2.2
                _ => otherwise(Step::Consent(request), Cause::NotHinted),
            };
        }
        Decision::Allow if !silent => {
            return Step::Answer(Approved::new(request, session, None));
        }
        _ if is_hint_of_another(&request, session) => {
            return otherwise(Step::Consent(request), Cause::OtherAccount);
        }
        _ => {}
    }
    match remembered {
        Some(approval) => Step::Answer(Approved::new(request, session, Some(approval.grant))),
        None => otherwise(Step::Consent(request), Cause::NotConsented),
    }
}

/// Whether a login of this level is what the request insists on.
fn reaches(request: &Request, level: Level) -> bool {
    let wanted = &request.claims.essential_acr;
    wanted.is_empty() || wanted.iter().any(|acr| level.reaches(acr)) // OpenID Connect Core §5.5.1.1
}

fn can_be_reached(request: &Request) -> bool {
    let wanted = &request.claims.essential_acr;
    wanted.iter().any(|acr| Level::CLASSES.contains(&&**acr))
}

fn is_since_asked(session: &Session, facts: &Situation<'_>) -> bool {
    facts
        .asked_login
        .is_some_and(|asked| session.auth_time >= asked)
}

/// A login counts for this request when it is not older than the moment the
/// request first asked for one, or than `max_age`.
fn needs_login(request: &Request, session: &Session, facts: &Situation<'_>) -> bool {
    let always = request.prompt.login || request.return_to.is_out_of_band();
    let too_old = request
        .max_age
        .is_some_and(|limit| facts.now - session.auth_time > limit);
    (always || too_old) && !is_since_asked(session, facts)
}

/// Consent is remembered for server apps that have not changed since. Whoever can
/// prove nothing at the token endpoint is asked about anew; so is an app that is
/// answered through the browser at an address that others could listen at, and one that
/// asks by name for what the scopes she allowed do not say.
fn is_remembered(request: &Request, approval: &Approval) -> bool {
    let to = &request.return_to;
    request.app_kind == ClientKind::Confidential // RFC 8252 §8.6
        && (!request.response_type.is_front_channel() || to.uri().is_https()) // RFC 6749 §10.2
        && !to.is_out_of_band()
        && !request.prompt.consent
        && !request.prompt.select_account
        && approval.approved > request.app_changed
        && request.scopes.is_subset_of(&approval.scopes)
        && request.claims.all().is_subset_of(ClaimSet::known_by(&approval.scopes)) // OpenID Connect Core §5.5
}

fn is_hint_of_another(request: &Request, session: &Session) -> bool {
    let hint = request
        .login_hint
        .as_deref()
        .filter(|hint| hint.contains('@'));
    hint.is_some_and(|hint| !hint.eq_ignore_ascii_case(&session.email))
}
