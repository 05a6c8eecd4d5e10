//! Our own server under the driver.

use super::{Driver, Process, free_port, start, timed, wait_for};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

const PASSWORD: &str = "correct horse battery";
/// Only of a benchmark, whose database is gone afterwards.
const KEY: &str = "b25seSBmb3IgYSBiZW5jaG1hcmssIG5vdCBzZWNyZXQ=";

/// A folder for a server, with its settings.
pub struct Place {
    binary: PathBuf,
    folder: PathBuf,
    pub settings: String,
    pub base: String,
    port: u16,
}

impl Place {
    /// `database`: where PostgreSQL is, if that is the engine.
    pub fn prepare(driver: &Driver, name: &str, database: Option<&str>) -> Result<Self> {
        let folder = driver.folder.join(name);
        fs::create_dir_all(&folder)?;
        let port = free_port()?;
        let base = format!("http://127.0.0.1:{port}");
        let mut text = format!(
            "public_url = \"{base}\"\nlisten = [\"127.0.0.1:{port}\"]\ndata = \"{}\"\nthrottling = false\nmetrics_listen = \"off\"\n",
            folder.join("data").display()
        );
        if let Some(url) = database {
            let key = folder.join("master.key");
            fs::write(&key, KEY)?;
            text += &format!(
                "database = \"{url}\"\nmaster_key_file = \"{}\"\n",
                key.display()
            );
        }
        let settings = folder.join("grantor.toml");
        fs::write(&settings, text)?;
        Ok(Self {
            binary: driver.release.join("grantor"),
            folder,
            settings: settings.display().to_string(),
            base,
            port,
        })
    }

    /// `flags`: further settings.
    pub fn start(self, flags: &[&str]) -> Result<Grantor> {
        let mut arguments = vec!["serve", "--config", &self.settings];
        arguments.extend(flags);
        let process = start(&self.binary, &arguments, &self.folder)?;
        wait_for(self.port)?;
        Ok(Grantor {
            place: self,
            process,
        })
    }

    /// The same settings over a copy of everything in another database.
    pub fn moved(self, url: &str) -> Result<Self> {
        let mut copy = Command::new(&self.binary);
        copy.args(["move", "--config", &self.settings, "--to", url]);
        let done = copy.output()?;
        let trouble = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "cannot move: {trouble}");
        let key = self.folder.join("data/master.key");
        let more = format!(
            "database = \"{url}\"\nmaster_key_file = \"{}\"\n",
            key.display()
        );
        let text = fs::read_to_string(&self.settings)?;
        fs::write(&self.settings, text + &more)?;
        Ok(self)
    }

    /// Bytes of its data folder.
    pub fn disk(&self) -> Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(self.folder.join("data"))? {
            bytes += entry?.metadata()?.len();
        }
        Ok(bytes)
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<bool> {
            let mut server = TcpStream::connect(("127.0.0.1", self.port))?;
            server
                .write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
            let mut said = String::new();
            server.read_to_string(&mut said)?;
            Ok(said.starts_with("HTTP/1.1 200"))
        };
        ask().unwrap_or_default()
    }

    /// An app of it, as the driver wants to know it.
    pub fn describe(&self, name: &str, client: (&str, &str), scope: &str) -> Result<PathBuf> {
        let target = self.folder.join(format!("{name}.toml"));
        fs::write(&target, description(&self.base, client, scope) + CONSENT)?;
        Ok(target)
    }
}

/// A running server.
pub struct Grantor {
    pub place: Place,
    process: Process,
}

impl Grantor {
    /// A new one, with a user.
    pub fn start(driver: &Driver, name: &str, database: Option<&str>) -> Result<Self> {
        let server = Place::prepare(driver, name, database)?.start(&[])?;
        add_user(&server.place.binary, &server.place.settings)?;
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Milliseconds from the command to the first answer on what is there already.
    pub fn restart(self) -> Result<(Self, f64)> {
        let Self { place, process } = self;
        drop(process);
        timed(|| {
            let server = place.start(&[])?;
            while !server.place.is_ready() {
                sleep(Duration::from_millis(1));
            }
            Ok(server)
        })
    }

    /// MiB that are resident.
    pub fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kib.context("no VmRSS")? / 1024.)
    }

    /// A new app of it, as the driver wants to know it.
    pub fn describe(&self, algorithm: &str, scope: &str) -> Result<PathBuf> {
        let (id, secret) = register(&self.place.binary, &self.place.settings, algorithm)?;
        self.place.describe(algorithm, (&id, &secret), scope)
    }
}

fn add_user(binary: &Path, settings: &str) -> Result<()> {
    let mut user = Command::new(binary)
        .args([
            "user",
            "add",
            "--email",
            "bench@example.org",
            "--name",
            "Bench",
            "--password-stdin",
            "--config",
            settings,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = user.stdin.take() {
        stdin.write_all(PASSWORD.as_bytes())?;
    }
    ensure!(user.wait()?.success(), "cannot make the user");
    Ok(())
}

fn register(binary: &Path, settings: &str, algorithm: &str) -> Result<(String, String)> {
    let app = Command::new(binary)
        .args([
            "app",
            "add",
            "--owner",
            "bench@example.org",
            "--name",
            "Bench",
            "--url",
            "https://bench.example",
        ])
        .args([
            "--redirect-uri",
            "https://bench.example/cb",
            "--resource-server",
            "--id-token-alg",
            algorithm,
            "--config",
            settings,
        ])
        .output()?;
    ensure!(
        app.status.success(),
        "cannot make the app: {}",
        String::from_utf8_lossy(&app.stderr)
    );
    let text = String::from_utf8(app.stdout)?;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().to_owned())
            .with_context(|| format!("no {name}"))
    };
    Ok((value("client_id")?, value("client_secret")?))
}

/// The driver's description of a server: one user, one app, how she logs in.
pub fn description(base: &str, (id, secret): (&str, &str), scope: &str) -> String {
    format!(
        r#"name = "grantor"
base = "{base}"
share_login = true
[endpoints]
discovery = "/.well-known/oauth-authorization-server"
jwks = "/api/1.0/openid_connect/jwks"
token = "/-/oauth_token"
authorize = "/-/oauth_authorize"
userinfo = "/api/1.0/users/me"
introspection = "/-/oauth_introspect"
revocation = "/-/oauth_revoke"
[client]
id = "{id}"
secret = "{secret}"
auth = "post"
scope = "{scope}"
redirect_uri = "https://bench.example/cb"
[[login]]
path = "/login"
capture = {{ csrf = 'name="csrf" value="([^"]+)"' }}
[[login]]
method = "POST"
path = "/login"
form = {{ csrf = "{{csrf}}", email = "bench@example.org", password = "{PASSWORD}", return_to = "/", action = "login" }}
expect = [303]
"#
    )
}

/// More of it: she allows the app what it asks for, and that is remembered.
const CONSENT: &str = r#"[[login]]
path = "{authorization_path}&prompt=consent"
capture = { csrf = 'name="csrf" value="([^"]+)"' }
[[login]]
method = "POST"
path = "{authorization_path}&prompt=consent"
form = { csrf = "{csrf}", decision = "allow" }
expect = [303]
"#;
