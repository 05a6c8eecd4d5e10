//! Every rule of OAuth 2.0, as functions from facts to verdicts.
//!
//! Nothing in this crate waits, reads a clock, draws a random number or knows
//! a database: `now` and random bytes are arguments, and a verdict carries its
//! effects as data.

pub mod app_url;
pub mod basic;
pub mod client;
pub mod cookie;
pub mod email;
pub mod form;
pub mod name;
mod percent;
pub mod redirect;
pub mod scope;
pub mod time;
