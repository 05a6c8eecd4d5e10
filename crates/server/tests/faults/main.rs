//! What must hold when something goes wrong: real server processes that are killed,
//! starved of room, misconfigured, stopped at work and talked to badly.
//!
//! `GRANTOR_FAULT_ROUNDS` says how often `crash` kills the server (100), and in proportion
//! how long the others go on; `GRANTOR_FAULT_SEED` replays their choices.

mod actor;
mod apps;
mod audit;
mod balancer;
mod chance;
mod clocks;
#[path = "../../../store/tests/contract/cluster.rs"]
mod cluster;
mod commands;
mod crash;
mod crowd;
mod deletion;
mod demo;
mod disk_full;
mod doctor;
mod drain;
mod earlier;
#[path = "../../../store/tests/earlier/mod.rs"]
mod earlier_versions;
mod epoch;
mod fleet;
mod idle;
mod import;
mod kills;
mod latency;
mod ledger;
mod locks;
mod mail;
#[path = "../support/mail/mod.rs"]
mod mail_server;
mod mail_troubles;
mod model;
mod moving;
mod network;
mod nginx;
mod nodes;
mod operations;
mod outage;
mod partition;
mod port;
#[path = "../support/process.rs"]
mod process;
mod ready;
mod revocations;
mod rolling;
mod scene;
mod slow;
mod start_errors;
mod sweep;
mod timing;
mod versions;
mod watch;
mod worker;
