//! What keys there are, and how they follow one another.

use grantor_jose::{algorithm::Algorithm, jwe::KeyManagement};
use grantor_protocol::time::Millis;
use grantor_store::LONGEST_ACCESS;

/// How long apps may keep the document with the public keys.
pub const JWKS_LIFETIME: Millis = Millis::minutes(5);

/// What a key is for; each has its own line of succession.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Seals access tokens; rotated on schedule.
    Seal,
    /// Proves refresh tokens.
    Refresh,
    /// Binds forms to sessions and signs our own parameters; rotated on schedule.
    Forms,
    /// Permutes row ids inside secrets: one for ever.
    Ids,
    /// Makes pairwise subjects and session ids: one for ever.
    Subjects,
    /// Seals the chain of the audit log: one for ever.
    Audit,
    /// Encrypts the secrets of apps that sign with them.
    Secrets,
    /// Sign ID tokens, each with its own algorithm; rotated on schedule.
    SignRs256,
    SignPs256,
    SignEs256,
    SignEdDsa,
    /// Open the request objects that apps encrypt to us; rotated on schedule.
    OpenRsa,
    OpenEc,
}

impl KeyKind {
    pub const ALL: [Self; 13] = [
        Self::Seal,
        Self::Refresh,
        Self::Forms,
        Self::Ids,
        Self::Subjects,
        Self::Audit,
        Self::Secrets,
        Self::SignRs256,
        Self::SignPs256,
        Self::SignEs256,
        Self::SignEdDsa,
        Self::OpenRsa,
        Self::OpenEc,
    ];

    pub const SIGNING: [Self; 4] = [
        Self::SignRs256,
        Self::SignPs256,
        Self::SignEs256,
        Self::SignEdDsa,
    ];

    /// The algorithm of a signing key.
    pub fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::SignRs256 => Some(Algorithm::Rs256),
            Self::SignPs256 => Some(Algorithm::Ps256),
            Self::SignEs256 => Some(Algorithm::Es256),
            Self::SignEdDsa => Some(Algorithm::EdDsa),
            Self::Seal
            | Self::Refresh
            | Self::Forms
            | Self::Ids
            | Self::Subjects
            | Self::Audit
            | Self::Secrets
            | Self::OpenRsa
            | Self::OpenEc => None,
        }
    }

    /// What may be encrypted to the public half of a key; of other kinds nothing.
    pub fn opens(self) -> &'static [KeyManagement] {
        use KeyManagement::{EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw, RsaOaep, RsaOaep256};
        match self {
            Self::OpenRsa => &[RsaOaep256, RsaOaep],
            Self::OpenEc => &[EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw],
            _ => &[],
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Refresh => "refresh",
            Self::Forms => "forms",
            Self::Ids => "ids",
            Self::Subjects => "subjects",
            Self::Audit => "audit",
            Self::Secrets => "secrets",
            Self::SignRs256 => "sign-rs256",
            Self::SignPs256 => "sign-ps256",
            Self::SignEs256 => "sign-es256",
            Self::SignEdDsa => "sign-eddsa",
            Self::OpenRsa => "open-rsa",
            Self::OpenEc => "open-ec",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// How long after its successor an old key is still accepted; `None`: such
    /// keys have no successor.
    pub(super) fn overlap(self) -> Option<Millis> {
        match self {
            Self::Seal => Some(Millis(LONGEST_ACCESS.0 + Millis::hours(1).0)),
            Self::Refresh | Self::Secrets => Some(Millis::days(3650)),
            // An app that has kept our keys for too long may still be understood.
            Self::Forms | Self::OpenRsa | Self::OpenEc => Some(Millis::days(1)),
            Self::Ids | Self::Subjects | Self::Audit => None,
            // Long after the last ID token has expired, it may still come as a hint.
            _ => Some(Millis::days(30)),
        }
    }

    /// When a new one is due.
    pub(super) fn lifetime(self) -> Option<Millis> {
        match self {
            Self::Seal | Self::Forms => Some(Millis::days(30)),
            Self::Refresh | Self::Ids | Self::Subjects | Self::Audit | Self::Secrets => None,
            _ => Some(Millis::days(90)),
        }
    }

    /// What stops working when every older key is retired at once; `None`: such keys cannot
    /// be.
    pub fn loss(self) -> Option<&'static str> {
        match self {
            Self::Seal => Some(
                "every access token issued so far stops working; apps get new ones with their refresh tokens",
            ),
            Self::Refresh => Some(
                "every refresh token stops working, and users must connect every app anew; \
                 access tokens go on until they expire, unless the keys of the kind seal are retired, too",
            ),
            Self::Forms => {
                Some("every form that is open in a browser expires; people reload the page")
            }
            Self::Secrets => Some(
                "apps that sign with their secret (client_secret_jwt) can do so no more until their \
                 developers have made a new one",
            ),
            Self::SignRs256 | Self::SignPs256 | Self::SignEs256 | Self::SignEdDsa => Some(
                "ID tokens signed so far cannot be verified any more, and apps that keep our public \
                 keys refuse new ones until they have fetched them again, in five minutes at the latest",
            ),
            Self::OpenRsa | Self::OpenEc => Some(
                "request objects encrypted so far cannot be opened any more, nor those of apps that \
                 keep our public keys, in five minutes at the latest",
            ),
            Self::Ids | Self::Subjects | Self::Audit => None,
        }
    }

    /// A new key is known for so long before the first use of it: to every node; a
    /// signing key to every app too, however long it keeps what it has fetched.
    pub(super) fn announced(self) -> Millis {
        match self.algorithm() {
            Some(_) => Millis(2 * JWKS_LIFETIME.0),
            None => Millis::seconds(5),
        }
    }
}
