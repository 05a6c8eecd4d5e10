//! `/login/upstream/<provider>`: to a provider and back.
//!
//! 1. [`show`]: a link of the login page, signed for its browser, sends it there.
//! 2. [`back`]: the provider sends it back; the journey ends, once.
//! 3. [`arrive`]: whose account it is decides what follows.

pub mod connect;
pub mod hand_over;
pub mod list;
pub mod sign_up;

use super::{
    login::local,
    page::{Named, Page},
    signup,
};
use crate::{
    config::SignUp,
    failure::{Answer, Failure},
    front::{see_other, set_cookie},
    journey::{self, Facts, Found},
    routes::AUTHORIZE,
    sign_in::{Proof, after_first},
    upstream::{Provider, Trouble},
};
use axum::{http::HeaderMap, response::Response};
use grantor_protocol::{
    email::Email,
    form::{Params, encode},
    openid::{
        linking::{self, Namesake, Refusal, Situation, Verdict},
        login::First,
    },
};
use grantor_store::{
    factors::Factors,
    identities::{Connected, NewIdentity},
};

/// A way in by a provider, on a page.
pub struct Door {
    pub name: String,
    pub href: String,
}

#[cfg(test)]
impl Door {
    pub fn sample(name: &str) -> Self {
        Self {
            name: name.into(),
            href: "/login/upstream/example?return_to=%2F&tag=x".into(),
        }
    }
}

/// The providers as the login page offers them. `anew`: who is signed in is to prove
/// herself again.
pub fn doors(page: &Page, return_to: &str, anew: bool) -> Vec<Door> {
    let door = |settings: &crate::config::Upstream| {
        let id = &settings.id;
        let tag = page
            .app
            .keys
            .now()
            .sign(&message(page, id, return_to, anew));
        let anew = if anew { "1" } else { "" };
        let query = encode([("return_to", return_to), ("anew", anew), ("tag", &tag)]);
        Door {
            name: settings.name.clone(),
            href: format!("/login/upstream/{id}?{query}"),
        }
    };
    page.app.config.upstream.iter().map(door).collect()
}

/// Nobody is sent to a provider by a link made elsewhere.
fn message<'a>(page: &'a Page, id: &'a str, return_to: &'a str, anew: bool) -> [&'a [u8]; 5] {
    let browser = page.visitor.browser.as_bytes();
    let anew: &[u8] = if anew { b"anew" } else { b"" };
    [
        b"upstream",
        browser,
        id.as_bytes(),
        return_to.as_bytes(),
        anew,
    ]
}

pub async fn show(page: Page, Named(id): Named<String>) -> Answer {
    let provider = page.app.provider(&id).ok_or(Failure::NotFound)?;
    let return_to = local(page.query("return_to"));
    let anew = page.query("anew").is_some();
    let tag = page.query("tag").unwrap_or_default();
    let signed = message(&page, &id, &return_to, anew);
    if !page.app.keys.now().verify(&signed, &tag) {
        let login = encode([("return_to", return_to.as_str())]);
        return Ok(see_other(&format!("/login?{login}")));
    }
    let facts = Facts {
        via: id.clone(),
        anew: anew || wants_proof(&return_to),
        return_to,
        begun: page.context.now.0,
        connecting: None,
        found: None,
        decided_at: None,
    };
    set_out(&page, provider, facts).await
}

/// Whether the app that waits wants more than that somebody was signed in long ago.
fn wants_proof(return_to: &str) -> bool {
    let query = return_to
        .strip_prefix(AUTHORIZE)
        .and_then(|it| it.strip_prefix('?'));
    let params = query.and_then(|query| Params::parse(query.as_bytes()).ok());
    params.is_some_and(|params| {
        let prompts = params.get("prompt").unwrap_or("");
        params.get("max_age").is_some() || prompts.split(' ').any(|it| it == "login")
    })
}

/// Sends the browser to the provider.
async fn set_out(page: &Page, provider: Provider<'_>, facts: Facts) -> Answer {
    let (journey, cookie) = journey::begin(&page.app, &page.context, facts).await?;
    let to = provider.authorization(&journey).await;
    let mut response = see_other(&to.map_err(|trouble| troubled(page, &provider, &trouble))?);
    set_cookie(&mut response, &cookie);
    Ok(response)
}

const LOST: Failure = Failure::Forbidden("failure-lost");

/// The log has the reason; whoever signs in can only try again.
fn troubled(page: &Page, provider: &Provider<'_>, trouble: &Trouble) -> Failure {
    let (provider, request_id) = (&provider.settings.id, &page.context.request_id);
    tracing::warn!(%request_id, provider, %trouble, "a login by a provider came to nothing");
    page.app.metrics.login("refused");
    match trouble {
        Trouble::Unreachable(..) => Failure::Elsewhere,
        Trouble::Error(_) => Failure::Forbidden("failure-not-signed-in-there"),
        Trouble::Fault(grantor_protocol::openid::upstream::Fault::NotFresh) => {
            Failure::Forbidden("failure-not-proved-anew")
        }
        _ => Failure::Forbidden("failure-answer-elsewhere"),
    }
}

pub async fn back(page: Page, headers: HeaderMap, Named(id): Named<String>) -> Answer {
    let provider = page.app.provider(&id).ok_or(Failure::NotFound)?;
    let query = page.uri.query().unwrap_or("");
    let params = Params::parse(query.as_bytes()).map_err(|_| LOST)?;
    let state = params.get("state").ok_or(LOST)?;
    let journey = journey::resume(&page.app, (&headers, &page.context), state).await?;
    let journey = journey.filter(|it| it.facts.via == id && it.facts.found.is_none());
    let journey = journey.ok_or(LOST)?;
    let store = &page.app.store;
    if !store.end_journey(journey.id, page.context.now).await? {
        return Err(LOST);
    }
    let login = provider.login(&journey, &params).await;
    let login = login.map_err(|trouble| troubled(&page, &provider, &trouble))?;
    let subject = login.proved.subject.clone();
    let who = (provider.settings.issuer.as_str(), subject.as_str());
    let about = match store.holder(who.0, who.1).await? {
        // Nothing more has to be known of her.
        Some(_) => Ok(login.proved.about),
        None => provider.about(login).await,
    };
    let about = about.map_err(|trouble| troubled(&page, &provider, &trouble))?;
    let found = Found::new(who, about, provider.settings.trust_email);
    let mut response = arrive(&page, journey.facts, found, provider.settings.sign_up).await?;
    set_cookie(&mut response, &journey::forget(&page.app, state));
    Ok(response)
}

/// What follows for somebody whom a server elsewhere vouches for.
async fn arrive(page: &Page, facts: Facts, found: Found, sign_up: bool) -> Answer {
    let store = &page.app.store;
    let open = match page.app.config.service.sign_up {
        SignUp::Open => true,
        // An account begins with an address that somebody has checked: the provider did.
        SignUp::Mail => found.address() == linking::Address::Vouched,
        SignUp::Closed => false,
    };
    let namesake = match (page.app.config.service.sign_up, found.address()) {
        // Whether the address has an account, nobody learns who only claims it.
        (SignUp::Mail, linking::Address::Claimed) => None,
        _ => namesake(page, &found).await?,
    };
    let situation = Situation {
        connecting: asking(page, &facts)?,
        holder: store.holder(&found.issuer, &found.subject).await?,
        address: found.address(),
        namesake,
        sign_up: sign_up && open,
    };
    let identity = new_identity(page, &found);
    match linking::decide(&situation) {
        Verdict::Enter(user) => {
            note_use(page, &found).await?;
            enter(page, user, &facts.return_to).await
        }
        Verdict::Connect(user) => {
            connect::apply(page, None, (user, &identity)).await?;
            Ok(see_other(connect::DONE))
        }
        Verdict::Connected => Ok(see_other(connect::DONE)),
        Verdict::Adopt(user) => match adopt(page, user, (&found, &identity)).await? {
            true => enter(page, user, &facts.return_to).await,
            false => Err(TAKEN),
        },
        Verdict::ProveFirst => wait(page, facts, found, connect::PATH).await,
        Verdict::SignUp { .. } => wait(page, facts, found, sign_up::PATH).await,
        Verdict::Refuse(Refusal::NoAccount) if signup::policy(page) != SignUp::Closed => {
            page.app.metrics.login("refused");
            Err(Failure::SignUpFirst(facts.return_to))
        }
        Verdict::Refuse(refusal) => Err(refused(page, refusal)),
    }
}

async fn note_use(page: &Page, found: &Found) -> Result<(), Failure> {
    let who = (found.issuer.as_str(), found.subject.as_str());
    let known = found.email.is_some() || found.name.is_some();
    let label = known.then(|| found.label());
    let store = &page.app.store;
    Ok(store
        .use_identity(who, label.as_deref(), page.context.now)
        .await?)
}

const TAKEN: Failure = Failure::Forbidden("failure-connected-elsewhere");

fn refused(page: &Page, refusal: Refusal) -> Failure {
    page.app.metrics.login("refused");
    match refusal {
        Refusal::Disabled => Failure::Forbidden("failure-account-disabled"),
        Refusal::Taken => TAKEN,
        Refusal::NoAccount => Failure::Forbidden("failure-no-account-here"),
    }
}

/// Who asked to be connected: still the same session, at this browser.
fn asking(page: &Page, facts: &Facts) -> Result<Option<i64>, Failure> {
    let Some((session, user)) = facts.connecting else {
        return Ok(None);
    };
    match &page.visitor.signed_in {
        Some(who) if who.session.id == session && who.user.id == user => Ok(Some(user)),
        _ => Err(LOST),
    }
}

/// Connects the account that is certainly hers; `false` where it is no more.
async fn adopt(
    page: &Page,
    user: i64,
    (found, identity): (&Found, &NewIdentity),
) -> Result<bool, Failure> {
    let store = &page.app.store;
    let mut event = page.context.event(&page.app, "identity.added", Some(user));
    event.detail = identity.label.clone();
    match store.connect(None, (user, identity), true, event).await? {
        Connected::Done => Ok(true),
        // Her other tab may have been first.
        Connected::Spent | Connected::Refused => {
            let holder = store.holder(&found.issuer, &found.subject).await?;
            Ok(holder.is_some_and(|holder| holder.user == user))
        }
    }
}

async fn namesake(page: &Page, found: &Found) -> Result<Option<Namesake>, Failure> {
    let Some(email) = found.usable() else {
        return Ok(None);
    };
    let store = &page.app.store;
    let Some((user, password)) = store.user_by_email(&email.canonical()).await? else {
        return Ok(None);
    };
    let identities = store.identities_of(user.id).await?;
    let factors = store.factors_of(user.id).await?;
    Ok(Some(Namesake {
        user: user.id,
        active: !user.disabled,
        verified: user.email_verified,
        has_proofs: password.is_some() || !identities.is_empty() || factors != Factors::default(),
        admin: user.admin,
    }))
}

impl Found {
    /// The address, if it is one that an account can have.
    fn usable(&self) -> Option<Email> {
        Email::parse(self.email.as_deref()?).ok()
    }

    fn address(&self) -> linking::Address {
        match self.usable() {
            None => linking::Address::None,
            Some(_) if self.vouched => linking::Address::Vouched,
            Some(_) => linking::Address::Claimed,
        }
    }
}

fn new_identity(page: &Page, found: &Found) -> NewIdentity {
    NewIdentity {
        id: page.app.world.new_id(page.context.now),
        issuer: found.issuer.clone(),
        subject: found.subject.clone(),
        label: found.label(),
    }
}

/// Keeps who came back until the browser has decided something at `path`.
async fn wait(page: &Page, facts: Facts, found: Found, path: &str) -> Result<Response, Failure> {
    let facts = Facts {
        found: Some(found),
        decided_at: Some(path.to_owned()),
        ..facts
    };
    let (journey, cookie) = journey::begin(&page.app, &page.context, facts).await?;
    let mut response = see_other(&format!("{path}{}", journey.state));
    set_cookie(&mut response, &cookie);
    Ok(response)
}

/// Who waits at this browser under `way` for what is decided at `path`, and what for.
async fn waiting(
    page: &Page,
    headers: &HeaderMap,
    (path, way): (&str, &str),
) -> Result<(journey::Journey, Found), Failure> {
    let journey = journey::resume(&page.app, (headers, &page.context), way).await?;
    let journey = journey.filter(|it| it.facts.decided_at.as_deref() == Some(path));
    let journey = journey.ok_or(LOST)?;
    let found = journey.facts.found.clone().ok_or(LOST)?;
    Ok((journey, found))
}

/// Signed in, once whatever else the account asks for is proved.
async fn enter(page: &Page, user: i64, return_to: &str) -> Answer {
    let proof = Proof {
        user,
        first: First::Elsewhere,
        password: page.app.store.password_of(user).await?,
    };
    let entered = after_first(page, proof, return_to).await?;
    let entered = entered.ok_or_else(|| refused(page, Refusal::Disabled))?;
    page.app.metrics.login("accepted");
    Ok(entered)
}

/// What the provider is called that an identity is of; its host, where it is configured no
/// more.
pub fn provider_name(page: &Page, issuer: &str) -> String {
    let mut all = page.app.config.upstream.iter();
    let known = all.find(|it| it.issuer == issuer);
    let host = || {
        let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    known.map_or_else(host, |it| it.name.clone())
}
