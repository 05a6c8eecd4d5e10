//! Access tokens: sealed facts, not rows.
//!
//! `<brand>_at_` then base64url of: sealing key number (2 bytes), nonce (12),
//! AES-256-GCM ciphertext of the facts, tag (16). Issuing one writes nothing;
//! checking one reads nothing.

use crate::{
    openid::claims::ClaimSet,
    scope::ScopeSet,
    secret::Secret,
    time::{Millis, Timestamp},
};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// The longest access token ever issued, in characters: a published promise.
pub const MAX_LENGTH: usize = 512;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Unique, in time order; what a revocation of this one token names.
    pub id: i64,
    pub user: i64,
    pub app: i64,
    /// The user's approval that everything hangs from.
    pub grant: i64,
    /// The one authorization within the grant that this came from (a code's id).
    pub family: i64,
    pub issued: Timestamp,
    pub expires: Timestamp,
    pub scopes: ScopeSet,
    /// The browser session that it ends with, if it does not outlive that.
    pub session: Option<i64>,
    /// What userinfo says beside what the scopes ask for.
    pub claims: ClaimSet,
}

/// One generation of the sealing key, held ready.
pub struct SealingKey {
    number: u16,
    key: LessSafeKey,
}

impl SealingKey {
    pub fn new(number: u16, bytes: &[u8; 32]) -> Self {
        // A 32-byte key is always accepted; the error type has no other cause.
        #[expect(clippy::expect_used, reason = "the length is a type")]
        let key = UnboundKey::new(&aead::AES_256_GCM, bytes).expect("a key of 32 bytes");
        Self {
            number,
            key: LessSafeKey::new(key),
        }
    }

    pub fn number(&self) -> u16 {
        self.number
    }
}

const VERSION: u8 = 2;
/// Version, seven numbers, lifetime, claims.
const FIXED: usize = 1 + 7 * 8 + 4 + 4;

/// Seals `token` under `key`. The nonce is the token's unique id and 32 random
/// bits, so that two nodes would have to draw the same id *and* the same bits
/// to repeat one (NIST SP 800-38D §8.2).
pub fn seal(token: &AccessToken, brand: &str, key: &SealingKey, entropy: [u8; 4]) -> Secret {
    let mut envelope = Vec::with_capacity(2 + 12 + FIXED + 255 + 16);
    envelope.extend(key.number.to_be_bytes());
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&token.id.to_be_bytes());
    nonce[8..].copy_from_slice(&entropy);
    envelope.extend(nonce);

    let mut facts = Vec::with_capacity(FIXED + 255);
    facts.push(VERSION);
    for number in [
        token.id,
        token.user,
        token.app,
        token.grant,
        token.family,
        token.issued.0,
        // No row has the number 0.
        token.session.unwrap_or(0),
    ] {
        facts.extend(number.to_be_bytes());
    }
    facts.extend(((token.expires - token.issued).as_seconds() as u32).to_be_bytes());
    facts.extend(token.claims.number().to_be_bytes());
    facts.extend(token.scopes.to_string().as_bytes());
    // Sealing fails only beyond 2³⁶ bytes.
    #[expect(
        clippy::expect_used,
        reason = "a few hundred bytes can always be sealed"
    )]
    let tag = key
        .key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(&envelope[..2]),
            &mut facts,
        )
        .expect("a short message");
    envelope.extend(&facts);
    envelope.extend(tag.as_ref());

    let mut text = String::with_capacity(MAX_LENGTH);
    text.push_str(brand);
    text.push_str("_at_");
    BASE64_URL_SAFE_NO_PAD.encode_string(&envelope, &mut text);
    Secret::new(text)
}

/// Opens a presented access token; `None` when it was not sealed here, was
/// changed, or its key is gone. Expiry and revocation are the caller's to judge.
pub fn unseal<'k>(
    text: &str,
    key_of: impl FnOnce(u16) -> Option<&'k SealingKey>,
) -> Option<AccessToken> {
    let body = body(text)?;
    let mut room = [0; MAX_LENGTH / 4 * 3];
    let length = BASE64_URL_SAFE_NO_PAD.decode_slice(body, &mut room).ok()?;
    let envelope = &mut room[..length];
    if envelope.len() < 2 + 12 + FIXED + 16 {
        return None;
    }
    let (head, sealed) = envelope.split_at_mut(14);
    let key = key_of(u16::from_be_bytes([head[0], head[1]]))?;
    let nonce = Nonce::try_assume_unique_for_key(&head[2..]).ok()?;
    let facts = key
        .key
        .open_in_place(nonce, Aad::from(&head[..2]), sealed)
        .ok()?;
    parse(facts)
}

/// Whether `text` has the shape of an access token, so that it need not be
/// looked for among the stored secrets.
pub fn looks_like_one(text: &str) -> bool {
    body(text).is_some()
}

fn body(text: &str) -> Option<&str> {
    let (brand, rest) = text.split_once('_')?;
    let body = rest.strip_prefix("at_")?;
    let plain = !brand.is_empty() && brand.bytes().all(|byte| byte.is_ascii_lowercase());
    (plain && text.len() <= MAX_LENGTH).then_some(body)
}

fn parse(facts: &[u8]) -> Option<AccessToken> {
    let (&version, rest) = facts.split_first()?;
    if version != VERSION {
        return None;
    }
    let (numbers, rest) = rest.split_at_checked(56)?;
    let mut numbers = numbers
        .chunks_exact(8)
        .filter_map(|chunk| chunk.try_into().ok());
    let mut next = || numbers.next().map(i64::from_be_bytes);
    let (id, user, app, grant, family) = (next()?, next()?, next()?, next()?, next()?);
    let issued = Timestamp(next()?);
    let session = Some(next()?).filter(|session| *session != 0);
    let (lifetime, rest) = rest.split_first_chunk::<4>()?;
    let (claims, scopes) = rest.split_first_chunk::<4>()?;
    Some(AccessToken {
        id,
        user,
        app,
        grant,
        family,
        issued,
        expires: issued + Millis::seconds(i64::from(u32::from_be_bytes(*lifetime))),
        scopes: ScopeSet::parse(std::str::from_utf8(scopes).ok()?).ok()?,
        session,
        claims: ClaimSet::from_number(u32::from_be_bytes(*claims)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(scopes: &str) -> AccessToken {
        AccessToken {
            id: 1,
            user: 2,
            app: 3,
            grant: 4,
            family: 5,
            issued: Timestamp(1_700_000_000_123),
            expires: Timestamp(1_700_003_600_123),
            scopes: ScopeSet::parse(scopes).unwrap(),
            session: Some(6),
            claims: ClaimSet::of_scopes(&ScopeSet::parse("profile").unwrap()),
        }
    }

    #[test]
    fn what_was_sealed_is_opened_by_the_same_key_only() {
        let (key, other) = (SealingKey::new(1, &[1; 32]), SealingKey::new(1, &[2; 32]));
        let sealed = seal(&token("default email"), "gr", &key, [0; 4]);
        let text = sealed.reveal_for_response();
        assert_eq!(unseal(text, |_| Some(&key)), Some(token("default email")));
        assert_eq!(unseal(text, |_| Some(&other)), None);
        assert_eq!(unseal(text, |_| None), None);
    }

    #[test]
    fn the_longest_scope_fits_the_published_length() {
        let scopes: Vec<String> = (0..4).map(|n| format!("{n}{}", "x".repeat(62))).collect();
        let key = SealingKey::new(1, &[1; 32]);
        let longest = token(&scopes.join(" "));
        let sealed = seal(&longest, "abcdefghijkl", &key, [0; 4]);
        let text = sealed.reveal_for_response();
        assert!(text.len() <= MAX_LENGTH);
        assert_eq!(unseal(text, |_| Some(&key)), Some(longest));
    }

    proptest! {
        #[test]
        fn one_changed_character_is_refused(position in 0usize..120, replacement in "[0-9A-Za-z_-]") {
            let key = SealingKey::new(1, &[1; 32]);
            let sealed = seal(&token("default"), "gr", &key, [3; 4]);
            let mut text = sealed.reveal_for_response().to_owned();
            prop_assume!((6..text.len()).contains(&position) && text[position..=position] != replacement);
            text.replace_range(position..=position, &replacement);
            prop_assert_eq!(unseal(&text, |_| Some(&key)), None);
        }

        #[test]
        fn rubbish_is_refused(text in "gr_at_.{0,600}") {
            let key = SealingKey::new(1, &[1; 32]);
            prop_assert_eq!(unseal(&text, |_| Some(&key)), None);
        }
    }
}
