//! `/apps/<id>`: an app's credentials, and what to send where.

use askama::Template;
use grantor_protocol::client::ClientKind;
use grantor_protocol::time::Timestamp;

use super::Frame;
use super::app_form::Switches;
use super::snippets::{ConnectButton, Endpoints, Example};
use super::{
    Notice, Place,
    page::{Named, Page, ended, html, html_with, image_url},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_protocol::{secret::Secret, time::Millis};
use grantor_store::apps::{self as records, Suspension};
use std::sync::Arc;

/// A new secret is made by a post of `overlap` (seconds) to
/// `/apps/<id>/secrets`, one is removed by a post to
/// `/apps/<id>/secrets/<secret>/remove`.
#[derive(Template)]
#[template(path = "app.html")]
pub struct App {
    pub frame: Frame,
    pub app: AppFacts,
    pub secrets: Vec<SecretRow>,
    /// The secret just made: the one time that its text is shown.
    pub fresh: Option<String>,
    pub switches: Switches,
    /// When it last sent a user here without PKCE.
    pub without_pkce: Option<Timestamp>,
    pub endpoints: Endpoints,
}

#[derive(Clone)]
pub struct AppFacts {
    /// The client ID.
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub kind: ClientKind,
    pub url: String,
    pub redirect_urls: Vec<String>,
    pub created: Timestamp,
    /// By dynamic registration, not by its owner here.
    pub registered_itself: bool,
    pub connections: u64,
    pub verified: bool,
    /// Whether it may introspect every token.
    pub resource_server: bool,
    /// By the operator, and why.
    pub suspension: Option<Suspension>,
}

pub struct SecretRow {
    pub id: String,
    /// `gr_cs_`
    pub prefix: String,
    pub last_four: String,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
    /// For the older of two: until when both work.
    pub works_until: Option<Timestamp>,
}

impl AppFacts {
    /// Where they are changed.
    pub fn settings(&self) -> String {
        format!("/apps/{}/edit", self.id)
    }
}

impl App {
    /// PKCE is part of the examples where it is demanded.
    fn example(&self) -> Example<'_> {
        let app = &self.app;
        Example {
            endpoints: &self.endpoints,
            client_id: &app.id,
            redirect_uri: app.redirect_urls.first().map_or("", String::as_str),
            secret: app.kind == ClientKind::Confidential,
            pkce: app.kind.is_public() || self.switches.require_pkce,
        }
    }

    fn connect_button(&self) -> ConnectButton {
        ConnectButton {
            url: self.example().authorize_url(),
            words: self.button_words(),
        }
    }

    fn button_words(&self) -> String {
        let words = self.frame.say("app-button-connect");
        words.words("brand", &self.frame.brand).plain()
    }

    fn has_secrets(&self) -> bool {
        self.app.kind != ClientKind::Browser
    }
}

const DONE: &[(&str, &str)] = &[
    ("saved", "app-done-saved"),
    ("removed", "app-done-removed"),
    ("created", "app-done-created"),
];
/// How long the older secret may go on beside a new one: until at once, an hour, a
/// day, a week.
const OVERLAPS: [i64; 4] = [0, 3_600, 86_400, 604_800];

/// An app of the signed-in user; to everybody else it does not exist.
pub async fn own_app(page: &Page, id: i64) -> Result<Arc<records::App>, Failure> {
    let app = page.app.store.app(id).await?.ok_or(Failure::NotFound)?;
    if app.owner == page.user()?.id {
        Ok(app)
    } else {
        Err(Failure::NotFound)
    }
}

pub async fn facts(page: &Page, app: &records::App) -> Result<AppFacts, Failure> {
    Ok(AppFacts {
        id: app.client.id.to_string(),
        name: app.name.clone(),
        icon: app.icon.as_deref().map(image_url),
        kind: app.client.kind,
        url: app.url.clone(),
        redirect_urls: app
            .client
            .redirect_uris
            .iter()
            .map(ToString::to_string)
            .collect(),
        created: app.created,
        registered_itself: app.registered_itself,
        connections: page.app.store.connections_of(app.client.id).await?,
        verified: app.verified,
        resource_server: app.client.resource_server,
        suspension: app.suspension.clone(),
    })
}

pub async fn show(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    html(&detail(&page, &app, None).await?)
}

/// The page of an app; `fresh`: the secret that has just been made.
pub async fn detail(
    page: &Page,
    app: &records::App,
    fresh: Option<&Secret>,
) -> Result<App, Failure> {
    let now = page.context.now;
    let row = |line: &records::SecretLine| {
        let (prefix, last_four) = line.hint.split_once('…').unwrap_or((&line.hint, ""));
        SecretRow {
            id: line.id.to_string(),
            prefix: prefix.to_owned(),
            last_four: last_four.to_owned(),
            created: line.created,
            last_used: line.last_used,
            works_until: line.expires,
        }
    };
    let live = |line: &&records::SecretLine| line.expires.is_none_or(|end| now < end);
    let secrets = page.app.store.secrets_of(app.client.id).await?;
    Ok(App {
        frame: page.frame_telling(Place::Apps, DONE),
        app: facts(page, app).await?,
        secrets: secrets.iter().filter(live).map(row).collect(),
        fresh: fresh.map(|secret| secret.reveal_for_response().to_owned()),
        switches: Switches {
            implicit: app.client.implicit,
            without_state: app.client.stateless,
            require_pkce: app.client.pkce_required,
        },
        without_pkce: app.without_pkce,
        endpoints: Endpoints::at(page.app.config.service.public_url.origin()),
    })
}

pub async fn add_secret(page: Page, Named(id): Named<i64>, fields: Fields) -> Answer {
    let app = own_app(&page, id).await?;
    if app.client.kind == ClientKind::Browser {
        return Err(Failure::BadRequest("failure-no-secret"));
    }
    let overlap = fields.text("overlap").parse().unwrap_or(0);
    if !OVERLAPS.contains(&overlap) {
        return Err(Failure::BadRequest("failure-overlap"));
    }
    let (store, now) = (&page.app.store, page.context.now);
    page.app
        .count(CONSOLE_WRITES, &app.owner.to_string(), now)
        .await?;
    let (new, secret) = crate::client_secret::mint(&page.app, &app.client.registration);
    let mut event = page.event("app.secret_added")?;
    event.actor.form = page.once(&fields)?;
    event.app = Some(id);
    event.detail.clone_from(&new.hint);
    if !store
        .add_secret((id, app.owner), &new, now + Millis::seconds(overlap), event)
        .await?
    {
        let mut full = detail(&page, &app, None).await?;
        let sentence = page.context.language.text("app-two-secrets");
        full.frame.notice = Some(Notice::Trouble(sentence));
        return html_with(StatusCode::CONFLICT, &full);
    }
    let app = own_app(&page, id).await?;
    html_with(
        StatusCode::CREATED,
        &detail(&page, &app, Some(&secret)).await?,
    )
}

pub async fn remove_secret(page: Page, Named((id, secret)): Named<(i64, i64)>) -> Answer {
    let app = own_app(&page, id).await?;
    let mut event = page.event("app.secret_removed")?;
    event.app = Some(id);
    let store = &page.app.store;
    let is_done = store.remove_secret((id, app.owner), secret, event).await?;
    ended(is_done, &format!("/apps/{id}"), "removed")
}

#[cfg(test)]
impl AppFacts {
    pub fn sample() -> Self {
        Self {
            id: "7416095123847261".into(),
            name: "Clock".into(),
            icon: None,
            kind: ClientKind::Confidential,
            url: "https://clock.example/".into(),
            redirect_urls: vec![
                "https://clock.example/cb".into(),
                "https://staging.clock.example/cb".into(),
            ],
            created: Timestamp(Frame::NOW.0 - 40 * 86_400_000),
            registered_itself: false,
            connections: 41,
            verified: false,
            resource_server: false,
            suspension: None,
        }
    }

    pub fn hostile() -> Self {
        let hostile = super::tests::HOSTILE;
        Self {
            name: hostile.into(),
            kind: ClientKind::Native,
            registered_itself: true,
            resource_server: true,
            url: format!("https://a.example/{hostile}"),
            redirect_urls: vec![hostile.into()],
            suspension: Some(Suspension {
                since: Frame::NOW,
                reason: hostile.into(),
            }),
            ..Self::sample()
        }
    }
}

#[cfg(test)]
impl App {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hour = 3_600_000;
        let now = Frame::NOW.0;
        let secret = |id: &str, four: &str| SecretRow {
            id: id.into(),
            prefix: "gr_cs_".into(),
            last_four: four.into(),
            created: Timestamp(now - 24 * hour),
            last_used: Some(Timestamp(now - hour)),
            works_until: None,
        };
        let endpoints = || Endpoints::at("https://auth.example.org");
        let clock = || Self {
            frame: Frame::sample(super::Place::Apps),
            app: AppFacts::sample(),
            secrets: vec![secret("1", "wXyZ")],
            fresh: None,
            switches: Switches::default(),
            without_pkce: Some(Timestamp(now - 3 * hour)),
            endpoints: endpoints(),
        };
        let old = SecretRow {
            works_until: Some(Timestamp(now + 24 * hour)),
            ..secret("1", "wXyZ")
        };
        let young = SecretRow {
            created: Timestamp(now),
            last_used: None,
            ..secret("2", "7aB9")
        };
        let fresh = "gr_cs_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X7aB9";
        vec![
            ("app", clock()),
            (
                "app-fresh",
                Self {
                    secrets: vec![young, old],
                    fresh: Some(fresh.into()),
                    switches: Switches {
                        implicit: true,
                        without_state: true,
                        require_pkce: true,
                    },
                    without_pkce: None,
                    ..clock()
                },
            ),
            (
                "app-native",
                Self {
                    app: AppFacts::hostile(),
                    ..clock()
                },
            ),
            (
                "app-browser",
                Self {
                    app: AppFacts {
                        kind: ClientKind::Browser,
                        ..AppFacts::sample()
                    },
                    secrets: vec![],
                    without_pkce: None,
                    ..clock()
                },
            ),
        ]
    }
}
