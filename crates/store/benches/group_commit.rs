//! How many durable batches a second the writer makes of so many callers, beside one
//! bare append and fdatasync on the same disk in the same run.
//!
//! `cargo bench -p grantor-store --bench group_commit [-- SECONDS [FOLDER]]`

use grantor_protocol::time::Timestamp;
use grantor_store::{
    Location, Result, Store,
    audit::{Actor, Event},
};
use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use tokio::time::Instant;

const CALLERS: [usize; 4] = [1, 16, 64, 256];

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|it| !it.starts_with("--"));
    let seconds = arguments.next().map_or(Ok(2.0), |text| text.parse())?;
    let length = Duration::from_secs_f64(seconds);
    let folder = match arguments.next() {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    println!("append + fdatasync: {:.0}/s", syncs(folder.path(), length)?);
    println!(
        "{:>7} {:>11} {:>6} {:>9} {:>9}",
        "callers", "batches/s", "group", "p50 ms", "p99 ms"
    );
    for callers in CALLERS {
        let store = Store::open(&location(folder.path(), callers), 1000, Timestamp(0)).await?;
        call(&store, callers, length / 10).await?;
        let before = store.write_counts();
        let mut waits = call(&store, callers, length).await?;
        let counts = store.write_counts();
        let rate = waits.len() as f64 / seconds;
        let group =
            (counts.batches - before.batches) as f64 / (counts.commits - before.commits) as f64;
        waits.sort_unstable();
        let percentile = |part: usize| waits[waits.len() * part / 100].as_secs_f64() * 1000.0;
        println!(
            "{callers:>7} {rate:>11.0} {group:>6.1} {:>9.2} {:>9.2}",
            percentile(50),
            percentile(99)
        );
    }
    println!("append + fdatasync: {:.0}/s", syncs(folder.path(), length)?);
    Ok(())
}

fn location(folder: &Path, callers: usize) -> Location {
    Location::Sqlite(folder.join(format!("{callers}.db")))
}

/// Every caller writes its next batch as soon as the last one is durable.
async fn call(store: &Store, callers: usize, length: Duration) -> Result<Vec<Duration>> {
    let end = Instant::now() + length;
    let tasks: Vec<_> = (0..callers)
        .map(|_| tokio::spawn(caller(store.clone(), end)))
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        if let Ok(one) = task.await {
            waits.extend(one?);
        }
    }
    Ok(waits)
}

async fn caller(store: Store, end: Instant) -> Result<Vec<Duration>> {
    let mut waits = Vec::new();
    let mut before = Instant::now();
    while before < end {
        store.record(event()).await?;
        let after = Instant::now();
        waits.push(after - before);
        before = after;
    }
    Ok(waits)
}

fn event() -> Event {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    Event {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        at: Timestamp(0),
        kind: "bench.written",
        user: None,
        app: None,
        actor: Actor::default(),
        detail: "as long as a digest in hexadecimal: sixty-four characters, or so".into(),
    }
}

fn syncs(folder: &Path, length: Duration) -> std::io::Result<f64> {
    let mut file = File::create(folder.join("appended"))?;
    let (mut count, start) = (0, Instant::now());
    while start.elapsed() < length {
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
