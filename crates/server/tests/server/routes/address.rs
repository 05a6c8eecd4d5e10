//! `/account/address`, `/address/confirm` and `/address/restore`: by the links in mails.

use crate::support::{Browser, PASSWORD, STALE, Site, mailing, verified};
use grantor_protocol::time::Millis;

const NEW_PASSWORD: &str = "an even better one";

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
    let site = mailing().await;
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
    let site = mailing().await;
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
async fn the_address_is_changed_by_whoever_reads_at_the_new_one() {
    let site = mailing().await;
    let alice = verified(&site).await;
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
    let site = mailing().await;
    let alice = verified(&site).await;
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
    let reply = owner.post("/address/restore", &fields).await;
    assert_eq!(reply.location(), "/account?done=restored");
    let told = owner.get(reply.location()).await;
    assert!(told.notice().contains("Your address is back"));
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
    let site = mailing().await;
    let alice = verified(&site).await;
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
    let site = mailing().await;
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
