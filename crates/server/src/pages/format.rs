//! Facts in words: times, devices, the stand-in for a missing picture.

use std::fmt;

use crate::language::Language;
use askama::filters::HtmlSafe;
use grantor_protocol::time::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// From here on a date says more than a distance.
pub const MONTH: i64 = 31 * DAY;

/// As a page holds it.
pub fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|never| match never {}, |safe| safe.to_string())
}

/// `2026-11-23T19:27:50Z`, for machines.
pub fn iso(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];
/// `2026-11-23T19:27:50.123Z`, where every millisecond counts.
pub fn instant(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `23 Nov 2026`.
pub fn date(at: Timestamp, language: Language) -> String {
    dated("time-date", at, language)
}

/// `23 Nov 2026, 19:27 UTC`.
pub fn date_time(at: Timestamp, language: Language) -> String {
    dated("time-exact", at, language)
}

fn dated(id: &'static str, at: Timestamp, language: Language) -> String {
    let at = civil(at);
    let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or(MONTHS[0]);
    let said = language
        .say(id)
        .number("day", at.day())
        .words("month", &language.text(month));
    let said = said.words("year", &at.year().to_string());
    said.words("clock", &at.strftime("%H:%M").to_string())
        .plain()
}

/// The UTC calendar time; an instant that no calendar holds becomes the epoch.
fn civil(at: Timestamp) -> jiff::civil::DateTime {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::UTC.to_datetime(at)
}

/// `3 minutes ago`, `in 2 days`; beyond a month, the date. What lies ahead is rounded: a token
/// for seven days has seven days left, and not six, a moment after it was made.
pub fn relative(at: Timestamp, now: Timestamp, language: Language) -> String {
    let seconds = (at - now).as_seconds();
    let (distance, ahead) = (seconds.abs(), seconds > 0);
    let whole = |unit| (distance + if ahead { unit / 2 } else { 0 }) / unit;
    let (minutes, hours) = (whole(MINUTE), whole(HOUR));
    let (n, ids) = match distance {
        d if d < MINUTE => (0, ["time-soon", "time-now"]),
        _ if minutes < 60 => (minutes, ["time-in-minutes", "time-minutes-ago"]),
        _ if hours < 24 => (hours, ["time-in-hours", "time-hours-ago"]),
        d if d < MONTH => (whole(DAY), ["time-in-days", "time-days-ago"]),
        _ => return date(at, language),
    };
    let id = if ahead { ids[0] } else { ids[1] };
    language.say(id).number("n", n).plain()
}

/// A `<time>` element. Its parts are digits and our own words, so it needs no escaping.
pub struct Time {
    iso: String,
    text: String,
    full: String,
}

impl Time {
    pub fn date(at: Timestamp, language: Language) -> Self {
        Self {
            iso: iso(at),
            text: date(at, language),
            full: date_time(at, language),
        }
    }

    pub fn exact(at: Timestamp, language: Language) -> Self {
        Self {
            iso: iso(at),
            text: date_time(at, language),
            full: String::new(),
        }
    }

    pub fn relative(at: Timestamp, now: Timestamp, language: Language) -> Self {
        Self {
            iso: iso(at),
            text: relative(at, now, language),
            full: date_time(at, language),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { iso, text, full } = self;
        if full.is_empty() {
            write!(f, "<time datetime=\"{iso}\">{text}</time>")
        } else {
            write!(f, "<time datetime=\"{iso}\" title=\"{full}\">{text}</time>")
        }
    }
}

impl HtmlSafe for Time {}

/// What [`device`] said in English, which is what events keep, in this language.
pub fn device_said(english: &str, language: Language) -> String {
    match english.split_once(" on ") {
        Some(("A browser", system)) => language.say("device-system").words("system", system),
        Some((browser, system)) => {
            let said = language.say("device-both").words("browser", browser);
            said.words("system", system)
        }
        None if english == Language::English.text("device-unknown") => {
            language.say("device-unknown")
        }
        None => return english.to_owned(),
    }
    .plain()
}

/// A browser and its system in words. The answer is made of our own words only:
/// nothing that the header says is repeated.
pub fn device(user_agent: &str, language: Language) -> String {
    const BROWSERS: [(&str, &str); 14] = [
        // The order matters: most browsers claim to be several others as well.
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("Wget/", "Wget"),
        ("python-", "Python"),
        ("Lynx/", "Lynx"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, word)| *word)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            let both = language.say("device-both").words("browser", browser);
            both.words("system", system).plain()
        }
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => language
            .say("device-system")
            .words("system", system)
            .plain(),
        (None, None) => language.text("device-unknown"),
    }
}

/// What stands on the tile where there is no picture: the first letter or digit.
pub fn initial(name: &str) -> String {
    name.chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
}

/// One of six colours, always the same for the same name.
pub fn hue(name: &str) -> u8 {
    let sum = name
        .bytes()
        .fold(7_u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
    (sum % 6) as u8
}

/// A name inside text that cannot hold `<bdi>` (a title, an attribute): between
/// U+2068 and U+2069, so that its direction stays its own affair.
pub fn isolate(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// `text` as (same start, different middle, same end) when compared with `other`.
pub fn difference<'a>(text: &'a str, other: &str) -> (&'a str, &'a str, &'a str) {
    let start: usize = text
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    // Equal characters have equal lengths, so `start` is a boundary in both.
    let end: usize = text[start..]
        .chars()
        .rev()
        .zip(other[start..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let end = text.len() - end;
    (&text[..start], &text[start..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_protocol::time::Millis;

    const ENGLISH: Language = Language::English;
    const NOW: Timestamp = Timestamp(1_795_462_070_123); // 2026-11-23T19:27:50.123Z

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(iso(NOW), "2026-11-23T19:27:50Z");
        assert_eq!(date(NOW, ENGLISH), "23 Nov 2026");
        assert_eq!(date_time(NOW, ENGLISH), "23 Nov 2026, 19:27 UTC");
        assert_eq!(date(Timestamp(i64::MAX), ENGLISH), "1 Jan 1970");
        let ago = |length| relative(NOW - length, NOW, ENGLISH);
        assert_eq!(ago(Millis(0)), "just now");
        assert_eq!(ago(Millis::seconds(60)), "1 minute ago");
        assert_eq!(ago(Millis::minutes(59)), "59 minutes ago");
        assert_eq!(ago(Millis::hours(23)), "23 hours ago");
        assert_eq!(ago(Millis::days(30)), "30 days ago");
        assert_eq!(ago(Millis::days(31)), "23 Oct 2026");
        let left = |length: Millis| relative(NOW + length, NOW, ENGLISH);
        assert_eq!(left(Millis::days(1)), "in 1 day");
        assert_eq!(left(Millis(7 * 86_400_000 - 300)), "in 7 days");
        assert_eq!(left(Millis::hours(6 * 24 + 11)), "in 6 days");
        assert_eq!(left(Millis::seconds(86_399)), "in 1 day");
        assert_eq!(left(Millis::minutes(89)), "in 1 hour");
        assert_eq!(left(Millis::seconds(3_599)), "in 1 hour");
        assert_eq!(left(Millis::seconds(80)), "in 1 minute");
        assert_eq!(
            relative(NOW + Millis::seconds(2), NOW, ENGLISH),
            "in a moment"
        );
    }

    #[test]
    fn devices_in_our_own_words() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1";
        assert_eq!(device(chrome, ENGLISH), "Chrome on Linux");
        assert_eq!(device(edge, ENGLISH), "Edge on Windows");
        assert_eq!(device(safari, ENGLISH), "Safari on iPhone");
        assert_eq!(device("curl/8.5.0", ENGLISH), "curl");
        assert_eq!(
            device("<script>alert(1)</script>", ENGLISH),
            "An unknown device"
        );
    }

    /// Whatever is kept in English is said as it would have been at once.
    #[test]
    fn devices_are_said_in_another_language_afterwards() {
        for agent in [
            "X11; Linux) Firefox/1",
            "(Windows NT 10.0)",
            "curl/8.5.0",
            "",
        ] {
            for language in Language::ALL {
                let kept = device(agent, ENGLISH);
                assert_eq!(device_said(&kept, language), device(agent, language));
            }
        }
    }

    #[test]
    fn tiles_have_a_letter_and_a_steady_colour() {
        assert_eq!(initial("<script>"), "S");
        assert_eq!(initial("ßeta"), "SS");
        assert_eq!(initial("…!"), "·");
        assert_eq!(hue("Clock"), hue("Clock"));
        assert!(hue("") < 6);
    }

    #[test]
    fn the_difference_of_two_addresses() {
        let one = "https://clock.example/cb/";
        assert_eq!(
            difference(one, "https://clock.example/cb"),
            ("https://clock.example/cb", "/", "")
        );
        assert_eq!(difference("aé1b", "aé2b"), ("aé", "1", "b"));
        assert_eq!(difference("aa", "aaa"), ("aa", "", ""));
        assert_eq!(difference("", "x"), ("", "", ""));
        assert_eq!(difference("same", "same"), ("same", "", ""));
    }
}
