//! Password hashing on threads of its own: Argon2id is slow and large by
//! intent, so it runs beside the I/O threads, a bounded number at a time, and
//! a storm of logins is answered "busy" instead of taking the memory.

mod pool;

use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use pool::Pool;

pub const MIN_CHARACTERS: usize = 8;
pub const MAX_CHARACTERS: usize = 128;
const QUEUE: usize = 64;

/// What new hashes cost. Older ones are checked at their own price, up to this
/// one, and then say that they want a new hash.
const PARAMS: Params = Params::DEFAULT;

/// A password as its user typed it, of a length worth hashing.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("Use at least {MIN_CHARACTERS} characters.")]
    TooShort,
    #[error("Use at most {MAX_CHARACTERS} characters.")]
    TooLong,
}

impl Password {
    pub fn new(text: String) -> Result<Self, PasswordError> {
        let text = Zeroizing::new(text);
        // One more than the maximum is enough to know: never walk a megabyte.
        match text.chars().take(MAX_CHARACTERS + 1).count() {
            ..MIN_CHARACTERS => Err(PasswordError::TooShort),
            MIN_CHARACTERS..=MAX_CHARACTERS => Ok(Self(text)),
            _ => Err(PasswordError::TooLong),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    Match,
    /// Right, but hashed under older parameters: hash it again now, while the
    /// password is at hand.
    MatchNeedsRehash,
    Mismatch,
}

/// Too many are waiting: answer 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Busy;

/// Clones share the threads, which end with the last of them.
#[derive(Clone)]
pub struct Passwords(Arc<Pool>);

impl Passwords {
    /// Each thread can hash about 45 passwords a second and holds 19 MiB
    /// while it has work.
    pub fn new(threads: usize) -> std::io::Result<Self> {
        Pool::start(threads, QUEUE).map(|pool| Self(pool.into()))
    }

    /// One thread for two cores, so that logins leave room for tokens.
    pub fn default_threads() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        (cores / 2).max(1)
    }

    /// The PHC string to store. `salt` comes from `World::random`.
    pub async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<String, Busy> {
        let hash = move |memory: &mut Memory| encode(&salt, &*memory.digest(&password, &salt));
        self.0.run(hash).await
    }

    /// Compares with the stored PHC string. Where there is none (no such
    /// user), the same work is done, so that the time taken tells nothing.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verification, Busy> {
        let check = move |memory: &mut Memory| match stored.as_deref().and_then(Stored::parse) {
            Some(stored) => stored.check(&password, memory),
            None => {
                memory.digest(&password, &[0; 16]);
                Verification::Mismatch
            }
        };
        self.0.run(check).await
    }

    /// How many are waiting for a thread, for the metrics.
    pub fn queued(&self) -> usize {
        self.0.queued()
    }
}

/// A stored hash that this server can check.
struct Stored {
    params: Params,
    salt: Salt,
    output: Output,
}

impl Stored {
    fn parse(text: &str) -> Option<Self> {
        let stored = Self::checkable(text);
        if stored.is_none() {
            tracing::error!("a stored password hash cannot be checked: its user must reset it");
        }
        stored
    }

    fn checkable(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let version = hash.version.unwrap_or(Version::V0x10.into());
        let known = hash.algorithm == ARGON2ID_IDENT && version == Version::V0x13 as u32;
        let params = Params::try_from(&hash).ok()?;
        let affordable = params.m_cost() <= PARAMS.m_cost();
        let stored = Self {
            params,
            salt: hash.salt?,
            output: hash.hash?,
        };
        (known && affordable).then_some(stored)
    }

    fn check(&self, password: &Password, memory: &mut Memory) -> Verification {
        let mut computed = Zeroizing::new([0; Output::MAX_LENGTH]);
        let computed = &mut computed[..self.output.len()];
        if memory
            .fill(&self.params, password, &self.salt, computed)
            .is_err()
        {
            return Verification::Mismatch;
        }
        let same =
            aws_lc_rs::constant_time::verify_slices_are_equal(computed, self.output.as_bytes());
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        match same {
            Err(_) => Verification::Mismatch,
            Ok(()) if cost(&self.params) == cost(&PARAMS) => Verification::Match,
            Ok(()) => Verification::MatchNeedsRehash,
        }
    }
}

fn encode(salt: &[u8], digest: &[u8]) -> String {
    // Written out: the crate's own encoder hashes in memory of its own.
    let phc = || -> Option<PasswordHash> {
        Some(PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&PARAMS).ok()?,
            salt: Some(Salt::new(salt).ok()?),
            hash: Some(Output::new(digest).ok()?),
        })
    };
    let hash = phc().expect("constant parameters and 16 and 32 bytes make a PHC string");
    hash.to_string()
}

/// The working memory of one thread: taken at the first hash, reused by the
/// next, given back when there is nothing to do.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn digest(&mut self, password: &Password, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        let mut digest = Zeroizing::new([0; Params::DEFAULT_OUTPUT_LEN]);
        self.fill(&PARAMS, password, salt, &mut *digest)
            .expect("a password of 8 to 128 characters and constant parameters can be hashed");
        digest
    }

    fn fill(
        &mut self,
        params: &Params,
        password: &Password,
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        if self.0.is_empty() {
            self.0 = vec![Block::default(); PARAMS.block_count()];
        }
        let blocks = self
            .0
            .get_mut(..params.block_count())
            .ok_or(argon2::Error::MemoryTooMuch)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(password.0.as_bytes(), salt, output, blocks)
    }

    fn give_back(&mut self) {
        self.0 = Vec::new();
    }
}

#[cfg(test)]
mod tests;
