//! What no member of a registration can know alone.

use super::{
    AuthMethod, Registration, Signing,
    members::{Members, MetadataError, Reason},
    metadata::{ClientMetadata, uses_secret},
};
use crate::{
    authorize::ResponseType, client::ClientKind, openid::subject::SubjectType,
    redirect::RedirectUri,
};
use grantor_jose::algorithm::Algorithm;
use std::collections::BTreeSet;
use url::Url;

type Checked = Result<(), MetadataError>;

/// What the app may ask for, each with the words that it used. Its grant types have to
/// fit; those that nobody here offers are passed over (RFC 7591 §2, §2.1).
pub fn response_types(members: Members<'_>) -> Result<Vec<(ResponseType, String)>, MetadataError> {
    const NAME: &str = "response_types";
    let sent = members.texts(NAME)?;
    let sent = if sent.is_empty() { vec!["code"] } else { sent };
    let grants = members.texts("grant_types")?;
    let mut types = Vec::new();
    for text in sent {
        let parsed = ResponseType::parse(text).ok_or_else(|| {
            let known: Vec<_> = ResponseType::ALL.iter().map(|it| it.name()).collect();
            MetadataError::of(NAME, format!("each is one of: {}", known.join(", ")))
        })?;
        if parsed.token && !members.terms.policy.implicit {
            let reason = "this server has no response type with token; use code";
            return Err(MetadataError::of(NAME, reason));
        }
        let missing = needed(parsed).find(|grant| !grants.contains(grant));
        if let Some(grant) = missing.filter(|_| !grants.is_empty()) {
            let reason = format!("'{grant}' is needed for this response type");
            return Err(MetadataError::of("grant_types", reason)); // RFC 7591 §2.1
        }
        if types.iter().all(|(before, _)| *before != parsed) {
            types.push((parsed, text.to_owned()));
        }
    }
    Ok(types)
}

fn needed(response: ResponseType) -> impl Iterator<Item = &'static str> {
    let needs = [
        (response.code, "authorization_code"),
        (response.is_front_channel(), "implicit"),
    ];
    needs
        .into_iter()
        .filter_map(|(needs, grant)| needs.then_some(grant))
}

/// What the app can do with these response types: a code always buys what can be refreshed.
pub fn grant_types(responses: &[ResponseType]) -> Vec<&'static str> {
    let any = |has: fn(&ResponseType) -> bool| responses.iter().any(has);
    let grants = [
        (any(|it| it.code), "authorization_code"),
        (any(|it| it.code), "refresh_token"),
        (any(|it| it.is_front_channel()), "implicit"),
    ];
    let has = grants.into_iter().filter(|(has, _)| *has);
    has.map(|(_, grant)| grant).collect()
}

/// Every rule between members, in order; the sector is set.
pub fn check(
    mut app: ClientMetadata,
    responses: &[ResponseType],
) -> Result<ClientMetadata, MetadataError> {
    let chosen = &app.registration;
    check_front_channel(&app, responses)?;
    check_authentication(app.kind, chosen)?;
    check_keys(chosen)?;
    if responses.iter().any(|it| it.id_token)
        && chosen.id_token_signed_response_alg == Some(Signing::Unsigned)
    {
        let reason = "none is for apps that have no response type with id_token";
        return Err(MetadataError::of("id_token_signed_response_alg", reason)); // OpenID Connect Dynamic Client Registration §2
    }
    check_frame(chosen, &app.redirect_uris)?;
    app.registration.sector = sector(&app)?;
    Ok(app)
}

/// What this server loads in a frame is the app's own.
pub fn check_frame(chosen: &Registration, redirects: &[RedirectUri]) -> Checked {
    let Some(uri) = &chosen.frontchannel_logout_uri else {
        return Ok(());
    };
    let origin = origin(uri);
    let own = |uri: &RedirectUri| uri.origin().is_some() && uri.origin() == origin;
    match redirects.iter().any(own) {
        true => Ok(()),
        false => Err(MetadataError::of(
            "frontchannel_logout_uri",
            Reason::FrameElsewhere, // OpenID Connect Front-Channel Logout §2
        )),
    }
}

/// What travels in a page's address goes to a web app by https alone.
fn check_front_channel(app: &ClientMetadata, responses: &[ResponseType]) -> Checked {
    let front = responses.iter().any(|it| it.is_front_channel());
    let plain = |uri: &RedirectUri| !uri.is_https();
    if front && app.kind != ClientKind::Native && app.redirect_uris.iter().any(plain) {
        let reason = "every one starts with https:// where a response type has token or id_token";
        return Err(MetadataError::redirect(reason)); // OpenID Connect Dynamic Client Registration §2
    }
    Ok(())
}

pub fn check_authentication(kind: ClientKind, chosen: &Registration) -> Checked {
    const ALG: &str = "token_endpoint_auth_signing_alg";
    let shared = |alg: Signing| alg == Signing::Signed(Algorithm::Hs256);
    let wrong = |reason: &'static str| Err(MetadataError::of(ALG, reason));
    let method = chosen.token_endpoint_auth_method;
    match (method, chosen.token_endpoint_auth_signing_alg) {
        (Some(AuthMethod::ClientSecretJwt), Some(alg)) if !shared(alg) => {
            wrong("client_secret_jwt is signed with HS256")
        }
        (Some(AuthMethod::PrivateKeyJwt), Some(alg)) if shared(alg) => {
            wrong("private_key_jwt is signed with a key pair: RS256, PS256, ES256 or EdDSA")
        }
        (Some(AuthMethod::ClientSecretJwt | AuthMethod::PrivateKeyJwt) | None, _) => Ok(()),
        (Some(_), Some(_)) if !uses_secret(kind, chosen) => {
            wrong("leave it out: this app signs nothing to authenticate")
        }
        _ => Ok(()),
    }
}

/// One place for the app's keys, and one at all where something needs them.
pub fn check_keys(chosen: &Registration) -> Checked {
    if chosen.jwks.is_some() && chosen.jwks_uri.is_some() {
        return Err(MetadataError::of("jwks", Reason::KeysTwice)); // RFC 7591 §2
    }
    let has_keys = chosen.jwks.is_some() || chosen.jwks_uri.is_some();
    let signs = matches!(chosen.request_object_signing_alg, Some(Signing::Signed(_)));
    let needs = [
        (
            chosen.token_endpoint_auth_method == Some(AuthMethod::PrivateKeyJwt),
            "token_endpoint_auth_method",
        ),
        (
            chosen.id_token_encryption.is_some(),
            "id_token_encrypted_response_alg",
        ),
        (
            chosen.userinfo_encryption.is_some(),
            "userinfo_encrypted_response_alg",
        ),
        (signs, "request_object_signing_alg"),
    ];
    match needs.into_iter().find(|(needs, _)| *needs && !has_keys) {
        Some((_, member)) => Err(MetadataError::of(member, Reason::KeysMissing)),
        None => Ok(()),
    }
}

/// The host that pairwise subjects are made for: the one that vouches for all redirects,
/// or the only one there is (OpenID Connect Core §8.1).
fn sector(app: &ClientMetadata) -> Result<Option<String>, MetadataError> {
    let chosen = &app.registration;
    if let Some(uri) = &chosen.sector_identifier_uri {
        return Ok(host(uri));
    }
    if chosen.subject_type == SubjectType::Public {
        return Ok(None);
    }
    let host = only_host(&app.redirect_uris);
    host.map(Some).ok_or_else(|| {
        MetadataError::of(
            "sector_identifier_uri",
            "needed for pairwise subjects unless all redirect URIs are of one host", // OpenID Connect Core §8.1
        )
    })
}

/// The one host of these addresses; none is of a loopback address, which is everybody's.
pub fn only_host(uris: &[RedirectUri]) -> Option<String> {
    let of = |uri: &RedirectUri| host(uri.as_str()).filter(|_| !uri.is_loopback());
    let hosts: BTreeSet<_> = uris.iter().map(of).collect();
    let mut hosts = hosts.into_iter();
    match (hosts.next().flatten(), hosts.next()) {
        (Some(host), None) => Some(host),
        _ => None,
    }
}

fn web(uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(url)
}

/// The host of an address on the web, without its port.
pub fn host(uri: &str) -> Option<String> {
    web(uri)?.host_str().map(str::to_owned)
}

pub fn origin(uri: &str) -> Option<String> {
    Some(web(uri)?.origin().ascii_serialization())
}
