//! What may be wrong with an authorization request once client and redirect are
//! verified. The order of checks is the order of lines in [`check`].

use super::{Policy, Prompt, Request, ResponseMode, ResponseType, ReturnTo};
use crate::{
    client::{Client, ClientKind},
    error::Cause,
    form::Params,
    openid::claims::ClaimsRequest,
    pkce::Challenge,
    scope::{self, ScopeSet},
    time::Millis,
};

const STATE_BYTES: usize = 2048;
const NONCE_BYTES: usize = 1024;

/// Where a refusal goes, whatever else is wrong: as the request says, or as those words
/// of its `response_type` say that are known.
pub(super) fn mode_of_refusals(params: &Params) -> ResponseMode {
    let words = params.get("response_type").unwrap_or("code").split(' ');
    let known: Vec<ResponseType> = words.filter_map(ResponseType::parse).collect();
    let front = known.iter().any(|word| word.is_front_channel());
    match params.get("response_mode").and_then(ResponseMode::parse) {
        Some(ResponseMode::Query) | None if front => ResponseMode::Fragment,
        None => ResponseMode::Query,
        Some(asked) => asked,
    }
}

pub(super) fn check(
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
    check_mode(params, response_type)?;
    check_state(params, client, response_type)?;
    let challenge = challenge(params, client, response_type, &to)?;
    let scopes = scopes(params, response_type, policy)?;
    let nonce = nonce(params, response_type, &scopes)?;
    Ok(Request {
        app: client.id,
        app_kind: client.kind,
        app_changed: client.changed,
        return_to: to,
        response_type,
        scopes,
        challenge,
        prompt: prompt(params)?,
        max_age: max_age(params, client)?,
        login_hint: params.get("login_hint").map(str::to_owned),
        nonce,
        claims: claims(params)?,
    })
}

fn response_type(
    params: &Params,
    client: &Client,
    policy: &Policy,
    to: &ReturnTo,
) -> Result<ResponseType, Cause> {
    let text = params
        .get("response_type")
        .ok_or(Cause::ResponseTypeMissing)?; // RFC 6749 §3.1.1
    let asked = ResponseType::parse(text).ok_or(Cause::ResponseTypeUnknown)?;
    if asked.token && !(policy.implicit && client.implicit) {
        return Err(Cause::ImplicitOff); // RFC 9700 §2.1.2
    }
    if !client.registration.allows(asked) {
        return Err(Cause::ResponseTypeUnregistered);
    }
    if asked.is_front_channel() && !to.uri().is_https() {
        return Err(Cause::ImplicitNeedsHttps);
    }
    Ok(asked)
}

fn check_mode(params: &Params, response_type: ResponseType) -> Result<(), Cause> {
    match params.get("response_mode").map(ResponseMode::parse) {
        None | Some(Some(ResponseMode::Fragment | ResponseMode::FormPost)) => Ok(()),
        Some(Some(ResponseMode::Query)) if !response_type.is_front_channel() => Ok(()),
        _ => Err(Cause::ResponseModeUnfit), // OAuth 2.0 Multiple Response Types §2.1
    }
}

fn check_state(params: &Params, client: &Client, response_type: ResponseType) -> Result<(), Cause> {
    // A challenge protects the code that it is bound to, and no access token.
    let has_pkce = response_type == ResponseType::CODE && params.get("code_challenge").is_some();
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
        (None, None) if !response_type.code => Ok(None),
        (None, None) if client.pkce_required => Err(Cause::ChallengeMissing),
        (None, None) if client.kind == ClientKind::Confidential => Ok(None),
        // A native app without a redirect may use its secret instead.
        (None, None) if client.kind == ClientKind::Native && to.is_out_of_band() => Ok(None),
        (None, None) => Err(Cause::ChallengeMissing), // RFC 9700 §2.1.1
    }
}

fn scopes(
    params: &Params,
    response_type: ResponseType,
    policy: &Policy,
) -> Result<ScopeSet, Cause> {
    let asked = params.get("scope").unwrap_or(scope::DEFAULT); // RFC 6749 §3.3
    let asked = ScopeSet::parse(asked).map_err(|_| Cause::ScopeMalformed)?;
    if asked.is_empty() {
        return Err(Cause::ScopeMalformed);
    }
    if policy.unknown(&asked).is_some() {
        return Err(Cause::ScopeUnknown);
    }
    if response_type.id_token && !asked.contains(scope::OPENID) {
        return Err(Cause::OpenidMissing); // OpenID Connect Core §3.2.2.1
    }
    // Without a code there is nothing that could be used offline.
    let kept = |scope: &&str| response_type.code || *scope != scope::OFFLINE_ACCESS; // OpenID Connect Core §11
    ScopeSet::collect(asked.iter().filter(kept)).map_err(|_| Cause::ScopeMalformed)
}

fn nonce(
    params: &Params,
    response_type: ResponseType,
    scopes: &ScopeSet,
) -> Result<Option<String>, Cause> {
    match params.get("nonce") {
        Some(nonce) if nonce.len() > NONCE_BYTES => Err(Cause::NonceTooLong),
        Some(nonce) => Ok(scopes.contains(scope::OPENID).then(|| nonce.to_owned())),
        None if response_type.id_token => Err(Cause::NonceMissing), // OpenID Connect Core §3.2.2.1
        None => Ok(None),
    }
}

fn claims(params: &Params) -> Result<ClaimsRequest, Cause> {
    let Some(text) = params.get("claims") else {
        return Ok(ClaimsRequest::default());
    };
    ClaimsRequest::parse(text).ok_or(Cause::ClaimsMalformed) // OpenID Connect Core §5.5
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

/// As the request says, or else as the app has registered.
fn max_age(params: &Params, client: &Client) -> Result<Option<Millis>, Cause> {
    let Some(text) = params.get("max_age") else {
        let registered = client.registration.default_max_age;
        return Ok(registered.map(|seconds| Millis::seconds(i64::from(seconds))));
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: Option<u32> = text.parse().ok().filter(|_| digits);
    let seconds = seconds.ok_or(Cause::MaxAgeInvalid)?;
    Ok(Some(Millis::seconds(i64::from(seconds))))
}
