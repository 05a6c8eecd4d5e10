//! `/password/forgot` and `/password/reset`; and what holds for all links in mails.

use crate::support::{PASSWORD, Site, forgot, join_all, mailing, verified, with_mail};
use grantor_protocol::time::Millis;
use grantor_store::user_links::Purpose;

const NEW_PASSWORD: &str = "an even better one";

#[tokio::test]
async fn a_link_works_for_a_while() {
    let site = mailing().await;
    let alice = verified(&site).await;
    forgot(&alice.elsewhere(), &alice.email).await;
    let (path, _) = site.mail().await.link();
    site.pass(Millis(3_599_999));
    assert_eq!(alice.elsewhere().get(&path).await.code(), 200);
    site.pass(Millis(1));
    assert_eq!(alice.elsewhere().get(&path).await.code(), 403);
}

/// Not even after a restart, and no link does another's work.
#[tokio::test]
async fn a_link_is_for_one_thing() {
    let site = mailing().await;
    let alice = verified(&site).await;
    let about = |purpose| match purpose {
        Purpose::Change | Purpose::Restore => "alice@new.example",
        _ => "alice@example.org",
    };
    for purpose in [
        Purpose::Verify,
        Purpose::Change,
        Purpose::Restore,
        Purpose::Reset,
    ] {
        let token = site.mail_link(&alice, purpose, about(purpose)).await;
        for (path, right) in [
            ("/password/reset", purpose == Purpose::Reset),
            ("/address/restore", purpose == Purpose::Restore),
            (
                "/address/confirm",
                matches!(purpose, Purpose::Verify | Purpose::Change),
            ),
        ] {
            let code = alice.get(&format!("{path}?token={token}")).await.code();
            assert_eq!(code == 200, right, "{purpose:?} at {path}");
            assert_eq!(
                alice.get(&format!("{path}?token={token}x")).await.code(),
                403
            );
        }
        assert_eq!(
            site.visitor()
                .get(&format!("/setup?token={token}"))
                .await
                .code(),
            403
        );
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_all_sessions_end() {
    let site = mailing().await;
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    assert!(
        site.visitor()
            .get("/login")
            .await
            .body
            .contains("/password/forgot")
    );
    let answers = [
        forgot(&site.visitor(), "ALICE@example.org").await,
        forgot(&site.visitor(), "nobody@example.org").await,
    ];
    assert_eq!(answers[0], answers[1], "the answer is the same");
    forgot(&site.visitor(), &alice.email).await;
    let mails = site.mails().await;
    let [first, second] = &mails[..] else {
        panic!("{} mails", mails.len())
    };
    assert_eq!(
        (first.to(), first.subject()),
        ("alice@example.org", "Set a new password")
    );
    let ((path, token), (other, _)) = (first.link(), second.link());
    let owner = alice.elsewhere();
    assert_eq!(owner.get(&path).await.heading(), "Set a new password");
    let short = [("token", token.as_str()), ("password", "short")];
    assert_eq!(owner.post("/password/reset", &short).await.code(), 422);
    let fields = [("token", token.as_str()), ("password", NEW_PASSWORD)];
    assert_eq!(owner.post("/password/reset", &fields).await.code(), 303);
    assert!(owner.is_signed_in().await && !alice.is_signed_in().await);
    assert!(
        site.app
            .store
            .user(alice.id)
            .await
            .unwrap()
            .unwrap()
            .email_verified,
        "she has read a mail there"
    );
    for path in [path, other] {
        assert_eq!(
            owner.get(&path).await.code(),
            403,
            "used, or for another password"
        );
    }
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, PASSWORD)
            .await
            .code(),
        401
    );
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, NEW_PASSWORD)
            .await
            .code(),
        303
    );
    let told = site.mails().await;
    assert_eq!(told[0].subject(), "A new password was set");
}

#[tokio::test]
async fn of_parallel_resets_one_counts() {
    let site = mailing().await;
    let alice = site.user("alice").await.with_password().await;
    let token = site.mail_link(&alice, Purpose::Reset, &alice.email).await;
    let tries = (0..6).map(|number| {
        let (browser, token) = (alice.elsewhere(), token.clone());
        async move {
            let password = format!("a password of try {number}");
            let fields = [("token", token.as_str()), ("password", password.as_str())];
            browser.post("/password/reset", &fields).await.code()
        }
    });
    let codes = join_all(tries).await;
    let winner = codes.iter().position(|code| *code == 303).unwrap();
    assert_eq!(
        codes.iter().filter(|code| **code == 403).count(),
        5,
        "{codes:?}"
    );
    let password = format!("a password of try {winner}");
    assert_eq!(
        alice
            .elsewhere()
            .log_in(&alice.email, &password)
            .await
            .code(),
        303
    );
}

/// Nobody fills a mailbox, and nobody keeps its owner from what was sent there.
#[tokio::test]
async fn resets_are_throttled_without_a_word_of_the_account() {
    let site = mailing().await;
    let alice = site.user("alice").await;
    let mallory = site.visitor();
    for email in [&alice.email, "nobody@example.org"] {
        let answers: Vec<_> = {
            let mut answers = Vec::new();
            for _ in 0..8 {
                answers.push(forgot(&mallory, email).await);
            }
            answers
        };
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }
    let mails = site.mails().await;
    assert_eq!(mails.len(), 5, "one mailbox gets no more than five an hour");
    for mail in mails {
        assert_eq!(site.visitor().get(&mail.link().0).await.code(), 200);
    }
    for _ in 0..4 {
        forgot(&mallory, "nobody@example.org").await;
    }
    let reply = mallory
        .post("/password/forgot", &[("email", "x@example.org")])
        .await;
    assert_eq!(
        reply.code(),
        429,
        "one network asks no more than twenty times an hour"
    );
    let elsewhere = site.visitor().at("198.51.100.1");
    assert_eq!(
        elsewhere
            .post("/password/forgot", &[("email", "x@")])
            .await
            .code(),
        422
    );
}

#[tokio::test]
async fn a_disabled_user_gets_no_link() {
    let site = mailing().await;
    let alice = site.user("alice").await;
    let token = site.mail_link(&alice, Purpose::Reset, &alice.email).await;
    alice.disable().await;
    forgot(&site.visitor(), &alice.email).await;
    assert!(
        site.mails()
            .await
            .iter()
            .all(|mail| mail.to() != alice.email)
    );
    let path = format!("/password/reset?token={token}");
    assert_eq!(site.visitor().get(&path).await.code(), 403);
}

/// Nothing that a mail would have to do is offered.
#[tokio::test]
async fn without_mail_nothing_of_it_is_offered() {
    let site = Site::open().await;
    let alice = site.user("alice").await.signed_in().await;
    assert!(
        !site
            .visitor()
            .get("/login")
            .await
            .body
            .contains("/password/forgot")
    );
    assert!(
        !alice
            .get("/account")
            .await
            .body
            .contains("/account/address")
    );
    assert_eq!(alice.get("/password/forgot").await.code(), 403);
    assert_eq!(
        alice
            .post("/password/forgot", &[("email", "a@b.example")])
            .await
            .code(),
        403
    );
    assert_eq!(alice.get("/account/address").await.code(), 403);
    assert_eq!(
        alice
            .post("/account/address", &[("email", "a@b.example")])
            .await
            .code(),
        403
    );
    assert_eq!(alice.post("/account/address/verify", &[]).await.code(), 403);
}

/// No secret lies readable in the database, while its mail waits or after.
#[tokio::test]
async fn the_outbox_tells_nothing() {
    let site = mailing().await;
    let alice = site.user("alice").await.with_password().await;
    forgot(&site.visitor(), &alice.email).await;
    let waiting = site.contents();
    let (_, token) = site.mail().await.link();
    let whole = hex(token.as_bytes());
    let sent = site.contents();
    for contents in [&waiting, &sent] {
        assert!(!contents.contains(&token) && !contents.contains(&whole));
    }
    assert!(waiting.contains("mails [") && !sent.contains("mails ["));
}

/// As the contents show bytes.
fn hex(bytes: &[u8]) -> String {
    let all: Vec<_> = bytes.iter().map(ToString::to_string).collect();
    all.join(", ")
}

/// The link of a mail that waited while the keys were changed.
#[tokio::test]
async fn a_mail_that_waits_outlives_a_restart_and_new_keys() {
    let site = mailing().await;
    let alice = site.user("alice").await.with_password().await;
    forgot(&site.visitor(), &alice.email).await;
    let again = site.reopened(with_mail).await;
    let (path, _) = again.mail().await.link();
    assert_eq!(again.visitor().get(&path).await.code(), 200);
}
