//! What every engine must do: each verb, its refusals, and its races. A database
//! per test, all in parallel; the clock is an argument.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, in functions of their own"
)]

/// Runs each test on every engine.
macro_rules! contract {
    ($($(#[$note:meta])* async fn $name:ident($db:ident) $body:block)*) => {$(
        $(#[$note])*
        mod $name {
            #[allow(unused_imports, reason = "what the file uses, not every test does")]
            use super::*;

            async fn check($db: &crate::world::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                check(&crate::world::Db::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                check(&crate::world::Db::postgres().await).await;
            }
        }
    )*};
}

mod actors;
mod cluster;
#[path = "../earlier/mod.rs"]
mod earlier;
mod world;

mod apps;
mod assertions;
mod audit;
mod chain;
mod changes;
mod codes;
mod deletion;
mod engine;
mod factors;
mod families;
mod find;
mod grants;
mod identities;
mod images;
mod keys;
mod leases;
mod links;
mod logins;
mod mails;
mod moving;
mod pats;
mod provisioned;
mod refusals;
mod registrations;
mod roles;
mod schema;
mod servers;
mod sessions;
mod standing;
mod start;
mod sweep;
mod throttles;
mod upgrade;
mod usage;
mod user_links;
mod users;
