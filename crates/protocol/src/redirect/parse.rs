//! What may be registered. The order of the checks is the order of the lines.

use url::{Host, Url};

use super::parts::{Parts, is_port};
use super::{LOOPBACK, MAX_BYTES, OUT_OF_BAND, RedirectUriError as Error};
use crate::client::ClientKind;
use crate::percent;

/// Names that an answer appends. A registered parameter of that name would
/// come first, and many readers take the first.
const RESERVED: [&str; 14] = [
    "code",
    "state",
    "error",
    "error_description",
    "error_uri",
    "iss",
    "access_token",
    "token",
    "token_type",
    "expires_in",
    "scope",
    "id_token",
    "response",
    "session_state",
];

/// Schemes that never name an app. Most have no dot and would be refused
/// anyway; the list exists so that loosening that rule cannot let them in.
const FORBIDDEN: [&str; 24] = [
    "about",
    "blob",
    "chrome",
    "cid",
    "content",
    "data",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "ldap",
    "livescript",
    "mailto",
    "mhtml",
    "ms-its",
    "resource",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

pub(super) fn check(text: &str, kind: ClientKind) -> Result<(), Error> {
    if OUT_OF_BAND.contains(&text) {
        return if kind == ClientKind::Native {
            Ok(())
        } else {
            Err(Error::OobNotNative)
        };
    }
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(Error::TooLong);
    }
    check_characters(text)?;
    check_escapes(text)?;
    let parts = Parts::of(text).ok_or(Error::NoScheme)?;
    check_scheme(parts.scheme)?;
    if parts.is_web() {
        check_web(&parts)?;
    } else {
        check_private(&parts, kind)?;
    }
    check_path(parts.path)?;
    check_query(parts.query.unwrap_or_default())?;
    check_second_opinion(text, &parts)
}

/// RFC 3986 §2: unreserved, reserved and `%`; brackets only around an address.
fn check_characters(text: &str) -> Result<(), Error> {
    const PUNCTUATION: &[u8] = b"-._~:/?@!$&'()+,;=%[]";
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'#' => return Err(Error::Fragment), // RFC 6749 §3.1.2
            b'*' => return Err(Error::Wildcard),
            _ if byte.is_ascii_alphanumeric() || PUNCTUATION.contains(&byte) => {}
            _ => {
                return Err(Error::Character {
                    position: text[..floor(text, at)].chars().count() + 1,
                });
            }
        }
    }
    Ok(())
}

/// The start of the character that byte `at` belongs to.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// No escape may hide what another reader would see as structure, and all
/// together must be UTF-8, which rules out the overlong spellings of a slash.
fn check_escapes(text: &str) -> Result<(), Error> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'%' {
            decoded.push(first);
            rest = tail;
            continue;
        }
        let byte = percent::escape(rest).ok_or(Error::Escape)?;
        if byte.is_ascii_control() || b"/\\.%".contains(&byte) {
            return Err(Error::EscapedSeparator);
        }
        decoded.push(byte);
        rest = &rest[3..];
    }
    str::from_utf8(&decoded).map_or(Err(Error::Escape), |_| Ok(()))
}

fn check_scheme(scheme: &str) -> Result<(), Error> {
    let lower = scheme.to_ascii_lowercase();
    if FORBIDDEN.contains(&lower.as_str()) {
        return Err(Error::ForbiddenScheme);
    }
    let alphabet = lower
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !alphabet || !lower.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(Error::NoScheme);
    }
    if lower != scheme {
        return Err(Error::Uppercase);
    }
    Ok(())
}

fn check_web(parts: &Parts<'_>) -> Result<(), Error> {
    let authority = parts.authority.ok_or(Error::NoScheme)?;
    if authority.contains('@') {
        return Err(Error::UserInfo);
    }
    if authority.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Error::Uppercase);
    }
    if parts.host.ends_with('.') {
        return Err(Error::TrailingDot);
    }
    check_host(parts.host)?;
    if !parts.port.is_none_or(is_port) {
        return Err(Error::Port);
    }
    if matches!(
        (parts.scheme, parts.port),
        ("https", Some("443")) | ("http", Some("80"))
    ) {
        return Err(Error::DefaultPort);
    }
    let local = parts.host == "localhost"
        || LOOPBACK
            .iter()
            .any(|head| head.ends_with(&format!("//{}", parts.host)));
    if parts.scheme == "http" && !local {
        return Err(Error::HttpNotLoopback); // RFC 9700 §2.6, RFC 8252 §7.3
    }
    Ok(())
}

/// A name of plain labels, or an address in the one form that all readers
/// agree on. `url` decides what an address is: it knows the forms with fewer
/// dots, in hexadecimal and in octal that browsers accept.
fn check_host(host: &str) -> Result<(), Error> {
    let parsed = Url::parse(&format!("https://{host}/"));
    match parsed.as_ref().ok().and_then(Url::host) {
        Some(Host::Domain(name)) if name == host && is_host_name(host) => Ok(()),
        Some(Host::Ipv4(address)) if address.to_string() == host && !address.is_unspecified() => {
            Ok(())
        }
        // The IPv6 forms of IPv4 addresses are second names of the same place.
        Some(Host::Ipv6(address)) if is_plain(address) && format!("[{address}]") == host => Ok(()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => Err(Error::Address),
        None if ends_in_number(host) || host.starts_with('[') => Err(Error::Address),
        _ => Err(Error::Host),
    }
}

fn is_plain(address: std::net::Ipv6Addr) -> bool {
    address.is_loopback() || (address.to_ipv4().is_none() && !address.is_unspecified())
}

fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

fn ends_in_number(host: &str) -> bool {
    host.rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()))
}

/// RFC 8252 §7.1: a scheme that is a domain in reverse, and behind it a path
/// or, as mobile systems also allow, a plain host.
fn check_private(parts: &Parts<'_>, kind: ClientKind) -> Result<(), Error> {
    if kind != ClientKind::Native {
        return Err(Error::CustomSchemeNotNative);
    }
    if !parts.scheme.contains('.') || !is_host_name(parts.scheme) {
        return Err(Error::CustomSchemeNoDomain); // RFC 8252 §7.1
    }
    let authority = parts.authority.unwrap_or_default();
    if authority.contains('@') {
        return Err(Error::UserInfo);
    }
    let rooted =
        parts.path.starts_with('/') || (parts.path.is_empty() && parts.authority.is_some());
    if !rooted || !(authority.is_empty() || is_host_name(authority)) {
        return Err(Error::CustomSchemeForm);
    }
    if authority.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Error::Uppercase);
    }
    Ok(())
}

/// `.` and `..`, also with the path parameters that some servers strip first.
/// Their escaped spellings never get this far.
fn check_path(path: &str) -> Result<(), Error> {
    let name = |segment: &str| {
        segment
            .split(';')
            .next()
            .is_some_and(|name| matches!(name, "." | ".."))
    };
    if path.split('/').any(name) {
        return Err(Error::DotSegment);
    }
    if path.contains(['[', ']']) {
        return Err(Error::NotCanonical);
    }
    Ok(())
}

/// Compares names as the most forgiving reader would: decoded, in any case,
/// without the spaces before and the brackets after that some take away.
fn check_query(query: &str) -> Result<(), Error> {
    for pair in query.split(['&', ';']) {
        let mut name = Vec::new();
        let encoded = pair.split('=').next().unwrap_or_default();
        percent::decode_form(encoded.as_bytes(), &mut name).ok_or(Error::Escape)?;
        let name = name
            .split(|&b| b == b'[')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        if let Some(reserved) = RESERVED
            .iter()
            .find(|reserved| name.eq_ignore_ascii_case(reserved.as_bytes()))
        {
            return Err(Error::ReservedParameter(reserved));
        }
    }
    Ok(())
}

/// The URL Standard's parser, which browsers follow, must read the very same
/// text. An empty path is the one thing it writes differently.
fn check_second_opinion(text: &str, parts: &Parts<'_>) -> Result<(), Error> {
    let url = Url::parse(text).map_err(|_| Error::NotCanonical)?;
    let before_path = parts.scheme.len() + "://".len() + parts.authority.unwrap_or_default().len();
    let same = if parts.is_web() && parts.path.is_empty() {
        let (head, tail) = text.split_at(before_path);
        url.as_str()
            .strip_prefix(head)
            .and_then(|rest| rest.strip_prefix('/'))
            == Some(tail)
    } else {
        url.as_str() == text
    };
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if same && bare {
        Ok(())
    } else {
        Err(Error::NotCanonical)
    }
}
