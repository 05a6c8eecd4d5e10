//! `/password/forgot`: a link to set a new password, for whoever reads at the address of an
//! account. The answer is the same whether or not there is one.

use askama::Template;

use super::{Field, Frame};
use super::{
    Place,
    page::{Page, html, html_with},
};
use crate::{
    app::App,
    client_address,
    context::Fields,
    failure::{Answer, Failure},
    mail::links::{self, For},
    sign_in::comes_in_here,
    throttle::{RESETS, RESETS_OF_ACCOUNT},
};
use axum::http::StatusCode;
use grantor_protocol::email::Email;
use grantor_store::user_links::Purpose;
use tokio::time::{Duration, Instant, sleep_until};

/// Posts `email` to `/password/forgot`.
#[derive(Template)]
#[template(path = "forgot.html")]
pub struct Forgot {
    pub frame: Frame,
    pub email: Field,
    /// Whether the mail is on its way, if there is anybody to send it to.
    pub sent: bool,
}

/// How long the answer takes in any case: what is left of the difference that an account makes
/// does not show.
pub const SAME_FOR_ALL: Duration = Duration::from_millis(100);
pub const NO_MAIL: Failure = Failure::Forbidden("failure-no-mail");
const CROWDED: Failure = Failure::Forbidden("failure-crowded");

/// Whether there is room for a mail that anybody can ask for.
pub async fn assert_room(app: &App) -> Result<(), Failure> {
    match app.store.waiting_mails().await?.is_crowded() {
        true => Err(CROWDED),
        false => Ok(()),
    }
}

pub async fn show(page: Page) -> Answer {
    if !page.app.mailer.is_on() {
        return Err(NO_MAIL);
    }
    let email = Field::of(page.query("email").unwrap_or_default());
    html(&Forgot {
        frame: page.frame(Place::Elsewhere),
        email,
        sent: false,
    })
}

pub async fn submit(page: Page, fields: Fields) -> Answer {
    let (app, context) = (&page.app, &page.context);
    if !app.mailer.is_on() {
        return Err(NO_MAIL);
    }
    let frame = page.frame(Place::Elsewhere);
    let typed = fields.text("email");
    let email = match Email::parse(typed) {
        Ok(email) => email,
        Err(error) => {
            let email = Field::wrong(typed, context.language.wrong_email(error));
            let sent = false;
            return html_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &Forgot { frame, email, sent },
            );
        }
    };
    let network = client_address::prefix(context.address).to_string();
    app.count(RESETS, &network, context.now).await?;
    let answered = Instant::now() + SAME_FOR_ALL;
    assert_room(app).await?;
    let key = email.canonical();
    // Nobody can keep a user from her links by asking for more of them.
    match app.count(RESETS_OF_ACCOUNT, &key, context.now).await {
        Ok(()) => mail_link(&page, &key, &email).await?,
        Err(Failure::Throttled(_)) => {}
        Err(failure) => return Err(failure),
    }
    sleep_until(answered).await;
    html(&Forgot {
        frame,
        email: Field::of(email.as_str()),
        sent: true,
    })
}

/// The same work, and the same statements, for an address without an account.
async fn mail_link(page: &Page, key: &str, typed: &Email) -> Result<(), Failure> {
    const NOBODY: i64 = 0;
    let (app, context) = (&page.app, &page.context);
    let found = app.store.user_by_email(key).await?;
    let found = found.filter(|(user, _)| comes_in_here(app, user));
    let account = match &found {
        Some((user, password)) => For {
            password: password.as_deref(),
            ..For::user(user, context.language)
        },
        None => For {
            user: NOBODY,
            email: typed.as_str(),
            password: None,
            language: context.language,
        },
    };
    let to = Email::from_stored(account.email.to_owned());
    let link = links::make(app, Purpose::Reset, account, &to, context.now)?;
    let mut event = context.event(app, "password.reset_asked", None);
    event.user = found.as_ref().map(|(user, _)| user.id);
    event.detail = key.to_owned();
    app.store
        .mail_user_link(&link, Some(event), context.now)
        .await?;
    Ok(())
}

#[cfg(test)]
impl Forgot {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use grantor_protocol::email::EmailError;
        let page = |email, sent| Self {
            frame: Frame::sample_out(),
            email,
            sent,
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("forgot", page(Field::default(), false)),
            (
                "forgot-wrong",
                page(
                    Field::wrong(hostile, super::spoken().wrong_email(EmailError::At)),
                    false,
                ),
            ),
            ("forgot-sent", page(Field::of("ada@example.org"), true)),
            ("forgot-sent-hostile", page(Field::of(hostile), true)),
        ]
    }
}
