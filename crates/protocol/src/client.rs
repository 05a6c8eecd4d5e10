//! A registered app, as the protocol sees it, and how it proves itself.

use crate::{
    error::Cause, openid::registration::Registration, redirect::RedirectUri, secret::Digest,
    time::Timestamp,
};

/// What an app can keep secret (RFC 6749 §2.1, RFC 8252, RFC 9700 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientKind {
    /// Runs on a server and keeps its secret.
    Confidential,
    /// Installed on a device: desktop, mobile or command line.
    Native,
    /// Runs in a page, in the user's browser.
    Browser,
}

impl ClientKind {
    pub const ALL: [Self; 3] = [Self::Confidential, Self::Native, Self::Browser];

    /// The name in the database, in configuration and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::Native => "native",
            Self::Browser => "browser",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// A public client cannot authenticate itself (RFC 6749 §2.1).
    pub fn is_public(self) -> bool {
        self != Self::Confidential
    }
}

/// What the checks know of an app.
#[derive(Clone)]
pub struct Client {
    pub id: i64,
    pub kind: ClientKind,
    pub redirect_uris: Vec<RedirectUri>,
    /// The owner switched `response_type=token` on.
    pub implicit: bool,
    /// The owner's old client never sends `state`.
    pub stateless: bool,
    /// The owner locked PKCE on (public apps need it anyway).
    pub pkce_required: bool,
    /// May introspect every app's tokens: an API's own backend.
    pub resource_server: bool,
    pub suspended: bool,
    /// Last change of name, icon, kind or redirects: consents before it are not
    /// remembered.
    pub changed: Timestamp,
    pub secrets: Vec<ClientSecret>,
    /// Of OpenID Connect.
    pub registration: Registration,
}

/// One of an app's secrets.
#[derive(Clone)]
pub struct ClientSecret {
    pub id: i64,
    pub digest: Digest,
    /// End of the stated overlap; `None` while it is the current one.
    pub expires: Option<Timestamp>,
}

impl Client {
    /// `asked`, if a registered redirect lets it through.
    pub fn redirect(&self, asked: &str) -> Option<RedirectUri> {
        self.redirect_uris
            .iter()
            .find_map(|uri| uri.admit(asked, self.kind))
    }
}

/// An app that has proved what its kind can prove. Only [`authenticate`] makes one.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Authenticated<'a> {
    pub client: &'a Client,
    /// Which of its secrets it proved to hold.
    pub secret: Option<i64>,
}

/// Client authentication for the token, revocation and introspection endpoints.
/// A native app may leave its secret out, for it proves nothing; a wrong one is
/// refused from anybody (RFC 6749 §2.3, RFC 8252 §8.5).
pub fn authenticate<'a>(
    client: Option<&'a Client>,
    secret: Option<&str>,
    now: Timestamp,
) -> Result<Authenticated<'a>, Cause> {
    let client = client.ok_or(Cause::ClientUnknown)?;
    if client.suspended {
        return Err(Cause::ClientSuspended);
    }
    let Some(secret) = secret else {
        return match client.kind {
            ClientKind::Confidential => Err(Cause::SecretMissing), // RFC 6749 §3.2.1
            _ => Ok(Authenticated {
                client,
                secret: None, // RFC 8252 §8.5
            }),
        };
    };
    if client.kind == ClientKind::Browser {
        return Err(Cause::SecretUnexpected);
    }
    let digest = Digest::of(secret.as_bytes());
    let live = |candidate: &&ClientSecret| candidate.expires.is_none_or(|end| now < end);
    let proved = client
        .secrets
        .iter()
        .filter(live)
        .find(|live| live.digest.proves(&digest));
    match proved {
        Some(proved) => Ok(Authenticated {
            client,
            secret: Some(proved.id),
        }),
        None => Err(Cause::SecretWrong), // RFC 6749 §2.3
    }
}
