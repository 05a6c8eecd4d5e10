//! Forms that only our own pages can send: a token bound to the browser's session
//! (and, at consent, to the very request), beside the browser's own word on where
//! the form came from.

use crate::{failure::Failure, keys::Keys};
use axum::http::{HeaderMap, header};

/// The hidden field that carries the token.
pub const FIELD: &str = "csrf";

/// The hidden field of a form that is good for one use: by whatever stands there, which every
/// page draws anew.
pub const ONCE: &str = "once";

/// The token for forms of this browser (`binding`: its cookie's text) and this
/// transaction (`""` where any form of the session will do).
pub fn token(keys: &Keys, binding: &str, transaction: &str) -> String {
    keys.sign(&[b"csrf", binding.as_bytes(), transaction.as_bytes()])
}

pub fn check(keys: &Keys, binding: &str, transaction: &str, sent: &str) -> Result<(), Failure> {
    if keys.verify(&[b"csrf", binding.as_bytes(), transaction.as_bytes()], sent) {
        Ok(())
    } else {
        Err(Failure::FormExpired)
    }
}

/// Refuses what a browser says comes from another site. Clients that say nothing
/// are left to the token; `Origin: null` is what our own `no-referrer` makes of a
/// same-origin form.
pub fn check_origin(headers: &HeaderMap, own: &str) -> Result<(), Failure> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let same = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin == own || origin == "null",
        (None, None) => true,
    };
    if same {
        Ok(())
    } else {
        Err(Failure::CrossSite)
    }
}
