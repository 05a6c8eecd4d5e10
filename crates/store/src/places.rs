//! From where a user has signed in, so that she is told when it is from somewhere new.

use crate::{engine::Batch, sessions::NewSession, statement::statements};
use grantor_protocol::{
    secret::Digest,
    time::{Millis, Timestamp},
};
use std::net::IpAddr;

statements! {
    NOTE = "INSERT INTO places (user_id, place, first_at, last_at) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT (user_id, place) DO UPDATE SET last_at = excluded.last_at";
}

/// After so long without a sign-in from there a place is new again.
pub(crate) const REMEMBERED: Millis = Millis::days(400);

impl Batch {
    pub(crate) fn note_place(self, session: &NewSession, now: Timestamp) -> Self {
        let place = place(&session.address, &session.user_agent);
        self.run(&NOTE, crate::params![session.user, place, now])
    }
}

/// The provider's network, roughly, and the browser without its versions: neither a new
/// address at home nor an update is another place.
fn place(address: &str, user_agent: &str) -> Digest {
    let network = match address.parse() {
        Ok(IpAddr::V4(address)) => address.octets()[..2].to_vec(),
        Ok(IpAddr::V6(address)) => address.octets()[..4].to_vec(),
        Err(_) => address.as_bytes().to_vec(),
    };
    let browser = user_agent.bytes().filter(|byte| !byte.is_ascii_digit());
    let place: Vec<u8> = network.into_iter().chain([0]).chain(browser).collect();
    Digest::of(&place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_or_a_neighbouring_address_is_no_other_place() {
        let at = |address, version: &str, system: &str| {
            let browser = format!("Mozilla/5.0 ({system}; rv:{version}) Firefox/{version}");
            *place(address, &browser).as_bytes()
        };
        let home = at("203.0.113.7", "140.0", "X11; Linux x86_64");
        assert_eq!(home, at("203.0.9.1", "141.0", "X11; Linux x86_64"));
        assert_ne!(home, at("198.51.100.1", "140.0", "X11; Linux x86_64"));
        assert_ne!(home, at("203.0.113.7", "140.0", "Windows NT 10.0"));
        let six = at("2001:db8:1::1", "140.0", "X11");
        assert_eq!(six, at("2001:db8:2:3::4", "140.0", "X11"));
        assert_ne!(six, at("2001:db9::1", "140.0", "X11"));
    }
}
