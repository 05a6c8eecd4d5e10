//! Input: a byte that chooses, 64 bytes of keys, ids and entropy, and a text that
//! somebody presents as a secret.
//!
//! - No text makes a reader panic, and none is both a stored secret and an access token.
//! - What is accepted, writing it again gives: no second text for one secret.
//! - What was minted comes back; with one byte changed it does not.
#![no_main]

use grantor_protocol::{
    access::{AccessToken, MAX_LENGTH, SealingKey, looks_like_one, seal, unseal},
    openid::claims::ClaimSet,
    scope::ScopeSet,
    secret::{Kind, SecretFormat},
    time::{Millis, Timestamp},
    token::refresh::{LAST, RefreshKey},
};
use libfuzzer_sys::fuzz_target;

struct Seed<'a> {
    choice: u8,
    change: usize,
    entropy: &'a [u8; 32],
    numbers: [i64; 3],
}

fuzz_target!(|data: &[u8]| {
    let Some((head, rest)) = data.split_first_chunk::<64>() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let mut numbers = head[33..57]
        .chunks_exact(8)
        .filter_map(|chunk| chunk.try_into().ok())
        .map(i64::from_be_bytes);
    let mut next = || numbers.next().expect("three numbers");
    let seed = Seed {
        choice: head[0],
        change: usize::from(head[57]) << 8 | usize::from(head[58]),
        entropy: head[1..33].try_into().expect("32 bytes"),
        numbers: [next(), next(), next()],
    };
    presented(&text);
    stored(&seed);
    refresh(&seed);
    access(&seed, &text);
});

fn format() -> SecretFormat {
    SecretFormat::new("gr", &[7; 32])
}

fn sealing_key() -> SealingKey {
    SealingKey::new(3, &[5; 32])
}

/// What a stranger sends. Nobody without the keys writes a token that proves
/// itself, so only shapes can be accepted here.
fn presented(text: &str) {
    let format = format();
    if let Some(presented) = format.parse(text) {
        assert!(text.len() <= 64 && text.is_ascii());
        assert!(text.contains(presented.kind.tag()));
    }
    let key = sealing_key();
    assert_eq!(unseal(text, |_| Some(&key)), None);
    assert!(RefreshKey::new(&[9; 32]).prove(&format, text).is_none());
    if looks_like_one(text) {
        assert!(text.len() <= MAX_LENGTH);
    }
}

fn stored(seed: &Seed<'_>) {
    let format = format();
    let kind = Kind::ALL[usize::from(seed.choice) % Kind::ALL.len()];
    let secret = format.mint(kind, seed.numbers[0], seed.entropy);
    let text = secret.reveal_for_response();
    let read = format.parse(text).expect("our own secret");
    assert_eq!((read.kind, read.id), (kind, seed.numbers[0]));
    assert!(read.digest.proves(&secret.digest()) && text.len() <= 64);
    assert!(format.parse(&changed(text, seed)).is_none());
    // Another kind's reader is never confused by it.
    assert!(RefreshKey::new(&[9; 32]).prove(&format, text).is_none());
}

fn refresh(seed: &Seed<'_>) {
    let (format, key) = (format(), RefreshKey::new(seed.entropy));
    let family = seed.numbers[1];
    let generation = (seed.numbers[2] as u32) % (LAST + 1);
    let token = key.mint(&format, family, generation);
    let text = token.reveal_for_response();
    assert_eq!(key.prove(&format, text), Some((family, generation)));
    assert_eq!(key.prove(&format, &changed(text, seed)), None);
    let mut other = *seed.entropy;
    other[seed.change % 32] ^= 1;
    assert_eq!(RefreshKey::new(&other).prove(&format, text), None);
    assert!(!looks_like_one(text));
}

fn access(seed: &Seed<'_>, text: &str) {
    let Ok(scopes) = ScopeSet::parse(text) else {
        return;
    };
    let [id, user, app] = seed.numbers;
    let issued = Timestamp(id);
    let token = AccessToken {
        id,
        user,
        app,
        grant: user ^ app,
        family: id ^ app,
        issued,
        expires: issued + Millis::seconds(i64::from(seed.choice)),
        scopes,
        session: Some(user).filter(|session| *session != 0),
        claims: ClaimSet::from_number(app as u32),
    };
    // At the end of time a lifetime is cut short, and so is its whole second.
    if (token.expires - issued).0 % 1000 != 0 {
        return;
    }
    let key = sealing_key();
    let sealed = seal(&token, "gr", &key, [1; 4]);
    let text = sealed.reveal_for_response();
    assert!(text.len() <= MAX_LENGTH && looks_like_one(text));
    assert_eq!(
        unseal(text, |number| (number == 3).then_some(&key)),
        Some(token)
    );
    let other = SealingKey::new(3, &[6; 32]);
    assert_eq!(unseal(text, |_| Some(&other)), None);
    assert!(format().parse(text).is_none());
    // The brand is no part of what is sealed: an operator may change it.
    let changed = changed(text, seed);
    if changed.starts_with("gr_at_") {
        assert_eq!(unseal(&changed, |_| Some(&key)), None);
    }
}

/// `text` with one character replaced by another of the alphabet.
fn changed(text: &str, seed: &Seed<'_>) -> String {
    const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
    let mut bytes = text.as_bytes().to_vec();
    let at = seed.change % bytes.len();
    let new = ALPHABET[usize::from(seed.choice) % 64];
    bytes[at] = if bytes[at] == new { b'*' } else { new };
    String::from_utf8(bytes).expect("ASCII")
}
