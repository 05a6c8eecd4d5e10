//! `grantor user`.

mod import;

use super::{Offline, event, failure, user};
use crate::app::Shared;
use anyhow::{Context, bail};
use clap::Subcommand;
use grantor_protocol::{email::Email, name::DisplayName};
use grantor_store::{deletion::Deleted, users::NewUser};
use serde_json::json;
use std::io::Read;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum Users {
    /// Make an account
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Read the password from standard input; without it the account has none yet
        #[arg(long)]
        password_stdin: bool,
        /// An administrator
        #[arg(long)]
        admin: bool,
        /// You vouch that the address is the user's own; without it nobody has
        #[arg(long)]
        email_verified: bool,
        #[command(flatten)]
        offline: Offline,
    },
    /// Make accounts of a file, with the password hashes of another system
    Import(import::Import),
    /// All accounts
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// End an account's sessions and stop its tokens
    Disable {
        email: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Let an account in again
    Enable {
        email: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Delete an account for good, with its apps, connections, tokens and sessions
    Delete {
        email: String,
        /// Really
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        offline: Offline,
    },
}

impl Users {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Add { offline, .. } => self.add(offline).await,
            Self::Import(import) => import.run().await,
            Self::List { offline } => offline.with(async |app| list(app, offline).await).await,
            Self::Disable { email, offline } => {
                let work = async |app: &Shared| disable(app, email, offline).await;
                offline.with(work).await
            }
            Self::Enable { email, offline } => {
                let work = async |app: &Shared| enable(app, email, offline).await;
                offline.with(work).await
            }
            Self::Delete { email, offline, .. } => {
                let work = async |app: &Shared| delete(app, email, offline).await;
                offline.with(work).await
            }
        }
    }

    async fn add(&self, offline: &Offline) -> anyhow::Result<()> {
        let Self::Add {
            email,
            name,
            password_stdin,
            admin,
            email_verified,
            ..
        } = self
        else {
            return Ok(());
        };
        let email = Email::parse(email)?;
        let name = DisplayName::parse(name).map_err(|error| anyhow::anyhow!("the name {error}"))?;
        let password = if *password_stdin {
            Some(read_password()?)
        } else {
            None
        };
        let make = async |app: &Shared| {
            if let Some(wrong) = app.check_display_name(&name, None) {
                eprintln!("warning: {wrong} (On the command line it is allowed.)");
            }
            let password = match password {
                Some(text) => Some(hash(app, &text, [name.as_str(), email.as_str()]).await?),
                None => None,
            };
            let new = NewUser {
                id: app.world.new_gid(),
                email: email.as_str().to_owned(),
                email_key: email.canonical(),
                email_verified: *email_verified,
                name: name.as_str().to_owned(),
                password,
                admin: *admin,
            };
            let event = event(app, "account.created", Some(new.id));
            if !app.store.add_user(&new, event).await? {
                bail!("there is a user with the address {} already", new.email);
            }
            Ok(new)
        };
        let new = offline.with_made(make).await?;
        offline.print(
            &json!({"gid": new.id.to_string(), "email": new.email, "name": new.name}),
            &[format!("{}  {}  {}", new.id, new.email, new.name)],
        );
        Ok(())
    }
}

async fn hash(app: &Shared, text: &str, about: [&str; 2]) -> anyhow::Result<String> {
    let hashed = app.hash_new_password(text, &about).await;
    let hashed = hashed.map_err(failure)?;
    hashed.map_err(|refused| anyhow::anyhow!("the password: {refused}"))
}

fn read_password() -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("cannot read the password")?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned().into())
}

async fn list(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let (mut json, mut lines, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = app.store.users(after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for user in page {
            let state = if user.disabled { "  (disabled)" } else { "" };
            lines.push(format!("{}  {}  {}{state}", user.id, user.email, user.name));
            json.push(json!({
                "gid": user.id.to_string(), "email": user.email, "email_verified": user.email_verified, "name": user.name,
                "admin": user.admin, "disabled": user.disabled
            }));
        }
    }
    offline.print(&json!(json), &lines);
    Ok(())
}

async fn disable(app: &Shared, email: &str, offline: &Offline) -> anyhow::Result<()> {
    let user = user(app, email).await?;
    if !app
        .store
        .disable_user(user.id, event(app, "account.disabled", Some(user.id)))
        .await?
    {
        bail!("{email} is disabled already");
    }
    offline.print(
        &json!({"gid": user.id.to_string(), "disabled": true}),
        &[format!("{email} is disabled")],
    );
    Ok(())
}

async fn enable(app: &Shared, email: &str, offline: &Offline) -> anyhow::Result<()> {
    let user = user(app, email).await?;
    app.store
        .enable_user(user.id, event(app, "account.enabled", Some(user.id)))
        .await?;
    offline.print(
        &json!({"gid": user.id.to_string(), "disabled": false}),
        &[format!("{email} may come in again")],
    );
    Ok(())
}

async fn delete(app: &Shared, email: &str, offline: &Offline) -> anyhow::Result<()> {
    let user = user(app, email).await?;
    let event = event(app, "user.deleted", Some(user.id));
    match app.store.delete_user(user.id, event).await? {
        Deleted::Done => {}
        Deleted::OnlyAdministrator => {
            bail!("{email} is the only administrator: make somebody else one first")
        }
        Deleted::Gone => bail!("the account has just been deleted by somebody else"),
    }
    offline.print(
        &json!({"gid": user.id.to_string(), "deleted": true}),
        &[format!("the account of {email} is deleted")],
    );
    Ok(())
}
