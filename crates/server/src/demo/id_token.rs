//! What an app does with an ID token: it believes nothing before it has looked.

use anyhow::{Context, ensure};
use grantor_jose::{
    algorithm::Algorithm,
    claims::Claims,
    jwk::JwkSet,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use grantor_protocol::time::Timestamp;
use serde_json::Value;

/// The longest ID token that is read, in bytes.
const MAX_BYTES: usize = 8192;
/// How far the clocks of two computers may differ, in seconds.
const LEEWAY: i64 = 30;

/// What the app knows of the login that it asked for.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// The claims of an ID token that this issuer signed, for this app and this login
/// (OpenID Connect Core §3.1.3.7).
pub async fn verified(
    http: &reqwest::Client,
    expected: &Expected<'_>,
    text: &str,
) -> anyhow::Result<Claims> {
    let discovery = format!("{}/.well-known/openid-configuration", expected.issuer);
    let discovery: Value = http.get(discovery).send().await?.json().await?;
    ensure!(
        discovery["issuer"] == expected.issuer,
        "discovery names another issuer"
    );
    let keys = discovery["jwks_uri"].as_str().context("no jwks_uri")?;
    let keys = http.get(keys).send().await?.bytes().await?;
    let keys = JwkSet::parse(&keys)?;

    let token = Compact::parse(text, MAX_BYTES)?;
    // What the app registered, or rather did not: RS256.
    let key = keys.to_verify(token.kid(), Algorithm::Rs256)?;
    let key = VerifyingKey::from_jwk(key, Algorithm::Rs256)?;
    let payload = key.verify(&token, ExpectedType::AbsentOr(&["JWT"]))?;
    let claims = Claims::parse(payload, MAX_BYTES)?;
    claims.check_issuer(expected.issuer)?;
    claims.check_audience(&[expected.client_id])?;
    claims.check_time(expected.now.seconds(), LEEWAY)?;
    ensure!(
        claims.required_text("nonce")? == expected.nonce,
        "the ID token is of another login"
    );
    Ok(claims)
}
