//! A model that does one thing after the other, and three nodes that must answer as it
//! does: any operation at any node, kills in between and in the middle.
//!
//! `GRANTOR_FAULT_SEED` replays the choices of a run; each operation has its own, so that
//! one which time prevents changes none of the others.

mod doubt;
mod facts;
mod operations;

use crate::{
    actor::{Lost, REDIRECT},
    chance::Chance,
    crash::SETTINGS,
    fleet::Fleet,
};
use facts::Facts;
use std::{collections::BTreeMap, thread};
use tokio::time::Instant;

/// As many take half a minute; a hundred thousand are `GRANTOR_FAULT_ROUNDS=6667`.
const OPERATIONS: usize = 1500;
const USERS: usize = 3;

/// What was done last, for whoever has to explain a failure.
#[derive(Default)]
pub struct Trail {
    seed: u64,
    number: usize,
    lines: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Trail {
    pub fn note(&mut self, kind: &'static str, node: usize, detail: &str) {
        *self.counts.entry(kind).or_default() += 1;
        let line = format!("{}: {kind} at node {node} {detail}", self.number);
        self.lines.push(line);
        let surplus = self.lines.len().saturating_sub(30);
        self.lines.drain(..surplus);
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        if thread::panicking() {
            let (seed, number) = (self.seed, self.number);
            eprintln!("GRANTOR_FAULT_SEED={seed}: operation {number} failed, after");
            self.lines.iter().for_each(|line| eprintln!("  {line}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_answer_as_one_model_does() {
    let (seed, operations) = (Chance::seed(), Chance::share(OPERATIONS));
    println!("GRANTOR_FAULT_SEED={seed}: {operations} operations");
    let mut fleet = Fleet::start(SETTINGS);
    let mut facts = stage(&fleet);
    facts.trail.seed = seed;
    let (begun, mut in_doubt) = (Instant::now(), 0);
    for number in 0..operations {
        let mut chance = Chance::of(seed, number, 0);
        facts.trail.number = number;
        let node = Fleet::any(&mut chance);
        if number % 75 == 74 {
            // In the middle of what it is asked.
            let (after, server) = (chance.millis(0, 12), fleet.take(node));
            let killing = async {
                tokio::time::sleep(after).await;
                server.kill();
            };
            let (done, ()) = tokio::join!(facts.operate(&mut chance, node), killing);
            tokio::task::block_in_place(|| fleet.begin(node));
            if done.is_err() {
                in_doubt += 1;
                facts.settle(&mut chance).await;
            }
        } else {
            let done: Result<(), Lost> = facts.operate(&mut chance, node).await;
            done.expect("a node that runs answers");
        }
        facts.forget();
    }
    println!(
        "{operations} operations, {} kills of which {in_doubt} left something in doubt, in {:.0?}: {:?}",
        operations / 75,
        begun.elapsed(),
        facts.trail.counts
    );
    fleet.stop();
}

/// Users, each with a personal access token that stays, and a confidential and a public app.
fn stage(fleet: &Fleet) -> Facts {
    let apps = ["confidential", "browser"].map(|kind| {
        let more = ["--kind", kind];
        fleet.home.add_app("operator@example.org", REDIRECT, &more)
    });
    let mut facts = Facts::new(fleet.wires.clone(), apps);
    for number in 0..USERS {
        let email = format!("user{number}@example.org");
        fleet.home.add_user(&email, "User");
        let add = ["token", "add", "--user", &email, "--description", "steady"];
        let steady = fleet.home.run(&add, "")["token"]
            .as_str()
            .map(str::to_owned);
        facts.add_user(email, steady.expect("a token"));
    }
    facts
}
