//! Making a passkey.

use askama::Template;

use super::event;
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    pages::{
        Field, Frame, Place,
        factors::recovery,
        format,
        page::{Page, html_with},
        passkey_form::PasskeyForm,
    },
    passkeys::keeper,
};
use axum::http::StatusCode;
use grantor_protocol::openid::login::Keeper;
use grantor_store::{passkeys::Passkey, users::User};

/// Passkeys that one user may have.
const LIMIT: i64 = 20;
/// A message.
pub const NOT_MADE: &str = "factor-passkey-not-made";

/// Posts `name` and what the script adds to `/account/factors/passkey`.
#[derive(Template)]
#[template(path = "factor_passkey.html")]
pub struct FactorPasskey {
    pub frame: Frame,
    pub name: Field,
    pub passkey: Option<PasskeyForm>,
    pub error: Option<String>,
}

pub async fn show(page: Page) -> Answer {
    super::offered(&page, false)?;
    form(&page, None).await
}

async fn form(page: &Page, error: Option<&'static str>) -> Answer {
    let user = page.user()?;
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    html_with(
        status,
        &FactorPasskey {
            frame: page.frame(Place::Account),
            name: Field::of(format::device(
                page.context.user_agent(),
                page.context.language,
            )),
            passkey: PasskeyForm::create(page, user, "/account/factors/passkey").await?,
            error: error.map(|id| page.context.language.text(id)),
        },
    )
}

pub async fn submit(page: Page, fields: Fields) -> Answer {
    super::offered(&page, false)?;
    match add(&page, page.user()?, &fields).await? {
        Some((_, codes)) if codes.is_empty() => Ok(see_other("/account/factors?done=passkey")),
        Some((_, codes)) => recovery::shown(&page, codes, "/account/factors?done=passkey", false),
        None => form(&page, Some(NOT_MADE)).await,
    }
}

/// Stores the passkey that was made; where it is kept, and recovery codes, if she had none.
pub async fn add(
    page: &Page,
    user: &User,
    fields: &Fields,
) -> Result<Option<(Keeper, Vec<String>)>, Failure> {
    let Some(passkeys) = &page.app.passkeys else {
        return Ok(None);
    };
    let Some((new, challenge)) = passkeys.registered(page, user.id, fields) else {
        return Ok(None);
    };
    let device = || format::device(page.context.user_agent(), page.context.language);
    let new = Passkey {
        name: name(fields.text("name")).unwrap_or_else(device),
        ..new
    };
    let (codes, recovery) = recovery::first(page, user.id).await?;
    let mut event = event(page, user.id, "passkey.added")?;
    event.detail.clone_from(&new.name);
    let with = (&challenge, recovery.as_slice());
    let added = page.app.store.add_passkey(&new, with, LIMIT, event).await?;
    Ok(added.then(|| (keeper(&new), codes)))
}

/// What a user calls a passkey: a short line, if it is one.
pub fn name(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let fits = (1..=60).contains(&typed.chars().count());
    (fits && !typed.contains(char::is_control)).then(|| typed.to_owned())
}

#[cfg(test)]
impl FactorPasskey {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let with = |name: &str, error: Option<&'static str>| Self {
            frame: Frame::sample(Place::Account),
            name: Field::of(name),
            passkey: Some(PasskeyForm::sample("create")),
            error: error.map(|id| crate::pages::spoken().text(id)),
        };
        let hostile = crate::pages::tests::HOSTILE;
        let device = format::device("X11; Linux) Firefox/140.0", crate::pages::spoken());
        vec![
            ("factor-passkey", with(&device, None)),
            ("factor-passkey-wrong", with(hostile, Some(NOT_MADE))),
        ]
    }
}
