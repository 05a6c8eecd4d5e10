//! CPU time and resident memory of processes, read from /proc.

use std::fs;

/// Ticks a second in /proc: a constant of the Linux interface.
const USER_HZ: f64 = 100.0;

/// CPU seconds until a moment; or cores, between two.
pub struct Spent {
    pub server: f64,
    pub driver: f64,
    pub database: f64,
    /// By everything.
    busy: f64,
    /// By the machine's host.
    pub stolen: f64,
}

impl Spent {
    /// By these servers, by the children of this database, and by this process.
    pub fn until_now(servers: &[u32], database: Option<u32>) -> Self {
        let (busy, stolen) = machine_seconds();
        Self {
            server: cpu_seconds(servers),
            driver: cpu_seconds(&[std::process::id()]),
            database: database.map_or(0.0, |it| cpu_seconds(&children(it))),
            busy,
            stolen,
        }
    }

    pub fn since(&self, before: &Self, seconds: f64) -> Self {
        let cores = |part: fn(&Self) -> f64| (part(self) - part(before)) / seconds;
        Self {
            server: cores(|it| it.server),
            driver: cores(|it| it.driver),
            database: cores(|it| it.database),
            busy: cores(|it| it.busy),
            stolen: cores(|it| it.stolen),
        }
    }

    pub fn other(&self) -> f64 {
        (self.busy - self.server - self.driver - self.database).max(0.0)
    }
}

fn children(pid: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let listed = listed.unwrap_or_default();
    listed
        .split_whitespace()
        .filter_map(|it| it.parse().ok())
        .collect()
}

/// User plus system CPU seconds of the named processes.
fn cpu_seconds(pids: &[u32]) -> f64 {
    let hz = USER_HZ;
    let ticks: u64 = pids
        .iter()
        .filter_map(|p| fs::read_to_string(format!("/proc/{p}/stat")).ok())
        .filter_map(|s| {
            // The command name may hold blanks: fields are counted after its closing bracket.
            let rest = s.rsplit_once(')')?.1;
            let f: Vec<&str> = rest.split_whitespace().collect();
            Some(f.get(11)?.parse::<u64>().ok()? + f.get(12)?.parse::<u64>().ok()?)
        })
        .sum();
    ticks as f64 / hz
}

pub fn rss_mib(pids: &[u32]) -> f64 {
    pids.iter()
        .filter_map(|p| fs::read_to_string(format!("/proc/{p}/status")).ok())
        .filter_map(|s| {
            let line = s.lines().find(|l| l.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        })
        .sum::<f64>()
        / 1024.0
}

/// Busy CPU seconds of the whole machine, and seconds stolen by its host.
fn machine_seconds() -> (f64, f64) {
    let hz = USER_HZ;
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let f: Vec<f64> = text
        .lines()
        .next()
        .map(|l| {
            l.split_whitespace()
                .skip(1)
                .filter_map(|v| v.parse().ok())
                .collect()
        })
        .unwrap_or_default();
    // user nice system idle iowait irq softirq steal
    let at = |i: usize| f.get(i).copied().unwrap_or(0.0) / hz;
    (at(0) + at(1) + at(2) + at(5) + at(6), at(7))
}
