//! `grantor keys`.

use super::Offline;
use crate::{keys::KeyKind, pages::format};
use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

#[derive(Subcommand)]
pub enum Keys {
    /// What keys there are, never the keys themselves
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// Make the next key of a kind; a running server takes it up within seconds
    Rotate {
        /// seal (access tokens), refresh (refresh tokens) or forms
        #[arg(long, default_value = "seal")]
        kind: String,
        #[command(flatten)]
        offline: Offline,
    },
}

impl Keys {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::List { offline } => list(offline).await,
            Self::Rotate { kind, offline } => {
                let kind = KeyKind::parse(kind).context("the kind is seal, refresh or forms")?;
                let app = offline.open().await?;
                let id = app.keys.rotate(kind, &app.store, &app.world).await?;
                offline.print(
                    &json!({"id": id, "kind": kind.as_str()}),
                    &[format!("key {id} for {}", kind.as_str())],
                );
                Ok(())
            }
        }
    }
}

async fn list(offline: &Offline) -> anyhow::Result<()> {
    let app = offline.open().await?;
    let keys = app.store.keys().await?;
    let line = |key: &grantor_store::keys::StoredKey| {
        let until = key.retires.map_or("in use".to_owned(), |end| {
            format!("accepted until {}", format::date_time(end))
        });
        format!(
            "{}  {}  made {}  {until}",
            key.id,
            key.kind,
            format::date_time(key.created)
        )
    };
    let json: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id, "kind": key.kind, "created_at": format::iso(key.created),
                "retires_at": key.retires.map(format::iso)
            })
        })
        .collect();
    offline.print(&json!(json), &keys.iter().map(line).collect::<Vec<_>>());
    Ok(())
}
