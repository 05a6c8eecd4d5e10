//! A user deletes her account at one of several nodes: it is over at all of them within the
//! promised second.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    cluster::Cluster,
    commands::BOUND,
    nodes::{KEY, database, home},
    port::quiet_port,
    process::Server,
    scene::{Tokens, connect},
};
use tokio::time::{Duration, Instant, sleep};

const TRIES: usize = 20;

/// How long the other node goes on with any of it.
async fn until_over(mut browser: Browser, program: &Program, tokens: [&str; 3]) -> Duration {
    let begun = Instant::now();
    loop {
        let mut goes_on = browser.is_signed_in().await.sure();
        for token in tokens {
            goes_on |= program.is_accepted(token).await.sure();
        }
        if !goes_on {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < BOUND * 5, "it is never over");
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_over_at_every_node_within_a_second() {
    let home = home(&database(Cluster::get()), KEY);
    let first = quiet_port();
    let public = format!("--public-url=http://127.0.0.1:{first}");
    let settings = [public.as_str(), "--throttling=false"];
    let start = |port| Server::start_on(&home, port, &settings);
    let nodes = [start(first), start(quiet_port())];
    let at = |node: usize, browser: Option<&Browser>| {
        let mut there = Browser::new(nodes[node].url());
        there.wire.host = Some(format!("127.0.0.1:{first}"));
        there.cookies = browser.map(|it| it.cookies.clone()).unwrap_or_default();
        there
    };
    home.add_user("dora@example.org", "Dora");
    let clock = home.add_app("dora@example.org", REDIRECT, &["--kind", "confidential"]);
    let mut dora = at(0, None);
    dora.sign_in("dora@example.org")
        .await
        .sure()
        .must(&[303], "a login");
    let mut took = Vec::new();
    for number in 0..TRIES {
        let email = format!("user{number}@example.org");
        let gid = home.add_user(&email, "User")["gid"].clone();
        let mut user = at(0, None);
        user.sign_in(&email).await.sure().must(&[303], "a login");
        let program = Program::new(nodes[1].url(), &clock);
        let Tokens { access, .. } = connect(&mut user, &program).await;
        let personal = user.make_token("a script").await.sure();
        let own = home.add_app(&email, REDIRECT, &["--kind", "native"]);
        let own = Program::new(nodes[1].url(), &own);
        let others = connect(&mut dora, &own).await.access;
        let tokens = [access.as_str(), &personal, &others];
        for token in tokens {
            assert!(program.is_accepted(token).await.sure());
        }
        let other = at(1, Some(&user));
        let confirmed = [("confirm", email.as_str())];
        let reply = user.submit("/account/delete", "/account/delete", &confirmed);
        reply.await.sure().must(&[303], "a deletion");
        took.push(until_over(other, &program, tokens).await);
        at(1, None)
            .sign_in(&email)
            .await
            .sure()
            .must(&[401], "a login");
        let again = home.add_user(&email, "User")["gid"].clone();
        assert_ne!(again, gid, "the address is free for another account");
    }
    took.sort();
    println!(
        "a deletion in force at the other node: p50 {:?}, p100 {:?} of {TRIES}",
        took[TRIES / 2],
        took[TRIES - 1]
    );
    assert!(took[TRIES - 1] < BOUND, "{took:?}");
    let leave = ["user", "delete", "dora@example.org", "--yes"];
    assert_eq!(home.run(&leave, "")["deleted"], true);
    assert!(nodes.into_iter().all(|node| node.stop().success()));
}
