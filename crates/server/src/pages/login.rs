//! `/login`: who are you, and, before something delicate, is it still you?

use askama::Template;

use super::{
    Frame, Notice, Place,
    consent::Policies,
    elsewhere::{Door, connect, doors, hand_over},
    page::{Page, allow_form_target, html_with},
    passkey_form::PasskeyForm,
    signup,
};
use crate::{
    config::SignUp,
    context::{Fields, SignedIn},
    failure::{Answer, Failure},
    front::see_other,
    passwords::{Password, Verification},
    routes::AUTHORIZE,
    sign_in::{Proof, after_first, comes_in_here},
};
use axum::http::StatusCode;
use grantor_protocol::{
    email::Email,
    form::{Params, encode},
    openid::login::First,
};

pub mod passkey;
pub mod second;

/// Posts `email`, `password`, `return_to` and `action=login` to `/login`, or a passkey to
/// `/login/passkey`.
/// In a step-up there is a second form, with `action=switch` and `return_to`.
#[derive(Template)]
#[template(path = "login.html")]
pub struct Login {
    pub frame: Frame,
    pub why: Why,
    /// As typed, or as an app hinted; fixed in a step-up.
    pub email: String,
    /// A path of this server, and where to go afterwards.
    pub return_to: String,
    /// One message, the same for a wrong address and a wrong password.
    pub error: Option<&'static str>,
    /// Whether a link to set a new password can be mailed.
    pub forgot: bool,
    /// Where else she may sign in.
    pub elsewhere: Vec<Door>,
    /// Where to sign up, with the way back in it; `None` while that is closed.
    pub sign_up: Option<String>,
    pub passkey: Option<PasskeyForm>,
}

pub enum Why {
    /// To come in.
    Visit,
    /// On the way to this app's consent page; and what the app promises.
    App(String, Policies),
    /// To be connected with an account elsewhere, from which she comes.
    Connect,
    /// Signed in already, about to do something that asks for a fresh proof.
    /// For this app, if it is one that asks for it.
    StepUp(Option<String>),
}

/// Where a login leads: a path of this server, never another one.
pub fn local(path: Option<String>) -> String {
    let harmless = |path: &String| {
        let plain = path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        path.starts_with('/') && !path.starts_with("//") && plain && path.len() <= 7000
    };
    path.filter(harmless).unwrap_or_else(|| "/".into())
}

pub async fn show(page: Page) -> Answer {
    let return_to = local(page.query("return_to"));
    let switching = page.query("switch").is_some();
    let step_up = page.visitor.signed_in.clone().filter(|_| !switching);
    // Signed in, and nothing that asks for a fresh proof: nothing to do here.
    let asked = |name| page.query(name).is_some();
    let proof = asked("confirm") || asked("ended") || return_to.starts_with(AUTHORIZE);
    if step_up.is_some() && !proof {
        return Ok(see_other(&return_to));
    }
    if let Some(platform) = page.app.hand_over.as_ref().filter(|_| !is_operators(&page)) {
        let anew = step_up.is_some() || switching;
        return hand_over::set_out(&page, platform, return_to, anew).await;
    }
    form(&page, return_to, step_up, None).await
}

/// Whether the form is for an administrator, who does not come from the platform: she asks
/// for it, or has signed in by it.
fn is_operators(page: &Page) -> bool {
    let own = |who: &SignedIn| who.user.admin && who.session.level.first != First::Elsewhere;
    page.query("operator").is_some() || page.visitor.signed_in.as_ref().is_some_and(own)
}

async fn form(
    page: &Page,
    return_to: String,
    step_up: Option<SignedIn>,
    wrong: Option<(String, &'static str)>,
) -> Answer {
    let asking = asking_app(page, &return_to).await?;
    let hint = asking
        .as_ref()
        .and_then(|asking| asking.login_hint.clone())
        .unwrap_or_default();
    let (typed, error) = wrong.map_or((hint, None), |(typed, error)| (typed, Some(error)));
    let sign_up = signup::policy(page) != SignUp::Closed;
    let why = match (&step_up, &asking) {
        (Some(_), asking) => Why::StepUp(asking.as_ref().map(|asking| asking.name.clone())),
        (None, Some(asking)) => Why::App(asking.name.clone(), asking.policies.clone()),
        (None, None) if return_to.starts_with(connect::PATH) => Why::Connect,
        (None, None) => Why::Visit,
    };
    let status = if error.is_some() {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    let mut frame = page.frame(Place::Elsewhere);
    if page.query("ended").is_some() {
        let ended = Failure::SessionEnded.say(frame.language);
        frame.notice = Some(Notice::Trouble(ended));
    }
    if page.query("made").is_some() {
        let made = frame.language.text(signup::USED);
        frame.notice = Some(Notice::Done(made));
    }
    let passkey = passkey_form(page, step_up.as_ref()).await?;
    let login = Login {
        frame,
        why,
        passkey,
        elsewhere: doors(page, &return_to, step_up.is_some()),
        email: step_up.map_or(typed, |signed_in| signed_in.user.email.clone()),
        sign_up: sign_up
            .then(|| format!("/signup?{}", encode([("return_to", return_to.as_str())]))),
        return_to,
        error,
        forgot: page.app.mailer.is_on(),
    };
    let mut response = html_with(status, &login)?;
    allow_form_target(&mut response, asking.and_then(|asking| asking.target));
    Ok(response)
}

/// Asks for any passkey, or for one of hers whose step-up this is.
async fn passkey_form(
    page: &Page,
    step_up: Option<&SignedIn>,
) -> Result<Option<PasskeyForm>, Failure> {
    let Some(signed_in) = step_up else {
        return PasskeyForm::ask(page, None);
    };
    let hers = page.app.store.passkeys_of(signed_in.user.id).await?;
    match hers.is_empty() {
        true => Ok(None),
        false => PasskeyForm::ask(page, Some((signed_in.user.id, &hers))),
    }
}

/// The app that somebody logs in for.
pub struct Asking {
    name: String,
    policies: Policies,
    login_hint: Option<String>,
    /// Where the forms of a page on the way to it may lead.
    pub target: Option<String>,
}

pub async fn asking_app(page: &Page, return_to: &str) -> Result<Option<Asking>, Failure> {
    let Some(query) = return_to
        .strip_prefix(AUTHORIZE)
        .and_then(|rest| rest.strip_prefix('?'))
    else {
        return Ok(None);
    };
    let Ok(params) = Params::parse(query.as_bytes()) else {
        return Ok(None);
    };
    let Some(id) = params.get("client_id").and_then(|id| id.parse().ok()) else {
        return Ok(None);
    };
    let Some(app) = page.app.store.app(id).await? else {
        return Ok(None);
    };
    let redirect = params
        .get("redirect_uri")
        .and_then(|uri| app.client.redirect(uri));
    Ok(Some(Asking {
        name: app.name.clone(),
        policies: Policies::of(&app),
        login_hint: params
            .get("login_hint")
            .filter(|hint| hint.len() <= 254)
            .map(str::to_owned),
        target: redirect.and_then(|uri| uri.csp_source()),
    }))
}

pub async fn submit(page: Page, fields: Fields) -> Answer {
    let return_to = local(fields.get("return_to").map(str::to_owned));
    if fields.get("action") == Some("switch") {
        let to = [("return_to", return_to.as_str()), ("switch", "1")];
        return Ok(see_other(&format!("/login?{}", encode(to))));
    }
    let typed = fields.text("email").to_owned();
    let entered = match check_password(&page, &typed, fields.text("password")).await? {
        Some(proof) => after_first(&page, proof, &return_to).await?,
        None => None,
    };
    match entered {
        Some(response) => Ok(response),
        None => {
            let step_up = page
                .visitor
                .signed_in
                .clone()
                .filter(|signed_in| signed_in.user.email == typed);
            form(&page, return_to, step_up, Some((typed, "login-wrong"))).await
        }
    }
}

/// Whose password this is. Unknown users cost the same time.
async fn check_password(
    page: &Page,
    typed: &str,
    password: &str,
) -> Result<Option<Proof>, Failure> {
    let (app, context) = (&page.app, &page.context);
    let (Ok(email), Ok(password)) = (
        Email::parse(typed.trim()),
        Password::new(password.to_owned()),
    ) else {
        app.metrics.login("refused");
        return Ok(None);
    };
    let key = email.canonical();
    app.count_login(context, &key).await?;
    let found = app.store.user_by_email(&key).await?;
    let stored = found.as_ref().and_then(|(_, hash)| hash.clone());
    let again = password.clone();
    let verification = app.verify_login(password, stored, &key).await?;
    let known = found.as_ref().map(|(user, _)| user.id);
    let right = verification != Verification::Mismatch;
    let Some((user, Some(mut hash))) =
        found.filter(|(user, _)| right && !user.disabled && comes_in_here(app, user))
    else {
        app.metrics.login("refused");
        app.count_refused_login(context.now).await?;
        // Whoever it was: it need not be the one whose account it is.
        let mut event = context.event(app, "login.refused", None);
        event.user = known;
        event.detail = key;
        app.store.record(event).await?;
        return Ok(None);
    };
    if verification == Verification::MatchNeedsRehash {
        let better = app.passwords.rehash(again, app.world.random()).await;
        let better = better.map_err(|_| Failure::Busy)?;
        if app.store.rehash_password(user.id, &hash, &better).await? {
            hash = better;
        }
    }
    app.forgive_login(context, &key).await?;
    app.metrics.login("accepted");
    Ok(Some(Proof {
        user: user.id,
        first: First::Password,
        password: Some(hash),
    }))
}

#[cfg(test)]
impl Login {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let plain = || Self {
            frame: Frame::sample_out(),
            why: Why::Visit,
            email: String::new(),
            return_to: "/".into(),
            error: None,
            forgot: true,
            elsewhere: Vec::new(),
            sign_up: Some("/signup".into()),
            passkey: Some(PasskeyForm::sample("get")),
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("login", plain()),
            (
                "login-app",
                Self {
                    why: Why::App("Clock".into(), Policies::default()),
                    email: "ada@example.org".into(),
                    return_to: "/-/oauth_authorize?client_id=1&state=a%26b".into(),
                    ..plain()
                },
            ),
            (
                "login-wrong",
                Self {
                    why: Why::App(
                        hostile.into(),
                        Policies {
                            policy: Some(format!("https://clock.example/?{hostile}")),
                            terms: None,
                        },
                    ),
                    email: hostile.into(),
                    return_to: hostile.into(),
                    error: Some("login-wrong"),
                    sign_up: None,
                    forgot: false,
                    elsewhere: vec![Door {
                        name: hostile.into(),
                        href: hostile.into(),
                    }],
                    ..plain()
                },
            ),
            (
                "login-elsewhere",
                Self {
                    elsewhere: ["Example ID", "The other one"].map(Door::sample).into(),
                    ..plain()
                },
            ),
            (
                "login-connect",
                Self {
                    why: Why::Connect,
                    ..plain()
                },
            ),
            (
                "login-ended",
                Self {
                    frame: Frame::sample_out()
                        .saying(Notice::Trouble(Failure::SessionEnded.say(super::spoken()))),
                    ..plain()
                },
            ),
            (
                "login-step-up",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    why: Why::StepUp(None),
                    email: "ada@example.org".into(),
                    passkey: None,
                    ..plain()
                },
            ),
            (
                "login-step-up-app",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    why: Why::StepUp(Some(hostile.into())),
                    email: "ada@example.org".into(),
                    passkey: None,
                    ..plain()
                },
            ),
        ]
    }
}
