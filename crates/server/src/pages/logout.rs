//! `/-/logout`: the end of this browser's session, for the user herself and for the apps
//! that ask for it (OpenID Connect RP-Initiated Logout §2).
//!
//! 1. `next_step` decides: ask, end, or say what is wrong.
//! 2. The session ends; what tells the apps behind their backs is in the same write.
//! 3. A page tells the others by way of the browser, and goes on.

use askama::Template;

use super::{
    Frame, Place,
    page::{Page, allow_form_target, allow_frames, html, html_with},
};
use crate::{
    app::App,
    context::{Fields, SignedIn},
    failure::{Answer, Failure},
    front::{see_other, set_cookie},
    openid::{back_channel, hint},
    routes::LOGOUT,
};
use axum::{http::StatusCode, response::Response};
use grantor_protocol::{
    form::{self, Params},
    openid::login::First,
    openid::logout::{Hinted, Onward, Situation, Step, Trouble, front_channel, next_step},
    redirect::RedirectUri,
    time::Millis,
};
use grantor_store::apps;

/// The question, or what is wrong with an app's request. Posts `decision=logout` to
/// `action`, if somebody is signed in.
#[derive(Template)]
#[template(path = "logout.html")]
pub struct LogOut {
    pub frame: Frame,
    /// The message that says what is wrong.
    pub trouble: Option<&'static str>,
    /// The app that asks.
    pub app: Option<String>,
    pub logins: Logins,
    pub action: String,
}

/// After signing out.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    pub frame: Frame,
    pub logins: Logins,
    /// What tells some of them by way of the browser.
    pub frames: Vec<String>,
    pub onward: Option<Link>,
}

/// The apps that a session has logged its user in to, by name.
#[derive(Default)]
pub struct Logins {
    /// Those that can be told that it has ended.
    pub told: Vec<String>,
    pub others: Vec<String>,
}

/// Back to an app.
pub struct Link {
    pub href: String,
    pub app: String,
    /// The page goes there by itself.
    pub at_once: bool,
}

pub async fn show(page: Page) -> Answer {
    answer(&page, false).await
}

/// The user's own decision; or a request that an app's page sent as a form, which becomes
/// a visit.
pub async fn submit(page: Page, fields: Fields) -> Answer {
    match fields.get("decision") {
        Some("logout") => answer(&page, true).await,
        Some(_) => Err(Failure::BadRequest("failure-decision")),
        None => {
            let query = form::encode(fields.0.iter());
            Ok(see_other(&format!("{LOGOUT}?{query}")))
        }
    }
}

async fn answer(page: &Page, confirmed: bool) -> Answer {
    let query = page.uri.query().unwrap_or("");
    let Ok(params) = Params::parse(query.as_bytes()) else {
        return ask(page, Some("logout-malformed"), None, None).await;
    };
    let signed_in = page.visitor.signed_in.as_ref();
    let hint = params
        .get("id_token_hint")
        .map(|it| hint::read(&page.app, it));
    let audience = hint.as_ref().and_then(|hint| Some(hint.as_ref()?.audience));
    let named = params.get("client_id").and_then(|id| id.parse().ok());
    let record = match audience.or(named) {
        Some(id) => page.app.store.app(id).await?,
        None => None,
    };
    let client = record.as_ref().map(|record| &record.client);
    let hinted = match &hint {
        None => Hinted::Nobody,
        Some(None) => Hinted::Unreadable,
        Some(Some(hint)) => Hinted::Login {
            here: client
                .zip(signed_in)
                .is_some_and(|(client, who)| hint.is_of(&page.app, client, who)),
        },
    };
    let facts = Situation {
        hinted,
        client,
        signed_in: signed_in.is_some(),
        confirmed,
    };
    let record = record.as_deref();
    match (next_step(&params, &facts), signed_in) {
        (Err(trouble), _) => ask(page, Some(trouble_of(trouble)), None, None).await,
        (Ok(Step::Ask(onward)), _) => ask(page, None, record, onward.as_ref()).await,
        (Ok(Step::End(onward)), Some(who)) => {
            let told = Told::of(&page.app, who).await?;
            end(page, who).await?;
            let mut response = signed_out(page, told, record, onward)?;
            forget(&page.app, &mut response);
            Ok(response)
        }
        (Ok(Step::Nobody(onward) | Step::End(onward)), _) => {
            signed_out(page, Told::default(), record, onward)
        }
    }
}

fn trouble_of(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::HintInvalid => "logout-hint-invalid",
        Trouble::ClientUnknown => "logout-client-unknown",
        Trouble::ClientDiffers => "logout-client-differs",
        Trouble::ClientMissing => "logout-client-missing",
        Trouble::RedirectUnregistered => "logout-redirect-unregistered",
    }
}

/// Asks, also where the request is wrong: whoever came here may want to sign out.
async fn ask(
    page: &Page,
    trouble: Option<&'static str>,
    record: Option<&apps::App>,
    onward: Option<&Onward>,
) -> Answer {
    let told = match &page.visitor.signed_in {
        Some(who) => Told::of(&page.app, who).await?,
        None => Told::default(),
    };
    let query = page.uri.query().filter(|_| trouble.is_none());
    let action = query.map_or_else(|| LOGOUT.to_owned(), |query| format!("{LOGOUT}?{query}"));
    let status = match trouble {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    let question = LogOut {
        frame: page.frame(Place::Elsewhere),
        trouble,
        app: record.map(|record| record.name.clone()),
        logins: told.logins,
        action,
    };
    let mut response = html_with(status, &question)?;
    allow_form_target(&mut response, onward.and_then(Onward::csp_source));
    Ok(response)
}

/// Who is to be told of the end of a session.
#[derive(Default)]
struct Told {
    logins: Logins,
    frames: Vec<RedirectUri>,
}

impl Told {
    async fn of(app: &App, who: &SignedIn) -> Result<Self, Failure> {
        let mut told = Self::default();
        for id in app.store.logins_of(who.session.id).await? {
            let Some(record) = app.store.app(id).await? else {
                continue;
            };
            let sid = app.keys.now().subjects.sid(who.session.id, id);
            let frame = front_channel(&record.client, &app.policy.issuer, &sid);
            let behind = back_channel::address(app, &record.client);
            let list = match frame.is_some() || behind.is_some() {
                true => &mut told.logins.told,
                false => &mut told.logins.others,
            };
            list.push(record.name.clone());
            told.frames.extend(frame);
        }
        Ok(told)
    }
}

/// A session that has ended meanwhile is as good.
async fn end(page: &Page, who: &SignedIn) -> Result<(), Failure> {
    let (app, user) = (&page.app, who.user.id);
    let event = page.context.event(app, "session.ended", Some(user));
    app.store.end_session(who.session.id, user, event).await?;
    Ok(())
}

/// Takes the cookies of the session away.
fn forget(app: &App, response: &mut Response) {
    let cookies = app.cookies();
    let gone = Some(Millis(0));
    set_cookie(response, &cookies.set(cookies.session_name(), "", gone));
    let state = cookies.set_readable(cookies.state_name(), "", Millis(0));
    set_cookie(response, &state);
}

/// The platform's logout, if it was the platform that signed her in.
fn platform(page: &Page) -> Option<&str> {
    let who = page.visitor.signed_in.as_ref()?;
    let by_platform = who.session.level.first == First::Elsewhere;
    let platform = page.app.hand_over.as_ref().filter(|_| by_platform)?;
    platform.logout.as_deref()
}

fn signed_out(
    page: &Page,
    told: Told,
    record: Option<&apps::App>,
    onward: Option<Onward>,
) -> Answer {
    if let Some(onward) = onward
        .as_ref()
        .filter(|it| it.is_sure() && told.frames.is_empty())
    {
        return Ok(see_other(&onward.address()));
    }
    // Whoever the platform has signed in goes on to be signed out there.
    if let (Some(to), None, true) = (platform(page), &onward, told.frames.is_empty()) {
        return Ok(see_other(to));
    }
    let mut gone = page.clone();
    gone.visitor.signed_in = None;
    gone.visitor.binding = gone.visitor.browser.clone();
    let onward = onward.zip(record).map(|(onward, record)| Link {
        href: onward.address(),
        app: record.name.clone(),
        at_once: onward.is_sure(),
    });
    let mut response = html(&SignedOut {
        frame: gone.frame(Place::Elsewhere),
        logins: told.logins,
        frames: told.frames.iter().map(ToString::to_string).collect(),
        onward,
    })?;
    allow_frames(&mut response, &told.frames);
    Ok(response)
}

#[cfg(test)]
impl LogOut {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let plain = || Self {
            frame: Frame::sample(Place::Elsewhere),
            trouble: None,
            app: None,
            logins: Logins::default(),
            action: LOGOUT.into(),
        };
        vec![
            ("sign-out", plain()),
            (
                "sign-out-app",
                Self {
                    app: Some("Clock".into()),
                    logins: Logins {
                        told: vec!["Clock".into(), hostile.into()],
                        others: vec![hostile.into(), "Calendar".into()],
                    },
                    action: format!("{LOGOUT}?client_id=1&state={hostile}"),
                    ..plain()
                },
            ),
            (
                "sign-out-wrong",
                Self {
                    trouble: Some(trouble_of(Trouble::RedirectUnregistered)),
                    ..plain()
                },
            ),
            (
                "sign-out-wrong-nobody",
                Self {
                    frame: Frame::sample_out(),
                    trouble: Some(trouble_of(Trouble::HintInvalid)),
                    ..plain()
                },
            ),
        ]
    }
}

#[cfg(test)]
impl SignedOut {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let plain = || Self {
            frame: Frame::sample_out(),
            logins: Logins::default(),
            frames: Vec::new(),
            onward: None,
        };
        let link = |app: &str, at_once| {
            Some(Link {
                href: "https://clock.example/bye?state=a&b".into(),
                app: app.into(),
                at_once,
            })
        };
        vec![
            ("signed-out", plain()),
            (
                "signed-out-apps",
                Self {
                    logins: Logins {
                        told: vec!["Clock".into(), hostile.into()],
                        others: vec![hostile.into(), "Calendar".into()],
                    },
                    frames: vec!["https://clock.example/out?iss=a&sid=b".into()],
                    onward: link("Clock", true),
                    ..plain()
                },
            ),
            (
                "signed-out-link",
                Self {
                    onward: link(hostile, false),
                    ..plain()
                },
            ),
        ]
    }
}
