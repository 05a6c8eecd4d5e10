//! The one writer: takes what is waiting, writes it under one fsync, answers everybody.

use super::is_our_fault;
use crate::{
    engine::{Applied, Batch, Step},
    error::{Error, Result},
};
use rusqlite::Connection;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};
use tokio::sync::{mpsc, oneshot};

/// Batches that share one fsync, at most: enough for every caller that a busy node has
/// waiting, few enough that the first of them waits a millisecond for the last.
const GROUP: usize = 256;

/// Where so many came together, more are about to come.
const CROWD: usize = 10;

/// What the writer did since the start.
#[derive(Default)]
pub struct Counters {
    pub batches: AtomicU64,
    pub commits: AtomicU64,
}

pub(super) struct Job {
    pub batch: Batch,
    pub answer: oneshot::Sender<Result<Applied>>,
}

/// Runs until nobody can send a job any more.
pub(super) fn write_groups(
    connection: &Connection,
    mut jobs: mpsc::Receiver<Job>,
    counters: &Counters,
) {
    let mut group = Vec::with_capacity(GROUP);
    let mut is_crowded = false;
    while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
        if is_crowded {
            // The first job of many wakes this thread, on a busy processor in the place of
            // those who were about to send the others: they go first.
            thread::yield_now();
            while group.len() < GROUP
                && let Ok(job) = jobs.try_recv()
            {
                group.push(job);
            }
        }
        is_crowded = group.len() >= CROWD;
        let batches = group.len() as u64;
        counters.batches.fetch_add(batches, Ordering::Relaxed);
        counters.commits.fetch_add(1, Ordering::Relaxed);
        // Whoever stopped waiting loses only the answer, not the write.
        match write_group(connection, &group) {
            Ok(outcomes) => {
                for (job, outcome) in group.drain(..).zip(outcomes) {
                    let _ = job.answer.send(outcome);
                }
            }
            Err(message) => {
                for job in group.drain(..) {
                    let _ = job.answer.send(Err(Error::Unavailable(message.clone())));
                }
            }
        }
    }
    // A clean shutdown leaves no log behind to replay: whoever closes the file last removes
    // it. Passive, for others may go on: a stronger one keeps them from writing while it
    // waits for their readers.
    let checkpoint = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = checkpoint {
        tracing::debug!(%error, "the last checkpoint was left to the next start");
    }
}

/// `Err`: nothing of the group was written, and nobody may believe so.
fn write_group(
    connection: &Connection,
    group: &[Job],
) -> std::result::Result<Vec<Result<Applied>>, String> {
    let run = |sql: &str| -> rusqlite::Result<()> {
        connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    let write = || -> rusqlite::Result<Vec<Result<Applied>>> {
        run("BEGIN IMMEDIATE")?;
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            run("SAVEPOINT batch")?;
            let outcome = write_batch(connection, &job.batch)?;
            if !matches!(outcome, Ok(Applied::Done(_))) {
                run("ROLLBACK TO batch")?;
            }
            run("RELEASE batch")?;
            outcomes.push(outcome);
        }
        run("COMMIT")?;
        Ok(outcomes)
    };
    write().map_err(|error| {
        if !connection.is_autocommit()
            && let Err(second) = run("ROLLBACK")
        {
            tracing::error!(error = %second, "rollback failed");
        }
        tracing::error!(%error, batches = group.len(), "a group of writes failed");
        error.to_string()
    })
}

/// The outer `Err` is a failure of the machine, which ends the whole group.
fn write_batch(connection: &Connection, batch: &Batch) -> rusqlite::Result<Result<Applied>> {
    let mut returned = Vec::with_capacity(batch.steps.len());
    for (position, step) in batch.steps.iter().enumerate() {
        let (rows, integers) = match write_step(connection, step) {
            Ok(done) => done,
            Err(error) if is_our_fault(&error) => {
                return Ok(Err(Error::Statement {
                    statement: step.statement.name,
                    message: error.to_string(),
                }));
            }
            Err(error) => return Err(error),
        };
        if step.rows.is_some_and(|expected| expected != rows) {
            return Ok(Ok(Applied::Unmet(position)));
        }
        returned.push(integers);
    }
    Ok(Ok(Applied::Done(returned)))
}

fn write_step(connection: &Connection, step: &Step) -> rusqlite::Result<(usize, Vec<i64>)> {
    let mut prepared = connection.prepare_cached(step.statement.sql)?;
    let params = rusqlite::params_from_iter(&step.params);
    if prepared.column_count() == 0 {
        return Ok((prepared.execute(params)?, Vec::new()));
    }
    let mut rows = prepared.query(params)?;
    let (mut count, mut integers) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 0.. {
            match row.get(column) {
                Ok(integer) => integers.push(integer),
                Err(rusqlite::Error::InvalidColumnIndex(_)) => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok((count, integers))
}
