//! `cargo xtask instructions`: how many instructions a request of each kind takes, on all
//! threads together, beside what `bench/instructions.toml` allows.
//!
//! Callgrind counts them. That is the same on a busy machine and on a quiet one, where
//! seconds are not.

use crate::{
    arguments::Arguments,
    setup,
    shell::{self, command, run as sh},
};
use anyhow::{Context, bail, ensure};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::Path,
    process::{Command, ExitCode, Stdio},
};

const BUDGET: &str = "bench/instructions.toml";
/// By so many hundredths a count may differ from what was accepted.
const TOLERANCE: u64 = 10;

/// Instructions of one request, by its kind.
type Counts = BTreeMap<String, u64>;

pub fn run(arguments: &mut Arguments) -> anyhow::Result<ExitCode> {
    let accept = arguments.switch("--accept");
    arguments.finish()?;
    setup::instructions()?;
    if accept {
        let counts = count()?;
        print(&counts, &counts);
        fs::write(BUDGET, write(&counts))?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{}", check()?);
    Ok(ExitCode::SUCCESS)
}

/// Fails when a kind of request takes more than it may.
pub fn check() -> anyhow::Result<String> {
    let accepted = read(&fs::read_to_string(BUDGET)?)?;
    let counts = count()?;
    print(&counts, &accepted);
    // Libraries have other code for other processors.
    if !cfg!(target_arch = "x86_64") {
        return Ok("not compared: what was accepted is of x86_64".into());
    }
    let changed = compare(&counts, &accepted)?;
    Ok(match changed.is_empty() {
        true => format!("{} kinds of request", counts.len()),
        false => format!(
            "{} take less than before: `cargo xtask instructions --accept` keeps it so",
            changed.join(", ")
        ),
    })
}

/// The kinds that got cheaper; an error if one got dearer.
fn compare(counts: &Counts, accepted: &Counts) -> anyhow::Result<Vec<String>> {
    ensure!(
        counts.keys().eq(accepted.keys()),
        "{BUDGET} lists other kinds of request: `cargo xtask instructions --accept` writes it anew"
    );
    let kinds = |differs: fn(u64, u64) -> bool| {
        let kinds = counts.iter().zip(accepted.values());
        let kinds = kinds.filter(|((_, now), before)| differs(**now, **before));
        kinds.map(|((kind, _), _)| kind.clone()).collect::<Vec<_>>()
    };
    let dearer = kinds(|now, before| now * 100 > before * (100 + TOLERANCE));
    if !dearer.is_empty() {
        bail!(
            "{} take over {TOLERANCE} % more instructions than {BUDGET} says; if they are worth it, `cargo xtask instructions --accept` writes the new counts down",
            dearer.join(", ")
        );
    }
    Ok(kinds(|now, before| now * 100 < before * (100 - TOLERANCE)))
}

/// Runs the example under callgrind.
fn count() -> anyhow::Result<Counts> {
    // Of the workspace and with dependencies as the tests have them, so that those are
    // compiled once; our own code is optimised like them.
    sh(&mut command(
        "cargo build --quiet --workspace --example instructions --config profile.dev.opt-level=1",
    ))?;
    let target = shell::target()?;
    let folder = target.join("instructions");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (parts, said) = (folder.join("part"), folder.join("said"));
    let mut callgrind = Command::new("valgrind");
    callgrind
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", parts.display()))
        .arg("--zero-before=instructions::begin_count")
        .arg("--dump-before=instructions::end_count")
        .arg(target.join("debug/examples/instructions"))
        .stdout(Stdio::null())
        .stderr(File::create(&said)?);
    let ran = sh(&mut callgrind);
    let said = fs::read_to_string(&said)?;
    ran.with_context(|| said.trim().to_owned())?;
    let mut counts = Counts::new();
    for (number, line) in said.lines().enumerate() {
        let (kind, requests) = line.split_once(' ').context("a kind and how many")?;
        let requests: u64 = requests.parse().with_context(|| line.to_owned())?;
        let part = parts.with_extension((number + 1).to_string());
        counts.insert(kind.to_owned(), total(&part)? / requests);
    }
    Ok(counts)
}

fn total(part: &Path) -> anyhow::Result<u64> {
    let text = fs::read_to_string(part);
    let text = text.with_context(|| format!("callgrind wrote no {}", part.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(total.context("a part without its total")?.parse()?)
}

fn print(counts: &Counts, accepted: &Counts) {
    println!(
        "\n{:<18} {:>12} {:>12}",
        "a request", "instructions", "accepted"
    );
    for (kind, count) in counts {
        match accepted.get(kind) {
            Some(before) => {
                let change = (*count as f64 / *before as f64 - 1.0) * 100.0;
                println!("{kind:<18} {count:>12} {before:>12} {change:>+6.1} %");
            }
            None => println!("{kind:<18} {count:>12} {:>12}", "-"),
        }
    }
}

fn write(counts: &Counts) -> String {
    let mut text = String::from(
        "# Instructions of one request, without sockets, with our code and its dependencies at\n\
         # opt-level 1: `cargo xtask instructions` counts them again and fails where they are\n\
         # over 10 % more; with `--accept` it writes this file.\n",
    );
    for (kind, count) in counts {
        text += &format!("{kind} = {count}\n");
    }
    text
}

fn read(text: &str) -> anyhow::Result<Counts> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let pair = line.split_once(" = ");
            let (kind, count) = pair.with_context(|| format!("{BUDGET}: {line}?"))?;
            Ok((kind.to_owned(), count.parse()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(code: u64, refresh: u64) -> Counts {
        [("code", code), ("refresh", refresh)]
            .map(|(kind, count)| (kind.to_owned(), count))
            .into()
    }

    #[test]
    fn dearer_is_an_error_cheaper_a_note() {
        let accepted = counts(1000, 1000);
        let said = |now| compare(&now, &accepted).map_err(|error| error.to_string());
        assert_eq!(said(counts(1100, 900)), Ok(vec![]));
        assert_eq!(said(counts(1000, 899)), Ok(vec!["refresh".to_owned()]));
        assert!(said(counts(1101, 500)).is_err_and(|it| it.starts_with("code take")));
        assert!(compare(&counts(1, 1), &Counts::new()).is_err());
    }

    #[test]
    fn what_is_accepted_reads_as_it_was_written() {
        let accepted = counts(305_000, 226_000);
        assert_eq!(read(&write(&accepted)).unwrap(), accepted);
    }
}
