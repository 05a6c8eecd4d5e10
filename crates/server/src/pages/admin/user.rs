//! `/admin/users/<gid>`: one account, and what can be done about it.

use super::{Tabs, trouble, users::role_words};
use crate::{
    context::Fields,
    desk::{Desk, users},
    failure::{Answer, Failure},
    front::see_other,
    pages::{
        Field, Frame, Who,
        page::{Named, Page, ended, html_with, who},
    },
};
use askama::Template;
use axum::http::StatusCode;
use grantor_protocol::{
    role::{Act, Role},
    time::Timestamp,
};
use grantor_store::factors::Factors;

/// Posts `reason` to `…/disable`, `role` (admin, support or none) to `…/role`, and nothing
/// but its token to `…/enable` and `…/sessions/end`, `/admin/grants/<id>/end` and
/// `/admin/tokens/<id>/end`.
#[derive(Template)]
#[template(path = "admin_user.html")]
pub struct AdminUser {
    pub frame: Frame,
    pub tabs: Tabs,
    pub id: String,
    pub who: Who,
    pub email_verified: bool,
    pub role: Option<&'static str>,
    /// Of the three that can be chosen, this is the present one.
    pub role_value: &'static str,
    pub disabled: bool,
    pub created: Timestamp,
    pub may: Allowed,
    pub reason: Field,
    pub factors: Factors,
    pub sessions: Vec<SessionLine>,
    pub grants: Vec<GrantLine>,
    pub tokens: Vec<TokenLine>,
    /// Of hers: client ID and name.
    pub apps: Vec<(String, String)>,
}

/// What the one at the page may do here.
#[derive(Clone, Copy)]
pub struct Allowed {
    pub disable: bool,
    pub enable: bool,
    pub end_sessions: bool,
    pub reset_factors: bool,
    pub end_grants: bool,
    pub end_tokens: bool,
    pub set_role: bool,
}

pub struct SessionLine {
    pub user_agent: String,
    pub address: String,
    pub signed_in: Timestamp,
    pub seen: Timestamp,
}

pub struct GrantLine {
    pub id: String,
    pub client_id: String,
    pub app: String,
    pub scopes: String,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
}

pub struct TokenLine {
    pub id: String,
    pub description: String,
    pub hint: String,
    pub scopes: String,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub last_used: Option<Timestamp>,
}

const DONE: &[(&str, &str)] = &[
    ("disabled", "admin-done-disabled"),
    ("enabled", "admin-done-enabled"),
    ("sessions", "admin-done-sessions"),
    ("factors", "admin-done-factors"),
    ("role", "admin-done-role"),
    ("grant", "admin-done-grant"),
    ("token", "admin-done-token"),
];

pub async fn show(page: Page, desk: Desk, Named(id): Named<i64>) -> Answer {
    let detail = detail(&page, &desk, id).await?;
    html_with(StatusCode::OK, &detail)
}

async fn detail(page: &Page, desk: &Desk, id: i64) -> Result<AdminUser, Failure> {
    let (user, store) = (desk.user(id).await?, &page.app.store);
    let sessions = store.sessions_of(id, page.context.now).await?;
    let session = |it: grantor_store::sessions::Session| SessionLine {
        user_agent: it.user_agent,
        address: it.address,
        signed_in: it.auth_time,
        seen: it.seen,
    };
    let token = |it: grantor_store::pats::PersonalToken| TokenLine {
        id: it.id.to_string(),
        description: it.description,
        hint: it.hint,
        scopes: it.scopes.to_string(),
        created: it.created,
        expires: it.expires,
        last_used: it.last_used,
    };
    let tokens = store.personal_tokens_of(id).await?;
    let apps = store.apps_of(id).await?;
    Ok(AdminUser {
        frame: page.admin_frame(DONE),
        tabs: Tabs::of(desk, "users"),
        id: id.to_string(),
        who: who(&user),
        email_verified: user.email_verified,
        role: role_words(&user),
        role_value: match (user.admin, user.support) {
            (true, _) => Role::Admin.as_str(),
            (_, true) => Role::Support.as_str(),
            _ => "none",
        },
        disabled: user.disabled,
        created: user.created,
        may: Allowed::of(|act| desk.may(act, Some(&user)), user.disabled),
        reason: Field::of(page.query("reason").unwrap_or_default()),
        factors: store.factors_of(id).await?,
        sessions: sessions.into_iter().map(session).collect(),
        grants: grants(page, id).await?,
        tokens: tokens.into_iter().map(token).collect(),
        apps: apps
            .iter()
            .map(|app| (app.client.id.to_string(), app.name.clone()))
            .collect(),
    })
}

impl Allowed {
    fn of(may: impl Fn(Act) -> bool, disabled: bool) -> Self {
        Self {
            disable: may(Act::DisableUser) && !disabled,
            enable: may(Act::EnableUser) && disabled,
            end_sessions: may(Act::EndSessions),
            reset_factors: may(Act::ResetFactors),
            end_grants: may(Act::EndGrant),
            end_tokens: may(Act::EndToken),
            set_role: may(Act::SetRole),
        }
    }
}

async fn grants(page: &Page, user: i64) -> Result<Vec<GrantLine>, Failure> {
    let mut lines = Vec::new();
    for grant in page.app.store.grants_of(user).await? {
        let app = page.app.store.app(grant.app).await?;
        lines.push(GrantLine {
            id: grant.id.to_string(),
            client_id: grant.app.to_string(),
            app: app.map_or_else(String::new, |app| app.name.clone()),
            scopes: grant.scopes.to_string(),
            created: grant.created,
            last_used: grant.last_used,
        });
    }
    Ok(lines)
}

/// The page of the user again, saying what was done or why it was not.
async fn answer(
    (page, desk, id): (&Page, &Desk, i64),
    typed: &str,
    outcome: Result<&str, Failure>,
) -> Answer {
    let failure = match outcome {
        Ok(done) => return Ok(see_other(&format!("/admin/users/{id}?done={done}"))),
        Err(failure) => failure,
    };
    let (status, notice) = trouble(failure, page.context.language)?;
    let mut detail = detail(page, desk, id).await?;
    detail.frame.notice = Some(notice);
    detail.reason = Field::of(typed);
    html_with(status, &detail)
}

pub async fn disable(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let typed = fields.text("reason");
    let done = users::disable(&desk, id, typed).await;
    answer((&page, &desk, id), typed, done.map(|()| "disabled")).await
}

pub async fn enable(page: Page, desk: Desk, Named(id): Named<i64>) -> Answer {
    let done = users::enable(&desk, id).await;
    answer((&page, &desk, id), "", done.map(|()| "enabled")).await
}

pub async fn end_sessions(page: Page, desk: Desk, Named(id): Named<i64>) -> Answer {
    let done = users::end_sessions(&desk, id).await;
    answer((&page, &desk, id), "", done.map(|()| "sessions")).await
}

pub async fn reset_factors(page: Page, desk: Desk, Named(id): Named<i64>) -> Answer {
    let done = users::reset_factors(&desk, id).await;
    answer((&page, &desk, id), "", done.map(|()| "factors")).await
}

pub async fn set_role(page: Page, desk: Desk, Named(id): Named<i64>, fields: Fields) -> Answer {
    let role = match fields.text("role") {
        "none" => Ok(None),
        text => Role::parse(text)
            .map(Some)
            .ok_or(Failure::Invalid("admin-role-choose")),
    };
    let done = match role {
        Ok(role) => users::set_role(&desk, id, role).await,
        Err(error) => Err(error),
    };
    answer((&page, &desk, id), "", done.map(|()| "role")).await
}

pub async fn end_grant(desk: Desk, Named(id): Named<i64>) -> Answer {
    gone_or(users::end_grant(&desk, id).await?, "grant")
}

pub async fn end_token(desk: Desk, Named(id): Named<i64>) -> Answer {
    gone_or(users::end_token(&desk, id).await?, "token")
}

/// Back to the user whose it was; of what is gone nobody knows whose it was.
fn gone_or(user: Option<i64>, done: &str) -> Answer {
    match user {
        None => ended(false, "/admin/users", done),
        Some(user) => ended(true, &format!("/admin/users/{user}"), done),
    }
}

#[cfg(test)]
impl AdminUser {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let (hostile, now) = (crate::pages::tests::HOSTILE, Frame::NOW);
        let session = |text: &str| SessionLine {
            user_agent: text.into(),
            address: text.into(),
            signed_in: now,
            seen: now,
        };
        let grant = |app: &str| GrantLine {
            id: "1".into(),
            client_id: "7416095123847261".into(),
            app: app.into(),
            scopes: "default openid".into(),
            created: now,
            last_used: Some(now),
        };
        let token = |description: &str| TokenLine {
            id: "2".into(),
            description: description.into(),
            hint: "gr_pat_0ab…7aB9".into(),
            scopes: "default".into(),
            created: now,
            expires: None,
            last_used: None,
        };
        let page = |who: Who, may| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("users"),
            id: "5416095123847261".into(),
            who,
            email_verified: true,
            role: None,
            role_value: "none",
            disabled: false,
            created: now,
            may,
            reason: Field::default(),
            factors: Factors {
                totp: true,
                recovery_codes: 7,
                passkeys: 2,
            },
            sessions: vec![session("192.0.2.7")],
            grants: vec![grant("Clock")],
            tokens: vec![token("a script")],
            apps: vec![("7416095123847261".into(), "Clock".into())],
        };
        let all = |disabled| Allowed::of(|_| true, disabled);
        let disabled = Self {
            disabled: true,
            email_verified: false,
            role: Some("admin-role-support"),
            role_value: "support",
            reason: Field::of(hostile),
            sessions: vec![session(hostile)],
            grants: vec![grant(hostile)],
            tokens: vec![token(hostile)],
            apps: vec![("1".into(), hostile.into())],
            ..page(Who::hostile(), all(true))
        };
        let bare = Self {
            factors: Factors::default(),
            sessions: vec![],
            grants: vec![],
            tokens: vec![],
            apps: vec![],
            ..page(Who::sample(), Allowed::of(|_| false, false))
        };
        vec![
            ("admin-user", page(Who::sample(), all(false))),
            ("admin-user-disabled", disabled),
            ("admin-user-bare", bare),
        ]
    }
}
