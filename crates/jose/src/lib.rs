//! JSON Object Signing and Encryption, as an authorization server needs it.
//!
//! The algorithm is a property of the key. What a message's header says is
//! compared with it and decides nothing.

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
