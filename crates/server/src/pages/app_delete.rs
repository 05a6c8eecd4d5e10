//! `/apps/<id>/delete`: the end of an app, which its owner confirms by its name.

use super::{
    Field, Place,
    app::own_app,
    confirm::{Confirm, Typed},
    page::{Named, Page, ended, html, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
};
use axum::http::StatusCode;
use grantor_store::apps as records;

const LIST: &str = "/apps";

pub async fn show(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    html(&deletion(&page, &app, Field::default()))
}

fn deletion(page: &Page, app: &records::App, field: Field) -> Confirm {
    let language = page.context.language;
    Confirm {
        frame: page.frame(Place::Apps),
        title: language.text("app-delete-title"),
        subject: Some(app.name.clone()),
        consequences: vec![
            language.text("app-delete-access"),
            language.text("app-delete-id"),
        ],
        action: format!("/apps/{}/delete", app.client.id),
        button: language.text("app-delete-button"),
        back: format!("/apps/{}", app.client.id),
        typed: Some(Typed {
            wanted: app.name.clone(),
            field,
        }),
    }
}

pub async fn delete(page: Page, Named(id): Named<i64>, fields: Fields) -> Answer {
    let app = match own_app(&page, id).await {
        Err(Failure::NotFound) => return ended(false, LIST, "deleted"),
        app => app?,
    };
    let typed = fields.text("confirm").trim();
    if typed != app.name {
        let field = Field::wrong(typed, page.context.language.text("app-delete-wrong"));
        return html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &deletion(&page, &app, field),
        );
    }
    let mut event = page.event("app.deleted")?;
    event.app = Some(id);
    event.detail.clone_from(&app.name);
    let is_done = page.app.store.delete_app(id, app.owner, event).await?;
    ended(is_done, LIST, "deleted")
}
