//! Hand-over login: the platform's own login page says who its user is, for one browser and
//! one moment. `docs/hand-over.md` is for whoever writes that page.
//!
//! 1. [`Challenge`]: this server's question, signed, by way of the browser.
//! 2. [`judge`]: the platform's answer, whose signature was verified with its own key.

use crate::{
    openid::upstream::About,
    time::{Millis, Timestamp},
};
use grantor_jose::claims::{ClaimError, Claims};
use serde_json::{Map, Value, json};

/// The `typ` of a question and of an answer: neither passes as the other, nor as any other
/// token.
pub const CHALLENGE_TYPE: &str = "hand-over-challenge+jwt";
pub const ANSWER_TYPE: &str = "hand-over-answer+jwt";
/// The longest answer, in bytes.
pub const MAX_BYTES: usize = 4096;
/// How long the platform's user may take.
pub const LIFETIME: Millis = Millis::minutes(15);
/// Seconds by which the platform's clock may differ.
const LEEWAY: i64 = 60;
/// Seconds that an answer may live: it is on its way through one redirect.
const LONGEST: i64 = 300;

/// A question.
pub struct Challenge<'a> {
    pub issuer: &'a str,
    /// The platform, by its origin.
    pub platform: &'a str,
    pub id: &'a str,
    /// Where the answer goes.
    pub answer_to: &'a str,
    pub issued: Timestamp,
    /// Whether the user is to prove herself again, whoever is logged in there.
    pub anew: bool,
    pub login_hint: Option<&'a str>,
    pub ui_locales: Option<&'a str>,
}

impl Challenge<'_> {
    pub fn claims(&self) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        set("iss", json!(self.issuer));
        set("aud", json!(self.platform));
        set("jti", json!(self.id));
        set("iat", json!(self.issued.seconds()));
        set("exp", json!((self.issued + LIFETIME).seconds()));
        set("answer_to", json!(self.answer_to));
        if self.anew {
            set("prompt", json!("login"));
            set("max_age", json!(0));
        }
        let wishes = [
            ("login_hint", self.login_hint),
            ("ui_locales", self.ui_locales),
        ];
        for (name, wish) in wishes {
            if let Some(wish) = wish {
                set(name, json!(wish));
            }
        }
        claims
    }
}

/// Why an answer is refused. The sentences are for whoever writes the platform's page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error(
        "it is not signed with the key and the algorithm that were agreed on, or its typ is not {ANSWER_TYPE}"
    )]
    Signature,
    #[error("{0}")]
    Claim(#[from] ClaimError),
    #[error("its jti is not that of the challenge")]
    OtherChallenge,
    #[error("its sub must have 1 to 255 ASCII characters")]
    Subject,
    #[error("it has no email")]
    NoAddress,
    #[error("its auth_time is missing, in the future, or before a login anew was asked for")]
    NotFresh,
}

/// What an answer has to fit.
pub struct Expected<'a> {
    pub platform: &'a str,
    pub issuer: &'a str,
    pub id: &'a str,
    /// A login anew was asked for at this moment.
    pub anew_since: Option<Timestamp>,
    pub now: Timestamp,
}

/// Somebody whom the platform vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The platform's name for her, for ever.
    pub subject: String,
    pub about: About,
}

/// Judges what was signed.
///
/// # Errors
/// [`Fault`], at the first thing wrong.
pub fn judge(claims: &Claims, expected: &Expected<'_>) -> Result<Answer, Fault> {
    let now = expected.now.seconds();
    claims.check_issuer(expected.platform)?;
    claims.check_audience(&[expected.issuer])?;
    if claims.required_text("jti")? != expected.id {
        return Err(Fault::OtherChallenge);
    }
    claims.required_date("iat")?;
    claims.check_time(now, LEEWAY)?;
    claims.check_lifetime(now, LONGEST + LEEWAY)?;
    let auth_time = claims.required_date("auth_time")?;
    let since = expected
        .anew_since
        .map_or(0, |since| since.seconds() - LEEWAY);
    if !(since..=now + LEEWAY).contains(&auth_time) {
        return Err(Fault::NotFresh);
    }
    let subject = claims.required_text("sub")?;
    if !(1..=255).contains(&subject.len()) || !subject.is_ascii() {
        return Err(Fault::Subject);
    }
    let about = About::of(claims);
    if about.email.is_none() {
        return Err(Fault::NoAddress);
    }
    Ok(Answer {
        subject: subject.to_owned(),
        about,
    })
}
