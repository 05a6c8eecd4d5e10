//! What attackers try between this server and the platform that logs its users in.

use crate::{
    routes::upstream::connected,
    support::{
        Browser, Call, Device, PASSWORD, Person, Reply, STALE, Signer, Site, encoded, join_all,
        with_mail,
    },
};
use grantor::config::{Config, SignUp};
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    jwk::JwkSet,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use grantor_protocol::time::Millis;
use grantor_store::user_links::Purpose;
use serde_json::{Value, json};

/// A way to sign claims.
type Sign<'s> = Box<dyn Fn(&Value) -> String + 's>;
use std::path::PathBuf;
use tempfile::TempDir;

const TYPE: &str = "hand-over-answer+jwt";
const LOGIN: &str = "https://www.platform.example/login?from=grantor";

/// A platform whose login page says whatever the test wants.
struct Platform {
    signer: Signer,
    folder: TempDir,
}

impl Platform {
    fn new() -> Self {
        Self::signing_with(Signer::new(Algorithm::Es256, "platform"))
    }

    fn signing_with(signer: Signer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { signer, folder }
    }

    fn file(&self, name: &str, text: &str) -> Option<PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    }

    fn configure(&self, config: &mut Config) {
        config.hand_over.url = Some(LOGIN.parse().unwrap());
        config.hand_over.keys_file = self.file("keys.json", &self.signer.jwks());
    }

    async fn site(&self) -> Site {
        Site::with(|config| self.configure(config)).await
    }

    /// The challenge that a browser is sent away with.
    async fn challenged(&self, browser: &Browser, page: &str) -> Value {
        let reply = browser.get(page).await;
        assert!(
            reply.location().starts_with(LOGIN),
            "{} {}",
            reply.code(),
            reply.location()
        );
        challenge(&browser.site, &reply.sent("challenge").unwrap()).await
    }

    fn claims(&self, site: &Site, challenge: &Value, subject: &str) -> Value {
        let now = site.world.now().seconds();
        json!({
            "iss": "https://www.platform.example",
            "aud": challenge["iss"],
            "jti": challenge["jti"],
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "sub": subject,
            "email": format!("{subject}@platform.example"),
            "email_verified": true,
            "name": "Ada Lovelace",
        })
    }

    fn answer(&self, site: &Site, challenge: &Value, subject: &str) -> String {
        self.signer
            .sign_as(TYPE, &self.claims(site, challenge, subject))
    }

    async fn log_in(&self, browser: &Browser, page: &str, subject: &str) -> Reply {
        let challenge = self.challenged(browser, page).await;
        back(browser, &self.answer(&browser.site, &challenge, subject)).await
    }
}

/// Verified with the key that the server publishes.
async fn challenge(site: &Site, text: &str) -> Value {
    let jws = Compact::parse(text, 4096).unwrap();
    let published = site.send(Call::get("/api/1.0/openid_connect/jwks")).await;
    let jwks = JwkSet::parse(published.body.as_bytes()).unwrap();
    let jwk = jwks.to_verify(jws.kid(), Algorithm::Es256).unwrap();
    let key = VerifyingKey::from_jwk(jwk, Algorithm::Es256).unwrap();
    let typ = ExpectedType::Only("hand-over-challenge+jwt");
    let claims = Claims::parse(key.verify(&jws, typ).unwrap(), 4096).unwrap();
    claims
        .check_audience(&["https://www.platform.example"])
        .unwrap();
    claims.check_time(site.world.now().seconds(), 0).unwrap();
    claims
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

async fn back(browser: &Browser, answer: &str) -> Reply {
    let query = encoded(&[("answer", answer)]);
    browser.get(&format!("/login/hand-over?{query}")).await
}

async fn user_of(site: &Site, email: &str) -> grantor_store::users::User {
    site.app
        .store
        .user_by_email(email)
        .await
        .unwrap()
        .unwrap()
        .0
}

#[tokio::test]
async fn the_platforms_user_is_signed_in_and_kept_as_it_says() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.visitor();
    let asked = platform.challenged(&ada, "/login?return_to=/tokens").await;
    assert_eq!(asked["iss"], "https://auth.example");
    assert_eq!(asked["answer_to"], "https://auth.example/login/hand-over");
    assert!(asked.get("prompt").is_none());
    let reply = back(&ada, &platform.answer(&site, &asked, "ada")).await;
    assert_eq!((reply.code(), reply.location()), (303, "/tokens"));
    assert!(ada.is_signed_in().await);
    let user = user_of(&site, "ada@platform.example").await;
    assert!(user.email_verified && user.name == "Ada Lovelace");

    // Another browser, another name, another address: the same account.
    let phone = site.visitor();
    let asked = platform.challenged(&phone, "/login").await;
    let mut claims = platform.claims(&site, &asked, "ada");
    claims["name"] = "Ada King".into();
    claims["email"] = "countess@platform.example".into();
    claims["email_verified"] = false.into();
    assert_eq!(
        back(&phone, &platform.signer.sign_as(TYPE, &claims))
            .await
            .code(),
        303
    );
    let now = user_of(&site, "countess@platform.example").await;
    assert_eq!(
        (now.id, &*now.name, now.email_verified),
        (user.id, "Ada King", false)
    );
    let history = phone.get("/account/history").await;
    assert!(history.body.contains("Your email address was changed."));
}

#[tokio::test]
async fn a_posted_answer_is_as_good() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.visitor();
    let asked = platform.challenged(&ada, "/login").await;
    let answer = platform.answer(&site, &asked, "ada");
    // The browser brings no cookies along from another site.
    let call = Call::post("/login/hand-over").form(&[("answer", &answer), ("more", "x")]);
    let call = call.header("origin", "https://www.platform.example");
    let reply = site.send(call).await;
    assert_eq!(reply.code(), 303);
    assert_eq!(ada.get(reply.location()).await.location(), "/");
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn a_platforms_answer_is_for_one_browser_and_comes_once() {
    let platform = Platform::new();
    let site = platform.site().await;
    let (mallory, victim) = (site.visitor(), site.visitor());
    let asked = platform.challenged(&mallory, "/login").await;
    let answer = platform.answer(&site, &asked, "mallory");
    // Login CSRF.
    assert_eq!(back(&victim, &answer).await.code(), 403);
    platform.challenged(&victim, "/login").await;
    assert_eq!(back(&victim, &answer).await.code(), 403);
    assert!(!victim.is_signed_in().await);
    // A replay, at once and later; and after a restart.
    let both = join_all([(), ()].iter().map(|()| back(&mallory, &answer))).await;
    let codes: Vec<_> = both.iter().map(Reply::code).collect();
    assert!(codes.contains(&303) && codes.contains(&403), "{codes:?}");
    assert_eq!(back(&mallory, &answer).await.code(), 403);
}

#[tokio::test]
async fn a_platforms_answer_that_is_not_for_this_challenge_is_refused() {
    let platform = Platform::new();
    let site = platform.site().await;
    let now = site.world.now().seconds();
    let cases: Vec<(&str, Value)> = vec![
        ("iss", json!("https://evil.example")),
        ("iss", json!("https://www.platform.example/")),
        ("aud", json!("https://other.example")),
        ("exp", json!(now - 61)),
        ("exp", json!(now + 361)),
        ("iat", json!(now + 61)),
        ("auth_time", json!(now + 61)),
        ("auth_time", json!("now")),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("email", json!("no address")),
    ];
    let without = [
        "iss",
        "aud",
        "jti",
        "exp",
        "iat",
        "auth_time",
        "sub",
        "email",
    ];
    let without = without.into_iter().map(|name| (name, Value::Null));
    for (name, value) in cases.into_iter().chain(without) {
        let browser = site.visitor();
        let asked = platform.challenged(&browser, "/login").await;
        let mut claims = platform.claims(&site, &asked, "ada");
        match value.is_null() {
            true => drop(claims.as_object_mut().unwrap().remove(name)),
            false => claims[name] = value.clone(),
        }
        let reply = back(&browser, &platform.signer.sign_as(TYPE, &claims)).await;
        assert_eq!(reply.code(), 403, "{name} {value}");
        assert!(!browser.is_signed_in().await, "{name} {value}");
    }
    assert!(
        site.app
            .store
            .user_by_email("ada@platform.example")
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_platforms_answer_chooses_neither_algorithm_nor_key_nor_type() {
    let platform = Platform::new();
    let site = platform.site().await;
    let jwks = platform.signer.jwks();
    let jwk = JwkSet::parse(jwks.as_bytes()).unwrap().keys()[0]
        .to_json()
        .to_string();
    let unsigned = |claims: &Value| {
        grantor_jose::unsecured::write_proved_by_nothing(claims.to_string().as_bytes())
    };
    let public_as_secret = Signer::of_secret(&jwk);
    let another = Signer::new(Algorithm::Es256, "platform");
    let rsa = Signer::new(Algorithm::Rs256, "platform");
    let ours = &platform.signer;
    let ways: Vec<(&str, Sign<'_>)> = vec![
        ("none", Box::new(unsigned)),
        (
            "HS256 with the public key",
            Box::new(|it| public_as_secret.sign_as(TYPE, it)),
        ),
        ("another key", Box::new(|it| another.sign_as(TYPE, it))),
        ("RS256", Box::new(|it| rsa.sign_as(TYPE, it))),
        ("no type", Box::new(|it| ours.sign(it))),
        ("an ID token", Box::new(|it| ours.sign_as("JWT", it))),
        (
            "a challenge",
            Box::new(|it| ours.sign_as("hand-over-challenge+jwt", it)),
        ),
    ];
    for (what, sign) in ways {
        let browser = site.visitor();
        let asked = platform.challenged(&browser, "/login").await;
        let reply = back(&browser, &sign(&platform.claims(&site, &asked, "ada"))).await;
        assert_eq!(reply.code(), 403, "{what}");
        assert!(!browser.is_signed_in().await, "{what}");
    }
}

/// Where both sides sign with one secret, a challenge is not its own answer.
#[tokio::test]
async fn a_challenge_is_no_answer_to_itself() {
    const SECRET: &str = "a secret of the platform and this server";
    let platform = Platform::signing_with(Signer::of_secret(SECRET));
    let site = Site::with(|config| {
        config.hand_over.url = Some(LOGIN.parse().unwrap());
        config.hand_over.secret_file = platform.file("secret", &format!("{SECRET}\n"));
    })
    .await;
    let browser = site.visitor();
    let sent = browser.get("/login").await.sent("challenge").unwrap();
    assert_eq!(back(&browser, &sent).await.code(), 403);
    let sent = browser.get("/login").await.sent("challenge").unwrap();
    let key = VerifyingKey::from_secret(SECRET.as_bytes()).unwrap();
    let jws = Compact::parse(&sent, 4096).unwrap();
    let typ = ExpectedType::Only("hand-over-challenge+jwt");
    let claims: Value = serde_json::from_slice(key.verify(&jws, typ).unwrap()).unwrap();
    let answer = platform.answer(&site, &claims, "ada");
    assert_eq!(back(&browser, &answer).await.location(), "/");
}

#[tokio::test]
async fn a_step_up_at_the_platform_is_a_login_anew() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.visitor();
    platform.log_in(&ada, "/login", "ada").await;
    site.pass(STALE);
    let confirm = "/login?return_to=/tokens&confirm=1";
    for (before, code) in [(3600, 403), (61, 403), (0, 303)] {
        let asked = platform.challenged(&ada, confirm).await;
        assert_eq!(
            (&asked["prompt"], &asked["max_age"]),
            (&json!("login"), &json!(0))
        );
        let mut claims = platform.claims(&site, &asked, "ada");
        claims["auth_time"] = (site.world.now().seconds() - before).into();
        let reply = back(&ada, &platform.signer.sign_as(TYPE, &claims)).await;
        assert_eq!(reply.code(), code, "{before}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_platform_is_a_page() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.visitor();
    let asked = platform.challenged(&ada, "/login").await;
    let state = asked["jti"].as_str().unwrap();
    let query = encoded(&[("error", "access_denied"), ("state", state)]);
    let path = format!("/login/hand-over?{query}");
    assert_eq!(ada.elsewhere().get(&path).await.code(), 403);
    let reply = ada.get(&path).await;
    assert_eq!(reply.code(), 403);
    assert!(reply.body.contains("You were not signed in there"));
    // The challenge is spent by it.
    assert_eq!(
        back(&ada, &platform.answer(&site, &asked, "ada"))
            .await
            .code(),
        403
    );
    site.pass(Millis::minutes(16));
    let late = platform.challenged(&ada, "/login").await;
    let answer = platform.answer(&site, &late, "ada");
    site.pass(Millis::minutes(16));
    assert_eq!(back(&ada, &answer).await.code(), 403);
}

/// The platform's users have no other door; administrators have theirs.
#[tokio::test]
async fn while_hand_over_is_on_passwords_are_for_administrators() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.user("ada").await.with_password().await;
    assert_eq!(ada.get("/signup").await.code(), 403);
    let form = ada.get("/login?operator=1").await;
    assert_eq!(form.code(), 200);
    assert!(!form.body.contains("/signup"));
    let password = |it: &Person| {
        let email = it.email.clone();
        vec![
            ("email", email),
            ("password", PASSWORD.to_owned()),
            ("action", "login".to_owned()),
        ]
    };
    let try_in = async |it: &Person| {
        let fields = password(it);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        it.get("/login?operator=1").await;
        it.post("/login", &fields).await.code()
    };
    assert_eq!(try_in(&ada).await, 401);
    let root = site.user("root").await.with_password().await;
    let database = rusqlite::Connection::open(site.database()).unwrap();
    database
        .execute("UPDATE users SET admin_at = 1 WHERE id = ?1", [root.id])
        .unwrap();
    assert_eq!(try_in(&root).await, 303);
    site.pass(STALE);
    assert_eq!(
        root.get("/login?return_to=/tokens&confirm=1").await.code(),
        200
    );
    // A user of the platform has no password here, and none to change.
    let grace = site.visitor();
    platform.log_in(&grace, "/login", "grace").await;
    assert!(
        !grace
            .get("/account")
            .await
            .body
            .contains("current_password")
    );
    let fields = [("current_password", "x"), ("new_password", "a better one")];
    assert_eq!(grace.post("/account/password", &fields).await.code(), 404);
}

/// Nor any other way that somebody had before: a passkey, a link to set a password, an address
/// of her own.
#[tokio::test]
async fn while_hand_over_is_on_no_other_way_leads_in() {
    let platform = Platform::new();
    let site = Site::with(|config| {
        platform.configure(config);
        with_mail(config);
        config.service.sign_up = SignUp::Mail;
    })
    .await;
    let ada = site
        .user("ada")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let mut device = Device::new();
    assert_eq!(ada.with_passkey(&mut device).await.code(), 201);
    let away = ada.elsewhere();
    let form = "/login?operator=1";
    let by_passkey = away.sign_in_with(&mut device, form).await;
    assert_eq!(by_passkey.code(), 401);
    assert!(!away.is_signed_in().await);

    assert!(!away.get("/").await.body.contains("/signup"));
    let closed = away.get("/signup").await;
    assert_eq!(closed.code(), 403);
    assert!(closed.body.contains("Accounts here come from the platform"));

    let asked = away
        .post("/password/forgot", &[("email", &*ada.email)])
        .await;
    assert_eq!(asked.code(), 200);
    let mails = site.mails().await;
    assert!(
        mails
            .iter()
            .all(|mail| !mail.raw.contains("/password/reset"))
    );
    let token = site.mail_link(&ada, Purpose::Reset, &ada.email).await;
    let path = "/password/reset";
    let link = format!("{path}?{}", encoded(&[("token", &token)]));
    assert_eq!(away.get(&link).await.code(), 403);
    let fields = [("token", &*token), ("password", "staple battery horse")];
    assert_eq!(away.post(path, &fields).await.code(), 403);
    assert!(!away.is_signed_in().await);

    assert_eq!(ada.get("/account/address").await.code(), 403);
    let fields = [("email", "ada@new.example")];
    assert_eq!(ada.post("/account/address", &fields).await.code(), 403);
    let token = site
        .mail_link(&ada, Purpose::Change, "ada@new.example")
        .await;
    let confirmed = ada.post("/address/confirm", &[("token", &token)]).await;
    assert_eq!(confirmed.code(), 403);
    let invitation = site.invitation("new@example.org", "/");
    let link = format!("/signup/finish?{}", encoded(&[("token", &invitation)]));
    assert_eq!(away.get(&link).await.code(), 403);
}

/// An account that was here before is the platform's user's only where that is certain.
#[tokio::test]
async fn the_platform_takes_over_no_account_that_is_somebodys() {
    let platform = Platform::new();
    let site = platform.site().await;
    site.user("mallory").await.with_password().await;
    let browser = site.visitor();
    let asked = platform.challenged(&browser, "/login").await;
    let mut claims = platform.claims(&site, &asked, "7");
    claims["email"] = "mallory@example.org".into();
    let reply = back(&browser, &platform.signer.sign_as(TYPE, &claims)).await;
    assert_eq!(reply.code(), 403);
    assert!(reply.body.contains("not connected with the platform"));
    let id = Person::made_by_operator(&site, "grace@platform.example").await;
    platform.log_in(&browser, "/login", "grace").await;
    assert_eq!(user_of(&site, "grace@platform.example").await.id, id);
    // The tabs of one newcomer make one account, and those of one whom the operator made
    // find it.
    Person::made_by_operator(&site, "early@platform.example").await;
    for name in ["ann", "bob", "cem", "dora", "early"] {
        let tabs = [site.visitor(), site.visitor(), site.visitor()];
        let logins = tabs.iter().map(|tab| platform.log_in(tab, "/login", name));
        for reply in join_all(logins).await {
            assert_eq!(reply.code(), 303, "{}", reply.body);
        }
    }
}

#[tokio::test]
async fn signing_out_goes_on_to_the_platform() {
    let platform = Platform::new();
    let logout = "https://www.platform.example/logout";
    let site = Site::with(|config| {
        platform.configure(config);
        config.hand_over.logout = Some(logout.parse().unwrap());
    })
    .await;
    let ada = site.visitor();
    platform.log_in(&ada, "/login", "ada").await;
    let page = ada.get("/-/logout").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' https://www.platform.example;"),
        "{policy}"
    );
    let reply = ada.post("/-/logout", &[("decision", "logout")]).await;
    assert_eq!((reply.code(), reply.location()), (303, logout));
    assert!(!ada.is_signed_in().await);
}

/// Without it she would be a stranger at the next login, or come in no more.
#[tokio::test]
async fn the_connection_with_the_platform_stays() {
    let platform = Platform::new();
    let site = platform.site().await;
    let ada = site.visitor();
    platform.log_in(&ada, "/login", "ada").await;
    let user = user_of(&site, "ada@platform.example").await;
    let id = site.app.store.identities_of(user.id).await.unwrap()[0].id;
    let remove = format!("/account/identities/{id}/remove");
    assert!(!ada.get("/account").await.body.contains(&remove));
    assert_eq!(ada.post(&remove, &[]).await.code(), 403);
    assert_eq!(
        site.app.store.identities_of(user.id).await.unwrap().len(),
        1
    );
    // An old one goes: the platform's is there to sign in by.
    connected(&site, user.id, "https://gone.example", "7").await;
    let old = site.app.store.identities_of(user.id).await.unwrap()[1].id;
    let remove = format!("/account/identities/{old}/remove");
    assert_eq!(
        ada.post(&remove, &[]).await.location(),
        "/account?done=disconnected"
    );
}

#[tokio::test]
async fn the_platform_may_say_her_language() {
    let platform = Platform::new();
    let site = platform.site().await;
    for (subject, said, kept) in [
        ("ada", json!("fr-CA"), Some("fr-CA")),
        ("eve", json!("no such thing"), None),
        ("joy", Value::Null, None),
    ] {
        let browser = site.visitor();
        let challenge = platform.challenged(&browser, "/login").await;
        let mut claims = platform.claims(&site, &challenge, subject);
        if !said.is_null() {
            claims["locale"] = said;
        }
        let reply = back(&browser, &platform.signer.sign_as(TYPE, &claims)).await;
        assert_eq!(reply.code(), 303, "{}", reply.body);
        let user = user_of(&site, &format!("{subject}@platform.example")).await;
        assert_eq!(user.profile.locale.as_deref(), kept);
    }
}
