//! `cargo xtask bench`: operations a second, latency, CPU and memory of the server,
//! beside a bare endpoint on the same stack, measured in turn with each of them: a machine
//! that is shared is not as fast in one minute as in the next.
//!
//! The server is pinned to one core and the driver to another. A run in which
//! something else took the processor says so in its last column. With `--report` also on
//! PostgreSQL, beside servers of others and on databases that have grown, and
//! `docs/performance.md` says what came of it. With `--grants` only such databases, with
//! `--nodes` only several servers on one.

mod grantor;
mod grants;
mod latency;
mod nodes;
mod peers;
mod postgres;
mod report;

use crate::{
    arguments::Arguments,
    shell::{command, run as sh, target},
};
use anyhow::{Context, Result, bail, ensure};
use grantor::Grantor;
use report::{Report, Row, Signed};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const OPERATIONS: [&str; 6] = [
    "discovery",
    "authorize",
    "code",
    "refresh",
    "userinfo",
    "introspect",
];

/// The one endpoint of the bare server.
const HELLO: &str = "get:/hello";

/// The bare endpoint, as the driver knows it.
struct Bare {
    target: PathBuf,
    process: Process,
}

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
    let sizes: Vec<u64> = arguments.values("--grants")?;
    let is_report = arguments.switch("--report");
    let with_peers = arguments.switch("--peers") || is_report;
    let with_postgres = arguments.switch("--postgres") || is_report;
    let only_nodes = arguments.switch("--nodes");
    arguments.finish()?;
    let is_all = sizes.is_empty() && !only_nodes;
    let mut parts = vec!["-p grantor --bin grantor", "-p oauth-driver"];
    if is_all {
        parts.extend([
            "-p grantor --example hello",
            "-p grantor-jose --example signatures",
        ]);
    }
    if !sizes.is_empty() || is_all && is_report {
        parts.push("-p grantor --example fill");
    }
    for part in parts {
        sh(&mut command(&format!(
            "cargo build --release --quiet {part}"
        )))?;
    }
    let target = target()?;
    let folder = target.join("bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let driver = Driver {
        release: target.join("release"),
        folder,
        seconds: seconds.last().copied().unwrap_or(5),
        connections: connections.last().copied().unwrap_or(64),
        runs: 3,
    };
    println!(
        "server on core 0, driver on core 1, {} connections, {} s a run, 3 runs: median (min–max)",
        driver.connections, driver.seconds
    );
    let mut report = Report::default();
    if is_all {
        report = driver.measure_grantor(with_postgres)?;
        if with_peers {
            report.peers = peers::measure(&driver)?;
        }
        report.latency = Some(latency::measure(&driver)?);
    }
    // Now and again later: what is measured is not lost with what comes next.
    if is_report {
        report.write(&driver)?;
    }
    if only_nodes || is_all && is_report {
        report.nodes = nodes::measure(&driver)?;
    }
    if is_report {
        report.write(&driver)?;
    }
    let sizes = match is_all && is_report {
        true => &grants::SIZES,
        false => &*sizes,
    };
    report.grown = grants::measure(&driver, sizes, with_postgres)?;
    if is_report {
        report.write(&driver)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How everything is measured, and where.
#[derive(Clone)]
struct Driver {
    release: PathBuf,
    folder: PathBuf,
    seconds: u32,
    connections: u32,
    runs: u32,
}

impl Driver {
    fn measure_grantor(&self, with_postgres: bool) -> Result<Report> {
        let mut report = Report::default();
        let bare = self.start_bare()?;
        let sqlite = Grantor::start(self, "sqlite", None)?;
        let target = sqlite.describe("RS256", "default")?;
        report.sqlite = self.measure_each_beside(&bare, &target, sqlite.pid())?;
        println!("\nwith an ID token, and the bare signature rate of one core");
        for algorithm in ["RS256", "ES256", "EdDSA"] {
            println!("{algorithm}:");
            let target = sqlite.describe(algorithm, "openid email")?;
            let measure = |operation| self.measure_beside(&bare, &target, operation, sqlite.pid());
            let before = self.bare_signatures(algorithm)?;
            let (code, refresh) = (measure("code")?, measure("refresh")?);
            let signatures = (before + self.bare_signatures(algorithm)?) / 2.;
            report.signed.push(Signed {
                algorithm,
                signatures,
                code,
                refresh,
            });
        }
        report.disk = sqlite.place.disk()?;
        drop(sqlite);
        if with_postgres {
            println!("\non PostgreSQL, which has no core of its own");
            let database = postgres::Database::start(&self.folder)?;
            let node = Grantor::start(self, "postgres", Some(&database.url()))?;
            let target = node.describe("ES256", "default")?;
            report.postgres = self.measure_each_beside(&bare, &target, node.pid())?;
        }
        Ok(report)
    }

    fn measure_each(&self, target: &Path, pid: u32) -> Result<Vec<Row>> {
        let measure = |operation: &&str| self.measure(target, operation, pid);
        OPERATIONS.iter().map(measure).collect()
    }

    fn measure_each_beside(&self, bare: &Bare, target: &Path, pid: u32) -> Result<Vec<Row>> {
        let measure = |operation: &&str| self.measure_beside(bare, target, operation, pid);
        OPERATIONS.iter().map(measure).collect()
    }

    /// In turn with the bare endpoint, run by run.
    fn measure_beside(&self, bare: &Bare, target: &Path, operation: &str, pid: u32) -> Result<Row> {
        let once = Self {
            runs: 1,
            ..self.clone()
        };
        let mut rows = Vec::new();
        for _ in 0..self.runs {
            let h = once.measure(&bare.target, HELLO, bare.process.0.id())?.rate;
            let row = once.measure(target, operation, pid)?;
            rows.push(row.beside(h));
        }
        Row::median(rows).context("no runs")
    }

    /// The same stack without any work: H.
    fn measure_bare(&self) -> Result<Row> {
        let bare = self.start_bare()?;
        self.measure(&bare.target, HELLO, bare.process.0.id())
    }

    fn start_bare(&self) -> Result<Bare> {
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let process = start(
            &self.release.join("examples/hello"),
            &[&address],
            &self.folder,
        )?;
        wait_for(port)?;
        let target = self.folder.join("hello.toml");
        let base = format!("http://{address}");
        fs::write(&target, grantor::description(&base, ("-", "-"), "default"))?;
        Ok(Bare { target, process })
    }

    fn measure(&self, target: &Path, operation: &str, pid: u32) -> Result<Row> {
        self.run(target, operation, &pid.to_string(), &["-w", "1"])
    }

    /// `flags`: further ones of the driver.
    fn run(&self, target: &Path, operation: &str, pids: &str, flags: &[&str]) -> Result<Row> {
        let out = self
            .folder
            .join(format!("measured-{}.json", self.connections));
        let _ = fs::remove_file(&out);
        let status = Command::new("taskset")
            .args(["-c", "1"])
            .arg(self.release.join("oauth-driver"))
            .arg(target)
            .arg(operation)
            .args(["-c", &self.connections.to_string()])
            .args(["-d", &self.seconds.to_string()])
            .args(["--runs", &self.runs.to_string()])
            .args(flags)
            .args(["--pid", pids, "--out"])
            .arg(&out)
            .status()
            .context("cannot run the driver (taskset is in Debian's util-linux)")?;
        if !status.success() {
            bail!("{operation} failed");
        }
        Row::read(&fs::read_to_string(&out)?)
    }

    /// Signatures a second.
    fn bare_signatures(&self, algorithm: &str) -> Result<f64> {
        let program = self.release.join("examples/signatures");
        let said = Command::new("taskset")
            .args(["-c", "0"])
            .args([program.as_os_str(), algorithm.as_ref()])
            .output()?;
        ensure!(said.status.success(), "the bare signatures failed");
        let said = String::from_utf8(said.stdout)?;
        print!("{said}");
        let rate = said.split_whitespace().nth(1).context("no rate")?;
        Ok(rate.parse()?)
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

/// What comes of it, and the milliseconds that it took.
#[expect(clippy::disallowed_methods, reason = "this measures time")]
fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let begun = Instant::now();
    let done = work()?;
    Ok((done, begun.elapsed().as_secs_f64() * 1e3))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn wait_for(port: u16) -> Result<()> {
    for _ in 0..10_000 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(1));
    }
    bail!("the server did not start")
}
