//! The `openidconnect` crate.

use crate::{
    browser::Decision,
    flow::Report,
    oauth2_crate::{parameter, send},
    scene::{CALLBACK, LOGIN, Scene},
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims},
};
use serde_json::json;

/// Everything from discovery, with an ID token signed in this way.
async fn log_in(algorithm: &str) {
    let scene = Scene::new(CALLBACK, &["--id-token-alg", algorithm]);
    let issuer = IssuerUrl::new(scene.server.url().into()).expect("a URL");
    let metadata = CoreProviderMetadata::discover_async(issuer, &send).await;
    let client = CoreClient::from_provider_metadata(
        metadata.expect("the metadata"),
        ClientId::new(scene.app.client_id.clone()),
        scene.app.client_secret.clone().map(ClientSecret::new),
    );
    let client = client.set_redirect_uri(RedirectUrl::new(CALLBACK.into()).expect("a URL"));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = LOGIN.split(' ').filter(|scope| *scope != "openid");
    let (url, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(scopes.map(|scope| Scope::new(scope.into())))
        .set_pkce_challenge(challenge)
        .url();
    let callback = scene.browser.connect(url.as_str(), Decision::Allow).await;
    assert_eq!(parameter(&callback, "state"), *state.secret());

    let code = AuthorizationCode::new(parameter(&callback, "code"));
    let exchange = client.exchange_code(code).expect("an endpoint");
    let exchange = exchange.set_pkce_verifier(verifier);
    let tokens = exchange.request_async(&send).await.expect("tokens");
    let proof = client.id_token_verifier();
    let id_token = tokens.id_token().expect("an ID token");
    let claims = id_token.claims(&proof, &nonce).expect("its signature");
    let hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().expect("an algorithm"),
        id_token.signing_key(&proof).expect("a key"),
    );
    assert_eq!(claims.access_token_hash(), hash.ok().as_ref());

    let subject = Some(claims.subject().clone());
    let about = client.user_info(tokens.access_token().clone(), subject);
    let userinfo: CoreUserInfoClaims = about
        .expect("an endpoint")
        .request_async(&send)
        .await
        .expect("userinfo");
    let refresh = tokens.refresh_token().expect("a refresh token");
    let again = client.exchange_refresh_token(refresh).expect("an endpoint");
    let again = again.request_async(&send).await.expect("tokens");
    let refreshed = again.id_token().expect("an ID token");
    let anew = |_: Option<&Nonce>| Ok(());
    let refreshed = refreshed.claims(&proof, anew).expect("its signature");
    let report = Report(json!({
        "claims": claims,
        "userinfo": userinfo,
        "refreshed": refreshed,
    }));
    report.check_login(&scene);
    assert_eq!(claims.auth_time(), refreshed.auth_time());
}

#[tokio::test]
async fn openidconnect_crate_reads_rs256() {
    log_in("RS256").await;
}

#[tokio::test]
async fn openidconnect_crate_reads_ps256() {
    log_in("PS256").await;
}

#[tokio::test]
async fn openidconnect_crate_reads_es256() {
    log_in("ES256").await;
}

#[tokio::test]
async fn openidconnect_crate_reads_eddsa() {
    log_in("EdDSA").await;
}
