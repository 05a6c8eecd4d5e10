//! A PostgreSQL of Debian's for the benchmark, on the disk, with what it comes with.

use super::Process;
use crate::debian;
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

pub struct Database {
    programs: PathBuf,
    folder: PathBuf,
    socket: PathBuf,
    server: Process,
}

impl Drop for Database {
    /// In order: what is killed leaves its shared memory behind.
    fn drop(&mut self) {
        let pid = self.server.0.id().to_string();
        if Command::new("kill").args(["-INT", &pid]).status().is_ok() {
            let _ = self.server.0.wait();
        }
        for folder in [&self.socket, &self.folder] {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Database {
    pub fn start(folder: &Path) -> Result<Self> {
        debian::install(debian::NODES)?;
        let programs = programs()?;
        let folder = folder.join("postgresql");
        fs::create_dir_all(&folder)?;
        // A socket's path must be short.
        let socket = std::env::temp_dir().join(format!("grantor-bench-{}", std::process::id()));
        fs::create_dir_all(&socket)?;
        if is_root()? {
            let owned = Command::new("chown")
                .arg("postgres")
                .args([&folder, &socket])
                .status();
            ensure!(owned?.success(), "there is no user postgres");
        }
        let data = folder.join("data");
        let mut make = command(&programs.join("initdb"))?;
        make.arg("-D")
            .arg(&data)
            .args(["-U", "grantor", "-A", "trust"]);
        let made = make.args(["-E", "UTF8", "--no-locale"]).output()?;
        ensure!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut serve = command(&programs.join("postgres"))?;
        serve
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&socket)
            .args(["-h", ""]);
        serve
            .stdin(Stdio::null())
            .stderr(fs::File::create(folder.join("log"))?);
        let server = Process(serve.spawn().context("cannot run postgres")?);
        let started = Self {
            programs,
            folder,
            socket,
            server,
        };
        let mut ready = Command::new(started.programs.join("pg_isready"));
        ready.arg("-q").arg("-h").arg(&started.socket);
        for _ in 0..200 {
            if ready.status()?.success() {
                return Ok(started);
            }
            sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not start")
    }

    pub fn url(&self) -> String {
        let socket = self.socket.display();
        format!("postgresql:///postgres?user=grantor&host={socket}")
    }

    pub fn pid(&self) -> u32 {
        self.server.0.id()
    }

    /// Bytes of what is in it.
    pub fn size(&self) -> Result<u64> {
        let said = Command::new(self.programs.join("psql"))
            .args(["-At", "-d", &self.url(), "-c"])
            .arg("SELECT pg_database_size(current_database())")
            .output()?;
        let trouble = String::from_utf8_lossy(&said.stderr);
        ensure!(said.status.success(), "cannot ask PostgreSQL: {trouble}");
        Ok(String::from_utf8(said.stdout)?.trim().parse()?)
    }
}

fn is_root() -> Result<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout == b"0\n")
}

/// Another user's where this is root: PostgreSQL refuses to run as that.
fn command(program: &Path) -> Result<Command> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    command.arg(program);
    Ok(command)
}

/// Of the newest version.
fn programs() -> Result<PathBuf> {
    let version = |path: PathBuf| {
        let number = path.file_name()?.to_str()?.parse::<u32>().ok()?;
        Some((number, path.join("bin")))
    };
    let versions = fs::read_dir("/usr/lib/postgresql")?;
    let newest = versions
        .filter_map(|entry| version(entry.ok()?.path()))
        .max();
    Ok(newest.context("no version of PostgreSQL")?.1)
}
