//! Where the audit log is sent: a file, a syslog, a webhook.

use super::{hex, syslog::Syslog};
use crate::{app::App, config};
use anyhow::{Context, bail};
use aws_lc_rs::hmac;
use grantor_protocol::audit::Recorded;
use std::{
    fs::OpenOptions,
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

pub enum Place {
    File(PathBuf),
    Syslog(Syslog),
    Webhook(Box<Webhook>),
}

/// Where lines are posted to, and the key that proves whose they are.
pub struct Webhook {
    url: String,
    key: hmac::Key,
}

/// The header with the moment and the MAC of a post.
pub const SIGNATURE: &str = "grantor-signature";
/// The shortest secret of a webhook, in bytes.
const MIN_SECRET: usize = 32;

/// An event and its line.
pub type Line<'a> = (&'a Recorded, String);

impl Place {
    /// All places that the configuration names.
    pub fn all(config: &config::Config) -> anyhow::Result<Vec<Self>> {
        let (audit, mut places) = (&config.audit, Vec::new());
        places.extend(audit.file.clone().map(Self::File));
        let host = config.service.public_url.host();
        let syslog = audit.syslog.clone().map(|to| Syslog::new(to, host));
        places.extend(syslog.map(Self::Syslog));
        if let (Some(url), Some(secret)) = (&audit.webhook, &audit.webhook_secret_file) {
            places.push(Self::Webhook(Box::new(Webhook {
                url: url.as_str().to_owned(),
                key: secret_key(secret)?,
            })));
        }
        Ok(places)
    }

    /// Under which its position is kept.
    pub fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "audit-file",
            Self::Syslog(_) => "audit-syslog",
            Self::Webhook(_) => "audit-webhook",
        }
    }

    /// Sends all of them, in order, or fails.
    pub async fn send(&mut self, app: &App, lines: &[Line<'_>]) -> anyhow::Result<()> {
        match self {
            Self::File(path) => {
                let (path, mut text) = (path.clone(), String::new());
                for (_, line) in lines {
                    text.push_str(line);
                    text.push('\n');
                }
                tokio::task::spawn_blocking(move || append(&path, &text)).await?
            }
            Self::Syslog(syslog) => syslog.send(lines).await,
            Self::Webhook(webhook) => webhook.post(app, lines).await,
        }
    }
}

/// Opened anew each time, so that the file can be moved away at any moment.
fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let place = || format!("cannot write {}, which audit_file names", path.display());
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true).mode(0o600);
    let mut file = options.open(path).with_context(place)?;
    // A line that a crash cut short stays one, and spoils no other.
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0)).with_context(place)? > 0 {
        file.seek(SeekFrom::End(-1)).with_context(place)?;
        file.read_exact(&mut last).with_context(place)?;
    }
    let start = if last == *b"\n" { "" } else { "\n" };
    let whole = format!("{start}{text}");
    let written = file.write_all(whole.as_bytes());
    written.and_then(|()| file.sync_data()).with_context(place)
}

fn secret_key(path: &Path) -> anyhow::Result<hmac::Key> {
    let place = || format!("audit_webhook_secret_file {}", path.display());
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.with_context(place)?;
    let secret = text.trim().as_bytes();
    if secret.len() < MIN_SECRET {
        bail!(
            "{} holds less than {MIN_SECRET} bytes: `openssl rand -hex 32` makes a good one",
            place()
        );
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, secret))
}

impl Webhook {
    async fn post(&self, app: &App, lines: &[Line<'_>]) -> anyhow::Result<()> {
        let lines: Vec<_> = lines.iter().map(|(_, line)| line.as_str()).collect();
        let body = format!("{{\"events\":[{}]}}", lines.join(","));
        let at = app.world.now().seconds();
        let mac = hmac::sign(&self.key, format!("{at}.{body}").as_bytes());
        let signature = format!("t={at},v1={}", hex(mac.as_ref()));
        let sent = app
            .outbound
            .post_json(&self.url, body, (SIGNATURE, signature));
        sent.await.context("the webhook of audit_webhook")
    }
}
