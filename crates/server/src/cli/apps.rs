//! `grantor app`.

mod add;
mod operate;
mod show;

use super::Offline;
use crate::app::{App, Shared};
use anyhow::Context;
use clap::Subcommand;
use grantor_protocol::{redirect::RedirectUri, time::Timestamp};
use grantor_store::apps as records;
use operate::{Operate, Operation};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Subcommand)]
pub enum Apps {
    /// Register an app; its secret is printed once
    Add(add::Add),
    /// All apps
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// Everything about one app
    Show(Operate),
    /// Stop an app: nobody can connect it, and its tokens do not work
    Suspend {
        #[command(flatten)]
        operate: Operate,
        /// Why, in words for its owner, who reads them on the app's page
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let a suspended app go on; its refresh tokens work again
    Resume(Operate),
    /// Vouch for who is behind an app, until it changes what users see of it
    Verify(Operate),
    /// Take that back
    Unverify(Operate),
    /// Let an app, as the backend of an API, introspect every token; or, with --off, no more
    ResourceServer {
        #[command(flatten)]
        operate: Operate,
        /// Take that back
        #[arg(long)]
        off: bool,
    },
    /// Hand an app over to another user: connections stay, its users are asked anew, and a
    /// resource server is none any more
    Transfer {
        #[command(flatten)]
        operate: Operate,
        /// The address of the new owner
        #[arg(long, value_name = "EMAIL")]
        to: String,
    },
    /// Take from an app that registered itself the token by which it changes that; only
    /// its owner can change it then
    Lock(Operate),
    /// Make a new client secret, printed once
    Secret {
        #[command(flatten)]
        operate: Operate,
        /// How many seconds the present secret works on
        #[arg(long, value_name = "SECONDS", default_value_t = 86_400)]
        overlap: u32,
    },
    /// Delete an app for good, with every connection to it
    Delete {
        #[command(flatten)]
        operate: Operate,
        /// Really
        #[arg(long, required = true)]
        yes: bool,
    },
}

impl Apps {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => {
                let form = add.form()?;
                add.offline.with(async |app| add.run(app, form).await).await
            }
            Self::List { offline } => offline.with(async |app| list(app, offline).await).await,
            Self::Show(operate) => {
                operate
                    .with(async |app| show::run(app, operate).await)
                    .await
            }
            Self::Suspend { operate, reason } => operate.perform(Operation::Suspend(reason)).await,
            Self::Resume(operate) => operate.perform(Operation::Resume).await,
            Self::Verify(operate) => operate.perform(Operation::Verify).await,
            Self::Unverify(operate) => operate.perform(Operation::Unverify).await,
            Self::ResourceServer { operate, off } => {
                operate.perform(Operation::Introspection(!off)).await
            }
            Self::Transfer { operate, to } => operate.perform(Operation::Transfer(to)).await,
            Self::Lock(operate) => operate.perform(Operation::Lock).await,
            Self::Secret { operate, overlap } => {
                operate
                    .with(async |app| operate.new_secret(app, *overlap).await)
                    .await
            }
            Self::Delete { operate, .. } => operate.perform(Operation::Delete).await,
        }
    }
}

/// The app with this client ID, for a command.
async fn find(app: &App, client_id: i64) -> anyhow::Result<Arc<records::App>> {
    let found = app.store.app(client_id).await?;
    found.with_context(|| format!("there is no app with the client ID {client_id}"))
}

/// All of an app but its secrets. Instants are milliseconds since the epoch.
fn all_of(found: &records::App) -> Value {
    let client = &found.client;
    let millis = |at: Timestamp| at.0;
    json!({
        "client_id": client.id.to_string(),
        "name": found.name,
        "url": found.url,
        "kind": client.kind.as_str(),
        "owner": found.owner.to_string(),
        "redirect_uris": client.redirect_uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>(),
        "icon": found.icon,
        "implicit": client.implicit,
        "without_state": client.stateless,
        "pkce_required": client.pkce_required,
        "resource_server": client.resource_server,
        "registered_itself": found.registered_itself,
        "verified": found.verified,
        "suspended": client.suspended,
        "suspended_at": found.suspension.as_ref().map(|it| millis(it.since)),
        "suspended_for": found.suspension.as_ref().map(|it| &it.reason),
        "created_at": millis(found.created),
        "changed_at": millis(client.changed),
        "without_pkce_at": found.without_pkce.map(millis),
    })
}

/// In brackets what is unusual about an app.
fn marks(found: &records::App) -> String {
    let client = &found.client;
    let marks = [
        (client.suspended, "suspended"),
        (found.verified, "verified"),
        (client.resource_server, "resource server"),
        (found.registered_itself, "registered itself"),
    ];
    let there = marks.iter().filter(|(there, _)| *there);
    there.map(|(_, mark)| format!("  ({mark})")).collect()
}

async fn list(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let (mut json, mut lines, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = app.store.apps(after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.client.id;
        for found in page {
            let (client, marks) = (&found.client, marks(&found));
            let kind = client.kind.as_str();
            lines.push(format!("{}  {kind}  {}{marks}", client.id, found.name));
            json.push(all_of(&found));
        }
    }
    offline.print(&json!(json), &lines);
    Ok(())
}
