//! Every rule of OAuth 2.0 and OpenID Connect, as functions from facts to verdicts.
//!
//! Nothing in this crate waits, reads a clock, draws a random number or knows
//! a database: `now` and random bytes are arguments, and a verdict carries its
//! effects as data.

pub mod access;
pub mod app_url;
pub mod audit;
pub mod authorize;
mod base62;
pub mod basic;
pub mod bearer;
pub mod client;
pub mod cookie;
pub mod digits;
pub mod email;
pub mod error;
pub mod form;
pub mod hand_over;
pub mod name;
pub mod openid;
mod percent;
pub mod pkce;
pub mod redirect;
pub mod revoke;
pub mod role;
pub mod scim;
pub mod scope;
pub mod secret;
pub mod sign_in;
pub mod time;
pub mod token;
