//! `/admin/settings`: what the configuration says, and who is blocked now. Settings are
//! shown and not set: they are the same on every server, and whoever changes them has the
//! file.

use super::{Tabs, trouble};
use crate::{
    app::App,
    config::{DynamicRegistration, SignUp},
    context::Fields,
    desk::{Desk, tokens},
    failure::Answer,
    front::see_other,
    pages::{
        Frame, ScopeLine,
        page::{Page, html_with},
    },
    throttle::Blocked,
};
use askama::Template;
use axum::http::StatusCode;
use grantor_protocol::{role::Act, scope::Scope};

/// Posts `key` to `/admin/settings/lift`.
#[derive(Template)]
#[template(path = "admin_settings.html")]
pub struct AdminSettings {
    pub frame: Frame,
    pub tabs: Tabs,
    pub settings: Vec<Setting>,
    pub scopes: Vec<ScopeLine>,
    pub blocked: Vec<Blocked>,
    pub may_lift: bool,
}

/// A setting, as a message and as the line that sets it.
pub struct Setting {
    pub what: &'static str,
    pub line: String,
}

const DONE: &[(&str, &str)] = &[("lifted", "admin-done-lifted")];

/// What an operator looks up most; `docs/configuration.md` has all.
pub fn settings(app: &App) -> Vec<Setting> {
    let config = &app.config;
    let days = |length: grantor_protocol::time::Millis| length.as_seconds() / 86_400;
    let setting = |what, line| Setting { what, line };
    let sign_up = match config.service.sign_up {
        SignUp::Open => "open",
        SignUp::Mail => "mail",
        SignUp::Closed => "closed",
    };
    let registration = match config.registration.dynamic_registration {
        DynamicRegistration::Off => "off",
        DynamicRegistration::Token => "token",
        DynamicRegistration::Open => "open",
    };
    vec![
        setting("admin-config-sign-up", format!("sign_up = \"{sign_up}\"")),
        setting(
            "admin-config-registration",
            format!("dynamic_registration = \"{registration}\""),
        ),
        setting(
            "admin-config-idle",
            format!(
                "session_idle_hours = {}",
                config.sign_in.session_idle.as_seconds() / 3600
            ),
        ),
        setting(
            "admin-config-absolute",
            format!(
                "session_absolute_days = {}",
                days(config.sign_in.session_absolute)
            ),
        ),
        setting(
            "admin-config-access-token",
            format!(
                "access_token_lifetime = {}",
                config.tokens.access_token_lifetime.as_seconds()
            ),
        ),
        setting(
            "admin-config-personal-tokens",
            format!("pat_limit = {}", config.tokens.pat_limit),
        ),
        setting(
            "admin-config-throttling",
            format!("throttling = {}", config.sign_in.throttling),
        ),
        setting(
            "admin-config-events",
            format!(
                "audit_retention_days = {}",
                days(config.storage.audit_retention)
            ),
        ),
    ]
}

pub async fn show(page: Page, desk: Desk) -> Answer {
    html_with(StatusCode::OK, &view(&page, &desk).await?)
}

async fn view(page: &Page, desk: &Desk) -> Result<AdminSettings, crate::failure::Failure> {
    let app = &page.app;
    let scope = |name: &str| ScopeLine {
        name: name.to_owned(),
        sentence: app.scope_sentence(name, page.context.language),
    };
    Ok(AdminSettings {
        frame: page.admin_frame(DONE),
        tabs: Tabs::of(desk, "settings"),
        settings: settings(app),
        scopes: app
            .policy
            .scopes
            .iter()
            .map(Scope::as_str)
            .map(scope)
            .collect(),
        blocked: app.blocked(page.context.now).await?,
        may_lift: desk.may(Act::ClearThrottle, None),
    })
}

pub async fn lift(page: Page, desk: Desk, fields: Fields) -> Answer {
    match tokens::lift_throttle(&desk, fields.text("key")).await {
        Ok(()) => Ok(see_other("/admin/settings?done=lifted")),
        Err(failure) => {
            let (status, notice) = trouble(failure, page.context.language)?;
            let mut view = view(&page, &desk).await?;
            view.frame.notice = Some(notice);
            html_with(status, &view)
        }
    }
}

#[cfg(test)]
impl AdminSettings {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let blocked = |who: &str| Blocked {
            key: format!("login:{who}"),
            what: "limit-login",
            who: who.into(),
            hits: 11,
            most: 10,
            until: Frame::NOW,
        };
        let page = |blocked| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("settings"),
            settings: vec![Setting {
                what: "admin-config-sign-up",
                line: "sign_up = \"open\"".into(),
            }],
            scopes: ScopeLine::samples(),
            blocked,
            may_lift: true,
        };
        vec![
            ("admin-settings", page(vec![])),
            (
                "admin-settings-blocked",
                page(vec![
                    blocked("ada@example.org 192.0.2.0/24"),
                    blocked(hostile),
                ]),
            ),
        ]
    }
}
