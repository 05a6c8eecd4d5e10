//! Clients that we did not write complete the whole flow against a running server:
//! a user allows them, they exchange, call the API, refresh and revoke, and then the
//! API refuses them. On the way each makes the mistakes that clients make, and must
//! be able to read why the server refused.
//!
//! Others log users in with OpenID Connect, and must come to know who they are.
//!
//! ```text
//! scene.rs     a server with a user and one app       browser.rs   the user's browser
//! *_crate.rs   the clients that are Rust libraries    flow.rs      what must have come of it
//! elsewhere.rs those that log our users in
//! apache.rs    the one that is a web server
//! scripts.rs   those in Python, Node, Go and Java, in clients/
//! ```

mod apache;
mod browser;
mod elsewhere;
mod flow;
mod oauth2_crate;
mod openidconnect_crate;
#[path = "../support/process.rs"]
mod process;
mod scene;
mod scripts;
