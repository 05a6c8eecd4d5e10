//! Passwords: which ones are good enough, and hashing them on threads of their own.
//! Argon2id is slow and large by intent, so it runs beside the I/O threads, a bounded
//! number at a time, and a storm of logins is answered "busy" instead of taking the memory.

mod argon;
pub mod breached;
mod pool;
mod rules;
mod stored;

use crate::{app::App, failure::Failure};
use argon::Memory;
use pool::Pool;
use std::sync::Arc;
use stored::Stored;
use zeroize::Zeroizing;

pub use rules::{Chosen, Refused, Rules};
pub use stored::{HashError, check_hash};

pub const MIN_CHARACTERS: usize = 8;
pub const MAX_CHARACTERS: usize = 128;
const QUEUE: usize = 64;

/// A password as its user typed it, of a length worth hashing. Whether a new one is good
/// enough, [`Rules`] say.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    Empty,
    TooLong,
}

impl Password {
    /// One from elsewhere may be shorter than ours have to be.
    pub fn new(text: String) -> Result<Self, PasswordError> {
        let text = Zeroizing::new(text);
        // One more than the maximum is enough to know: never walk a megabyte.
        match text.chars().take(MAX_CHARACTERS + 1).count() {
            0 => Err(PasswordError::Empty),
            1..=MAX_CHARACTERS => Ok(Self(text)),
            _ => Err(PasswordError::TooLong),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    Match,
    /// Right, but not hashed as new ones are: hash it again now, while the password is at
    /// hand.
    MatchNeedsRehash,
    Mismatch,
}

/// Too many are waiting: answer 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Busy;

/// Clones share the threads, which end with the last of them.
#[derive(Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
    rules: Arc<Rules>,
}

impl Passwords {
    /// Each thread can hash about 45 passwords a second and holds 19 MiB
    /// while it has work; more for a moment where a hash from elsewhere takes it.
    pub fn new(threads: usize, rules: Rules) -> std::io::Result<Self> {
        Ok(Self {
            pool: Pool::start(threads, QUEUE)?.into(),
            rules: rules.into(),
        })
    }

    /// One thread for two cores, so that logins leave room for tokens.
    pub fn default_threads() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        (cores / 2).max(1)
    }

    /// A new password of somebody of whom `about` is known: the one way to a [`Chosen`].
    pub async fn choose(
        &self,
        text: String,
        about: &[&str],
    ) -> Result<Result<Chosen, Refused>, Busy> {
        let about: Vec<String> = about.iter().map(|&text| text.to_owned()).collect();
        let (rules, text) = (self.rules.clone(), Zeroizing::new(text));
        // What needs no thread, waits for none: a megabyte costs nothing.
        let password = match Rules::check_length(&text) {
            Ok(password) => password,
            Err(refused) => return Ok(Err(refused)),
        };
        self.pool.run(move |_| rules.check(password, &about)).await
    }

    /// The PHC string to store. `salt` comes from `World::random`.
    pub async fn hash(&self, password: Chosen, salt: [u8; 16]) -> Result<String, Busy> {
        self.rehash(password.into_password(), salt).await
    }

    /// The same for a password that was just proved to be the present one, whatever the
    /// rules say of it by now.
    pub async fn rehash(&self, password: Password, salt: [u8; 16]) -> Result<String, Busy> {
        let hash = move |memory: &mut Memory| argon::hash(memory, &password, &salt);
        self.pool.run(hash).await
    }

    /// Compares with the stored hash. Where there is none, the work of a new hash is done.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verification, Busy> {
        let check = move |memory: &mut Memory| match stored.as_deref().and_then(Stored::read) {
            Some(stored) => stored.check(&password, memory),
            None => {
                memory.digest(&password, &[0; 16]);
                Verification::Mismatch
            }
        };
        self.pool.run(check).await
    }

    /// How many are waiting for a thread, for the metrics.
    pub fn queued(&self) -> usize {
        self.pool.queued()
    }
}

impl App {
    /// Checks the password of a login. Where the account has none, or there is no account,
    /// it is compared in vain with somebody's whom a lot by the address picks: hashes from
    /// elsewhere take other times than ours, and so do, as often, addresses without one.
    pub async fn verify_login(
        &self,
        password: Password,
        stored: Option<String>,
        email_key: &str,
    ) -> Result<Verification, Failure> {
        // Asked for everybody, so that asking tells nothing.
        let lot = self.keys.now().subjects.lot(email_key);
        let somebodys = self.store.password_near(lot).await?;
        let in_vain = stored.is_none();
        let verified = self.passwords.verify(password, stored.or(somebodys));
        match verified.await.map_err(|_| Failure::Busy)? {
            _ if in_vain => Ok(Verification::Mismatch),
            verified => Ok(verified),
        }
    }

    /// The hash of a new password, or what is wrong with it, for whoever chose it.
    pub async fn hash_new_password(
        &self,
        text: &str,
        about: &[&str],
    ) -> Result<Result<String, Refused>, Failure> {
        let chosen = self.passwords.choose(text.to_owned(), about).await;
        let chosen = match chosen.map_err(|_| Failure::Busy)? {
            Ok(chosen) => chosen,
            Err(refused) => return Ok(Err(refused)),
        };
        let hash = self.passwords.hash(chosen, self.world.random()).await;
        hash.map(Ok).map_err(|_| Failure::Busy)
    }
}

/// What is wrong with the length of a new password, if anything is.
pub fn wrong_length(text: &str) -> Option<Refused> {
    Rules::check_length(text).err()
}

#[cfg(test)]
mod tests;
