//! The members of a registration request, each read as what it must be.

use super::{Encryption, Signing};
use crate::{app_url::AppUrl, authorize::Policy, error::ErrorCode, redirect::RedirectUriError};
use grantor_jose::{
    algorithm::Algorithm,
    json::JsonError,
    jwe::{ContentEncryption, KeyManagement},
};
use serde_json::{Map, Value};

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
    pub(super) reason: String,
}

impl MetadataError {
    pub fn of(member: &'static str, reason: impl ToString) -> Self {
        Self {
            code: ErrorCode::InvalidClientMetadata,
            member,
            reason: reason.to_string(),
        }
    }

    pub(super) fn redirect(reason: impl ToString) -> Self {
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
            let reason = format!("send {MAX_ITEMS} items at most");
            return Err(MetadataError::of(name, reason));
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
            number.ok_or_else(|| MetadataError::of(name, "send a whole number of seconds"))
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
            true => Err(MetadataError::of(name, "remove the fragment (from # on)")),
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
        let names: Vec<_> = allowed.iter().map(|it| it.as_str()).collect();
        let reason = || format!("choose one of {}", names.join(", "));
        parsed
            .map(Some)
            .ok_or_else(|| MetadataError::of(name, reason()))
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
                Some(_) => Err(MetadataError::of(enc_name, format!("send {alg_name} too"))),
                None => Ok(None),
            };
        };
        let known = KeyManagement::parse(alg).filter(|alg| alg.is_asymmetric());
        let alg = known.ok_or_else(|| {
            let all = KeyManagement::ALL.iter().filter(|alg| alg.is_asymmetric());
            let names: Vec<_> = all.map(|alg| alg.name()).collect();
            MetadataError::of(alg_name, format!("choose one of {}", names.join(", ")))
        })?;
        let enc = enc.unwrap_or(ContentEncryption::A128CbcHs256.name());
        let enc = ContentEncryption::parse(enc).ok_or_else(|| {
            let names: Vec<_> = ContentEncryption::ALL.iter().map(|it| it.name()).collect();
            MetadataError::of(enc_name, format!("choose one of {}", names.join(", ")))
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
        Some(text) if text.len() > MAX_TEXT => {
            let reason = format!("send {MAX_TEXT} bytes at most");
            Err(MetadataError::of(name, reason))
        }
        Some(text) => Ok(text),
    }
}

/// Nothing in it may be read in two ways, for it is called, shown and compared.
pub fn https(name: &'static str, text: &str) -> Result<String, MetadataError> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    if !text.bytes().all(plain) {
        let reason = "percent-encode what is not ASCII, spaces and brackets; write international host names as xn--";
        return Err(MetadataError::of(name, reason));
    }
    if !text.starts_with("https://") {
        return Err(MetadataError::of(name, "start the address with https://"));
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
