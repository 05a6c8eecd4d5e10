//! The small world that the tables are about.

use grantor_protocol::{
    authorize::{Policy, Session},
    client::{Client, ClientKind, ClientSecret},
    form::{self, Params},
    openid::{
        claims::ClaimSet,
        login::{Level, Login},
        registration::Registration,
    },
    pkce::Challenge,
    redirect::RedirectUri,
    scope::{Scope, ScopeSet},
    secret::Digest,
    time::{Millis, Timestamp},
    token::Verdict,
};

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub const APP: i64 = 100;
pub const OTHER_APP: i64 = 200;
pub const USER: i64 = 7;
pub const GRANT: i64 = 8;
pub const FAMILY: i64 = 9;
pub const SESSION_ID: i64 = 10;

pub const HTTPS: &str = "https://app.example/cb";
pub const LOOPBACK: &str = "http://127.0.0.1/cb";
pub const PRIVATE: &str = "com.example.app:/cb";
pub const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

pub const SECRET: &str = "the current secret";
/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub fn ago(seconds: i64) -> Timestamp {
    NOW - Millis::seconds(seconds)
}

/// An app of this kind with every sort of redirect, and nothing unusual. An app
/// whose kind was edited keeps redirects that its new kind could not register.
pub fn client(kind: ClientKind) -> Client {
    let uris = [HTTPS, LOOPBACK, PRIVATE, OOB];
    Client {
        id: APP,
        kind,
        redirect_uris: uris
            .map(|uri| RedirectUri::from_registered(uri.into()))
            .into(),
        implicit: false,
        stateless: false,
        pkce_required: false,
        resource_server: false,
        suspended: false,
        changed: ago(1_000),
        secrets: match kind {
            ClientKind::Browser => Vec::new(),
            _ => vec![secret(1, SECRET, None)],
        },
        registration: Registration::default(),
    }
}

/// The login behind everything that is issued.
pub fn login() -> Login {
    Login {
        session: SESSION_ID,
        auth_time: ago(100),
        level: Level::PASSWORD,
        nonce: None,
        id_token: ClaimSet::default(),
        userinfo: ClaimSet::default(),
    }
}

pub fn session() -> Session {
    Session {
        has_role: false,
        id: SESSION_ID,
        user: USER,
        email: "ann@a.example".into(),
        auth_time: ago(100),
        level: Level::PASSWORD,
    }
}

pub fn secret(id: i64, text: &str, expires: Option<Timestamp>) -> ClientSecret {
    ClientSecret {
        id,
        digest: Digest::of(text.as_bytes()),
        expires,
        sealed: None,
    }
}

pub fn kind(name: &str) -> ClientKind {
    ClientKind::parse(name).unwrap()
}

pub fn policy() -> Policy {
    Policy {
        issuer: "https://id.example".into(),
        scopes: offered(&[
            "default",
            "openid",
            "email",
            "profile",
            "offline_access",
            "tasks:read",
        ]),
        implicit: true,
        out_of_band: true,
        refresh_absolute: None,
    }
}

pub fn offered(names: &[&str]) -> Vec<Scope> {
    names
        .iter()
        .map(|name| Scope::parse(name).unwrap())
        .collect()
}

pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

pub fn challenge() -> Challenge {
    Challenge::parse(CHALLENGE).unwrap()
}

/// A query of the parameters that are there.
pub fn query(pairs: &[(&str, Option<&str>)]) -> Params {
    let there = pairs
        .iter()
        .filter_map(|(name, value)| Some((*name, (*value)?)));
    Params::parse(form::encode(there).as_bytes()).unwrap()
}

/// A verdict of the token endpoint, in a word or two.
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Issue(issued) => format!("issue {:?}", issued.effect),
        Verdict::Refuse(cause) => format!("refuse {} {cause:?}", cause.code().as_str()),
        Verdict::RefuseAndRevoke { cause, family } => {
            format!(
                "END family {family}, refuse {} {cause:?}",
                cause.code().as_str()
            )
        }
    }
}
