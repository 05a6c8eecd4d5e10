//! The authorization endpoint (RFC 6749 §3.1): one function checks a request,
//! one ([`next_step`]) decides what happens next.

mod step;

pub use step::{Approval, Approved, Decision, Session, Situation, Step, next_step};

use crate::{
    client::{Client, ClientKind},
    error::Cause,
    form::Params,
    pkce::Challenge,
    redirect::{Place, RedirectUri, with_params},
    scope::{self, Scope, ScopeSet},
    secret::Secret,
    time::{Millis, Timestamp},
};

/// What the instance offers.
#[derive(Clone)]
pub struct Policy {
    pub issuer: String,
    /// Every scope that can be granted.
    pub scopes: Vec<Scope>,
    pub implicit: bool,
    pub out_of_band: bool,
    /// How long one authorization can be refreshed; `None`: as long as it stands.
    pub refresh_absolute: Option<Millis>,
}

impl Policy {
    pub fn offers(&self, scope: &str) -> bool {
        self.scopes.iter().any(|offered| offered.as_str() == scope)
    }

    /// Whether a personal access token may have it: `openid` says to an app who signs
    /// in, and such a token has no app.
    pub fn offers_personally(&self, scope: &str) -> bool {
        scope != scope::OPENID && self.offers(scope)
    }

    /// What of `scopes` is still offered.
    pub fn offered(&self, scopes: &ScopeSet) -> ScopeSet {
        // A part of a set is never too long for one.
        ScopeSet::collect(scopes.iter().filter(|scope| self.offers(scope))).unwrap_or_default()
    }
}

/// Refusals that must not reach any redirect: the browser stays here and sees
/// plain text (RFC 6749 §4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dead {
    ClientMissing,
    ClientUnknown,
    ClientSuspended,
    RedirectMissing,
    RedirectUnregistered,
    OutOfBandOff,
}

impl Dead {
    pub const ALL: [Self; 6] = [
        Self::ClientMissing,
        Self::ClientUnknown,
        Self::ClientSuspended,
        Self::RedirectMissing,
        Self::RedirectUnregistered,
        Self::OutOfBandOff,
    ];

    /// The name in the developer's request log.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientMissing => "ClientMissing",
            Self::ClientUnknown => "ClientUnknown",
            Self::ClientSuspended => "ClientSuspended",
            Self::RedirectMissing => "RedirectMissing",
            Self::RedirectUnregistered => "RedirectUnregistered",
            Self::OutOfBandOff => "OutOfBandOff",
        }
    }

    /// What the person at the browser reads, and hands on to the app's developer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ClientMissing => {
                "This link does not say which app it is for: client_id is missing."
            }
            Self::ClientUnknown => {
                "There is no app with this client_id. Its developer finds the right one on the app's page in the developer console."
            }
            Self::ClientSuspended => "This app has been suspended.",
            Self::RedirectMissing => {
                "This link does not say where to return to: redirect_uri is missing."
            }
            Self::RedirectUnregistered => {
                "The redirect_uri of this request is not registered for this app; it must equal one of the app's redirect URLs, byte for byte. Its developer sees in the app's request log how near it came."
            }
            Self::OutOfBandOff => {
                "This server does not show codes on a page: out-of-band redirects are switched off."
            }
        }
    }
}

/// Why a request does not stand.
#[derive(Clone, Debug)]
pub enum Rejection {
    /// Client or redirect could not be verified: nothing may redirect.
    Dead(Dead),
    /// Verified, and wrong otherwise: the app is told, once the user is known.
    SendBack {
        to: ReturnTo,
        cause: Cause,
        silent: bool,
    },
}

/// The one road back to an app. Only [`validate`] makes it, from a verified
/// client and a redirect URI registered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    uri: RedirectUri,
    place: Place,
    state: Option<String>,
    issuer: String,
}

impl ReturnTo {
    /// The URI as the app asked for it, which its code is bound to.
    pub fn uri(&self) -> &RedirectUri {
        &self.uri
    }

    /// The answer is a page here instead of a redirect.
    pub fn is_out_of_band(&self) -> bool {
        self.uri.is_oob()
    }

    /// The redirect that tells the app of a refusal (RFC 6749 §4.1.2.1).
    pub fn with_error(&self, cause: Cause) -> String {
        self.with(&[
            ("error", cause.code().as_str()),
            ("error_description", cause.description()),
        ])
    }

    /// The redirect that carries a code (RFC 6749 §4.1.2).
    pub fn with_code(&self, code: &Secret) -> String {
        self.with(&[("code", code.reveal_for_response())])
    }

    /// The redirect that carries an access token in its fragment (RFC 6749
    /// §4.2.2), also under the name that the described service uses, `token`.
    pub fn with_token(&self, token: &Secret, lifetime: Millis, scopes: &ScopeSet) -> String {
        let token = token.reveal_for_response();
        self.with(&[
            ("access_token", token),
            ("token", token),
            ("token_type", "bearer"), // RFC 6749 §7.1
            ("expires_in", &lifetime.as_seconds().to_string()),
            ("scope", &scopes.to_string()),
        ])
    }

    fn with(&self, answer: &[(&str, &str)]) -> String {
        let mut params = answer.to_vec();
        if let Some(state) = &self.state {
            params.push(("state", state));
        }
        params.push(("iss", &self.issuer)); // RFC 9207 §2
        with_params(self.uri.as_str(), &params, self.place)
    }
}

/// RFC 6749 §3.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResponseType {
    Code,
    Token,
}

/// OpenID Connect Core §3.1.2.1, `prompt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prompt {
    pub none: bool,
    pub login: bool,
    pub consent: bool,
    pub select_account: bool,
}

/// A request that passed every check. Only [`validate`] makes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    pub app: i64,
    pub app_kind: ClientKind,
    pub app_changed: Timestamp,
    pub return_to: ReturnTo,
    pub response_type: ResponseType,
    pub scopes: ScopeSet,
    pub challenge: Option<Challenge>,
    pub prompt: Prompt,
    pub max_age: Option<Millis>,
    pub login_hint: Option<String>,
}

const STATE_BYTES: usize = 2048;

/// Checks an authorization request. Client and redirect come first; whatever is
/// wrong after them goes to the app.
pub fn validate(
    params: &Params,
    client: Option<&Client>,
    policy: &Policy,
) -> Result<Request, Rejection> {
    if params.get("client_id").is_none() {
        return Err(Rejection::Dead(Dead::ClientMissing));
    }
    let client = client.ok_or(Rejection::Dead(Dead::ClientUnknown))?;
    if client.suspended {
        return Err(Rejection::Dead(Dead::ClientSuspended));
    }
    let to = return_to(params, client, policy).map_err(Rejection::Dead)?;
    let silent = params.get("prompt") == Some("none");
    check(params, client, policy, to.clone()).map_err(|cause| Rejection::SendBack {
        to,
        cause,
        silent,
    })
}

fn return_to(params: &Params, client: &Client, policy: &Policy) -> Result<ReturnTo, Dead> {
    let asked = params.get("redirect_uri").ok_or(Dead::RedirectMissing)?;
    let uri = client.redirect(asked).ok_or(Dead::RedirectUnregistered)?; // RFC 9700 §2.1
    if uri.is_oob() && !policy.out_of_band {
        return Err(Dead::OutOfBandOff);
    }
    let in_fragment = response_words(params).any(|word| word != "code"); // RFC 6749 §4.2.2.1
    Ok(ReturnTo {
        uri,
        place: if in_fragment {
            Place::Fragment
        } else {
            Place::Query
        },
        state: params.get("state").map(str::to_owned), // RFC 6749 §4.1.2.1
        issuer: policy.issuer.clone(),
    })
}

fn response_words(params: &Params) -> impl Iterator<Item = &str> {
    let words = params.get("response_type").unwrap_or("code").split(' ');
    words.filter(|word| ["code", "token", "id_token"].contains(word))
}

fn check(
    params: &Params,
    client: &Client,
    policy: &Policy,
    to: ReturnTo,
) -> Result<Request, Cause> {
    if params.get("request").is_some() {
        return Err(Cause::RequestObject); // OpenID Connect Core §6.1
    }
    if params.get("request_uri").is_some() {
        return Err(Cause::RequestUri); // OpenID Connect Core §6.2
    }
    let response_type = response_type(params, client, policy, &to)?;
    check_state(params, client, response_type)?;
    let challenge = challenge(params, client, response_type, &to)?;
    let scopes = scopes(params, policy)?;
    Ok(Request {
        app: client.id,
        app_kind: client.kind,
        app_changed: client.changed,
        return_to: to,
        response_type,
        scopes,
        challenge,
        prompt: prompt(params)?,
        max_age: max_age(params)?,
        login_hint: params.get("login_hint").map(str::to_owned),
    })
}

fn response_type(
    params: &Params,
    client: &Client,
    policy: &Policy,
    to: &ReturnTo,
) -> Result<ResponseType, Cause> {
    let (response_type, mode) = match params.get("response_type") {
        None => return Err(Cause::ResponseTypeMissing), // RFC 6749 §3.1.1
        Some("code") => (ResponseType::Code, "query"),
        Some("token") => (ResponseType::Token, "fragment"),
        Some(_) => return Err(Cause::ResponseTypeUnknown),
    };
    if params
        .get("response_mode")
        .is_some_and(|asked| asked != mode)
    {
        return Err(Cause::ResponseModeUnfit); // OAuth 2.0 Multiple Response Types §2.1
    }
    if response_type == ResponseType::Token {
        if !(policy.implicit && client.implicit) {
            return Err(Cause::ImplicitOff); // RFC 9700 §2.1.2
        }
        if !to.uri.is_https() {
            return Err(Cause::ImplicitNeedsHttps);
        }
    }
    Ok(response_type)
}

fn check_state(params: &Params, client: &Client, response_type: ResponseType) -> Result<(), Cause> {
    // A challenge protects the code that it is bound to, and no access token.
    let has_pkce = response_type == ResponseType::Code && params.get("code_challenge").is_some();
    match params.get("state") {
        Some(state) if state.len() > STATE_BYTES => Err(Cause::StateTooLong),
        Some(_) => Ok(()),
        None if client.stateless || has_pkce => Ok(()),
        None => Err(Cause::StateMissing), // RFC 9700 §2.1
    }
}

fn challenge(
    params: &Params,
    client: &Client,
    response_type: ResponseType,
    to: &ReturnTo,
) -> Result<Option<Challenge>, Cause> {
    match (
        params.get("code_challenge"),
        params.get("code_challenge_method"),
    ) {
        (Some(challenge), Some("S256")) => {
            Challenge::parse(challenge)
                .map(Some)
                .ok_or(Cause::ChallengeMalformed) // RFC 7636 §4.2
        }
        (Some(_), _) => Err(Cause::ChallengeMethod), // RFC 9700 §2.1.1
        (None, Some(_)) => Err(Cause::ChallengeMalformed),
        (None, None) if response_type == ResponseType::Token => Ok(None),
        (None, None) if client.pkce_required => Err(Cause::ChallengeMissing),
        (None, None) if client.kind == ClientKind::Confidential => Ok(None),
        // A native app without a redirect may use its secret instead.
        (None, None) if client.kind == ClientKind::Native && to.is_out_of_band() => Ok(None),
        (None, None) => Err(Cause::ChallengeMissing), // RFC 9700 §2.1.1
    }
}

fn scopes(params: &Params, policy: &Policy) -> Result<ScopeSet, Cause> {
    let asked = params.get("scope").unwrap_or(scope::DEFAULT); // RFC 6749 §3.3
    let asked = ScopeSet::parse(asked).map_err(|_| Cause::ScopeMalformed)?;
    match asked.is_empty() {
        false if asked.iter().all(|scope| policy.offers(scope)) => Ok(asked),
        false => Err(Cause::ScopeUnknown),
        true => Err(Cause::ScopeMalformed),
    }
}

fn prompt(params: &Params) -> Result<Prompt, Cause> {
    let mut prompt = Prompt::default();
    let words: Vec<&str> = params
        .get("prompt")
        .map(|text| text.split(' ').collect())
        .unwrap_or_default();
    for word in &words {
        match *word {
            "none" if words.len() == 1 => prompt.none = true, // OpenID Connect Core §3.1.2.1
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            "select_account" => prompt.select_account = true,
            _ => return Err(Cause::PromptInvalid),
        }
    }
    Ok(prompt)
}

fn max_age(params: &Params) -> Result<Option<Millis>, Cause> {
    let Some(text) = params.get("max_age") else {
        return Ok(None);
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: Option<u32> = text.parse().ok().filter(|_| digits);
    let seconds = seconds.ok_or(Cause::MaxAgeInvalid)?;
    Ok(Some(Millis::seconds(i64::from(seconds))))
}
