//! `POST /-/oauth_token` by apps that sign: `client_secret_jwt` and `private_key_jwt`
//! (RFC 7523, OpenID Connect Core §9).

use crate::support::{App, Elsewhere, ISSUER, Person, Reply, Signer, Site};
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::{
    client::assertion::TYPE,
    openid::registration::{AuthMethod, Registration, Signing},
    time::Millis,
};
use serde_json::{Value, json};

async fn people(site: &Site) -> (Person, Person) {
    let dora = site.user("dora").await;
    (dora, site.user("alice").await.signed_in().await)
}

/// An app that signs with this key.
async fn keyed(site: &Site, owner: &Person, signer: &Signer) -> App {
    let choose = |chosen: &mut Registration| {
        chosen.token_endpoint_auth_method = Some(AuthMethod::PrivateKeyJwt);
        chosen.jwks = Some(signer.jwks());
    };
    site.app("Clock").choose(choose).of(owner).await
}

/// Claims that are right, with this `jti`.
fn claims(app: &App, jti: &str) -> Value {
    let (id, now) = (app.client_id(), app.site.world.now().seconds());
    json!({"iss": id, "sub": id, "aud": ISSUER, "exp": now + 60, "jti": jti})
}

/// An app whose only credential is the assertion.
fn bare(app: &App) -> App {
    let mut bare = app.clone();
    bare.secret = None;
    bare
}

async fn send(app: &App, path: &str, assertion: &str, more: &[(&str, &str)]) -> Reply {
    let proof = [
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    bare(app).post(path, &[&proof[..], more].concat()).await
}

async fn exchange(app: &App, code: &str, assertion: &str) -> Reply {
    let more = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &app.redirect),
    ];
    send(app, "/-/oauth_token", assertion, &more).await
}

async fn code(alice: &Person, app: &App) -> String {
    let reply = alice.decide(&app.ask(), "allow").await;
    reply.sent("code").unwrap()
}

#[tokio::test]
async fn an_app_proves_itself_with_its_key_at_every_endpoint() {
    let site = Site::open().await;
    let (dora, alice) = people(&site).await;
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Ps256,
        Algorithm::Es256,
        Algorithm::EdDsa,
    ] {
        let signer = Signer::new(algorithm, "one");
        let app = keyed(&site, &dora, &signer).await;
        let sign = |jti| signer.sign(&claims(&app, jti));
        let reply = exchange(&app, &code(&alice, &app).await, &sign("1")).await;
        assert_eq!(reply.code(), 200, "{algorithm} {}", reply.body);
        let token = reply.member("access_token");
        let of_token = [("token", token.as_str())];
        let said = send(&app, "/-/oauth_introspect", &sign("2"), &of_token).await;
        assert_eq!(said.json()["active"], true);
        let ended = send(&app, "/-/oauth_revoke", &sign("3"), &of_token).await;
        assert_eq!(ended.code(), 200);
        let said = send(&app, "/-/oauth_introspect", &sign("4"), &of_token).await;
        assert_eq!(said.json()["active"], false);
    }
}

/// The client ID of the body may be left out, and may not be another one.
#[tokio::test]
async fn the_assertion_says_whose_it_is() {
    let site = Site::open().await;
    let (dora, _) = people(&site).await;
    let signer = Signer::new(Algorithm::Es256, "one");
    let app = keyed(&site, &dora, &signer).await;
    let other = site.app("Other").of(&dora).await;
    let of_id = async |client_id: Option<String>, jti: &str| {
        let assertion = signer.sign(&claims(&app, jti));
        let mut fields = vec![
            ("client_assertion_type", TYPE),
            ("client_assertion", &assertion),
            ("token", "gr_at_nothing"),
        ];
        fields.extend(client_id.as_deref().map(|id| ("client_id", id)));
        let call = crate::support::Call::post("/-/oauth_revoke").form(&fields);
        site.send(call).await.code()
    };
    assert_eq!(of_id(None, "1").await, 200);
    assert_eq!(of_id(Some(app.client_id()), "2").await, 200);
    assert_eq!(of_id(Some(other.client_id()), "3").await, 401);
    assert_eq!(of_id(Some("77".into()), "4").await, 401);
}

#[tokio::test]
async fn an_app_proves_itself_with_a_secret_that_it_never_sends() {
    let site = Site::open().await;
    let (dora, alice) = people(&site).await;
    let choose = |chosen: &mut Registration| {
        chosen.token_endpoint_auth_method = Some(AuthMethod::ClientSecretJwt);
    };
    let app = site.app("Clock").choose(choose).of(&dora).await;
    let secret = app.secret.clone().unwrap();
    let signer = Signer::of_secret(&secret);
    let reply = exchange(
        &app,
        &code(&alice, &app).await,
        &signer.sign(&claims(&app, "1")),
    )
    .await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    // Sent as it is, it is refused; so is another secret.
    let plain = app.exchange(&code(&alice, &app).await).await;
    assert_eq!(
        plain.member("error_description"),
        described("AuthMethodOther")
    );
    let other = Signer::of_secret(&format!("{secret}x"));
    let refused = exchange(&app, "gr_ac_any", &other.sign(&claims(&app, "2"))).await;
    assert_eq!(
        refused.member("error_description"),
        described("AssertionSignature")
    );
    assert!(is_kept(&site) && !holds(&site, &secret));
}

/// What an app registered before it chose to sign was kept as a digest alone.
#[tokio::test]
async fn a_method_that_was_changed_needs_a_new_secret() {
    let site = Site::open().await;
    let (dora, _) = people(&site).await;
    let app = site.app("Clock").of(&dora).await;
    let signer = Signer::of_secret(app.secret.as_ref().unwrap());
    let app = app
        .edit(|form| {
            form.registration.token_endpoint_auth_method = Some(AuthMethod::ClientSecretJwt);
        })
        .await;
    let refused = exchange(&app, "gr_ac_any", &signer.sign(&claims(&app, "1"))).await;
    assert_eq!(refused.code(), 401);
    assert_eq!(
        refused.member("error_description"),
        described("SecretNotKept")
    );
    assert!(!is_kept(&site));
}

/// Once, on whichever node, also after a restart.
#[tokio::test]
async fn an_assertion_that_comes_again_is_refused() {
    let site = Site::open().await;
    let (dora, alice) = people(&site).await;
    let signer = Signer::new(Algorithm::Es256, "one");
    let app = keyed(&site, &dora, &signer).await;
    let assertion = signer.sign(&claims(&app, "1"));
    let first = exchange(&app, &code(&alice, &app).await, &assertion).await;
    assert_eq!(first.code(), 200, "{}", first.body);
    let restarted = site.reopened(|_| ()).await;
    for site in [&site, &restarted] {
        let again = exchange(&app.at(site), "gr_ac_any", &assertion).await;
        assert_eq!(again.code(), 401);
        assert_eq!(
            again.member("error_description"),
            described("AssertionReused")
        );
    }
    let racing = signer.sign(&claims(&app, "2"));
    let tries = (0..10).map(|number| {
        let app = app.at(if number % 2 == 0 { &site } else { &restarted });
        let racing = racing.clone();
        async move { exchange(&app, "gr_ac_any", &racing).await.member("error") }
    });
    let errors = crate::support::join_all(tries).await;
    let passed = errors.iter().filter(|error| *error == "invalid_grant");
    assert_eq!(passed.count(), 1, "{errors:?}");
}

/// RFC 8725 §2: none, a public key as a secret, another app's key, another kind of token.
#[tokio::test]
async fn what_proves_nothing_is_refused() {
    let site = Site::open().await;
    let (dora, _) = people(&site).await;
    let signer = Signer::new(Algorithm::Es256, "one");
    let app = keyed(&site, &dora, &signer).await;
    let payload = claims(&app, "1");
    let none = grantor_jose::unsecured::write_proved_by_nothing(payload.to_string().as_bytes());
    let public = Signer::of_secret(&signer.jwks()).sign(&payload);
    let namesake = Signer::new(Algorithm::Es256, "one").sign(&payload);
    let stranger = Signer::new(Algorithm::Es256, "two").sign(&payload);
    let of_other_kind = Signer::new(Algorithm::EdDsa, "one").sign(&payload);
    let mut late = payload.clone();
    late["exp"] = json!(site.world.now().seconds() + 4000);
    for (assertion, why) in [
        (none, "AssertionAlgorithm"),
        (public, "AssertionAlgorithm"),
        (namesake, "AssertionSignature"),
        (stranger, "AssertionKeyUnknown"),
        (of_other_kind, "AssertionKeyUnknown"),
        (signer.sign(&late), "AssertionTooLong"),
        ("a.b.c".into(), "AssertionMalformed"),
    ] {
        let reply = exchange(&app, "gr_ac_any", &assertion).await;
        assert_eq!(reply.code(), 401, "{why}");
        assert_eq!(reply.member("error"), "invalid_client", "{why}");
        assert_eq!(reply.member("error_description"), described(why));
    }
    // The algorithm that was registered is the only one.
    let app = app
        .edit(|form| {
            let rs256 = Some(Signing::Signed(Algorithm::Rs256));
            form.registration.token_endpoint_auth_signing_alg = rs256;
        })
        .await;
    let reply = exchange(&app, "gr_ac_any", &signer.sign(&payload)).await;
    assert_eq!(reply.code(), 401);
    // And nothing else than an assertion will do, whatever else the app has.
    let reply = app.exchange("gr_ac_any").await;
    assert_eq!(
        reply.member("error_description"),
        described("AuthMethodOther")
    );
    let both = [
        ("client_assertion_type", TYPE),
        ("client_assertion", "a.b.c"),
    ];
    let reply = app.post("/-/oauth_token", &both).await;
    assert_eq!(reply.member("error_description"), described("ClientTwice"));
}

async fn open_with_host() -> (Site, Elsewhere) {
    let host = Elsewhere::open().await;
    let site = Site::with(|config| {
        config.outbound.on = true;
        config.outbound.allow = vec![host.destination()];
    })
    .await;
    (site, host)
}

async fn keyed_elsewhere(site: &Site, owner: &Person, uri: String) -> App {
    let choose = |chosen: &mut Registration| {
        chosen.token_endpoint_auth_method = Some(AuthMethod::PrivateKeyJwt);
        chosen.jwks_uri = Some(uri);
    };
    site.app("Clock").choose(choose).of(owner).await
}

#[tokio::test]
async fn keys_elsewhere_are_fetched_kept_and_fetched_again_when_they_change() {
    let (site, host) = open_with_host().await;
    let (dora, _) = people(&site).await;
    let (old, new) = (
        Signer::new(Algorithm::Es256, "old"),
        Signer::new(Algorithm::Es256, "new"),
    );
    let app = keyed_elsewhere(&site, &dora, host.uri("/jwks")).await;
    let passes = async |signer: &Signer, jti: &str| {
        let reply = exchange(&app, "gr_ac_any", &signer.sign(&claims(&app, jti))).await;
        reply.member("error") == "invalid_grant"
    };
    host.show("/jwks", 200, &[], &old.jwks());
    for jti in ["1", "2", "3"] {
        assert!(passes(&old, jti).await);
    }
    assert_eq!(host.seen().len(), 1);
    // A key that nobody knows makes one fetch a minute, whoever names it and how often.
    for jti in ["4", "5", "6"] {
        assert!(!passes(&new, jti).await);
    }
    assert_eq!(host.seen().len(), 2);
    host.show("/jwks", 200, &[], &new.jwks());
    site.world.advance(Millis::minutes(1));
    assert!(passes(&new, "7").await && !passes(&old, "8").await);
    assert_eq!(host.seen().len(), 3);
}

/// A key set that cannot be had is the app's trouble, told in words, and asked for
/// now and then.
#[tokio::test]
async fn an_unreachable_jwks_uri_is_a_clear_invalid_client() {
    let (site, host) = open_with_host().await;
    let (dora, _) = people(&site).await;
    let signer = Signer::new(Algorithm::Es256, "one");
    let app = keyed_elsewhere(&site, &dora, host.uri("/jwks")).await;
    let ask = async |jti: &str| exchange(&app, "gr_ac_any", &signer.sign(&claims(&app, jti))).await;
    for jti in ["1", "2"] {
        let reply = ask(jti).await;
        assert_eq!(
            (reply.code(), &*reply.member("error")),
            (401, "invalid_client")
        );
        assert_eq!(
            reply.member("error_description"),
            described("ClientKeysUnreachable")
        );
    }
    assert_eq!(host.seen().len(), 1);
    for (status, headers, body) in [
        (500, vec![], signer.jwks()),
        (302, vec![("location", "/elsewhere")], String::new()),
        (200, vec![], "no json".into()),
        (200, vec![], r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#.into()),
        (200, vec![], " ".repeat(70_000)),
    ] {
        site.world.advance(Millis::seconds(10));
        host.show("/jwks", status, &headers, &body);
        let reply = ask(&format!("{status} {}", body.len())).await;
        assert_eq!(
            reply.member("error_description"),
            described("ClientKeysUnreachable")
        );
    }
    site.world.advance(Millis::seconds(10));
    host.show("/jwks", 200, &[], &signer.jwks());
    assert_eq!(ask("last").await.member("error"), "invalid_grant");
}

#[tokio::test]
async fn nothing_is_fetched_where_the_operator_did_not_allow_it() {
    let site = Site::open().await;
    let (dora, _) = people(&site).await;
    let signer = Signer::new(Algorithm::Es256, "one");
    let app = keyed_elsewhere(&site, &dora, "https://clock.example/jwks".into()).await;
    let reply = exchange(&app, "gr_ac_any", &signer.sign(&claims(&app, "1"))).await;
    assert_eq!(
        reply.member("error_description"),
        described("ClientKeysOff")
    );
}

/// The sentence of a cause, by its name.
fn described(name: &str) -> &'static str {
    let causes = grantor_protocol::error::Cause::ALL;
    let cause = causes.iter().find(|cause| cause.name() == name);
    cause.unwrap().description()
}

/// Whether the text of some secret is kept, encrypted.
fn is_kept(site: &Site) -> bool {
    let contents = site.contents();
    let mut secrets = contents
        .lines()
        .filter(|line| line.starts_with("client_secrets"));
    secrets.any(|line| !line.ends_with("Null]"))
}

/// Whether the database file has this text anywhere.
fn holds(site: &Site, text: &str) -> bool {
    let files = ["grantor.db", "grantor.db-wal"];
    let folder = site.database().parent().unwrap().to_owned();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
    files.iter().any(|name| {
        read(name)
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    })
}
