//! Request objects: an authorization request as a JWT, in `request` or where
//! `request_uri` points (OpenID Connect Core §6).
//!
//! 1. [`Sent::of`] says how it came; a reference is checked, fetched and then sent on as
//!    a value, so that what the user sees is what she allows.
//! 2. [`decrypt`] opens one that was encrypted to us, [`read`] says what has to prove it, by what the app has registered.
//! 3. [`Object::merge`] checks what it says and puts its parameters over those outside.

use super::ResponseType;
use crate::{
    client::Client,
    error::Cause,
    form::{self, Params},
    openid::registration::Signing,
};
use grantor_jose::{
    algorithm::Algorithm,
    claims::{ClaimError, Claims},
    jwe::{CompactJwe, DecryptingKey},
    unsecured,
    verify::{Compact, ExpectedType, VerifyingKey},
};
use serde_json::Value;

/// The longest object, in bytes: the URL that carries it has more.
pub const MAX_BYTES: usize = 7 * 1024;
/// Seconds by which the app's clock may differ.
const LEEWAY: i64 = 60;

/// The parameters that an object may have.
const PARAMETERS: [&str; 18] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "response_mode",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "code_challenge",
    "code_challenge_method",
];

/// How an object came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent<'a> {
    Value(&'a str),
    Reference(&'a str),
}

impl<'a> Sent<'a> {
    /// `None`: the request has no object.
    ///
    /// # Errors
    /// [`Cause::RequestTwice`].
    pub fn of(params: &'a Params) -> Result<Option<Self>, Cause> {
        match (params.get("request"), params.get("request_uri")) {
            (None, None) => Ok(None),
            (Some(text), None) => Ok(Some(Self::Value(text))),
            (None, Some(uri)) => Ok(Some(Self::Reference(uri))),
            (Some(_), Some(_)) => Err(Cause::RequestTwice), // OpenID Connect Core §6.1
        }
    }
}

/// Where an object is, and its version, which stands after a `#`.
pub fn place_of(uri: &str) -> (&str, &str) {
    uri.split_once('#').unwrap_or((uri, "")) // OpenID Connect Core §6.2
}

/// Whether the app has registered this place for its objects.
pub fn is_registered(client: &Client, place: &str) -> bool {
    let mut registered = client.registration.request_uris.iter();
    registered.any(|it| place_of(it).0 == place)
}

/// The request without an object: what is left when it is read, or refused.
pub fn without_object(params: &Params) -> Params {
    of_pairs(outside(params)).unwrap_or_default()
}

/// The request with the object itself instead of the reference to it, as a query.
pub fn by_value(params: &Params, object: &str) -> String {
    form::encode(outside(params).chain([("request", object)]))
}

fn outside(params: &Params) -> impl Iterator<Item = (&str, &str)> {
    params
        .iter()
        .filter(|(name, _)| !["request", "request_uri"].contains(name))
}

fn of_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Params> {
    Params::parse(form::encode(pairs).as_bytes()).ok()
}

/// An object, and what is left to prove of it.
pub enum Unproved<'t> {
    /// Nothing: the app sends them unsigned.
    Nothing(Object),
    /// The signature, by a key of the app for this algorithm.
    Signature(Compact<'t>, Algorithm),
}

/// What an object says. Only [`read`] and [`verify`] make one.
pub struct Object(Claims);

/// The JWT inside an encrypted object (OpenID Connect Core §6.1); `None`: it is not
/// encrypted. Being encrypted proves nothing of who made it.
///
/// # Errors
/// [`Cause::RequestObjectMalformed`], [`Cause::RequestObjectEncryption`].
pub fn decrypt(text: &str, keys: &[DecryptingKey]) -> Result<Option<String>, Cause> {
    if text.bytes().filter(|&byte| byte == b'.').count() != 4 {
        return Ok(None);
    }
    let parse = || CompactJwe::parse(text, MAX_BYTES).map_err(|_| Cause::RequestObjectMalformed);
    for key in keys {
        if let Ok(inside) = key.decrypt(parse()?) {
            let inside = String::from_utf8(inside.to_vec());
            return inside.map(Some).map_err(|_| Cause::RequestObjectMalformed);
        }
    }
    parse().and(Err(Cause::RequestObjectEncryption)) // OpenID Connect Core §6.1
}

/// By what the app has registered. Where it named no algorithm, an object may be
/// unsigned, or signed by any algorithm for public keys.
///
/// # Errors
/// [`Cause::RequestObjectMalformed`], [`Cause::RequestObjectAlgorithm`].
pub fn read<'t>(client: &Client, text: &'t str) -> Result<Unproved<'t>, Cause> {
    let jws = Compact::parse(text, MAX_BYTES).map_err(|_| Cause::RequestObjectMalformed)?;
    let registered = client.registration.request_object_signing_alg;
    let agreed = registered.or_else(|| Signing::parse(jws.alg()));
    match agreed {
        Some(Signing::Signed(algorithm)) if algorithm != Algorithm::Hs256 => {
            Ok(Unproved::Signature(jws, algorithm))
        }
        Some(Signing::Unsigned) => {
            let payload = unsecured::read_proved_by_nothing(text, MAX_BYTES);
            let payload = payload.map_err(|_| Cause::RequestObjectAlgorithm)?; // OpenID Connect Core §6.1
            object(&payload).map(Unproved::Nothing)
        }
        _ => Err(Cause::RequestObjectAlgorithm), // RFC 8725 §3.1
    }
}

/// Proves the signature by the app's key.
///
/// # Errors
/// [`Cause::RequestObjectSignature`], [`Cause::RequestObjectMalformed`].
pub fn verify(jws: &Compact<'_>, key: &VerifyingKey) -> Result<Object, Cause> {
    let typ = ExpectedType::AbsentOr(&["JWT", "oauth-authz-req+jwt"]); // RFC 8725 §3.11
    let payload = key.verify(jws, typ);
    object(payload.map_err(|_| Cause::RequestObjectSignature)?) // OpenID Connect Core §6.3.2
}

fn object(payload: &[u8]) -> Result<Object, Cause> {
    let claims = Claims::parse(payload, MAX_BYTES);
    claims
        .map(Object)
        .map_err(|_| Cause::RequestObjectMalformed)
}

impl Object {
    /// The parameters of the request: the object's, and those outside that it does not
    /// have. `issuer` is our name, `now` in seconds.
    ///
    /// # Errors
    /// What is wrong with the object itself; its parameters are checked like all others.
    pub fn merge(
        &self,
        params: &Params,
        client: &Client,
        (issuer, now): (&str, i64),
    ) -> Result<Params, Cause> {
        self.check_claims(client, issuer, now)?;
        let mut inside = Vec::new();
        for name in PARAMETERS {
            inside.extend(self.parameter(name)?.map(|value| (name, value)));
        }
        let of_object = |name: &str| inside.iter().find(|(it, _)| *it == name);
        let agrees = |name: &str| match (params.get(name), of_object(name)) {
            (Some(outside), Some((_, inside))) => {
                outside == inside
                    || name == "response_type"
                        && ResponseType::parse(outside) == ResponseType::parse(inside)
            }
            _ => true,
        };
        if !agrees("client_id") || !agrees("response_type") {
            return Err(Cause::RequestObjectDiffers); // OpenID Connect Core §6.1
        }
        let kept = outside(params).filter(|(name, _)| of_object(name).is_none());
        let own = inside.iter().map(|(name, value)| (*name, value.as_str()));
        of_pairs(kept.chain(own)).ok_or(Cause::RequestObjectMalformed) // OpenID Connect Core §6.3.3
    }

    /// Of whom, for whom and when, as far as it says so.
    fn check_claims(&self, client: &Client, issuer: &str, now: i64) -> Result<(), Cause> {
        let (claims, id) = (&self.0, client.id.to_string());
        if ["request", "request_uri"]
            .iter()
            .any(|name| claims.get(name).is_some())
        {
            return Err(Cause::RequestObjectNested); // OpenID Connect Core §6.1
        }
        if claims.get("iss").is_some() {
            claims.check_issuer(&id).map_err(refusal)?; // OpenID Connect Core §6.1
        }
        if claims.get("aud").is_some() {
            claims.check_audience(&[issuer]).map_err(refusal)?; // OpenID Connect Core §6.1
        }
        if claims.text("sub").map_err(refusal)? == Some(&id) {
            return Err(Cause::RequestObjectForOthers); // RFC 9101 §10.8
        }
        let is_late = |exp: i64| now >= exp.saturating_add(LEEWAY);
        let is_early = |nbf: i64| nbf > now.saturating_add(LEEWAY);
        let late = claims.date("exp").map_err(refusal)?.is_some_and(is_late);
        let early = claims.date("nbf").map_err(refusal)?.is_some_and(is_early);
        match late || early {
            true => Err(Cause::RequestObjectTime),
            false => Ok(()),
        }
    }

    /// A parameter as a request would have it.
    fn parameter(&self, name: &str) -> Result<Option<String>, Cause> {
        match (name, self.0.get(name)) {
            (_, None) => Ok(None),
            (_, Some(Value::String(text))) => Ok(Some(text.clone())),
            ("max_age", Some(Value::Number(number))) => Ok(Some(number.to_string())),
            ("claims", Some(object @ Value::Object(_))) => Ok(Some(object.to_string())),
            (_, Some(_)) => Err(Cause::RequestObjectMalformed),
        }
    }
}

fn refusal(error: ClaimError) -> Cause {
    match error {
        ClaimError::Issuer | ClaimError::Audience => Cause::RequestObjectForOthers,
        _ => Cause::RequestObjectMalformed,
    }
}
