//! Events as JSON, one line each, written straight into the line: with a log line for
//! every request, building it by way of a tree of values would be a good part of the
//! server's work.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Debug, Write};

use itoa::Buffer;
use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// `{"timestamp":…,"level":…,"target":…,"message":…, and every field by its name}`
pub struct Json;

thread_local! {
    /// Room for a line, taken while one is written.
    static ROOM: Cell<String> = const { Cell::new(String::new()) };
    /// The last second that was written, and its text: a calendar is slow.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((0, String::new())) };
}

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        let mut line = Line(ROOM.take());
        line.now();
        line.0.push_str("\",\"level\":\"");
        line.0.push_str(about.level().as_str());
        line.0.push_str("\",\"target\":\"");
        line.0.push_str(about.target());
        line.0.push('"');
        event.record(&mut line);
        line.0.push_str("}\n");
        let written = out.write_str(&line.0);
        line.0.clear();
        ROOM.set(line.0);
        written
    }
}

/// A line in the making; each field becomes a member.
struct Line(String);

impl Line {
    /// When a line was written decides nothing, so it need not be the request's instant.
    fn now(&mut self) {
        let now = Timestamp::now();
        self.0.push_str("{\"timestamp\":\"");
        SECOND.with_borrow_mut(|(second, text)| {
            if *second != now.as_second() {
                *second = now.as_second();
                let whole = Timestamp::new(*second, 0).unwrap_or(Timestamp::UNIX_EPOCH);
                *text = whole.to_string();
            }
            self.0.push_str(text.trim_end_matches('Z'));
        });
        let mut digits = Buffer::new();
        // A one in front keeps the zeros behind it.
        let fraction = digits.format(now.subsec_microsecond() + 1_000_000);
        self.0.push('.');
        self.0.push_str(&fraction[1..]);
        self.0.push('Z');
    }

    /// Names are those in the code: nothing in them wants escaping.
    fn name(&mut self, field: &Field) {
        self.0.push_str(",\"");
        self.0.push_str(field.name());
        self.0.push_str("\":");
    }

    fn plain(&mut self, field: &Field, value: &str) {
        self.name(field);
        self.0.push_str(value);
    }

    /// Text as the inside of a JSON string (RFC 8259 §7).
    fn escape(&mut self, mut text: &str) {
        let special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Nearly all texts are clean, and to see that of all bytes is quicker than to stop
        // at the first that is not.
        if !text.bytes().fold(false, |any, byte| any | special(byte)) {
            return self.0.push_str(text);
        }
        while let Some(at) = text.bytes().position(special) {
            let (clean, rest) = text.split_at(at);
            self.0.push_str(clean);
            match rest.as_bytes()[0] {
                b'"' => self.0.push_str("\\\""),
                b'\\' => self.0.push_str("\\\\"),
                b'\n' => self.0.push_str("\\n"),
                byte => self.0.push_str(&format!("\\u{byte:04x}")),
            }
            text = &rest[1..];
        }
        self.0.push_str(text);
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.plain(field, "\"");
        self.escape(value);
        self.0.push('"');
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, Buffer::new().format(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, Buffer::new().format(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, if value { "true" } else { "false" });
    }

    /// JSON has no words for infinity: everything else that is not above is text.
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.plain(field, "\"");
        // What cannot say itself is a defect of its own; the line is worth having without.
        let _ = write!(Escaped(self), "{value:?}");
        self.0.push('"');
    }
}

struct Escaped<'a>(&'a mut Line);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.escape(text);
        Ok(())
    }
}
