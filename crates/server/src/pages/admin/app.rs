//! `/admin/apps/<client id>`: one app, who has it connected and what can be done about it.

use super::{PAGE, Tabs, trouble};
use crate::{
    context::Fields,
    desk::{Desk, apps},
    failure::{Answer, Failure},
    front::see_other,
    pages::{
        Field, Frame,
        app::{AppFacts, facts},
        page::{Named, Page, html_with},
    },
};
use askama::Template;
use axum::http::StatusCode;
use grantor_protocol::{role::Act, time::Timestamp};

/// Posts `reason` to `…/suspend`, `shown` to `…/verify` and `…/resource-server`, `owner` (an
/// address) to `…/transfer`, and nothing but its token to `…/resume`, `…/unverify` and
/// `…/resource-server/end`.
#[derive(Template)]
#[template(path = "admin_app.html")]
pub struct AdminApp {
    pub frame: Frame,
    pub tabs: Tabs,
    pub app: AppFacts,
    /// Of whom it is: gid, name, address.
    pub owner: (String, String, String),
    /// What is seen of it now: it is vouched for as this, or not at all.
    pub shown: String,
    /// Stopped with its owner's account.
    pub stopped: bool,
    pub may: Allowed,
    pub reason: Field,
    pub new_owner: Field,
    pub grants: Vec<GrantLine>,
    pub next: Option<String>,
}

#[derive(Clone, Copy)]
pub struct Allowed {
    pub suspend: bool,
    pub resume: bool,
    pub verify: bool,
    pub introspection: bool,
    pub transfer: bool,
}

pub struct GrantLine {
    pub id: String,
    pub user: String,
    pub name: String,
    pub scopes: String,
    pub created: Timestamp,
    /// Whether the one at the page may end it.
    pub ends: bool,
}

const DONE: &[(&str, &str)] = &[
    ("suspended", "admin-done-suspended"),
    ("resumed", "admin-done-resumed"),
    ("verified", "admin-done-verified"),
    ("unverified", "admin-done-unverified"),
    ("introspection-given", "admin-done-introspection-given"),
    ("introspection-taken", "admin-done-introspection-taken"),
    ("transferred", "admin-done-transferred"),
    ("transferred-server", "admin-done-transferred-server"),
];

pub async fn show(page: Page, desk: Desk, Named(id): Named<i64>) -> Answer {
    html_with(StatusCode::OK, &detail(&page, &desk, id).await?)
}

async fn detail(page: &Page, desk: &Desk, id: i64) -> Result<AdminApp, Failure> {
    let app = apps::app(desk, id).await?;
    let owner = desk.user(app.owner).await?;
    let before = page.after::<i64>()?.unwrap_or(i64::MAX);
    let found = page.app.store.grants_of_app(id, before, PAGE).await?;
    let mut grants = Vec::new();
    for grant in found.items {
        let user = desk.user(grant.user).await?;
        grants.push(GrantLine {
            id: grant.id.to_string(),
            user: grant.user.to_string(),
            name: user.name.clone(),
            scopes: grant.scopes.to_string(),
            created: grant.created,
            ends: desk.may(Act::EndGrant, Some(&user)),
        });
    }
    let next = page.cursor(found.next.as_ref());
    Ok(AdminApp {
        frame: page.admin_frame(DONE),
        tabs: Tabs::of(desk, "apps"),
        stopped: app.client.suspended && app.suspension.is_none(),
        may: Allowed::of(|act| desk.may(act, Some(&owner)), app.suspension.is_some()),
        owner: (
            owner.id.to_string(),
            owner.name.clone(),
            owner.email.clone(),
        ),
        shown: app.shown(),
        app: facts(page, &app).await?,
        reason: Field::of(page.query("reason").unwrap_or_default()),
        new_owner: Field::of(page.query("owner").unwrap_or_default()),
        grants,
        next: next.map(|after| format!("/admin/apps/{id}?after={after}")),
    })
}

impl Allowed {
    fn of(may: impl Fn(Act) -> bool, suspended: bool) -> Self {
        Self {
            suspend: may(Act::SuspendApp) && !suspended,
            resume: may(Act::ResumeApp) && suspended,
            verify: may(Act::VerifyApp),
            introspection: may(Act::SetResourceServer),
            transfer: may(Act::TransferApp),
        }
    }
}

async fn answer(
    (page, desk, id): (&Page, &Desk, i64),
    fields: &Fields,
    outcome: Result<&str, Failure>,
) -> Answer {
    let failure = match outcome {
        Ok(done) => return Ok(see_other(&format!("/admin/apps/{id}?done={done}"))),
        Err(failure) => failure,
    };
    let (status, notice) = trouble(failure, page.context.language)?;
    let mut detail = detail(page, desk, id).await?;
    detail.frame.notice = Some(notice);
    detail.reason = Field::of(fields.text("reason"));
    detail.new_owner = Field::of(fields.text("owner"));
    html_with(status, &detail)
}

pub async fn suspend(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let done = apps::suspend(&desk, id, fields.text("reason")).await;
    answer((&page, &desk, id), &fields, done.map(|()| "suspended")).await
}

pub async fn resume(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let done = apps::resume(&desk, id).await;
    answer((&page, &desk, id), &fields, done.map(|()| "resumed")).await
}

pub async fn verify(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let done = apps::verify(&desk, id, fields.text("shown")).await;
    answer((&page, &desk, id), &fields, done.map(|()| "verified")).await
}

pub async fn unverify(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let done = apps::unverify(&desk, id).await;
    answer((&page, &desk, id), &fields, done.map(|()| "unverified")).await
}

pub async fn give_introspection(
    page: Page,
    desk: Desk,
    Named(id): Named<i64>,
    fields: Fields,
) -> Answer {
    let done = apps::give_introspection(&desk, id, fields.text("shown")).await;
    let done = done.map(|()| "introspection-given");
    answer((&page, &desk, id), &fields, done).await
}

pub async fn take_introspection(
    page: Page,
    desk: Desk,
    Named(id): Named<i64>,
    fields: Fields,
) -> Answer {
    let done = apps::take_introspection(&desk, id).await;
    let done = done.map(|()| "introspection-taken");
    answer((&page, &desk, id), &fields, done).await
}

pub async fn transfer(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let done = apps::transfer(&desk, id, fields.text("owner")).await;
    let done = done.map(|was_server| match was_server {
        true => "transferred-server",
        false => "transferred",
    });
    answer((&page, &desk, id), &fields, done).await
}

#[cfg(test)]
impl AdminApp {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let grant = |name: &str| GrantLine {
            id: "1".into(),
            user: "5416095123847261".into(),
            name: name.into(),
            scopes: "default".into(),
            created: Frame::NOW,
            ends: true,
        };
        let all = |suspended| Allowed::of(|_| true, suspended);
        let page = |app: AppFacts, may, name: &str| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("apps"),
            app,
            owner: (
                "5416095123847261".into(),
                name.into(),
                "ada@example.org".into(),
            ),
            shown: "3-1795462070123".into(),
            stopped: false,
            may,
            reason: Field::default(),
            new_owner: Field::default(),
            grants: vec![grant(name)],
            next: None,
        };
        let suspended = Self {
            stopped: true,
            reason: Field::of(hostile),
            new_owner: Field::of(hostile),
            next: Some("/admin/apps/7?after=x".into()),
            ..page(AppFacts::hostile(), all(true), hostile)
        };
        let support = Self {
            grants: vec![],
            ..page(AppFacts::sample(), Allowed::of(|_| false, false), "Ada")
        };
        vec![
            ("admin-app", page(AppFacts::sample(), all(false), "Ada")),
            ("admin-app-suspended", suspended),
            ("admin-app-bare", support),
        ]
    }
}
