//! `grantor registration`.

use super::{Offline, event, user};
use crate::{app::Shared, config::DynamicRegistration};
use anyhow::bail;
use clap::{Args, Subcommand};
use grantor_protocol::{secret::Kind, time::Millis};
use grantor_store::registrations::InitialToken;
use serde_json::json;

#[derive(Subcommand)]
pub enum Registrations {
    /// Make an initial access token; it is printed once
    Add(Add),
    /// The tokens that have not expired
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// End a token; what was registered with it stays
    End {
        /// As the list has it
        id: i64,
        #[command(flatten)]
        offline: Offline,
    },
}

#[derive(Args)]
pub struct Add {
    /// The address of the user who answers for the apps
    #[arg(long, value_name = "EMAIL")]
    owner: String,
    /// How many apps may register with it
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    uses: u32,
    /// Days until it expires
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    expires_in: u32,
    #[command(flatten)]
    offline: Offline,
}

impl Registrations {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.offline.with(async |app| add.run(app).await).await,
            Self::List { offline } => offline.with(async |app| list(app, offline).await).await,
            Self::End { id, offline } => {
                offline.with(async |app| end(app, *id, offline).await).await
            }
        }
    }
}

impl Add {
    async fn run(&self, app: &Shared) -> anyhow::Result<()> {
        let owner = user(app, &self.owner).await?;
        let now = app.world.now();
        let id = app.world.new_id(now);
        let format = &app.keys.now().format;
        let secret = format.mint(Kind::InitialAccess, id, &app.world.random());
        let token = InitialToken {
            id,
            digest: secret.digest(),
            owner: owner.id,
            hint: secret.hint(),
            uses_left: self.uses.into(),
            created: now,
            expires: now + Millis::days(self.expires_in.into()),
        };
        let mut event = event(app, "registration.token_added", Some(owner.id));
        event.detail.clone_from(&token.hint);
        app.store.add_initial_token(&token, event).await?;
        if app.config.registration.dynamic_registration == DynamicRegistration::Off {
            eprintln!(
                "warning: no app can register with it while dynamic_registration is off (by the settings that this command has read)"
            );
        }
        let text = secret.reveal_for_response();
        self.offline.print(
            &json!({"token": text, "id": id.to_string(), "uses": self.uses, "expires_at": token.expires.0}),
            &[text.to_owned()],
        );
        Ok(())
    }
}

async fn list(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let (mut json, mut lines) = (Vec::new(), Vec::new());
    let now = app.world.now();
    for token in app.store.initial_tokens(now).await? {
        let owner = app.store.user(token.owner).await?;
        let owner = owner.map_or_else(String::new, |owner| owner.email.clone());
        let days = (token.expires - now).as_seconds() / 86_400;
        lines.push(format!(
            "{}  {}  {owner}  {} left  expires in {days} days",
            token.id, token.hint, token.uses_left
        ));
        json.push(json!({
            "id": token.id.to_string(), "hint": token.hint, "owner": owner, "uses_left": token.uses_left,
            "created_at": token.created.0, "expires_at": token.expires.0,
        }));
    }
    offline.print(&json!(json), &lines);
    Ok(())
}

async fn end(app: &Shared, id: i64, offline: &Offline) -> anyhow::Result<()> {
    let tokens = app.store.initial_tokens(app.world.now()).await?;
    let Some(token) = tokens.into_iter().find(|token| token.id == id) else {
        bail!(
            "there is no such token; `grantor registration list` shows those that have not expired"
        );
    };
    let mut event = event(app, "registration.token_ended", Some(token.owner));
    event.detail.clone_from(&token.hint);
    if !app.store.end_initial_token(id, event).await? {
        bail!("the token has just been ended by somebody else");
    }
    let line = "The token has ended. Apps that registered with it stay.".to_owned();
    offline.print(&json!({"ended": id.to_string()}), &[line]);
    Ok(())
}
