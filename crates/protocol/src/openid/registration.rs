//! What an app has chosen of OpenID Connect, in the words of dynamic registration
//! (RFC 7591 §2, OpenID Connect Dynamic Client Registration §2): one form for the
//! console, the registration endpoint and the database.
//!
//! ```text
//! metadata.rs  an app as it registers itself, read and written back
//! members.rs   each member as what it must be      rules.rs  what none can know alone
//! form.rs      the same members, typed into the console's form
//! ```

pub mod form;
mod members;
mod metadata;
mod rules;

pub use members::{MAX_ITEMS, MAX_TEXT, MetadataError, Reason, Terms};
pub use metadata::{ClientMetadata, check_sector, uses_secret};
pub use rules::only_host;

use super::subject::SubjectType;
use crate::authorize::ResponseType;
use grantor_jose::algorithm::Algorithm;
use serde::{Deserialize, Serialize};

/// How an app proves itself at the token endpoint (RFC 7591 §2, OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
}

impl AuthMethod {
    pub const ALL: [Self; 5] = [
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

/// A signature algorithm by its name, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signing {
    Unsigned,
    Signed(Algorithm),
}

impl Signing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsigned => "none",
            Self::Signed(algorithm) => algorithm.name(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::Unsigned),
            name => Algorithm::parse(name).map(Self::Signed),
        }
    }
}

impl Serialize for Signing {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Signing {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an unknown algorithm"))
    }
}

/// How what is meant for the app alone is encrypted to it (RFC 7516).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    pub alg: String,
    pub enc: String,
}

/// Nothing chosen is what most apps have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// Which response types it may use; `None`: every one that its switches allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    /// `None`: a secret, sent either way, or nothing from a public app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<Signing>,
    /// Its public keys (RFC 7517 §5), as text, or where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,

    pub subject_type: SubjectType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// The host that pairwise subjects are made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,

    /// `None`: RS256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<Signing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encryption: Option<Encryption>,
    /// `None`: plain JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<Signing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encryption: Option<Encryption>,
    /// `None`: any, also none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<Signing>,
    /// What it may encrypt them with, as it says; it may do otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_encryption: Option<Encryption>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,

    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    pub require_auth_time: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// What the scopes ask for stands in the ID token too: for libraries that never
    /// call userinfo.
    pub id_token_claims: bool,

    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    pub frontchannel_logout_session_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    pub backchannel_logout_session_required: bool,

    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Names of the software, as it likes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
}

impl Registration {
    /// Whether the app may ask for `response` at all.
    pub fn allows(&self, response: ResponseType) -> bool {
        let Some(registered) = &self.response_types else {
            return true;
        };
        let mut registered = registered.iter().map(|text| ResponseType::parse(text));
        registered.any(|registered| registered == Some(response))
    }

    /// The host that its subjects are made for; `None`: public ones.
    pub fn sector(&self) -> Option<&str> {
        match self.subject_type {
            SubjectType::Public => None,
            // Never a public subject by accident.
            SubjectType::Pairwise => Some(self.sector.as_deref().unwrap_or_default()),
        }
    }

    /// How its ID tokens are signed.
    pub fn id_token_signing(&self) -> Signing {
        self.id_token_signed_response_alg
            .unwrap_or(Signing::Signed(Algorithm::Rs256)) // OpenID Connect Core §2
    }
}
