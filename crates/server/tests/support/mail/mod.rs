//! A real mail server, which we did not write: Debian's aiosmtpd in a process of its own.

#![allow(dead_code, reason = "each test binary needs another part of it")]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

/// How long a mail may be on its way: what is looked at each minute takes longest.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct Sink {
    child: Child,
    lines: Receiver<Value>,
    pub port: u16,
}

/// A mail as a mail program shows it.
#[derive(Clone, Debug)]
pub struct Mail(pub Value);

impl Sink {
    /// Plain, takes everything.
    pub fn start() -> Self {
        Self::with(json!({}))
    }

    pub fn with(options: Value) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mail/sink.py");
        let mut command = Command::new("/usr/bin/python3");
        command.args([script, &options.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3 and python3-aiosmtpd");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            let values = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
            values
                .take_while(|it| sender.send(it.clone()).is_ok())
                .count()
        });
        let port: Value = lines.recv_timeout(PATIENCE).expect("the sink listens");
        let port = port.as_u64().expect("a port") as u16;
        Self { child, lines, port }
    }

    /// The next mail that it was asked to take.
    pub fn next(&self) -> Mail {
        Mail(self.lines.recv_timeout(PATIENCE).expect("a mail"))
    }

    /// The next mail with this subject; others are passed over.
    pub fn next_about(&self, subject: &str) -> Mail {
        loop {
            let mail = self.next();
            if mail.subject() == subject {
                return mail;
            }
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Mail {
    pub fn text_of(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.0["headers"][name].as_str().unwrap_or_default()
    }

    pub fn subject(&self) -> &str {
        self.header("Subject")
    }

    pub fn to(&self) -> &str {
        self.0["to"][0].as_str().unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        self.text_of("text")
    }

    pub fn html(&self) -> &str {
        self.text_of("html")
    }

    /// Where its button leads, as a path of the server.
    pub fn path(&self) -> String {
        let line = self.text().lines().find(|line| line.starts_with("http"));
        let url = reqwest::Url::parse(line.expect("a link")).expect("a URL");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }
}
