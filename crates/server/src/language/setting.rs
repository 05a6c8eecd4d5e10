//! What is wrong with a setting of an app, for its developer: programs are told in English.

use super::Language;
use crate::outbound::{MAX_URL_BYTES, OutboundError};
use grantor_jose::{
    json::{JsonError, MAX_DEPTH},
    jwk::{JwkError, MAX_KID_BYTES, MAX_OPERATIONS, MAX_SET_KEYS},
};
use grantor_protocol::{
    openid::registration::{MAX_ITEMS, MAX_TEXT, Reason},
    redirect::{self, RedirectUriError},
};

impl Language {
    pub fn wrong_redirect(self, wrong: &RedirectUriError) -> String {
        let say = |id| self.say(id);
        let said = match wrong {
            RedirectUriError::Empty => say("redirect-empty"),
            RedirectUriError::TooLong => {
                say("redirect-too-long").number("max", redirect::MAX_BYTES)
            }
            RedirectUriError::NoScheme => say("redirect-no-scheme"),
            RedirectUriError::Character { position } => {
                say("redirect-character").number("position", *position)
            }
            RedirectUriError::Fragment => say("redirect-fragment"),
            RedirectUriError::Wildcard => say("redirect-wildcard"),
            RedirectUriError::Escape => say("redirect-escape"),
            RedirectUriError::EscapedSeparator => say("redirect-escaped-separator"),
            RedirectUriError::Uppercase => say("redirect-uppercase"),
            RedirectUriError::ForbiddenScheme => say("redirect-forbidden-scheme"),
            RedirectUriError::CustomSchemeNotNative => say("redirect-not-native"),
            RedirectUriError::CustomSchemeNoDomain => say("redirect-no-domain"),
            RedirectUriError::CustomSchemeForm => say("redirect-private-form"),
            RedirectUriError::OobNotNative => say("redirect-oob-not-native"),
            RedirectUriError::HttpNotLoopback => say("redirect-plain-http"),
            RedirectUriError::UserInfo => say("redirect-user-info"),
            RedirectUriError::Host => say("redirect-host"),
            RedirectUriError::TrailingDot => say("redirect-trailing-dot"),
            RedirectUriError::Address => say("redirect-address"),
            RedirectUriError::Port => say("redirect-port"),
            RedirectUriError::DefaultPort => say("redirect-default-port"),
            RedirectUriError::DotSegment => say("redirect-dot-segment"),
            RedirectUriError::ReservedParameter(name) => {
                say("redirect-reserved").code("name", name)
            }
            RedirectUriError::NotCanonical => say("redirect-not-canonical"),
        };
        said.plain()
    }

    pub fn wrong_setting(self, wrong: &Reason) -> String {
        let say = |id| self.say(id);
        let said = match wrong {
            Reason::TooLong => say("member-too-long").number("max", MAX_TEXT),
            Reason::TooMany => say("member-too-many").number("max", MAX_ITEMS),
            Reason::Seconds => say("member-seconds"),
            Reason::Fragment => say("member-fragment"),
            Reason::Encoding => say("member-encoding"),
            Reason::NotHttps => say("member-not-https"),
            Reason::Choice(names) => say("member-choice").code("names", names),
            Reason::Alone(name) => say("member-alone").code("name", name),
            Reason::NoUsableKey => say("member-no-usable-key"),
            Reason::Urn => say("member-urn"),
            Reason::KeysTwice => say("member-keys-twice"),
            Reason::KeysMissing => say("member-keys-missing"),
            Reason::FrameElsewhere => say("member-frame-elsewhere"),
            Reason::OtherKind => say("member-other-kind"),
            Reason::Unsigned => say("member-unsigned"),
            Reason::NoKeyFor(name) => say("member-no-key-for").code("name", name),
            Reason::Connected => say("member-connected"),
            Reason::SeveralHosts => say("member-several-hosts"),
            Reason::Redirect(error) => return self.wrong_redirect(error),
            Reason::Address(error) => return self.wrong_url(*error),
            Reason::Json(error) => return self.wrong_json(error),
            Reason::Key(error) => return self.wrong_key(error),
            // No form can send it.
            Reason::Other(reason) => return reason.to_string(),
        };
        said.plain()
    }

    fn wrong_json(self, wrong: &JsonError) -> String {
        let say = |id| self.say(id);
        let said = match wrong {
            JsonError::TooLong(max) => say("json-too-long").number("max", *max),
            JsonError::TooDeep => say("json-too-deep").number("max", MAX_DEPTH),
            JsonError::Duplicate(member) => match member.shown() {
                Some(name) => say("json-twice").code("name", name),
                None => say("json-twice-unnamed"),
            },
            JsonError::NotAnObject => say("json-no-object"),
            JsonError::Syntax { line, column } => say("json-broken")
                .number("line", *line)
                .number("column", *column),
        };
        said.plain()
    }

    fn wrong_key(self, wrong: &JwkError) -> String {
        let say = |id| self.say(id);
        let said = match wrong {
            JwkError::Json(error) => return self.wrong_json(error),
            JwkError::Missing(name) => say("jwk-missing").code("name", name),
            JwkError::Type(name) => say("jwk-type").code("name", name),
            JwkError::Base64(name) => say("jwk-base64").code("name", name),
            JwkError::PrivateMember(name) => say("jwk-private").code("name", name),
            JwkError::SymmetricKey => say("jwk-symmetric"),
            JwkError::TooManyKeys => say("jwk-too-many").number("max", MAX_SET_KEYS),
            JwkError::UnsupportedKey => say("jwk-unsupported"),
            JwkError::RsaModulus => say("jwk-modulus"),
            JwkError::RsaExponent => say("jwk-exponent"),
            JwkError::Point => say("jwk-point"),
            JwkError::KeyId => say("jwk-kid").number("max", MAX_KID_BYTES),
            JwkError::RepeatedOperation => say("jwk-operation-twice"),
            JwkError::TooManyOperations => say("jwk-operations").number("max", MAX_OPERATIONS),
            JwkError::OtherAlgorithm(name) => say("jwk-algorithm").code("name", name),
            JwkError::OtherUse(name) => say("jwk-use").code("name", name),
        };
        said.plain()
    }

    /// As far as an address can be wrong before anything is sent to it.
    pub fn wrong_outbound(self, wrong: OutboundError) -> String {
        let say = |id| self.say(id);
        let said = match wrong {
            OutboundError::Off => say("outbound-off"),
            OutboundError::NotHttps => say("outbound-not-https"),
            OutboundError::NotPublic => say("outbound-not-public"),
            _ => say("outbound-url").number("max", MAX_URL_BYTES),
        };
        said.plain()
    }
}
