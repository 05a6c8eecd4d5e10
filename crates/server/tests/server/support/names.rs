//! Readable names for what differs in every run. Each hides a value only after
//! looking at it: a `[code]` is a well-formed code of this server.

use super::{NOON, Site};
use grantor_protocol::{access, secret::Kind};
use std::{collections::BTreeMap, sync::Mutex};

/// Who has which public number.
#[derive(Default)]
pub struct Names(Mutex<BTreeMap<String, String>>);

impl Names {
    pub fn learn(&self, id: i64, name: &str) {
        let mut names = self.0.lock().unwrap();
        names.insert(id.to_string(), name.to_owned());
    }

    fn find(&self, digits: &str) -> Option<String> {
        self.0.lock().unwrap().get(digits).cloned()
    }
}

impl Site {
    /// The text with every secret and number replaced by its name.
    pub fn redact(&self, text: &str) -> String {
        let text = self.redact_asked(text);
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(is_word) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            out.push_str(&self.redact_word(&rest[..end]));
            rest = &rest[end..];
        }
        out + rest
    }

    fn redact_word(&self, word: &str) -> String {
        if word.starts_with("gr_") {
            return self.redact_secret(word);
        }
        let number = word.len() >= 13 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !number {
            return word.to_owned();
        }
        if let Some(name) = self.names.find(word) {
            return format!("[{name}]");
        }
        let id: i64 = word.parse().unwrap();
        // Row ids carry their time: of this test, or it is no row id.
        let at = (id >> 22) + 1_735_689_600_000;
        let days = (at - NOON.0) / 86_400_000;
        assert!((0..400).contains(&days), "what is the number {word}?");
        "[id]".to_owned()
    }

    fn redact_secret(&self, word: &str) -> String {
        let keys = self.app.keys.now();
        if access::looks_like_one(word) {
            let token = access::unseal(word, |number| keys.unsealing(number));
            assert!(token.is_some(), "an access token that does not open");
            return "[access token]".to_owned();
        }
        let presented = keys.format.parse(word);
        let kind = presented
            .unwrap_or_else(|| panic!("{word} is no secret of this server"))
            .kind;
        let name = match kind {
            Kind::Code => "code",
            Kind::Access => "access token",
            Kind::Refresh => "refresh token",
            Kind::PersonalAccess => "personal access token",
            Kind::ClientSecret => "client secret",
            Kind::Session => "session",
            Kind::SetUp => "set-up link",
            Kind::VerifyAddress
            | Kind::ChangeAddress
            | Kind::RestoreAddress
            | Kind::ResetPassword => "link",
            Kind::InitialAccess => "initial access token",
            Kind::Registration => "registration access token",
            Kind::Journey => "journey",
        };
        format!("[{name}]")
    }

    /// `asked_login=<milliseconds>.<tag>`, of the last hour.
    fn redact_asked(&self, text: &str) -> String {
        const ASKED: &str = "asked_login=";
        let Some((before, after)) = text.split_once(ASKED) else {
            return text.to_owned();
        };
        let end = after.find(|c| !is_word(c) && c != '.');
        let (value, rest) = after.split_at(end.unwrap_or(after.len()));
        let (at, tag) = value.split_once('.').unwrap();
        let age = self.world.now().0 - at.parse::<i64>().unwrap();
        assert!((0..3_600_000).contains(&age) && tag.len() == 32, "{value}");
        format!("{before}{ASKED}[signed]{}", self.redact_asked(rest))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}
