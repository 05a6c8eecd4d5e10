//! Recovery codes: shown once, written down, each good for one login.

use crate::app::App;
use grantor_protocol::{digits::folded, secret::Digest, time::Timestamp};
use grantor_store::recovery::NewRecoveryCode;

const COUNT: usize = 10;
/// Without what is read as something else. 32 of them: each digit is five bits.
const DIGITS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz1";
/// 80 bits.
const LENGTH: usize = 16;

/// Ten new codes of a user, and what is stored of them.
pub fn mint(app: &App, user: i64, now: Timestamp) -> (Vec<String>, Vec<NewRecoveryCode>) {
    let make = |_| {
        let random = app.world.random::<LENGTH>();
        let digits = random.map(|byte| DIGITS[usize::from(byte) % DIGITS.len()] as char);
        let text: String = digits.iter().collect();
        let new = NewRecoveryCode {
            id: app.world.new_id(now),
            digest: digest(user, &text),
        };
        (shown(&text), new)
    };
    (0..COUNT).map(make).unzip()
}

/// In groups of four.
fn shown(text: &str) -> String {
    let groups: Vec<_> = text
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect();
    groups.join("-")
}

/// What was typed, if it can be a code: its digest for this user.
pub fn read(user: i64, typed: &str) -> Option<Digest> {
    let text: String = folded(typed)
        .chars()
        .filter(|it| !it.is_whitespace() && *it != '-')
        .map(|it| it.to_ascii_lowercase())
        .collect();
    let known = text.bytes().all(|byte| DIGITS.contains(&byte));
    (text.len() == LENGTH && known).then(|| digest(user, &text))
}

fn digest(user: i64, text: &str) -> Digest {
    Digest::of(format!("recovery-code:{user}:{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = "abcd-efgh-jkmn-2345";
        let is_it = |user, typed| {
            read(user, typed).is_some_and(|it| it.proves(&digest(7, "abcdefghjkmn2345")))
        };
        for typed in [
            code,
            "ABCDEFGHJKMN2345",
            " abcd efgh jkmn 2345 ",
            "abcd-efgh-jkmn-٢٣٤٥",
        ] {
            assert!(is_it(7, typed), "{typed}");
        }
        assert!(!is_it(8, code), "of another user it is another");
        for wrong in ["", "123456", "abcd-efgh-jkmn-234", "abcd-efgh-jkmn-234o"] {
            assert!(read(7, wrong).is_none(), "{wrong}");
        }
    }
}
