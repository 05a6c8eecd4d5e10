//! Every rule of OAuth 2.0, as functions from facts to verdicts.
//!
//! Nothing in this crate waits, reads a clock, draws a random number or knows
//! a database: `now` and random bytes are arguments, and a verdict carries its
//! effects as data.

pub mod access;
pub mod authorize;
mod base62;
pub mod bearer;
pub mod client;
pub mod error;
pub mod pkce;
pub mod revoke;
pub mod secret;
pub mod time;
pub mod token;
