//! Client assertions: an app proves itself by a JWT that it has signed, with its private
//! key or its secret (RFC 7523 §3, OpenID Connect Core §9).
//!
//! 1. [`read`] the text; whose it is said to be finds the app.
//! 2. [`agreed`] says what the app has registered to sign with; the keys are loaded.
//! 3. [`verify`] proves the signature.
//! 4. [`super::authenticate`] judges what was signed.

use super::Client;
use crate::{
    error::Cause,
    openid::registration::{AuthMethod, Signing},
    secret::Digest,
    time::{Millis, Timestamp},
};
use grantor_jose::{
    algorithm::Algorithm,
    claims::{ClaimError, Claims},
    verify::{Compact, ExpectedType, VerifyError, VerifyingKey},
};

/// The only `client_assertion_type` (RFC 7523 §2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest assertion, in bytes.
pub const MAX_BYTES: usize = 8192;
/// Seconds by which the app's clock may differ.
const LEEWAY: i64 = 60;
/// Seconds that an assertion may live, and be remembered.
const LONGEST: i64 = 3600;
/// What nodes may differ by, so that none forgets an assertion that another still takes.
const SPARE: i64 = 60;

/// The assertion of a token request, nothing of it proved.
///
/// # Errors
/// [`Cause::AssertionType`], [`Cause::AssertionMalformed`].
pub fn read<'t>(assertion_type: Option<&str>, text: &'t str) -> Result<Compact<'t>, Cause> {
    if assertion_type != Some(TYPE) {
        return Err(Cause::AssertionType); // RFC 7523 §2.2
    }
    Compact::parse(text, MAX_BYTES).map_err(|_| Cause::AssertionMalformed) // RFC 7523 §3
}

/// What an app and this server have agreed to prove its assertions with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// HS256 with one of its secrets.
    Secret,
    /// One of its public keys.
    Key(Algorithm),
}

/// By what the app has registered. Where it named no algorithm, any of those for public
/// keys is agreed on, and the header says which; never HS256 with a public key.
///
/// # Errors
/// [`Cause::AuthMethodOther`], [`Cause::AssertionAlgorithm`].
pub fn agreed(client: &Client, jws: &Compact<'_>) -> Result<Agreed, Cause> {
    let registration = &client.registration;
    let registered = registration.token_endpoint_auth_signing_alg;
    let agreed = match (registration.token_endpoint_auth_method, registered) {
        (Some(AuthMethod::ClientSecretJwt), None | Some(Signing::Signed(Algorithm::Hs256))) => {
            Some(Agreed::Secret)
        }
        (Some(AuthMethod::PrivateKeyJwt), None) => Algorithm::parse(jws.alg()).map(Agreed::Key),
        (Some(AuthMethod::PrivateKeyJwt), Some(Signing::Signed(algorithm))) => {
            Some(Agreed::Key(algorithm))
        }
        (Some(AuthMethod::ClientSecretJwt | AuthMethod::PrivateKeyJwt), _) => None,
        _ => return Err(Cause::AuthMethodOther),
    };
    agreed
        .filter(|it| *it != Agreed::Key(Algorithm::Hs256)) // RFC 8725 §3.1
        .ok_or(Cause::AssertionAlgorithm)
}

/// An assertion whose signature fits. Only [`verify`] makes one.
pub struct Assertion {
    claims: Claims,
    /// Which secret signed it; `None`: a private key did.
    secret: Option<i64>,
}

/// Proves the signature by one of `keys`: an app's secrets with their ids, or the one
/// public key that fits.
///
/// # Errors
/// [`Cause::AssertionAlgorithm`], [`Cause::AssertionMalformed`], [`Cause::AssertionSignature`].
pub fn verify(jws: &Compact<'_>, keys: &[(Option<i64>, VerifyingKey)]) -> Result<Assertion, Cause> {
    let typ = ExpectedType::AbsentOr(&["JWT", "client-authentication+jwt"]); // RFC 8725 §3.11
    let mut refused = Cause::AssertionSignature;
    for (secret, key) in keys {
        match key.verify(jws, typ) {
            Ok(payload) => {
                let claims = Claims::parse(payload, MAX_BYTES);
                return Ok(Assertion {
                    claims: claims.map_err(|_| Cause::AssertionMalformed)?,
                    secret: *secret,
                });
            }
            Err(VerifyError::OtherAlgorithm(_)) => refused = Cause::AssertionAlgorithm,
            Err(VerifyError::OtherType) => refused = Cause::AssertionMalformed,
            Err(VerifyError::OtherKey | VerifyError::Signature) => {}
        }
    }
    Err(refused)
}

/// An assertion that is used up by this request: whoever brings it again is refused.
#[derive(Clone, Copy)]
pub struct Once {
    /// Of app and `jti`.
    pub digest: Digest,
    /// From here on it is refused for its age.
    pub expires: Timestamp,
}

impl Assertion {
    pub(super) fn method(&self) -> AuthMethod {
        match self.secret {
            Some(_) => AuthMethod::ClientSecretJwt,
            None => AuthMethod::PrivateKeyJwt,
        }
    }

    pub(super) fn secret(&self) -> Option<i64> {
        self.secret
    }

    /// Whether it speaks of this app, to this server, now; `audiences` are our names.
    pub(super) fn check(
        &self,
        client: &Client,
        audiences: &[&str],
        now: Timestamp,
    ) -> Result<Once, Cause> {
        let (claims, id, now) = (&self.claims, client.id.to_string(), now.seconds());
        for name in ["iss", "sub"] {
            if claims.required_text(name).map_err(refusal)? != id {
                return Err(Cause::AssertionIssuer); // RFC 7523 §3, OpenID Connect Core §9
            }
        }
        claims.check_audience(audiences).map_err(refusal)?; // RFC 7523 §3
        claims.check_time(now, LEEWAY).map_err(refusal)?; // RFC 7523 §3
        claims
            .check_lifetime(now, LONGEST + LEEWAY)
            .map_err(refusal)?;
        let jti = claims.required_text("jti").map_err(refusal)?; // OpenID Connect Core §9
        let expires = claims.required_date("exp").map_err(refusal)?;
        Ok(Once {
            digest: Digest::of(format!("{id} {jti}").as_bytes()),
            expires: Timestamp(0) + Millis::seconds(expires + LEEWAY + SPARE),
        })
    }
}

fn refusal(error: ClaimError) -> Cause {
    match error {
        ClaimError::Issuer => Cause::AssertionIssuer,
        ClaimError::Audience => Cause::AssertionAudience,
        ClaimError::Expired | ClaimError::NotYetValid => Cause::AssertionTime,
        ClaimError::ValidTooLong => Cause::AssertionTooLong,
        ClaimError::Json(_)
        | ClaimError::Missing(_)
        | ClaimError::Type(_)
        | ClaimError::Date(_) => Cause::AssertionIncomplete,
    }
}
