//! `/password/reset` and `/address/restore`: what the links in mails lead to that ask for a
//! new password. Looking changes nothing: mail programs look, too.

use askama::Template;

use super::Frame;
use super::{
    Place,
    page::{Page, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    mail::links,
    sign_in::{Proof, after_first, comes_in_here},
};
use axum::http::StatusCode;
use grantor_protocol::{email::Email, openid::login::First};
use grantor_store::{
    audit::Event,
    user_links::{Changed, Link, Purpose},
};

/// Posts `token` and `password` to where it is.
#[derive(Template)]
#[template(path = "new_password.html")]
pub struct NewPassword {
    pub frame: Frame,
    pub does: Does,
    /// Of the account.
    pub email: String,
    pub token: String,
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Reset,
    /// Brings the address back, too.
    Restore,
}

impl Does {
    fn purpose(self) -> Purpose {
        match self {
            Self::Reset => Purpose::Reset,
            Self::Restore => Purpose::Restore,
        }
    }

    /// Where it leads, and is told.
    fn done(self) -> &'static str {
        match self {
            Self::Reset => "/account?done=password",
            Self::Restore => "/account?done=restored",
        }
    }

    pub fn action(self) -> &'static str {
        match self {
            Self::Reset => "/password/reset",
            Self::Restore => "/address/restore",
        }
    }
}

pub const SPENT: Failure = Failure::Forbidden("failure-link-spent");

pub async fn show_reset(page: Page) -> Answer {
    show(page, Does::Reset).await
}

pub async fn show_restore(page: Page) -> Answer {
    show(page, Does::Restore).await
}

pub async fn reset(page: Page, fields: Fields) -> Answer {
    submit(page, fields, Does::Reset).await
}

pub async fn restore(page: Page, fields: Fields) -> Answer {
    submit(page, fields, Does::Restore).await
}

async fn find(page: &Page, token: &str, does: Does) -> Result<Link, Failure> {
    let app = &page.app;
    let link = links::find(app, token, does.purpose(), page.context.now).await?;
    let link = link.ok_or(SPENT)?;
    let user = app.store.user(link.user).await?;
    let own = user.is_some_and(|user| comes_in_here(app, &user));
    own.then_some(link).ok_or(SPENT)
}

async fn show(page: Page, does: Does) -> Answer {
    let token = page.query("token").unwrap_or_default();
    let link = find(&page, &token, does).await?;
    form(&page, does, link, token, None)
}

fn form(page: &Page, does: Does, link: Link, token: String, error: Option<String>) -> Answer {
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let form = NewPassword {
        frame: page.frame(Place::Elsewhere),
        does,
        email: link.email,
        token,
        error,
    };
    html_with(status, &form)
}

async fn submit(page: Page, fields: Fields, does: Does) -> Answer {
    let (app, context) = (&page.app, &page.context);
    let token = fields.text("token").to_owned();
    let link = find(&page, &token, does).await?;
    let user = app.store.user(link.user).await?;
    let name = user.map_or_else(String::new, |user| user.name.clone());
    let about = [&*name, &*link.email];
    let hash = match app
        .hash_new_password(fields.text("password"), &about)
        .await?
    {
        Ok(hash) => hash,
        Err(error) => {
            return form(
                &page,
                does,
                link,
                token,
                Some(context.language.wrong_password(error)),
            );
        }
    };
    let event = |kind| Event {
        user: Some(link.user),
        ..context.event(app, kind, Some(link.user))
    };
    match does {
        Does::Reset => {
            let event = event("password.reset");
            if !app.store.reset_password(&link, &hash, event).await? {
                return Err(SPENT);
            }
        }
        Does::Restore => {
            let mut event = event("address.restored");
            event.detail = link.email.clone();
            match app.store.restore_address(&link, &hash, event).await? {
                Changed::Done => {}
                Changed::Spent => return Err(SPENT),
                Changed::Taken => return Err(super::address::TAKEN),
            }
        }
    }
    let email = Email::from_stored(link.email.clone());
    app.forgive_login(context, &email.canonical()).await?;
    let proof = Proof {
        user: link.user,
        first: First::Password,
        password: Some(hash),
    };
    let entered = after_first(&page, proof, does.done()).await?;
    entered.ok_or(SPENT)
}

#[cfg(test)]
impl NewPassword {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |does, email: &str, error| Self {
            frame: Frame::sample_out(),
            does,
            email: email.into(),
            token: "gr_rp_0a1B2c3D".into(),
            error,
        };
        let hostile = super::tests::HOSTILE;
        let short = super::spoken().wrong_password(crate::passwords::Refused::TooShort);
        vec![
            ("password-reset", page(Does::Reset, "ada@example.org", None)),
            (
                "password-reset-wrong",
                page(Does::Reset, hostile, Some(short)),
            ),
            (
                "address-restore",
                page(Does::Restore, "ada@example.org", None),
            ),
        ]
    }
}
