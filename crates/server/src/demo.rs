//! `grantor demo`: everything at once, to try or to check.

mod check;
mod id_token;
mod nodes;
mod sample_app;

use crate::{
    app::Shared,
    config::{Config, Flags},
    logs,
    serve::{CannotListen, Running, Signals},
    start,
    world::World,
};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use grantor_protocol::{
    client::ClientKind,
    email::Email,
    openid::{profile::Profile, registration::Registration},
    redirect::RedirectUri,
};
use grantor_store::{
    apps::{AppForm, NewApp},
    audit::Actor,
    users::NewUser,
};
use sample_app::SampleApp;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::sync::watch;

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";

#[derive(Args)]
pub struct Demo {
    /// Walk the whole flow over HTTP, print the conversation, and say whether it held
    #[arg(long)]
    check: bool,
    /// Folder for the demo's data, kept between runs
    #[arg(long, value_name = "FOLDER", default_value = "grantor-demo")]
    data: PathBuf,
    /// Port of the server; the sample app takes the next one
    #[arg(long, default_value = "8080")]
    port: u16,
    /// So many servers on one PostgreSQL, which the demo starts; nothing is kept
    #[arg(long, value_name = "N", conflicts_with_all = ["check", "data"],
        value_parser = clap::value_parser!(u8).range(1..=9))]
    nodes: Option<u8>,
}

impl Demo {
    pub async fn run(&self) -> anyhow::Result<ExitCode> {
        if self.check {
            return check::run().await;
        }
        let ports = [self.port, self.port.wrapping_add(1)];
        if let Some(count) = self.nodes {
            return nodes::run(ports, count).await;
        }
        let mut signals = Signals::listen()?;
        let site = Site::start(&self.data, ports).await?;
        introduce(&site.url, &site.app_url);
        println!(
            "\nMails are not sent; they appear here: try “Forgot your password?” at {}/login.",
            site.url
        );
        println!("\nStop with Ctrl-C. `grantor demo --check` walks the same way by itself.");
        signals.next().await;
        site.stop().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A server with a sample user, and a sample app of a third party beside it.
struct Site {
    url: String,
    app_url: String,
    client_id: String,
    client_secret: String,
    stopper: watch::Sender<bool>,
    running: Running,
    sample: tokio::task::JoinHandle<anyhow::Result<()>>,
    _lock: start::Lock,
    _logs: logs::Guard,
}

impl Site {
    async fn start(data: &Path, [port, app_port]: [u16; 2]) -> anyhow::Result<Self> {
        let url = format!("http://127.0.0.1:{port}");
        let flags = Flags::default()
            .with("data", data.to_string_lossy())
            .with("public_url", &url)
            .with("listen", format!("127.0.0.1:{port}"))
            .with("metrics_listen", "off")
            .with("log_format", "text")
            .with("log_level", "warn");
        let mut config = Config::load(None, &[], &flags)?;
        config.mail.mail_from = Some(Email::parse("demo@grantor.example")?);
        config.mail.printed = true;
        let logs = logs::start(&config.logs)?;
        let lock = start::lock(&config)?;
        let app = start::open(config, World::real()).await.map_err(|error| {
            match error.downcast_ref() {
                Some(grantor_store::Error::Schema(_)) => anyhow!(
                    "the demo's data in {} are of another version of grantor: delete that folder and start again",
                    data.display()
                ),
                _ => error,
            }
        })?;
        let app_url = format!("http://127.0.0.1:{app_port}");
        let owner = sample_user(&app).await?;
        let (client_id, client_secret) = register(&app, owner, &app_url).await?;
        let (stopper, stop) = watch::channel(false);
        let listener =
            tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, app_port)));
        let listener = listener.await.with_context(|| {
            format!("cannot listen on {app_url} for the sample app; choose other ports with --port")
        })?;
        let running = Running::start(app, stop.clone()).await;
        // The demo has another name for it than the server.
        let running = running.map_err(|error| match error.downcast_ref::<CannotListen>() {
            Some(CannotListen {
                address, reason, ..
            }) => anyhow!("cannot listen on {address}: {reason}; choose another port with --port"),
            None => error,
        })?;
        let sample = SampleApp::new(&url, &app_url, (&client_id, &client_secret))?;
        let sample = tokio::spawn(sample.serve(listener, stop));
        Ok(Self {
            url,
            app_url,
            client_id,
            client_secret,
            stopper,
            running,
            sample,
            _lock: lock,
            _logs: logs,
        })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.stopper.send_replace(true);
        self.running.finish().await?;
        self.sample.await.context("the sample app panicked")?
    }
}

fn introduce(url: &str, app_url: &str) {
    println!(
        "
Grantor runs. Open these, in this order:

  {app_url}            \"Clock\", a sample app of a third party: press Connect, or Sign in
                                   sign in as {EMAIL} with the password: {PASSWORD}
  {url}/authorizations   the apps that may act for you: end Clock's access
  {url}/tokens           personal access tokens, for scripts
  {url}/apps             the developer console: register an app of your own"
    );
}

async fn sample_user(app: &Shared) -> anyhow::Result<i64> {
    if let Some((user, _)) = app.store.user_by_email(EMAIL).await? {
        return Ok(user.id);
    }
    let chosen = app.passwords.choose(PASSWORD.to_owned(), &[]).await??;
    let hash = app.passwords.hash(chosen, app.world.random()).await?;
    let user = NewUser {
        id: app.world.new_gid(),
        email: EMAIL.to_owned(),
        email_key: EMAIL.to_owned(),
        email_verified: true,
        name: "Ada Lovelace".to_owned(),
        password: Some(hash),
        profile: Profile::default(),
        admin: true,
    };
    let event = app.event("account.created", app.world.now(), Actor::default());
    if !app.store.add_user(&user, event).await? {
        bail!("the sample user appeared meanwhile");
    }
    Ok(user.id)
}

/// Registers the sample app anew: its secret is known only now.
async fn register(app: &Shared, owner: i64, app_url: &str) -> anyhow::Result<(String, String)> {
    let now = app.world.now();
    let event = || app.event("app.created", now, Actor::default());
    for old in app.store.apps_of(owner).await? {
        if old.name == sample_app::NAME {
            app.store.delete_app(old.client.id, owner, event()).await?;
        }
    }
    let form = AppForm {
        name: sample_app::NAME.to_owned(),
        url: app_url.to_owned(),
        kind: ClientKind::Confidential,
        icon: None,
        redirect_uris: vec![RedirectUri::parse(
            &format!("{app_url}/callback"),
            ClientKind::Confidential,
        )?],
        implicit: false,
        stateless: false,
        pkce_required: true,
        registration: Registration::default(),
    };
    let id = app.world.new_gid();
    let (stored, secret) = crate::client_secret::mint(app, &form.registration);
    let new = NewApp {
        id,
        owner,
        form: &form,
        secret: Some(stored),
        resource_server: false,
        limit: i64::MAX,
    };
    if !app.store.add_app(&new, event()).await? {
        bail!("cannot register the sample app");
    }
    Ok((id.to_string(), secret.reveal_for_response().to_owned()))
}
