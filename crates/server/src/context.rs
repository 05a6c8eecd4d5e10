//! What the front knows of a request before any handler sees it.

use crate::{
    app::{App, Shared},
    desk::Desk,
    failure::Failure,
    language::Language,
    world::{RequestId, World},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use grantor_protocol::{
    bearer::Admitted,
    cookie,
    form::Params,
    role::Act,
    secret::Kind,
    time::{Millis, Timestamp},
};
use grantor_store::{
    audit::{Actor, Event},
    sessions::Session,
    usage::Used,
    users::User,
};
use serde_json::{Map, Value};
use std::{convert::Infallible, net::IpAddr, sync::Arc};

/// Who asks, when, from where. One instant serves the whole request.
#[derive(Clone)]
pub struct Context {
    pub now: Timestamp,
    pub address: IpAddr,
    pub request_id: RequestId,
    user_agent: Option<HeaderValue>,
    /// In which pages answer.
    pub language: Language,
}

impl Context {
    /// Of a request that has just come; its pages are in English until more is known.
    pub fn new(world: &World, address: IpAddr, headers: &HeaderMap) -> Self {
        Self {
            now: world.now(),
            address,
            request_id: world.new_request_id(),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            language: Language::English,
        }
    }

    /// What the client says of itself, `""` when it says nothing that is text.
    pub fn user_agent(&self) -> &str {
        let told = self.user_agent.as_ref();
        told.and_then(|it| it.to_str().ok()).unwrap_or("")
    }

    pub fn actor(&self, user: Option<i64>) -> Actor {
        Actor {
            user,
            session: None,
            address: Some(self.address.to_string()),
            request_id: Some(self.request_id.to_string()),
            office: None,
            form: None,
        }
    }

    pub fn event(&self, app: &App, kind: &'static str, user: Option<i64>) -> Event {
        app.event(kind, self.now, self.actor(user))
    }
}

/// Who is at the browser: perhaps signed in, always with something that its forms
/// are bound to.
#[derive(Clone)]
pub struct Visitor {
    pub signed_in: Option<SignedIn>,
    /// The cookie that this browser keeps, signed in or not.
    pub browser: Arc<str>,
    /// Whether the browser does not have that cookie yet.
    pub is_new: bool,
    /// The text of the cookie that form tokens are bound to: the session's while
    /// there is one.
    pub binding: Arc<str>,
    /// What the cookie says that pages of apps see changing: see [`browser_state`].
    pub state: Arc<str>,
    /// Whether who is signed in was only remembered: whatever is made of it has to hold it
    /// against the database, or to ask again ([`Visitor::made_sure`]).
    pub is_recalled: bool,
}

/// Whether a session may be what this node remembers of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Memory,
    Database,
}

#[derive(Clone)]
pub struct SignedIn {
    pub session: Arc<Session>,
    pub user: Arc<User>,
}

/// After so long, secrets, tokens and deletions ask for the password again.
const RECENT: Millis = Millis::minutes(10);

impl SignedIn {
    /// Where she acts for the operator, if she may do this.
    pub fn desk(&self, app: &Shared, context: &Context, act: Act) -> Option<Desk> {
        Desk::of(app, context, (&self.user, Some(self.session.id)), act)
    }

    pub fn is_recent(&self, now: Timestamp) -> bool {
        now - self.session.auth_time <= RECENT
    }
}

/// A form that passed its checks.
#[derive(Clone)]
pub struct Fields(pub Arc<Params>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// The value as typed, `""` when absent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or("")
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }
}

/// A file that came with a form.
#[derive(Clone, Default)]
pub struct Upload(pub Option<bytes::Bytes>);

/// The headers of the request. They are taken, not copied: whoever wants them is the last.
pub struct Headers(pub HeaderMap);

impl<S: Sync> FromRequestParts<S> for Headers {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(std::mem::take(&mut parts.headers)))
    }
}

/// A JSON object that was sent.
#[derive(Clone)]
pub struct JsonObject(pub Arc<Map<String, Value>>);

/// A bearer that the front admitted.
#[derive(Clone)]
pub struct BearerAdmitted(pub Arc<Admitted>);

/// What the front has found out, as far as the route asks: one extension of the request.
#[derive(Clone, Default)]
pub struct Known {
    pub context: Option<Context>,
    pub visitor: Option<Visitor>,
    pub signed_in: Option<SignedIn>,
    pub fields: Option<Fields>,
    pub upload: Option<Upload>,
    pub object: Option<JsonObject>,
    pub admitted: Option<BearerAdmitted>,
    pub desk: Option<Desk>,
}

macro_rules! from_front {
    ($($field:ident: $type:ty),*) => {$(
        impl<S: Sync> FromRequestParts<S> for $type {
            type Rejection = Failure;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
                let known = parts.extensions.get::<Known>();
                let found = known.and_then(|known| known.$field.clone());
                found.ok_or_else(|| Failure::Internal(concat!(stringify!($type), " is not given to this route").into()))
            }
        }
    )*};
}
from_front!(
    context: Context,
    visitor: Visitor,
    signed_in: SignedIn,
    fields: Fields,
    upload: Upload,
    object: JsonObject,
    admitted: BearerAdmitted,
    desk: Desk
);

/// The cookies of this instance: `__Host-` where the issuer is https. Plain http is
/// for loopback, where some browsers would drop them.
#[derive(Clone, Copy)]
pub struct Cookies {
    pub secure: bool,
}

impl Cookies {
    pub fn session_name(self) -> &'static str {
        if self.secure {
            "__Host-grantor"
        } else {
            "grantor"
        }
    }

    pub fn state_name(self) -> &'static str {
        if self.secure {
            "__Host-grantor-state"
        } else {
            "grantor-state"
        }
    }

    pub fn visit_name(self) -> &'static str {
        if self.secure {
            "__Host-grantor-visit"
        } else {
            "grantor-visit"
        }
    }

    /// Of a login that has proved something, and not enough: see `sign_in::pending`.
    pub fn pending_name(self) -> &'static str {
        if self.secure {
            "__Host-grantor-pending"
        } else {
            "grantor-pending"
        }
    }

    /// Of one journey elsewhere and back, called by the start of its state: tabs do not
    /// disturb each other.
    pub fn journey_name(self, state: &str) -> String {
        let start: String = state.chars().take(12).collect();
        match self.secure {
            true => format!("__Host-grantor-way-{start}"),
            false => format!("grantor-way-{start}"),
        }
    }

    /// A `Set-Cookie` value; without `max_age` the cookie ends with the browser.
    pub fn set(self, name: &str, value: &str, max_age: Option<Millis>) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = max_age
            .map(|age| format!("; Max-Age={}", age.as_seconds()))
            .unwrap_or_default();
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
    }

    /// A cookie that our own script reads within the pages of others: nothing secret. On
    /// plain http those pages are on this device, hence of the same site.
    pub fn set_readable(self, name: &str, value: &str, max_age: Millis) -> String {
        let reach = match self.secure {
            true => "SameSite=None; Secure",
            false => "SameSite=Lax",
        };
        let age = max_age.as_seconds();
        format!("{name}={value}; Path=/; {reach}; Max-Age={age}")
    }

    pub fn find(self, headers: &HeaderMap, name: &str) -> Result<Option<String>, Failure> {
        let lines = headers
            .get_all(header::COOKIE)
            .iter()
            .map(|value| value.as_bytes());
        let found = cookie::find(lines, name);
        let found = found.map_err(|_| Failure::BadRequest("failure-cookie-twice"))?;
        Ok(found.map(str::to_owned))
    }
}

/// The session behind the request's cookie, if it lives, and the browser's own mark.
pub async fn load_visitor(
    app: &App,
    headers: &HeaderMap,
    context: &Context,
    trust: Trust,
) -> Result<Visitor, Failure> {
    let cookies = app.cookies();
    let kept = cookies.find(headers, cookies.visit_name())?;
    let kept = kept.filter(|mark| mark.len() == 32);
    let is_new = kept.is_none();
    let browser: Arc<str> = kept.unwrap_or_else(|| app.world.random_hex::<16>()).into();
    let state = cookies.find(headers, cookies.state_name())?;
    let state: Arc<str> = state.unwrap_or_default().into();
    if let Some(text) = cookies.find(headers, cookies.session_name())?
        && let Some((signed_in, is_recalled)) = load_session(app, context, &text, trust).await?
    {
        let signed_in = Some(signed_in);
        return Ok(Visitor {
            signed_in,
            browser,
            is_new,
            binding: text.into(),
            state,
            is_recalled,
        });
    }
    Ok(Visitor {
        signed_in: None,
        is_new,
        binding: browser.clone(),
        browser,
        state,
        is_recalled: false,
    })
}

impl Visitor {
    /// The same, by the database.
    pub async fn made_sure(self, app: &App, context: &Context) -> Result<Self, Failure> {
        if !self.is_recalled {
            return Ok(self);
        }
        let found = load_session(app, context, &self.binding, Trust::Database).await?;
        let binding = match found {
            Some(_) => self.binding,
            None => self.browser.clone(),
        };
        Ok(Self {
            signed_in: found.map(|(signed_in, _)| signed_in),
            binding,
            is_recalled: false,
            ..self
        })
    }
}

/// What the readable cookie has to say while this session lives (OpenID Connect Session
/// Management §3): it changes with the session, and opens nothing.
pub fn browser_state(app: &App, session: i64) -> String {
    let message: [&[u8]; 2] = [b"browser-state", &session.to_be_bytes()];
    app.keys.now().sign(&message)
}

async fn load_session(
    app: &App,
    context: &Context,
    text: &str,
    trust: Trust,
) -> Result<Option<(SignedIn, bool)>, Failure> {
    let now = context.now;
    let presented = app
        .keys
        .now()
        .format
        .parse(text)
        .filter(|it| it.kind == Kind::Session);
    let Some(presented) = presented else {
        return Ok(None);
    };
    let (id, digest) = (presented.id, &presented.digest);
    let noted = app.store.usage.noted(Used::Session(id));
    let has_expired = |session: &Session| {
        let seen = noted.map_or(session.seen, |noted| noted.max(session.seen));
        now >= session.expires || now - seen > app.config.sign_in.session_idle
    };
    // Another node may have seen it since.
    let recalled = match trust {
        Trust::Memory => app.store.recall_session(id, digest),
        Trust::Database => None,
    };
    let recalled = recalled.filter(|session| !has_expired(session));
    let is_recalled = recalled.is_some();
    let session = match recalled {
        Some(session) => session,
        None => match app.store.session(id, digest).await? {
            Some(session) => session,
            None => return Ok(None),
        },
    };
    if has_expired(&session) {
        // What hangs from it ends with it, and apps are told. Reading goes on without.
        let (id, user) = (session.id, session.user);
        let event = context.event(app, "session.expired", Some(user));
        if let Err(error) = Box::pin(app.store.end_session(id, user, event)).await {
            tracing::warn!(%error, "cannot end a session that has expired");
        }
        return Ok(None);
    }
    let Some(user) = app.store.user(session.user).await? else {
        return Ok(None);
    };
    app.store.usage.note(Used::Session(session.id), now, None);
    Ok(Some((SignedIn { session, user }, is_recalled)))
}
