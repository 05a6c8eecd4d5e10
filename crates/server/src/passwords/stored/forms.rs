//! The forms in which others write their hashes.

use super::{HashError, Stored};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub fn parse(text: &str) -> Result<Stored, HashError> {
    // PHC and modular crypt begin with a $, Django's with a name and Werkzeug's with a
    // name and its parameters.
    let parts: Vec<&str> = text.split('$').collect();
    match parts[..] {
        ["", "argon2id" | "argon2i" | "argon2d", ..] => Stored::argon2(text),
        ["argon2", "argon2id" | "argon2i" | "argon2d", ..] => Stored::argon2(&text[6..]),
        ["", "2a" | "2b" | "2y", _, _] => Stored::bcrypt(text, false),
        ["bcrypt", "", "2a" | "2b" | "2y", _, _] => Stored::bcrypt(&text[7..], false),
        ["bcrypt_sha256", "", "2a" | "2b" | "2y", _, _] => Stored::bcrypt(&text[14..], true),
        ["", "scrypt", params, salt, output] => {
            let params = phc_scrypt(params).ok_or(HashError::Broken)?;
            Stored::scrypt(params, &base64(salt)?, base64(output)?)
        }
        ["scrypt", n, salt, r, p, output] => {
            let params = numbers(n, r, p).ok_or(HashError::Broken)?;
            Stored::scrypt(params, salt.as_bytes(), base64(output)?)
        }
        ["", name, rounds, salt, output] if name.starts_with("pbkdf2") => {
            let digest = name[6..].strip_prefix('-').unwrap_or("sha1");
            let rounds = rounds.split(',').find_map(|it| it.strip_prefix("i="));
            let rounds = rounds.unwrap_or(parts[2]);
            Stored::pbkdf2(digest, rounds, &base64(salt)?, base64(output)?)
        }
        ["pbkdf2_sha256", rounds, salt, output] => {
            Stored::pbkdf2("sha256", rounds, salt.as_bytes(), base64(output)?)
        }
        ["pbkdf2_sha1", rounds, salt, output] => {
            Stored::pbkdf2("sha1", rounds, salt.as_bytes(), base64(output)?)
        }
        [method, salt, output] => werkzeug(method, salt.as_bytes(), output),
        _ => Err(HashError::Unknown),
    }
}

/// `method:parameters$salt$hexadecimal`
fn werkzeug(method: &str, salt: &[u8], output: &str) -> Result<Stored, HashError> {
    let words: Vec<&str> = method.split(':').collect();
    match words[..] {
        ["pbkdf2", digest, rounds] => Stored::pbkdf2(digest, rounds, salt, hex(output)?),
        ["scrypt", n, r, p] => {
            let params = numbers(n, r, p).ok_or(HashError::Broken)?;
            Stored::scrypt(params, salt, hex(output)?)
        }
        _ => Err(HashError::Unknown),
    }
}

fn numbers(n: &str, r: &str, p: &str) -> Option<(u64, u32, u32)> {
    Some((n.parse().ok()?, r.parse().ok()?, p.parse().ok()?))
}

/// `ln=15,r=8,p=1`
fn phc_scrypt(params: &str) -> Option<(u64, u32, u32)> {
    let [ln, r, p] = params.split(',').collect::<Vec<_>>()[..] else {
        return None;
    };
    let log: u32 = ln.strip_prefix("ln=")?.parse().ok()?;
    let n = 1_u64.checked_shl(log)?;
    let number = |text: &str, name| text.strip_prefix(name)?.parse().ok();
    Some((n, number(r, "r=")?, number(p, "p=")?))
}

/// passlib writes a dot for the plus.
fn base64(text: &str) -> Result<Vec<u8>, HashError> {
    let decoded = BASE64.decode(text.replace('.', "+"));
    decoded.map_err(|_| HashError::Broken)
}

fn hex(text: &str) -> Result<Vec<u8>, HashError> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    bytes.ok_or(HashError::Broken)
}
