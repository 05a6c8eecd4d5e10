//! PostgreSQL servers of Debian's for tests: gone with the process that started them.

#![allow(dead_code, reason = "each test binary needs another part of it")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// In memory where there is such a folder: every commit is still synced, at no cost.
const MEMORY: &str = "/dev/shm";

/// The server refuses to run as root.
const AS_ITSELF: &str = "as=''; if [ $(id -u) = 0 ]; then
    chown postgres \"$folder\"; as='setpriv --reuid=postgres --regid=postgres --clear-groups'; fi";
const MAKE: &str = "$as \"$programs/initdb\" -D \"$folder/data\" -U grantor -A trust -E UTF8 --no-locale -N \
    >\"$folder/initdb\" 2>&1 </dev/null && echo 'host all all samenet trust' >>\"$folder/data/pg_hba.conf\"";
/// Of a server that runs.
const COPY: &str = "$as \"$programs/pg_basebackup\" -h \"$primary\" -U grantor -D \"$folder/data\" -c fast -R \
    >\"$folder/initdb\" 2>&1 </dev/null";
const PROMOTE: &str = "$as \"$programs/pg_ctl\" promote -w -s -D \"$folder/data\"";
const SERVE: &str = "$as \"$programs/postgres\" -D \"$folder/data\" -k \"$folder\" -h '' -c max_connections=400 $options \
    >>\"$folder/log\" 2>&1 </dev/null &";
/// Waits for the end of its input.
const GUARD: &str = "read end; if [ -e \"$folder/data/postmaster.pid\" ]; then
    kill -QUIT $(head -n 1 \"$folder/data/postmaster.pid\"); fi; rm -rf \"$folder\"";

pub struct Cluster {
    folder: PathBuf,
    /// Its input ends with this process, however that ends.
    guard: Child,
    /// Of the command line, beside our own.
    options: String,
}

impl Cluster {
    /// The one that all tests of a process share.
    pub fn get() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::start)
    }

    pub fn start() -> Self {
        Self::with("")
    }

    /// A server with further options, as `postgres` takes them.
    pub fn with(options: &str) -> Self {
        Self::made(options, |folder| shell(folder, MAKE))
    }

    /// Another server that follows this one and answers reads, until it is promoted.
    pub fn standby(&self) -> Self {
        Self::made(&self.options, |folder| {
            let mut copy = shell(folder, COPY);
            copy.env("primary", &self.folder);
            copy
        })
    }

    fn made(options: &str, make: impl Fn(&Path) -> Command) -> Self {
        let place = Some(Path::new(MEMORY)).filter(|place| place.is_dir());
        let folder = place.map_or_else(TempDir::new, TempDir::new_in);
        let folder = folder.expect("a folder").keep();
        let made = make(&folder).status().expect("a shell");
        let said = fs::read_to_string(folder.join("initdb"));
        assert!(made.success(), "{}", said.unwrap_or_default());
        let guard = shell(&folder, GUARD).stdin(Stdio::piped()).spawn();
        let cluster = Self {
            guard: guard.expect("a shell"),
            folder,
            options: options.to_owned(),
        };
        cluster.serve();
        cluster
    }

    pub fn promote(&self) {
        let promoted = shell(&self.folder, PROMOTE).status();
        assert!(promoted.expect("a shell").success());
    }

    /// Ends every process of it, as the loss of its machine does.
    pub fn kill(&self) {
        self.freeze("STOP");
        self.freeze("KILL");
        // For the guard: the number may be another's by then.
        fs::remove_file(self.folder.join("data/postmaster.pid")).expect("its id");
    }

    /// Starts the server, also again.
    pub fn serve(&self) {
        let mut serve = shell(&self.folder, SERVE);
        let started = serve.env("options", &self.options).status();
        assert!(started.expect("a shell").success());
        let mut ready = Command::new(programs().join("pg_isready"));
        ready.arg("-q").arg("-h").arg(&self.folder);
        self.until(|| ready.status().is_ok_and(|status| status.success()));
    }

    /// Ends it, as the signal demands: `INT` in order, `QUIT` at once.
    pub fn stop(&self, signal: &str) {
        self.signal(signal);
        self.until(|| !self.folder.join("data/postmaster.pid").exists());
    }

    /// `STOP` or `CONT` to every process of it.
    pub fn freeze(&self, signal: &str) {
        let pid = self.pid();
        let both = format!(
            "pkill -{signal} -P {pid}; kill -s {signal} {pid}; pkill -{signal} -P {pid}; true"
        );
        assert!(
            shell(&self.folder, &both)
                .status()
                .expect("a shell")
                .success()
        );
    }

    fn signal(&self, signal: &str) {
        let kill = format!("kill -s {signal} {}", self.pid());
        assert!(
            shell(&self.folder, &kill)
                .status()
                .expect("a shell")
                .success()
        );
    }

    fn pid(&self) -> String {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid"));
        let file = file.expect("a server that runs");
        file.lines().next().expect("its id").to_owned()
    }

    fn until(&self, mut is_so: impl FnMut() -> bool) {
        let mut patient = || {
            let done = is_so();
            if !done {
                std::thread::sleep(Duration::from_millis(50));
            }
            done
        };
        let done = (0..600).any(|_| patient());
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(done, "the database does not do it; it said:\n{log}");
    }

    /// Does something to the server's own database.
    pub fn query(&self, sql: &str) {
        assert!(
            self.client()
                .args(["-c", sql])
                .status()
                .expect("psql")
                .success()
        );
    }

    /// The first thing that it answers.
    pub fn ask(&self, sql: &str) -> String {
        let said = self.client().args(["-At", "-c", sql]).output();
        let said = said.expect("psql");
        assert!(said.status.success(), "{sql}");
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    }

    /// A client of the server's own database.
    pub fn client(&self) -> Command {
        let mut client = Command::new(programs().join("psql"));
        client.arg("-h").arg(&self.folder);
        client.args(["-U", "grantor", "-d", "postgres", "-q"]);
        client
    }

    /// Connections of nodes.
    pub fn connections(&self) -> usize {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'grantor'";
        self.ask(sql).parse().expect("a number")
    }

    /// Where a test has its tables: a schema that is not there yet.
    pub fn schema(&self) -> (String, String) {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let schema = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = format!("{}&options=-c%20search_path%3D{schema}", self.url());
        (schema, url)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn url(&self) -> String {
        format!(
            "postgresql:///postgres?user=grantor&host={}",
            self.folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn shell(folder: &Path, line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("folder=$1; programs=$2; {AS_ITSELF}; {line}"),
        "sh",
    ]);
    command.arg(folder).arg(programs());
    command
}

/// Of the newest version that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql");
    let versions = versions.expect("PostgreSQL is installed: cargo xtask test does that");
    let version = |path: PathBuf| {
        let number = path.file_name()?.to_str()?.parse::<u32>().ok()?;
        Some((number, path.join("bin")))
    };
    let newest = versions
        .filter_map(|entry| version(entry.ok()?.path()))
        .max();
    newest.expect("a version of PostgreSQL").1
}
