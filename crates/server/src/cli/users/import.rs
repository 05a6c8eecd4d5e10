//! `grantor user import`: everybody of another system, at once or again and again.

mod lines;
mod record;

use super::super::{Offline, event};
use crate::app::Shared;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use grantor_store::{
    provisioned::{Called, NewPerson, Provisioned},
    users::NewUser,
};
use lines::Lines;
use record::Record;
use serde_json::json;
use std::{
    collections::HashSet,
    fs::File,
    io::{BufReader, Read, stdin},
    path::PathBuf,
    sync::Arc,
};
use tokio::task::JoinSet;

/// Lines on their way at once: the database writes many with one sync.
const AT_ONCE: usize = 256;
/// Of lines, between two words on how far it is.
const PROGRESS: u64 = 10_000;

#[derive(Args)]
pub struct Import {
    /// JSON lines, or CSV with a first line of names; "-" reads standard input
    file: PathBuf,
    /// What the file is; without it, its ending says
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Only say what would be refused, and import nothing
    #[arg(long)]
    dry_run: bool,
    /// Import nothing at all when any line would be refused
    #[arg(long)]
    all_or_nothing: bool,
    #[command(flatten)]
    offline: Offline,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Jsonl,
    Csv,
}

/// What became of the lines.
#[derive(Default)]
struct Tally {
    lines: u64,
    imported: u64,
    /// Were there before, by their external ids.
    present: u64,
    refused: u64,
}

/// What became of one.
enum Outcome {
    Imported,
    Present,
    Refused(String),
}

impl Import {
    pub async fn run(&self) -> anyhow::Result<()> {
        let work = async |app: &Shared| self.import(app).await;
        let tally = self.offline.with_made(work).await?;
        let Tally {
            lines,
            imported,
            present,
            refused,
        } = tally;
        self.offline.print(
            &json!({"lines": lines, "imported": imported, "present": present, "refused": refused,
                "dry_run": self.dry_run}),
            &[format!(
                "{}: {imported} {}, {present} were here before, {refused} refused",
                counted(lines),
                if self.dry_run {
                    "can be imported"
                } else {
                    "imported"
                }
            )],
        );
        match refused {
            0 => Ok(()),
            _ => bail!("{refused} lines were refused, for the reasons above"),
        }
    }

    async fn import(&self, app: &Shared) -> anyhow::Result<Tally> {
        if self.all_or_nothing && !self.dry_run {
            if self.file.as_os_str() == "-" {
                bail!("--all-or-nothing reads the file twice: standard input cannot be");
            }
            let tried = self.pass(app, true).await?;
            if tried.refused > 0 {
                return Ok(Tally {
                    imported: 0,
                    ..tried
                });
            }
        }
        self.pass(app, self.dry_run).await
    }

    fn lines(&self) -> anyhow::Result<Lines> {
        let is_csv = self.file.extension().is_some_and(|end| end == "csv");
        let format = match (self.format, is_csv) {
            (Some(format), _) => format,
            (None, true) => Format::Csv,
            (None, false) => Format::Jsonl,
        };
        let shown = self.file.display();
        let source: Box<dyn Read> = match self.file.as_os_str() == "-" {
            true => Box::new(stdin()),
            false => {
                Box::new(File::open(&self.file).with_context(|| format!("cannot open {shown}"))?)
            }
        };
        Lines::open(Box::new(BufReader::new(source)), format)
    }

    /// Goes through the file once.
    async fn pass(&self, app: &Shared, dry: bool) -> anyhow::Result<Tally> {
        let (mut tally, mut seen) = (Tally::default(), Seen::default());
        let started = app.world.monotonic();
        let mut lines = self.lines()?;
        loop {
            let mut page = Vec::with_capacity(AT_ONCE);
            for (number, fields) in lines.by_ref().take(AT_ONCE) {
                let record = fields.and_then(Record::parse);
                page.push((number, record.and_then(|record| seen.check(record))));
            }
            if page.is_empty() {
                return Ok(tally);
            }
            for (number, outcome) in all(app, page, dry).await? {
                tally.count(number, outcome);
            }
            if tally.lines % PROGRESS < AT_ONCE as u64 && tally.lines >= PROGRESS {
                let seconds = (app.world.monotonic() - started).as_secs_f64();
                eprintln!("{} lines in {seconds:.1} s", tally.lines);
            }
        }
    }
}

fn counted(lines: u64) -> String {
    let noun = if lines == 1 { "line" } else { "lines" };
    format!("{lines} {noun}")
}

impl Tally {
    fn count(&mut self, number: u64, outcome: Outcome) {
        self.lines += 1;
        match outcome {
            Outcome::Imported => self.imported += 1,
            Outcome::Present => self.present += 1,
            Outcome::Refused(why) => {
                self.refused += 1;
                eprintln!("line {number}: {why}");
            }
        }
    }
}

/// Nobody comes twice in a file.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    addresses: HashSet<String>,
}

impl Seen {
    fn check(&mut self, record: Record) -> Result<Record, String> {
        if !self.ids.insert(record.external_id.clone()) {
            return Err("this external_id was in a line before".into());
        }
        if !self.addresses.insert(record.email.canonical()) {
            return Err("this email was in a line before".into());
        }
        Ok(record)
    }
}

type Numbered<T> = (u64, T);

/// All of a page at once; the outcomes in the order of the lines.
async fn all(
    app: &Shared,
    page: Vec<Numbered<Result<Record, String>>>,
    dry: bool,
) -> anyhow::Result<Vec<Numbered<Outcome>>> {
    let (mut outcomes, mut tasks) = (Vec::with_capacity(page.len()), JoinSet::new());
    for (number, record) in page {
        match record {
            Err(why) => outcomes.push((number, Outcome::Refused(why))),
            Ok(record) => {
                let app = Arc::clone(app);
                tasks.spawn(async move { (number, one(&app, record, dry).await) });
            }
        }
    }
    while let Some(done) = tasks.join_next().await {
        let (number, outcome) = done?;
        outcomes.push((number, outcome?));
    }
    outcomes.sort_unstable_by_key(|(number, _)| *number);
    Ok(outcomes)
}

const TAKEN: &str =
    "another account has this email; people who are here already are not overwritten";

async fn one(app: &Shared, record: Record, dry: bool) -> anyhow::Result<Outcome> {
    let store = &app.store;
    if store
        .person_by_external_id(&record.external_id)
        .await?
        .is_some()
    {
        return Ok(Outcome::Present);
    }
    if dry {
        let taken = store.user_by_email(&record.email.canonical()).await?;
        return Ok(match taken {
            Some(_) => Outcome::Refused(TAKEN.into()),
            None => Outcome::Imported,
        });
    }
    let id = app.world.new_gid();
    let called = Called {
        external_id: Some(record.external_id),
        ..Called::default()
    };
    let new = NewPerson {
        user: NewUser {
            id,
            email_key: record.email.canonical(),
            email: record.email.as_str().to_owned(),
            email_verified: record.email_verified,
            name: record.name.as_str().to_owned(),
            password: record.password_hash,
            profile: record.profile,
            admin: false,
        },
        disabled: record.disabled,
        called: &called,
    };
    let event = event(app, "account.imported", Some(id));
    Ok(match store.add_person(&new, event).await? {
        Provisioned::Done => Outcome::Imported,
        Provisioned::AddressTaken => Outcome::Refused(TAKEN.into()),
        Provisioned::NameTaken | Provisioned::Changed => Outcome::Present,
    })
}
