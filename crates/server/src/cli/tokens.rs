//! `grantor token`.

use super::{Offline, event, user};
use crate::app::Shared;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use grantor_protocol::{name::Description, scope, scope::ScopeSet, secret::Kind, time::Millis};
use grantor_store::pats::NewPersonalToken;
use serde_json::json;

#[derive(Subcommand)]
pub enum Tokens {
    /// Make a personal access token; it is printed once
    Add(Add),
}

#[derive(Args)]
pub struct Add {
    /// The address of the user whom it acts for
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// What it is for
    #[arg(long)]
    description: String,
    /// May be given several times; without it: default
    #[arg(long)]
    scope: Vec<String>,
    /// Days until it expires; without it: the server's default
    #[arg(long, value_name = "DAYS")]
    expires_in: Option<u32>,
    #[command(flatten)]
    offline: Offline,
}

impl Tokens {
    pub async fn run(&self) -> anyhow::Result<()> {
        let Self::Add(add) = self;
        let description = Description::parse(&add.description)
            .map_err(|error| anyhow::anyhow!("the description {error}"))?;
        let scopes = match add.scope.is_empty() {
            true => ScopeSet::collect([scope::DEFAULT])?,
            false => ScopeSet::collect(add.scope.iter().map(String::as_str))?,
        };
        let work = async |app: &Shared| add.run(app, description, scopes).await;
        add.offline.with(work).await
    }
}

impl Add {
    async fn run(
        &self,
        app: &Shared,
        description: Description,
        scopes: ScopeSet,
    ) -> anyhow::Result<()> {
        if scopes.contains(scope::OPENID) {
            bail!(
                "openid means nothing for a personal access token: it has no app that somebody could sign in to"
            );
        }
        let owner = user(app, &self.user).await?;
        let offered = |scope: &&str| app.offers_personally(scope, owner.admin);
        if let Some(unknown) = scopes.iter().find(|scope| !offered(scope)) {
            bail!(
                "there is no scope {unknown}, or {} may not have it",
                self.user
            );
        }
        let config = &app.config.tokens;
        let lifetime = self.expires_in.map_or(config.pat_default_lifetime, |days| {
            Millis::days(i64::from(days))
        });
        let allowed = lifetime >= Millis::days(1) && lifetime <= config.pat_max_lifetime;
        allowed.then_some(()).with_context(|| {
            let longest = config.pat_max_lifetime.as_seconds() / 86_400;
            format!("--expires-in must be from 1 to {longest} days (pat_max_days)")
        })?;
        let now = app.world.now();
        let id = app.world.new_id(now);
        let secret = app
            .keys
            .now()
            .format
            .mint(Kind::PersonalAccess, id, &app.world.random());
        let token = NewPersonalToken {
            id,
            digest: secret.digest(),
            user: owner.id,
            description: description.as_str().to_owned(),
            scopes,
            hint: secret.hint(),
            expires: Some(now + lifetime),
            limit: i64::from(config.pat_limit),
        };
        let mut event = event(app, "token.created", Some(owner.id));
        event.detail.clone_from(&token.description);
        if !app.store.add_personal_token(&token, event).await? {
            bail!(
                "{} has as many tokens as one user may have, or is disabled",
                self.user
            );
        }
        let text = secret.reveal_for_response();
        self.offline.print(
            &json!({"token": text, "gid": id.to_string(), "scope": token.scopes.as_str()}),
            &[text.to_owned()],
        );
        Ok(())
    }
}
