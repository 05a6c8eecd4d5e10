//! `grantor app`.

use super::{Offline, event, user};
use crate::app::Shared;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use grantor_protocol::{
    app_url::AppUrl, client::ClientKind, name::AppName, redirect::RedirectUri, secret::Kind,
};
use grantor_store::apps::{AppForm, NewApp, NewSecret};
use serde_json::json;

#[derive(Subcommand)]
pub enum Apps {
    /// Register an app; its secret is printed once
    Add(Add),
    /// All apps
    List {
        #[command(flatten)]
        offline: Offline,
    },
}

#[derive(Args)]
pub struct Add {
    /// The address of the user whose app it is
    #[arg(long, value_name = "EMAIL")]
    owner: String,
    #[arg(long)]
    name: String,
    /// Where users find the app
    #[arg(long)]
    url: String,
    /// Where users come back to; may be given several times
    #[arg(long, value_name = "URL", required = true)]
    redirect_uri: Vec<String>,
    /// confidential (has a server), native (mobile, desktop, command line) or browser
    #[arg(long, default_value = "confidential")]
    kind: String,
    /// Let it use response_type=token
    #[arg(long)]
    implicit: bool,
    /// Let it leave state out
    #[arg(long)]
    without_state: bool,
    /// The API's own backend: it may introspect the tokens of every app
    #[arg(long)]
    resource_server: bool,
    #[command(flatten)]
    offline: Offline,
}

impl Apps {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => {
                let form = add.form()?;
                add.offline.with(async |app| add.run(app, form).await).await
            }
            Self::List { offline } => offline.with(async |app| list(app, offline).await).await,
        }
    }
}

impl Add {
    fn form(&self) -> anyhow::Result<AppForm> {
        let kind =
            ClientKind::parse(&self.kind).context("the kind is confidential, native or browser")?;
        let parse = |uri: &String| {
            RedirectUri::parse(uri, kind).with_context(|| format!("the redirect URI {uri}"))
        };
        Ok(AppForm {
            name: AppName::parse(&self.name)
                .map_err(|error| anyhow::anyhow!("the name {error}"))?
                .to_string(),
            url: AppUrl::parse(&self.url)
                .context("the URL")?
                .as_str()
                .to_owned(),
            kind,
            icon: None,
            redirect_uris: self
                .redirect_uri
                .iter()
                .map(parse)
                .collect::<anyhow::Result<_>>()?,
            implicit: self.implicit,
            stateless: self.without_state,
            pkce_required: false,
        })
    }

    async fn run(&self, app: &Shared, form: AppForm) -> anyhow::Result<()> {
        let owner = user(app, &self.owner).await?;
        let id = app.world.new_gid();
        let secret = (form.kind != ClientKind::Browser).then(|| {
            let id = app.world.new_id(app.world.now());
            (
                id,
                app.keys
                    .now()
                    .format
                    .mint(Kind::ClientSecret, id, &app.world.random()),
            )
        });
        let stored = secret.as_ref().map(|(id, text)| NewSecret {
            id: *id,
            digest: text.digest(),
            hint: text.hint(),
        });
        let new = NewApp {
            id,
            owner: owner.id,
            form: &form,
            secret: stored,
            resource_server: self.resource_server,
            limit: i64::MAX,
        };
        let mut event = event(app, "app.created", Some(owner.id));
        event.app = Some(id);
        event.detail.clone_from(&form.name);
        if !app.store.add_app(&new, event).await? {
            bail!("{} is disabled and cannot have apps", self.owner);
        }
        let secret = secret.as_ref().map(|(_, text)| text.reveal_for_response());
        let mut lines = vec![format!("client_id      {id}")];
        lines.extend(secret.map(|secret| format!("client_secret  {secret}")));
        self.offline.print(
            &json!({"client_id": id.to_string(), "client_secret": secret, "name": form.name}),
            &lines,
        );
        Ok(())
    }
}

async fn list(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let (mut json, mut lines, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = app.store.apps(after, 500).await?;
        let Some(last) = page.last() else { break };
        after = last.client.id;
        for found in page {
            let client = &found.client;
            lines.push(format!(
                "{}  {}  {}",
                client.id,
                client.kind.as_str(),
                found.name
            ));
            json.push(json!({
                "client_id": client.id.to_string(), "name": found.name, "url": found.url,
                "kind": client.kind.as_str(), "owner": found.owner.to_string(),
                "redirect_uris": client.redirect_uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>(),
            }));
        }
    }
    offline.print(&json!(json), &lines);
    Ok(())
}
