//! What an ID token of a provider proves (OpenID Connect Core §3.1.3.7). Its signature was
//! verified, with a key of the provider's and an algorithm that it announces.

use super::{About, Fault};
use crate::time::{Millis, Timestamp};
use grantor_jose::{algorithm::Algorithm, claims::Claims, hash::half_hash};

/// Seconds by which the provider's clock may differ.
pub const LEEWAY: i64 = 60;
/// The longest ID token, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// What this login expects.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// What came beside it.
    pub access_token: &'a str,
    /// A login anew was asked for at this moment.
    pub anew_since: Option<Timestamp>,
    pub now: Timestamp,
}

/// Somebody whom a provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The provider's name for her, for ever.
    pub subject: String,
    /// When she proved who she is, as far as the provider says.
    pub auth_time: Option<Timestamp>,
    pub about: About,
}

/// Judges what was signed; `algorithm` is that of the key.
///
/// # Errors
/// [`Fault`], at the first thing wrong.
pub fn judge(
    claims: &Claims,
    algorithm: Algorithm,
    expected: &Expected<'_>,
) -> Result<Proved, Fault> {
    let now = expected.now.seconds();
    claims.check_issuer(expected.issuer)?; // OpenID Connect Core §3.1.3.7
    if claims.audience()? != [expected.client_id] {
        return Err(Fault::Audience); // OpenID Connect Core §3.1.3.7
    }
    if claims
        .text("azp")?
        .is_some_and(|azp| azp != expected.client_id)
    {
        return Err(Fault::Audience); // OpenID Connect Core §3.1.3.7
    }
    claims.required_date("iat")?; // OpenID Connect Core §3.1.3.7
    claims.check_time(now, LEEWAY)?; // OpenID Connect Core §3.1.3.7
    if claims.text("nonce")? != Some(expected.nonce) {
        return Err(Fault::Nonce); // OpenID Connect Core §3.1.3.7
    }
    let bound = claims.text("at_hash")?;
    if bound.is_some_and(|hash| hash != half_hash(algorithm, expected.access_token)) {
        return Err(Fault::AccessToken); // OpenID Connect Core §3.1.3.8
    }
    let auth_time = claims.date("auth_time")?;
    if let Some(since) = expected.anew_since {
        let earliest = since.seconds() - LEEWAY;
        if auth_time.is_none_or(|at| at < earliest || at > now + LEEWAY) {
            return Err(Fault::NotFresh); // OpenID Connect Core §3.1.3.7
        }
    }
    let subject = claims.required_text("sub")?;
    if !(1..=255).contains(&subject.len()) || !subject.is_ascii() {
        return Err(Fault::Subject); // OpenID Connect Core §2
    }
    Ok(Proved {
        subject: subject.to_owned(),
        auth_time: auth_time.map(|at| Timestamp(0) + Millis::seconds(at)),
        about: About::of(claims),
    })
}
