//! `/admin/apps`: finding an app.

use super::{PAGE, Tabs};
use crate::{
    desk::{Desk, apps},
    failure::{Answer, Failure},
    pages::{
        Frame,
        page::{Page, html, image_url},
    },
};
use askama::Template;
use grantor_store::{
    apps::App,
    find::{AppsBy, Found},
};
use std::sync::Arc;

/// The form asks `/admin/apps` with `q`.
#[derive(Template)]
#[template(path = "admin_apps.html")]
pub struct AdminApps {
    pub frame: Frame,
    pub tabs: Tabs,
    pub query: String,
    pub apps: Vec<AppLine>,
    pub next: Option<String>,
}

pub struct AppLine {
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub owner: String,
    pub verified: bool,
    pub resource_server: bool,
    pub suspended: bool,
}

pub async fn list(page: Page, desk: Desk) -> Answer {
    let query = page.query("q").unwrap_or_default();
    let found: Found<Arc<App>, AppsBy> = match page.after::<AppsBy>()? {
        Some(after) => page.app.store.find_apps(&after, PAGE).await?,
        None => apps::find(&desk, &query, PAGE).await?,
    };
    let mut lines = Vec::new();
    for app in &found.items {
        lines.push(line(&page, app).await?);
    }
    let next = page.cursor(found.next.as_ref()).map(|after| {
        let query = grantor_protocol::form::encode([("q", &*query), ("after", &after)]);
        format!("/admin/apps?{query}")
    });
    html(&AdminApps {
        frame: page.admin_frame(&[]),
        tabs: Tabs::of(&desk, "apps"),
        query,
        apps: lines,
        next,
    })
}

async fn line(page: &Page, app: &App) -> Result<AppLine, Failure> {
    let owner = page.app.store.user(app.owner).await?;
    Ok(AppLine {
        id: app.client.id.to_string(),
        name: app.name.clone(),
        icon: app.icon.as_deref().map(image_url),
        owner: owner.map_or_else(String::new, |owner| owner.name.clone()),
        verified: app.verified,
        resource_server: app.client.resource_server,
        suspended: app.client.suspended,
    })
}

#[cfg(test)]
impl AdminApps {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let app = |name: &str, suspended: bool| AppLine {
            id: "7416095123847261".into(),
            name: name.into(),
            icon: None,
            owner: name.into(),
            verified: !suspended,
            resource_server: suspended,
            suspended,
        };
        let page = |query: &str, apps| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("apps"),
            query: query.into(),
            apps,
            next: Some("/admin/apps?q=c&after=b".into()),
        };
        vec![
            (
                "admin-apps",
                page("", vec![app("Clock", false), app(hostile, true)]),
            ),
            ("admin-apps-none", page(hostile, vec![])),
        ]
    }
}
