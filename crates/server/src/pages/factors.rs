//! `/account/factors`: the ways to sign in beside the password.

use askama::Template;

use super::{
    Frame, Place,
    page::{Named, Page, ended, html},
};
use crate::{
    app::Shared,
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    json::Json,
    recovery as codes,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use grantor_protocol::{sign_in::Policy, time::Timestamp};
use grantor_store::{audit::Event, factors::Keep, passkeys::Passkey};
use serde_json::json;

pub mod code;
pub mod passkey;
pub mod recovery;

/// Posts nothing but its token to `/account/factors/code/remove`,
/// `/account/factors/recovery` and `/account/factors/passkeys/<id>/remove`, and `name` to
/// `/account/factors/passkeys/<id>/name`.
#[derive(Template)]
#[template(path = "factors.html")]
pub struct Factors {
    pub frame: Frame,
    pub has_password: bool,
    pub passkeys: Vec<Passkey>,
    /// When the authenticator app was set up, and last used.
    pub app: Option<(Timestamp, Option<Timestamp>)>,
    pub recovery_left: i64,
    /// What can be set up here.
    pub offers_passkeys: bool,
    pub offers_codes: bool,
    /// Whether the last one has to stay.
    pub is_required: bool,
}

impl Factors {
    /// Whether what has to be left is left without the app.
    fn may_lose_app(&self) -> bool {
        !self.is_required || !self.passkeys.is_empty()
    }

    /// And without one of the passkeys.
    fn may_lose_passkey(&self) -> bool {
        let by_app = self.offers_codes && self.app.is_some();
        !self.is_required || self.passkeys.len() > 1 || by_app
    }
}

const DONE: &[(&str, &str)] = &[
    ("code", "factors-done-code"),
    ("no-code", "factors-done-no-code"),
    ("passkey", "factors-done-passkey"),
    ("no-passkey", "factors-done-no-passkey"),
    ("renamed", "factors-done-renamed"),
];

const LIST: &str = "/account/factors";
const KEPT: Failure = Failure::Forbidden("failure-last-factor");
const NOT_OFFERED: Failure = Failure::Forbidden("failure-not-offered");

fn policy(page: &Page) -> Policy {
    page.app.config.sign_in.factors.policy()
}

/// Refuses what the operator does not offer.
fn offered(page: &Page, code: bool) -> Result<(), Failure> {
    let policy = policy(page);
    let offered = match code {
        true => policy.offers_codes(),
        false => policy.offers_factors() && page.app.passkeys.is_some(),
    };
    offered.then_some(()).ok_or(NOT_OFFERED)
}

/// What must be left when something is removed.
fn keep(page: &Page) -> Keep {
    match policy(page) {
        Policy::Password | Policy::Optional => Keep::Nothing,
        Policy::Required => Keep::Any,
        Policy::Passkey => Keep::Passkey,
    }
}

/// An event of a user, signed in or about to be.
fn event(page: &Page, user: i64, kind: &'static str) -> Result<Event, Failure> {
    match &page.visitor.signed_in {
        Some(signed_in) if signed_in.user.id == user => page.event(kind),
        _ => Ok(page.context.event(&page.app, kind, Some(user))),
    }
}

pub async fn show(page: Page) -> Answer {
    let user = page.user()?.id;
    let store = &page.app.store;
    let has = store.factors_of(user).await?;
    let totp = store.totp_of(user).await?;
    html(&Factors {
        frame: page.frame_telling(Place::Account, DONE),
        has_password: store.password_of(user).await?.is_some(),
        passkeys: store.passkeys_of(user).await?,
        app: totp.map(|totp| (totp.created, totp.last_used)),
        recovery_left: has.recovery_codes,
        offers_passkeys: offered(&page, false).is_ok(),
        offers_codes: offered(&page, true).is_ok(),
        is_required: keep(&page) != Keep::Nothing,
    })
}

pub async fn remove_code(page: Page) -> Answer {
    let user = page.user()?.id;
    let event = page.event("totp.removed")?;
    match page.app.store.remove_totp(user, keep(&page), event).await? {
        false if page.app.store.totp_of(user).await?.is_some() => Err(KEPT),
        is_done => ended(is_done, LIST, "no-code"),
    }
}

pub async fn remove_passkey(page: Page, Named(id): Named<i64>) -> Answer {
    let user = page.user()?.id;
    let Some(passkey) = hers(&page, user, id).await? else {
        return ended(false, LIST, "no-passkey");
    };
    let mut event = page.event("passkey.removed")?;
    event.detail = passkey.name;
    let store = &page.app.store;
    match store.remove_passkey(id, user, keep(&page), event).await? {
        false if hers(&page, user, id).await?.is_some() => Err(KEPT),
        is_done => ended(is_done, LIST, "no-passkey"),
    }
}

pub async fn rename_passkey(page: Page, Named(id): Named<i64>, fields: Fields) -> Answer {
    let user = page.user()?.id;
    hers(&page, user, id).await?.ok_or(Failure::NotFound)?;
    let Some(name) = passkey::name(fields.text("name")) else {
        return Err(Failure::BadRequest("failure-passkey-name"));
    };
    let mut event = page.event("passkey.renamed")?;
    event.detail.clone_from(&name);
    match page
        .app
        .store
        .rename_passkey(id, user, &name, event)
        .await?
    {
        true => Ok(see_other("/account/factors?done=renamed")),
        false => Err(Failure::NotFound),
    }
}

async fn hers(page: &Page, user: i64, id: i64) -> Result<Option<Passkey>, Failure> {
    let passkeys = page.app.store.passkeys_of(user).await?;
    Ok(passkeys.into_iter().find(|passkey| passkey.id == id))
}

/// New recovery codes in the place of all others.
pub async fn renew_recovery(page: Page, fields: Fields) -> Answer {
    offered(&page, true)?;
    let user = page.user()?.id;
    let store = &page.app.store;
    let has = store.factors_of(user).await?;
    if !has.totp && has.passkeys == 0 {
        return Err(Failure::BadRequest("failure-recovery-alone"));
    }
    let (texts, new) = codes::mint(&page.app, user, page.context.now);
    let mut event = page.event("recovery_codes.made")?;
    event.actor.form = page.once(&fields)?;
    store.set_recovery_codes(user, &new, event).await?;
    recovery::shown(&page, texts, LIST, has.recovery_codes > 0)
}

/// Where password managers send a user to change her password
/// (W3C, A Well-Known URL for Changing Passwords).
pub async fn change_password() -> Response {
    see_other("/account")
}

/// Where they send her for her passkeys (W3C, Passkey Endpoints).
pub async fn endpoints(State(app): State<Shared>) -> Answer {
    let policy = app.config.sign_in.factors.policy();
    if app.passkeys.is_none() || !policy.offers_factors() {
        return Err(Failure::NotFound);
    }
    let url = |path| format!("{}{path}", app.config.service.public_url.origin());
    let endpoints = json!({
        "enroll": url("/account/factors/passkey"),
        "manage": url("/account/factors"),
    });
    Ok(Json(endpoints).into_response())
}

#[cfg(test)]
impl Factors {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let now = Frame::NOW.0;
        let passkey = |id, name: &str, syncs, used: Option<i64>| Passkey {
            id,
            user: 1,
            credential: vec![],
            key: grantor_store::passkeys::PublicKey {
                algorithm: -7,
                bytes: vec![],
            },
            sign_count: 0,
            syncs,
            synced: syncs,
            name: name.into(),
            created: Timestamp(now - 90 * 86_400_000),
            last_used: used.map(|ago| Timestamp(now - ago)),
        };
        let none = || Self {
            frame: Frame::sample(Place::Account),
            has_password: true,
            passkeys: vec![],
            app: None,
            recovery_left: 0,
            offers_passkeys: true,
            offers_codes: true,
            is_required: false,
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("factors-none", none()),
            (
                "factors",
                Self {
                    passkeys: vec![
                        passkey(1, "My phone", true, Some(7_200_000)),
                        passkey(2, hostile, false, None),
                    ],
                    app: Some((Timestamp(now - 400_000_000), Some(Timestamp(now - 60_000)))),
                    recovery_left: 2,
                    is_required: true,
                    ..none()
                },
            ),
        ]
    }
}
