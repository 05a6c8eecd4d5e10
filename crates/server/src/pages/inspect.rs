//! `/apps/inspect`: what a token says about itself. The token is never sent back.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Frame, ScopeLine};
use super::{
    Place,
    page::{Page, html},
};
use crate::{
    client_address,
    context::Fields,
    failure::{Answer, Failure},
    oauth::introspect::inspect,
    throttle::INSPECTIONS,
};
use grantor_protocol::scope::ScopeSet;

/// Posts `token` to `/apps/inspect`.
#[derive(Template)]
#[template(path = "inspect.html")]
pub struct Inspect {
    pub frame: Frame,
    /// Of the token that was asked about.
    pub answer: Option<Inspected>,
}

pub enum Inspected {
    Active(ActiveToken),
    /// Foreign, mistyped, expired or ended: nobody is told which.
    Inactive,
}

pub struct ActiveToken {
    /// The message that says what it is.
    pub kind: &'static str,
    pub scopes: Vec<ScopeLine>,
    /// The app that holds it, by name; a personal access token has none.
    pub app: Option<String>,
    pub client_id: Option<String>,
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    /// Whether it ends with the browser session that it came of.
    pub with_session: bool,
}

pub async fn show(page: Page) -> Answer {
    html(&Inspect {
        frame: page.frame(Place::Apps),
        answer: None,
    })
}

/// What `token_info` says, in words.
pub async fn submit(page: Page, fields: Fields) -> Answer {
    let (app, context) = (&page.app, &page.context);
    app.count(
        INSPECTIONS,
        &client_address::prefix(context.address).to_string(),
        context.now,
    )
    .await?;
    let found = inspect(app, fields.text("token").trim(), context.now).await?;
    let answer = match found {
        None => Inspected::Inactive,
        Some(found) => {
            let holder = match found.app {
                Some(id) => app.store.app(id).await?,
                None => None,
            };
            let scopes = ScopeSet::parse(&found.scope);
            let scopes = scopes.map_err(|_| Failure::Internal("a stored scope list".into()))?;
            Inspected::Active(ActiveToken {
                kind: match (found.token_type, found.app) {
                    ("refresh", _) => "inspect-refresh",
                    (_, Some(_)) => "inspect-access",
                    (_, None) => "inspect-personal",
                },
                scopes: page.scope_lines(&scopes),
                app: holder.map(|app| app.name.clone()),
                client_id: found.app.map(|id| id.to_string()),
                issued: found.issued,
                expires: found.expires,
                with_session: found.with_session,
            })
        }
    };
    html(&Inspect {
        frame: page.frame(Place::Apps),
        answer: Some(answer),
    })
}

#[cfg(test)]
impl Inspect {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |answer| Self {
            frame: Frame::sample(super::Place::Apps),
            answer,
        };
        let active = ActiveToken {
            kind: "inspect-access",
            scopes: ScopeLine::samples(),
            app: Some(super::tests::HOSTILE.into()),
            client_id: Some("7416095123847261".into()),
            issued: Some(Timestamp(Frame::NOW.0 - 600_000)),
            expires: Some(Timestamp(Frame::NOW.0 + 3_000_000)),
            with_session: true,
        };
        vec![
            ("inspect", page(None)),
            ("inspect-active", page(Some(Inspected::Active(active)))),
            ("inspect-inactive", page(Some(Inspected::Inactive))),
        ]
    }
}
