//! What is wrong with what was typed, said to who typed it: the errors of the protocol have
//! sentences in English, for programs.

use super::Language;
use crate::{
    icons::{IconError, MIN_SIDE},
    outbound::{MAX_URL_BYTES, OutboundError},
};
use grantor_jose::{
    json::{JsonError, MAX_DEPTH},
    jwk::{JwkError, MAX_KID_BYTES, MAX_OPERATIONS, MAX_SET_KEYS},
};
use grantor_protocol::{
    app_url::{self, AppUrlError},
    name::TextError,
    openid::registration::{MAX_ITEMS, MAX_TEXT, Reason},
    redirect::{self, RedirectUriError},
};

pub trait Told {
    /// A sentence of its own.
    fn told(&self, language: Language) -> String;
}

impl Told for TextError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Empty => say("text-empty"),
            Self::TooLong { max } => say("text-too-long").number("max", *max),
            Self::Character { code_point } => {
                say("text-character").code("code", &format!("U+{code_point:04X}"))
            }
            Self::Marks => say("text-marks"),
            Self::NoLetter => say("text-no-letter"),
        };
        said.plain()
    }
}

impl Told for AppUrlError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Empty => say("address-empty"),
            Self::TooLong => say("address-too-long").number("max", app_url::MAX_BYTES),
            Self::Character => say("address-character"),
            Self::Scheme => say("address-scheme"),
            Self::UserInfo => say("redirect-user-info"),
            Self::Invalid => say("address-invalid"),
        };
        said.plain()
    }
}

impl Told for RedirectUriError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Empty => say("redirect-empty"),
            Self::TooLong => say("redirect-too-long").number("max", redirect::MAX_BYTES),
            Self::NoScheme => say("redirect-no-scheme"),
            Self::Character { position } => say("redirect-character").number("position", *position),
            Self::Fragment => say("redirect-fragment"),
            Self::Wildcard => say("redirect-wildcard"),
            Self::Escape => say("redirect-escape"),
            Self::EscapedSeparator => say("redirect-escaped-separator"),
            Self::Uppercase => say("redirect-uppercase"),
            Self::ForbiddenScheme => say("redirect-forbidden-scheme"),
            Self::CustomSchemeNotNative => say("redirect-not-native"),
            Self::CustomSchemeNoDomain => say("redirect-no-domain"),
            Self::CustomSchemeForm => say("redirect-private-form"),
            Self::OobNotNative => say("redirect-oob-not-native"),
            Self::HttpNotLoopback => say("redirect-plain-http"),
            Self::UserInfo => say("redirect-user-info"),
            Self::Host => say("redirect-host"),
            Self::TrailingDot => say("redirect-trailing-dot"),
            Self::Address => say("redirect-address"),
            Self::Port => say("redirect-port"),
            Self::DefaultPort => say("redirect-default-port"),
            Self::DotSegment => say("redirect-dot-segment"),
            Self::ReservedParameter(name) => say("redirect-reserved").code("name", name),
            Self::NotCanonical => say("redirect-not-canonical"),
        };
        said.plain()
    }
}

impl Told for Reason {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::TooLong => say("member-too-long").number("max", MAX_TEXT),
            Self::TooMany => say("member-too-many").number("max", MAX_ITEMS),
            Self::Seconds => say("member-seconds"),
            Self::Fragment => say("member-fragment"),
            Self::Encoding => say("member-encoding"),
            Self::NotHttps => say("member-not-https"),
            Self::Choice(names) => say("member-choice").code("names", names),
            Self::Alone(name) => say("member-alone").code("name", name),
            Self::NoUsableKey => say("member-no-usable-key"),
            Self::Urn => say("member-urn"),
            Self::KeysTwice => say("member-keys-twice"),
            Self::KeysMissing => say("member-keys-missing"),
            Self::FrameElsewhere => say("member-frame-elsewhere"),
            Self::OtherKind => say("member-other-kind"),
            Self::Unsigned => say("member-unsigned"),
            Self::NoKeyFor(name) => say("member-no-key-for").code("name", name),
            Self::Connected => say("member-connected"),
            Self::SeveralHosts => say("member-several-hosts"),
            Self::Redirect(error) => return error.told(language),
            Self::Address(error) => return error.told(language),
            Self::Json(error) => return error.told(language),
            Self::Key(error) => return error.told(language),
            // No form can send it.
            Self::Other(reason) => return reason.to_string(),
        };
        said.plain()
    }
}

impl Told for JsonError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::TooLong(max) => say("json-too-long").number("max", *max),
            Self::TooDeep => say("json-too-deep").number("max", MAX_DEPTH),
            Self::Duplicate(member) => match member.shown() {
                Some(name) => say("json-twice").code("name", name),
                None => say("json-twice-unnamed"),
            },
            Self::NotAnObject => say("json-no-object"),
            Self::Syntax { line, column } => say("json-broken")
                .number("line", *line)
                .number("column", *column),
        };
        said.plain()
    }
}

impl Told for JwkError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Json(error) => return error.told(language),
            Self::Missing(name) => say("jwk-missing").code("name", name),
            Self::Type(name) => say("jwk-type").code("name", name),
            Self::Base64(name) => say("jwk-base64").code("name", name),
            Self::PrivateMember(name) => say("jwk-private").code("name", name),
            Self::SymmetricKey => say("jwk-symmetric"),
            Self::TooManyKeys => say("jwk-too-many").number("max", MAX_SET_KEYS),
            Self::UnsupportedKey => say("jwk-unsupported"),
            Self::RsaModulus => say("jwk-modulus"),
            Self::RsaExponent => say("jwk-exponent"),
            Self::Point => say("jwk-point"),
            Self::KeyId => say("jwk-kid").number("max", MAX_KID_BYTES),
            Self::RepeatedOperation => say("jwk-operation-twice"),
            Self::TooManyOperations => say("jwk-operations").number("max", MAX_OPERATIONS),
            Self::OtherAlgorithm(name) => say("jwk-algorithm").code("name", name),
            Self::OtherUse(name) => say("jwk-use").code("name", name),
        };
        said.plain()
    }
}

impl Told for IconError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Empty => say("picture-empty"),
            Self::TooLarge => say("picture-too-large"),
            Self::OtherFormat => say("picture-format"),
            Self::TooFewPixels => say("picture-too-few-pixels").number("side", MIN_SIDE),
            Self::TooManyPixels => say("picture-too-many-pixels"),
            Self::Damaged => say("picture-damaged"),
            Self::Busy => say("picture-busy"),
        };
        said.plain()
    }
}

/// As far as an address can be wrong before anything is sent to it.
impl Told for OutboundError {
    fn told(&self, language: Language) -> String {
        let say = |id| language.say(id);
        let said = match self {
            Self::Off => say("outbound-off"),
            Self::NotHttps => say("outbound-not-https"),
            Self::NotPublic => say("outbound-not-public"),
            _ => say("outbound-url").number("max", MAX_URL_BYTES),
        };
        said.plain()
    }
}
