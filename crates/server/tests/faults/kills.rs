//! kill -9 of one node of three, again and again, while all of them work: what any node
//! acknowledged is there at every node, and what ended stays ended.

use crate::{
    chance::Chance,
    commands::BOUND,
    crash::{SETTINGS, Task, WORKERS, all, hire, report},
    fleet::{Fleet, NODES},
};
use std::sync::{Arc, atomic::Ordering};
use tokio::{
    task::block_in_place,
    time::{Instant, sleep},
};

const ROUNDS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn what_any_node_acknowledged_holds_at_every_node() {
    let (seed, rounds) = (Chance::seed(), Chance::share(ROUNDS));
    println!("GRANTOR_FAULT_SEED={seed}: {rounds} kills");
    let begun = Instant::now();
    let mut fleet = Fleet::start(SETTINGS);
    let mut workers = hire(&fleet.home, &fleet.wires);
    let mut starts = Vec::new();
    for round in 0..rounds {
        let mut chance = Chance::of(seed, round, WORKERS);
        let (over, killed) = (Arc::default(), Fleet::any(&mut chance));
        let working = Task::Work(Arc::clone(&over));
        let working = all(workers, (seed, round), &working);
        let (kept, ()) = tokio::join!(working, async {
            sleep(chance.millis(200, 1200)).await;
            if chance.percent(20) {
                let kind = ["seal", "refresh", "forms"][chance.below(3)];
                let rotate = ["keys", "rotate", "--kind", kind];
                block_in_place(|| fleet.home.run(&rotate, ""));
            }
            fleet.take(killed).kill();
            // The others go on without it, and while it starts.
            sleep(chance.millis(50, 300)).await;
            let starting = Instant::now();
            block_in_place(|| fleet.begin(killed));
            starts.push(starting.elapsed());
            sleep(chance.millis(0, 200)).await;
            over.store(true, Ordering::Relaxed);
        });
        workers = kept;
        // From now on every node must know every end.
        sleep(BOUND).await;
        workers = all(workers, (seed, round), &Task::Check).await;
    }
    report(&workers, rounds, begun.elapsed(), &starts);
    let asked = fleet
        .wires
        .iter()
        .map(|wire| wire.ids.lock().expect("ids").len());
    println!("answers of {NODES} nodes: {:?}", asked.collect::<Vec<_>>());
    fleet.stop();
}
