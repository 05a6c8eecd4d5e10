//! Time and chance. Nothing else in the server may read the clock or draw a
//! random number, so every decision can be replayed from its arguments.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use grantor_jose::algorithm::Algorithm;
use grantor_jose::jwe::{DecryptingKey, KeyManagement};
use grantor_jose::sign::{KeyError, SigningKey};
use grantor_protocol::time::{Millis, Timestamp};
use parking_lot::Mutex;
use zeroize::Zeroizing;

/// Ids count milliseconds from here, 2025-01-01T00:00:00Z: 41 bits last until 2094.
const ID_EPOCH: i64 = 1_735_689_600_000;
const ID_RANDOM_BITS: u32 = 22;

/// gids are 13 to 16 digits long, and exact in a JavaScript number.
const GID_FIRST: i64 = 1_000_000_000_000;
const GID_END: i64 = 1 << 53;

/// Keys by algorithm and the how many-th they are.
type Made = BTreeMap<(&'static str, i64), Zeroizing<Vec<u8>>>;

/// Those that standing worlds have drawn.
static MADE: Mutex<Made> = Mutex::new(BTreeMap::new());

/// The process has one; its clones share the clock and the run of ids.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    clock: Clock,
    last_id: AtomicI64,
    requests: AtomicU64,
}

enum Clock {
    Real,
    /// Stands still until `advance` moves it.
    Standing {
        now: AtomicI64,
        drawn: AtomicI64,
    },
}

/// Sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 16]);

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl World {
    pub fn real() -> Self {
        Self::with(Clock::Real)
    }

    /// A world for tests: its clock stands at `now`, its randomness is real.
    pub fn at(now: Timestamp) -> Self {
        Self::with(Clock::Standing {
            now: AtomicI64::new(now.0),
            drawn: AtomicI64::new(0),
        })
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    fn with(clock: Clock) -> Self {
        let mut seed = [0; 8];
        // A seed of zeros would do as well: see `new_request_id`.
        let _ = aws_lc_rs::rand::fill(&mut seed);
        Self(Arc::new(Inner {
            clock,
            last_id: AtomicI64::new(0),
            requests: AtomicU64::new(u64::from_le_bytes(seed)),
        }))
    }

    /// Moves a standing clock. The real one goes by itself.
    pub fn advance(&self, length: Millis) {
        if let Clock::Standing { now, .. } = &self.0.clock {
            now.fetch_add(length.0, Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> Timestamp {
        match &self.0.clock {
            Clock::Real => Timestamp(milliseconds_since_epoch()),
            Clock::Standing { now, .. } => Timestamp(now.load(Ordering::SeqCst)),
        }
    }

    /// For measuring how long something took; never for deciding anything.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn monotonic(&self) -> Instant {
        Instant::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // The generator cannot fail once seeded, and a server that cannot
        // draw secrets must not answer.
        aws_lc_rs::rand::fill(&mut bytes).expect("the system's random generator works");
        bytes
    }

    /// A new key pair that signs, as PKCS#8.
    pub fn signing_key(&self, algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key_pair(algorithm.name(), || SigningKey::generate(algorithm))
    }

    /// A new key pair whose public half others encrypt to, as PKCS#8.
    pub fn decrypting_key(&self, alg: KeyManagement) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key_pair(alg.name(), || DecryptingKey::generate(alg))
    }

    /// All standing worlds draw from one row of them: searching for primes is most of what
    /// a test would do.
    fn key_pair(
        &self,
        name: &'static str,
        generate: impl FnOnce() -> Result<Zeroizing<Vec<u8>>, KeyError>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let Clock::Standing { drawn, .. } = &self.0.clock else {
            return generate();
        };
        let number = drawn.fetch_add(1, Ordering::Relaxed);
        let mut made = MADE.lock();
        if let Some(der) = made.get(&(name, number)) {
            return Ok(der.clone());
        }
        let der = generate()?;
        made.insert((name, number), der.clone());
        Ok(der)
    }

    /// So many random bytes in hexadecimal.
    pub fn random_hex<const N: usize>(&self) -> String {
        const DIGITS: [char; 16] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
        ];
        let halves = |byte: u8| [byte >> 4, byte & 15].map(|half| DIGITS[usize::from(half)]);
        self.random::<N>().into_iter().flat_map(halves).collect()
    }

    /// A name for one request, in logs: unlike every other of this process, and hardly
    /// like one of another. Nothing depends on its being hard to guess.
    pub fn new_request_id(&self) -> RequestId {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let number = self.0.requests.fetch_add(GOLDEN, Ordering::Relaxed);
        let number = (number ^ (number >> 31)).wrapping_mul(GOLDEN);
        RequestId(std::array::from_fn(|place| {
            let digit = (number >> (60 - 4 * place)) as u8 & 15;
            digit + if digit < 10 { b'0' } else { b'a' - 10 }
        }))
    }

    /// A 63-bit row id: rows written together lie together. Always greater
    /// than the one before, also when the clock stands or steps back.
    pub fn new_id(&self, now: Timestamp) -> i64 {
        self.id_of(now, u32::from_le_bytes(self.random()))
    }

    /// The id of an access token, and four random bytes more: one draw for both.
    pub fn new_token_id(&self, now: Timestamp) -> (i64, [u8; 4]) {
        let drawn = u64::from_le_bytes(self.random());
        let id = self.id_of(now, drawn as u32);
        (id, ((drawn >> 32) as u32).to_le_bytes())
    }

    fn id_of(&self, now: Timestamp, random: u32) -> i64 {
        let since_epoch = (now.0 - ID_EPOCH).max(0);
        let wish = (since_epoch << ID_RANDOM_BITS) | i64::from(random >> (32 - ID_RANDOM_BITS));
        // A small stride, so that a burst within one millisecond stays near it.
        let stride = 1 + i64::from(random & 0xff);
        let next = |last: i64| if wish > last { wish } else { last + stride };
        let last = self
            .0
            .last_id
            .update(Ordering::Relaxed, Ordering::Relaxed, next);
        next(last)
    }

    /// A public number of a user or an app: random, so nobody can count them.
    pub fn new_gid(&self) -> i64 {
        loop {
            // 53 random bits, rejected below the first: uniform, and one draw
            // in nearly all cases.
            let drawn = (u64::from_le_bytes(self.random()) >> 11).cast_signed();
            if (GID_FIRST..GID_END).contains(&drawn) {
                return drawn;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn milliseconds_since_epoch() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread;

    const NOON: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn a_standing_clock_moves_only_when_told_and_for_all_clones() {
        let world = World::at(NOON);
        assert_eq!(world.now(), NOON);
        world.clone().advance(Millis::hours(1));
        assert_eq!(world.now(), NOON + Millis::hours(1));
    }

    #[test]
    fn the_real_clock_is_in_this_century() {
        let now = World::real().now();
        assert!(now > Timestamp(ID_EPOCH) && now < Timestamp(4_102_444_800_000));
    }

    #[test]
    fn ids_carry_their_time() {
        let id = World::at(NOON).new_id(NOON);
        assert_eq!((id >> ID_RANDOM_BITS) + ID_EPOCH, NOON.0);
        assert!(id > 0);
    }

    #[test]
    fn ids_rise_when_the_clock_stands_and_when_it_steps_back() {
        let world = World::at(NOON);
        let mut last = 0;
        for step in 0..10_000 {
            let id = world.new_id(NOON - Millis(step % 100));
            assert!(id > last);
            last = id;
        }
    }

    #[test]
    fn threads_never_draw_the_same_id() {
        let world = World::at(NOON);
        let draw = || (0..5_000).map(|_| world.new_id(NOON)).collect::<Vec<_>>();
        let ids: Vec<i64> = thread::scope(|scope| {
            let running: Vec<_> = (0..4).map(|_| scope.spawn(draw)).collect();
            running
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    }

    #[test]
    fn an_instant_before_the_id_epoch_still_gives_a_positive_id() {
        assert!(World::at(Timestamp(0)).new_id(Timestamp(0)) >= 0);
    }

    #[test]
    fn gids_stay_within_their_bounds() {
        let world = World::real();
        assert!((0..10_000).all(|_| (GID_FIRST..GID_END).contains(&world.new_gid())));
    }
}
