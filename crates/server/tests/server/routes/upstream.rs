//! `/login/upstream`, `/login/connect`, `/signup/upstream`, `/account/identities`.

use crate::{
    routes::claims_of,
    support::{Browser, PASSWORD, Person, Provider, Reply, STALE, SetOut, Site, with_mail},
};
use grantor::{
    config::SignUp,
    context::Context,
    journey::{self, Facts, Found},
};
use grantor_store::{
    audit::Actor,
    identities::{Connected, NewIdentity},
};
use http::{HeaderMap, HeaderValue, header};

/// Makes an account for whoever comes back, and signs her in.
async fn sign_up(browser: &Browser, landed: &Reply, email: &str) -> Reply {
    let page = landed.location().to_owned();
    assert!(page.starts_with("/signup/upstream/"), "{}", landed.body);
    let form = browser.get(&page).await;
    assert_eq!(form.code(), 200, "{}", form.body);
    let fields = [("name", "Ada Lovelace"), ("email", email)];
    browser.post(&page, &fields).await
}

/// Connects a user with somebody elsewhere; the connection's id.
pub async fn connected(site: &Site, user: i64, issuer: &str, subject: &str) -> i64 {
    let identity = NewIdentity {
        id: site.world.new_id(site.world.now()),
        issuer: issuer.into(),
        subject: subject.into(),
        label: "ada@id.example".into(),
    };
    let event = site
        .app
        .event("identity.added", site.world.now(), Actor::default());
    let store = &site.app.store;
    let connected = store.connect(None, (user, &identity), false, event).await;
    assert_eq!(connected.unwrap(), Connected::Done);
    identity.id
}

/// Somebody has come back to this browser, and waits at `path` under the name that is
/// returned.
pub async fn came_back(browser: &Browser, path: &str) -> String {
    let found = Found {
        issuer: "https://id.example".into(),
        subject: "3".into(),
        name: None,
        email: None,
        vouched: false,
        locale: None,
    };
    let facts = Facts {
        via: "example".into(),
        return_to: "/".into(),
        begun: browser.site.world.now().0,
        anew: false,
        connecting: None,
        found: Some(found),
        decided_at: Some(path.into()),
    };
    let agent = (header::USER_AGENT, HeaderValue::from_static("a test"));
    let context = Context::new(
        &browser.site.world,
        browser.address,
        &HeaderMap::from_iter([agent]),
    );
    let begun = journey::begin(&browser.site.app, &context, facts).await;
    let (journey, cookie) = begun.ok().unwrap();
    browser.take_cookie(&cookie);
    journey.state
}

#[tokio::test]
async fn a_newcomer_signs_up_and_comes_back_by_the_same_button() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site.visitor();
    let asked = provider.set_out(&ada, "/login?return_to=/tokens").await;
    assert_eq!(asked.get("response_type"), "code");
    assert_eq!(asked.get("scope"), "openid email profile");
    assert_eq!(asked.get("code_challenge_method"), "S256");
    assert_eq!(
        asked.get("redirect_uri"),
        "https://auth.example/login/upstream/example/callback"
    );
    assert!(
        asked
            .0
            .location()
            .starts_with(&provider.host.uri("/authorize?"))
    );
    provider.gives(&provider.signer.sign(&provider.claims(&site, &asked, "7")));
    let landed = provider.back(&ada, &asked).await;
    let form = ada.get(landed.location()).await;
    assert!(
        form.body.contains("value=\"Ada Lovelace\"")
            && form.body.contains("value=\"ada@id.example\"")
    );
    let reply = sign_up(&ada, &landed, "ada@id.example").await;
    assert_eq!((reply.code(), reply.location()), (303, "/tokens"));
    assert!(ada.is_signed_in().await);

    // The secret went by HTTP Basic, both parts encoded; the verifier fits what was asked.
    let seen = provider.host.seen();
    let exchange = seen.iter().find(|it| it.path == "/token").unwrap();
    assert!(exchange.authorization.starts_with("Basic "));
    assert!(!exchange.body.contains("client_secret"));
    let verifier = exchange.body.split("code_verifier=").nth(1).unwrap();
    let challenge = grantor_protocol::pkce::Challenge::parse(&asked.get("code_challenge")).unwrap();
    assert!(challenge.proved_by(verifier.split('&').next().unwrap()));

    let again = ada.elsewhere();
    let reply = provider.log_in(&again, "/login?return_to=/apps", "7").await;
    assert_eq!((reply.code(), reply.location()), (303, "/apps"));
    assert!(again.is_signed_in().await);
    // The address was the provider's word alone.
    let user = site
        .app
        .store
        .user_by_email("ada@id.example")
        .await
        .unwrap()
        .unwrap()
        .0;
    assert!(!user.email_verified);
}

#[tokio::test]
async fn an_address_is_checked_by_whom_the_operator_believes() {
    let provider = Provider::open().await;
    for (trusted, typed, verified) in [
        (true, "ada@id.example", true),
        (true, "another@id.example", false),
        (false, "ada@id.example", false),
    ] {
        let site = provider.site(|it| it.trust_email = trusted).await;
        let ada = site.visitor();
        let landed = provider.log_in(&ada, "/login", "7").await;
        assert_eq!(sign_up(&ada, &landed, typed).await.code(), 303);
        let user = site
            .app
            .store
            .user_by_email(typed)
            .await
            .unwrap()
            .unwrap()
            .0;
        assert_eq!(user.email_verified, verified, "{trusted} {typed}");
    }
}

/// Whoever made the account first must not be given the newcomer, nor she the account.
#[tokio::test]
async fn an_address_alone_connects_nobody() {
    let provider = Provider::open().await;
    let site = provider.site(|it| it.trust_email = true).await;
    let ada = site.user("ada").await.with_password().await;
    let stranger = site.visitor();
    let asked = provider.set_out(&stranger, "/login").await;
    let mut claims = provider.claims(&site, &asked, "7");
    claims["email"] = "ADA@example.org".into();
    provider.gives(&provider.signer.sign(&claims));
    let landed = provider.back(&stranger, &asked).await;
    assert!(landed.location().starts_with("/login/connect/"));
    // Who is to prove whose account it is cannot make another one instead.
    let other = landed
        .location()
        .replace("/login/connect/", "/signup/upstream/");
    assert_eq!(stranger.get(&other).await.code(), 403);
    let reply = stranger.get(landed.location()).await;
    assert_eq!(reply.brief(), "303 confirm");
    assert!(!stranger.is_signed_in().await);
    let login = stranger.get(reply.location()).await;
    assert_eq!(login.heading(), "You have an account here");

    // It was Ada herself: she signs in as ever, and then decides.
    let fields = [
        ("email", "ada@example.org"),
        ("password", PASSWORD),
        ("return_to", landed.location()),
        ("action", "login"),
    ];
    let reply = stranger.post("/login", &fields).await;
    assert_eq!(reply.location(), landed.location());
    let page = stranger.get(landed.location()).await;
    assert_eq!(page.heading(), "Connect Example ID?");
    let fields = [("decision", "connect")];
    assert_eq!(
        stranger.post(landed.location(), &fields).await.location(),
        "/"
    );
    assert_eq!(stranger.post(landed.location(), &fields).await.code(), 403);
    let elsewhere = ada.elsewhere();
    assert_eq!(
        provider.log_in(&elsewhere, "/login", "7").await.location(),
        "/"
    );
    assert!(elsewhere.is_signed_in().await);
}

#[tokio::test]
async fn who_does_not_want_to_connect_does_not() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site.user("ada").await.signed_in().await;
    let browser = ada.elsewhere();
    let asked = provider.set_out(&browser, "/login").await;
    let mut claims = provider.claims(&site, &asked, "7");
    claims["email"] = ada.email.as_str().into();
    provider.gives(&provider.signer.sign(&claims));
    let landed = provider.back(&browser, &asked).await;
    ada.sign_in_at(&browser).await;
    let reply = browser
        .post(landed.location(), &[("decision", "leave")])
        .await;
    assert_eq!(reply.location(), "/");
    assert!(
        site.app
            .store
            .identities_of(ada.id)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Made by the operator, under an address that both vouch for, and used by nobody.
#[tokio::test]
async fn an_account_that_nobody_could_use_is_adopted() {
    let provider = Provider::open().await;
    for (trusted, landed) in [(true, "/tokens"), (false, "/login/connect")] {
        let site = provider.site(|it| it.trust_email = trusted).await;
        Person::made_by_operator(&site, "ada@id.example").await;
        let browser = site.visitor();
        let reply = provider
            .log_in(&browser, "/login?return_to=/tokens", "7")
            .await;
        assert!(reply.location().starts_with(landed), "{}", reply.location());
        assert_eq!(browser.is_signed_in().await, trusted);
    }
}

#[tokio::test]
async fn a_provider_for_existing_users_makes_nobody() {
    let provider = Provider::open().await;
    let site = provider.site(|it| it.sign_up = false).await;
    let page = "/login?return_to=/tokens";
    let reply = provider.log_in(&site.visitor(), page, "7").await;
    assert_eq!(reply.code(), 403);
    // By herself she may: the page leads there, and on to where she wanted to go.
    assert!(
        reply
            .body
            .contains("Nobody here is connected with this account yet")
    );
    for way in ["/login?return_to=%2Ftokens", "/signup?return_to=%2Ftokens"] {
        assert!(
            reply.body.contains(&format!("href=\"{way}\"")),
            "{}",
            reply.body
        );
    }
    let mut settings = provider.settings();
    settings.sign_up = true;
    let site = Site::with(|config| {
        config.service.sign_up = SignUp::Closed;
        config.outbound.allow.push(provider.host.destination());
        config.upstream.push(settings);
    });
    let reply = provider.log_in(&site.await.visitor(), "/login", "7").await;
    assert_eq!(reply.code(), 403);
    assert!(reply.body.contains("You have no account here") && !reply.body.contains("/signup"));
}

/// Where accounts begin with a checked address, nobody learns by a provider whose address has one.
#[tokio::test]
async fn with_accounts_by_mail_a_provider_may_have_checked_the_address() {
    let provider = Provider::open().await;
    for trusted in [true, false] {
        let mut settings = provider.settings();
        settings.trust_email = trusted;
        let site = Site::with(|config| {
            with_mail(config);
            config.service.sign_up = SignUp::Mail;
            config.outbound.allow.push(provider.host.destination());
            config.upstream.push(settings);
        });
        let (site, ada) = (site.await, "ada@id.example");
        let browser = site.visitor();
        let landed = provider.log_in(&browser, "/login", "7").await;
        if !trusted {
            // The same whether the address has an account or not.
            Person::made_by_operator(&site, ada).await;
            let known = provider.log_in(&site.visitor(), "/login", "7").await;
            assert_eq!((known.code(), known.location()), (403, ""));
            assert_eq!(landed.code(), 403);
            assert!(
                landed
                    .body
                    .contains("Nobody here is connected with this account yet")
            );
            continue;
        }
        // No other address is offered, and what is sent instead is overlooked.
        let form = browser.get(landed.location()).await;
        assert!(
            form.body.contains("maxlength=\"254\" readonly")
                && !form.body.contains("change it if you like")
        );
        let other = sign_up(&browser, &landed, "eve@id.example").await;
        assert_eq!(other.code(), 303);
        let eve = site
            .app
            .store
            .user_by_email("eve@id.example")
            .await
            .unwrap();
        assert!(eve.is_none());
        let (user, _) = site.app.store.user_by_email(ada).await.unwrap().unwrap();
        assert!(user.email_verified && browser.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_disabled_user_stays_out() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site.user("ada").await;
    connected(&site, ada.id, &provider.issuer(), "7").await;
    ada.disable().await;
    let browser = ada.elsewhere();
    assert_eq!(provider.log_in(&browser, "/login", "7").await.code(), 403);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn what_the_id_token_lacks_is_asked_of_userinfo() {
    let provider = Provider::open().await;
    let userinfo = provider.host.uri("/userinfo");
    provider.describe(|document| document["userinfo_endpoint"] = userinfo.into());
    let site = provider.site(|_| ()).await;
    let browser = site.visitor();
    for (subject, code) in [("8", 403), ("7", 303)] {
        let asked = provider.set_out(&browser, "/login").await;
        let mut claims = provider.claims(&site, &asked, "7");
        let members = claims.as_object_mut().unwrap();
        members.retain(|name, _| !["name", "email", "email_verified"].contains(&&**name));
        provider.gives(&provider.signer.sign(&claims));
        let said =
            serde_json::json!({"sub": subject, "name": "Ada King", "email": "ada@id.example"});
        provider.host.show("/userinfo", 200, &[], &said.to_string());
        let landed = provider.back(&browser, &asked).await;
        assert_eq!(landed.code(), code, "{}", landed.body);
        if code == 303 {
            assert!(
                browser
                    .get(landed.location())
                    .await
                    .body
                    .contains("Ada King")
            );
        }
    }
    let seen = provider.host.seen();
    let asked = seen.iter().rfind(|it| it.path == "/userinfo").unwrap();
    assert_eq!(asked.authorization, "Bearer at");
}

#[tokio::test]
async fn a_user_connects_and_disconnects_on_her_account_page() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site
        .user("ada")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let asked = async |browser: &Browser| {
        let page = browser.get("/account").await;
        let link = page.between("href=\"/account/identities/", "\"").unwrap();
        let link = format!("/account/identities/{}", link.replace("&#38;", "&"));
        SetOut(browser.get(&link).await)
    };
    let way = asked(&ada).await;
    provider.gives(&provider.signer.sign(&provider.claims(&site, &way, "7")));
    assert_eq!(
        provider.back(&ada, &way).await.location(),
        "/account?done=connected"
    );
    // Once more is as good; by another user it is refused.
    let way = asked(&ada).await;
    provider.gives(&provider.signer.sign(&provider.claims(&site, &way, "7")));
    assert_eq!(
        provider.back(&ada, &way).await.location(),
        "/account?done=connected"
    );
    let bob = site.user("bob").await.signed_in().await;
    let way = asked(&bob).await;
    provider.gives(&provider.signer.sign(&provider.claims(&site, &way, "7")));
    assert_eq!(provider.back(&bob, &way).await.code(), 403);

    let page = ada.get("/account").await;
    assert!(page.body.contains("ada@id.example"));
    let id = site.app.store.identities_of(ada.id).await.unwrap()[0].id;
    let remove = format!("/account/identities/{id}/remove");
    let already = bob.post(&remove, &[]).await;
    assert_eq!(already.location(), "/account?done=already");
    for done in ["/account?done=disconnected", "/account?done=already"] {
        assert_eq!(ada.post(&remove, &[]).await.location(), done);
    }
    let history = ada.get("/account/history").await;
    assert!(history.body.contains("was connected") && history.body.contains("was disconnected"));
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site.user("ada").await.signed_in().await;
    connected(&site, ada.id, &provider.issuer(), "7").await;
    // Of a provider that is configured no more, it is none.
    connected(&site, ada.id, "https://gone.example", "7").await;
    let ids = site.app.store.identities_of(ada.id).await.unwrap();
    let remove = |at: usize| format!("/account/identities/{}/remove", ids[at].id);
    let reply = ada.post(&remove(0), &[]).await;
    assert_eq!(reply.location(), "/account?trouble=last-way");
    assert!(
        ada.get(reply.location())
            .await
            .notice()
            .contains("only way to sign in")
    );
    assert_eq!(
        ada.post(&remove(1), &[]).await.location(),
        "/account?done=disconnected"
    );
    assert_eq!(site.app.store.identities_of(ada.id).await.unwrap().len(), 1);
}

/// A step-up asks the provider for a login anew, and believes it only if it says so.
#[tokio::test]
async fn a_step_up_takes_a_login_anew() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let ada = site.user("ada").await.signed_in().await;
    connected(&site, ada.id, &provider.issuer(), "7").await;
    site.pass(STALE);
    let confirm = "/login?return_to=/tokens&confirm=1";
    for (said, code) in [(None, 403), (Some(-3600), 403), (Some(0), 303)] {
        let asked = provider.set_out(&ada, confirm).await;
        assert_eq!(
            (&*asked.get("prompt"), &*asked.get("max_age")),
            ("login", "0")
        );
        let mut claims = provider.claims(&site, &asked, "7");
        if let Some(said) = said {
            claims["auth_time"] = (site.world.now().seconds() + said).into();
        }
        provider.gives(&provider.signer.sign(&claims));
        assert_eq!(provider.back(&ada, &asked).await.code(), code, "{said:?}");
    }
    let token = ada.token("default", "30").await;
    assert!(token.starts_with("gr_pat_"));
}

#[tokio::test]
async fn a_provider_that_is_down_is_said_to_be() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let browser = site.visitor();
    provider
        .host
        .show("/.well-known/openid-configuration", 500, &[], "");
    let asked = provider.set_out(&browser, "/login").await;
    assert_eq!(asked.0.code(), 502);
    assert!(asked.0.body.contains("does not answer"));
}

/// How somebody proved herself elsewhere is not ours to repeat.
#[tokio::test]
async fn an_id_token_of_ours_says_no_more_than_we_know() {
    let provider = Provider::open().await;
    let site = provider.site(|_| ()).await;
    let owner = site.user("olga").await.signed_in().await;
    let app = site.app("Clock").of(&owner).await;
    let ada = site.user("ada").await;
    connected(&site, ada.id, &provider.issuer(), "7").await;
    let asked = provider.set_out(&ada, "/login").await;
    let mut claims = provider.claims(&site, &asked, "7");
    claims["amr"] = serde_json::json!(["hwk", "mfa"]);
    claims["acr"] = "9".into();
    provider.gives(&provider.signer.sign(&claims));
    provider.back(&ada, &asked).await;
    let said = claims_of(&app.id_token(&ada).await);
    assert_eq!((said["acr"].as_str(), said.get("amr")), (Some("1"), None));
}
