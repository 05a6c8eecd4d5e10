//! Our own server on a database that has grown: the same operations for users drawn from
//! all of them.

use super::{
    Driver,
    grantor::Place,
    report::{Row, rate},
};
use anyhow::{Context, Result, ensure};
use std::{fmt::Write, fs, process::Command};

/// What is measured where none are named.
pub const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const OPERATIONS: [&str; 4] = ["code", "refresh", "introspect", "userinfo"];

pub struct Grown {
    pub grants: u64,
    /// Bytes.
    pub database: u64,
    pub rows: Vec<Row>,
}

/// A database of each size, one after another.
pub fn measure(driver: &Driver, sizes: &[u64]) -> Result<Vec<Grown>> {
    sizes
        .iter()
        .map(|grants| measure_one(driver, *grants))
        .collect()
}

fn measure_one(driver: &Driver, grants: u64) -> Result<Grown> {
    let place = Place::prepare(driver, "grown", None)?;
    let folder = driver.folder.join("grown");
    let people = folder.join("people");
    let filled = Command::new(driver.release.join("examples/fill"))
        .arg(&place.settings)
        .arg(grants.to_string())
        .arg(&people)
        .output()
        .context("cannot run fill")?;
    let trouble = String::from_utf8_lossy(&filled.stderr);
    ensure!(filled.status.success(), "fill failed: {trouble}");
    let said = String::from_utf8(filled.stdout)?;
    let client = said.trim().split_once(' ').context("fill names no app")?;
    let target = place.describe("grown", client, "default")?;
    let database = place.disk()?;
    println!(
        "\n{grants} grants on SQLite, {} bytes each, users at random",
        database / grants
    );
    let server = place.start()?;
    let measure =
        |operation: &&str| driver.measure_for(&target, operation, server.pid(), Some(&people));
    let rows = OPERATIONS.iter().map(measure).collect::<Result<_>>()?;
    drop(server);
    fs::remove_dir_all(&folder)?;
    Ok(Grown {
        grants,
        database,
        rows,
    })
}

/// With each rate, its part of the smallest database's.
pub fn table(grown: &[Grown]) -> Result<String> {
    let mut text = String::from(
        "\n| grants | database | bytes a grant | code flow | refresh | introspection | bearer check | resident |\n|---|---|---|---|---|---|---|---|\n",
    );
    for it in grown {
        write!(
            text,
            "| {} | {:.0} MiB | {} |",
            it.grants,
            it.database as f64 / f64::from(1 << 20),
            it.database / it.grants
        )?;
        for (row, first) in it.rows.iter().zip(&grown[0].rows) {
            let (now, part) = (rate(row.rate), row.rate / first.rate);
            write!(text, " {now} ({part:.2}), p99 {:.1} ms |", row.p99)?;
        }
        let resident = it.rows.iter().map(|row| row.resident).fold(0., f64::max);
        writeln!(text, " {resident:.0} MiB |")?;
    }
    Ok(text)
}
