//! `grantor token`.

use super::{Offline, desk, event, failure, user};
use crate::{
    app::Shared,
    desk::{tokens, users},
    failure::Failure,
    language::Language,
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use grantor_protocol::{name::Description, scope, scope::ScopeSet, secret::Kind, time::Millis};
use grantor_store::pats::{NewPersonalToken, PersonalToken};
use serde_json::json;
use std::io::Read;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum Tokens {
    /// Make a personal access token; it is printed once
    Add(Add),
    /// Personal access tokens by gid, or by what lists show of them: gr_pat_0ab...7aB9
    Find {
        text: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Whose the token on standard input is, of whatever kind; it is not kept
    Whose {
        #[command(flatten)]
        offline: Offline,
    },
    /// End a personal access token
    End {
        /// As `grantor token find` shows it
        gid: i64,
        #[command(flatten)]
        offline: Offline,
    },
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
        match self {
            Self::Add(add) => add.start().await,
            Self::Find { text, offline } => {
                offline
                    .with(async |app| find(app, text, offline).await)
                    .await
            }
            Self::Whose { offline } => offline.with(async |app| whose(app, offline).await).await,
            Self::End { gid, offline } => {
                let end = async |app: &Shared| {
                    let ended = users::end_token(&desk(app), *gid).await;
                    let ended = ended.and_then(|ended| ended.ok_or(Failure::NotFound));
                    ended.map_err(|error| failure(error).context(format!("token {gid}")))
                };
                let user = offline.with(end).await?;
                offline.print(
                    &json!({"gid": gid.to_string(), "user": user.to_string()}),
                    &[format!("token {gid} of {user} works no more")],
                );
                Ok(())
            }
        }
    }
}

async fn find(app: &Shared, text: &str, offline: &Offline) -> anyhow::Result<()> {
    let found = tokens::find(&desk(app), text).await.map_err(failure)?;
    let line = |it: &PersonalToken| {
        format!(
            "{}  {}  of {}  {}  {}",
            it.id, it.hint, it.user, it.scopes, it.description
        )
    };
    let object = |it: &PersonalToken| {
        json!({
            "gid": it.id.to_string(), "hint": it.hint, "user": it.user.to_string(),
            "scope": it.scopes.as_str(), "description": it.description,
        })
    };
    let lines: Vec<_> = found.iter().map(line).collect();
    offline.print(&found.iter().map(object).collect(), &lines);
    Ok(())
}

async fn whose(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let mut text = Zeroizing::new(String::new());
    let read = std::io::stdin().take(4096).read_to_string(&mut text);
    read.context("cannot read the token")?;
    let found = tokens::whose(&desk(app), &text).await.map_err(failure)?;
    let found = found.context("this is no token of this server, or one that it has forgotten")?;
    let user = app.store.user(found.user).await?;
    let email = user.map_or_else(String::new, |user| user.email.clone());
    let state = if found.live {
        "works"
    } else {
        "does not work any more"
    };
    let holder = found.app.map(|id| format!(", held by the app {id}"));
    let kind = Language::English.text(found.kind);
    let line = format!(
        "{kind} of {email} ({}){}; it {state}",
        found.user,
        holder.unwrap_or_default()
    );
    let json = json!({
        "kind": kind, "user": found.user.to_string(), "email": email,
        "app": found.app.map(|id| id.to_string()), "scope": found.scopes.as_str(), "live": found.live,
    });
    offline.print(&json, &[line]);
    Ok(())
}

impl Add {
    async fn start(&self) -> anyhow::Result<()> {
        let add = self;
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
        for scope in scopes.iter() {
            if !app.policy.offers_personally(scope) {
                bail!("there is no scope {scope}");
            }
            if !scope::is_for(scope, owner.role()) {
                bail!(
                    "{} has not the role that the scope {scope} takes",
                    self.user
                );
            }
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
