//! JSON Object Signing and Encryption, as an authorization server needs it:
//! JWS, JWE, JWK and the claims of a JWT, over aws-lc-rs.
//!
//! The algorithm is a property of the key. What a message's header says is
//! compared with it and decides nothing: not the algorithm, not the key, not an
//! extension. Nothing in this crate reads a clock, a file or a network, and
//! random bytes come from the cryptographic library or as an argument.
//!
//! Sign with a key that is held parsed, and verify with its public half:
//!
//! ```
//! use grantor_jose::{
//!     algorithm::Algorithm,
//!     claims::Claims,
//!     sign::SigningKey,
//!     verify::{Compact, ExpectedType, VerifyingKey},
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let der = SigningKey::generate(Algorithm::Es256)?; // to be stored sealed
//! let ours = SigningKey::from_pkcs8(Algorithm::Es256, &der)?;
//! let token = ours.sign(Some("at+jwt"), br#"{"iss":"https://id.example","exp":1900000000}"#)?;
//!
//! let jwk = ours.public_jwk().ok_or("a key pair has a public half")?;
//! let key = VerifyingKey::from_jwk(jwk, Algorithm::Es256)?;
//! let jws = Compact::parse(&token, 8192)?;
//! let claims = Claims::parse(key.verify(&jws, ExpectedType::Only("at+jwt"))?, 8192)?;
//! claims.check_issuer("https://id.example")?;
//! claims.check_time(1_800_000_000, 30)?;
//! # Ok(())
//! # }
//! ```
//!
//! Find an app's key in its set, by what it registered and the header's `kid`:
//!
//! ```
//! # use grantor_jose::{algorithm::Algorithm, jwk::JwkSet};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let set = JwkSet::parse(br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2026",
//!     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#)?;
//! let jwk = set.to_verify(Some("2026"), Algorithm::EdDsa)?;
//! assert_eq!(jwk.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
//! # Ok(())
//! # }
//! ```
//!
//! Encrypt to a public key, and decrypt with the private one:
//!
//! ```
//! use aws_lc_rs::rand::SystemRandom;
//! use grantor_jose::jwe::{
//!     CompactJwe, ContentEncryption::A256Gcm, DecryptingKey, EncryptingKey,
//!     KeyManagement::EcdhEs,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let der = DecryptingKey::generate(EcdhEs)?;
//! let ours = DecryptingKey::from_pkcs8(EcdhEs, &[A256Gcm], &der)?;
//! let jwk = ours.public_jwk().ok_or("a key pair has a public half")?;
//! let theirs = EncryptingKey::from_jwk(jwk, EcdhEs, A256Gcm)?;
//! let text = theirs.encrypt(Some("JWT"), b"a signed token", &SystemRandom::new())?;
//! assert_eq!(ours.decrypt(CompactJwe::parse(&text, 8192)?)?.as_slice(), b"a signed token");
//! # Ok(())
//! # }
//! ```
//!
//! Tie an ID token to the access token beside it:
//!
//! ```
//! # use grantor_jose::{algorithm::Algorithm, hash::half_hash};
//! let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
//! assert_eq!(half_hash(Algorithm::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
//! ```

pub mod algorithm;
mod base64url;
pub mod claims;
pub mod hash;
pub mod header;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod sign;
pub mod unsecured;
pub mod verify;
