//! A real `grantor serve`: its own process, data folder and port.
//!
//! 1. [`Home::new`] makes the folder; users and apps are added by the command line,
//!    before the server runs or while it does.
//! 2. [`Server::start`] picks a free port and returns when the server says that it
//!    listens. Nothing waits for a fixed time.
//! 3. [`Server::stop`] ends it in order, [`Server::kill`] at once; the same home can
//!    be served again. What is dropped is killed.

#![allow(dead_code, reason = "each test binary needs another part of it")]

use serde_json::Value;
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

/// A first start makes keys, which takes a moment in a debug build.
const START: Duration = Duration::from_secs(60);
/// Somebody else may take a port between our finding and using it.
const PORTS: usize = 10;
/// Lines of output kept for the report of a failed test.
const KEPT: usize = 2000;

/// A data folder, and the commands that work on it.
pub struct Home {
    folder: TempDir,
    /// Settings as variables, for every command.
    settings: Vec<(&'static str, String)>,
}

/// A registered app, as its developer got to know it.
#[derive(Clone, Debug)]
pub struct App {
    pub client_id: String,
    /// `None` for browser apps.
    pub client_secret: Option<String>,
}

impl Home {
    pub fn new() -> Self {
        Self::with(Vec::new())
    }

    pub fn with(settings: Vec<(&'static str, String)>) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            settings,
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn setting(&self, name: &str) -> Option<&str> {
        let found = self.settings.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `grantor` on this home, untouched by the settings of who runs the tests.
    pub fn grantor(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grantor"));
        command.args(arguments).current_dir(self.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GRANTOR_") {
                command.env_remove(name);
            }
        }
        command.envs(self.settings.iter().cloned());
        command
    }

    /// Runs a command that must succeed; its answer in JSON.
    pub fn run(&self, arguments: &[&str], input: &str) -> Value {
        let mut command = self.grantor(arguments);
        command.arg("--json").stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("grantor starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("grantor reads");
        drop(stdin);
        let output = child.wait_with_output().expect("grantor ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "grantor {arguments:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("an answer in JSON")
    }

    /// Adds a user whose password is [`PASSWORD`].
    pub fn add_user(&self, email: &str, name: &str) -> Value {
        let arguments = ["user", "add", "--email", email, "--name", name];
        self.run(&[&arguments[..], &["--password-stdin"]].concat(), PASSWORD)
    }

    /// Registers an app; `more` are further arguments of `grantor app add`.
    pub fn add_app(&self, owner: &str, redirect_uri: &str, more: &[&str]) -> App {
        let arguments = [
            "app",
            "add",
            "--owner",
            owner,
            "--name",
            "Test app",
            "--url",
            "https://app.example",
            "--redirect-uri",
            redirect_uri,
        ];
        let answer = self.run(&[&arguments[..], more].concat(), "");
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        App {
            client_id: text("client_id").expect("a client id"),
            client_secret: text("client_secret"),
        }
    }
}

/// A port of the loopback interface that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A server that listens.
pub struct Server {
    child: Child,
    port: u16,
    url: String,
    output: Output,
}

impl Server {
    /// Serves `home` on a free port; `settings` are further flags of `grantor serve`.
    pub fn start(home: &Home, settings: &[&str]) -> Self {
        for _ in 1..PORTS {
            match Self::try_on(home, free_port(), settings) {
                Err(said) if said.contains("cannot listen on") => {}
                server => return server.expect("the server starts"),
            }
        }
        Self::start_on(home, free_port(), settings)
    }

    /// Serves `home` on this very port: an earlier server's, to be the same issuer.
    pub fn start_on(home: &Home, port: u16, settings: &[&str]) -> Self {
        Self::try_on(home, port, settings).expect("the server starts")
    }

    /// The server, or all that it said before it ended.
    pub fn try_on(home: &Home, port: u16, settings: &[&str]) -> Result<Self, String> {
        Self::launch(Self::command(home, port, settings), port)
    }

    /// `grantor serve` on a port, with further flags, which win over our own.
    pub fn command(home: &Home, port: u16, settings: &[&str]) -> Command {
        let url = format!("http://127.0.0.1:{port}");
        let mut command = home.grantor(&["serve"]);
        let ours = [
            format!("--public-url={url}"),
            format!("--listen=127.0.0.1:{port}"),
            "--metrics-listen=off".into(),
        ];
        let is_given = |flag: &str| settings.iter().any(|it| it.split('=').next() == Some(flag));
        let missing = |it: &&String| !it.split('=').next().is_some_and(is_given);
        command.args(ours.iter().filter(missing)).args(settings);
        command
    }

    /// Runs a command that serves on this port.
    pub fn launch(mut command: Command, port: u16) -> Result<Self, String> {
        let url = format!("http://127.0.0.1:{port}");
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let (sender, lines) = mpsc::channel();
        let output = Output::default();
        output.follow(child.stdout.take(), sender.clone());
        output.follow(child.stderr.take(), sender);
        let mut server = Self {
            child,
            port,
            url,
            output,
        };
        match wait_for(&lines, "\"message\":\"listening\"") {
            Ok(()) => Ok(server),
            Err(problem) => {
                let _ = server.child.kill();
                let _ = server.child.wait();
                Err(format!("{problem}; it said:\n{}", server.output()))
            }
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of the process, to look at it in `/proc`.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written so far, logs and errors.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// SIGTERM, then waits for the orderly end.
    pub fn stop(self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Waits for an end that was asked for.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().expect("the server ends")
    }

    /// Waits for an end that was asked for; all that was written until then.
    pub fn ended_saying(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("the server ends");
        (status, self.output.whole())
    }

    /// SIGKILL: no time for anything.
    pub fn kill(mut self) {
        self.child.kill().expect("the server runs");
        self.child.wait().expect("the server ends");
    }

    /// `TERM`, `STOP`, `CONT` …
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s \"$1\" \"$2\"", "kill", name]);
        kill.arg(self.id().to_string());
        let sent = kill.status().expect("a shell");
        assert!(sent.success(), "the server has ended:\n{}", self.output());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- the server said ---\n{}", self.output());
        }
    }
}

fn wait_for(lines: &Receiver<String>, wanted: &str) -> Result<(), String> {
    loop {
        match lines.recv_timeout(START) {
            Ok(line) if line.contains(wanted) => return Ok(()),
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the server ended".into()),
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("the server said nothing for {START:?}"));
            }
        }
    }
}

/// The newest lines of both outputs, in the order of their arrival.
#[derive(Clone, Default)]
struct Output {
    lines: Arc<Mutex<VecDeque<String>>>,
    readers: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Output {
    /// Reads a pipe to its end, so that the server never waits for us.
    fn follow(&self, pipe: Option<impl Read + Send + 'static>, sender: Sender<String>) {
        let (pipe, kept) = (pipe.expect("a pipe"), self.clone());
        let reader = thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.push(line.clone());
                // Nobody listens once the server does.
                let _ = sender.send(line);
            }
        });
        self.readers.lock().expect("no reader panics").push(reader);
    }

    /// The text when both pipes have ended.
    fn whole(&self) -> String {
        let readers = std::mem::take(&mut *self.readers.lock().expect("no reader panics"));
        readers
            .into_iter()
            .for_each(|reader| reader.join().expect("no reader panics"));
        self.text()
    }

    fn push(&self, line: String) {
        let mut lines = self.lines.lock().expect("no reader panics");
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn text(&self) -> String {
        let lines = self.lines.lock().expect("no reader panics");
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}
