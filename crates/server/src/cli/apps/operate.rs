//! What the operator does to one app.

use super::find;
use crate::{
    app::Shared,
    cli::{Offline, desk, event, failure},
    desk::apps,
    failure::Failure,
};
use anyhow::{Context, bail};
use clap::Args;
use grantor_protocol::{client::ClientKind, time::Millis};
use grantor_store::apps::App;
use serde_json::json;

#[derive(Args)]
pub struct Operate {
    /// A number, as `grantor app list` shows it
    #[arg(value_name = "CLIENT_ID")]
    pub client_id: i64,
    #[command(flatten)]
    pub offline: Offline,
}

pub enum Operation<'a> {
    /// For this reason.
    Suspend(&'a str),
    Resume,
    Verify,
    Unverify,
    /// Of every token: whether it may.
    Introspection(bool),
    /// To the user with this address.
    Transfer(&'a str),
    Lock,
    Delete,
}

impl Operation<'_> {
    /// What the app is afterwards; or was before, when there is nothing to do.
    fn state(&self) -> &'static str {
        match self {
            Self::Suspend(_) => "suspended",
            Self::Resume => "active",
            Self::Verify => "verified",
            Self::Unverify => "unverified",
            Self::Introspection(true) => "a resource server",
            Self::Introspection(false) => "no resource server",
            Self::Transfer(_) => "with its new owner",
            Self::Lock => "changed by its owner alone",
            Self::Delete => "deleted",
        }
    }
}

/// Does it to an app; whether a resource server was handed over, which is none any more.
async fn act(app: &Shared, found: &App, operation: Operation<'_>) -> Result<bool, Failure> {
    let (desk, id, store) = (desk(app), found.client.id, &app.store);
    let its_event = |kind| {
        let mut event = event(app, kind, Some(found.owner));
        event.app = Some(id);
        event.detail.clone_from(&found.name);
        event
    };
    match operation {
        Operation::Suspend(reason) => apps::suspend(&desk, id, reason).await?,
        Operation::Resume => apps::resume(&desk, id).await?,
        Operation::Verify => apps::verify(&desk, id, &found.shown()).await?,
        Operation::Unverify => apps::unverify(&desk, id).await?,
        Operation::Introspection(true) => {
            apps::give_introspection(&desk, id, &found.shown()).await?;
        }
        Operation::Introspection(false) => apps::take_introspection(&desk, id).await?,
        Operation::Transfer(to) => return apps::transfer(&desk, id, to).await,
        Operation::Lock => {
            let locked = store.lock_registration(id, its_event("app.locked"));
            apps::or_already(locked.await?)?;
        }
        Operation::Delete => {
            let deleted = store.delete_app(id, found.owner, its_event("app.deleted"));
            apps::or_already(deleted.await?)?;
        }
    }
    Ok(false)
}

impl Operate {
    /// Does something to the app that was named.
    pub async fn with(
        &self,
        work: impl AsyncFnOnce(&Shared) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.offline.with(work).await
    }

    pub async fn perform(&self, operation: Operation<'_>) -> anyhow::Result<()> {
        self.with(async |app| self.run(app, operation).await).await
    }

    async fn run(&self, app: &Shared, operation: Operation<'_>) -> anyhow::Result<()> {
        let id = self.client_id;
        let found = find(app, id).await?;
        let resumed = matches!(operation, Operation::Resume);
        let state = operation.state();
        let was_server = match act(app, &found, operation).await {
            Ok(was_server) => was_server,
            Err(Failure::Conflict(text)) if text == apps::SO_ALREADY => {
                bail!("{} ({id}) is {state} already", found.name)
            }
            Err(error) => return Err(failure(error).context(format!("{} ({id})", found.name))),
        };
        let mut line = format!("{} ({id}) is {state}", found.name);
        // Its owner's state counts too.
        let now = app.store.app(id).await?;
        let suspended = now.is_some_and(|now| now.client.suspended);
        if suspended && resumed {
            line.push_str(", but stands still while its owner's account is disabled");
        }
        let mut answer =
            json!({"client_id": id.to_string(), "state": state, "suspended": suspended});
        if was_server {
            line.push_str(", and no resource server any more");
            answer["resource_server_ended"] = true.into();
        }
        self.offline.print(&answer, &[line]);
        Ok(())
    }

    pub async fn new_secret(&self, app: &Shared, overlap: u32) -> anyhow::Result<()> {
        let id = self.client_id;
        let found = find(app, id).await?;
        if found.client.kind == ClientKind::Browser {
            bail!("a single-page app has no secret");
        }
        let (new, text) = crate::client_secret::mint(app, &found.client.registration);
        let until = app.world.now() + Millis::seconds(i64::from(overlap));
        let mut event = event(app, "app.secret_added", Some(found.owner));
        event.app = Some(id);
        event.detail.clone_from(&new.hint);
        let added = app.store.add_secret((id, found.owner), &new, until, event);
        added.await?.then_some(()).with_context(|| {
            format!("{} has two working secrets, the most that an app may have; its owner can remove one in the console", found.name)
        })?;
        let secret = text.reveal_for_response();
        self.offline.print(
            &json!({"client_id": id.to_string(), "client_secret": secret}),
            &[format!("client_secret  {secret}")],
        );
        Ok(())
    }
}
