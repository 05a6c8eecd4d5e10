//! `/signup`.

use crate::support::{Browser, PASSWORD, Reply, Site, join_all, with_mail};
use grantor::config::SignUp;
use grantor_protocol::time::Millis;

const FIELDS: [(&str, &str); 3] = [
    ("name", "Ada"),
    ("email", "ada@example.org"),
    ("password", PASSWORD),
];

#[tokio::test]
async fn an_account_is_made_and_leads_back() {
    let site = Site::open().await;
    let ada = site.visitor();
    let mut fields = FIELDS.to_vec();
    fields.push(("return_to", "/-/oauth_authorize?client_id=1"));
    let reply = ada.post("/signup", &fields).await;
    assert_eq!(reply.code(), 303);
    assert_eq!(reply.location(), "/-/oauth_authorize?client_id=1");
    assert!(ada.is_signed_in().await);
    let elsewhere = site.visitor();
    assert_eq!(
        elsewhere.log_in("ADA@example.org", PASSWORD).await.code(),
        303
    );
}

#[tokio::test]
async fn what_was_typed_stays_but_the_password() {
    let site = Site::open().await;
    let ada = site.visitor();
    let fields = [("name", "Ada"), ("email", "ada@"), ("password", "geheim!")];
    let reply = ada.post("/signup", &fields).await;
    assert_eq!(reply.code(), 422);
    assert!(reply.body.contains("value=\"Ada\"") && reply.body.contains("value=\"ada@\""));
    assert!(!reply.body.contains("geheim!"));
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_has_one_account() {
    let site = Site::open().await;
    site.visitor().post("/signup", &FIELDS).await;
    let mut again = FIELDS;
    again[1] = ("email", "ADA@Example.ORG");
    let reply = site.visitor().post("/signup", &again).await;
    assert_eq!(reply.code(), 422);
}

#[tokio::test]
async fn the_operator_can_close_it() {
    let site = Site::with(|config| config.service.sign_up = SignUp::Closed).await;
    let visitor = site.visitor();
    assert_eq!(visitor.get("/signup").await.code(), 403);
    assert_eq!(visitor.post("/signup", &FIELDS).await.code(), 403);
    assert!(!visitor.get("/login").await.body.contains("/signup"));
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn accounts_from_one_address_are_throttled() {
    let site = Site::open().await;
    // Taken addresses count too: whoever tries them out is slowed as well.
    site.user("ada").await;
    for _ in 0..20 {
        assert_eq!(site.visitor().post("/signup", &FIELDS).await.code(), 422);
    }
    let reply = site.visitor().post("/signup", &FIELDS).await;
    assert_eq!(reply.code(), 429);
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    site.pass(Millis::seconds(wait));
    assert_eq!(site.visitor().post("/signup", &FIELDS).await.code(), 422);
}

async fn by_mail() -> Site {
    Site::with(|config| {
        with_mail(config);
        config.service.sign_up = SignUp::Mail;
    })
    .await
}

async fn ask(browser: &Browser, email: &str, return_to: &str) -> Reply {
    let fields = [("email", email), ("return_to", return_to)];
    browser.post("/signup", &fields).await
}

async fn finish(browser: &Browser, token: &str) -> Reply {
    let fields = [("token", token), ("name", "Ada"), ("password", PASSWORD)];
    browser.post("/signup/finish", &fields).await
}

#[tokio::test]
async fn by_mail_an_account_is_made_by_whoever_reads_at_its_address() {
    let site = by_mail().await;
    let ada = site.visitor();
    assert!(ada.get("/login").await.body.contains("/signup"));
    assert_eq!(ask(&ada, "ada@", "/").await.code(), 422);
    let reply = ask(&ada, "Ada@example.org", "/-/oauth_authorize?client_id=1").await;
    assert_eq!(reply.heading(), "Check your email");
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
    let mail = site.mail().await;
    assert_eq!(
        (mail.to(), mail.subject()),
        ("Ada@example.org", "Create your account")
    );
    let (path, token) = mail.link();
    let before = site.contents();
    assert!(
        ada.get(&path)
            .await
            .body
            .contains("value=\"Ada@example.org\"")
    );
    assert_eq!(site.contents(), before);
    let short = [
        ("token", token.as_str()),
        ("name", "Grantor"),
        ("password", "short"),
    ];
    let wrong = ada.post("/signup/finish", &short).await;
    assert_eq!(wrong.code(), 422);
    assert!(wrong.body.contains("name-error") && wrong.body.contains("password-error"));
    // The address is the link's, whatever else is sent.
    let fields = [
        ("token", token.as_str()),
        ("name", "Ada"),
        ("password", PASSWORD),
        ("email", "eve@example.org"),
    ];
    let reply = ada.post("/signup/finish", &fields).await;
    assert_eq!(reply.location(), "/-/oauth_authorize?client_id=1");
    assert!(ada.is_signed_in().await);
    let users = site.app.store.users(0, 9).await.unwrap();
    assert_eq!(
        (
            users.len(),
            users[0].email.as_str(),
            users[0].email_verified
        ),
        (1, "Ada@example.org", true)
    );
    assert_eq!(
        finish(&site.visitor(), &token).await.code(),
        403,
        "it has made its account"
    );
    // Whoever opens it again is told, signed in or not.
    let again = site.visitor().get(&path).await;
    let login = "/login?return_to=%2F-%2Foauth_authorize%3Fclient_id%3D1&made=1";
    assert_eq!(again.location(), login);
    let told = site.visitor().get(login).await;
    assert!(told.notice().contains("This link was used already"));
    let told = ada.get(&path).await;
    assert_eq!(told.code(), 403);
    assert!(told.body.contains("This link was used already"));
}

/// Neither the answer nor its status says so; only the mail does.
#[tokio::test]
async fn by_mail_nobody_learns_whose_address_has_an_account() {
    let site = by_mail().await;
    let ada = site.user("ada").await.with_password().await;
    let mallory = site.visitor();
    let mut answers = Vec::new();
    for email in ["ADA@example.org", "free@example.org"] {
        let reply = ask(&mallory, email, "/").await;
        answers.push((reply.code(), reply.body.replace(email, "")));
    }
    assert_eq!(answers[0], answers[1]);
    let mails = site.mails().await;
    assert_eq!(
        (mails[0].to(), mails[0].subject()),
        (ada.email.as_str(), "You have an account already")
    );
    assert_eq!(mails[0].link().0, "/login");
    assert_eq!(mails[1].subject(), "Create your account");
    for _ in 0..6 {
        assert_eq!(ask(&mallory, "free@example.org", "/").await.code(), 200);
    }
    assert_eq!(
        site.mails().await.len(),
        4,
        "five an hour, and no word of it"
    );
}

#[tokio::test]
async fn an_invitation_is_whole_and_new_or_nothing() {
    let site = by_mail().await;
    let token = site.invitation("ada@example.org", "/");
    let (start, tag) = token.rsplit_once('.').unwrap();
    let other = site.invitation("eve@example.org", "/");
    let (others, _) = other.rsplit_once('.').unwrap();
    let later = format!("9{start}.{tag}");
    let forged = format!("{others}.{tag}");
    for wrong in [
        "",
        "a",
        "1.a.b.c",
        start,
        &later,
        &forged,
        &format!("{token}x"),
    ] {
        assert_eq!(finish(&site.visitor(), wrong).await.code(), 403, "{wrong}");
    }
    let closed = site
        .reopened(|config| config.service.sign_up = SignUp::Closed)
        .await;
    assert_eq!(finish(&closed.visitor(), &token).await.code(), 403);
    site.pass(Millis::days(1));
    assert_eq!(finish(&site.visitor(), &token).await.code(), 403);
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_parallel_uses_of_an_invitation_one_counts() {
    let site = by_mail().await;
    let token = site.invitation("ada@example.org", "/");
    let tries = (0..6).map(|_| {
        let (browser, token) = (site.visitor(), token.clone());
        async move { finish(&browser, &token).await.code() }
    });
    let codes = join_all(tries).await;
    assert_eq!(
        codes.iter().filter(|code| **code == 303).count(),
        1,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == 403).count(),
        5,
        "{codes:?}"
    );
}
