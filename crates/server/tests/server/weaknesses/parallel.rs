//! Two at once.

use crate::support::{Site, Tokens, join_all};
use grantor_protocol::time::Millis;

#[tokio::test]
async fn parallel_exchanges_of_one_code_have_one_winner() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    for _ in 0..10 {
        let code = alice.allow(&clock).await.sent("code").unwrap();
        let replies = join_all((0..10).map(|_| clock.exchange(&code))).await;
        let won: Vec<_> = replies.iter().filter(|reply| reply.code() == 200).collect();
        assert_eq!(won.len(), 1);
        // The others were replays: what was won has ended.
        let tokens = Tokens::of(won[0]);
        assert_eq!(site.api(&tokens.access, "/users/me").await.code(), 401);
    }
}

#[tokio::test]
async fn parallel_refreshes_end_in_one_chain() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let mut tokens = alice.connect(&page).await;
    for _ in 0..10 {
        let replies = join_all((0..10).map(|_| page.refresh(&tokens.refresh))).await;
        let next: Vec<_> = replies
            .iter()
            .map(|reply| Tokens::of(reply).refresh)
            .collect();
        assert!(replies.iter().all(|reply| reply.code() == 200));
        assert!(
            next.iter()
                .all(|token| *token == next[0] && *token != tokens.refresh)
        );
        tokens.refresh = next[0].clone();
    }
}

/// The clock stands still: order is counted, not timed.
#[tokio::test]
async fn rotations_within_one_instant_are_told_apart() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let first = alice.connect(&page).await.refresh;
    let second = page.refresh(&first).await.member("refresh_token");
    let third = page.refresh(&second).await.member("refresh_token");
    assert!(first != second && second != third && first != third);
    // A minute later only the newest is worth anything, and the oldest is theft.
    site.pass(Millis::seconds(61));
    let fourth = page.refresh(&third).await;
    assert_eq!(fourth.code(), 200);
    assert_eq!(page.refresh(&first).await.member("error"), "invalid_grant");
    let newest = fourth.member("refresh_token");
    assert_eq!(page.refresh(&newest).await.member("error"), "invalid_grant");
}

#[tokio::test]
async fn a_refresh_racing_a_revocation_leaves_no_survivor() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let page = site.app("Page").browser().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    for app in [&clock, &page] {
        for _ in 0..10 {
            // Too many refusals at once would be throttled.
            site.pass(Millis::minutes(1));
            let tokens = alice.connect(app).await;
            let revoking = |number| number == 4;
            let race = (0..8).map(revoking).map(async |revoking| match revoking {
                true => app.revoke(&tokens.refresh).await,
                false => app.refresh(&tokens.refresh).await,
            });
            for reply in join_all(race).await {
                let late = Tokens::of_any(&reply);
                assert_ne!(site.api(&late.access, "/users/me").await.code(), 200);
                assert_ne!(app.refresh(&late.refresh).await.code(), 200);
            }
        }
    }
}
