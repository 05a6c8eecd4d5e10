//! `grantor migrate`, `backup` and `doctor`.

use super::Offline;
use crate::{
    app::Shared,
    config::{MasterKey, dead_ends},
};
use clap::Args;
use serde_json::json;
use std::{os::unix::fs::PermissionsExt, path::PathBuf, process::ExitCode};

pub async fn migrate(offline: &Offline) -> anyhow::Result<()> {
    offline.with_made(async |_| Ok(())).await?;
    offline.print(
        &json!({"migrated": true}),
        &["The database is at this version.".into()],
    );
    Ok(())
}

#[derive(Args)]
pub struct Backup {
    /// A file that does not exist yet
    file: PathBuf,
    #[command(flatten)]
    offline: Offline,
}

impl Backup {
    pub async fn run(&self) -> anyhow::Result<()> {
        let copy = async |app: &Shared| {
            let (store, file) = (app.store.clone(), self.file.clone());
            Ok(tokio::task::spawn_blocking(move || store.backup(&file)).await??)
        };
        self.offline.with(copy).await?;
        let bytes = std::fs::metadata(&self.file)?.len();
        self.offline.print(
            &json!({"file": self.file, "bytes": bytes}),
            &[
                format!("{} ({bytes} bytes)", self.file.display()),
                "It is of no use without the master key: keep a copy of that, elsewhere.".into(),
            ],
        );
        Ok(())
    }
}

/// Each finding is a sentence; the exit status says whether there was one.
pub async fn doctor(offline: &Offline) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    let config = match offline.config() {
        Ok(config) => config,
        Err(error) => {
            return Ok(report(offline, &[format!("configuration: {error:#}")], &[]));
        }
    };
    if let MasterKey::File(path) = config.storage.master_key()
        && let Ok(facts) = std::fs::metadata(&path)
        && facts.permissions().mode() & 0o077 != 0
    {
        findings.push(format!(
            "{} can be read by other users: chmod 600 it",
            path.display()
        ));
    }
    if !config.service.public_url.is_https() {
        findings.push("public_url is http: good for this machine alone".into());
    }
    let exposed = |address: &std::net::SocketAddr| !address.ip().is_loopback();
    let behind_proxy = !config.network.trusted_proxies.is_empty() || config.network.proxy_protocol;
    let has_tls = config.network.tls_certificate.is_some() || config.network.tls_self_signed;
    if config.network.listen.iter().any(exposed) && !has_tls && !behind_proxy {
        findings.push("listens beyond this machine without TLS and without trusted_proxies".into());
    }
    match offline.with(examine).await {
        Err(error) => findings.push(format!("{error:#}")),
        Ok(found) => findings.extend(found),
    }
    let mut notes = Vec::new();
    if !config.mail.is_on() {
        notes.push("no mail is sent (smtp_server is not set): nobody can verify an address, set a new password by mail, or is told of what happens to an account".into());
    }
    notes.extend(dead_ends(&config));
    Ok(report(offline, &findings, &notes))
}

/// What is wrong with the data.
async fn examine(app: &Shared) -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    if let Err(error) = app.store.prepare_all().await {
        findings.push(format!("the schema does not fit this version: {error}"));
    }
    let store = app.store.clone();
    if let Err(error) = tokio::task::spawn_blocking(move || store.check_integrity()).await? {
        findings.push(error.to_string());
    }
    if let Err(error) = app.check_clock().await? {
        findings.push(error.to_string());
    }
    if let Err(reason) = app.mailer.check().await {
        findings.push(format!("the mail server cannot be used: {reason}"));
    }
    let owner = app.config.registration.dynamic_registration_owner.as_ref();
    if let Some(owner) = owner
        && app.store.user_by_email(&owner.canonical()).await?.is_none()
    {
        findings
            .push("dynamic_registration_owner has no account: `grantor user add` makes it".into());
    }
    if !app.store.has_administrator().await? {
        findings.push(
            "there is no administrator yet: `grantor serve` prints a link to make one".into(),
        );
    }
    Ok(findings)
}

/// `notes`: what is as the operator chose it, and may not be what she wants.
fn report(offline: &Offline, findings: &[String], notes: &[String]) -> ExitCode {
    let healthy = findings.is_empty();
    let mut lines = if healthy {
        vec!["Nothing to complain about.".to_owned()]
    } else {
        findings.to_vec()
    };
    lines.extend(notes.iter().map(|note| format!("Note: {note}")));
    let json = json!({"healthy": healthy, "findings": findings, "notes": notes});
    offline.print(&json, &lines);
    if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
