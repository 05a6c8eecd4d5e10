//! `grantor migrate`, `backup` and `doctor`.

use super::Offline;
use crate::{
    app::Shared,
    config::{Config, MasterKey, dead_ends},
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
    findings.extend(open_to(&config).map(str::to_owned));
    let mut notes = Vec::new();
    let examine = async |app: &Shared| Ok((examine(app).await?, untold(app).await?));
    match offline.with(examine).await {
        Err(error) => findings.push(format!("{error:#}")),
        Ok((found, untold)) => {
            findings.extend(found);
            notes.extend(untold);
        }
    }
    if !config.mail.is_on() {
        notes.push("no mail is sent (smtp_server is not set): nobody can verify an address, set a new password by mail, or is told of what happens to an account".into());
    }
    notes.extend(dead_ends(&config));
    Ok(report(offline, &findings, &notes))
}

/// What is wrong with the way on which users come.
fn open_to(config: &Config) -> Option<&'static str> {
    let network = &config.network;
    let exposed = |address: &std::net::SocketAddr| !address.ip().is_loopback();
    if network.has_tls() || network.is_behind_proxy() {
        return None;
    }
    if network.listen.iter().any(exposed) {
        return Some("listens beyond this machine without TLS and without trusted_proxies");
    }
    config.service.public_url.is_https().then_some(
        "public_url is https, and there is no TLS here: name the proxy that has it in trusted_proxies; until then all users share its address, and one limit against guessing",
    )
}

/// Administrators whom no mail tells of what happens to their account.
async fn untold(app: &Shared) -> anyhow::Result<Vec<String>> {
    if !app.mailer.is_on() {
        return Ok(Vec::new());
    }
    let colleagues = app.store.users_with_a_role().await?;
    let untold = colleagues
        .iter()
        .filter(|user| user.admin && !user.email_verified);
    let note = |email: &String| {
        format!(
            "the administrator {email} has not verified her address, and gets no mail of what happens to her account: she does that at {}/account",
            app.config.service.public_url.origin()
        )
    };
    Ok(untold.map(|user| note(&user.email)).collect())
}

/// Where users sign in elsewhere and cannot now.
async fn out_of_reach(app: &Shared) -> Vec<String> {
    let mut findings = Vec::new();
    for settings in &app.config.upstream {
        let Some(provider) = app.provider(&settings.id) else {
            continue;
        };
        if let Err(trouble) = provider.check().await {
            let (id, issuer) = (&settings.id, &settings.issuer);
            findings.push(format!(
                "nobody can sign in with the provider {id} ({issuer}): {trouble}"
            ));
        }
    }
    if let Some(uri) = &app.config.hand_over.jwks_uri
        && let Err(trouble) = app.providers.fetch_keys(uri.as_str()).await
    {
        let uri = uri.as_str();
        findings.push(format!(
            "nobody can sign in at the platform: hand_over_jwks_uri {uri}: {trouble}"
        ));
    }
    findings
}

/// What is wrong with the data, and with whom the server asks.
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
    findings.extend(out_of_reach(app).await);
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
