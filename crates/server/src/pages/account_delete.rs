//! `/account/delete`: the end of an account, which its user confirms by her address.

use super::{
    Field, Frame, Place,
    confirm::{Confirm, Typed},
    page::{Page, html, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
};
use axum::http::StatusCode;
use grantor_store::deletion::Deleted;

pub async fn show(page: Page) -> Answer {
    html(&deletion(&page, Field::default()).await?)
}

/// With what goes, as it is now.
async fn deletion(page: &Page, field: Field) -> Result<Confirm, Failure> {
    let (store, user) = (&page.app.store, page.user()?);
    let apps = store.apps_of(user.id).await?.len();
    let connected = store.grants_of(user.id).await?.len();
    let tokens = store.personal_tokens_of(user.id).await?.len();
    let days = page.app.config.storage.audit_retention.as_seconds() / 86_400;
    let goes = [
        ("account-delete-apps", apps),
        ("account-delete-grants", connected),
        ("account-delete-tokens", tokens),
    ];
    let frame = page.frame(Place::Account);
    Ok(question(frame, &user.email, (goes, days), field))
}

/// `goes`: how much of what, and for how many days the log keeps what was.
fn question(
    frame: Frame,
    email: &str,
    (goes, days): ([(&'static str, usize); 3], i64),
    field: Field,
) -> Confirm {
    let language = frame.language;
    let counted = goes.into_iter().filter(|(_, count)| *count > 0);
    let mut consequences: Vec<_> = counted
        .map(|(id, count)| language.say(id).number("n", count).plain())
        .collect();
    consequences.extend([
        language.text("account-delete-signed-out"),
        language.text("account-delete-removed"),
        language
            .say("account-delete-log")
            .number("days", days)
            .plain(),
        language.text("account-delete-for-good"),
    ]);
    Confirm {
        frame,
        title: language.text("account-delete-title"),
        subject: Some(email.to_owned()),
        consequences,
        action: "/account/delete".into(),
        button: language.text("account-delete-button"),
        back: "/account".into(),
        typed: Some(Typed {
            wanted: email.to_owned(),
            field,
        }),
    }
}

pub async fn delete(page: Page, fields: Fields) -> Answer {
    let user = page.user()?;
    let typed = fields.text("confirm").trim();
    if typed != user.email {
        return refuse(&page, typed, "account-delete-wrong").await;
    }
    let mut event = page.event("user.deleted")?;
    event.user = Some(user.id);
    let (store, language) = (&page.app.store, page.app.language_of(user));
    match store.delete_user(user.id, language, event).await? {
        Deleted::Done => Ok(see_other("/?done=deleted")),
        Deleted::OnlyAdministrator => refuse(&page, typed, "account-delete-only-admin").await,
        Deleted::Gone => Err(Failure::SessionEnded),
    }
}

async fn refuse(page: &Page, typed: &str, why: &'static str) -> Answer {
    let field = Field::wrong(typed, page.context.language.text(why));
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &deletion(page, field).await?,
    )
}

#[cfg(test)]
pub fn samples() -> Vec<(&'static str, Confirm)> {
    let goes = [
        ("account-delete-apps", 2),
        ("account-delete-grants", 3),
        ("account-delete-tokens", 1),
    ];
    let wrong = Field::wrong("ada", super::spoken().text("account-delete-wrong"));
    let frame = Frame::sample(Place::Account);
    vec![(
        "account-delete-wrong",
        question(frame, "ada@example.org", (goes, 400), wrong),
    )]
}
