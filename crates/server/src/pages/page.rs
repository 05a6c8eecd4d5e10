//! From a handler's facts to an HTML answer.

use super::{Frame, Notice, Place, ScopeLine, Who};
use crate::{
    app::{App, Shared},
    context::{Context, Fields, SignedIn, Visitor},
    csrf,
    failure::{Answer, Failure},
    front::see_other,
    routes::AUTHORIZE,
};
use askama::Template;
use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use grantor_protocol::{
    form::Params, openid::profile::Profile, redirect::RedirectUri, scope::ScopeSet, secret::Digest,
};
use grantor_store::{
    audit::{Actor, Event},
    passkeys::Answered,
    users::User,
};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What every page may load, and where its forms may go.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// A page being answered: who asks for it, and where it stands.
#[derive(Clone)]
pub struct Page {
    pub app: Shared,
    pub context: Context,
    pub visitor: Visitor,
    pub uri: Uri,
}

impl FromRequestParts<Shared> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        Ok(Self {
            app: app.clone(),
            context: Context::from_request_parts(parts, app).await?,
            visitor: Visitor::from_request_parts(parts, app).await?,
            uri: parts.uri.clone(),
        })
    }
}

/// What any page may have to say of the last action.
const ALREADY: (&str, &str) = ("already", "done-already");
const USED: (&str, &str) = ("used", "failure-form-used");

/// Back to the `list` from which something was ended: by this action, or by an earlier one.
/// What never was this user's is answered like what has ended: an id says nothing.
pub fn ended(is_done: bool, list: &str, done: &str) -> Answer {
    let done = if is_done { done } else { ALREADY.0 };
    Ok(see_other(&format!("{list}?done={done}")))
}

/// What the path names. A path that can name nothing leads nowhere.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let named = Path::from_request_parts(parts, app).await;
        named
            .map(|Path(it)| Self(it))
            .map_err(|_| Failure::NotFound)
    }
}

impl Page {
    pub fn frame(&self, here: Place) -> Frame {
        frame(
            &self.app,
            &self.context,
            &self.visitor,
            self.uri.path(),
            self.uri.query(),
            here,
        )
    }

    /// A frame that says what the last action did, by a name in the query and the id of a
    /// message: the sentence is ours, whatever the link says.
    pub fn frame_telling(&self, here: Place, done: &[(&str, &'static str)]) -> Frame {
        let told = self.query("done");
        let mut all = done.iter().chain(&[ALREADY, USED]);
        let id = all.find(|(name, _)| Some(*name) == told.as_deref());
        Frame {
            notice: id.map(|(_, id)| Notice::Done(self.context.language.text(id))),
            ..self.frame(here)
        }
    }

    pub fn query(&self, name: &str) -> Option<String> {
        let params = Params::parse(self.uri.query()?.as_bytes()).ok()?;
        params.get(name).map(str::to_owned)
    }

    /// Whether the user proved who she is in the last ten minutes.
    pub fn is_recent(&self) -> bool {
        self.visitor
            .signed_in
            .as_ref()
            .is_some_and(|who| who.is_recent(self.context.now))
    }

    /// The user of a page that only signed-in users reach.
    pub fn signed_in(&self) -> Result<&SignedIn, Failure> {
        self.visitor
            .signed_in
            .as_ref()
            .ok_or_else(|| Failure::Internal("a page without its user".into()))
    }

    pub fn user(&self) -> Result<&Arc<User>, Failure> {
        self.signed_in().map(|signed_in| &signed_in.user)
    }

    /// What is known of somebody who makes an account here: in which language she does, where
    /// there are others. Mails to her are in it.
    pub fn newcomer(&self) -> Profile {
        let has_choice = self.app.config.service.languages.iter().count() > 1;
        Profile {
            locale: has_choice.then(|| self.context.language.tag().to_owned()),
            ..Profile::default()
        }
    }

    /// An event of the signed-in user. What it goes with is written only if her session
    /// has not ended by then.
    pub fn event(&self, kind: &'static str) -> Result<Event, Failure> {
        let signed_in = self.signed_in()?;
        let actor = Actor {
            session: Some(signed_in.session.id),
            ..self.context.actor(Some(signed_in.user.id))
        };
        Ok(self.app.event(kind, self.context.now, actor))
    }

    /// Whose form is good for one use, with all that is made of it. A form without the field
    /// is of a page that an older version made.
    pub fn once(&self, fields: &Fields) -> Result<Option<Answered>, Failure> {
        let session = &self.signed_in()?.session;
        let answered = |key: &str| Answered {
            id: self.app.world.new_id(self.context.now),
            digest: Digest::of(format!("form:{}:{key}", session.id).as_bytes()),
            // No form of hers is taken any more after that.
            expires: session.expires,
        };
        Ok(fields.get(csrf::ONCE).map(answered))
    }

    pub fn scope_lines(&self, scopes: &ScopeSet) -> Vec<ScopeLine> {
        let line = |name: &str| ScopeLine {
            name: name.to_owned(),
            sentence: self.app.scope_sentence(name, self.context.language),
        };
        scopes.iter().map(line).collect()
    }
}

fn frame(
    app: &App,
    context: &Context,
    visitor: &Visitor,
    path: &str,
    query: Option<&str>,
    here: Place,
) -> Frame {
    // At consent the token holds for this very request alone.
    let transaction = if path == AUTHORIZE {
        query.unwrap_or("")
    } else {
        ""
    };
    Frame {
        brand: app.config.service.brand.as_str().to_owned(),
        look: app.look.clone(),
        user: visitor
            .signed_in
            .as_ref()
            .map(|signed_in| who(&signed_in.user)),
        administers: visitor
            .signed_in
            .as_ref()
            .is_some_and(|signed_in| signed_in.user.role().is_some()),
        csrf: csrf::token(&app.keys.now(), &visitor.binding, transaction),
        once: app.world.random_hex::<16>(),
        here,
        notice: None,
        now: context.now,
        language: context.language,
    }
}

/// A frame for a page that answers a failure, whoever asked.
pub fn plain_frame(app: &App, context: &Context, visitor: Option<&Visitor>) -> Frame {
    match visitor {
        Some(visitor) => frame(app, context, visitor, "", None, Place::Elsewhere),
        None => Frame {
            brand: app.config.service.brand.as_str().to_owned(),
            look: app.look.clone(),
            user: None,
            administers: false,
            csrf: String::new(),
            once: String::new(),
            here: Place::Elsewhere,
            notice: None,
            now: context.now,
            language: context.language,
        },
    }
}

pub fn who(user: &User) -> Who {
    Who {
        name: user.name.clone(),
        email: user.email.clone(),
        photo: user.photo.as_deref().map(image_url),
    }
}

/// Where an icon or photo is served.
pub fn image_url(digest: &str) -> String {
    format!("/images/{digest}.png")
}

pub fn html(page: &impl Template) -> Answer {
    html_with(StatusCode::OK, page)
}

pub fn html_with(status: StatusCode, page: &impl Template) -> Answer {
    let text = page
        .render()
        .map_err(|error| Failure::Internal(format!("a template failed: {error}")))?;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, html)], text).into_response())
}

/// Lets forms of this page lead on to `target`: Chromium applies `form-action` to the
/// redirect after the form too.
pub fn allow_form_target(response: &mut Response, target: Option<String>) {
    let Some(target) = target else { return };
    let policy = POLICY.replace(
        "form-action 'self'",
        &format!("form-action 'self' {target}"),
    );
    set_policy(response, &policy);
}

/// Lets the page load these in frames, and nothing else.
pub fn allow_frames(response: &mut Response, frames: &[RedirectUri]) {
    if frames.is_empty() {
        return;
    }
    let mut sources: Vec<_> = frames.iter().filter_map(RedirectUri::csp_source).collect();
    sources.sort_unstable();
    sources.dedup();
    set_policy(
        response,
        &format!("{POLICY}; frame-src {}", sources.join(" ")),
    );
}

fn set_policy(response: &mut Response, policy: &str) {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
