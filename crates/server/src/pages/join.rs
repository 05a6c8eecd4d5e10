//! `/signup` where accounts are made by mail: whether an address has one is told to whoever
//! reads there, and to nobody else.

use askama::Template;

use super::{Field, Frame};
use super::{
    Place,
    forgot::{SAME_FOR_ALL, assert_room},
    page::{Page, html, html_with},
};
use crate::{
    app::App,
    client_address,
    context::Fields,
    failure::{Answer, Failure},
    mail::links,
    throttle::{SIGN_UP, SIGN_UP_MAILS},
};
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::{
    email::Email,
    form::encode,
    time::{Millis, Timestamp},
};
use grantor_store::mails::NewMail;
use tokio::time::{Instant, sleep_until};

/// Posts `email` and `return_to` to `/signup`.
#[derive(Template)]
#[template(path = "join.html")]
pub struct Join {
    pub frame: Frame,
    pub email: Field,
    pub return_to: String,
    /// The login page, with the way back in it.
    pub sign_in: String,
    pub sent: bool,
}

/// How long a link works.
const LIFETIME: Millis = Millis::days(1);
/// A longer way back does not fit into the address of a page.
const LONGEST_WAY: usize = 3000;

/// What a link brings. It is signed and kept nowhere; it works once because an address has one
/// account.
pub struct Invitation {
    pub email: Email,
    pub return_to: String,
}

impl Invitation {
    fn message<'a>(until: &'a str, email: &'a str, return_to: &'a str) -> [&'a [u8]; 4] {
        [
            b"sign-up",
            until.as_bytes(),
            email.as_bytes(),
            return_to.as_bytes(),
        ]
    }

    pub fn sign(&self, app: &App, until: Timestamp) -> String {
        let until = until.0.to_string();
        let (email, return_to) = (self.email.as_str(), self.return_to.as_str());
        let tag = app
            .keys
            .now()
            .sign(&Self::message(&until, email, return_to));
        let [email, return_to] = [email, return_to].map(|it| BASE64_URL_SAFE_NO_PAD.encode(it));
        format!("{until}.{email}.{return_to}.{tag}")
    }

    /// `None`: too old, or not what this server signed.
    pub fn read(app: &App, text: &str, now: Timestamp) -> Option<Self> {
        let parts: Vec<_> = text.split('.').collect();
        let [until, email, return_to, tag] = parts[..] else {
            return None;
        };
        let decode = |part: &str| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let (email, return_to) = (decode(email)?, decode(return_to)?);
        let message = Self::message(until, &email, &return_to);
        let signed = app.keys.now().verify(&message, tag);
        let until = until.parse().ok().map(Timestamp)?;
        (signed && now < until).then_some(Self {
            email: Email::from_stored(email),
            return_to,
        })
    }
}

fn page_with(page: &Page, email: Field, return_to: String, sent: bool) -> Join {
    Join {
        frame: page.frame(Place::Elsewhere),
        email,
        sign_in: format!("/login?{}", encode([("return_to", return_to.as_str())])),
        return_to,
        sent,
    }
}

pub fn show(page: Page, return_to: String) -> Answer {
    html(&page_with(&page, Field::default(), return_to, false))
}

pub async fn submit(page: Page, fields: Fields, return_to: String) -> Answer {
    let (app, context) = (&page.app, &page.context);
    let typed = fields.text("email");
    let email = match Email::parse(typed) {
        Ok(email) => email,
        Err(error) => {
            let email = Field::wrong(typed, context.language.wrong_email(error));
            let form = page_with(&page, email, return_to, false);
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
        }
    };
    let network = client_address::prefix(context.address).to_string();
    app.count(SIGN_UP, &network, context.now).await?;
    let answered = Instant::now() + SAME_FOR_ALL;
    assert_room(app).await?;
    let key = email.canonical();
    match app.count(SIGN_UP_MAILS, &key, context.now).await {
        Ok(()) => mail(&page, &email, &return_to).await?,
        Err(Failure::Throttled(_)) => {}
        Err(failure) => return Err(failure),
    }
    sleep_until(answered).await;
    let email = Field::of(email.as_str());
    html(&page_with(&page, email, return_to, true))
}

/// The same statements for an address with an account and for one without.
async fn mail(page: &Page, email: &Email, return_to: &str) -> Result<(), Failure> {
    let (app, context) = (&page.app, &page.context);
    let found = app.store.user_by_email(&email.canonical()).await?;
    let way = Some(return_to).filter(|way| way.len() <= LONGEST_WAY);
    let invitation = Invitation {
        email: email.clone(),
        return_to: way.unwrap_or("/").to_owned(),
    };
    let until = context.now + LIFETIME;
    let (id, token) = (app.world.new_id(context.now), invitation.sign(app, until));
    let sealed = links::seal(app, id, &token);
    let kind = match found {
        Some(_) => "sign_up.known",
        None => "sign_up",
    };
    let new = NewMail {
        id,
        kind,
        email: found
            .as_ref()
            .map_or(email.as_str(), |(user, _)| &user.email),
        link: sealed.ok_or_else(|| Failure::Internal("no key for links".into()))?,
        language: context.language.tag(),
        until,
    };
    let mut event = context.event(app, "account.asked_for", None);
    event.user = found.as_ref().map(|(user, _)| user.id);
    event.detail = email.canonical();
    Ok(app.store.mail_to_address(&new, event).await?)
}

#[cfg(test)]
impl Join {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use grantor_protocol::email::EmailError;
        let page = |email, sent| Self {
            frame: Frame::sample_out(),
            email,
            return_to: "/".into(),
            sign_in: "/login".into(),
            sent,
        };
        let hostile = super::tests::HOSTILE;
        let wrong = Field::wrong(hostile, super::spoken().wrong_email(EmailError::At));
        vec![
            ("join", page(Field::default(), false)),
            ("join-wrong", page(wrong, false)),
            ("join-sent", page(Field::of("ada@example.org"), true)),
        ]
    }
}
