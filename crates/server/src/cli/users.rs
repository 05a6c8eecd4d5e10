//! `grantor user`.

mod import;

use super::{Offline, event, failure, user};
use crate::{
    app::Shared,
    desk::{self, Desk},
    failure::Failure,
    sign_in::comes_in_here,
};
use anyhow::{Context, bail};
use clap::Subcommand;
use grantor_protocol::{email::Email, name::DisplayName, openid::profile::Profile, role::Role};
use grantor_store::{
    deletion::Deleted,
    users::{NewPassword, NewUser, User},
};
use serde_json::{Value, json};
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
        /// Why, in words for the user, who reads them in the security history
        #[arg(long, value_name = "TEXT", default_value = "by the operator")]
        reason: String,
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
    /// Accounts by the beginning of a name or of an address (with its @), or by gid
    Find {
        text: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Sign an account out everywhere
    EndSessions {
        email: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Set an account's password, in the place of the one that it has, if any; it is signed out
    /// everywhere
    Password {
        email: String,
        /// Read it from standard input: on the command line others could see it
        #[arg(long, required = true)]
        password_stdin: bool,
        #[command(flatten)]
        offline: Offline,
    },
    /// Take the passkeys, authenticator app and recovery codes of somebody who has lost them
    ResetFactors {
        email: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Give an account a role in the administration, or take it
    Role {
        email: String,
        /// admin, support or none
        role: String,
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
            Self::Disable {
                email,
                reason,
                offline,
            } => {
                let act = async |desk: &Desk, id| desk::users::disable(desk, id, reason).await;
                one(email, offline, act, "disabled").await
            }
            Self::Enable { email, offline } => {
                let act = async |desk: &Desk, id| desk::users::enable(desk, id).await;
                one(email, offline, act, "active").await
            }
            Self::Find { text, offline } => {
                offline
                    .with(async |app| find(app, text, offline).await)
                    .await
            }
            Self::EndSessions { email, offline } => {
                let act = async |desk: &Desk, id| desk::users::end_sessions(desk, id).await;
                one(email, offline, act, "signed out everywhere").await
            }
            Self::Password { email, offline, .. } => set_password(email, offline).await,
            Self::ResetFactors { email, offline } => {
                let act = async |desk: &Desk, id| desk::users::reset_factors(desk, id).await;
                one(email, offline, act, "without second factors").await
            }
            Self::Role {
                email,
                role,
                offline,
            } => {
                let role = match role.as_str() {
                    "none" => None,
                    text => Some(Role::parse(text).context("the role is admin, support or none")?),
                };
                let act = async |desk: &Desk, id| desk::users::set_role(desk, id, role).await;
                let words = role.map_or("without a role", |role| match role {
                    Role::Admin => "an administrator",
                    Role::Support => "support",
                });
                one(email, offline, act, words).await
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
                profile: Profile::default(),
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
            lines.push(line(&user));
            json.push(object(&user));
        }
    }
    offline.print(&json!(json), &lines);
    Ok(())
}

/// Does something about one account; `state`: what it is afterwards.
async fn one(
    email: &str,
    offline: &Offline,
    act: impl AsyncFnOnce(&Desk, i64) -> Result<(), Failure>,
    state: &str,
) -> anyhow::Result<()> {
    let work = async |app: &Shared| {
        let user = user(app, email).await?;
        let done = act(&super::desk(app), user.id).await;
        done.map_err(|error| failure(error).context(email.to_owned()))?;
        Ok(user.id)
    };
    let id = offline.with(work).await?;
    offline.print(
        &json!({"gid": id.to_string(), "state": state}),
        &[format!("{email} is {state}")],
    );
    Ok(())
}

async fn set_password(email: &str, offline: &Offline) -> anyhow::Result<()> {
    let password = read_password()?;
    let work = async |app: &Shared| {
        let user = user(app, email).await?;
        if !comes_in_here(app, &user) {
            bail!(
                "{email} signs in at the platform (hand_over_url), where no password of this server's counts"
            );
        }
        let before = app.store.password_of(user.id).await?;
        let hash = hash(app, &password, [&user.name, &user.email]).await?;
        let new = NewPassword {
            user: user.id,
            hash: &hash,
            proved: before.as_deref(),
        };
        let event = match before {
            Some(_) => event(app, "password.changed", Some(user.id)),
            None => event(app, "password.added", Some(user.id)),
        };
        if !app.store.set_password(&new, None, event).await? {
            bail!("the password of {email} was changed meanwhile: try again");
        }
        Ok(user.id)
    };
    let id = offline.with(work).await?;
    offline.print(
        &json!({"gid": id.to_string(), "state": "new password"}),
        &[format!(
            "{email} has a new password and is signed out everywhere"
        )],
    );
    Ok(())
}

async fn find(app: &Shared, text: &str, offline: &Offline) -> anyhow::Result<()> {
    let (desk, mut by) = (super::desk(app), desk::users::looked_for(text));
    let (mut json, mut lines) = (Vec::new(), Vec::new());
    loop {
        let found = desk::users::find(&desk, &by, 100).await.map_err(failure)?;
        for user in found.items {
            lines.push(line(&user));
            json.push(object(&user));
        }
        match found.next {
            Some(next) => by = next,
            None => break,
        }
    }
    offline.print(&json!(json), &lines);
    Ok(())
}

async fn delete(app: &Shared, email: &str, offline: &Offline) -> anyhow::Result<()> {
    let user = user(app, email).await?;
    let event = event(app, "user.deleted", Some(user.id));
    let language = app.language_of(&user);
    match app.store.delete_user(user.id, language, event).await? {
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

fn line(user: &User) -> String {
    let marks = [
        (user.disabled, "disabled"),
        (user.admin, "administrator"),
        (user.support, "support"),
    ];
    let there = marks.iter().filter(|(there, _)| *there);
    let marks: String = there.map(|(_, mark)| format!("  ({mark})")).collect();
    format!("{}  {}  {}{marks}", user.id, user.email, user.name)
}

fn object(user: &User) -> Value {
    json!({
        "gid": user.id.to_string(), "email": user.email, "email_verified": user.email_verified, "name": user.name,
        "admin": user.admin, "support": user.support, "disabled": user.disabled
    })
}
