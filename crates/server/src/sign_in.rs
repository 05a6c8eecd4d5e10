//! From a proof of who somebody is to a session: every way in comes through
//! [`after_first`], and nothing else starts a session.

use crate::{
    app::App,
    context::{Context, SignedIn},
    failure::Failure,
    front::{see_other, set_cookie},
    pages::{format::device, page::Page},
};
use axum::response::Response;
use grantor_protocol::{
    openid::login::{First, Level},
    secret::{Kind, Secret},
    time::Timestamp,
};
use grantor_store::{audit::Event, sessions::NewSession};

/// What somebody at the browser has just proved: that she is this user.
pub struct Proof {
    pub user: i64,
    pub first: First,
    /// The hash of her password at that moment, whether or not it was what she proved: what
    /// was under way while it changed must not outlive it. `None`: she has none.
    pub password: Option<String>,
}

/// What follows the first proof, whatever it was: on to `return_to`, signed in. The session
/// that she has goes on under a new secret; another's ends. `None`: the user is not active,
/// or has another password by now.
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
    let before = page.visitor.signed_in.as_ref();
    let cookie = start_session(&page.app, &page.context, proved, before).await?;
    Ok(cookie.map(|cookie| {
        let mut response = see_other(return_to);
        set_cookie(&mut response, &cookie);
        response
    }))
}

/// All that a session rests on.
pub struct Proved {
    pub user: i64,
    pub level: Level,
    pub at: Timestamp,
    /// As [`Proof::password`]; `None` also where nothing was proved at all (tests).
    pub password: Option<String>,
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
        user_agent: context.user_agent.chars().take(400).collect(),
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

/// Starts a session in the place of the one `before`, or goes on with it under a new secret
/// where it is hers; the cookie. `None`: as [`after_first`].
pub async fn start_session(
    app: &App,
    context: &Context,
    proved: Proved,
    before: Option<&SignedIn>,
) -> Result<Option<String>, Failure> {
    let user = proved.user;
    let event = || Event {
        detail: device(&context.user_agent),
        ..context.event(app, "session.started", Some(user))
    };
    if let Some(hers) = before.filter(|before| before.user.id == user) {
        let again = Proved {
            password: proved.password.clone(),
            ..proved
        };
        let (session, cookie) = with_new_secret(app, context, hers.session.id, again);
        if app.store.renew_session(&session, event()).await? {
            return Ok(Some(cookie));
        }
    }
    let (mut session, cookie) = new_session(app, context, proved);
    session.replaces = before.map(|before| (before.session.id, before.user.id));
    let started = app.store.add_session(&session, event()).await?;
    Ok(started.then_some(cookie))
}
