//! `grantor demo --nodes 3`: servers, each a process of its own, on one PostgreSQL that the
//! demo starts, behind a load balancer that says which of them answered.

mod balancer;
mod database;

use super::{SampleApp, introduce, register, sample_user};
use crate::{
    config::{Config, Flags},
    logs,
    serve::Signals,
    start,
    world::World,
};
use anyhow::{Context, ensure};
use balancer::Balancer;
use base64::{Engine, prelude::BASE64_STANDARD};
use database::Database;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, time::sleep};

/// Until a server has made its keys and answers.
const START: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(50);

/// A process of the demo's; ends with it.
struct Process(Child);

impl Process {
    /// Asks it to end, and waits for that.
    fn stop(&mut self) {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        if let (Some(pid), Ok(None)) = (pid, self.0.try_wait()) {
            let _ = kill_process(pid, Signal::INT);
        }
        let _ = self.0.wait();
    }

    fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A server: what the balancer knows of it, and its process.
struct Node {
    port: u16,
    process: Process,
}

/// Serves until somebody stops it. `ports`: the balancer's and the sample app's. Nothing is
/// kept.
pub async fn run(ports: [u16; 2], count: u8) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let folder = Folder::new()?;
    let database = Database::start(&folder.0).await?;
    let [url, app_url] = ports.map(|port| format!("http://127.0.0.1:{port}"));
    let listeners = [listen(ports[0]).await?, listen(ports[1]).await?];
    let key = folder.0.join("master.key");
    make_key(&key)?;
    let settings = Settings {
        url: &url,
        database: database.url(),
        key: &key,
        folder: &folder.0,
    };
    let sample = settings.seed(&app_url).await?;
    let mut nodes = Vec::new();
    for number in 1..=count {
        nodes.push(settings.start(number)?);
    }
    for node in &mut nodes {
        is_ready(node).await?;
    }
    let (stopper, stop) = watch::channel(false);
    let balancer = Balancer::new(nodes.iter().map(|node| (node.port, node.process.0.id())))?;
    let [front, app] = listeners;
    let serving = tokio::spawn(balancer.serve(front, stop.clone()));
    let sample = tokio::spawn(sample.serve(app, stop));
    introduce(&url, &app_url);
    println!(
        "
{count} servers answer in turn, on one PostgreSQL: {url}/demo/nodes shows which. Kill one with
kill -9 and go on; what it knew, the others know. Nothing of this demo is kept."
    );
    signals.next().await;
    stopper.send_replace(true);
    serving.await.context("the balancer panicked")??;
    sample.await.context("the sample app panicked")??;
    // Servers before their database.
    drop(nodes);
    drop(database);
    Ok(ExitCode::SUCCESS)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    listener
        .await
        .with_context(|| format!("cannot listen on port {port}; choose another with --port"))
}

/// What all servers have in common.
struct Settings<'a> {
    url: &'a str,
    database: String,
    key: &'a Path,
    folder: &'a Path,
}

impl Settings<'_> {
    /// As flags of `grantor serve`, but for what each has of its own.
    fn shared(&self) -> [(&'static str, String); 7] {
        [
            ("public_url", self.url.to_owned()),
            ("database", self.database.clone()),
            ("master_key_file", self.key.display().to_string()),
            ("trusted_proxies", "127.0.0.1/32".into()),
            ("metrics_listen", "off".into()),
            ("log_format", "text".into()),
            ("log_level", "warn".into()),
        ]
    }

    /// Makes tables, keys, the sample user and the sample app.
    async fn seed(&self, app_url: &str) -> anyhow::Result<SampleApp> {
        let flags = Flags::default().with("data", self.folder.to_string_lossy());
        let flags = self
            .shared()
            .into_iter()
            .fold(flags, |flags, (name, value)| flags.with(name, value));
        let config = Config::load(None, &[], &flags)?;
        let _logs = logs::start(&config.logs)?;
        let app = start::open(config, World::real()).await?;
        let owner = sample_user(&app).await?;
        let (id, secret) = register(&app, owner, app_url).await?;
        app.store.close().await;
        SampleApp::new(self.url, app_url, (&id, &secret))
    }

    fn start(&self, number: u8) -> anyhow::Result<Node> {
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = free.local_addr()?.port();
        drop(free);
        let data = self.folder.join(format!("node{number}"));
        let program = std::env::current_exe().context("cannot find this program")?;
        let mut command = Command::new(program);
        command.arg("serve").stdin(Stdio::null());
        command.arg(format!("--listen=127.0.0.1:{port}"));
        command.arg(format!("--data={}", data.display()));
        for (name, value) in self.shared() {
            command.arg(format!("--{}={value}", name.replace('_', "-")));
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GRANTOR_") {
                command.env_remove(name);
            }
        }
        command.stdout(fs::File::create(
            self.folder.join(format!("node{number}.log")),
        )?);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start server {number}"))?;
        let process = Process(child);
        Ok(Node { port, process })
    }
}

/// Until it can answer.
async fn is_ready(node: &mut Node) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let address = format!("http://127.0.0.1:{}/readyz", node.port);
    let answers = async {
        loop {
            ensure!(!node.process.has_ended(), "a server ended at its start");
            let answer = http.get(&address).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            sleep(MOMENT).await;
        }
    };
    let in_time = tokio::time::timeout(START, answers);
    in_time.await.context("a server does not get ready")?
}

fn make_key(file: &Path) -> anyhow::Result<()> {
    let key = BASE64_STANDARD.encode(World::real().random::<32>());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(file)?;
    file.write_all(key.as_bytes())?;
    Ok(())
}

/// Where everything lies; goes with the demo.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let name = format!("grantor-demo-{}", World::real().new_gid());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
