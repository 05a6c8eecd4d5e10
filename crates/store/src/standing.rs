//! What the operator decides about an app: whether it may act, and whether she knows
//! who is behind it.

use crate::{
    Store,
    apps::App,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::Batch,
    error::Result,
    statement::{Statement, statements},
    value::Value,
};

statements! {
    SUSPEND = "UPDATE apps SET suspended_at = ?2, suspended_for = ?3
        WHERE id = ?1 AND suspended_at IS NULL AND deleted_at IS NULL";
    RESUME = "UPDATE apps SET suspended_at = NULL, suspended_for = NULL
        WHERE id = ?1 AND suspended_at IS NOT NULL AND deleted_at IS NULL";
    /// As it was when somebody looked at it.
    VERIFY = "UPDATE apps SET verified_at = ?2
        WHERE id = ?1 AND verified_at IS NULL AND deleted_at IS NULL AND revision = ?3 AND changed_at = ?4";
    UNVERIFY = "UPDATE apps SET verified_at = NULL
        WHERE id = ?1 AND verified_at IS NOT NULL AND deleted_at IS NULL";
    /// As it was, and whose, when somebody looked at it.
    GIVE_INTROSPECTION = "UPDATE apps SET resource_server_at = ?2
        WHERE id = ?1 AND resource_server_at IS NULL AND deleted_at IS NULL AND revision = ?3 AND changed_at = ?4";
    TAKE_INTROSPECTION = "UPDATE apps SET resource_server_at = NULL
        WHERE id = ?1 AND resource_server_at IS NOT NULL AND deleted_at IS NULL";
    /// Users see another owner, and whoever had a token to change it has it no more. What
    /// was trusted to the former owner, to know every token, is not trusted to the new one.
    TRANSFER = "UPDATE apps SET owner_id = ?2, changed_at = ?4, verified_at = NULL, resource_server_at = NULL,
            registration_token = NULL, revision = revision + 1
        WHERE id = ?1 AND owner_id = ?3 AND deleted_at IS NULL
            AND CASE WHEN resource_server_at IS NULL THEN 0 ELSE 1 END = ?5";
    VERIFIED = "SELECT id, owner_id, name FROM apps WHERE verified_at IS NOT NULL AND deleted_at IS NULL";
}

/// An app that the operator vouches for.
#[derive(Clone, Debug)]
pub struct Verified {
    pub app: i64,
    pub owner: i64,
    pub name: String,
}

impl Store {
    /// Stops an app on every path. What it was given comes back with
    /// [`Self::resume_app`], but for access tokens issued until now. `false`: unknown, or
    /// suspended already.
    pub async fn suspend_app(&self, app: i64, reason: &str, event: Event) -> Result<bool> {
        let change = Change::new(ChangeKind::AppSuspended, app, event.at);
        let params = crate::params![app, event.at, reason];
        self.decide(&SUSPEND, params, change, event).await
    }

    /// `false`: unknown, or not suspended.
    pub async fn resume_app(&self, app: i64, event: Event) -> Result<bool> {
        let change = Change::new(ChangeKind::App, app, event.at);
        self.decide(&RESUME, crate::params![app], change, event)
            .await
    }

    /// Vouches for an app that is what `app` says. `false`: it is not any more, or was
    /// vouched for already.
    pub async fn verify_app(&self, app: &App, event: Event) -> Result<bool> {
        let id = app.client.id;
        let change = Change::new(ChangeKind::App, id, event.at);
        let params = crate::params![id, event.at, app.revision, app.client.changed];
        self.decide(&VERIFY, params, change, event).await
    }

    /// `false`: unknown, or not verified.
    pub async fn unverify_app(&self, app: i64, event: Event) -> Result<bool> {
        let change = Change::new(ChangeKind::App, app, event.at);
        self.decide(&UNVERIFY, crate::params![app], change, event)
            .await
    }

    /// Makes an app that is what `app` says a resource server, which may introspect every
    /// token. `false`: it is not any more, or was one already.
    pub async fn give_introspection(&self, app: &App, event: Event) -> Result<bool> {
        let id = app.client.id;
        let change = Change::new(ChangeKind::App, id, event.at);
        let params = crate::params![id, event.at, app.revision, app.client.changed];
        self.decide(&GIVE_INTROSPECTION, params, change, event)
            .await
    }

    /// `false`: unknown, or no resource server.
    pub async fn take_introspection(&self, app: i64, event: Event) -> Result<bool> {
        let change = Change::new(ChangeKind::App, app, event.at);
        self.decide(&TAKE_INTROSPECTION, crate::params![app], change, event)
            .await
    }

    /// Makes the app another user's. What its users allowed stays, but they are asked anew,
    /// for they see another owner; the operator vouches for it no more, and it is
    /// no resource server. `events`: what the former and the new owner read; `taken`: of a
    /// resource server, that it is none now. `false`: it is another's by now or no longer
    /// the one that it was, or the new owner's account is not active.
    pub async fn transfer_app(
        &self,
        app: &App,
        to: i64,
        [given, received]: [Event; 2],
        taken: Option<Event>,
    ) -> Result<bool> {
        let (id, at) = (app.client.id, given.at);
        let was = i64::from(app.client.resource_server);
        let batch = Batch::new()
            .expect_one(crate::users::TURN, crate::params![to])
            .expect_one(&TRANSFER, crate::params![id, to, app.owner, at, was])
            .change(Change::new(ChangeKind::App, id, at))
            .audit(given)
            .audit(received);
        let batch = taken.into_iter().fold(batch, Batch::audit);
        Ok(self.apply(batch).await?.is_done())
    }

    async fn decide(
        &self,
        statement: &'static Statement,
        params: impl Into<Vec<Value>>,
        change: Change,
        event: Event,
    ) -> Result<bool> {
        let batch = Batch::new().expect_one(statement, params).change(change);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// All verified apps: as many as the operator has looked at.
    pub async fn verified_apps(&self) -> Result<Vec<Verified>> {
        self.engine
            .read(&VERIFIED, &[], |row| {
                Ok(Verified {
                    app: row.int(0)?,
                    owner: row.int(1)?,
                    name: row.text(2)?,
                })
            })
            .await
    }
}
