//! `grantor app add`.

use crate::{
    app::{App, Shared},
    cli::{Offline, event, failure, user},
    language::Language,
    names::Naming,
};
use anyhow::{Context, bail};
use clap::Args;
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::{
    app_url::AppUrl,
    client::ClientKind,
    name::AppName,
    openid::registration::{Registration, Signing},
    redirect::RedirectUri,
};
use grantor_store::apps::{AppForm, NewApp};
use serde_json::json;

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
    /// Where users come back to; may be given several times. Only a resource server can do
    /// without
    #[arg(long, value_name = "URL", required_unless_present = "resource_server")]
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
    /// How its ID tokens are signed: RS256, PS256, ES256 or EdDSA
    #[arg(long, value_name = "ALGORITHM", default_value = "RS256")]
    id_token_alg: String,
    /// Say in its ID tokens what the scopes ask for, for a library that never calls userinfo
    #[arg(long)]
    id_token_claims: bool,
    /// The API's own backend: it may introspect the tokens of every app
    #[arg(long)]
    resource_server: bool,
    #[command(flatten)]
    pub offline: Offline,
}

impl Add {
    pub fn form(&self) -> anyhow::Result<AppForm> {
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
            registration: Registration {
                id_token_signed_response_alg: Some(self.id_token_signing()?),
                id_token_claims: self.id_token_claims,
                ..Registration::default()
            },
        })
    }

    fn id_token_signing(&self) -> anyhow::Result<Signing> {
        let algorithm = Algorithm::parse(&self.id_token_alg);
        let algorithm = algorithm.filter(|algorithm| *algorithm != Algorithm::Hs256);
        let algorithm = algorithm.context("--id-token-alg is RS256, PS256, ES256 or EdDSA")?;
        Ok(Signing::Signed(algorithm))
    }

    /// The operator may use her own brand, and should know that she does.
    async fn warn(&self, app: &App, owner: i64, name: &str) -> anyhow::Result<()> {
        let name = AppName::from_stored(name.to_owned());
        let naming = Naming {
            owner,
            present: None,
        };
        let wrong = app.check_app_name(&name, naming, Language::English).await;
        if let Some(wrong) = wrong.map_err(failure)? {
            eprintln!("warning: {wrong} (On the command line it is allowed.)");
        }
        Ok(())
    }

    pub async fn run(&self, app: &Shared, form: AppForm) -> anyhow::Result<()> {
        let owner = user(app, &self.owner).await?;
        self.warn(app, owner.id, &form.name).await?;
        let id = app.world.new_gid();
        let secret = (form.kind != ClientKind::Browser)
            .then(|| crate::client_secret::mint(app, &form.registration));
        let (stored, text) = secret.unzip();
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
        let secret = text.as_ref().map(|text| text.reveal_for_response());
        let mut lines = vec![format!("client_id      {id}")];
        lines.extend(secret.map(|secret| format!("client_secret  {secret}")));
        self.offline.print(
            &json!({"client_id": id.to_string(), "client_secret": secret, "name": form.name}),
            &lines,
        );
        Ok(())
    }
}
