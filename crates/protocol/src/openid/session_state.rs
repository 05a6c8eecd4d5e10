//! `session_state` (OpenID Connect Session Management §3.2): by it an app's page sees
//! that the login at this browser has changed, and learns nothing else.

use crate::redirect::RedirectUri;
use aws_lc_rs::digest::{SHA256, digest};

/// What an answer that logs somebody in carries. `browser` is what the browser's readable
/// cookie says; `None`: nothing on the web could compare it.
pub fn session_state(app: i64, to: &RedirectUri, browser: &str, salt: &str) -> Option<String> {
    let origin = to.origin()?; // OpenID Connect Session Management §3.2
    Some(format!(
        "{}.{salt}",
        fingerprint(app, &origin, browser, salt)
    ))
}

/// As `check_session.js` computes it.
fn fingerprint(app: i64, origin: &str, browser: &str, salt: &str) -> String {
    let sum = digest(
        &SHA256,
        format!("{app} {origin} {browser} {salt}").as_bytes(),
    );
    let halves = sum.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = halves.filter_map(|half| char::from_digit(half.into(), 16));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_changes_with_each_of_its_parts() {
        let to = |uri: &str| RedirectUri::from_registered(uri.into());
        let base = session_state(7, &to("https://a.example/cb"), "b", "s").unwrap();
        assert_eq!(
            base,
            "1adf71eafe8dc330cdebfa580d9ca2da4670a5a9b3e7b0b01ebe1143886ff002.s"
        );
        for other in [
            session_state(8, &to("https://a.example/cb"), "b", "s"),
            session_state(7, &to("https://a.example:8443/cb"), "b", "s"),
            session_state(7, &to("https://a.example/cb"), "c", "s"),
            session_state(7, &to("https://a.example/cb"), "b", "t"),
        ] {
            assert_ne!(other.unwrap(), base);
        }
        assert_eq!(session_state(7, &to("com.example.app:/cb"), "b", "s"), None);
    }
}
