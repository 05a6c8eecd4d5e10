//! A PostgreSQL of the demo's own, from the programs that are installed.

use super::{MOMENT, Process};
use anyhow::{Context, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// Where Debian and others put what is not in the path.
const PLACES: &str = "/usr/lib/postgresql";
const START: Duration = Duration::from_secs(30);

pub struct Database {
    folder: PathBuf,
    _server: Process,
}

impl Database {
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = folder.join("postgres");
        fs::create_dir(&folder)?;
        if is_root() {
            // It refuses to run as root.
            let owned = Command::new("chown").arg("postgres").arg(&folder).status();
            ensure!(
                owned.is_ok_and(|it| it.success()),
                "cannot give PostgreSQL its folder: is there a user postgres?"
            );
        }
        let data = folder.join("data");
        let mut make = command(&programs.join("initdb"));
        make.arg("-D").arg(&data);
        make.args(["-U", "grantor", "-A", "trust", "-E", "UTF8", "--no-locale"]);
        let made = make.output().context("cannot run initdb")?;
        if !made.status.success() {
            bail!("initdb: {}", String::from_utf8_lossy(&made.stderr));
        }
        let mut serve = command(&programs.join("postgres"));
        serve.arg("-D").arg(&data).arg("-k").arg(&folder);
        serve.args(["-h", ""]).stdin(Stdio::null());
        serve.stderr(fs::File::create(folder.join("log"))?);
        let server = Process(serve.spawn().context("cannot run postgres")?);
        let asked = async {
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.arg("-q").arg("-h").arg(&folder);
            while !ready.status().is_ok_and(|status| status.success()) {
                sleep(MOMENT).await;
            }
        };
        let up = timeout(START, asked).await;
        up.context("PostgreSQL does not start")?;
        Ok(Self {
            folder,
            _server: server,
        })
    }

    pub fn url(&self) -> String {
        let folder = self.folder.display();
        format!("postgresql:///postgres?user=grantor&host={folder}")
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Another user's where this is root.
fn command(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    command.arg(program);
    command
}

/// The folder of the newest version.
fn programs() -> anyhow::Result<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&in_path).find(|it| it.join("initdb").exists());
    let versions = fs::read_dir(PLACES).into_iter().flatten();
    let version = |path: PathBuf| {
        let number = path.file_name()?.to_str()?.parse::<u32>().ok()?;
        Some((number, path.join("bin")))
    };
    let newest = versions
        .filter_map(|entry| version(entry.ok()?.path()))
        .max();
    let found = newest.map(|(_, path)| path).or(in_path);
    found.context("PostgreSQL is not installed here: on Debian, apt-get install postgresql")
}
