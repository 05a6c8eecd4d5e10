//! What somebody waits for who is alone, how soon a server is there, and what a crowd that
//! logs in leaves to the others.

use super::{
    Driver,
    grantor::{Grantor, description},
    report::{Row, mark, name},
    timed,
};
use anyhow::Result;
use std::{fmt::Write as _, fs, io::Write as _, path::Path, thread, time::Duration};

/// Each with its requests, and how many of them write.
const OPERATIONS: [(&str, f64, f64); 5] = [
    ("userinfo", 1., 0.),
    ("introspect", 1., 0.),
    ("refresh", 1., 0.),
    ("authorize", 1., 1.),
    ("code", 2., 2.),
];
/// Who log in at once.
const CROWD: u32 = 200;
const SYNCS: usize = 500;
/// Until the refresh that is measured beside the crowd has what it needs, and until it is
/// measured: seconds.
const SET_UP: u32 = 1;
const WARM_UP: u32 = 3;

pub struct Latency {
    /// One connection on the bare endpoint.
    bare: Row,
    /// Milliseconds of an append with its fdatasync: the median.
    sync: f64,
    /// One connection.
    rows: Vec<Row>,
    /// Milliseconds until a server on a database that was there gave its first answer.
    start: f64,
    /// MiB of that server.
    idle: f64,
    /// Alone, and beside the crowd.
    refresh: [Row; 2],
    logins: Row,
}

pub fn measure(driver: &Driver) -> Result<Latency> {
    println!("\none connection");
    let alone = Driver {
        connections: 1,
        ..driver.clone()
    };
    let bare = alone.measure_bare()?;
    let sync = sync(&driver.folder)?;
    let server = Grantor::start(driver, "latency", None)?;
    let target = server.describe("ES256", "default")?;
    let measure =
        |(operation, ..): (&str, f64, f64)| alone.measure(&target, operation, server.pid());
    let rows = OPERATIONS.into_iter().map(measure).collect::<Result<_>>()?;
    println!("an append with fdatasync: {sync:.2} ms");
    println!("\na refresh with an ID token in ES256, and {CROWD} who log in at once");
    let target = server.describe("ES256", "openid email")?;
    let before = driver.measure(&target, "refresh", server.pid())?;
    let (beside, logins) = beside_a_crowd(driver, &server, &target)?;
    let (server, start) = server.restart()?;
    thread::sleep(Duration::from_secs(2));
    let idle = server.memory()?;
    println!("\nfirst answer after {start:.0} ms, {idle:.1} MiB resident when idle");
    Ok(Latency {
        bare,
        sync,
        rows,
        start,
        idle,
        refresh: [before, beside],
        logins,
    })
}

fn beside_a_crowd(driver: &Driver, server: &Grantor, target: &Path) -> Result<(Row, Row)> {
    let crowd = Driver {
        connections: CROWD,
        seconds: WARM_UP + 3 * driver.seconds,
        runs: 1,
        ..driver.clone()
    };
    let door = driver.folder.join("login.toml");
    fs::write(
        &door,
        description(&server.place.base, ("-", "-"), "default"),
    )?;
    let pid = server.pid().to_string();
    thread::scope(|scope| {
        let logins = scope.spawn(|| {
            thread::sleep(Duration::from_secs(SET_UP.into()));
            crowd.run(&door, "login", &pid, &["-w", "0"])
        });
        let warm_up = WARM_UP.to_string();
        let refresh = driver.run(target, "refresh", &pid, &["-w", &warm_up])?;
        let logins = logins.join().map_err(|_| anyhow::anyhow!("no logins"))??;
        Ok((refresh, logins))
    })
}

fn sync(folder: &Path) -> Result<f64> {
    let mut file = fs::File::create(folder.join("sync"))?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let append = || Ok(file.write_all(&[0; 4096]).and_then(|()| file.sync_data())?);
        took.push(timed(append)?.1);
    }
    took.sort_by(f64::total_cmp);
    Ok(took[SYNCS / 2])
}

impl Latency {
    pub fn table(&self) -> Result<String> {
        let mut text = String::from(
            "\n| one connection | p50 | p99 | p50 beyond H, and beyond a sync where it writes | aim |\n|---|---|---|---|---|\n",
        );
        let h = self.bare.p50;
        writeln!(text, "| H | {h:.2} ms | {:.2} ms | | |", self.bare.p99)?;
        writeln!(text, "| append and fdatasync | {:.2} ms | | | |", self.sync)?;
        for (row, (_, requests, writes)) in self.rows.iter().zip(OPERATIONS) {
            let beyond = row.p50 - requests * h - writes * self.sync;
            let aim = 0.1 * (requests - writes) + 0.2 * writes;
            let (name, mark) = (name(row), mark(row));
            writeln!(
                text,
                "| {name}{mark} | {:.2} ms | {:.2} ms | {beyond:.2} ms | {aim:.1} ms |",
                row.p50, row.p99
            )?;
        }
        let [alone, beside] = &self.refresh;
        writeln!(
            text,
            "\nOn a database that was there the first answer came {:.0} ms after the command (aim 100), and {:.0} MiB were resident when idle (aim 25). While {CROWD} log in at once and never stop, {:.0} a second on that one core, the p99 of a refresh with an ID token in ES256 is {:.1} instead of {:.1} ms ({:.1} times; aim 3).",
            self.start,
            self.idle,
            self.logins.rate,
            beside.p99,
            alone.p99,
            beside.p99 / alone.p99
        )?;
        Ok(text)
    }
}
