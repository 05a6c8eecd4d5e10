//! `/account/delete`: the end of an account, which its user confirms by her address.

use super::{
    Field, Place,
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
    let counted = [
        (
            apps,
            format!(
                "Apps of yours that are deleted, and with them the access of everybody who connected one: {apps}."
            ),
        ),
        (
            connected,
            format!("Apps that act for you and lose their access at once: {connected}."),
        ),
        (
            tokens,
            format!("Personal access tokens that stop working at once: {tokens}."),
        ),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0);
    let mut consequences: Vec<_> = counted.map(|(_, sentence)| sentence).collect();
    consequences.extend([
        "You are signed out everywhere.".into(),
        "Your name, email address, photo and details are removed; the address is free for another account.".into(),
        format!("The security log keeps what happened for {days} days, under a number instead of your name."),
        "Nobody can bring the account back.".into(),
    ]);
    Ok(Confirm {
        frame: page.frame(Place::Account),
        title: "Delete your account?".into(),
        subject: Some(user.email.clone()),
        consequences,
        action: "/account/delete".into(),
        button: "Delete my account".into(),
        back: "/account".into(),
        typed: Some(Typed {
            wanted: user.email.clone(),
            field,
        }),
    })
}

pub async fn delete(page: Page, fields: Fields) -> Answer {
    let user = page.user()?;
    let typed = fields.text("confirm").trim();
    if typed != user.email {
        return refuse(&page, typed, "This is not the account’s email address.").await;
    }
    let mut event = page.event("user.deleted")?;
    event.user = Some(user.id);
    match page.app.store.delete_user(user.id, event).await? {
        Deleted::Done => Ok(see_other("/?done=deleted")),
        Deleted::OnlyAdministrator => {
            let why = "You are the only administrator. Somebody else has to be one first.";
            refuse(&page, typed, why).await
        }
        Deleted::Gone => Err(Failure::SessionEnded),
    }
}

async fn refuse(page: &Page, typed: &str, why: &str) -> Answer {
    let field = Field::wrong(typed, why);
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &deletion(page, field).await?,
    )
}
