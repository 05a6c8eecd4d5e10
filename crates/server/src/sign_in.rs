//! From a proof of who somebody is to a session: every way in comes through
//! [`after_first`], and nothing else starts a session.
//!
//! 1. Something proves who she is: [`after_first`].
//! 2. `next_step` decides whether that is enough. If not, [`pending`] remembers it, and
//!    `/login/second` asks for the rest: [`after_second`], and the same decision again.
//! 3. [`enter`] starts the session, or goes on with the one that is hers.

pub mod pending;

use crate::{
    app::App,
    context::{Context, SignedIn},
    failure::Failure,
    front::{see_other, set_cookie},
    language::Language,
    pages::{format::device, page::Page},
};
use axum::response::Response;
use grantor_protocol::{
    form::encode,
    openid::login::{First, Level, Second},
    secret::{Kind, Secret},
    sign_in::{Next, next_step},
    time::Timestamp,
};
use grantor_store::{audit::Event, sessions::NewSession, users::User};

/// What somebody at the browser has just proved: that she is this user.
pub struct Proof {
    pub user: i64,
    pub first: First,
    /// The hash of her password at that moment, whether or not it was what she proved: what
    /// was under way while it changed must not outlive it. `None`: she has none.
    pub password: Option<String>,
}

/// All that a session rests on.
#[derive(Clone)]
pub struct Proved {
    pub user: i64,
    pub level: Level,
    pub at: Timestamp,
    /// As [`Proof::password`]; `None` also where nothing was proved at all (tests).
    pub password: Option<String>,
}

/// What follows the first proof, whatever it was: on to `return_to`, signed in, or to the
/// page that asks for more. `None`: the user is not active, has another password by now, or has
/// to come by the platform.
pub async fn after_first(
    page: &Page,
    proof: Proof,
    return_to: &str,
) -> Result<Option<Response>, Failure> {
    let proved = Proved {
        user: proof.user,
        level: Level::of(proof.first),
        at: page.context.now,
        password: proof.password,
    };
    proceed(page, proved, return_to).await
}

/// The same after another one.
pub async fn after_second(
    page: &Page,
    proved: Proved,
    second: Second,
    return_to: &str,
) -> Result<Option<Response>, Failure> {
    proceed(page, proved.with(second, page.context.now), return_to).await
}

impl Proved {
    pub fn with(self, second: Second, at: Timestamp) -> Self {
        Self {
            level: self.level.with(second),
            at,
            ..self
        }
    }
}

/// What is to happen next with somebody who has proved this.
pub async fn decide(app: &App, proved: &Proved) -> Result<Next, Failure> {
    let has = app.store.factors_of(proved.user).await?.usable();
    Ok(next_step(
        proved.level,
        has,
        app.config.sign_in.factors.policy(),
    ))
}

/// Where the platform logs users in, it alone does; administrators have ways of their own.
pub fn comes_in_here(app: &App, user: &User) -> bool {
    app.hand_over.is_none() || user.admin
}

/// Whether what was proved opens anything here.
async fn is_admitted(app: &App, proved: &Proved) -> Result<bool, Failure> {
    if app.hand_over.is_none() || proved.level.first == First::Elsewhere {
        return Ok(true);
    }
    let user = app.store.user(proved.user).await?;
    Ok(user.is_some_and(|user| comes_in_here(app, &user)))
}

async fn proceed(
    page: &Page,
    proved: Proved,
    return_to: &str,
) -> Result<Option<Response>, Failure> {
    if !is_admitted(&page.app, &proved).await? {
        return Ok(None);
    }
    if decide(&page.app, &proved).await? == Next::Start {
        let entered = enter(page, proved).await?;
        return Ok(entered.map(|entered| entered.lead(see_other(return_to))));
    }
    let mut response = see_other(&second_page(return_to));
    set_cookie(&mut response, &pending::cookie(page, &proved));
    Ok(Some(response))
}

/// Where the rest is proved.
pub fn second_page(return_to: &str) -> String {
    format!("/login/second?{}", encode([("return_to", return_to)]))
}

/// A session that has begun: its cookies are to be set.
pub struct Entered([String; 2]);

impl Entered {
    pub fn lead(self, mut response: Response) -> Response {
        for cookie in self.0 {
            set_cookie(&mut response, &cookie);
        }
        response
    }
}

/// Starts the session of somebody of whom nothing more is asked. The session that she has
/// goes on under a new secret; another's ends. `None`: as [`after_first`].
pub async fn enter(page: &Page, proved: Proved) -> Result<Option<Entered>, Failure> {
    let before = page.visitor.signed_in.as_ref();
    let cookie = start_session(&page.app, &page.context, proved, before).await?;
    Ok(cookie.map(|cookie| Entered([cookie, pending::forget(page.app.cookies())])))
}

/// A session to be for this browser, and the cookie that carries it.
pub fn new_session(app: &App, context: &Context, proved: Proved) -> (NewSession, String) {
    let id = app.world.new_id(context.now);
    with_new_secret(app, context, id, proved)
}

fn with_new_secret(app: &App, context: &Context, id: i64, proved: Proved) -> (NewSession, String) {
    let keys = app.keys.now();
    let secret: Secret = keys.format.mint(Kind::Session, id, &app.world.random());
    let lifetime = app.config.sign_in.session_absolute;
    let session = NewSession {
        id,
        digest: secret.digest(),
        user: proved.user,
        expires: context.now + lifetime,
        address: context.address.to_string(),
        user_agent: context.user_agent().chars().take(400).collect(),
        level: proved.level,
        auth_time: proved.at,
        proved: proved.password,
        replaces: None,
    };
    let cookies = app.cookies();
    let text = secret.reveal_for_response();
    let cookie = cookies.set(cookies.session_name(), text, Some(lifetime));
    (session, cookie)
}

/// What the event of a new session says of it: what was proved, and on which device.
pub fn told(detail: &str) -> (Option<Level>, &str) {
    let (level, device) = detail.split_once(' ').unwrap_or((detail, ""));
    (Level::parse(level), device)
}

/// Starts a session in the place of the one `before`, or goes on with it under a new secret
/// where it is hers; the cookie. `None`: as [`after_first`].
pub async fn start_session(
    app: &App,
    context: &Context,
    proved: Proved,
    before: Option<&SignedIn>,
) -> Result<Option<String>, Failure> {
    let user = proved.user;
    let level = proved.level.name();
    let event = || Event {
        detail: format!(
            "{level} {}",
            device(context.user_agent(), Language::English)
        ),
        ..context.event(app, "session.started", Some(user))
    };
    if let Some(hers) = before.filter(|before| before.user.id == user) {
        let (session, cookie) = with_new_secret(app, context, hers.session.id, proved.clone());
        if app.store.renew_session(&session, event()).await? {
            return Ok(Some(cookie));
        }
    }
    let (mut session, cookie) = new_session(app, context, proved);
    session.replaces = before.map(|before| (before.session.id, before.user.id));
    let started = app.store.add_session(&session, event()).await?;
    Ok(started.then_some(cookie))
}
