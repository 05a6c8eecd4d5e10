//! The half hashes that tie an ID token to what is delivered beside it.

use crate::{algorithm::Algorithm, base64url};
use aws_lc_rs::digest;

/// `at_hash`, `c_hash` or `s_hash` of an access token, code or `state`: the
/// left half of the hash that belongs to the ID token's algorithm, in base64url
/// (OpenID Connect Core §3.1.3.6, §3.3.2.11; FAPI 1.0 part 2 §5.1).
///
/// `EdDSA` names no hash. The OpenID Connect working group's answer (its issue
/// 1125) is the one inside the signature: SHA-512 for Ed25519 (RFC 8032 §5.1),
/// which zitadel/oidc and the openidconnect crate compute as well.
pub fn half_hash(algorithm: Algorithm, value: &str) -> String {
    let hash = match algorithm {
        Algorithm::EdDsa => &digest::SHA512,
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 | Algorithm::Hs256 => {
            &digest::SHA256
        }
    };
    let hash = digest::digest(hash, value.as_bytes());
    let whole = hash.as_ref();
    base64url::encode(&whole[..whole.len() / 2])
}
