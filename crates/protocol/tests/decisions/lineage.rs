//! Refresh tokens over time: a family is driven by clients that retry, race and
//! lose answers, and by thieves, and compared with a plain history of it all.

use crate::facts::*;
use grantor_protocol::{
    client::{Client, ClientKind, Credential, authenticate},
    time::{Millis, Timestamp},
    token::{
        Effect, Standing, Verdict,
        refresh::{Family, GRACE, LAST, Lineage, Refreshment, Rotation, rotate},
    },
};
use proptest::{prelude::*, test_runner::RngSeed};

/// One family, its clock, and everything that ever happened to it.
#[derive(Clone)]
struct World {
    app: Client,
    family: Family,
    now: Timestamp,
    /// For each generation its newest successor, and since when.
    history: Vec<Option<(u32, Timestamp)>>,
}

/// What the rules promise, told from the whole history.
#[derive(Debug, PartialEq, Eq)]
enum Promise {
    Fresh,
    Same(u32),
    End,
}

fn family(lineage: Lineage) -> Family {
    Family {
        id: FAMILY,
        user: USER,
        app: APP,
        grant: GRANT,
        scopes: scopes("default"),
        login: login(),
        lineage,
        ended: false,
        created: Timestamp(0),
        idle_until: Timestamp(i64::MAX),
    }
}

impl World {
    fn new() -> Self {
        Self {
            app: client(ClientKind::Native),
            family: family(Lineage::default()),
            now: NOW,
            history: vec![None],
        }
    }

    fn newest(&self) -> u32 {
        self.history.len() as u32 - 1
    }

    fn wait(&mut self, seconds: i64) {
        self.now = self.now + Millis::seconds(seconds);
    }

    fn promise(&self, presented: u32) -> Promise {
        match self.history[presented as usize] {
            None if presented == self.newest() => Promise::Fresh,
            None => Promise::End,
            Some((to, at)) if self.now - at <= GRACE => Promise::Same(to),
            Some((to, _)) if to == self.newest() => Promise::Fresh,
            Some(_) => Promise::End,
        }
    }

    fn decide(&self, presented: u32) -> Verdict {
        let proof = authenticate(Some(&self.app), &Credential::posted(None), self.now).unwrap();
        let ask = Refreshment {
            token: "",
            redirect_uri: None,
            scope: None,
        };
        let found = Some((&self.family, presented, Standing::default()));
        rotate(&ask, &proof, found, &policy(), self.now)
    }

    /// Carries a verdict out as the database does: a rotation only where it was
    /// decided on what still stands. `Err`: somebody else was first.
    fn apply(&mut self, presented: u32, verdict: Verdict) -> Result<Option<u32>, ()> {
        match verdict {
            Verdict::Issue(issued) => match issued.effect {
                Effect::Rotate(lineage) if lineage.newest == self.family.lineage.newest + 1 => {
                    let to = lineage.newest;
                    self.history[presented as usize] = Some((to, self.now));
                    self.history.push(None);
                    self.family.lineage = lineage;
                    Ok(Some(to))
                }
                Effect::Rotate(_) => Err(()),
                Effect::Repeat { generation } => Ok(Some(generation)),
                other => panic!("{other:?} for a native app"),
            },
            Verdict::Refuse(_) => Ok(None),
            Verdict::RefuseAndRevoke { .. } => {
                self.family.ended = true;
                Ok(None)
            }
        }
    }

    /// The refresh token that goes out for this one, if any.
    fn refresh(&mut self, presented: u32) -> Option<u32> {
        let verdict = self.decide(presented);
        self.apply(presented, verdict).expect("nobody else is here")
    }

    /// Two requests that read the same row; whoever writes second decides again.
    fn race(&mut self, first: u32, second: u32) -> [Option<u32>; 2] {
        let verdicts = [self.decide(first), self.decide(second)];
        let [one, two] = verdicts;
        let one = self.apply(first, one).expect("the first to write");
        let two = match self.apply(second, two) {
            Ok(two) => two,
            Err(()) => self.refresh(second),
        };
        [one, two]
    }

    /// Who could still go on once every grace is over.
    fn chain(&self) -> Vec<u32> {
        let mut later = self.clone();
        later.wait(61);
        let goes_on = |it: &u32| matches!(later.decide(*it), Verdict::Issue(_));
        (0..=self.newest()).filter(goes_on).collect()
    }
}

#[derive(Clone, Debug)]
enum Event {
    Wait(i64),
    /// Somebody presents the token this many generations before the newest.
    Present(u32),
    Race(u32, u32),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => prop_oneof![0..5i64, 55..66i64, 3_000..4_000i64].prop_map(Event::Wait),
        4 => (0..4u32).prop_map(Event::Present),
        1 => (0..3u32, 0..3u32).prop_map(|(one, two)| Event::Race(one, two)),
    ];
    prop::collection::vec(event, 1..30)
}

/// The same sequences in every run: a failure is everybody's.
fn always_the_same() -> ProptestConfig {
    ProptestConfig {
        cases: 1_000,
        rng_seed: RngSeed::Fixed(6749),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(always_the_same())]

    #[test]
    fn every_refresh_keeps_the_promise_of_the_whole_history(events in events()) {
        let mut world = World::new();
        for event in events {
            let back = |by: u32| world.newest().saturating_sub(by);
            match event {
                Event::Wait(seconds) => world.wait(seconds),
                Event::Present(by) => {
                    let presented = back(by);
                    let (promise, newest) = (world.promise(presented), world.newest());
                    let answer = world.refresh(presented);
                    prop_assert_eq!(answer, match promise {
                        Promise::Fresh => Some(newest + 1),
                        Promise::Same(to) => Some(to),
                        Promise::End => None,
                    });
                    prop_assert_eq!(world.family.ended, promise == Promise::End);
                }
                Event::Race(one, two) => {
                    let (one, two) = (back(one), back(two));
                    let answers = world.race(one, two);
                    prop_assert!(one != two || answers[0] == answers[1]);
                }
            }
            if world.family.ended {
                prop_assert!(world.chain().is_empty());
                return Ok(());
            }
            // The newest, and the one before it until the newest is used: its
            // answer may have been lost.
            let chain = world.chain();
            prop_assert_eq!(chain.last(), Some(&world.newest()));
            prop_assert!(chain.len() <= 2);
            if let [parent, newest] = chain[..] {
                prop_assert_eq!(world.history[parent as usize].map(|(to, _)| to), Some(newest));
            }
        }
    }

    #[test]
    fn a_client_that_loses_answers_is_never_taken_for_a_thief(
        calls in prop::collection::vec((0..200i64, any::<bool>()), 1..60)
    ) {
        let (mut world, mut held) = (World::new(), 0);
        for (wait, arrives) in calls {
            world.wait(wait);
            let answer = world.refresh(held);
            prop_assert!(answer.is_some());
            if arrives {
                held = answer.unwrap();
            }
        }
    }

    /// Any number of calls, each up to a minute after the first: one successor.
    #[test]
    fn parallel_calls_get_the_same_successor(
        before in 0..5u32, delays in prop::collection::vec(0..=60i64, 2..20)
    ) {
        let mut world = World::new();
        for generation in 0..before {
            world.refresh(generation);
        }
        let start = world.now;
        let mut delays = delays;
        delays.sort_unstable();
        let first = delays[0];
        for delay in delays {
            world.now = start + Millis::seconds(delay - first);
            prop_assert_eq!(world.refresh(before), Some(before + 1));
        }
        prop_assert_eq!(world.newest(), before + 1);
    }

    /// Two hold the same token and both go on, in any order, outside the grace:
    /// when the one who began comes back, the family is dead.
    #[test]
    fn a_copied_token_ends_the_family(
        thief_first: bool,
        turns in prop::collection::vec((1..4usize, 61..10_000i64), 3..6),
    ) {
        let mut world = World::new();
        let mut held = [0, 0];
        for (number, (calls, wait)) in turns.into_iter().enumerate() {
            let who = (number + usize::from(thief_first)) % 2;
            for _ in 0..calls {
                world.wait(wait);
                match world.refresh(held[who]) {
                    Some(next) => held[who] = next,
                    None => break,
                }
            }
            prop_assert!(number < 2 || world.family.ended);
        }
    }

    #[test]
    fn a_stolen_token_used_after_its_successor_ends_the_family(
        age in 1..10u32, pause in 61..10_000i64
    ) {
        let mut world = World::new();
        for generation in 0..=age {
            world.wait(pause);
            world.refresh(generation);
        }
        prop_assert_eq!(world.refresh(age - 1), None);
        prop_assert!(world.family.ended);
        prop_assert_eq!(world.refresh(age + 1), None);
    }

    #[test]
    fn a_replaced_token_is_reuse(pause in 61..10_000i64, hurry in 0..60i64) {
        let mut world = World::new();
        let lost = world.refresh(0).unwrap();
        world.wait(pause);
        let replacement = world.refresh(0).unwrap();
        prop_assert_ne!(lost, replacement);
        world.wait(hurry);
        prop_assert_eq!(world.refresh(lost), None);
        prop_assert!(world.family.ended);
    }

    /// Whatever the row says, and whatever the clock: a verdict, and a lineage
    /// that moved by one and stays small.
    #[test]
    fn nothing_is_too_extreme(
        newest in extreme(),
        steps in prop::collection::vec((extreme(), extreme(), any_time()), 0..40),
        presented in extreme(),
        now in any_time(),
    ) {
        let rotations = steps.into_iter().map(|(from, to, at)| Rotation { from, to, at });
        let mut world = World::new();
        world.now = now;
        world.family.lineage = Lineage { newest, rotations: rotations.collect() };
        world.family.idle_until = Timestamp(i64::MAX);
        if let Verdict::Issue(issued) = world.decide(presented)
            && let Effect::Rotate(lineage) = issued.effect
        {
            prop_assert_eq!(lineage.newest, newest + 1);
            prop_assert!(lineage.newest <= LAST && lineage.rotations.len() <= 32);
            let last = Rotation { from: presented, to: newest + 1, at: now };
            prop_assert_eq!(lineage.rotations.last(), Some(&last));
        }
    }
}

fn extreme() -> impl Strategy<Value = u32> {
    prop_oneof![
        0..4u32,
        LAST - 2..LAST + 3,
        u32::MAX - 2..=u32::MAX,
        any::<u32>()
    ]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        Just(i64::MIN),
        Just(i64::MAX - 1),
        NOW.0 - 100_000..NOW.0 + 100_000,
        any::<i64>().prop_filter("idle", |it| *it < i64::MAX),
    ]
    .prop_map(Timestamp)
}

/// A client that rotates in a loop forgets its own oldest rotations, and nothing
/// grows.
#[test]
fn a_client_in_a_hurry_keeps_the_row_small() {
    let mut world = World::new();
    for generation in 0..500 {
        assert_eq!(world.refresh(generation), Some(generation + 1));
    }
    assert_eq!(world.family.lineage.rotations.len(), 32);
    assert_eq!(world.refresh(500 - 32), Some(500 - 31));
    assert_eq!(world.refresh(500 - 33), None);
}
