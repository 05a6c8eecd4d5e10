//! `/apps/<id>`: an app's credentials, and what to send where; and
//! `/apps/<id>/requests`, what was refused and why.

use askama::Template;
use grantor_protocol::client::ClientKind;
use grantor_protocol::time::Timestamp;

use super::Frame;
use super::app_form::Switches;
use super::format::difference;
use super::snippets::{ConnectButton, Endpoints, Example};

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
    pub connections: u64,
    pub verified: bool,
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

/// What was refused lately, newest first.
#[derive(Template)]
#[template(path = "app_requests.html")]
pub struct AppRequests {
    pub frame: Frame,
    pub app: AppFacts,
    pub refusals: Vec<Refusal>,
}

pub struct Refusal {
    pub at: Timestamp,
    /// "Authorization" or "Token exchange".
    pub step: String,
    /// The error code that was sent, if one was.
    pub error: Option<String>,
    pub cause: String,
    /// The redirect URL received, where that was the trouble.
    pub received: Option<String>,
    pub near: Option<NearMiss>,
}

/// The registered URL that comes nearest, and how they differ, in words.
pub struct NearMiss {
    pub registered: String,
    pub explanation: String,
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

    fn connect_button(&self) -> ConnectButton<'_> {
        ConnectButton {
            url: self.example().authorize_url(),
            brand: &self.frame.brand,
        }
    }

    fn has_secrets(&self) -> bool {
        self.app.kind != ClientKind::Browser
    }
}

impl Refusal {
    /// The received URL in three parts, the middle being what differs.
    fn marked(&self) -> Option<(&str, &str, &str)> {
        let near = self
            .near
            .as_ref()
            .map_or("", |near| near.registered.as_str());
        self.received.as_deref().map(|received| {
            if near.is_empty() {
                (received, "", "")
            } else {
                difference(received, near)
            }
        })
    }
}

impl NearMiss {
    fn marked<'a>(&'a self, received: &Option<String>) -> (&'a str, &'a str, &'a str) {
        difference(&self.registered, received.as_deref().unwrap_or_default())
    }
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
            connections: 41,
            verified: false,
        }
    }

    pub fn hostile() -> Self {
        let hostile = super::tests::HOSTILE;
        Self {
            name: hostile.into(),
            kind: ClientKind::Native,
            url: format!("https://a.example/{hostile}"),
            redirect_urls: vec![hostile.into()],
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
        let endpoints = || Endpoints {
            authorize: "https://auth.example.org/-/oauth_authorize".into(),
            token: "https://auth.example.org/-/oauth_token".into(),
            api: "https://auth.example.org/api/1.0".into(),
        };
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

#[cfg(test)]
impl AppRequests {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let now = Frame::NOW.0;
        let mismatch = || Refusal {
            at: Timestamp(now - 180_000),
            step: "Authorization".into(),
            error: None,
            cause: "The redirect URL is not registered for this app.".into(),
            received: Some("https://clock.example/cb/".into()),
            near: Some(NearMiss {
                registered: "https://clock.example/cb".into(),
                explanation: "There is a slash too many at the end.".into(),
            }),
        };
        let spent = Refusal {
            step: "Token exchange".into(),
            error: Some("invalid_grant".into()),
            cause: "The code was used before. What it bought is revoked.".into(),
            received: None,
            near: None,
            ..mismatch()
        };
        let bad = Refusal {
            received: Some(hostile.into()),
            near: None,
            cause: hostile.into(),
            ..mismatch()
        };
        let page = |app, refusals| Self {
            frame: Frame::sample(super::Place::Apps),
            app,
            refusals,
        };
        vec![
            (
                "app-requests",
                page(AppFacts::sample(), vec![mismatch(), spent, bad]),
            ),
            ("app-requests-none", page(AppFacts::hostile(), vec![])),
        ]
    }
}
