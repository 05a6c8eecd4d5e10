//! What the operator looks for: users and apps by the beginning of a name, grants by app,
//! tokens by what can be seen of them. Each answer says where it goes on.

use crate::{
    Store,
    apps::App,
    error::Result,
    pats::{PersonalToken, read_token},
    statement::statements,
    users::{User, read_user},
    value::Row,
};
use grantor_protocol::{scope::ScopeSet, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

statements! {
    USERS_BY_NAME = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at
        FROM users WHERE email <> '' AND lower(name) /*: COLLATE ucs_basic :*/ >= lower(CAST(?1 AS TEXT)) AND lower(name) /*: COLLATE ucs_basic :*/ < lower(CAST(?2 AS TEXT))
            AND (lower(name) /*: COLLATE ucs_basic :*/ > lower(CAST(?1 AS TEXT)) OR id > ?3)
        ORDER BY lower(name) /*: COLLATE ucs_basic :*/, id LIMIT ?4";
    USERS_BY_ADDRESS = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at, email_key
        FROM users WHERE email <> '' AND email_key /*: COLLATE ucs_basic :*/ >= ?1 AND email_key /*: COLLATE ucs_basic :*/ < ?2
            AND (email_key /*: COLLATE ucs_basic :*/ > ?1 OR id > ?3)
        ORDER BY email_key /*: COLLATE ucs_basic :*/, id LIMIT ?4";
    APPS_BY_NAME = "SELECT id FROM apps
        WHERE lower(name) /*: COLLATE ucs_basic :*/ >= lower(CAST(?1 AS TEXT)) AND lower(name) /*: COLLATE ucs_basic :*/ < lower(CAST(?2 AS TEXT))
            AND (lower(name) /*: COLLATE ucs_basic :*/ > lower(CAST(?1 AS TEXT)) OR id > ?3) AND deleted_at IS NULL
        ORDER BY lower(name) /*: COLLATE ucs_basic :*/, id LIMIT ?4";
    GRANT = "SELECT id, user_id, app_id, scopes, created_at, last_used_at FROM grants WHERE id = ?1 AND ended_at IS NULL";
    GRANTS_OF_APP = "SELECT id, user_id, app_id, scopes, created_at, last_used_at FROM grants
        WHERE app_id = ?1 AND id < ?2 AND ended_at IS NULL ORDER BY id DESC LIMIT ?3";
    TOKENS_BY_HINT = "SELECT id, digest, user_id, description, scopes, hint, created_at, expires_at, last_used_at, last_used_from
        FROM personal_access_tokens WHERE hint = ?1 AND ended_at IS NULL LIMIT 100";
}

/// The last character of all: what begins as a text does comes before the text with it.
const LAST: char = '\u{10ffff}';

/// Some of what was found, and where to go on, if there is more.
pub struct Found<T, From> {
    pub items: Vec<T>,
    pub next: Option<From>,
}

impl<T, From> Found<T, From> {
    /// Of a page and one more.
    fn cut(mut items: Vec<T>, limit: usize, go_on: impl FnOnce(&T) -> From) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(go_on);
        Self { items, next }
    }
}

/// By what a user is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsersBy {
    Id(i64),
    /// The beginning of a name.
    Name(String),
    /// The beginning of an address.
    Address(String),
    /// As one of these, but after this name (or address) and id.
    After(Beginning),
    /// All, after this id.
    All(i64),
}

/// The beginning of a name or an address, and how far the list was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    pub begins: String,
    pub of_address: bool,
    pub last: (String, i64),
}

/// The beginning of an app's name, and how far the list was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppsBy {
    pub begins: String,
    pub last: Option<(String, i64)>,
}

/// An approval, whoever's it is.
#[derive(Clone, Debug)]
pub struct GrantLine {
    pub id: i64,
    pub user: i64,
    pub app: i64,
    pub scopes: ScopeSet,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
}

fn read_grant(row: &Row<'_>) -> Result<GrantLine> {
    Ok(GrantLine {
        id: row.int(0)?,
        user: row.int(1)?,
        app: row.int(2)?,
        scopes: row.scopes(3)?,
        created: row.time(4)?,
        last_used: row.opt_time(5)?,
    })
}

impl Store {
    pub async fn find_users(&self, by: &UsersBy, limit: usize) -> Result<Found<User, UsersBy>> {
        let (begins, of_address, last) = match by {
            UsersBy::Id(id) => {
                let items = self.user(*id).await?.map(|user| (*user).clone());
                let items = items.into_iter().collect();
                return Ok(Found { items, next: None });
            }
            UsersBy::All(after) => {
                let items = self.users(*after, limit as i64 + 1).await?;
                return Ok(Found::cut(items, limit, |user| UsersBy::All(user.id)));
            }
            UsersBy::Name(begins) => (begins, false, (begins.clone(), 0)),
            UsersBy::Address(begins) => (begins, true, (begins.clone(), 0)),
            UsersBy::After(it) => (&it.begins, it.of_address, it.last.clone()),
        };
        let statement = match of_address {
            true => &USERS_BY_ADDRESS,
            false => &USERS_BY_NAME,
        };
        let end = format!("{begins}{LAST}");
        let params = crate::params![last.0, end, last.1, limit as i64 + 1];
        let read = move |row: &Row<'_>| {
            let user = read_user(row)?;
            let key = match of_address {
                true => row.text(11)?,
                false => user.name.clone(),
            };
            Ok((user, key))
        };
        let items = self.engine.scan(statement, &params, read).await?;
        let found = Found::cut(items, limit, |(user, key)| {
            UsersBy::After(Beginning {
                begins: begins.clone(),
                of_address,
                last: (key.clone(), user.id),
            })
        });
        Ok(Found {
            items: found.items.into_iter().map(|(user, _)| user).collect(),
            next: found.next,
        })
    }

    pub async fn find_apps(&self, by: &AppsBy, limit: usize) -> Result<Found<Arc<App>, AppsBy>> {
        let (name, id) = by.last.clone().unwrap_or((by.begins.clone(), 0));
        let end = format!("{}{LAST}", by.begins);
        let params = crate::params![name, end, id, limit as i64 + 1];
        let ids = self.engine.scan(&APPS_BY_NAME, &params, |row| row.int(0));
        let apps = self.apps_by_id(ids.await?).await?;
        Ok(Found::cut(apps, limit, |app| AppsBy {
            begins: by.begins.clone(),
            last: Some((app.name.clone(), app.client.id)),
        }))
    }

    /// A grant that has not ended.
    pub async fn grant(&self, id: i64) -> Result<Option<GrantLine>> {
        let params = crate::params![id];
        let found = self.engine.read(&GRANT, &params, read_grant).await?;
        Ok(found.into_iter().next())
    }

    /// Who has an app connected, the newest first; `before`: `i64::MAX` at first.
    pub async fn grants_of_app(
        &self,
        app: i64,
        before: i64,
        limit: usize,
    ) -> Result<Found<GrantLine, i64>> {
        let params = crate::params![app, before, limit as i64 + 1];
        let found = self.engine.scan(&GRANTS_OF_APP, &params, read_grant);
        Ok(Found::cut(found.await?, limit, |grant| grant.id))
    }

    /// Live personal tokens by the start and the end of their texts.
    pub async fn tokens_by_hint(&self, hint: &str) -> Result<Vec<PersonalToken>> {
        let params = crate::params![hint];
        self.engine.scan(&TOKENS_BY_HINT, &params, read_token).await
    }
}
