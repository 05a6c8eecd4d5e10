//! `/admin/users`: finding somebody.

use super::{PAGE, Tabs};
use crate::{
    desk::{Desk, users},
    failure::Answer,
    pages::{
        Frame, Who,
        page::{Page, html, who},
    },
};
use askama::Template;
use grantor_store::{
    find::{Found, UsersBy},
    users::User,
};

/// The form asks `/admin/users` with `q`.
#[derive(Template)]
#[template(path = "admin_users.html")]
pub struct AdminUsers {
    pub frame: Frame,
    pub tabs: Tabs,
    /// What was looked for; nothing at first, when those with a role are shown.
    pub query: String,
    pub users: Vec<UserLine>,
    /// Where the list goes on, if it does.
    pub next: Option<String>,
}

pub struct UserLine {
    pub id: String,
    pub who: Who,
    pub role: Option<&'static str>,
    pub disabled: bool,
}

/// What a role is called on pages, as a message.
pub fn role_words(user: &User) -> Option<&'static str> {
    match (user.admin, user.support) {
        (true, _) => Some("admin-role-admin"),
        (_, true) => Some("admin-role-support"),
        _ => None,
    }
}

pub fn line(user: &User) -> UserLine {
    UserLine {
        id: user.id.to_string(),
        who: who(user),
        role: role_words(user),
        disabled: user.disabled,
    }
}

pub async fn list(page: Page, desk: Desk) -> Answer {
    let query = page.query("q").unwrap_or_default();
    let found = match (query.trim(), page.after::<UsersBy>()?) {
        (_, Some(after)) => users::find(&desk, &after, PAGE).await?,
        ("", None) => Found {
            items: page.app.store.users_with_a_role().await?,
            next: None,
        },
        (query, None) => users::find(&desk, &users::looked_for(query), PAGE).await?,
    };
    let next = page.cursor(found.next.as_ref());
    html(&AdminUsers {
        frame: page.admin_frame(&[]),
        tabs: Tabs::of(&desk, "users"),
        users: found.items.iter().map(line).collect(),
        next: next.map(|after| link(&query, &after)),
        query,
    })
}

fn link(query: &str, after: &str) -> String {
    let query = grantor_protocol::form::encode([("q", query), ("after", after)]);
    format!("/admin/users?{query}")
}

#[cfg(test)]
impl AdminUsers {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let user = |who: Who, role, disabled| UserLine {
            id: "7416095123847261".into(),
            who,
            role,
            disabled,
        };
        let page = |query: &str, users, next| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("users"),
            query: query.into(),
            users,
            next,
        };
        let some = vec![
            user(Who::sample(), Some("admin-role-admin"), false),
            user(Who::hostile(), Some("admin-role-support"), true),
            user(Who::sample(), None, false),
        ];
        let next = Some("/admin/users?q=a&after=b".to_owned());
        vec![
            ("admin-users", page("", some, None)),
            (
                "admin-users-found",
                page("ada", vec![user(Who::sample(), None, true)], next),
            ),
            ("admin-users-none", page(hostile, vec![], None)),
        ]
    }
}
