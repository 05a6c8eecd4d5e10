//! Apps and their secrets: what the developer console edits.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::Batch,
    error::{Error, Result},
    statement::statements,
    usage::Used,
    value::{Row, Value},
};
use grantor_protocol::{
    client::{Client, ClientKind, ClientSecret},
    openid::registration::Registration,
    redirect::RedirectUri,
    secret::Digest,
    time::Timestamp,
};
use std::sync::Arc;

statements! {
    BY_ID = "SELECT a.id, a.owner_id, a.name, a.url, a.kind, a.icon, a.redirect_uris, a.implicit_at, a.stateless_at,
            a.pkce_required_at, a.resource_server_at, a.verified_at, s.suspended_at, a.created_at, a.changed_at,
            a.without_pkce_at, a.suspended_at, a.suspended_for, a.registration, a.registration_token, a.revision,
            a.registered_itself
        FROM apps a JOIN app_standing s ON s.id = a.id WHERE a.id = ?1 AND a.deleted_at IS NULL";
    SECRETS = "SELECT id, digest, expires_at, hint, created_at, last_used_at, sealed
        FROM client_secrets WHERE app_id = ?1 ORDER BY id DESC";
    OF_OWNER = "SELECT id FROM apps WHERE owner_id = ?1 AND deleted_at IS NULL ORDER BY created_at";
    LIST = "SELECT id FROM apps WHERE id > ?1 AND deleted_at IS NULL ORDER BY id LIMIT ?2";
    ADD = "INSERT INTO apps (id, owner_id, name, url, kind, icon, redirect_uris, implicit_at, stateless_at,
            pkce_required_at, resource_server_at, created_at, changed_at, registration)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?14
        WHERE (SELECT COUNT(*) FROM apps WHERE owner_id = ?2 AND deleted_at IS NULL) < ?13";
    EDIT = "UPDATE apps SET name = ?2, url = ?3, kind = ?4, icon = ?5, redirect_uris = ?6,
            implicit_at = CASE WHEN ?7 = 0 THEN NULL ELSE COALESCE(implicit_at, ?10) END,
            stateless_at = CASE WHEN ?8 = 0 THEN NULL ELSE COALESCE(stateless_at, ?10) END,
            pkce_required_at = CASE WHEN ?9 = 0 THEN NULL ELSE COALESCE(pkce_required_at, ?10) END,
            changed_at = CASE WHEN ?11 = 0 THEN changed_at ELSE ?10 END, registration = ?13,
            verified_at = CASE WHEN ?11 = 0 THEN verified_at ELSE NULL END, revision = revision + 1
        WHERE id = ?1 AND owner_id = ?12 AND revision = ?14 AND deleted_at IS NULL";
    DELETE = "UPDATE apps SET deleted_at = ?3 WHERE id = ?1 AND owner_id = ?2 AND deleted_at IS NULL";
    DELETE_SECRETS = "DELETE FROM client_secrets WHERE app_id = ?1";
    TAKE_TURN = "UPDATE apps SET changed_at = changed_at WHERE id = ?1 AND owner_id = ?2 AND deleted_at IS NULL";
    ADD_SECRET = "INSERT INTO client_secrets (id, app_id, digest, hint, created_at, sealed)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6
        WHERE (SELECT COUNT(*) FROM client_secrets WHERE app_id = ?2 AND (expires_at IS NULL OR expires_at > ?5)) < 2";
    RETIRE_OLDER = "UPDATE client_secrets SET expires_at = ?3
        WHERE app_id = ?1 AND id <> ?2 AND (expires_at IS NULL OR expires_at > ?3)";
    DROP_EXPIRED = "DELETE FROM client_secrets WHERE app_id = ?1 AND expires_at <= ?2";
    REMOVE_SECRET = "DELETE FROM client_secrets WHERE id = ?1 AND app_id = ?2";
    SAW_NO_PKCE = "UPDATE apps SET without_pkce_at = ?2 WHERE id = ?1";
}

/// An app with what the pages show of it.
#[derive(Clone)]
pub struct App {
    pub client: Client,
    pub owner: i64,
    pub name: String,
    pub url: String,
    /// Digest of the icon among the images.
    pub icon: Option<String>,
    pub verified: bool,
    pub created: Timestamp,
    /// When a server app last authorized without PKCE.
    pub without_pkce: Option<Timestamp>,
    /// By the operator. An app whose owner is disabled has none and stands still all
    /// the same: see `client.suspended`.
    pub suspension: Option<Suspension>,
    /// Whether it came by dynamic registration, not by the console.
    pub registered_itself: bool,
    /// Of such an app: what proves that it is the one.
    pub registration_token: Option<Digest>,
    pub(crate) revision: i64,
}

impl App {
    /// A name for what is seen of it now: another one after every change that users see.
    pub fn shown(&self) -> String {
        format!("{}-{}", self.revision, self.client.changed.0)
    }

    /// Whether users would see another app in `form` than in the one they approved.
    fn shows_differently(&self, form: &AppForm) -> bool {
        let policies = |it: &Registration| (it.policy_uri.clone(), it.tos_uri.clone());
        form.name != self.name
            || form.url != self.url
            || form.icon != self.icon
            || form.kind != self.client.kind
            || form.redirect_uris != self.client.redirect_uris
            || policies(&form.registration) != policies(&self.client.registration)
    }
}

/// A secret as its owner sees it: never the text.
#[derive(Clone, Debug)]
pub struct SecretLine {
    pub id: i64,
    pub hint: String,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub last_used: Option<Timestamp>,
}

/// The operator's stop, until she lifts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    pub since: Timestamp,
    /// In words, for the owner.
    pub reason: String,
}

/// What the owner can edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppForm {
    pub name: String,
    pub url: String,
    pub kind: ClientKind,
    pub icon: Option<String>,
    pub redirect_uris: Vec<RedirectUri>,
    pub implicit: bool,
    pub stateless: bool,
    pub pkce_required: bool,
    pub registration: Registration,
}

/// A secret to be: its text stays with the caller.
pub struct NewSecret {
    pub id: i64,
    pub digest: Digest,
    pub hint: String,
    /// Encrypted, where the app signs with it.
    pub sealed: Option<Vec<u8>>,
}

fn join(uris: &[RedirectUri]) -> String {
    uris.iter()
        .map(RedirectUri::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}

fn write(registration: &Registration) -> Result<String> {
    serde_json::to_string(registration).map_err(|error| Error::Corrupt(error.to_string()))
}

fn read_app(row: &Row<'_>) -> Result<App> {
    let kind =
        ClientKind::parse(&row.text(4)?).ok_or_else(|| Error::Corrupt("an app's kind".into()))?;
    let uris = row.text(6)?;
    Ok(App {
        client: Client {
            id: row.int(0)?,
            kind,
            redirect_uris: uris
                .lines()
                .map(|uri| RedirectUri::from_registered(uri.to_owned()))
                .collect(),
            implicit: row.is_set(7)?,
            stateless: row.is_set(8)?,
            pkce_required: row.is_set(9)?,
            resource_server: row.is_set(10)?,
            suspended: row.is_set(12)?,
            changed: row.time(14)?,
            secrets: Vec::new(),
            registration: serde_json::from_str(&row.text(18)?)
                .map_err(|_| Error::Corrupt("an app's registration".into()))?,
        },
        owner: row.int(1)?,
        name: row.text(2)?,
        url: row.text(3)?,
        icon: row.opt_text(5)?,
        verified: row.is_set(11)?,
        created: row.time(13)?,
        without_pkce: row.opt_time(15)?,
        suspension: suspension(row)?,
        registration_token: row.opt_digest(19)?,
        revision: row.int(20)?,
        registered_itself: row.int(21)? != 0,
    })
}

fn suspension(row: &Row<'_>) -> Result<Option<Suspension>> {
    let reason = row.opt_text(17)?.unwrap_or_default();
    let since = row.opt_time(16)?;
    Ok(since.map(|since| Suspension { since, reason }))
}

fn read_secret(row: &Row<'_>) -> Result<(ClientSecret, SecretLine)> {
    let secret = ClientSecret {
        id: row.int(0)?,
        digest: row.digest(1)?,
        expires: row.opt_time(2)?,
        sealed: row.opt_blob(6)?,
    };
    let line = SecretLine {
        id: secret.id,
        hint: row.text(3)?,
        created: row.time(4)?,
        expires: secret.expires,
        last_used: row.opt_time(5)?,
    };
    Ok((secret, line))
}

impl App {
    /// The app as its owner would have typed it.
    pub fn form(&self) -> AppForm {
        let client = &self.client;
        AppForm {
            name: self.name.clone(),
            url: self.url.clone(),
            kind: client.kind,
            icon: self.icon.clone(),
            redirect_uris: client.redirect_uris.clone(),
            implicit: client.implicit,
            stateless: client.stateless,
            pkce_required: client.pkce_required,
            registration: client.registration.clone(),
        }
    }
}

impl Batch {
    /// Makes an app with its first secret, if its kind has one, unless its owner has as
    /// many as she may have or is disabled.
    pub(crate) fn add_app(self, app: &NewApp<'_>, now: Timestamp) -> Result<Self> {
        let form = app.form;
        let since = |set: bool| set.then_some(now);
        let params = crate::params![
            app.id,
            app.owner,
            &form.name,
            &form.url,
            form.kind.as_str(),
            form.icon.clone(),
            join(&form.redirect_uris),
            since(form.implicit),
            since(form.stateless),
            since(form.pkce_required),
            since(app.resource_server),
            now,
            app.limit,
            write(&form.registration)?
        ];
        let batch = self
            .expect_one(crate::users::TURN, crate::params![app.owner])
            .expect_one(&ADD, params);
        Ok(match &app.secret {
            Some(secret) => batch.expect_one(&ADD_SECRET, secret_params(app.id, secret, now)),
            None => batch,
        })
    }
}

impl Store {
    /// An app as this node knows it; read at most once between changes.
    pub async fn app(&self, id: i64) -> Result<Option<Arc<App>>> {
        if self.memory.is_fresh()
            && let Some(app) = self.memory.apps.get(id)
        {
            return Ok(Some(app));
        }
        let moment = self.memory.apps.moment();
        let Some(mut app) = self
            .engine
            .read(&BY_ID, &crate::params![id], read_app)
            .await?
            .pop()
        else {
            return Ok(None);
        };
        let secrets = self
            .engine
            .read(&SECRETS, &crate::params![id], read_secret)
            .await?;
        app.client.secrets = secrets.into_iter().map(|(secret, _)| secret).collect();
        let app = Arc::new(app);
        self.memory.apps.keep(id, &app, moment);
        Ok(Some(app))
    }

    /// The secrets of an app with their last use, newest first. Uses change nothing in
    /// what this node remembers of an app, so they are read each time.
    pub async fn secrets_of(&self, app: i64) -> Result<Vec<SecretLine>> {
        let secrets = self
            .engine
            .read(&SECRETS, &crate::params![app], read_secret)
            .await?;
        let used = |(_, line): (ClientSecret, SecretLine)| SecretLine {
            last_used: line
                .last_used
                .max(self.usage.noted(Used::ClientSecret(line.id))),
            ..line
        };
        Ok(secrets.into_iter().map(used).collect())
    }

    pub async fn apps_of(&self, owner: i64) -> Result<Vec<Arc<App>>> {
        let ids = self
            .engine
            .read(&OF_OWNER, &crate::params![owner], |row| row.int(0))
            .await?;
        self.apps_by_id(ids).await
    }

    /// A page of apps in id order, after `after`.
    pub async fn apps(&self, after: i64, limit: i64) -> Result<Vec<Arc<App>>> {
        let ids = self
            .engine
            .scan(&LIST, &crate::params![after, limit], |row| row.int(0))
            .await?;
        self.apps_by_id(ids).await
    }

    pub(crate) async fn apps_by_id(&self, ids: Vec<i64>) -> Result<Vec<Arc<App>>> {
        let mut apps = Vec::with_capacity(ids.len());
        for id in ids {
            apps.extend(self.app(id).await?);
        }
        Ok(apps)
    }

    /// Registers an app with its first secret, if its kind has one. `false`: the
    /// owner has as many apps as she may have.
    pub async fn add_app(&self, app: &NewApp<'_>, event: Event) -> Result<bool> {
        let batch = Batch::new().add_app(app, event.at)?.audit(event);
        Ok(self.apply(batch).await?.is_done())
    }

    /// Makes an app what `form` says. Whoever approved it is asked anew, and the operator
    /// vouches for it no more, if users would see another one. `false`: it is not what
    /// `before` says any more, or gone.
    pub async fn edit_app(&self, before: &App, form: &AppForm, event: Event) -> Result<bool> {
        let (id, flag) = (before.client.id, i64::from);
        let params = crate::params![
            id,
            &form.name,
            &form.url,
            form.kind.as_str(),
            form.icon.clone(),
            join(&form.redirect_uris),
            flag(form.implicit),
            flag(form.stateless),
            flag(form.pkce_required),
            event.at,
            flag(before.shows_differently(form)),
            before.owner,
            write(&form.registration)?,
            before.revision
        ];
        let change = Change::new(ChangeKind::App, id, event.at);
        let batch = Batch::new()
            .expect_one(&EDIT, params)
            .change(change)
            .audit(event);
        Ok(self.apply(batch).await?.is_done())
    }

    /// Ends the app and all that hangs from it: whoever reads a grant looks at its app
    /// too, however many there are. The sweeper tidies them up later.
    pub async fn delete_app(&self, id: i64, owner: i64, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(&DELETE, crate::params![id, owner, event.at])
            .run(&DELETE_SECRETS, crate::params![id])
            .change(Change::new(ChangeKind::AppSuspended, id, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Adds a secret; older ones work until `overlap_until`. `false`: there are two
    /// already, or the app is not this owner's.
    pub async fn add_secret(
        &self,
        app: (i64, i64),
        secret: &NewSecret,
        overlap_until: Timestamp,
        event: Event,
    ) -> Result<bool> {
        let (id, owner) = app;
        let change = Change::new(ChangeKind::App, id, event.at);
        let batch = Batch::new()
            .expect_one(&TAKE_TURN, crate::params![id, owner])
            .expect_one(&ADD_SECRET, secret_params(id, secret, event.at))
            .run(&DROP_EXPIRED, crate::params![id, event.at])
            .run(&RETIRE_OLDER, crate::params![id, secret.id, overlap_until])
            .change(change);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// `false`: there is no such secret, or the app is not this owner's.
    pub async fn remove_secret(&self, app: (i64, i64), secret: i64, event: Event) -> Result<bool> {
        let (id, owner) = app;
        let batch = Batch::new()
            .expect_one(&TAKE_TURN, crate::params![id, owner])
            .expect_one(&REMOVE_SECRET, crate::params![secret, id])
            .change(Change::new(ChangeKind::App, id, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Notes that a server app authorized without PKCE, for its owner to see.
    pub async fn saw_no_pkce(&self, app: i64, now: Timestamp) -> Result<()> {
        let change = Change::new(ChangeKind::App, app, now);
        self.must_apply(
            Batch::new()
                .expect_one(&SAW_NO_PKCE, crate::params![app, now])
                .change(change),
        )
        .await
    }
}

/// An app to be.
pub struct NewApp<'a> {
    pub id: i64,
    pub owner: i64,
    pub form: &'a AppForm,
    pub secret: Option<NewSecret>,
    /// Set by the operator alone.
    pub resource_server: bool,
    /// How many apps the owner may have.
    pub limit: i64,
}

fn secret_params(app: i64, secret: &NewSecret, now: Timestamp) -> [Value; 6] {
    let sealed = secret.sealed.clone();
    crate::params![secret.id, app, secret.digest, &secret.hint, now, sealed]
}
