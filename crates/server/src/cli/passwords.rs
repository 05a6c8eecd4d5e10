//! `grantor passwords`.

use crate::passwords::breached::{Breached, Lines, make};
use anyhow::Context;
use clap::Subcommand;
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

#[derive(Subcommand)]
pub enum Passwords {
    /// Make the file for the setting breached_passwords_file from a list
    ImportBreached {
        /// SHA-1 in hexadecimal, a line each, sorted, perhaps with ":" and how often it was
        /// seen (as Have I Been Pwned offers it); or passwords, with --plain
        list: PathBuf,
        /// The file to make, or to replace
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// The lines are passwords, in any order
        #[arg(long, conflicts_with = "at_least")]
        plain: bool,
        /// Leave out what was seen less often
        #[arg(long, value_name = "TIMES", default_value_t = 0)]
        at_least: u64,
    },
}

impl Passwords {
    pub fn run(&self) -> anyhow::Result<()> {
        let Self::ImportBreached {
            list,
            to,
            plain,
            at_least,
        } = self;
        let lines = match plain {
            true => Lines::Passwords,
            false => Lines::Hashes {
                at_least: *at_least,
            },
        };
        let entries = import(list, lines, to)?;
        println!("{} ({entries} passwords)", to.display());
        println!("Servers take it up when they start, with breached_passwords_file.");
        Ok(())
    }
}

fn import(list: &Path, lines: Lines, to: &Path) -> anyhow::Result<u64> {
    let file = File::open(list).with_context(|| format!("cannot open {}", list.display()))?;
    make(BufReader::new(file), lines, to).with_context(|| format!("{}", list.display()))?;
    Ok(Breached::open(to)?.entries())
}
