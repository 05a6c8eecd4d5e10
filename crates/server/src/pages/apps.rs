//! `/apps`: the apps that the user has registered.

use askama::Template;
use grantor_protocol::client::ClientKind;
use grantor_protocol::time::Timestamp;

use super::Frame;
use super::{
    Place,
    page::{Page, html, image_url},
};
use crate::failure::Answer;

#[derive(Template)]
#[template(path = "apps.html")]
pub struct Apps {
    pub frame: Frame,
    pub apps: Vec<AppRow>,
}

pub struct AppRow {
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub kind: ClientKind,
    pub created: Timestamp,
    /// By dynamic registration, not by its owner in the console.
    pub registered_itself: bool,
    /// How many users have it connected.
    pub connections: u64,
    /// Why the operator suspended it, if she did.
    pub suspended_for: Option<String>,
}

/// What each kind of app is called: the message that says it.
pub fn kind_name(kind: &ClientKind) -> &'static str {
    match kind {
        ClientKind::Confidential => "kind-confidential",
        ClientKind::Native => "kind-native",
        ClientKind::Browser => "kind-browser",
    }
}

/// Which one is yours?
pub fn kind_sentence(kind: &ClientKind) -> &'static str {
    match kind {
        ClientKind::Confidential => "kind-confidential-why",
        ClientKind::Native => "kind-native-why",
        ClientKind::Browser => "kind-browser-why",
    }
}

pub async fn list(page: Page) -> Answer {
    let store = &page.app.store;
    let mut apps = Vec::new();
    for app in store.apps_of(page.user()?.id).await? {
        apps.push(AppRow {
            id: app.client.id.to_string(),
            name: app.name.clone(),
            icon: app.icon.as_deref().map(image_url),
            kind: app.client.kind,
            created: app.created,
            registered_itself: app.registered_itself,
            connections: store.connections_of(app.client.id).await?,
            suspended_for: app.suspension.as_ref().map(|it| it.reason.clone()),
        });
    }
    html(&Apps {
        frame: page.frame_telling(Place::Apps, &[("deleted", "apps-done-deleted")]),
        apps,
    })
}

#[cfg(test)]
impl Apps {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: &str, name: &str, kind, connections| AppRow {
            id: id.into(),
            name: name.into(),
            icon: None,
            kind,
            created: Timestamp(Frame::NOW.0 - 40 * 86_400_000),
            registered_itself: connections == 0,
            connections,
            suspended_for: (connections == 1).then(|| super::tests::HOSTILE.into()),
        };
        let page = |apps| Self {
            frame: Frame::sample(super::Place::Apps),
            apps,
        };
        let icon = Some(super::tests::ICON.into());
        vec![
            (
                "apps",
                page(vec![
                    AppRow {
                        icon,
                        ..row("7416095123847261", "Clock", ClientKind::Confidential, 41)
                    },
                    row(
                        "1203947561029384",
                        super::tests::HOSTILE,
                        ClientKind::Native,
                        1,
                    ),
                    row("5550192837465019", "لوحة المهام", ClientKind::Browser, 0),
                ]),
            ),
            ("apps-none", page(vec![])),
        ]
    }
}
