//! `/login/second`: the rest of a login whose first proof is not enough. Without that
//! proof there is nothing here.

use askama::Template;

use super::{asking_app, local};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    pages::{
        Frame, Notice, Place, account,
        factors::{code::CodeSetup, recovery},
        page::{Page, allow_form_target, html_with},
        passkey_form::PasskeyForm,
    },
    sign_in::{Proved, after_second, decide, enter, pending, second_page},
    totp,
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use grantor_protocol::{
    form::encode,
    openid::login::Second as Factor,
    sign_in::{Factors, Next},
};
use grantor_store::users::User;
use std::sync::Arc;

/// Posts `code` with `action=code` to `/login/second`, or a passkey to `/login/passkey`.
#[derive(Template)]
#[template(path = "second.html")]
pub struct Second {
    pub frame: Frame,
    /// Whose login this is.
    pub email: String,
    pub has: Factors,
    pub passkey: Option<PasskeyForm>,
    pub return_to: String,
    pub error: Option<&'static str>,
}

impl Second {
    /// Whether she is signed in, and only confirms that it is she.
    fn is_step_up(&self) -> bool {
        let who = self.frame.user.as_ref();
        who.is_some_and(|who| who.email == self.email)
    }
}

/// Posts `code` and `setup` with `action=set-up` to `/login/second`, or a new passkey to
/// `/login/passkey/add`.
#[derive(Template)]
#[template(path = "set_up_factor.html")]
pub struct SetUpFactor {
    pub frame: Frame,
    pub email: String,
    pub code: Option<CodeSetup>,
    pub passkey: Option<PasskeyForm>,
    pub return_to: String,
    pub error: Option<String>,
}

/// Somebody who has proved something, and has to prove more.
pub struct Halfway {
    pub proved: Proved,
    pub user: Arc<User>,
    pub next: Next,
}

/// `None`: there is nobody like that at this browser.
pub async fn halfway(page: &Page, headers: &HeaderMap) -> Result<Option<Halfway>, Failure> {
    let Some(proved) = pending::load(page, headers).await? else {
        return Ok(None);
    };
    let user = page.app.store.user(proved.user).await?;
    let Some(user) = user.filter(|user| !user.disabled) else {
        return Ok(None);
    };
    let next = decide(&page.app, &proved).await?;
    Ok(Some(Halfway { proved, user, next }))
}

/// Where whoever has skipped a step begins.
pub fn from_the_start(return_to: &str) -> Response {
    see_other(&format!("/login?{}", encode([("return_to", return_to)])))
}

pub async fn show(page: Page, headers: HeaderMap) -> Answer {
    let return_to = local(page.query("return_to"));
    match halfway(&page, &headers).await? {
        Some(halfway) => form(&page, &halfway, return_to, None).await,
        None => Ok(from_the_start(&return_to)),
    }
}

/// What is asked for, with what was wrong with the last answer.
pub async fn form(
    page: &Page,
    halfway: &Halfway,
    return_to: String,
    error: Option<&'static str>,
) -> Answer {
    let target = asking_app(page, &return_to).await?.and_then(|it| it.target);
    let status = match error {
        Some(_) => StatusCode::UNAUTHORIZED,
        None => StatusCode::OK,
    };
    let mut frame = page.frame(Place::Elsewhere);
    // What brought her here is done already, whatever follows.
    let done = account::said_at(&return_to).filter(|_| error.is_none());
    frame.notice = done.map(|id| Notice::Done(page.context.language.text(id)));
    let (user, email) = (&halfway.user, halfway.user.email.clone());
    let mut response = match halfway.next {
        Next::Start => return Ok(from_the_start(&return_to)),
        Next::Ask(has) => {
            let passkeys = page.app.store.passkeys_of(user.id).await?;
            let passkey = match has.passkey {
                true => PasskeyForm::ask(page, Some((user.id, &passkeys)))?,
                false => None,
            };
            let second = Second {
                frame,
                email,
                has,
                passkey,
                return_to,
                error,
            };
            html_with(status, &second)?
        }
        Next::SetUp => {
            let codes = page.app.config.sign_in.factors.policy().offers_codes();
            let set_up = SetUpFactor {
                frame,
                email,
                code: codes.then(|| CodeSetup::begin(page, user)).transpose()?,
                passkey: PasskeyForm::create(page, user, "/login/passkey/add").await?,
                return_to,
                error: error.map(|id| page.context.language.text(id)),
            };
            html_with(status, &set_up)?
        }
    };
    allow_form_target(&mut response, target);
    Ok(response)
}

pub async fn submit(page: Page, headers: HeaderMap, fields: Fields) -> Answer {
    let return_to = local(fields.get("return_to").map(str::to_owned));
    let Some(halfway) = halfway(&page, &headers).await? else {
        return Ok(from_the_start(&return_to));
    };
    match halfway.next {
        Next::Ask(has) => {
            let typed = fields.text("code");
            match check(&page, halfway.user.id, has, typed).await? {
                Some(second) => {
                    let entered = after_second(&page, halfway.proved, second, &return_to).await?;
                    Ok(entered.unwrap_or_else(|| from_the_start(&return_to)))
                }
                None => form(&page, &halfway, return_to, Some("second-wrong")).await,
            }
        }
        Next::SetUp if fields.get("action") == Some("set-up") => {
            set_up(&page, halfway, &fields, return_to).await
        }
        _ => Ok(see_other(&second_page(&return_to))),
    }
}

/// Which factor the typed code proves.
async fn check(
    page: &Page,
    user: i64,
    has: Factors,
    typed: &str,
) -> Result<Option<Factor>, Failure> {
    let (app, now) = (&page.app, page.context.now);
    app.count_second_factor(user, now).await?;
    let second = if has.code && is_of_app(page, user, typed).await? {
        Some(Factor::Code)
    } else if has.recovery && recovery::is_used(page, user, typed).await? {
        Some(Factor::Recovery)
    } else {
        None
    };
    match second {
        Some(_) => app.forgive_second_factor(user).await?,
        None => {
            app.metrics.login("refused");
            let mut event = page.context.event(app, "second_factor.refused", None);
            event.user = Some(user);
            app.store.record(event).await?;
        }
    }
    Ok(second)
}

async fn is_of_app(page: &Page, user: i64, typed: &str) -> Result<bool, Failure> {
    let (app, now) = (&page.app, page.context.now);
    let Some(stored) = app.store.totp_of(user).await? else {
        return Ok(false);
    };
    let secret = totp::open(app, user, &stored.sealed).ok_or_else(|| {
        Failure::Internal("a secret of an authenticator app does not open".into())
    })?;
    let code: String = typed.chars().filter(|it| !it.is_whitespace()).collect();
    match secret.step(&code, now) {
        Some(step) => Ok(app.store.use_totp(user, step, now).await?),
        None => Ok(false),
    }
}

/// The login goes on by what was just set up.
async fn set_up(page: &Page, halfway: Halfway, fields: &Fields, return_to: String) -> Answer {
    let Halfway { proved, user, .. } = &halfway;
    match CodeSetup::confirm(page, user, fields).await? {
        Ok(codes) => {
            let proved = proved.clone().with(Factor::Code, page.context.now);
            finish(page, proved, codes, &return_to).await
        }
        Err(setup) => {
            let set_up = SetUpFactor {
                frame: page.frame(Place::Elsewhere),
                email: user.email.clone(),
                code: Some(setup),
                passkey: PasskeyForm::create(page, user, "/login/passkey/add").await?,
                return_to,
                error: None,
            };
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &set_up)
        }
    }
}

/// Signed in, with what is to be written down on the way.
pub async fn finish(page: &Page, proved: Proved, codes: Vec<String>, return_to: &str) -> Answer {
    if decide(&page.app, &proved).await? != Next::Start {
        return Ok(see_other(&second_page(return_to)));
    }
    let Some(entered) = enter(page, proved).await? else {
        return Ok(from_the_start(return_to));
    };
    let response = match codes.is_empty() {
        true => see_other(return_to),
        false => recovery::shown(page, codes, return_to, false)?,
    };
    Ok(entered.lead(response))
}

#[cfg(test)]
impl Second {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let with = |has, email: &str, error| Self {
            frame: Frame::sample_out(),
            email: email.into(),
            has,
            passkey: has.passkey.then(|| PasskeyForm::sample("get")),
            return_to: "/".into(),
            error,
        };
        let hostile = crate::pages::tests::HOSTILE;
        let all = Factors {
            code: true,
            recovery: true,
            passkey: true,
        };
        let code = Factors {
            passkey: false,
            ..all
        };
        vec![
            ("login-second", with(all, "ada@example.org", None)),
            (
                "login-second-wrong",
                with(code, hostile, Some("second-wrong")),
            ),
            (
                "login-second-again",
                Self {
                    frame: Frame::sample(Place::Elsewhere),
                    ..with(all, "ada@example.org", None)
                },
            ),
        ]
    }
}

#[cfg(test)]
impl SetUpFactor {
    pub fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "login-set-up",
            Self {
                frame: Frame::sample_out(),
                email: crate::pages::tests::HOSTILE.into(),
                code: Some(CodeSetup::sample(None)),
                passkey: Some(PasskeyForm::sample("create")),
                return_to: "/".into(),
                error: None,
            },
        )]
    }
}
