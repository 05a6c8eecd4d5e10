//! What an ID token says (OpenID Connect Core §2).

use super::{claims::ClaimSet, login::Login};
use crate::{
    authorize::ResponseType,
    scope::ScopeSet,
    time::{Millis, Timestamp},
};
use grantor_jose::{algorithm::Algorithm, hash::half_hash};
use serde_json::{Map, Value, json};

/// How long an ID token is good for: it says who logged in, at this moment.
pub const LIFETIME: Millis = Millis::hours(1);

/// The facts of one ID token, beside the user's claims.
pub struct IdToken<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    pub client_id: &'a str,
    pub login: &'a Login,
    pub sid: &'a str,
    pub issued: Timestamp,
    /// What is handed out beside it by way of the browser, to be bound to it.
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
}

impl IdToken<'_> {
    /// The claims to be signed with `algorithm`, those of the user (`about`) among them.
    pub fn claims(
        &self,
        about: Map<String, Value>,
        algorithm: Option<Algorithm>,
    ) -> Map<String, Value> {
        let login = self.login;
        let mut claims = about;
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        set("iss", json!(self.issuer));
        set("sub", json!(self.subject));
        set("aud", json!(self.client_id));
        set("azp", json!(self.client_id));
        set("iat", json!(self.issued.seconds()));
        set("exp", json!((self.issued + LIFETIME).seconds()));
        set("auth_time", json!(login.auth_time.seconds()));
        set("acr", json!(login.level.acr()));
        let methods = login.level.amr();
        if !methods.is_empty() {
            set("amr", json!(methods));
        }
        set("sid", json!(self.sid));
        if let Some(nonce) = &login.nonce {
            set("nonce", json!(nonce)); // OpenID Connect Core §3.1.2.1
        }
        let bound = [
            ("at_hash", self.access_token), // OpenID Connect Core §3.2.2.9
            ("c_hash", self.code),          // OpenID Connect Core §3.3.2.11
        ];
        for (name, value) in bound {
            if let (Some(value), Some(algorithm)) = (value, algorithm) {
                set(name, json!(half_hash(algorithm, value)));
            }
        }
        claims
    }
}

/// Which claims about the user go into an ID token: what was asked for by name; and
/// what the scopes ask for where there is no access token to fetch it with, or where
/// the app's library never fetches it (`all`).
pub fn wanted(
    login: &Login,
    scopes: &ScopeSet,
    response: Option<ResponseType>,
    all: bool,
) -> ClaimSet {
    let alone = response == Some(ResponseType::ID_TOKEN); // OpenID Connect Core §5.4
    match alone || all {
        true => login.id_token.union(ClaimSet::of_scopes(scopes)),
        false => login.id_token,
    }
}
