//! `grantor keys`.

use super::{Offline, at_the_command_line};
use crate::{
    app::Shared,
    keys::{KeyKind, Rotation},
    language::Language,
    pages::format,
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use grantor_protocol::time::Timestamp;
use grantor_store::keys::StoredKey;
use serde_json::json;

#[derive(Subcommand)]
pub enum Keys {
    /// What keys there are, never the keys themselves
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// Make the next key of a kind; a running server takes it up within seconds
    Rotate(Rotate),
}

#[derive(Args)]
pub struct Rotate {
    /// seal (access tokens), refresh (refresh tokens), forms, secrets (those of apps that sign
    /// with theirs), sign (ID tokens; sign-rs256, sign-ps256, sign-es256 or sign-eddsa for one
    /// algorithm alone), open-rsa or open-ec (encrypted request objects)
    #[arg(long, default_value = "seal")]
    kind: String,
    /// For an emergency: accept the older keys no more, at once, and nothing made with them
    #[arg(long)]
    retire_older: bool,
    /// Yes, I know what --retire-older ends
    #[arg(long, requires = "retire_older")]
    yes: bool,
    #[command(flatten)]
    offline: Offline,
}

impl Keys {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::List { offline } => offline.with(async |app| list(app, offline).await).await,
            Self::Rotate(rotate) => rotate.run().await,
        }
    }
}

impl Rotate {
    async fn run(&self) -> anyhow::Result<()> {
        let kinds = match self.kind.as_str() {
            "sign" => KeyKind::SIGNING.to_vec(),
            name => {
                let kind = KeyKind::parse(name);
                vec![kind.context(
                    "the kind is seal, refresh, forms, secrets, sign, open-rsa or open-ec",
                )?]
            }
        };
        let loss = kinds.first().and_then(|kind| kind.loss());
        let loss = loss.filter(|_| self.retire_older);
        if let Some(loss) = loss.filter(|_| !self.yes) {
            bail!("this cannot be undone: {loss}. Say --yes if that is what you want");
        }
        let rotate = async |app: &Shared| {
            let mut made = Vec::new();
            for kind in kinds {
                let rotation = Rotation {
                    kind,
                    retire_older: self.retire_older,
                    actor: at_the_command_line(),
                };
                let id = app.keys.rotate(rotation, &app.store, &app.world).await?;
                made.push((id, kind.as_str()));
            }
            Ok(made)
        };
        let made = self.offline.with(rotate).await?;
        let mut lines: Vec<_> = made
            .iter()
            .map(|(id, kind)| format!("key {id} for {kind}"))
            .collect();
        lines.extend(loss.map(|loss| format!("From now on, {loss}.")));
        let one = |(id, kind): &(i64, &str)| json!({"id": id, "kind": kind, "older_retired": self.retire_older});
        let json = match &made[..] {
            [only] => one(only),
            several => several.iter().map(one).collect(),
        };
        self.offline.print(&json, &lines);
        Ok(())
    }
}

async fn list(app: &Shared, offline: &Offline) -> anyhow::Result<()> {
    let (keys, now) = (app.store.keys().await?, app.world.now());
    let json: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id, "kind": key.kind, "created_at": format::iso(key.created),
                "retires_at": key.retires.map(format::iso)
            })
        })
        .collect();
    let lines: Vec<_> = keys.iter().map(|key| line(key, now)).collect();
    offline.print(&json!(json), &lines);
    Ok(())
}

fn line(key: &StoredKey, now: Timestamp) -> String {
    let state = match key.retires {
        None => "in use".to_owned(),
        Some(end) if end > now => format!(
            "accepted until {}",
            format::date_time(end, Language::English)
        ),
        Some(end) => format!("retired {}", format::date_time(end, Language::English)),
    };
    let made = format::date_time(key.created, Language::English);
    format!("{}  {}  made {made}  {state}", key.id, key.kind)
}
