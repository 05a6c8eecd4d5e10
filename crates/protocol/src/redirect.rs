//! Redirect URIs: one strict parser at registration, byte for byte afterwards
//! (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1 and §4.1).
//!
//! ```text
//! parse.rs      what may be registered            error.rs    why not, in words for a developer
//! parts.rs      a URI cut where its text says so  near_miss.rs what an almost matching one got wrong
//! answer.rs     parameters appended to an answer
//! ```
//!
//! Nothing here normalises. Two readers that normalise differently are how a
//! code reaches a stranger, so a URI must already be written the one way that
//! every reader agrees on; after that, equal bytes are the only equality.

mod answer;
mod error;
mod near_miss;
mod parse;
mod parts;

use std::fmt;

pub use answer::{Place, with_params};
pub use error::RedirectUriError;
pub use near_miss::NearMiss;

use crate::client::ClientKind;
use parts::Parts;

/// The longest redirect URI, in bytes.
pub const MAX_BYTES: usize = 2000;
/// "Show the code to the user instead", and the name some old clients use for it.
const OUT_OF_BAND: [&str; 2] = [
    "urn:ietf:wg:oauth:2.0:oob",
    "urn:ietf:wg:oauth:2.0:oob:auto",
];
/// The addresses that cannot leave the device, as a URI begins with them.
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// A registered redirect URI, or one that [`RedirectUri::admit`] let through.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RedirectUri(String);

/// Where an answer goes, in the words of the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectTarget<'a> {
    /// A website or a program on this device: `host` or `host:port`.
    Host(&'a str),
    /// An installed app that claimed this URI scheme.
    Scheme(&'a str),
    /// The code is shown to the user, who copies it.
    Screen,
}

impl RedirectUri {
    /// Reads what a developer wants to register for an app of this kind:
    ///
    /// - all kinds: `https`; also `http` on `127.0.0.1`, `[::1]` and `localhost`, for development,
    /// - native apps: also a private-use scheme (RFC 8252 §7.1) and the two out-of-band URNs.
    ///
    /// The text is kept exactly as given.
    ///
    /// # Errors
    /// [`RedirectUriError`], whose sentences tell the developer what to change.
    pub fn parse(text: &str, kind: ClientKind) -> Result<Self, RedirectUriError> {
        parse::check(text, kind)?;
        Ok(Self(text.to_owned()))
    }

    /// Takes back what this type wrote to the database, unchecked: it was
    /// parsed when it was registered, and a later, stricter parser must not
    /// break an app that works. Never call it with what a request brought.
    pub fn from_registered(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request may use `asked` where this URI is registered: only if
    /// the bytes are the same (RFC 6749 §3.1.2.3, RFC 9700 §2.1). On loopback
    /// addresses a native app may add, leave out or change the port, which it
    /// does not know before it runs (RFC 8252 §7.3).
    pub fn matches(&self, asked: &str, kind: ClientKind) -> bool {
        asked == self.0 // RFC 6749 §3.1.2.3
            || (kind == ClientKind::Native && self.matches_but_for_port(asked)) // RFC 8252 §7.3
    }

    /// The URI to answer to when a request asks for `asked`, if it matches.
    pub fn admit(&self, asked: &str, kind: ClientKind) -> Option<Self> {
        self.matches(asked, kind).then(|| Self(asked.to_owned()))
    }

    /// Takes the text before and after the port from the *registered* URI, so
    /// that all `asked` can contribute is digits: no user-info, no other host.
    fn matches_but_for_port(&self, asked: &str) -> bool {
        LOOPBACK.iter().any(|head| {
            let Some((_, tail)) = self.0.strip_prefix(head).and_then(cut_port) else {
                return false;
            };
            let middle = asked
                .strip_prefix(head)
                .and_then(|rest| rest.strip_suffix(tail));
            middle.is_some_and(|port| {
                port.is_empty() || port.strip_prefix(':').is_some_and(parts::is_port)
            })
        })
    }

    /// Whether the code is shown to the user instead of sent to the app.
    pub fn is_oob(&self) -> bool {
        OUT_OF_BAND.contains(&self.as_str())
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether this is `http` to an address that cannot leave the device.
    pub fn is_loopback(&self) -> bool {
        LOOPBACK
            .iter()
            .any(|head| self.0.strip_prefix(head).and_then(cut_port).is_some())
    }

    /// What the consent page names as the receiver.
    pub fn target(&self) -> RedirectTarget<'_> {
        if self.is_oob() {
            return RedirectTarget::Screen;
        }
        match self.parts() {
            Some(parts) if parts.is_web() => {
                RedirectTarget::Host(parts.authority.unwrap_or_default())
            }
            Some(parts) => RedirectTarget::Scheme(parts.scheme),
            None => RedirectTarget::Scheme(""),
        }
    }

    /// The source to list in the consent page's `form-action` (browsers apply
    /// it to the redirect after the form): `https://a.example:8443`, or
    /// `com.example.app:`. `None` when nothing is sent anywhere.
    ///
    /// Content Security Policy cannot name an IP address other than 127.0.0.1
    /// (level 3, §2.3.1): those get the scheme alone, the narrowest source that
    /// works at all.
    pub fn csp_source(&self) -> Option<String> {
        if self.is_oob() {
            return None;
        }
        let parts = self.parts()?;
        if parts.is_web() && !parts.is_address_unknown_to_csp() {
            return parts.origin();
        }
        Some(format!("{}:", parts.scheme))
    }

    /// The web origin (RFC 6454 §6.2) whose scripts may call the token
    /// endpoint; `None` where there is none.
    pub fn origin(&self) -> Option<String> {
        self.parts().filter(Parts::is_web)?.origin()
    }

    /// How `asked`, which does not match, almost did: for the request log that
    /// the app's developer reads. Never a reason to accept anything.
    pub fn near_miss(&self, asked: &str) -> Option<NearMiss> {
        near_miss::between(asked, &self.0)
    }

    /// Whether `asked` leads to the same place, so that registering it as well may be what
    /// the developer wants. Never a reason to accept anything.
    pub fn is_near(&self, asked: &str) -> bool {
        near_miss::is_near(asked, &self.0)
    }

    fn parts(&self) -> Option<Parts<'_>> {
        Parts::of(&self.0)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Cuts what follows a host into its port (perhaps empty) and the rest.
/// `None` when the host did not end there.
fn cut_port(rest: &str) -> Option<(&str, &str)> {
    let (port, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let whole = port.is_empty() || port.strip_prefix(':').is_some_and(parts::is_port);
    whole.then_some((port, tail))
}

#[cfg(test)]
mod tests;
