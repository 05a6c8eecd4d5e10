//! `/account/address`: the address of the account, whether it is known to be hers, and
//! another one instead. `/address/confirm`: what the links in those mails lead to.

use askama::Template;

use super::{Field, Frame};
use super::{
    Place,
    forgot::{NO_MAIL, assert_room},
    new_password::SPENT,
    page::{Page, html, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    mail::links::{self, For},
    sign_in::comes_in_here,
    throttle::MAILS,
};
use axum::http::StatusCode;
use grantor_protocol::email::Email;
use grantor_store::{
    audit::Event,
    user_links::{Changed, Link, Purpose},
};

/// Posts `email` to `/account/address`, and nothing but its token to
/// `/account/address/verify`.
#[derive(Template)]
#[template(path = "address.html")]
pub struct Address {
    pub frame: Frame,
    pub current: String,
    pub verified: bool,
    pub email: Field,
    /// Where a link was mailed.
    pub mailed_to: Option<String>,
}

/// Posts `token` to `/address/confirm`.
#[derive(Template)]
#[template(path = "confirm_address.html")]
pub struct ConfirmAddress {
    pub frame: Frame,
    pub email: String,
    /// The address that it takes the place of; `None`: it is the account's already.
    pub instead_of: Option<String>,
    pub token: String,
}

const THE_PLATFORMS: Failure = Failure::Forbidden("failure-address-elsewhere");
pub const TAKEN: Failure = Failure::Forbidden("failure-address-taken");
const ANOTHERS: Failure = Failure::Forbidden("failure-anothers-link");
const DONE: &[(&str, &str)] = &[
    ("verified", "address-done-verified"),
    ("changed", "address-done-changed"),
];

fn assert_own(page: &Page) -> Result<(), Failure> {
    match comes_in_here(&page.app, page.user()?) {
        true => Ok(()),
        false => Err(THE_PLATFORMS),
    }
}

fn page_with(page: &Page, email: Field, mailed_to: Option<String>) -> Result<Address, Failure> {
    if !page.app.mailer.is_on() {
        return Err(NO_MAIL);
    }
    let user = page.user()?;
    assert_own(page)?;
    Ok(Address {
        frame: page.frame_telling(Place::Account, DONE),
        current: user.email.clone(),
        verified: user.email_verified,
        email,
        mailed_to,
    })
}

pub async fn show(page: Page) -> Answer {
    let typed = Field::of(page.query("email").unwrap_or_default());
    html(&page_with(&page, typed, None)?)
}

/// Mails a link to the address that she wants instead. Whether it has an account is found
/// out by whoever reads there.
pub async fn change(page: Page, fields: Fields) -> Answer {
    let (app, now) = (&page.app, page.context.now);
    let user = page.user()?;
    let typed = fields.text("email");
    let same = |email: &Email| email.as_str() == user.email;
    let wrong = match Email::parse(typed) {
        Ok(email) if same(&email) => page.context.language.text("address-same"),
        Ok(email) => {
            let answer = page_with(&page, Field::default(), Some(email.as_str().to_owned()))?;
            app.count(MAILS, &user.id.to_string(), now).await?;
            let event = page.event("address.change_asked")?;
            mail(&page, Purpose::Change, &email, event).await?;
            return html(&answer);
        }
        Err(error) => page.context.language.wrong_email(error),
    };
    let answer = page_with(&page, Field::wrong(typed, wrong), None)?;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &answer)
}

/// Mails the link to verify the address again.
pub async fn verify_again(page: Page) -> Answer {
    let user = page.user()?;
    let answer = page_with(&page, Field::default(), Some(user.email.clone()))?;
    if user.email_verified {
        return Ok(see_other("/account/address?done=verified"));
    }
    let (app, now) = (&page.app, page.context.now);
    app.count(MAILS, &user.id.to_string(), now).await?;
    let email = Email::from_stored(user.email.clone());
    let event = page.event("address.verification_asked")?;
    mail(&page, Purpose::Verify, &email, event).await?;
    html(&answer)
}

async fn mail(
    page: &Page,
    purpose: Purpose,
    email: &Email,
    mut event: Event,
) -> Result<(), Failure> {
    let (app, now) = (&page.app, page.context.now);
    assert_room(app).await?;
    event.detail = email.as_str().to_owned();
    let account = For::user(page.user()?, page.context.language);
    let link = links::make(app, purpose, account, email, now)?;
    Ok(app.store.mail_user_link(&link, Some(event), now).await?)
}

/// The link of either purpose, if it is for whoever is signed in.
async fn find(page: &Page, token: &str) -> Result<(Link, Purpose), Failure> {
    assert_own(page)?;
    let user = page.user()?.id;
    for purpose in [Purpose::Verify, Purpose::Change] {
        if let Some(link) = links::find(&page.app, token, purpose, page.context.now).await? {
            return match link.user == user {
                true => Ok((link, purpose)),
                false => Err(ANOTHERS),
            };
        }
    }
    Err(SPENT)
}

pub async fn show_confirm(page: Page) -> Answer {
    // Whoever had to sign in meanwhile has the link in her mail still.
    let Some(token) = page.query("token") else {
        return show(page).await;
    };
    let (link, purpose) = find(&page, &token).await?;
    let instead_of = match purpose {
        Purpose::Change => Some(page.user()?.email.clone()),
        _ => None,
    };
    html(&ConfirmAddress {
        frame: page.frame(Place::Account),
        email: link.email,
        instead_of,
        token,
    })
}

pub async fn confirm(page: Page, fields: Fields) -> Answer {
    let (link, purpose) = find(&page, fields.text("token")).await?;
    match purpose {
        Purpose::Change => change_to(&page, link).await,
        _ => {
            let mut event = page.event("address.verified")?;
            event.detail = link.email.clone();
            match page.app.store.verify_address(&link, event).await? {
                true => Ok(see_other("/account/address?done=verified")),
                false => Err(SPENT),
            }
        }
    }
}

/// Whoever reads at the old address is told, with a way back; if it is known to be hers.
async fn change_to(page: &Page, link: Link) -> Answer {
    let (app, now) = (&page.app, page.context.now);
    let user = page.user()?;
    let old = Email::from_stored(user.email.clone());
    let back = match user.email_verified {
        true => {
            let account = For::user(user, page.context.language);
            Some(links::make(app, Purpose::Restore, account, &old, now)?)
        }
        false => None,
    };
    let mut event = page.event("address.changed")?;
    event.detail = link.email.clone();
    match app
        .store
        .change_address(&link, back.as_ref(), event)
        .await?
    {
        Changed::Done => Ok(see_other("/account/address?done=changed")),
        Changed::Spent => Err(SPENT),
        Changed::Taken => Err(TAKEN),
    }
}

#[cfg(test)]
impl Address {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use grantor_protocol::email::EmailError;
        let page = |verified, email| Self {
            frame: Frame::sample(Place::Account),
            current: "ada@example.org".into(),
            verified,
            email,
            mailed_to: None,
        };
        let hostile = super::tests::HOSTILE;
        let sent = |to: &str| Self {
            mailed_to: Some(to.into()),
            ..page(false, Field::default())
        };
        vec![
            ("address", page(true, Field::default())),
            ("address-unverified", page(false, Field::default())),
            ("address-sent", sent("ada@new.example")),
            (
                "address-wrong",
                Self {
                    current: hostile.into(),
                    mailed_to: Some(hostile.into()),
                    ..page(
                        false,
                        Field::wrong(hostile, super::spoken().wrong_email(EmailError::At)),
                    )
                },
            ),
        ]
    }
}

#[cfg(test)]
impl ConfirmAddress {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |email: &str, instead_of: Option<&str>| Self {
            frame: Frame::sample(Place::Account),
            email: email.into(),
            instead_of: instead_of.map(str::to_owned),
            token: "gr_va_0a1B2c3D".into(),
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("address-verify", page("ada@example.org", None)),
            (
                "address-change",
                page("ada@new.example", Some("ada@example.org")),
            ),
            ("address-change-hostile", page(hostile, Some(hostile))),
        ]
    }
}
