//! Clients that we did not write complete the whole flow against a running server:
//! a user allows them, they exchange, call the API, refresh and revoke, and then the
//! API refuses them. On the way each makes the mistakes that clients make, and must
//! be able to read why the server refused.
//!
//! ```text
//! scene.rs        a server with a user and one app      browser.rs   the user's browser
//! oauth2_crate.rs the client that is a Rust library     flow.rs      what must have come of it
//! scripts.rs      those in Python and Node, in clients/
//! ```

mod browser;
mod flow;
mod oauth2_crate;
#[path = "../support/process.rs"]
mod process;
mod scene;
mod scripts;
