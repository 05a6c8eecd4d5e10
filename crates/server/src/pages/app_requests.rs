//! `/apps/<id>/requests`: what was refused to an app, and why.

use super::{
    Frame, Place,
    app::{AppFacts, facts, own_app},
    format::difference,
    page::{Named, Page, html},
};
use crate::{
    failure::Answer,
    refusals::{FOREIGN, Known},
};
use askama::Template;
use grantor_protocol::{authorize::Dead, redirect, time::Timestamp};
use grantor_store::{apps as records, refusals};

/// What was refused lately, newest first.
#[derive(Template)]
#[template(path = "app_requests.html")]
pub struct AppRequests {
    pub frame: Frame,
    pub app: AppFacts,
    pub refusals: Vec<Refusal>,
}

/// Requests that were refused for the same reason.
pub struct Refusal {
    pub times: i64,
    pub first: Timestamp,
    pub last: Timestamp,
    /// Where: the message that says it.
    pub step: &'static str,
    /// The error code that was sent, if one was.
    pub error: Option<String>,
    /// The message that says why.
    pub cause: &'static str,
    /// The redirect URL or the scope received, where that was the trouble.
    pub received: Option<String>,
    pub near: Option<NearMiss>,
    /// Whether it leads to where registered ones lead, so that it may be one more.
    pub may_register: bool,
}

/// The registered URL that comes nearest, and the message that says how they differ.
pub struct NearMiss {
    pub registered: String,
    pub explanation: &'static str,
}

impl Refusal {
    /// Whether it leads where nothing of this app is.
    fn is_foreign(&self) -> bool {
        self.cause == FOREIGN
    }

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

/// What was refused to the app lately, and how near it came.
pub async fn show(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    page.app.write_refusals().await?;
    let refusals = page.app.store.refusals_of(id).await?;
    let refusals = refusals
        .into_iter()
        .map(|refusal| explain(&app, refusal))
        .collect();
    html(&AppRequests {
        frame: page.frame(Place::Apps),
        app: facts(&page, &app).await?,
        refusals,
    })
}

fn difference_of(near: redirect::NearMiss) -> &'static str {
    match near {
        redirect::NearMiss::Slash => "near-slash",
        redirect::NearMiss::Port => "near-port",
        redirect::NearMiss::Scheme => "near-scheme",
        redirect::NearMiss::Localhost => "near-localhost",
        redirect::NearMiss::Case => "near-case",
        redirect::NearMiss::Query => "near-query",
    }
}

fn explain(app: &records::App, refusal: refusals::Refusal) -> Refusal {
    let known = Known::parse(&refusal.cause);
    let received = Some(refusal.received).filter(|received| !received.is_empty());
    let near = received.as_deref().and_then(|received| {
        app.client.redirect_uris.iter().find_map(|uri| {
            Some(NearMiss {
                registered: uri.to_string(),
                explanation: difference_of(uri.near_miss(received)?),
            })
        })
    });
    Refusal {
        times: refusal.times,
        first: refusal.first,
        last: refusal.last,
        step: match refusal.endpoint.as_str() {
            "authorize" => "requests-authorize",
            "introspect" => "requests-introspect",
            "logout" => "requests-logout",
            _ => "requests-token",
        },
        error: known.code.map(str::to_owned),
        cause: known.message,
        received,
        near,
        may_register: refusal.cause == Dead::RedirectUnregistered.name(),
    }
}

#[cfg(test)]
impl AppRequests {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let now = Frame::NOW.0;
        let mismatch = || Refusal {
            times: 1,
            first: Timestamp(now - 180_000),
            last: Timestamp(now - 180_000),
            step: "requests-authorize",
            error: None,
            cause: "RedirectUnregistered",
            received: Some("https://clock.example/cb/".into()),
            near: Some(NearMiss {
                registered: "https://clock.example/cb".into(),
                explanation: "near-slash",
            }),
            may_register: true,
        };
        let spent = Refusal {
            times: 1_204,
            first: Timestamp(now - 5 * 86_400_000),
            step: "requests-token",
            error: Some("invalid_grant".into()),
            cause: "CodeUsed",
            received: None,
            near: None,
            may_register: false,
            ..mismatch()
        };
        let other_path = Refusal {
            received: Some("https://clock.example/new".into()),
            near: None,
            ..mismatch()
        };
        let foreign = Refusal {
            times: 2,
            received: Some(hostile.into()),
            near: None,
            cause: "RedirectForeign",
            may_register: false,
            ..mismatch()
        };
        let page = |app, refusals| Self {
            frame: Frame::sample(super::Place::Apps),
            app,
            refusals,
        };
        let all = vec![mismatch(), spent, other_path, foreign];
        vec![
            ("app-requests", page(AppFacts::sample(), all)),
            ("app-requests-none", page(AppFacts::hostile(), vec![])),
        ]
    }
}
