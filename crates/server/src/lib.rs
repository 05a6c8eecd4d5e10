//! The impure shell: routes, pages, API, keys, sessions, command line.

pub mod admit;
pub mod api;
pub mod app;
pub mod assets;
pub mod client_address;
pub mod context;
mod cors;
mod csrf;
pub mod failure;
pub mod front;
pub mod health;
pub mod icons;
pub mod issue;
pub mod keys;
pub mod net;
pub mod oauth;
pub mod pages;
pub mod passwords;
pub mod refusals;
pub mod routes;
pub mod throttle;
pub mod tls;
pub mod world;
