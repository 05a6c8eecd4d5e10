//! What was refused to apps, collected for their owners and written now and then:
//! an error costs no write, and a flood of them costs no more than a few rows.

use crate::app::App;
use grantor_protocol::{authorize::Dead, error::Cause, time::Timestamp};
use grantor_store::refusals::Refusal;
use parking_lot::Mutex;
use std::collections::HashMap;

/// Refusals not yet written, by app.
#[derive(Default)]
pub struct RefusalLog(Mutex<HashMap<i64, Vec<Refusal>>>);

const APPS: usize = 1_000;
const EACH: usize = 20;

/// What a noted cause means, for the owner.
pub struct Known {
    /// The error code that was sent; `None` when nothing was sent to the app.
    pub code: Option<&'static str>,
    pub sentence: &'static str,
}

impl Known {
    pub fn parse(name: &str) -> Self {
        let cause = Cause::ALL.iter().find(|cause| cause.name() == name);
        let dead = Dead::ALL.into_iter().find(|dead| dead.name() == name);
        match (cause, dead) {
            (Some(cause), _) => Self {
                code: Some(cause.code().as_str()),
                sentence: cause.description(),
            },
            (None, Some(dead)) => Self {
                code: None,
                sentence: in_the_log(dead),
            },
            (None, None) => Self {
                code: None,
                sentence: "Refused for a reason that this version does not know.",
            },
        }
    }
}

/// What the browser was told, in words for the app's owner.
fn in_the_log(dead: Dead) -> &'static str {
    match dead {
        Dead::RedirectUnregistered => "The redirect URL is not registered for this app.",
        Dead::RedirectMissing => {
            "The request did not say where to return to: redirect_uri is missing."
        }
        other => other.sentence(),
    }
}

impl App {
    /// Notes that a request of `app` was refused. `received`: the redirect URI, where
    /// that was the trouble.
    pub fn note_refusal(
        &self,
        app: i64,
        endpoint: &str,
        cause: &str,
        received: String,
        at: Timestamp,
    ) {
        let mut log = self.refusals.0.lock();
        if log.len() >= APPS && !log.contains_key(&app) {
            return;
        }
        let lines = log.entry(app).or_default();
        if lines.len() < EACH {
            let (endpoint, cause) = (endpoint.to_owned(), cause.to_owned());
            lines.push(Refusal {
                id: self.world.new_id(at),
                app,
                at,
                endpoint,
                cause,
                detail: received,
            });
        }
    }

    /// Writes what was noted.
    pub async fn write_refusals(&self) -> grantor_store::Result<()> {
        let mut log = std::mem::take(&mut *self.refusals.0.lock()).into_iter();
        while let Some((app, lines)) = log.next() {
            if let Err(error) = self.store.add_refusals(&lines).await {
                // For the next time, before what was noted meanwhile.
                let mut noted = self.refusals.0.lock();
                for (app, mut lines) in log.chain([(app, lines)]) {
                    let later = noted.entry(app).or_default();
                    lines.append(later);
                    lines.truncate(EACH);
                    *later = lines;
                }
                return Err(error);
            }
        }
        Ok(())
    }
}
