//! CPU time and resident memory of processes, read from /proc.

use std::fs;

/// Ticks a second in /proc: a constant of the Linux interface.
const USER_HZ: f64 = 100.0;

/// User plus system CPU seconds of the named processes.
pub fn cpu_seconds(pids: &[u32]) -> f64 {
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

pub fn own_cpu_seconds() -> f64 {
    cpu_seconds(&[std::process::id()])
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
pub fn machine_seconds() -> (f64, f64) {
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
