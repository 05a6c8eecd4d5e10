//! `grantor grant`.

use super::{Offline, desk, failure, user};
use crate::{app::Shared, desk::users, failure::Failure};
use clap::{Args, Subcommand};
use grantor_protocol::scope::ScopeSet;
use serde_json::json;

#[derive(Subcommand)]
pub enum Grants {
    /// What a user allowed, or who allowed an app
    List(List),
    /// End an app's access to an account, with all its tokens
    End {
        /// As `grantor grant list` shows it
        gid: i64,
        #[command(flatten)]
        offline: Offline,
    },
}

#[derive(Args)]
pub struct List {
    /// The address of the user
    #[arg(long, value_name = "EMAIL", required_unless_present = "app")]
    user: Option<String>,
    /// The app
    #[arg(long, value_name = "CLIENT_ID", conflicts_with = "user")]
    app: Option<i64>,
    #[command(flatten)]
    offline: Offline,
}

/// gid, user, app and scopes.
type Line = (i64, i64, i64, ScopeSet);

impl Grants {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.offline.with(async |app| list.run(app).await).await,
            Self::End { gid, offline } => {
                let end = async |app: &Shared| {
                    let ended = users::end_grant(&desk(app), *gid).await;
                    let ended = ended.and_then(|ended| ended.ok_or(Failure::NotFound));
                    ended.map_err(|error| failure(error).context(format!("grant {gid}")))
                };
                let user = offline.with(end).await?;
                offline.print(
                    &json!({"gid": gid.to_string(), "user": user.to_string()}),
                    &[format!("grant {gid} of {user} has ended")],
                );
                Ok(())
            }
        }
    }
}

impl List {
    async fn run(&self, app: &Shared) -> anyhow::Result<()> {
        let found = self.find(app).await?;
        let line = |(gid, user, app, scopes): &Line| {
            format!("{gid}  of {user}  for the app {app}  {scopes}")
        };
        let object = |(gid, user, app, scopes): &Line| {
            json!({
                "gid": gid.to_string(), "user": user.to_string(), "client_id": app.to_string(),
                "scope": scopes.as_str(),
            })
        };
        let lines: Vec<_> = found.iter().map(line).collect();
        let json = found.iter().map(object).collect();
        self.offline.print(&json, &lines);
        Ok(())
    }

    async fn find(&self, app: &Shared) -> anyhow::Result<Vec<Line>> {
        let (store, mut lines) = (&app.store, Vec::new());
        if let Some(email) = &self.user {
            let user = user(app, email).await?.id;
            let grants = store.grants_of(user).await?.into_iter();
            return Ok(grants.map(|it| (it.id, user, it.app, it.scopes)).collect());
        }
        let (id, mut before) = (self.app.unwrap_or_default(), Some(i64::MAX));
        while let Some(from) = before {
            let found = store.grants_of_app(id, from, 500).await?;
            let some = found.items.into_iter();
            lines.extend(some.map(|it| (it.id, it.user, it.app, it.scopes)));
            before = found.next;
        }
        Ok(lines)
    }
}
