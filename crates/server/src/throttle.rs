//! Limits against guessing. Counters stand in the database, so every node counts the
//! same; what this node knows to be blocked, it refuses without asking.

use crate::{app::App, client_address, context::Context, failure::Failure};
use grantor_protocol::{
    error::{Cause, ErrorCode},
    time::{Millis, Timestamp},
};
use grantor_store::throttles::Hits;
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A limit: so many in a window, and then nothing until the window ends.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: &'static str,
    most: i64,
    window: Millis,
}

const LOGIN_ACCOUNT_AND_ADDRESS: Limit = Limit {
    name: "login",
    most: 10,
    window: Millis::minutes(10),
};
const LOGIN_ADDRESS: Limit = Limit {
    name: "login-address",
    most: 50,
    window: Millis::minutes(10),
};
/// Soft: an account under attack from everywhere is slowed, never locked.
const LOGIN_ACCOUNT: Limit = Limit {
    name: "login-account",
    most: 100,
    window: Millis::minutes(10),
};
/// Soft as well: refused logins of all accounts from everywhere, on all nodes. Nobody's
/// users mistype so often; a spray from a hundred thousand addresses does.
const LOGIN_EVERYWHERE: Limit = Limit {
    name: "login-everywhere",
    most: 20_000,
    window: Millis::minutes(10),
};
/// What each login waits then, and each to an account under attack.
const SLOWED: Duration = Duration::from_secs(1);
/// Guesses at a second factor, by whoever has the first; and, since a guess at a code hits
/// once in 300,000 times, by day.
const SECOND_FACTOR: Limit = Limit {
    name: "second-factor",
    most: 10,
    window: Millis::minutes(10),
};
const SECOND_FACTOR_DAY: Limit = Limit {
    name: "second-factor-day",
    most: 100,
    window: Millis::days(1),
};
pub const SIGN_UP: Limit = Limit {
    name: "sign-up",
    most: 20,
    window: Millis::hours(1),
};
/// New passwords that are scored, by address.
pub const PASSWORD_CHOICES: Limit = Limit {
    name: "password-choice",
    most: 100,
    window: Millis::hours(1),
};
/// Accounts asked for by mail, of one address: more are not mailed, and nobody is told so.
pub const SIGN_UP_MAILS: Limit = Limit {
    name: "sign-up-mail",
    most: 5,
    window: Millis::hours(1),
};
/// Mails that one user has sent to an address which nobody knows to be hers.
pub const MAILS: Limit = Limit {
    name: "mail",
    most: 5,
    window: Millis::hours(1),
};
/// Resets asked for from one address.
pub const RESETS: Limit = Limit {
    name: "reset-address",
    most: 20,
    window: Millis::hours(1),
};
/// Resets of one account: more are not mailed, and nobody is told so.
pub const RESETS_OF_ACCOUNT: Limit = Limit {
    name: "reset-account",
    most: 5,
    window: Millis::hours(1),
};
/// Logins that set out for elsewhere.
pub const JOURNEYS: Limit = Limit {
    name: "journey",
    most: 300,
    window: Millis::minutes(10),
};
const CLIENT_ERRORS: Limit = Limit {
    name: "client",
    most: 60,
    window: Millis::minutes(1),
};
/// Soft: that a grant has ended, an app is told however often it asks.
const GRANT_ERRORS: Limit = Limit {
    name: "grant",
    most: 60,
    window: Millis::minutes(1),
};
/// Tokens that an app asks about and may know nothing of; by app.
pub const INTROSPECTION_MISSES: Limit = Limit {
    name: "introspect",
    most: 600,
    window: Millis::minutes(1),
};
pub const INSPECTIONS: Limit = Limit {
    name: "inspect",
    most: 120,
    window: Millis::minutes(1),
};
pub const CONSOLE_WRITES: Limit = Limit {
    name: "console",
    most: 60,
    window: Millis::minutes(10),
};

pub const REGISTRATIONS: Limit = Limit {
    name: "register",
    most: 20,
    window: Millis::hours(1),
};
/// With a token, which counts its uses itself, but not its failures.
pub const REGISTRATIONS_BY_TOKEN: Limit = Limit {
    name: "register-token",
    most: 1000,
    window: Millis::hours(1),
};

/// Requests of a directory, by the administrator whose token it has.
pub const SCIM: Limit = Limit {
    name: "scim",
    most: 6000,
    window: Millis::minutes(10),
};

/// Every limit, and the message that says who is counted.
const LIMITS: [(Limit, &str); 21] = [
    (LOGIN_ACCOUNT_AND_ADDRESS, "limit-login"),
    (LOGIN_ADDRESS, "limit-login-address"),
    (LOGIN_ACCOUNT, "limit-login-account"),
    (LOGIN_EVERYWHERE, "limit-login-everywhere"),
    (SECOND_FACTOR, "limit-second-factor"),
    (SECOND_FACTOR_DAY, "limit-second-factor-day"),
    (SIGN_UP, "limit-sign-up"),
    (PASSWORD_CHOICES, "limit-password-choice"),
    (SIGN_UP_MAILS, "limit-sign-up-mail"),
    (MAILS, "limit-mail"),
    (RESETS, "limit-reset-address"),
    (RESETS_OF_ACCOUNT, "limit-reset-account"),
    (JOURNEYS, "limit-journey"),
    (CLIENT_ERRORS, "limit-client"),
    (GRANT_ERRORS, "limit-grant"),
    (INTROSPECTION_MISSES, "limit-introspect"),
    (INSPECTIONS, "limit-inspect"),
    (CONSOLE_WRITES, "limit-console"),
    (REGISTRATIONS, "limit-register"),
    (REGISTRATIONS_BY_TOKEN, "limit-register-token"),
    (SCIM, "limit-scim"),
];

/// What this node knows to be over its limit, until when.
#[derive(Default)]
pub struct Throttle {
    blocked: Mutex<HashMap<String, Timestamp>>,
    /// How often somebody had been let go on when that was last true.
    lifted: AtomicU64,
}

/// A counter over its limit.
#[derive(Clone, Debug)]
pub struct Blocked {
    pub key: String,
    /// What is counted, as a message.
    pub what: &'static str,
    /// Of whom: an address, an account, an app.
    pub who: String,
    pub hits: i64,
    pub most: i64,
    pub until: Timestamp,
}

/// More blocks than this are kept by the database alone.
const KNOWN: usize = 100_000;

impl Throttle {
    fn check(&self, key: &str, now: Timestamp) -> Result<(), Failure> {
        match self.blocked.lock().get(key) {
            Some(until) if now < *until => Err(throttled(*until, now)),
            _ => Ok(()),
        }
    }

    /// Forgets all when somebody was let go on, at whichever node.
    fn heed(&self, lifted: u64) {
        if self.lifted.swap(lifted, Ordering::AcqRel) != lifted {
            self.blocked.lock().clear();
        }
    }

    fn block(&self, key: String, until: Timestamp, now: Timestamp) {
        let mut blocked = self.blocked.lock();
        if blocked.len() >= KNOWN {
            blocked.retain(|_, until| now < *until);
        }
        if blocked.len() < KNOWN {
            blocked.insert(key, until);
        }
    }
}

fn everywhere() -> String {
    format!("{}:", LOGIN_EVERYWHERE.name)
}

fn throttled(until: Timestamp, now: Timestamp) -> Failure {
    let left = (until - now).0.max(1) as u64;
    Failure::Throttled(left.div_ceil(1000))
}

impl App {
    /// Counts one more against `limit` for `who`; refuses when there were too many.
    pub async fn count(&self, limit: Limit, who: &str, now: Timestamp) -> Result<(), Failure> {
        if !self.config.sign_in.throttling {
            return Ok(());
        }
        let key = format!("{}:{who}", limit.name);
        self.throttle.heed(self.store.memory().throttles_lifted());
        self.throttle.check(&key, now)?;
        let Hits { count, resets } = self.store.hit(&key, limit.window, now).await?;
        if count > limit.most {
            self.throttle.block(key, resets, now);
            return Err(throttled(resets, now));
        }
        Ok(())
    }

    /// Who is blocked now, as far as the database knows; at most a thousand.
    pub async fn blocked(&self, now: Timestamp) -> Result<Vec<Blocked>, Failure> {
        let least = LIMITS.iter().map(|(limit, _)| limit.most).min();
        let counters = self.store.counters(least.unwrap_or(0), now).await?;
        let over = |(key, hits): (String, Hits)| {
            let (name, who) = key.split_once(':')?;
            let (limit, what) = LIMITS.iter().find(|(limit, _)| limit.name == name)?;
            let who = who.to_owned();
            (hits.count > limit.most).then_some(Blocked {
                key,
                what,
                who,
                hits: hits.count,
                most: limit.most,
                until: hits.resets,
            })
        };
        Ok(counters.into_iter().filter_map(over).collect())
    }

    /// Counts a login before the password is looked at, by all three keys.
    pub async fn count_login(&self, context: &Context, email_key: &str) -> Result<(), Failure> {
        let address = client_address::prefix(context.address);
        self.count(LOGIN_ADDRESS, &address.to_string(), context.now)
            .await?;
        self.count(
            LOGIN_ACCOUNT_AND_ADDRESS,
            &format!("{email_key} {address}"),
            context.now,
        )
        .await?;
        self.count_softly(LOGIN_ACCOUNT, email_key, context.now)
            .await?;
        let everywhere = self.throttle.check(&everywhere(), context.now);
        if everywhere.is_err() {
            tokio::time::sleep(SLOWED).await;
        }
        Ok(())
    }

    /// As [`App::count`]; but who is over the limit waits, and goes on.
    async fn count_softly(&self, limit: Limit, who: &str, now: Timestamp) -> Result<(), Failure> {
        match self.count(limit, who, now).await {
            Err(Failure::Throttled(_)) => tokio::time::sleep(SLOWED).await,
            counted => counted?,
        }
        Ok(())
    }

    /// Counts a login that was refused, whoever's it was.
    pub async fn count_refused_login(&self, now: Timestamp) -> Result<(), Failure> {
        match self.count(LOGIN_EVERYWHERE, "", now).await {
            Err(Failure::Throttled(_)) => Ok(()),
            counted => counted,
        }
    }

    /// Counts what an app that proved nothing is refused for. `invalid_grant` is never hidden
    /// behind another answer: it is by this that the app learns to ask its user again.
    pub async fn count_token_error(
        &self,
        cause: Cause,
        who: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        match cause.code() {
            ErrorCode::InvalidGrant => self.count_softly(GRANT_ERRORS, who, now).await,
            _ => self.count(CLIENT_ERRORS, who, now).await,
        }
    }

    /// The right password ends the suspicion against this account from this address.
    pub async fn forgive_login(&self, context: &Context, email_key: &str) -> Result<(), Failure> {
        let address = client_address::prefix(context.address);
        let key = format!("{}:{email_key} {address}", LOGIN_ACCOUNT_AND_ADDRESS.name);
        Ok(self.store.clear_hits(&key).await?)
    }

    /// Counts an answer of a passkey before it is looked at: by address, since whose it is
    /// it only says.
    pub async fn count_passkey(&self, context: &Context) -> Result<(), Failure> {
        let address = client_address::prefix(context.address).to_string();
        self.count(LOGIN_ADDRESS, &address, context.now).await
    }

    /// Counts a code before it is looked at, wherever it is typed.
    pub async fn count_second_factor(&self, user: i64, now: Timestamp) -> Result<(), Failure> {
        let user = user.to_string();
        self.count(SECOND_FACTOR, &user, now).await?;
        self.count(SECOND_FACTOR_DAY, &user, now).await
    }

    pub async fn forgive_second_factor(&self, user: i64) -> Result<(), Failure> {
        let key = format!("{}:{user}", SECOND_FACTOR.name);
        Ok(self.store.clear_hits(&key).await?)
    }
}
