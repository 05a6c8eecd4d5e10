//! A registered app, as the protocol sees it, and how it proves itself.

pub mod assertion;

use crate::{
    error::Cause,
    openid::registration::{AuthMethod, Registration},
    redirect::RedirectUri,
    secret::Digest,
    time::Timestamp,
};
use assertion::{Assertion, Once};

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
    /// The text, encrypted by the server: only of an app that signs with it
    /// (`client_secret_jwt`).
    pub sealed: Option<Vec<u8>>,
}

impl ClientSecret {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|end| now < end)
    }
}

impl Client {
    /// `asked`, if a registered redirect lets it through.
    pub fn redirect(&self, asked: &str) -> Option<RedirectUri> {
        self.redirect_uris
            .iter()
            .find_map(|uri| uri.admit(asked, self.kind))
    }
}

/// What a request brought as proof of which app it comes from.
pub enum Credential<'a> {
    /// `client_id` alone.
    Nothing,
    Secret {
        text: &'a str,
        /// Basic or post.
        by: AuthMethod,
    },
    Assertion {
        assertion: &'a Assertion,
        /// What this server may be called in it: issuer and token endpoint.
        audiences: &'a [&'a str],
    },
}

impl<'a> Credential<'a> {
    /// In the body, where most apps send their secret.
    pub fn posted(secret: Option<&'a str>) -> Self {
        secret.map_or(Self::Nothing, |text| Self::Secret {
            text,
            by: AuthMethod::ClientSecretPost,
        })
    }
}

/// How an app has proved itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It is public: anybody can say the same.
    Nothing,
    /// One of its secrets, by id.
    Secret(i64),
    Key,
}

/// An app that has proved what it has to prove. Only [`authenticate`] makes one.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Authenticated<'a> {
    pub client: &'a Client,
    pub proof: Proof,
    /// Of an assertion: it counts only if nobody has brought it before.
    pub once: Option<Once>,
}

impl Authenticated<'_> {
    pub fn is_proved(&self) -> bool {
        self.proof != Proof::Nothing
    }
}

/// Client authentication for the token, revocation and introspection endpoints, by the
/// method that the app has registered; one that registered none sends its secret either
/// way. A native app may then leave its secret out, for it proves nothing; a wrong one
/// is refused from anybody (RFC 6749 §2.3, RFC 8252 §8.5).
pub fn authenticate<'a>(
    client: Option<&'a Client>,
    credential: &Credential<'_>,
    now: Timestamp,
) -> Result<Authenticated<'a>, Cause> {
    let client = client.ok_or(Cause::ClientUnknown)?;
    if client.suspended {
        return Err(Cause::ClientSuspended);
    }
    let passed = |proof, once| Authenticated {
        client,
        proof,
        once,
    };
    let registered = client.registration.token_endpoint_auth_method;
    match (credential, registered) {
        (Credential::Nothing, None | Some(AuthMethod::None)) if client.kind.is_public() => {
            Ok(passed(Proof::Nothing, None)) // RFC 8252 §8.5
        }
        (Credential::Nothing, Some(AuthMethod::ClientSecretJwt | AuthMethod::PrivateKeyJwt)) => {
            Err(Cause::AssertionMissing) // OpenID Connect Core §9
        }
        (Credential::Nothing, _) => Err(Cause::SecretMissing), // RFC 6749 §3.2.1
        (Credential::Secret { .. }, Some(AuthMethod::None)) => Err(Cause::SecretUnexpected),
        (Credential::Secret { .. }, _) if client.kind == ClientKind::Browser => {
            Err(Cause::SecretUnexpected)
        }
        (Credential::Secret { by, .. }, Some(method)) if method != *by => {
            Err(Cause::AuthMethodOther) // OpenID Connect Core §9
        }
        (Credential::Secret { text, .. }, _) => {
            let secret = prove(client, text, now).ok_or(Cause::SecretWrong)?; // RFC 6749 §2.3
            Ok(passed(Proof::Secret(secret), None))
        }
        (Credential::Assertion { assertion, .. }, method) if method != Some(assertion.method()) => {
            Err(Cause::AuthMethodOther) // OpenID Connect Core §9
        }
        (
            Credential::Assertion {
                assertion,
                audiences,
            },
            _,
        ) => {
            let once = assertion.check(client, audiences, now)?;
            let proof = assertion.secret().map_or(Proof::Key, Proof::Secret);
            Ok(passed(proof, Some(once)))
        }
    }
}

/// Which of the app's secrets the text is.
fn prove(client: &Client, text: &str, now: Timestamp) -> Option<i64> {
    let digest = Digest::of(text.as_bytes());
    let mut live = client.secrets.iter().filter(|secret| secret.is_live(now));
    live.find(|live| live.digest.proves(&digest))
        .map(|live| live.id)
}
