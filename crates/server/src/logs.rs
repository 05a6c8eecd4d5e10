//! Logs: one line per event on standard output, JSON for machines or text for
//! people. A thread of its own writes them, so a slow reader of the output
//! slows no request.

mod json;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, BufWriter, Write};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::config::{LogFormat, LogLevel, Logs};
pub use json::Json;

/// Lines that may wait for the output: some megabytes.
const QUEUE: usize = 8192;
/// Lines are written together that come within so long.
const GATHER: Duration = Duration::from_millis(5);
/// How long the end waits for an output that takes nothing: five seconds.
const PATIENCE_STEP: Duration = Duration::from_millis(50);
const PATIENCE_STEPS: u32 = 100;

/// Starts logging for the whole process. Keep the guard until the end: the
/// lines that wait are written when it is dropped.
pub fn start(settings: &Logs) -> anyhow::Result<Guard> {
    let (lines, guard) = writer(io::stdout(), QUEUE).context("cannot start the log thread")?;
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

enum Message {
    Line(Vec<u8>),
    /// All that came before is to be written; then this is answered.
    Flush(SyncSender<()>),
}

/// The way to the writing thread.
#[derive(Clone)]
struct Lines {
    queue: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

/// Writes what waits when dropped.
#[must_use]
pub struct Guard(SyncSender<Message>);

impl Drop for Guard {
    fn drop(&mut self) {
        let (done, written) = sync_channel(1);
        let mut message = Message::Flush(done);
        for _ in 0..PATIENCE_STEPS {
            match self.0.try_send(message) {
                Ok(()) => {
                    let _ = written.recv_timeout(PATIENCE_STEP * PATIENCE_STEPS);
                    return;
                }
                // The queue is full: its reader is slow, or stuck.
                Err(TrySendError::Full(back)) => message = back,
                Err(TrySendError::Disconnected(_)) => return,
            }
            thread::sleep(PATIENCE_STEP);
        }
    }
}

fn writer(output: impl Write + Send + 'static, room: usize) -> io::Result<(Lines, Guard)> {
    let (queue, messages) = sync_channel(room);
    let lost = Arc::new(AtomicU64::new(0));
    let lines = Lines {
        queue: queue.clone(),
        lost: lost.clone(),
    };
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write_all(output, &messages, &lost))?;
    Ok((lines, Guard(queue)))
}

/// Errors of the output are passed over: there is nowhere to tell, and a
/// server whose log reader has died must go on.
fn write_all(output: impl Write, messages: &Receiver<Message>, lost: &AtomicU64) {
    let mut output = BufWriter::new(output);
    while let Ok(first) = messages.recv() {
        // Waking this thread for every line costs a busy server half its processor.
        thread::sleep(GATHER);
        let waiting = std::iter::once(first).chain(messages.try_iter());
        for message in waiting {
            match message {
                Message::Line(line) => {
                    let _ = output.write_all(&line);
                }
                Message::Flush(done) => {
                    let _ = output.flush();
                    let _ = done.send(());
                }
            }
        }
        let _ = output.flush();
        match lost.swap(0, Ordering::Relaxed) {
            0 => {}
            lost => tracing::warn!(lost, "{lost} log lines were lost: the output is too slow"),
        }
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
        // Full means that the output is stuck: better to lose lines, and to
        // say how many, than to stop answering.
        if self.queue.try_send(Message::Line(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::Mutex;
    use std::sync::mpsc;

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
        let (lines, guard) = writer(output.clone(), QUEUE).unwrap();
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
    struct Stuck(Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_stuck_output_costs_lines_and_not_the_server() {
        let (release, stuck) = mpsc::channel();
        let (lines, guard) = writer(Stuck(stuck), 4).unwrap();
        for _ in 0..100 {
            (&lines).write_all(&[b'x'; 10_000]).unwrap();
        }
        assert!(lines.lost.load(Ordering::Relaxed) >= 90);
        drop(release);
        drop(guard);
    }
}
