//! `cargo xtask bench`: operations a second, latency, CPU and memory of the server,
//! beside a bare endpoint on the same stack in the same run.
//!
//! The server is pinned to one core and the driver to another. A run in which
//! something else took the processor says so in its last column.

mod peers;

use crate::{
    arguments::Arguments,
    shell::{command, run as sh, target},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    thread::sleep,
    time::Duration,
};

const PASSWORD: &str = "correct horse battery";
const OPERATIONS: [&str; 6] = [
    "discovery",
    "authorize",
    "code",
    "refresh",
    "userinfo",
    "introspect",
];

/// Stops its process when it goes.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn run(arguments: &mut Arguments) -> Result<ExitCode> {
    let seconds: Vec<u32> = arguments.values("--seconds")?;
    let connections: Vec<u32> = arguments.values("--connections")?;
    let with_peers = arguments.switch("--peers");
    arguments.finish()?;
    for part in [
        "-p grantor --example hello",
        "-p grantor-jose --example signatures",
        "-p grantor --bin grantor",
        "-p oauth-driver",
    ] {
        sh(&mut command(&format!(
            "cargo build --release --quiet {part}"
        )))?;
    }
    let target = target()?;
    let release = target.join("release");
    let folder = target.join("bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;

    let hello_port = free_port()?;
    let hello = start(
        &release.join("examples/hello"),
        &[&format!("127.0.0.1:{hello_port}")],
        &folder,
    )?;
    let hello_target = folder.join("hello.toml");
    fs::write(
        &hello_target,
        description(
            &format!("http://127.0.0.1:{hello_port}"),
            ("-", "-"),
            "default",
        ),
    )?;

    let port = free_port()?;
    let base = format!("http://127.0.0.1:{port}");
    let settings = folder.join("grantor.toml");
    fs::write(
        &settings,
        format!(
            "public_url = \"{base}\"\nlisten = [\"127.0.0.1:{port}\"]\ndata = \"{}\"\nthrottling = false\nmetrics_listen = \"off\"\n",
            folder.join("data").display()
        ),
    )?;
    let binary = release.join("grantor");
    let settings_text = settings.display().to_string();
    let server = start(&binary, &["serve", "--config", &settings_text], &folder)?;
    wait_for(port)?;
    add_user(&binary, &settings_text)?;
    let describe = |algorithm: &str, scope: &str| -> Result<PathBuf> {
        let client = register(&binary, &settings_text, algorithm)?;
        let target = folder.join(format!("{algorithm}.toml"));
        fs::write(&target, description(&base, (&client.0, &client.1), scope))?;
        Ok(target)
    };
    let target = describe("RS256", "default")?;

    let (seconds, connections) = (
        seconds.last().copied().unwrap_or(5),
        connections.last().copied().unwrap_or(64),
    );
    println!(
        "server on core 0, driver on core 1, {connections} connections, {seconds} s a run, 3 runs: median (min–max)"
    );
    let driver = Driver {
        binary: release.join("oauth-driver"),
        seconds,
        connections,
    };
    driver.measure(&hello_target, "get:/hello", hello.0.id())?;
    for operation in OPERATIONS {
        driver.measure(&target, operation, server.0.id())?;
    }
    println!("\nwith an ID token, and the bare signature rate of one core");
    run_bare_signatures(&release)?;
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        println!("{algorithm}:");
        let target = describe(algorithm, "openid email")?;
        driver.measure(&target, "code", server.0.id())?;
        driver.measure(&target, "refresh", server.0.id())?;
    }
    if with_peers {
        peers::measure(&driver, &folder)?;
    }
    driver.measure(&hello_target, "get:/hello", hello.0.id())?;
    Ok(ExitCode::SUCCESS)
}

struct Driver {
    binary: PathBuf,
    seconds: u32,
    connections: u32,
}

impl Driver {
    fn measure(&self, target: &Path, operation: &str, pid: u32) -> Result<()> {
        let status = Command::new("taskset")
            .args(["-c", "1"])
            .arg(&self.binary)
            .arg(target)
            .arg(operation)
            .args([
                "-c",
                &self.connections.to_string(),
                "-d",
                &self.seconds.to_string(),
                "-w",
                "2",
                "--runs",
                "3",
            ])
            .args(["--pid", &pid.to_string()])
            .status()
            .context("cannot run the driver (taskset is in Debian's util-linux)")?;
        if !status.success() {
            bail!("{operation} failed");
        }
        Ok(())
    }
}

/// Pinned to core 0; its output goes to a file, as a log would.
fn start(binary: &Path, arguments: &[&str], folder: &Path) -> Result<Process> {
    let name = binary
        .file_name()
        .context("a binary has a name")?
        .to_string_lossy()
        .into_owned();
    let log = fs::File::create(folder.join(format!("{name}.log")))?;
    let child = Command::new("taskset")
        .args(["-c", "0"])
        .arg(binary)
        .args(arguments)
        .current_dir(folder)
        .stdout(log.try_clone()?)
        .stderr(log)
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    Ok(Process(child))
}

fn run_bare_signatures(release: &Path) -> Result<()> {
    let status = Command::new("taskset")
        .args(["-c", "0"])
        .arg(release.join("examples/signatures"))
        .status()?;
    ensure!(status.success(), "the bare signatures failed");
    Ok(())
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
        use std::io::Write;
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

/// The driver's description of a server: one user, one app, consent remembered.
fn description(base: &str, (id, secret): (&str, &str), scope: &str) -> String {
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
[[login]]
path = "{{authorization_path}}&prompt=consent"
capture = {{ csrf = 'name="csrf" value="([^"]+)"' }}
[[login]]
method = "POST"
path = "{{authorization_path}}&prompt=consent"
form = {{ csrf = "{{csrf}}", decision = "allow" }}
expect = [303]
"#
    )
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn wait_for(port: u16) -> Result<()> {
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    bail!("the server did not start")
}
