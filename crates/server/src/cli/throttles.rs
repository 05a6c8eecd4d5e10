//! `grantor throttle`.

use super::{Offline, desk, failure};
use crate::{app::Shared, desk::tokens, language::Language, pages::format, throttle::Blocked};
use clap::Subcommand;
use serde_json::json;

#[derive(Subcommand)]
pub enum Throttles {
    /// Who is blocked now
    List {
        #[command(flatten)]
        offline: Offline,
    },
    /// Let somebody go on
    Lift {
        /// As `grantor throttle list` shows it
        key: String,
        #[command(flatten)]
        offline: Offline,
    },
}

impl Throttles {
    pub async fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::List { offline } => {
                let list = async |app: &Shared| app.blocked(app.world.now()).await.map_err(failure);
                let blocked = offline.with(list).await?;
                let line = |it: &Blocked| {
                    let until = format::date_time(it.until, Language::English);
                    format!(
                        "{}  {}: {} of {}, until {until}",
                        it.key,
                        Language::English.text(it.what),
                        it.hits,
                        it.most
                    )
                };
                let object = |it: &Blocked| {
                    json!({
                        "key": it.key, "what": Language::English.text(it.what), "hits": it.hits, "most": it.most,
                        "until": format::iso(it.until),
                    })
                };
                let lines: Vec<_> = blocked.iter().map(line).collect();
                offline.print(&blocked.iter().map(object).collect(), &lines);
            }
            Self::Lift { key, offline } => {
                let lift = async |app: &Shared| {
                    tokens::lift_throttle(&desk(app), key)
                        .await
                        .map_err(failure)
                };
                offline.with(lift).await?;
                offline.print(&json!({"key": key}), &[format!("{key} may go on")]);
            }
        }
        Ok(())
    }
}
