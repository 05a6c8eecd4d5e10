//! Argon2id as new hashes have it.

use super::Password;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

/// What new hashes cost. Others are checked at their own price, and then say that they
/// want a new hash.
pub const PARAMS: Params = Params::DEFAULT;

/// The working memory of one thread: taken at the first hash, reused by the
/// next, given back when there is nothing to do.
#[derive(Default)]
pub struct Memory(pub(super) Vec<Block>);

impl Memory {
    pub fn digest(&mut self, password: &Password, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        let mut digest = Zeroizing::new([0; Params::DEFAULT_OUTPUT_LEN]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS);
        self.fill(&argon2, password, salt, &mut *digest)
            .expect("a password of 1 to 128 characters and constant parameters can be hashed");
        digest
    }

    /// Hashes in this memory, or in a larger one that is gone afterwards.
    pub fn fill(
        &mut self,
        argon2: &Argon2<'_>,
        password: &Password,
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        let (needed, own) = (argon2.params().block_count(), PARAMS.block_count());
        let mut larger = Vec::new();
        let blocks = if needed > own {
            larger.resize(needed, Block::default());
            &mut larger[..]
        } else {
            self.0.resize(own, Block::default());
            &mut self.0[..needed]
        };
        argon2.hash_password_into_with_memory(password.0.as_bytes(), salt, output, blocks)
    }

    pub fn give_back(&mut self) {
        self.0 = Vec::new();
    }
}

pub fn hash(memory: &mut Memory, password: &Password, salt: &[u8; 16]) -> String {
    encode(salt, &*memory.digest(password, salt))
}

pub(super) fn encode(salt: &[u8], digest: &[u8]) -> String {
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
