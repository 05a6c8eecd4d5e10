//! How long the answer takes says nothing about whether an address has an account.

use crate::support::{Call, Site, with_mail};
use std::time::Duration;
use tokio::time::Instant;

const ROUNDS: usize = 60;

#[tokio::test]
async fn a_forgotten_password_takes_as_long_for_a_stranger() {
    let site = Site::with(|config| {
        with_mail(config);
        config.sign_in.throttling = false;
    })
    .await;
    let alice = site.user("alice").await.with_password().await;
    let browser = site.visitor();
    let token = browser.form_token("/password/forgot").await;
    let cookies = browser.cookie_header().unwrap();
    let ask = async |email: &str| {
        let fields = [("email", email), ("csrf", token.as_str())];
        let call = Call::post("/password/forgot").form(&fields);
        let begun = Instant::now();
        let reply = site.send(call.header("cookie", cookies.as_str())).await;
        assert_eq!(reply.code(), 200, "{}", reply.body);
        begun.elapsed()
    };
    let mut known = Vec::with_capacity(ROUNDS);
    let mut unknown = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        known.push(ask(&alice.email).await);
        unknown.push(ask("nobody@example.org").await);
    }
    let (known, unknown) = (Spread::of(known), Spread::of(unknown));
    println!("{ROUNDS} each: known {known:?}, unknown {unknown:?}");
    // Timers are exact to a millisecond; a network is not.
    let apart = known.median.abs_diff(unknown.median);
    assert!(apart < Duration::from_millis(5), "{known:?} {unknown:?}");
}

#[derive(Debug)]
#[expect(dead_code, reason = "printed")]
struct Spread {
    first_quarter: Duration,
    median: Duration,
    third_quarter: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |quarter: usize| times[times.len() * quarter / 4];
        Self {
            first_quarter: at(1),
            median: at(2),
            third_quarter: at(3),
        }
    }
}
