//! People at a real browser: every journey of a user, a developer and an operator,
//! clicked and typed in Chromium against a real `grantor serve`.
//!
//! - `chromium` starts browsers, `person` acts in one, `stage` is the server and what
//!   is registered there, `site` is a third party's web site.
//! - The journeys are named after what a person wants. Those that matter most run a
//!   second time without JavaScript.
//! - `gallery` opens every page in light and dark, wide and narrow: an accessibility
//!   checker reads it, nothing may scroll sideways, and a picture of it is left in
//!   `target/screenshots`. `languages` does the same, more briefly, in every language.
//!
//! A message in the browser's console, be it of the Content-Security-Policy or of a
//! script, fails the test in which it appears.
//!
//! Needed: `chromium`, `chromedriver` and `npm` on the path.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "what does not hold fails the test"
)]

#[path = "../support/process.rs"]
mod process;

mod account;
mod admin;
mod apps;
mod audit;
mod brand;
mod chromium;
mod connect;
mod demo;
mod elsewhere;
mod factors;
mod gallery;
mod languages;
mod logout;
mod mail;
#[path = "../support/mail/mod.rs"]
mod mail_server;
mod native;
mod openid;
mod person;
mod refused;
mod samples;
mod signing_in;
mod single_page;
mod site;
mod stage;
mod tokens;
