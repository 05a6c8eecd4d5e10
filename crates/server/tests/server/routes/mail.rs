//! What is asked for by mail, and what the links in mails do.

use crate::support::{Browser, PASSWORD, Person, STALE, Site, join_all, with_mail};
use grantor_protocol::time::Millis;
use grantor_store::user_links::Purpose;

const NEW_PASSWORD: &str = "an even better one";

async fn site() -> Site {
    Site::with(with_mail).await
}

/// Signed in, with a password, and an address that is hers.
async fn alice(site: &Site) -> Person {
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let link = site.mail_link(&alice, Purpose::Verify, &alice.email).await;
    let reply = alice.post("/address/confirm", &[("token", &link)]).await;
    assert_eq!(reply.location(), "/account/address?done=verified");
    site.mails().await;
    alice
}

async fn forgot(browser: &Browser, email: &str) -> String {
    let reply = browser.post("/password/forgot", &[("email", email)]).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    let token = reply.csrf().map(str::to_owned);
    let body = token.map_or(reply.body.clone(), |token| reply.body.replace(&token, ""));
    body.replace(email, "")
}

async fn is_verified(site: &Site, id: i64) -> bool {
    site.app
        .store
        .user(id)
        .await
        .unwrap()
        .unwrap()
        .email_verified
}

#[tokio::test]
async fn a_new_address_is_verified_by_its_reader_at_her_own_account() {
    let site = site().await;
    let ada = site.visitor();
    let fields = [
        ("name", "Ada"),
        ("email", "Ada@example.org"),
        ("password", PASSWORD),
    ];
    assert_eq!(ada.post("/signup", &fields).await.code(), 303);
    let id = site.app.store.users(0, 1).await.unwrap()[0].id;
    let mail = site.mail().await;
    assert_eq!(
        (mail.to(), mail.subject()),
        ("Ada@example.org", "Verify your email address")
    );
    assert_eq!(mail.header("From"), "Grantor <accounts@auth.example>");
    assert_eq!(mail.header("Date"), "Wed, 25 Nov 2026 12:00:00 +0000");
    assert!(!mail.text.contains("Ada\n") && !mail.html.contains("Ada<"));
    let (path, token) = mail.link();
    // Mail programs look at links before anybody else does.
    let before = site.contents();
    let out = ada.elsewhere().get(&path).await;
    assert!(
        out.location()
            .starts_with("/login?return_to=%2Faddress%2Fconfirm"),
        "{}",
        out.location()
    );
    let page = ada.get(&path).await;
    assert_eq!(
        (page.code(), page.heading().as_str()),
        (200, "Verify your address")
    );
    assert_eq!(site.contents(), before);
    // Somebody else's account does not get it.
    let mallory = site.user("mallory").await.signed_in().await;
    assert_eq!(mallory.get(&path).await.code(), 403);
    let stolen = mallory.post("/address/confirm", &[("token", &token)]).await;
    assert_eq!(stolen.code(), 403);
    assert!(!is_verified(&site, id).await && !is_verified(&site, mallory.id).await);

    let reply = ada.post("/address/confirm", &[("token", &token)]).await;
    assert_eq!(reply.location(), "/account/address?done=verified");
    assert!(is_verified(&site, id).await);
    assert_eq!(
        ada.post("/address/confirm", &[("token", &token)])
            .await
            .code(),
        403
    );
    let page = ada.get("/account/address?done=verified").await;
    assert!(page.notice().contains("is verified") && page.body.contains("Verified"));
}

#[tokio::test]
async fn a_link_can_be_mailed_again_but_not_for_ever() {
    let site = site().await;
    let alice = site.user("alice").await.signed_in().await;
    let page = alice.get("/account").await;
    assert!(page.body.contains("Not verified"));
    for _ in 0..5 {
        let reply = alice.post("/account/address/verify", &[]).await;
        assert_eq!(reply.code(), 200, "{}", reply.body);
    }
    assert_eq!(alice.post("/account/address/verify", &[]).await.code(), 429);
    let mails = site.mails().await;
    assert_eq!(mails.len(), 5);
    // Each of them works, until one was used.
    let (_, first) = mails[0].link();
    let (_, last) = mails[4].link();
    assert_eq!(
        alice
            .post("/address/confirm", &[("token", &first)])
            .await
            .code(),
        303
    );
    assert!(is_verified(&site, alice.id).await);
    site.pass(Millis::hours(1));
    assert_eq!(alice.post("/account/address/verify", &[]).await.code(), 303);
    assert!(site.mails().await.is_empty());
    let again = alice.post("/address/confirm", &[("token", &last)]).await;
    assert_eq!(again.code(), 303, "it says what is so already");
}

#[tokio::test]
async fn a_link_works_for_a_while() {
    let site = site().await;
    let alice = alice(&site).await;
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
    let site = site().await;
    let alice = alice(&site).await;
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
async fn the_address_is_changed_by_whoever_reads_at_the_new_one() {
    let site = site().await;
    let alice = alice(&site).await;
    site.pass(STALE);
    let fields = [("email", "Alice@new.example")];
    let stale = alice.post("/account/address", &fields).await;
    assert!(
        stale.location().contains("confirm=1"),
        "{}",
        stale.location()
    );
    alice
        .log_in_to("/account/address", &alice.email, PASSWORD)
        .await;
    site.mails().await;
    for wrong in ["alice", "alice@example.org", ""] {
        let reply = alice.post("/account/address", &[("email", wrong)]).await;
        assert_eq!(reply.code(), 422, "{wrong}");
    }
    let reply = alice.post("/account/address", &fields).await;
    assert!(
        reply
            .body
            .contains("A link is on its way to <bdi>Alice@new.example</bdi>")
    );
    let mail = site.mail().await;
    assert_eq!(
        (mail.to(), mail.subject()),
        ("Alice@new.example", "Confirm your new email address")
    );
    let (path, token) = mail.link();
    assert_eq!(alice.get(&path).await.heading(), "Use this address?");
    site.pass(Millis(1));
    let phone = alice.elsewhere();
    assert_eq!(phone.log_in(&alice.email, PASSWORD).await.code(), 303);
    let reply = alice.post("/address/confirm", &[("token", &token)]).await;
    assert_eq!(reply.location(), "/account/address?done=changed");
    let user = site.app.store.user(alice.id).await.unwrap().unwrap();
    assert_eq!(
        (user.email.as_str(), user.email_verified),
        ("Alice@new.example", true)
    );
    let told = site.mail().await;
    assert_eq!(
        (told.to(), told.subject()),
        ("alice@example.org", "Your email address was changed")
    );
    assert_eq!(
        alice
            .elsewhere()
            .log_in("alice@example.org", PASSWORD)
            .await
            .code(),
        401
    );
    assert_eq!(
        alice
            .elsewhere()
            .log_in("alice@NEW.example", PASSWORD)
            .await
            .code(),
        303
    );
}

/// Somebody at her open session has changed the address and the password.
#[tokio::test]
async fn the_old_address_takes_the_account_back() {
    let site = site().await;
    let alice = alice(&site).await;
    let mallory: &Browser = &alice;
    mallory
        .post("/account/address", &[("email", "mallory@evil.example")])
        .await;
    let (_, token) = site.mail().await.link();
    mallory.post("/address/confirm", &[("token", &token)]).await;
    let (path, back) = site.mail().await.link();
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "mallory's own"),
    ];
    assert_eq!(mallory.post("/account/password", &fields).await.code(), 303);
    site.mails().await;
    site.pass(Millis::days(6));

    let owner = alice.elsewhere();
    let page = owner.get(&path).await;
    assert_eq!(page.heading(), "Put your address back");
    let short = [("token", back.as_str()), ("password", "short")];
    assert_eq!(owner.post("/address/restore", &short).await.code(), 422);
    let fields = [("token", back.as_str()), ("password", NEW_PASSWORD)];
    assert_eq!(owner.post("/address/restore", &fields).await.code(), 303);
    assert!(owner.is_signed_in().await && !mallory.is_signed_in().await);
    assert_eq!(
        alice
            .elsewhere()
            .log_in("alice@example.org", NEW_PASSWORD)
            .await
            .code(),
        303
    );
    assert_eq!(
        alice
            .elsewhere()
            .log_in("mallory@evil.example", "mallory's own")
            .await
            .code(),
        401
    );
    assert_eq!(owner.post("/address/restore", &fields).await.code(), 403);
    let told = site.mails().await;
    assert_eq!(
        (told[0].to(), told[0].subject()),
        ("alice@example.org", "Your email address was put back")
    );
    let page = owner.get("/account/history").await;
    assert!(
        page.body
            .contains("The change of your email address was undone")
    );
}

/// Nobody learns by asking whether an address has an account.
#[tokio::test]
async fn an_address_with_an_account_is_found_out_by_its_reader_alone() {
    let site = site().await;
    let alice = alice(&site).await;
    let bob = site.user("bob").await;
    let mut answers = Vec::new();
    for email in [bob.email.as_str(), "free@example.org"] {
        let reply = alice.post("/account/address", &[("email", email)]).await;
        let token = reply.csrf().unwrap().to_owned();
        answers.push((
            reply.code(),
            reply.body.replace(email, "").replace(&token, ""),
        ));
    }
    assert_eq!(answers[0], answers[1]);
    let mails = site.mails().await;
    let (_, token) = mails[0].link();
    let reply = alice.post("/address/confirm", &[("token", &token)]).await;
    assert_eq!(reply.code(), 403);
    assert!(reply.body.contains("has another account"));
    assert_eq!(
        site.app.store.user(alice.id).await.unwrap().unwrap().email,
        alice.email
    );
}

/// An address that nobody verified may be a stranger's, who gets no way in.
#[tokio::test]
async fn an_unverified_address_gets_no_way_back() {
    let site = site().await;
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    alice
        .post("/account/address", &[("email", "alice@new.example")])
        .await;
    let (_, token) = site.mail().await.link();
    assert_eq!(
        alice
            .post("/address/confirm", &[("token", &token)])
            .await
            .code(),
        303
    );
    assert!(site.mails().await.is_empty());
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_all_sessions_end() {
    let site = site().await;
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
        is_verified(&site, alice.id).await,
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
    let site = site().await;
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
    let site = site().await;
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
    let site = site().await;
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
    let site = site().await;
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
    let site = site().await;
    let alice = site.user("alice").await.with_password().await;
    forgot(&site.visitor(), &alice.email).await;
    let again = site.reopened(with_mail).await;
    let (path, _) = again.mail().await.link();
    assert_eq!(again.visitor().get(&path).await.code(), 200);
}
