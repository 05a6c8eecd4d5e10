//! What must hold when something goes wrong: real server processes that are killed,
//! starved of room, misconfigured, stopped at work and talked to badly.
//!
//! `GRANTOR_FAULT_ROUNDS` says how often `crash` kills the server, `GRANTOR_FAULT_SEED`
//! replays its choices.

mod actor;
mod apps;
mod balancer;
mod chance;
#[path = "../../../store/tests/contract/cluster.rs"]
mod cluster;
mod commands;
mod crash;
mod crowd;
mod disk_full;
mod drain;
mod ledger;
mod locks;
mod moving;
mod network;
mod nodes;
mod operations;
mod outage;
mod partition;
mod port;
#[path = "../support/process.rs"]
mod process;
mod scene;
mod start_errors;
mod sweep;
mod watch;
mod worker;
