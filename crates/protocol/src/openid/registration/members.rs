//! The members of a registration request, each read as what it must be.

use super::{Encryption, Signing};
use crate::{
    app_url::{AppUrl, AppUrlError},
    authorize::Policy,
    error::ErrorCode,
    redirect::RedirectUriError,
};
use grantor_jose::{
    algorithm::Algorithm,
    json::JsonError,
    jwe::{ContentEncryption, KeyManagement},
    jwk::JwkError,
};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The most items of a list, and the longest text in bytes.
pub const MAX_ITEMS: usize = 20;
pub const MAX_TEXT: usize = 2000;

/// Why an app cannot register as it wants to (RFC 7591 §3.2.2). The sentence is for its
/// developer and echoes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {reason}")]
pub struct MetadataError {
    pub code: ErrorCode,
    pub(super) member: &'static str,
    pub(super) reason: Reason,
}

/// What is wrong with a member; the sentences follow its name. What the console's form can
/// get wrong has a name of its own, to be said in the developer's language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("send {MAX_TEXT} bytes at most")]
    TooLong,
    #[error("send {MAX_ITEMS} items at most")]
    TooMany,
    #[error("send a whole number of seconds")]
    Seconds,
    #[error("remove the fragment (from # on)")]
    Fragment,
    #[error(
        "percent-encode what is not ASCII, spaces and brackets; write international host names as xn--"
    )]
    Encoding,
    #[error("start the address with https://")]
    NotHttps,
    #[error("choose one of {0}")]
    Choice(String),
    #[error("send {0} too")]
    Alone(&'static str),
    #[error("none of its keys can be used here: send RSA, P-256, Ed25519 or X25519 keys")]
    NoUsableKey,
    #[error("send an address, not a URN")]
    Urn,
    #[error("send jwks or jwks_uri, not both")]
    KeysTwice,
    #[error("send the public keys for it as jwks or jwks_uri")]
    KeysMissing,
    #[error("scheme, host and port must be those of a redirect URI")]
    FrameElsewhere,
    #[error("an app of this kind cannot prove itself so")]
    OtherKind,
    #[error("only an app that is answered with a code alone may go without a signature")]
    Unsigned,
    #[error("no key of the set is for {0}")]
    NoKeyFor(String),
    #[error("users know the app by the subjects that it has")]
    Connected,
    #[error("ids of its own are made for one host, and the redirect URIs have several or none")]
    SeveralHosts,
    #[error(transparent)]
    Redirect(#[from] RedirectUriError),
    #[error(transparent)]
    Address(#[from] AppUrlError),
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Key(#[from] JwkError),
    /// What only a program can get wrong.
    #[error("{0}")]
    Other(Cow<'static, str>),
}

impl Reason {
    pub(super) fn choice<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self::Choice(names.collect::<Vec<_>>().join(", "))
    }
}

impl From<&'static str> for Reason {
    fn from(reason: &'static str) -> Self {
        Self::Other(reason.into())
    }
}

impl From<String> for Reason {
    fn from(reason: String) -> Self {
        Self::Other(reason.into())
    }
}

impl MetadataError {
    pub fn of(member: &'static str, reason: impl Into<Reason>) -> Self {
        Self {
            code: ErrorCode::InvalidClientMetadata,
            member,
            reason: reason.into(),
        }
    }

    pub(super) fn redirect(reason: impl Into<Reason>) -> Self {
        Self {
            code: ErrorCode::InvalidRedirectUri,
            ..Self::of("redirect_uris", reason)
        }
    }
}

impl From<RedirectUriError> for MetadataError {
    fn from(error: RedirectUriError) -> Self {
        Self::redirect(error)
    }
}

impl From<JsonError> for MetadataError {
    fn from(error: JsonError) -> Self {
        Self::of("the body", error)
    }
}

/// What this server offers to whoever registers.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub policy: &'a Policy,
    /// Whether the operator lets this server call an address by plain http.
    pub plain_http: &'a dyn Fn(&str) -> bool,
}

/// What was sent. A member that is null or empty counts as left out (RFC 7592 §2.2).
#[derive(Clone, Copy)]
pub struct Members<'a> {
    pub sent: &'a Map<String, Value>,
    pub terms: Terms<'a>,
}

impl<'a> Members<'a> {
    fn value(self, name: &str) -> Option<&'a Value> {
        self.sent.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    }

    pub fn text(self, name: &'static str) -> Result<Option<&'a str>, MetadataError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        text(name, value).map(Some)
    }

    /// A list of texts; empty when it is left out.
    pub fn texts(self, name: &'static str) -> Result<Vec<&'a str>, MetadataError> {
        let Some(value) = self.value(name) else {
            return Ok(Vec::new());
        };
        let items = value
            .as_array()
            .ok_or_else(|| MetadataError::of(name, "send a list of texts"))?;
        if items.len() > MAX_ITEMS {
            return Err(MetadataError::of(name, Reason::TooMany));
        }
        items.iter().map(|item| text(name, item)).collect()
    }

    pub fn flag(self, name: &'static str) -> Result<bool, MetadataError> {
        let flag = self.value(name).map(|value| {
            value
                .as_bool()
                .ok_or_else(|| MetadataError::of(name, "send true or false, without quotes"))
        });
        Ok(flag.transpose()?.unwrap_or_default())
    }

    pub fn seconds(self, name: &'static str) -> Result<Option<u32>, MetadataError> {
        let read = |value: &Value| {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| MetadataError::of(name, Reason::Seconds))
        };
        self.value(name).map(read).transpose()
    }

    pub fn object(self, name: &'static str) -> Result<Option<&'a Value>, MetadataError> {
        let read = |value: &'a Value| match value.is_object() {
            true => Ok(value),
            false => Err(MetadataError::of(name, "send a JSON object")),
        };
        self.value(name).map(read).transpose()
    }

    /// An address on the web, kept as it was written.
    pub fn https(self, name: &'static str) -> Result<Option<String>, MetadataError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match text.contains('#') {
            true => Err(MetadataError::of(name, Reason::Fragment)),
            false => https(name, text).map(Some),
        }
    }

    /// The same, of an address that this server itself calls.
    pub fn called(self, name: &'static str) -> Result<Option<String>, MetadataError> {
        match self.text(name)? {
            Some(text) if (self.terms.plain_http)(text) => Ok(Some(text.to_owned())),
            _ => self.https(name),
        }
    }

    pub fn signing(
        self,
        name: &'static str,
        allowed: &[Signing],
    ) -> Result<Option<Signing>, MetadataError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let parsed = Signing::parse(text).filter(|it| allowed.contains(it));
        let names = || allowed.iter().map(|it| it.as_str());
        parsed
            .map(Some)
            .ok_or_else(|| MetadataError::of(name, Reason::choice(names())))
    }

    /// Two members, the second with a default.
    pub fn encryption(
        self,
        alg_name: &'static str,
        enc_name: &'static str,
    ) -> Result<Option<Encryption>, MetadataError> {
        let enc = self.text(enc_name)?;
        let Some(alg) = self.text(alg_name)? else {
            return match enc {
                Some(_) => Err(MetadataError::of(enc_name, Reason::Alone(alg_name))),
                None => Ok(None),
            };
        };
        let known = KeyManagement::parse(alg).filter(|alg| alg.is_asymmetric());
        let alg = known.ok_or_else(|| {
            let all = KeyManagement::ALL.iter().filter(|alg| alg.is_asymmetric());
            MetadataError::of(alg_name, Reason::choice(all.map(|alg| alg.name())))
        })?;
        let enc = enc.unwrap_or(ContentEncryption::A128CbcHs256.name());
        let enc = ContentEncryption::parse(enc).ok_or_else(|| {
            let all = ContentEncryption::ALL.iter();
            MetadataError::of(enc_name, Reason::choice(all.map(|it| it.name())))
        })?;
        Ok(Some(Encryption {
            alg: alg.name().to_owned(),
            enc: enc.name().to_owned(),
        }))
    }
}

fn text<'a>(name: &'static str, value: &'a Value) -> Result<&'a str, MetadataError> {
    match value.as_str() {
        None => Err(MetadataError::of(name, "send text")),
        Some(text) if text.len() > MAX_TEXT => Err(MetadataError::of(name, Reason::TooLong)),
        Some(text) => Ok(text),
    }
}

/// Nothing in it may be read in two ways, for it is called, shown and compared.
pub fn https(name: &'static str, text: &str) -> Result<String, MetadataError> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if !text.bytes().all(plain) {
        return Err(MetadataError::of(name, Reason::Encoding));
    }
    if !text.starts_with("https://") {
        return Err(MetadataError::of(name, Reason::NotHttps));
    }
    AppUrl::parse(text).map_err(|error| MetadataError::of(name, error))?;
    Ok(text.to_owned())
}

/// What a token may be signed with, and what a request may be.
pub const SIGNATURES: [Signing; 5] = [
    Signing::Signed(Algorithm::Rs256),
    Signing::Signed(Algorithm::Ps256),
    Signing::Signed(Algorithm::Es256),
    Signing::Signed(Algorithm::EdDsa),
    Signing::Unsigned,
];
