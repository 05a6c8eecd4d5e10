//! A PostgreSQL server of Debian's for the tests of this process: started by the first that
//! needs it, gone with the process.

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

pub struct Cluster {
    folder: PathBuf,
    /// While it runs, so does the server; the end of its input is the end of both.
    _guard: Child,
}

impl Cluster {
    pub fn get() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let programs = programs();
        let place = Some(Path::new(MEMORY)).filter(|place| place.is_dir());
        let folder = place
            .map_or_else(TempDir::new, TempDir::new_in)
            .unwrap()
            .keep();
        let run = |line: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", line, "sh"]).arg(&folder).arg(&programs);
            command
        };
        // The server refuses to run as root.
        let root = "if [ $(id -u) = 0 ]; then chown postgres \"$1\"; as='setpriv --reuid=postgres --regid=postgres --clear-groups'; fi";
        let make = "$as \"$2/initdb\" -D \"$1/data\" -U grantor -A trust -E UTF8 --no-locale -N >\"$1/initdb\" 2>&1 </dev/null";
        let made = run(&format!("{root}; {make}")).status().unwrap();
        assert!(
            made.success(),
            "{}",
            fs::read_to_string(folder.join("initdb")).unwrap_or_default()
        );
        let serve = "$as \"$2/postgres\" -D \"$1/data\" -k \"$1\" -h '' -c max_connections=400 >\"$1/log\" 2>&1 </dev/null & server=$!";
        let stop = "read end; kill -QUIT $server; wait $server; rm -rf \"$1\"";
        let guard = run(&format!("{root}; {serve}; {stop}"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let ready = || {
            let mut asked = Command::new(programs.join("pg_isready"));
            asked
                .arg("-q")
                .arg("-h")
                .arg(&folder)
                .status()
                .unwrap()
                .success()
        };
        for _ in 0..600 {
            if ready() {
                return Self {
                    folder,
                    _guard: guard,
                };
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "{}",
            fs::read_to_string(folder.join("log")).unwrap_or_default()
        );
    }

    /// Where a test has its tables: a schema that is not there yet.
    pub fn schema(&self) -> (String, String) {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let schema = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = format!("{}&options=-c%20search_path%3D{schema}", self.url());
        (schema, url)
    }

    pub fn url(&self) -> String {
        format!(
            "postgresql:///postgres?user=grantor&host={}",
            self.folder.display()
        )
    }
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
