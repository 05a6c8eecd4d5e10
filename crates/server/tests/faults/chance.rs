//! Choices that can be made again: everything random in these tests hangs from one
//! seed, which is printed.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    /// The seed of `GRANTOR_FAULT_SEED`, or a new one.
    pub fn seed() -> u64 {
        let given = std::env::var("GRANTOR_FAULT_SEED").ok();
        let given = given.map(|text| text.parse().expect("GRANTOR_FAULT_SEED is a number"));
        given.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()))
    }

    /// How often something is done that is not the 100 kills of `crash`: so many times, or
    /// as much more often as `GRANTOR_FAULT_ROUNDS` is more than those.
    pub fn share(usually: usize) -> usize {
        let given = std::env::var("GRANTOR_FAULT_ROUNDS").ok();
        let given = given.map(|text| text.parse().expect("GRANTOR_FAULT_ROUNDS is a number"));
        given.map_or(usually, |rounds: usize| (usually * rounds / 100).max(1))
    }

    /// The choices of one actor in one round.
    pub fn of(seed: u64, round: usize, actor: usize) -> Self {
        let mut chance = Self(seed ^ ((round as u64) << 32) ^ actor as u64);
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn millis(&mut self, from: usize, to: usize) -> Duration {
        Duration::from_millis((from + self.below(to - from)) as u64)
    }

    /// One of the positions of `list` that fit.
    pub fn position<T>(&mut self, list: &[T], fits: impl Fn(&T) -> bool) -> Option<usize> {
        let fitting: Vec<_> = (0..list.len()).filter(|at| fits(&list[*at])).collect();
        (!fitting.is_empty()).then(|| fitting[self.below(fitting.len())])
    }
}
