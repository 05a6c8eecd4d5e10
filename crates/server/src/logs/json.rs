//! Events as JSON, one line each, written straight into the line: with a log line for
//! every request, building it by way of a tree of values would be a good part of the
//! server's work.

use std::cell::RefCell;
use std::fmt::{self, Write};

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// `{"timestamp":…,"level":…,"target":…,"message":…, and every field by its name}`
pub struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        write_now(&mut line)?;
        line.write_str(",\"level\":\"")?;
        line.write_str(about.level().as_str())?;
        line.write_str("\",\"target\":")?;
        quote(&mut line, about.target())?;
        let mut fields = Fields {
            line: line.by_ref(),
            result: Ok(()),
        };
        event.record(&mut fields);
        fields.result?;
        line.write_str("}\n")
    }
}

thread_local! {
    /// The last second that was written, and its text: a calendar is slow.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((0, String::new())) };
}

/// When a line was written decides nothing, so it need not be the request's instant.
fn write_now(line: &mut Writer<'_>) -> fmt::Result {
    let now = Timestamp::now();
    SECOND.with_borrow_mut(|(second, text)| {
        if *second != now.as_second() {
            *second = now.as_second();
            text.clear();
            let whole = Timestamp::new(*second, 0).unwrap_or(Timestamp::UNIX_EPOCH);
            write!(text, "{whole}")?;
        }
        let text = text.trim_end_matches('Z');
        let fraction = now.subsec_microsecond();
        write!(line, "{{\"timestamp\":\"{text}.{fraction:06}Z\"")
    })
}

/// Writes each field as a member.
struct Fields<'w> {
    line: Writer<'w>,
    result: fmt::Result,
}

impl Fields<'_> {
    fn member(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_ok() {
            self.result = (|| {
                self.line.write_str(",")?;
                quote(&mut self.line, field.name())?;
                self.line.write_str(":")?;
                value(&mut self.line)
            })();
        }
    }
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, |line| quote(line, value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, |line| write!(line, "{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, |line| write!(line, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, |line| write!(line, "{value}"));
    }

    /// JSON has no words for infinity: everything else that is not above is text.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field, |line| {
            line.write_str("\"")?;
            write!(Escaped(line), "{value:?}")?;
            line.write_str("\"")
        });
    }
}

fn quote(line: &mut Writer<'_>, text: &str) -> fmt::Result {
    line.write_str("\"")?;
    Escaped(line).write_str(text)?;
    line.write_str("\"")
}

/// Passes text on as the inside of a JSON string (RFC 8259 §7).
struct Escaped<'a, 'w>(&'a mut Writer<'w>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.0.write_str(&text[plain..at])?;
            plain = at + 1;
            match byte {
                b'"' => self.0.write_str("\\\"")?,
                b'\\' => self.0.write_str("\\\\")?,
                b'\n' => self.0.write_str("\\n")?,
                byte => write!(self.0, "\\u{byte:04x}")?,
            }
        }
        self.0.write_str(&text[plain..])
    }
}
