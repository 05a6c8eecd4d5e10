//! `/apps/<id>/delete`: the end of an app, which its owner confirms by its name.

use super::{
    Field, Frame, Place,
    app::own_app,
    confirm::{Confirm, Typed},
    page::{Named, Page, ended, html, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
};
use axum::http::StatusCode;

const LIST: &str = "/apps";

pub async fn show(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    let frame = page.frame(Place::Apps);
    html(&deletion(frame, id, &app.name, Field::default()))
}

fn deletion(frame: Frame, id: i64, name: &str, field: Field) -> Confirm {
    let language = frame.language;
    Confirm {
        frame,
        title: language.text("app-delete-title"),
        subject: Some(name.to_owned()),
        consequences: vec![
            language.text("app-delete-access"),
            language.text("app-delete-id"),
        ],
        action: format!("/apps/{id}/delete"),
        button: language.text("app-delete-button"),
        back: format!("/apps/{id}"),
        typed: Some(Typed {
            wanted: name.to_owned(),
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
            &deletion(page.frame(Place::Apps), id, &app.name, field),
        );
    }
    let mut event = page.event("app.deleted")?;
    event.app = Some(id);
    event.detail.clone_from(&app.name);
    let is_done = page.app.store.delete_app(id, app.owner, event).await?;
    ended(is_done, LIST, "deleted")
}

#[cfg(test)]
pub fn samples() -> Vec<(&'static str, Confirm)> {
    let hostile = super::tests::HOSTILE;
    let wrong = Field::wrong(hostile, super::spoken().text("app-delete-wrong"));
    let page = |name, field| deletion(Frame::sample(Place::Apps), 7416, name, field);
    vec![
        ("app-delete", page("Clock", Field::default())),
        ("app-delete-wrong", page(hostile, wrong)),
    ]
}
