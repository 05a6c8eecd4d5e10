//! The whole server in process, spoken to as browsers and apps speak to it.
//!
//! Every test has a database of its own and a clock that stands until the test moves
//! it. `routes/` mirrors the URL tree; `flows/` holds whole conversations; `support/`
//! has the actors: users at browsers, and apps.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

mod alerts;
mod bad_input;
mod conformance;
mod flows;
mod forms;
mod headers;
mod logs;
mod matrix;
mod openid;
mod routes;
mod support;
mod weaknesses;
