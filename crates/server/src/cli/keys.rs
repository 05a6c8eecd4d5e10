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
        let loss = kinds.first().and_then(|kind| loss(*kind));
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

/// What stops working when every older key is retired at once; `None`: such keys cannot
/// be.
fn loss(kind: KeyKind) -> Option<&'static str> {
    match kind {
        KeyKind::Seal => Some(
            "every access token issued so far stops working; apps get new ones with their refresh tokens",
        ),
        KeyKind::Refresh => Some(
            "every refresh token stops working, and users must connect every app anew; \
             access tokens go on until they expire, unless the keys of the kind seal are retired, too",
        ),
        KeyKind::Forms => {
            Some("every form that is open in a browser expires; people reload the page")
        }
        KeyKind::Secrets => Some(
            "apps that sign with their secret (client_secret_jwt) can do so no more until their \
             developers have made a new one",
        ),
        KeyKind::SignRs256 | KeyKind::SignPs256 | KeyKind::SignEs256 | KeyKind::SignEdDsa => Some(
            "ID tokens signed so far cannot be verified any more, and apps that keep our public \
             keys refuse new ones until they have fetched them again, in five minutes at the latest",
        ),
        KeyKind::OpenRsa | KeyKind::OpenEc => Some(
            "request objects encrypted so far cannot be opened any more, nor those of apps that \
             keep our public keys, in five minutes at the latest",
        ),
        KeyKind::Ids | KeyKind::Subjects => None,
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
