//! How many ID tokens a core can sign in a second: the bare signature rate that the
//! benchmark of the server is compared with. `cargo xtask bench` runs it. Of one
//! algorithm, if it is named.
#![allow(clippy::unwrap_used, reason = "nobody serves from here")]

use grantor_jose::{algorithm::Algorithm, sign::SigningKey};
use std::{
    env,
    hint::black_box,
    time::{Duration, Instant},
};

/// About as long as the claims of an ID token.
const PAYLOAD: [u8; 420] = [b'x'; 420];

#[expect(clippy::disallowed_methods, reason = "this measures time")]
fn main() {
    const SECONDS: u64 = 2;
    let only = env::args().nth(1);
    let all = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];
    let asked = |it: &Algorithm| only.as_deref().is_none_or(|only| only == it.name());
    for algorithm in all.into_iter().filter(asked) {
        let der = SigningKey::generate(algorithm).unwrap();
        let key = SigningKey::from_pkcs8(algorithm, &der).unwrap();
        let (start, mut signed) = (Instant::now(), 0u32);
        while start.elapsed() < Duration::from_secs(SECONDS) {
            black_box(key.sign(Some("JWT"), black_box(&PAYLOAD)).unwrap());
            signed += 1;
        }
        let rate = f64::from(signed) / start.elapsed().as_secs_f64();
        println!("{:<8} {rate:>10.0} signatures a second", algorithm.name());
    }
}
