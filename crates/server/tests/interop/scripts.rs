//! The clients that are scripts, in `clients/`. Their runtimes and libraries come
//! from `cargo xtask setup`; nothing is skipped when they are missing.

mod go;
mod java;
mod jose;
mod node;
mod python;
mod scim;

pub use node::NODE;

use crate::{
    browser::Decision,
    flow::Report,
    scene::{LOGIN, SCOPE, Scene},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const SETUP: &str = "the clients' libraries are missing or old; install them: cargo xtask setup";
const PATIENCE: Duration = Duration::from_secs(60);

/// A language, and the list of what its clients need.
pub struct Language {
    name: &'static str,
    list: &'static str,
    /// Runs a script with the libraries of a folder.
    run: fn(&Path, &Path) -> Command,
}

impl Language {
    /// Where `cargo xtask setup` installed the libraries: those of the list.
    fn libraries(&self) -> PathBuf {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
        let folder = target.expect("a target folder").join("interop");
        let folder = folder.join(self.name);
        let installed = fs::read_to_string(folder.join("installed"));
        assert!(installed.is_ok_and(|list| list == self.list), "{SETUP}");
        folder
    }

    /// Copies of the scripts, below the libraries: Node looks for them there.
    fn scripts(&self, libraries: &Path) -> TempDir {
        let copies = tempfile::tempdir_in(libraries).expect("a folder");
        let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/clients");
        for file in fs::read_dir(clients.join(self.name)).expect("the scripts") {
            let path = file.expect("a script").path();
            let name = path.file_name().expect("a name");
            fs::copy(&path, copies.path().join(name)).expect("a copy");
        }
        copies
    }
}

/// A client at work.
pub struct Client {
    process: Child,
    ear: ChildStdin,
    mouth: Receiver<String>,
    _scripts: TempDir,
}

impl Client {
    pub fn start(language: &Language, script: &str) -> Self {
        let libraries = language.libraries();
        let scripts = language.scripts(&libraries);
        let mut command = (language.run)(&libraries, &scripts.path().join(script));
        command.env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect(SETUP);
        let (sender, mouth) = channel();
        let pipe = process.stdout.take().expect("a pipe");
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            ear: process.stdin.take().expect("a pipe"),
            process,
            mouth,
            _scripts: scripts,
        }
    }

    pub fn say(&mut self, words: &Value) {
        writeln!(self.ear, "{words}").expect("the client listens");
    }

    /// Its next words; what went wrong in it stands on standard error.
    pub fn hear(&self) -> Value {
        let line = self.mouth.recv_timeout(PATIENCE);
        serde_json::from_str(&line.expect("the client answers")).expect("JSON")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a client is told beside who it is.
struct Part {
    redirect_uri: String,
    decision: Decision,
    more: Value,
}

impl Part {
    fn new(redirect_uri: &str) -> Self {
        Self {
            redirect_uri: redirect_uri.into(),
            decision: Decision::Allow,
            more: json!({}),
        }
    }

    fn denied(mut self) -> Self {
        self.decision = Decision::Deny;
        self
    }

    fn with(mut self, more: Value) -> Self {
        self.more = more;
        self
    }

    /// The same, to log a user in.
    fn of_login(mut self) -> Self {
        self.more["scope"] = LOGIN.into();
        self
    }

    fn about(&self, scene: &Scene) -> Value {
        let mut about = json!({
            "server": scene.server.url(),
            "client_id": scene.app.client_id,
            "client_secret": scene.app.client_secret,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "denied": matches!(self.decision, Decision::Deny),
        });
        for (name, value) in self.more.as_object().into_iter().flatten() {
            about[name] = value.clone();
        }
        about
    }
}

/// Plays a client's flow, with the user where it needs her.
async fn play(scene: &Scene, language: &Language, script: &str, part: Part) -> Report {
    let mut client = Client::start(language, script);
    client.say(&part.about(scene));
    let words = client.hear();
    let start = words["authorize"].as_str().expect("a URL");
    let callback = scene.browser.connect(start, part.decision).await;
    assert!(callback.starts_with(&part.redirect_uri), "{callback}");
    client.say(&json!({"callback": callback}));
    Report(client.hear())
}
