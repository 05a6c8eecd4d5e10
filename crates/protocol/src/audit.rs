//! The chain that holds the audit log together: what a link vouches for, and what is
//! wrong with a chain.
//!
//! The digest of a link is SHA-256 over the digest of the link before (32 zero bytes before
//! the first) and the event. So a link vouches for all events up to its own. Now and then a
//! link is sealed with a MAC under a key that the database alone cannot use.

use crate::{secret::Digest, time::Timestamp};

/// All that is remembered of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: i64,
    pub at: Timestamp,
    pub kind: String,
    /// Whom it concerns, and who did it.
    pub user: Option<i64>,
    pub actor: Option<i64>,
    pub app: Option<i64>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub detail: String,
}

/// The place of an event in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub seq: i64,
    pub event: i64,
    pub digest: Sum,
    /// The MAC, where the link has one.
    pub seal: Option<Vec<u8>>,
}

/// The digest of a link.
pub type Sum = [u8; 32];

/// What comes before the first link.
pub const NOTHING: Sum = [0; 32];

/// The digest of the link for `event` after a link with the digest `before`.
pub fn digest(before: &Sum, event: &Recorded) -> Sum {
    let number = |number: i64| Some(number.to_string());
    let fields = [
        number(event.id),
        number(event.at.0),
        Some(event.kind.clone()),
        event.user.and_then(number),
        event.actor.and_then(number),
        event.app.and_then(number),
        event.address.clone(),
        event.request_id.clone(),
        Some(event.detail.clone()),
    ];
    let mut text = String::new();
    for field in fields {
        // Lengths first: no two events look alike.
        match field {
            Some(field) => text.push_str(&format!("{}:{field},", field.len())),
            None => text.push_str("-,"),
        }
    }
    *Digest::of(&[&before[..], text.as_bytes()].concat()).as_bytes()
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    #[error("event {event} (link {seq}) was changed after it was sealed, or its link was")]
    Changed { seq: i64, event: i64 },
    #[error("event {event} (link {seq}) was removed")]
    Removed { seq: i64, event: i64 },
    #[error("the links from {from} to {to} were removed")]
    Gap { from: i64, to: i64 },
    #[error("the seal of link {seq} is not ours: something from link {from} on was rewritten")]
    Forged { from: i64, seq: i64 },
    #[error("link {seq} is not the last that was sealed: the end of the log was removed")]
    Torn { seq: i64 },
    #[error(
        "event {event} of {at} was never sealed: it was inserted later, or comes from a machine \
         whose clock is wrong"
    )]
    Inserted { event: i64, at: String },
    #[error("the log ends at link {last}, but link {sent} was sent to the {stream} before")]
    Shortened {
        last: i64,
        sent: i64,
        stream: String,
    },
}

/// A walk along a chain, link by link.
#[derive(Default)]
pub struct Walk {
    last: Option<(i64, Sum)>,
    /// Whether the last link is sealed, and after which one seals are still to come.
    sealed: bool,
    since_seal: i64,
    /// Links whose events were there and fit.
    pub good: u64,
    /// Links at the beginning whose events are gone with their time.
    pub swept: u64,
}

impl Walk {
    /// Looks at the next link and its event; `seals`: whether a seal is ours.
    pub fn next(
        &mut self,
        (link, event): (&Link, Option<&Recorded>),
        seals: impl Fn(&Link, &[u8]) -> bool,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        let (seq, id) = (link.seq, link.event);
        let before = self.last.replace((seq, link.digest));
        let follows = before.as_ref().is_none_or(|(last, _)| *last + 1 == seq);
        if let Some((last, _)) = &before
            && !follows
        {
            found.push(Finding::Gap {
                from: *last + 1,
                to: seq - 1,
            });
        }
        match (event, before) {
            (None, _) if self.good == 0 && found.is_empty() => self.swept += 1,
            (None, _) => found.push(Finding::Removed { seq, event: id }),
            (Some(event), before) => {
                let known = match before {
                    Some((_, digest)) if follows => Some(digest),
                    None if seq == 1 => Some(NOTHING),
                    // What came before is not there to tell.
                    _ => None,
                };
                let fits = known.is_none_or(|before| digest(&before, event) == link.digest);
                match fits && event.id == id {
                    true => self.good += 1,
                    false => found.push(Finding::Changed { seq, event: id }),
                }
            }
        }
        self.sealed = link.seal.is_some();
        if let Some(seal) = &link.seal {
            if !seals(link, seal) {
                let from = self.since_seal + 1;
                found.push(Finding::Forged { from, seq });
            }
            self.since_seal = seq;
        }
        found
    }

    /// The last link, and what is wrong with the end.
    pub fn end(&self) -> (Option<(i64, &Sum)>, Option<Finding>) {
        let last = self.last.as_ref().map(|(seq, digest)| (*seq, digest));
        let torn = last.filter(|_| !self.sealed);
        (last, torn.map(|(seq, _)| Finding::Torn { seq }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64) -> Recorded {
        Recorded {
            id,
            at: Timestamp(1_795_608_000_000),
            kind: "app.created".into(),
            user: Some(7),
            actor: None,
            app: Some(8),
            address: Some("192.0.2.7".into()),
            request_id: None,
            detail: "Clock".into(),
        }
    }

    fn chain(length: i64) -> Vec<(Link, Option<Recorded>)> {
        let mut before = NOTHING;
        let mut links = Vec::new();
        for seq in 1..=length {
            let event = event(100 + seq);
            before = digest(&before, &event);
            let seal = (seq % 2 == 0).then(|| b"ours".to_vec());
            let link = Link {
                seq,
                event: event.id,
                digest: before,
                seal,
            };
            links.push((link, Some(event)));
        }
        links
    }

    fn walk(links: &[(Link, Option<Recorded>)]) -> (Walk, Vec<Finding>) {
        let (mut walk, mut found) = (Walk::default(), Vec::new());
        for (link, event) in links {
            found.extend(walk.next((link, event.as_ref()), |_, seal| seal == b"ours"));
        }
        found.extend(walk.end().1);
        (walk, found)
    }

    /// Anybody can reckon it from an exported line: `printf '…' | sha256sum`.
    #[test]
    fn a_digest_by_hand() {
        let text = "3:101,13:1795608000000,11:app.created,1:7,-,1:8,9:192.0.2.7,-,5:Clock,";
        let whole = [&[0; 32][..], text.as_bytes()].concat();
        assert_eq!(
            &digest(&NOTHING, &event(101)),
            Digest::of(&whole).as_bytes()
        );
    }

    #[test]
    fn a_whole_chain_is_good() {
        let (walk, found) = walk(&chain(6));
        assert_eq!((walk.good, walk.swept, found), (6, 0, vec![]));
    }

    #[test]
    fn every_change_of_an_event_is_found_where_it_is() {
        let changes: [fn(&mut Recorded); 9] = [
            |it| it.id += 1,
            |it| it.at = Timestamp(it.at.0 + 1),
            |it| it.kind.push('x'),
            |it| it.user = None,
            |it| it.actor = Some(7),
            |it| it.app = Some(9),
            |it| it.address = None,
            |it| it.request_id = Some(String::new()),
            |it| it.detail.clear(),
        ];
        for change in changes {
            let mut links = chain(6);
            change(links[2].1.as_mut().unwrap());
            assert_eq!(walk(&links).1, [Finding::Changed { seq: 3, event: 103 }]);
        }
    }

    #[test]
    fn what_is_removed_is_missed() {
        let mut links = chain(6);
        links[3].1 = None;
        assert_eq!(walk(&links).1, [Finding::Removed { seq: 4, event: 104 }]);
        let mut links = chain(6);
        links.drain(2..4);
        assert_eq!(walk(&links).1, [Finding::Gap { from: 3, to: 4 }]);
        let mut links = chain(6);
        links.pop();
        assert_eq!(walk(&links).1, [Finding::Torn { seq: 5 }]);
    }

    /// Whoever can reckon digests, but not seals.
    #[test]
    fn a_chain_that_was_made_anew_has_the_wrong_seals() {
        let mut links = chain(6);
        links[2].1.as_mut().unwrap().detail = "another".into();
        let mut before = links[1].0.digest;
        for (link, event) in &mut links[2..] {
            link.digest = digest(&before, event.as_ref().unwrap());
            link.seal = link.seal.as_ref().map(|_| b"mine".to_vec());
            before = link.digest;
        }
        let forged = |from, seq| Finding::Forged { from, seq };
        assert_eq!(walk(&links).1, [forged(3, 4), forged(5, 6)]);
    }

    #[test]
    fn what_went_with_its_time_leaves_the_rest_whole() {
        let mut links = chain(6);
        links.drain(..2);
        links[0].1 = None;
        let (walk, found) = walk(&links);
        assert_eq!((walk.good, walk.swept, found), (3, 1, vec![]));
    }
}
