//! `grantor audit`.

use super::Offline;
use crate::{app::Shared, audit, pages::history::kinds};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use grantor_protocol::time::Timestamp;
use serde_json::json;
use std::{io::Write, process::ExitCode};

/// The exit status where something is wrong with the log.
pub const TAMPERED: u8 = 3;

#[derive(Subcommand)]
pub enum Audit {
    /// Walk along the chain of the log: what was changed, removed or inserted is named, and
    /// the exit status is 3
    Verify(Verify),
    /// Print the sealed log as JSON lines, the oldest first
    Export(Export),
}

#[derive(Args)]
pub struct Verify {
    /// A link that was noted before, as NUMBER:DIGEST: it must still be there
    #[arg(long, value_name = "LINK")]
    expect: Option<String>,
    #[command(flatten)]
    offline: Offline,
}

#[derive(Args)]
pub struct Export {
    /// Go on after the event with this seq
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    after: i64,
    /// From this moment on, as 2026-11-27 or 2026-11-27T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Until before this moment
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Timestamp>,
    /// Only events of this kind, as app.suspended; may be given several times
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<String>,
    #[command(flatten)]
    offline: Offline,
}

/// A day (its beginning, in UTC) or an instant.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    let day = text.parse::<jiff::civil::Date>();
    let instant = match (day, text.contains('T')) {
        (Ok(day), false) => jiff::tz::Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)),
        _ => text.parse::<jiff::Timestamp>(),
    };
    let instant = instant.map_err(|_| "is no moment: write 2026-11-27 or 2026-11-27T08:00:00Z")?;
    Ok(Timestamp(instant.as_millisecond()))
}

fn kind(text: &str) -> Result<String, String> {
    match kinds().any(|kind| kind == text) {
        true => Ok(text.to_owned()),
        false => {
            let mut all: Vec<_> = kinds().collect();
            all.sort_unstable();
            Err(format!(
                "there is no such kind; there are {}",
                all.join(", ")
            ))
        }
    }
}

impl Audit {
    pub async fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(verify) => verify.offline.with(async |app| verify.run(app).await).await,
            Self::Export(export) => export.offline.with(async |app| export.run(app).await).await,
        }
    }
}

impl Verify {
    async fn run(&self, app: &Shared) -> anyhow::Result<ExitCode> {
        let verified = audit::verify(app).await?;
        let mut findings: Vec<_> = verified.findings.iter().map(ToString::to_string).collect();
        if let Some(expected) = &self.expect {
            findings.extend(missed(app, expected).await?);
        }
        let last = verified.last.map(|(seq, digest)| format!("{seq}:{digest}"));
        let mut lines = findings.clone();
        lines.push(format!(
            "{} events are as they were sealed; {} are too young to be sealed.",
            verified.walk.good, verified.unsealed
        ));
        lines.extend(last.as_ref().map(|last| format!("The last link is {last}")));
        let intact = findings.is_empty();
        let json = json!({
            "intact": intact, "findings": findings, "events": verified.walk.good,
            "unsealed": verified.unsealed, "last": last,
        });
        self.offline.print(&json, &lines);
        Ok(match intact {
            true => ExitCode::SUCCESS,
            false => TAMPERED.into(),
        })
    }
}

/// What there is to say where a link is not what it was.
async fn missed(app: &Shared, expected: &str) -> anyhow::Result<Option<String>> {
    let noted = expected.split_once(':');
    let noted = noted.and_then(|(seq, digest)| Some((seq.parse::<i64>().ok()?, digest)));
    let (seq, digest) = noted.context("--expect is NUMBER:DIGEST, as verify prints it")?;
    let found = app.store.links(seq - 1, 1).await?;
    let same = |(link, _): &grantor_store::chain::Linked| {
        link.seq == seq && audit::hex(&link.digest) == digest
    };
    Ok(match found.first() {
        Some(linked) if same(linked) => None,
        Some((link, _)) if link.seq > seq => Some(format!(
            "link {seq} was swept with its time: expect a later one"
        )),
        _ => Some(format!("link {seq} is not what it was when it was noted")),
    })
}

impl Export {
    async fn run(&self, app: &Shared) -> anyhow::Result<ExitCode> {
        if self.offline.json {
            bail!("the lines are JSON as they are: leave --json out");
        }
        let mut after = self.after;
        let mut out = std::io::stdout().lock();
        loop {
            let links = app.store.links(after, 1000).await?;
            let Some((last, _)) = links.last() else {
                out.flush()?;
                return Ok(ExitCode::SUCCESS);
            };
            after = last.seq;
            for linked in &links {
                let wanted = linked.1.as_ref().is_some_and(|event| self.wants(event));
                if let Some(line) = audit::line(linked).filter(|_| wanted) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }

    fn wants(&self, event: &grantor_protocol::audit::Recorded) -> bool {
        self.from.is_none_or(|from| event.at >= from)
            && self.to.is_none_or(|to| event.at < to)
            && (self.kind.is_empty() || self.kind.contains(&event.kind))
    }
}
