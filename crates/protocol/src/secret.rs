//! Stored secrets: the bearer strings whose digest a database row keeps.
//!
//! `<brand>_<kind>_<id: 11><random: 32><checksum: 6>`, base62. The id is the
//! row's key under a permutation, so that a row is found by integer and issue
//! order does not show; the SHA-256 digest of the whole text proves it; the
//! checksum refuses mistyped and foreign strings before any read.

use crate::base62;
use aws_lc_rs::{constant_time, digest, hmac};
use zeroize::Zeroizing;

/// What a secret is for. It stands in the text, in the permutation of the id
/// and in the table that keeps the digest: none can be used as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Code,
    Access,
    Refresh,
    PersonalAccess,
    ClientSecret,
    Session,
    SetUp,
    /// By which an app may register itself.
    InitialAccess,
    /// By which it reads and changes what it registered.
    Registration,
    // In links that are mailed to users.
    VerifyAddress,
    ChangeAddress,
    RestoreAddress,
    ResetPassword,
    /// By which a browser comes back from a login elsewhere.
    Journey,
}

impl Kind {
    pub const ALL: [Self; 14] = [
        Self::Code,
        Self::Access,
        Self::Refresh,
        Self::PersonalAccess,
        Self::ClientSecret,
        Self::Session,
        Self::SetUp,
        Self::InitialAccess,
        Self::Registration,
        Self::VerifyAddress,
        Self::ChangeAddress,
        Self::RestoreAddress,
        Self::ResetPassword,
        Self::Journey,
    ];

    /// The middle part of the text, as secret scanners look for it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Code => "ac",
            Self::Access => "at",
            Self::Refresh => "rt",
            Self::PersonalAccess => "pat",
            Self::ClientSecret => "cs",
            Self::Session => "ss",
            Self::SetUp => "su",
            Self::InitialAccess => "iat",
            Self::Registration => "rat",
            Self::VerifyAddress => "va",
            Self::ChangeAddress => "ca",
            Self::RestoreAddress => "ra",
            Self::ResetPassword => "rp",
            Self::Journey => "jn",
        }
    }
}

/// A bearer string in clear. It has no `Debug`, `Display` or serialisation:
/// it leaves by [`Secret::reveal_for_response`] alone.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the one answer that hands it out.
    pub fn reveal_for_response(&self) -> &str {
        &self.0
    }

    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// The start and the last four characters, by which its owner knows it again.
    pub fn hint(&self) -> String {
        let start = self.0.rfind('_').map_or(0, |at| at + 1) + 3;
        format!(
            "{}…{}",
            &self.0[..start.min(self.0.len())],
            &self.0[self.0.len() - 4..]
        )
    }
}

/// SHA-256 of a secret: all that a database ever sees of it.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(text: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, text).as_ref());
        Self(bytes)
    }

    /// A digest read back from the database; `None` unless it has 32 bytes.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Equality in constant time.
    pub fn proves(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

/// A well-formed secret as somebody presented it: not yet known to exist.
#[derive(Clone, Copy)]
pub struct Presented {
    pub kind: Kind,
    /// The row it claims to be.
    pub id: i64,
    pub digest: Digest,
}

/// Makes and reads stored secrets.
#[derive(Clone)]
pub struct SecretFormat {
    brand: String,
    permutation: hmac::Key,
}

const ID: usize = 11;
pub(crate) const BODY: usize = 32;
const CHECKSUM: usize = 6;

impl SecretFormat {
    /// `brand` is the instance's token prefix, `[a-z]{2,12}`; `key` permutes ids
    /// and must stay the same as long as any secret lives.
    pub fn new(brand: &str, key: &[u8; 32]) -> Self {
        Self {
            brand: brand.to_owned(),
            permutation: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    pub fn brand(&self) -> &str {
        &self.brand
    }

    /// A new secret for row `id`, from 256 fresh random bits.
    pub fn mint(&self, kind: Kind, id: i64, entropy: &[u8; 32]) -> Secret {
        let mut body = Zeroizing::new(String::with_capacity(BODY));
        base62::push_uniform(&mut body, entropy, BODY);
        self.assemble(kind, id, &body)
    }

    pub(crate) fn assemble(&self, kind: Kind, id: i64, body: &str) -> Secret {
        let mut text = String::with_capacity(64);
        text.push_str(&self.brand);
        text.push('_');
        text.push_str(kind.tag());
        text.push('_');
        base62::push_number(&mut text, self.permute(kind, id as u64), ID);
        text.push_str(body);
        let checksum = crc32fast::hash(text.as_bytes());
        base62::push_number(&mut text, u64::from(checksum), CHECKSUM);
        Secret::new(text)
    }

    /// Reads a presented string; `None` when it is not one of this server's
    /// (shape, checksum), which costs no read. The brand is not compared: an
    /// operator may change it while old secrets live.
    pub fn parse(&self, text: &str) -> Option<Presented> {
        let (kind, id, _) = self.take_apart(text)?;
        Some(Presented {
            kind,
            id,
            digest: Digest::of(text.as_bytes()),
        })
    }

    pub(crate) fn take_apart<'a>(&self, text: &'a str) -> Option<(Kind, i64, &'a str)> {
        if text.len() > 64 || !text.is_ascii() {
            return None;
        }
        let (prefix, rest) = text.rsplit_once('_')?;
        let (brand, tag) = prefix.split_once('_')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.tag() == tag)?;
        let brand_is_plain = brand.bytes().all(|byte| byte.is_ascii_lowercase());
        if !brand_is_plain || rest.len() != ID + BODY + CHECKSUM {
            return None;
        }
        let (signed, checksum) = text.split_at(text.len() - CHECKSUM);
        if base62::parse_number(checksum)? != u64::from(crc32fast::hash(signed.as_bytes())) {
            return None;
        }
        let id = self.restore(kind, base62::parse_number(&rest[..ID])?) as i64;
        Some((kind, id, &rest[ID..ID + BODY]))
    }

    /// Four Feistel rounds over 32-bit halves: a permutation of the 64-bit ids,
    /// another one for each kind.
    fn permute(&self, kind: Kind, id: u64) -> u64 {
        let (mut left, mut right) = ((id >> 32) as u32, id as u32);
        for round in 0..4 {
            (left, right) = (right, left ^ self.round(kind, round, right));
        }
        u64::from(left) << 32 | u64::from(right)
    }

    fn restore(&self, kind: Kind, id: u64) -> u64 {
        let (mut left, mut right) = ((id >> 32) as u32, id as u32);
        for round in (0..4).rev() {
            (left, right) = (right ^ self.round(kind, round, left), left);
        }
        u64::from(left) << 32 | u64::from(right)
    }

    fn round(&self, kind: Kind, round: u8, half: u32) -> u32 {
        let mut message = [0; 9];
        let tag = kind.tag().as_bytes();
        message[..tag.len()].copy_from_slice(tag);
        message[3] = round;
        message[4..8].copy_from_slice(&half.to_be_bytes());
        let mac = hmac::sign(&self.permutation, &message);
        mac.as_ref()
            .iter()
            .take(4)
            .fold(0, |word, &byte| word << 8 | u32::from(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn format() -> SecretFormat {
        SecretFormat::new("gr", &[7; 32])
    }

    proptest! {
        #[test]
        fn what_was_minted_is_read_back(id: i64, entropy: [u8; 32]) {
            for kind in Kind::ALL {
                let secret = format().mint(kind, id, &entropy);
                let presented = format().parse(secret.reveal_for_response()).unwrap();
                prop_assert_eq!((presented.kind, presented.id), (kind, id));
                prop_assert!(presented.digest.proves(&secret.digest()));
                prop_assert!(secret.reveal_for_response().len() <= 64);
            }
        }

        #[test]
        fn one_changed_character_is_refused(position in 0usize..54, replacement in "[0-9A-Za-z]") {
            let secret = format().mint(Kind::Code, 42, &[9; 32]);
            let mut text = secret.reveal_for_response().to_owned();
            prop_assume!(position < text.len() && text[position..=position] != replacement);
            text.replace_range(position..=position, &replacement);
            prop_assert!(format().parse(&text).is_none());
        }

        #[test]
        fn rubbish_is_refused(text in ".{0,80}") {
            prop_assert!(format().parse(&text).is_none());
        }
    }

    #[test]
    fn neighbouring_ids_do_not_look_alike() {
        let first = format().permute(Kind::Code, 1_000);
        let second = format().permute(Kind::Code, 1_001);
        assert!((first ^ second).count_ones() > 10);
        assert_ne!(first, format().permute(Kind::Refresh, 1_000));
    }

    #[test]
    fn the_hint_shows_no_more_than_the_ends() {
        let secret = format().mint(Kind::ClientSecret, 42, &[9; 32]);
        assert_eq!(secret.hint().chars().count(), "gr_cs_".len() + 3 + 1 + 4);
    }
}
