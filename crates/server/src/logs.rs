//! Logs: one line per event on standard output, JSON for machines or text for
//! people. A thread of its own writes them, so a slow reader of the output
//! slows no request.

mod json;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::mem;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use parking_lot::{Condvar, Mutex, MutexGuard};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::config::{LogFormat, LogLevel, Logs};
pub use json::Json;

/// Bytes that may wait for the output.
const ROOM: usize = 4 << 20;
/// Bytes of memory that are kept for the next lines.
const KEPT: usize = 512 << 10;
/// Lines are written together that come within so long.
const GATHER: Duration = Duration::from_millis(5);
/// How long the end waits for an output that takes nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts logging for the whole process. Keep the guard until the end: the
/// lines that wait are written when it is dropped.
pub fn start(settings: &Logs) -> anyhow::Result<Guard> {
    let written = writer(io::stdout(), ROOM, |lost| {
        tracing::warn!(lost, "{lost} log lines were lost: the output is too slow");
    });
    let (lines, guard) = written.context("cannot start the log thread")?;
    let subscriber = subscriber(settings.log_format, settings.log_level, lines);
    tracing::subscriber::set_global_default(subscriber).context("logging runs already")?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(guard)
}

fn subscriber(
    format: LogFormat,
    level: LogLevel,
    lines: Lines,
) -> Box<dyn Subscriber + Send + Sync> {
    let events = tracing_subscriber::registry().with(filter(level));
    let layer = fmt::layer().with_writer(lines).with_ansi(false);
    match format {
        LogFormat::Json => Box::new(events.with(layer.event_format(Json))),
        LogFormat::Text => Box::new(events.with(layer)),
    }
}

/// Our own events at the level asked for. The libraries' talk about every
/// frame and statement is for whoever asks for everything.
fn filter(level: LogLevel) -> Targets {
    let (ours, theirs) = match level {
        LogLevel::Error => (LevelFilter::ERROR, LevelFilter::ERROR),
        LogLevel::Warn => (LevelFilter::WARN, LevelFilter::WARN),
        LogLevel::Info => (LevelFilter::INFO, LevelFilter::WARN),
        LogLevel::Debug => (LevelFilter::DEBUG, LevelFilter::WARN),
        LogLevel::Trace => (LevelFilter::TRACE, LevelFilter::TRACE),
    };
    // A prefix: also the crates that make up the server.
    Targets::new()
        .with_target("grantor", ours)
        .with_default(theirs)
}

/// In the log like everything else, on one line.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("no message");
    let backtrace = Backtrace::capture();
    match backtrace.status() {
        BacktraceStatus::Captured => {
            tracing::error!(place, %backtrace, "panic at {place}: {message}");
        }
        _ => tracing::error!(place, "panic at {place}: {message}"),
    }
}

/// What waits to be written, for the thread that writes.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    /// There are lines where there were none.
    changed: Condvar,
    /// All that waited is written.
    written: Condvar,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    /// Lines for which there was no room.
    lost: u64,
    is_writing: bool,
    /// Nobody waits for company any more.
    is_over: bool,
}

/// The way to the writing thread.
#[derive(Clone)]
struct Lines {
    queue: Arc<Queue>,
    room: usize,
}

/// Writes what waits when dropped.
#[must_use]
pub struct Guard(Arc<Queue>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock();
        waiting.is_over = true;
        let unwritten = |waiting: &mut Waiting| waiting.is_writing || !waiting.text.is_empty();
        // Its reader may be slow, or stuck.
        let _ = self
            .0
            .written
            .wait_while_for(&mut waiting, unwritten, PATIENCE);
    }
}

/// `tell`: how many lines were lost, as soon as there is room for more.
fn writer(
    output: impl Write + Send + 'static,
    room: usize,
    tell: impl Fn(u64) + Send + 'static,
) -> io::Result<(Lines, Guard)> {
    let queue = Arc::new(Queue::default());
    let lines = Lines {
        queue: queue.clone(),
        room,
    };
    let guard = Guard(queue.clone());
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write_all(output, &queue, tell))?;
    Ok((lines, guard))
}

/// Errors of the output are passed over: there is nowhere to tell, and a
/// server whose log reader has died must go on.
fn write_all(mut output: impl Write, queue: &Queue, tell: impl Fn(u64)) {
    let mut text = Vec::new();
    let mut waiting = queue.waiting.lock();
    loop {
        while waiting.text.is_empty() {
            queue.written.notify_all();
            queue.changed.wait(&mut waiting);
        }
        if !waiting.is_over {
            // Waking this thread for every line costs a busy server half its processor.
            MutexGuard::unlocked(&mut waiting, || thread::sleep(GATHER));
        }
        mem::swap(&mut text, &mut waiting.text);
        let lost = mem::take(&mut waiting.lost);
        waiting.is_writing = true;
        MutexGuard::unlocked(&mut waiting, || {
            if lost > 0 {
                tell(lost);
            }
            let _ = output.write_all(&text);
            let _ = output.flush();
        });
        text.clear();
        text.shrink_to(KEPT);
        waiting.is_writing = false;
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

/// The formatter writes each event whole.
impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.queue.waiting.lock();
        // Full means that the output is stuck: better to lose lines, and to
        // say how many, than to stop answering.
        if waiting.text.len() + line.len() > self.room {
            waiting.lost += 1;
            return Ok(line.len());
        }
        if waiting.text.is_empty() {
            self.queue.changed.notify_one();
        }
        waiting.text.extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{self, Receiver};

    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: LogLevel, events: impl FnOnce()) -> Vec<String> {
        let output = Output::default();
        let (lines, guard) = writer(output.clone(), ROOM, |_| {}).unwrap();
        tracing::subscriber::with_default(subscriber(format, level, lines), events);
        drop(guard);
        let text = String::from_utf8(output.0.lock().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn an_event_is_one_line_of_json_with_its_fields() {
        let lines = logged(LogFormat::Json, LogLevel::Info, || {
            tracing::info!(grant.id = 7, "revoked:\nit was \"replayed\"");
        });
        assert_eq!(lines.len(), 1);
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["grant.id"], 7);
        assert_eq!(line["message"], "revoked:\nit was \"replayed\"");
        assert_eq!(line["target"], "grantor::logs::tests");
        assert!(
            line["timestamp"]
                .as_str()
                .is_some_and(|it| it.ends_with('Z'))
        );
    }

    #[test]
    fn nothing_breaks_out_of_a_line_of_json() {
        let hostile = "a\"b\\c\n\r\t\0\u{1f}\u{7f}é\u{2028}";
        let lines = logged(LogFormat::Json, LogLevel::Info, || {
            tracing::info!(text = hostile, debug = ?hostile, shown = %hostile, yes = true, minus = -1, "{hostile}");
        });
        assert_eq!(lines.len(), 1);
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        for field in ["text", "shown", "message"] {
            assert_eq!(line[field], hostile, "{field}");
        }
        assert_eq!(line["debug"], format!("{hostile:?}"));
        assert_eq!((&line["yes"], &line["minus"]), (&true.into(), &(-1).into()));
    }

    #[test]
    fn text_reads_like_a_sentence() {
        let lines = logged(LogFormat::Text, LogLevel::Info, || {
            tracing::info!(n = 7, "it is done")
        });
        assert!(
            lines[0].ends_with("INFO grantor::logs::tests: it is done n=7"),
            "{lines:?}"
        );
    }

    #[test]
    fn the_level_counts_for_us_and_libraries_stay_quiet() {
        let events = || {
            tracing::debug!("ours");
            tracing::info!(target: "grantor_store", "a crate of ours");
            tracing::info!(target: "h2::frame", "theirs");
            tracing::warn!(target: "h2::frame", "their warning");
        };
        let count = |level| logged(LogFormat::Text, level, events).len();
        assert_eq!(count(LogLevel::Error), 0);
        assert_eq!(count(LogLevel::Info), 2);
        assert_eq!(count(LogLevel::Debug), 3);
        assert_eq!(count(LogLevel::Trace), 4);
    }

    #[test]
    fn the_end_waits_for_the_last_line() {
        let lines = logged(LogFormat::Text, LogLevel::Info, || {
            for number in 0..5000 {
                tracing::info!(number, "line");
            }
        });
        assert_eq!(lines.len(), 5000);
        assert!(lines[4999].ends_with("number=4999"));
    }

    /// An output that takes nothing until it is released.
    struct Stuck(Receiver<()>, Output);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            self.1.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_stuck_output_costs_lines_and_not_the_server() {
        const LINE: usize = 10_000;
        let (release, stuck) = mpsc::channel();
        let output = Output::default();
        let (told, all_told) = mpsc::channel();
        let tell = move |lost| told.send(lost).unwrap();
        let (lines, guard) = writer(Stuck(stuck, output.clone()), 4 * LINE, tell).unwrap();
        for _ in 0..100 {
            (&lines).write_all(&[b'x'; LINE]).unwrap();
        }
        drop(release);
        drop(guard);
        let written = output.0.lock().len() / LINE;
        assert!((4..=8).contains(&written), "{written}");
        // What was lost after the last round is told with the next.
        let unsaid = lines.queue.waiting.lock().lost;
        let said: u64 = all_told.try_iter().sum();
        assert_eq!(said + unsaid, 100 - written as u64);
        assert!(said > 0);
    }
}
