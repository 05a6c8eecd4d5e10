//! Our own server on a database that has grown: the same operations for users drawn from
//! all of them.

use super::{
    Driver,
    grantor::Place,
    postgres::Database,
    report::{Row, rate},
};
use anyhow::{Context, Result, ensure};
use std::{fmt::Write, fs, path::PathBuf, process::Command};

/// What is measured where none are named.
pub const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// No larger database is moved to PostgreSQL to be measured there.
const MOVED: u64 = 1_000_000;
/// Records of a kind in a server's memory: by default, and so that all who take turns here
/// find room.
const REMEMBERED: [&str; 2] = ["20000", "250000"];
const OPERATIONS: [&str; 4] = ["code", "refresh", "introspect", "userinfo"];
/// Users who take their first turn in a second, at least.
const TURNS: usize = 5000;

pub struct Grown {
    engine: &'static str,
    grants: u64,
    remembered: &'static str,
    /// Bytes.
    database: u64,
    rows: Vec<Row>,
}

/// A database of each size, one after another.
pub fn measure(driver: &Driver, sizes: &[u64], with_postgres: bool) -> Result<Vec<Grown>> {
    let mut grown = Vec::new();
    for grants in sizes {
        let database = Filled::new(driver, *grants)?;
        grown.extend(database.measure(with_postgres && *grants <= MOVED)?);
        fs::remove_dir_all(&database.folder)?;
    }
    Ok(grown)
}

/// A database with so many grants, and what some of its users hold.
struct Filled<'a> {
    driver: &'a Driver,
    grants: u64,
    folder: PathBuf,
    people: String,
    /// Seconds until everybody had a turn.
    warm: String,
    /// Of the app that they all use.
    client: (String, String),
}

impl<'a> Filled<'a> {
    fn new(driver: &'a Driver, grants: u64) -> Result<Self> {
        let folder = driver.folder.join("grown");
        let people = folder.join("people");
        let filled = Command::new(driver.release.join("examples/fill"))
            .arg(&Place::prepare(driver, "grown", None)?.settings)
            .arg(grants.to_string())
            .arg(&people)
            .output()
            .context("cannot run fill")?;
        let trouble = String::from_utf8_lossy(&filled.stderr);
        ensure!(filled.status.success(), "fill failed: {trouble}");
        let said = String::from_utf8(filled.stdout)?;
        let (id, secret) = said.trim().split_once(' ').context("fill names no app")?;
        let turns = fs::read_to_string(&people)?.lines().count();
        Ok(Self {
            driver,
            grants,
            folder,
            people: people.display().to_string(),
            warm: (2 + turns / TURNS).to_string(),
            client: (id.to_owned(), secret.to_owned()),
        })
    }

    fn measure(&self, with_postgres: bool) -> Result<Vec<Grown>> {
        let place = || Place::prepare(self.driver, "grown", None);
        let size = place()?.disk()?;
        let mut measured = Vec::new();
        // First: it is a copy of what no server has written to yet.
        if with_postgres {
            let database = Database::start(&self.folder)?;
            let place = place()?.moved(&database.url())?;
            let size = database.size()?;
            measured.push(self.measure_at(place, "PostgreSQL", REMEMBERED[0], size)?);
        }
        for remembered in REMEMBERED {
            measured.push(self.measure_at(place()?, "SQLite", remembered, size)?);
        }
        Ok(measured)
    }

    fn measure_at(
        &self,
        place: Place,
        engine: &'static str,
        remembered: &'static str,
        database: u64,
    ) -> Result<Grown> {
        let grants = self.grants;
        println!(
            "\n{grants} grants on {engine}, {} bytes each, {remembered} records in memory",
            database / grants
        );
        let target = place.describe("grown", (&self.client.0, &self.client.1), "default")?;
        let server = place.start(&["--remembered-records", remembered])?;
        let flags = ["--people", &self.people, "-w", &self.warm];
        let pid = server.pid().to_string();
        let measure = |operation: &&str| self.driver.run(&target, operation, &pid, &flags);
        Ok(Grown {
            engine,
            grants,
            remembered,
            database,
            rows: OPERATIONS.iter().map(measure).collect::<Result<_>>()?,
        })
    }
}

/// With each rate, its part of that of the smallest database with the same memory.
pub fn table(grown: &[Grown]) -> Result<String> {
    let mut text = String::from(
        "\n| engine, records in memory | grants | database | bytes a grant | code flow | refresh | introspection | bearer check | resident |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let kind = |it: &Grown| (it.engine, it.remembered);
    let mut sorted: Vec<_> = grown.iter().collect();
    sorted.sort_by_key(|it| (std::cmp::Reverse(it.engine), it.remembered.len(), it.grants));
    for it in &sorted {
        write!(
            text,
            "| {}, {} | {} | {:.0} MiB | {} |",
            it.engine,
            it.remembered,
            it.grants,
            it.database as f64 / f64::from(1 << 20),
            it.database / it.grants
        )?;
        let smallest = sorted.iter().find(|other| kind(other) == kind(it));
        let smallest = smallest.map_or(&*it.rows, |it| &it.rows);
        for (row, first) in it.rows.iter().zip(smallest) {
            let (now, part) = (rate(row.rate), row.rate / first.rate);
            write!(text, " {now} ({part:.2}), p99 {:.1} ms |", row.p99)?;
        }
        let resident = it.rows.iter().map(|row| row.resident).fold(0., f64::max);
        writeln!(text, " {resident:.0} MiB |")?;
    }
    Ok(text)
}
