//! What each field may be. Every error is a sentence for the developer.

use crate::openid::registration::{AuthMethod, Encryption, Registration, Signing};
use crate::{app_url::AppUrl, client::ClientKind, redirect::RedirectUri};
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, KeyManagement},
    jwk::JwkSet,
};

/// The algorithms that this server signs with.
pub const SIGNED_BY_US: [Algorithm; 4] = [
    Algorithm::Rs256,
    Algorithm::Es256,
    Algorithm::EdDsa,
    Algorithm::Ps256,
];
/// The longest `default_max_age`, in seconds: a year.
pub const LONGEST_AGE: u32 = 31_536_000;

/// An address that this server or a browser is sent to: `jwks_uri`,
/// `initiate_login_uri`, the logout addresses. By the rules of redirect URIs, and
/// https.
pub fn https_uri(text: &str) -> Result<String, String> {
    let uri = RedirectUri::parse(text, ClientKind::Browser).map_err(|error| error.to_string())?;
    match uri.is_https() {
        true => Ok(text.to_owned()),
        false => Err("the address must begin with https://".into()),
    }
}

/// Where a browser goes after a logout (OpenID Connect RP-Initiated Logout §3.1): by
/// the rules of redirect URIs; there is nothing to be copied by hand.
pub fn post_logout_uri(text: &str, kind: ClientKind) -> Result<String, String> {
    let uri = RedirectUri::parse(text, kind).map_err(|error| error.to_string())?;
    match uri.is_oob() {
        true => Err("after a logout there is no code to show: use an address of the app".into()),
        false => Ok(text.to_owned()),
    }
}

/// A page that people read: `policy_uri`, `tos_uri`.
pub fn page_uri(text: &str) -> Result<String, String> {
    let url = AppUrl::parse(text).map_err(|error| error.to_string())?;
    Ok(url.as_str().to_owned())
}

/// A set of public keys with at least one that this server can use, as it is kept.
pub fn keys(text: &str) -> Result<String, String> {
    let set = JwkSet::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    match (set.keys(), set.skipped()) {
        ([], []) => Err("the set has no keys".into()),
        ([], [(_, why), ..]) => Err(format!("no key of the set can be used: {why}")),
        _ => Ok(set.to_json().to_string()),
    }
}

/// What this server signs for the app.
pub fn signed_by_us(text: &str) -> Result<Signing, String> {
    match Signing::parse(text) {
        Some(signing @ Signing::Signed(algorithm)) if SIGNED_BY_US.contains(&algorithm) => {
            Ok(signing)
        }
        _ => Err("choose RS256, ES256, EdDSA or PS256".into()),
    }
}

/// Encryption to a public key of the app.
pub fn encryption(alg: &str, enc: &str) -> Result<Encryption, String> {
    let asymmetric = KeyManagement::parse(alg).filter(|alg| alg.is_asymmetric());
    match (asymmetric, ContentEncryption::parse(enc)) {
        (Some(_), Some(_)) => Ok(Encryption {
            alg: alg.to_owned(),
            enc: enc.to_owned(),
        }),
        (None, _) => Err("choose an algorithm that encrypts to a public key".into()),
        (_, None) => Err("choose how the content is encrypted".into()),
    }
}

/// Seconds.
pub fn max_age(text: &str) -> Result<u32, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text
        .parse()
        .ok()
        .filter(|age| digits && *age <= LONGEST_AGE);
    seconds.ok_or_else(|| format!("write seconds, from 0 to {LONGEST_AGE}"))
}

/// The host that pairwise subjects are made for when the app names no
/// `sector_identifier_uri`: that of all its redirect URIs (OpenID Connect Core §8.1).
/// `None`: they have several, or one that others have too.
pub fn sector(redirects: &[RedirectUri]) -> Option<String> {
    let host = |uri: &RedirectUri| {
        let origin = uri.origin().filter(|_| uri.is_https())?;
        let host = origin.strip_prefix("https://")?;
        let bare = host.rsplit_once(':').filter(|(_, port)| is_number(port));
        Some(bare.map_or(host, |(host, _)| host).to_owned())
    };
    let mut hosts = redirects.iter().map(host);
    let first = hosts.next()??;
    hosts
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How an app of this kind may prove itself; `None`: the usual way.
pub fn methods(kind: ClientKind) -> &'static [AuthMethod] {
    match kind {
        ClientKind::Confidential => &[
            AuthMethod::ClientSecretBasic,
            AuthMethod::ClientSecretPost,
            AuthMethod::ClientSecretJwt,
            AuthMethod::PrivateKeyJwt,
        ],
        ClientKind::Native | ClientKind::Browser => &[AuthMethod::None],
    }
}

/// Members that need each other, or exclude each other (RFC 7591 §2); with the name of
/// the one to put right.
pub fn together(chosen: &Registration, kind: ClientKind) -> Result<(), (&'static str, String)> {
    if chosen.jwks.is_some() && chosen.jwks_uri.is_some() {
        return Err((
            "jwks_uri",
            "give the keys or their address, not both".into(),
        ));
    }
    let has_keys = chosen.jwks.is_some() || chosen.jwks_uri.is_some();
    if let Some(method) = chosen.token_endpoint_auth_method {
        if !methods(kind).contains(&method) {
            let sentence = "an app of this kind cannot prove itself so".into();
            return Err(("token_endpoint_auth_method", sentence));
        }
        if method == AuthMethod::PrivateKeyJwt && !has_keys {
            return Err(("jwks", "signed proofs need the app's public keys".into()));
        }
    }
    let encryptions = [&chosen.id_token_encryption, &chosen.userinfo_encryption];
    for encryption in encryptions.into_iter().flatten() {
        let sentence = || format!("encryption by {} needs a key for it", encryption.alg);
        let inline = chosen
            .jwks
            .as_ref()
            .map(|text| JwkSet::parse(text.as_bytes()));
        let fits = match (inline, KeyManagement::parse(&encryption.alg)) {
            (Some(Ok(set)), Some(alg)) => set.to_encrypt(alg).is_ok(),
            (None, Some(_)) => has_keys,
            _ => false,
        };
        if !fits {
            return Err(("jwks", sentence()));
        }
    }
    Ok(())
}
