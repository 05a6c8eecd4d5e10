//! `grantor move`.

use crate::{
    config::{Config, Database},
    start,
    world::World,
};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use grantor_store::Store;
use serde_json::json;

use super::Offline;

#[derive(Args)]
pub struct Move {
    /// Where everything goes, as `database` of the settings: an empty database; with - the URL
    /// is read from standard input, where no other user sees its password
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    offline: Offline,
}

impl Move {
    fn target(&self) -> anyhow::Result<Database> {
        let mut text = self.to.clone();
        if text == "-" {
            text.clear();
            std::io::stdin().read_line(&mut text)?;
        }
        // An error never repeats the text.
        text.trim()
            .parse()
            .map_err(|error| anyhow!("--to: {error}"))
    }

    /// Copies the database of the settings into another. What an interrupted move has
    /// copied is left alone: it is done again, to its end.
    pub async fn run(&self) -> anyhow::Result<()> {
        let config = self.offline.config()?;
        let to = self.target()?;
        let mut target: Config = config.clone();
        target.storage.database = Some(to.clone());
        if config.storage.database() == to {
            bail!("this is the database that is used already");
        }
        // A server that writes meanwhile would write what is left behind.
        let _here = start::lock(&config)?;
        let _there = start::lock(&target)?;
        self.offline.assert_exists(&config)?;
        let world = World::real();
        let open = async |config: &Config| {
            Store::open(&start::location(config)?, 1, world.now())
                .await
                .map_err(anyhow::Error::from)
        };
        let here = open(&config).await?;
        let there = open(&target).await.context("the other database")?;
        let moved = here.move_to(&there, world.now()).await;
        here.close().await;
        there.close().await;
        let moved = moved?;
        let rows: u64 = moved.iter().map(|table| table.rows).sum();
        let tables: serde_json::Map<_, _> = moved
            .iter()
            .map(|table| (table.table.to_owned(), json!(table.rows)))
            .collect();
        let mut lines: Vec<_> = moved
            .iter()
            .map(|table| format!("{:>10}  {}", table.rows, table.table))
            .collect();
        lines.push(format!("{rows} rows are there, and the same as here."));
        lines.push(
            "Set database to it, give every server the same master key as before, and start."
                .into(),
        );
        self.offline.print(&json!({"moved": tables}), &lines);
        Ok(())
    }
}
