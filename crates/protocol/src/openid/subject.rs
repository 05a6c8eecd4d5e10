//! A user's name to an app (OpenID Connect Core §8).

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// The same to every app: the gid.
    #[default]
    Public,
    /// Another one to each sector, so that two of them cannot compare notes.
    Pairwise,
}

/// Makes pairwise subjects and session ids. It has no successor: a new one would make
/// strangers of all users.
pub struct SubjectKey(hmac::Key);

impl SubjectKey {
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The subject of `user`: within `sector` (a host) if there is one (§8.1).
    pub fn subject(&self, user: i64, sector: Option<&str>) -> String {
        match sector {
            None => user.to_string(),
            Some(sector) => self.tag(b"pairwise", user, sector.as_bytes()),
        }
    }

    /// Whether `subject` is what this user is called there.
    pub fn is(&self, subject: &str, user: i64, sector: Option<&str>) -> bool {
        let expected = self.subject(user, sector);
        constant_time::verify_slices_are_equal(expected.as_bytes(), subject.as_bytes()).is_ok()
    }

    /// A session's `sid` to an app: nothing that two apps could compare.
    pub fn sid(&self, session: i64, app: i64) -> String {
        self.tag(b"sid", session, &app.to_be_bytes())
    }

    /// A number of 53 bits that belongs to this text alone, and that nobody else can know.
    pub fn lot(&self, text: &str) -> i64 {
        let mut message = hmac::Context::with_key(&self.0);
        message.update(b"\x03lot");
        message.update(text.as_bytes());
        let first = message.sign().as_ref()[..8].try_into().unwrap_or_default();
        (u64::from_be_bytes(first) >> 11) as i64
    }

    fn tag(&self, purpose: &[u8], id: i64, context: &[u8]) -> String {
        let mut message = hmac::Context::with_key(&self.0);
        message.update(&[purpose.len() as u8]);
        message.update(purpose);
        message.update(&id.to_be_bytes());
        message.update(context);
        BASE64_URL_SAFE_NO_PAD.encode(&message.sign().as_ref()[..24])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pairwise_subject_says_nothing_outside_its_sector() {
        let key = SubjectKey::new(&[1; 32]);
        assert_eq!(key.subject(7, None), "7");
        let here = key.subject(7, Some("a.example"));
        assert_eq!(here, key.subject(7, Some("a.example")));
        assert_ne!(here, key.subject(7, Some("b.example")));
        assert_ne!(here, key.subject(8, Some("a.example")));
        assert_ne!(
            here,
            SubjectKey::new(&[2; 32]).subject(7, Some("a.example"))
        );
        assert!(key.is(&here, 7, Some("a.example")) && !key.is(&here, 8, Some("a.example")));
        assert!(!key.is("7", 7, Some("a.example")));
        assert_ne!(key.sid(7, 1), key.sid(7, 2));
    }
}
