//! Hashes as they are kept: ours, and those that users brought along from elsewhere.
//!
//! What is too dear to check is refused when it comes, not when its user does.

use super::{
    Password, Verification,
    argon::{Memory, PARAMS},
};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::phc::PasswordHash};
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest, pbkdf2};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

mod forms;

/// Django's Argon2 takes 100 MiB, OWASP's scrypt 128.
const MAX_KIB: u64 = 128 * 1024;
/// Memory times passes over it.
const MAX_ARGON2_WORK: u64 = 4 * MAX_KIB;
const MAX_SCRYPT_WORK: u64 = 2 * MAX_KIB;
const MAX_BCRYPT_COST: u32 = 13;
/// Django counts to 1.2 million by now.
const MAX_ROUNDS: u32 = 2_000_000;
/// Less is found by chance, more nobody makes.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=128;
/// The longest text that is looked at.
const MAX_TEXT: usize = 1000;

/// Why a hash is not accepted; says nothing of what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error(
        "this is no hash that can be checked here: Argon2, bcrypt, scrypt or PBKDF2 in the forms of docs/import.md"
    )]
    Unknown,
    #[error("the hash is damaged")]
    Broken,
    #[error("the hash is too short or too long to prove anything")]
    Length,
    #[error("checking the hash would take too long or too much memory ({0})")]
    TooDear(&'static str),
}

/// Whether a hash from elsewhere can be checked here, at a bearable price.
pub fn check_hash(text: &str) -> Result<(), HashError> {
    Stored::parse(text).map(|_| ())
}

/// A stored hash that this server can check.
pub(super) struct Stored {
    function: Function,
    salt: Vec<u8>,
    output: Zeroizing<Vec<u8>>,
}

enum Function {
    Argon2(Algorithm, Version, Params),
    /// Salt and output are part of the text. `digested`: Django hashes the password's
    /// SHA-256 in hexadecimal, so that long ones count whole.
    Bcrypt {
        text: String,
        digested: bool,
    },
    Scrypt(scrypt::Params),
    Pbkdf2(pbkdf2::Algorithm, NonZeroU32),
}

impl Stored {
    pub fn read(text: &str) -> Option<Self> {
        let stored = Self::parse(text);
        if stored.is_err() {
            tracing::error!("a stored password hash cannot be checked: its user must reset it");
        }
        stored.ok()
    }

    pub fn parse(text: &str) -> Result<Self, HashError> {
        if text.len() > MAX_TEXT || !text.is_ascii() {
            return Err(HashError::Unknown);
        }
        let stored = forms::parse(text)?;
        let no_text = !matches!(stored.function, Function::Bcrypt { .. });
        match no_text && !OUTPUT.contains(&stored.output.len()) {
            true => Err(HashError::Length),
            false => Ok(stored),
        }
    }

    /// `$argon2…`, in any variant and version.
    fn argon2(text: &str) -> Result<Self, HashError> {
        let hash = PasswordHash::new(text).map_err(|_| HashError::Broken)?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str());
        let algorithm = algorithm.map_err(|_| HashError::Broken)?;
        let version = hash.version.unwrap_or(Version::V0x10.into());
        let version = Version::try_from(version).map_err(|_| HashError::Broken)?;
        let params = Params::try_from(&hash).map_err(|_| HashError::Broken)?;
        let kib = u64::from(params.m_cost());
        if kib > MAX_KIB {
            return Err(HashError::TooDear("Argon2 with more than 128 MiB"));
        }
        if kib * u64::from(params.t_cost()) > MAX_ARGON2_WORK {
            return Err(HashError::TooDear(
                "Argon2 whose memory times its passes exceeds 512 MiB",
            ));
        }
        let (Some(salt), Some(output)) = (hash.salt, hash.hash) else {
            return Err(HashError::Broken);
        };
        Ok(Self {
            function: Function::Argon2(algorithm, version, params),
            salt: salt.to_vec(),
            output: output.as_bytes().to_vec().into(),
        })
    }

    fn bcrypt(text: &str, digested: bool) -> Result<Self, HashError> {
        let parts: bcrypt::HashParts = text.parse().map_err(|_| HashError::Broken)?;
        if parts.get_cost() > MAX_BCRYPT_COST {
            return Err(HashError::TooDear("bcrypt with a cost above 13"));
        }
        let text = text.to_owned();
        Ok(Self {
            function: Function::Bcrypt { text, digested },
            salt: Vec::new(),
            output: Vec::new().into(),
        })
    }

    fn scrypt((n, r, p): (u64, u32, u32), salt: &[u8], output: Vec<u8>) -> Result<Self, HashError> {
        let log_n = n.checked_ilog2().filter(|_| n.is_power_of_two());
        let log_n = log_n.ok_or(HashError::Broken)? as u8;
        let params = scrypt::Params::new(log_n, r, p).map_err(|_| HashError::Broken)?;
        // No overflow: the crate has multiplied the same in the width of memory.
        let kib = n.saturating_mul(u64::from(r)) / 8;
        if kib > MAX_KIB || u64::from(r) * u64::from(p) / 8 > MAX_KIB {
            return Err(HashError::TooDear("scrypt with more than 128 MiB"));
        }
        if kib.saturating_mul(u64::from(p)) > MAX_SCRYPT_WORK {
            return Err(HashError::TooDear(
                "scrypt whose memory times its parallelism exceeds 256 MiB",
            ));
        }
        Ok(Self {
            function: Function::Scrypt(params),
            salt: salt.to_vec(),
            output: output.into(),
        })
    }

    fn pbkdf2(digest: &str, rounds: &str, salt: &[u8], output: Vec<u8>) -> Result<Self, HashError> {
        let (algorithm, block, weight) = match digest {
            "sha1" => (pbkdf2::PBKDF2_HMAC_SHA1, 20, 1),
            "sha256" => (pbkdf2::PBKDF2_HMAC_SHA256, 32, 1),
            "sha512" => (pbkdf2::PBKDF2_HMAC_SHA512, 64, 4),
            _ => return Err(HashError::Unknown),
        };
        let rounds: NonZeroU32 = rounds.parse().map_err(|_| HashError::Broken)?;
        // Each block of output is as much work again.
        let work = output.len().div_ceil(block) as u32 * weight;
        if rounds.get().saturating_mul(work) > MAX_ROUNDS {
            return Err(HashError::TooDear(
                "PBKDF2 with more than 2,000,000 rounds, or 500,000 of SHA-512",
            ));
        }
        Ok(Self {
            function: Function::Pbkdf2(algorithm, rounds),
            salt: salt.to_vec(),
            output: output.into(),
        })
    }

    pub fn check(&self, password: &Password, memory: &mut Memory) -> Verification {
        match self.is(password, memory) {
            false => Verification::Mismatch,
            true if self.is_as_new() => Verification::Match,
            true => Verification::MatchNeedsRehash,
        }
    }

    fn is(&self, password: &Password, memory: &mut Memory) -> bool {
        let bytes = password.0.as_bytes();
        let mut computed = Zeroizing::new(vec![0; self.output.len()]);
        let done = match &self.function {
            Function::Bcrypt { text, digested } => {
                let hashed = match digested {
                    true => Zeroizing::new(hex(digest::digest(&digest::SHA256, bytes).as_ref())),
                    false => password.0.clone(),
                };
                return bcrypt::verify(hashed.as_bytes(), text).unwrap_or(false);
            }
            Function::Argon2(algorithm, version, params) => {
                let argon2 = Argon2::new(*algorithm, *version, params.clone());
                let filled = memory.fill(&argon2, password, &self.salt, &mut computed);
                filled.is_ok()
            }
            Function::Scrypt(params) => {
                scrypt::scrypt(bytes, &self.salt, params, &mut computed).is_ok()
            }
            Function::Pbkdf2(algorithm, rounds) => {
                pbkdf2::derive(*algorithm, *rounds, &self.salt, bytes, &mut computed);
                true
            }
        };
        done && verify_slices_are_equal(&computed, &self.output).is_ok()
    }

    /// Whether a new hash would be no better.
    pub fn is_as_new(&self) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        match &self.function {
            Function::Argon2(Algorithm::Argon2id, Version::V0x13, params) => {
                cost(params) == cost(&PARAMS)
            }
            _ => false,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
