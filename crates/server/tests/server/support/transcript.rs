//! What was said, as a reader wants to see it.

use super::{Reply, Site};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

#[derive(Default)]
pub struct Transcript {
    on: Arc<AtomicBool>,
    text: Mutex<String>,
}

/// Nothing is noted while it lives.
pub struct Pause(Arc<AtomicBool>, bool);

impl Drop for Pause {
    fn drop(&mut self) {
        self.0.store(self.1, Ordering::Relaxed);
    }
}

impl Transcript {
    pub fn start(&self) {
        self.on.store(true, Ordering::Relaxed);
    }

    pub fn pause(&self) -> Pause {
        Pause(self.on.clone(), self.on.swap(false, Ordering::Relaxed))
    }

    /// A line between the lines.
    pub fn remark(&self, text: &str) {
        writeln!(self.text.lock().unwrap(), "\n# {text}").unwrap();
    }

    pub fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    pub fn note(
        &self,
        site: &Site,
        who: &str,
        (line, said): (&str, &[(&str, &str)]),
        reply: &Reply,
    ) {
        if !self.on.load(Ordering::Relaxed) {
            return;
        }
        let mut text = format!("\n{who}: {}\n", decoded(line));
        for (name, value) in said {
            match *name {
                "password" => writeln!(text, "    {name}=[password]").unwrap(),
                _ => writeln!(text, "    {name}={value}").unwrap(),
            }
        }
        write!(text, "  {}", answer(reply)).unwrap();
        let text = site.redact(&text);
        self.text.lock().unwrap().push_str(&text);
    }
}

/// The status and what matters of the rest.
fn answer(reply: &Reply) -> String {
    let mut text = format!("{}", reply.code());
    for name in ["www-authenticate", "retry-after"] {
        if !reply.header(name).is_empty() {
            write!(text, " {name}: {}", reply.header(name)).unwrap();
        }
    }
    if !reply.location().is_empty() {
        write!(text, " {}", decoded(reply.location())).unwrap();
    } else if reply.is_html() {
        write!(text, " \"{}\"", reply.heading()).unwrap();
        if !reply.notice().is_empty() {
            write!(text, " {}", reply.notice()).unwrap();
        }
    } else if reply.header("content-type") == "application/json" {
        let json = serde_json::to_string_pretty(&sorted(reply.json())).unwrap();
        write!(text, " {}", json.replace('\n', "\n  ")).unwrap();
    } else {
        write!(text, " {}", reply.body.trim_end()).unwrap();
    }
    text.push('\n');
    text
}

/// The members of objects by name: no reader may depend on another order.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.into_iter().collect();
            let members = members.into_iter().map(|(name, it)| (name, sorted(it)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// A URL with its parameters as they were before they were encoded.
pub fn decoded(url: &str) -> String {
    let Some(at) = url.find(['?', '#']) else {
        return url.to_owned();
    };
    let (path, params) = url.split_at(at + 1);
    let pairs: Vec<_> = url::form_urlencoded::parse(params.as_bytes())
        .map(|(name, value)| format!("{name}={}", decoded(&value)))
        .collect();
    format!("{path}{}", pairs.join("&"))
}
