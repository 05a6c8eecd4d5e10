//! Several servers of ours on one PostgreSQL, each on a small machine of its own: a control
//! group that gets a part of a core. So a few cores show what more nodes give where the
//! database is not the limit.

use super::{
    Driver,
    grantor::{Grantor, Place},
    postgres::Database,
    report::{Row, mark, name, rate},
};
use anyhow::Result;
use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

const NODES: usize = 3;
/// Microseconds that a node may work in each `PERIOD` of them.
const QUOTA: u32 = 2000;
const PERIOD: u32 = 10_000;
const OPERATIONS: [&str; 4] = ["userinfo", "introspect", "refresh", "code"];

/// Each operation on one node and on all; nothing where the system gives no such machines.
pub fn measure(driver: &Driver) -> Result<Vec<(Row, Row)>> {
    println!("\none node and {NODES} on one PostgreSQL, each with {QUOTA} of {PERIOD} µs");
    let machines = match (0..NODES)
        .map(Machine::make)
        .collect::<io::Result<Vec<_>>>()
    {
        Ok(machines) => machines,
        Err(error) => {
            println!("not measured, for want of a control group: {error}");
            return Ok(Vec::new());
        }
    };
    let database = Database::start(&driver.folder)?;
    let first = Grantor::start(driver, "node-0", Some(&database.url()))?;
    let target = first.describe("ES256", "default")?;
    let base = first.place.base.clone();
    let mut nodes = vec![first];
    for number in 1..NODES {
        let place = Place::prepare(driver, &format!("node-{number}"), Some(&database.url()))?;
        nodes.push(place.start(&["--public-url", &base])?);
    }
    for (machine, node) in machines.iter().zip(&nodes) {
        machine.take(node.pid())?;
    }
    let measure = |operation: &str, nodes: &[Grantor]| {
        let pids: Vec<_> = nodes.iter().map(|node| node.pid().to_string()).collect();
        let bases: Vec<_> = nodes.iter().map(|node| &*node.place.base).collect();
        let (bases, database) = (bases.join(","), database.pid().to_string());
        let flags = ["-w", "2", "--node", &bases, "--database", &database];
        driver.run(&target, operation, &pids.join(","), &flags)
    };
    let both = |operation: &&str| {
        let one = measure(operation, &nodes[..1])?;
        Ok((one, measure(operation, &nodes)?))
    };
    OPERATIONS.iter().map(both).collect()
}

/// A control group with its quota.
struct Machine(PathBuf);

impl Machine {
    fn make(number: usize) -> io::Result<Self> {
        let old = Path::new("/sys/fs/cgroup/cpu");
        let (root, settings) = match old.exists() {
            true => (
                old,
                vec![
                    ("cpu.cfs_period_us", PERIOD.to_string()),
                    ("cpu.cfs_quota_us", QUOTA.to_string()),
                ],
            ),
            false => (
                Path::new("/sys/fs/cgroup"),
                vec![("cpu.max", format!("{QUOTA} {PERIOD}"))],
            ),
        };
        let name = format!("grantor-bench-{}-{number}", std::process::id());
        let machine = Self(root.join(name));
        fs::create_dir(&machine.0)?;
        for (setting, value) in settings {
            fs::write(machine.0.join(setting), value)?;
        }
        Ok(machine)
    }

    fn take(&self, pid: u32) -> io::Result<()> {
        fs::write(self.0.join("cgroup.procs"), pid.to_string())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

pub fn table(measured: &[(Row, Row)]) -> Result<String> {
    let mut text = format!(
        "\n| per second (cores of the nodes, of the database) | one node | {NODES} nodes | ratio |\n|---|---|---|---|\n"
    );
    for (one, all) in measured {
        write!(text, "| {} |", name(one))?;
        for row in [one, all] {
            let (rate, nodes, database) = (rate(row.rate), row.server, row.database);
            let mark = mark(row);
            write!(text, " {rate} ({nodes:.2}, {database:.2}){mark} |")?;
        }
        writeln!(text, " {:.2} |", all.rate / one.rate)?;
    }
    Ok(text)
}
