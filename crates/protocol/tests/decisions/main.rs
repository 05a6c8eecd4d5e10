//! The specification of this crate: every decision as a truth table over all of
//! its facts, its laws over sequences, and the examples of the RFCs.
//!
//! ```text
//! table.rs      the cross product of facts, drawn    facts.rs      apps, requests, instants
//! authorize.rs  next_step.rs  redeem.rs  rotate.rs  authenticate.rs  admit.rs  revoke.rs  logout.rs  sign_in.rs
//! registration.rs  what an app may say of itself
//! linking.rs    whose account somebody of a provider gets
//! role.rs       who may administer what
//! lineage.rs    refresh tokens over time, with thieves, races and lost answers
//! matrix.rs     every path to a token or past a bearer check × every check
//! vectors.rs    examples printed in the RFCs
//! citations.rs  docs/rfc.md against the code, both ways
//! ```
//!
//! A changed decision shows as changed rows of a snapshot: read them all, then
//! accept them with `INSTA_UPDATE=always`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod admit;
mod authenticate;
mod authorize;
mod citations;
mod facts;
mod lineage;
mod linking;
mod logout;
mod matrix;
mod next_step;
mod redeem;
mod registration;
mod request_object;
mod revoke;
mod role;
mod rotate;
mod sign_in;
mod table;
mod vectors;
