//! What was refused to apps, collected for their owners and written now and then: an error
//! costs no write, and a flood of the same one is a number in one row.
//!
//! Anybody can send requests in an app's name. So what is kept of each cause is bounded by
//! itself: strangers can fill the list of redirects that they made up, and no other.

use crate::app::App;
use grantor_protocol::{authorize::Dead, client::Client, error::Cause, time::Timestamp};
use grantor_store::refusals::{KEPT, Refusal};
use parking_lot::Mutex;
use std::collections::HashMap;

/// A kind of refusal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Refused {
    pub app: i64,
    pub endpoint: &'static str,
    pub cause: &'static str,
    /// The redirect URI or the scope, where that was the trouble; else empty.
    pub received: String,
}

/// How often it happened, since when and until when.
#[derive(Clone, Copy)]
struct Noted {
    times: i64,
    first: Timestamp,
    last: Timestamp,
}

/// Refusals not yet written, by app.
#[derive(Default)]
pub struct RefusalLog(Mutex<HashMap<i64, Kinds>>);

type Kinds = HashMap<Refused, Noted>;

const APPS: usize = 1_000;

/// A redirect that leads somewhere else than all registered ones: nothing that an owner
/// should be talked into registering.
pub const FOREIGN: &str = "RedirectForeign";

/// An app did not take what tells it of a logout.
pub const LOGOUT_UNHEARD: &str = "LogoutUnheard";

/// Asked about a token, an app was answered that it is not active: it was not the app's own.
pub const NOT_RESOURCE_SERVER: &str = "NotResourceServer";

/// The cause under which an unregistered redirect is logged.
pub fn unregistered(client: &Client, received: &str) -> &'static str {
    let near = client.redirect_uris.iter().any(|uri| uri.is_near(received));
    if near {
        Dead::RedirectUnregistered.name()
    } else {
        FOREIGN
    }
}

/// A noted cause, for the owner.
pub struct Known {
    /// The error code that was sent; `None` when nothing was sent to the app.
    pub code: Option<&'static str>,
    /// The message that says what it means: the cause's own name.
    pub message: &'static str,
}

impl Known {
    pub fn parse(name: &str) -> Self {
        let cause = Cause::ALL.iter().find(|cause| cause.name() == name);
        let dead = Dead::ALL.into_iter().find(|dead| dead.name() == name);
        let ours = [LOGOUT_UNHEARD, FOREIGN, NOT_RESOURCE_SERVER]
            .into_iter()
            .find(|it| *it == name);
        let dead = dead.map(Dead::name).or(ours);
        match cause {
            Some(cause) => Self {
                code: Some(cause.code().as_str()),
                message: cause.name(),
            },
            None => Self {
                code: None,
                message: dead.unwrap_or("RefusedOtherwise"),
            },
        }
    }
}

impl RefusalLog {
    fn note(&self, kind: Refused, at: Timestamp) {
        let mut log = self.0.lock();
        if log.len() >= APPS && !log.contains_key(&kind.app) {
            return;
        }
        let kinds = log.entry(kind.app).or_default();
        if let Some(noted) = kinds.get_mut(&kind) {
            noted.times += 1;
            noted.last = noted.last.max(at);
            return;
        }
        let same = |other: &&Refused| (other.endpoint, other.cause) == (kind.endpoint, kind.cause);
        if kinds.keys().filter(same).count() < KEPT as usize {
            let noted = Noted {
                times: 1,
                first: at,
                last: at,
            };
            kinds.insert(kind, noted);
        }
    }

    /// For a database that cannot write now; what was noted meanwhile is added.
    fn put_back(&self, unwritten: impl Iterator<Item = (i64, Kinds)>) {
        let mut log = self.0.lock();
        for (app, earlier) in unwritten {
            let kinds = log.entry(app).or_default();
            for (kind, noted) in earlier {
                let later = kinds.entry(kind).or_insert(Noted { times: 0, ..noted });
                later.times += noted.times;
                later.first = noted.first;
            }
        }
    }
}

impl App {
    /// Notes that a request was refused.
    pub fn note_refusal(&self, kind: Refused, at: Timestamp) {
        self.refusals.note(kind, at);
    }

    /// Writes what was noted.
    pub async fn write_refusals(&self) -> grantor_store::Result<()> {
        let mut log = std::mem::take(&mut *self.refusals.0.lock()).into_iter();
        while let Some((app, kinds)) = log.next() {
            let row = |(kind, noted): (&Refused, &Noted)| Refusal {
                id: self.world.new_id(noted.last),
                app,
                endpoint: kind.endpoint.to_owned(),
                cause: kind.cause.to_owned(),
                received: kind.received.clone(),
                times: noted.times,
                first: noted.first,
                last: noted.last,
            };
            let rows: Vec<_> = kinds.iter().map(row).collect();
            if let Err(error) = self.store.add_refusals(&rows).await {
                self.refusals.put_back(log.chain([(app, kinds)]));
                return Err(error);
            }
        }
        Ok(())
    }
}
