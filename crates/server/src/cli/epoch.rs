//! `grantor restore` and `grantor epoch`: after a database was restored from an old copy.

use super::{Offline, at_the_command_line, event, open_for};
use crate::{
    app::Shared,
    config::{Config, Database},
    keys::{KeyKind, Rotation},
    start,
};
use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Map, json};
use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub struct Epoch {
    #[command(flatten)]
    more: More,
    /// Yes, I know what this ends
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    offline: Offline,
}

#[derive(Args)]
struct More {
    /// Also end personal access tokens, client secrets and the tokens by which apps register
    /// and change their registration
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("choice").required(true))]
pub struct Restore {
    /// A copy that `grantor backup` made
    file: PathBuf,
    /// The copy is older than the newest that was given out or ended: end what it cannot vouch
    /// for, as `grantor epoch` does
    #[arg(long, group = "choice")]
    new_epoch: bool,
    /// Nothing was given out or ended since the copy was made: everything goes on
    #[arg(long, group = "choice", conflicts_with = "all")]
    same_epoch: bool,
    #[command(flatten)]
    more: More,
    #[command(flatten)]
    offline: Offline,
}

/// What ended of each kind.
type Ended = Vec<(&'static str, usize)>;

impl Epoch {
    pub async fn run(&self) -> anyhow::Result<()> {
        if !self.yes {
            bail!(
                "this cannot be undone: everybody is signed out, and every connection of an app, with \
                 every token that it has, ends, so that users must connect every app anew{}. Say --yes \
                 if that is what you want",
                match self.more.all {
                    true =>
                        "; personal access tokens and client secrets end, too, and their owners must make new ones",
                    false => "",
                }
            );
        }
        let config = self.offline.config()?;
        self.offline.assert_exists(&config)?;
        let _lock = start::lock(&config)?;
        let ended = open_for(config, async |app| begin(app, self.more.all).await).await?;
        self.offline.print(&as_json(&ended), &lines(&ended));
        Ok(())
    }
}

/// New keys first: whatever was sealed or proved by the older ones is void at once, also what
/// the lost part of the history gave out.
async fn begin(app: &Shared, all: bool) -> anyhow::Result<Ended> {
    if app.store.is_led(app.world.now()).await? {
        bail!("a server uses the database, or did so a moment ago: stop it");
    }
    for kind in [KeyKind::Seal, KeyKind::Refresh, KeyKind::Forms] {
        let rotation = Rotation {
            kind,
            retire_older: true,
            actor: at_the_command_line(),
        };
        app.keys.rotate(rotation, &app.store, &app.world).await?;
    }
    let event = event(app, "epoch.begun", None);
    Ok(app.store.begin_epoch(all, event).await?)
}

fn as_json(ended: &Ended) -> serde_json::Value {
    let ended = ended
        .iter()
        .map(|(what, rows)| ((*what).to_owned(), json!(rows)));
    json!({"ended": ended.collect::<Map<_, _>>()})
}

fn lines(ended: &Ended) -> Vec<String> {
    let line = |(what, rows): &(&str, usize)| format!("{rows:>10}  {what}");
    let mut lines: Vec<_> = ended.iter().map(line).collect();
    lines.push("have ended, and every access token, refresh token, code and open form.".into());
    lines.push(
        "What was disabled, suspended or changed since the copy was made is to be done again."
            .into(),
    );
    lines
}

impl Restore {
    pub async fn run(&self) -> anyhow::Result<()> {
        let config = self.offline.config()?;
        let Database::Sqlite(path) = config.storage.database() else {
            bail!(
                "PostgreSQL has its own way of restoring copies: use pg_restore or psql, and then \
                 `grantor epoch`"
            );
        };
        let _lock = start::lock(&config)?;
        for there in [
            path.clone(),
            PathBuf::from(format!("{}-wal", path.display())),
        ] {
            if there.exists() {
                bail!("there is {} already: move it away", there.display());
            }
        }
        // Whole before it has its name: a restore that is cut short leaves no half database.
        let beside = path.with_extension("restoring");
        let prepared = self.prepare(config, &beside).await;
        let ended = match prepared {
            Ok(ended) => ended,
            Err(error) => {
                let _ = fs::remove_file(&beside);
                return Err(error).with_context(|| self.file.display().to_string());
            }
        };
        fs::rename(&beside, &path)?;
        let named = path.parent().filter(|folder| *folder != Path::new(""));
        File::open(named.unwrap_or(Path::new(".")))?.sync_all()?;
        let mut json = as_json(&ended);
        json["database"] = json!(path);
        let mut lines = if self.new_epoch {
            lines(&ended)
        } else {
            vec![]
        };
        lines.push(format!("{} is restored; start the server.", path.display()));
        self.offline.print(&json, &lines);
        Ok(())
    }

    /// A copy of the copy, of this version, whole, and opened by the master key.
    async fn prepare(&self, mut config: Config, beside: &Path) -> anyhow::Result<Ended> {
        if beside.exists() {
            fs::remove_file(beside)?;
        }
        fs::copy(&self.file, beside)?;
        fs::set_permissions(beside, Permissions::from_mode(0o600))?;
        config.storage.database = Some(Database::Sqlite(beside.to_owned()));
        let ended = open_for(config, async |app| {
            let store = app.store.clone();
            tokio::task::spawn_blocking(move || store.check_integrity()).await??;
            match self.new_epoch {
                true => begin(app, self.more.all).await,
                false => Ok(Vec::new()),
            }
        })
        .await?;
        File::open(beside)?.sync_all()?;
        Ok(ended)
    }
}
