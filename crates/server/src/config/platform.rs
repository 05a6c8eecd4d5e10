//! The types of the settings `hand_over_*`.

use std::str::FromStr;

use clap::ValueEnum;
use grantor_jose::algorithm::Algorithm;
use url::Url;

use super::values::is_loopback;

/// A page or document of the platform: https, or on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformUrl(Url);

impl PlatformUrl {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl FromStr for PlatformUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sentence = "must be like https://www.example.com/login, without user and fragment";
        let url = Url::parse(text).map_err(|_| sentence)?;
        let secure = match (url.scheme(), url.host()) {
            ("https", Some(_)) => true,
            ("http", Some(host)) => is_loopback(&host),
            _ => false,
        };
        let plain = url.username().is_empty() && url.fragment().is_none();
        match secure && plain && url.as_str().len() <= 1000 {
            true => Ok(Self(url)),
            false => Err(sentence.to_owned()),
        }
    }
}

/// What a platform's key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SignedWith {
    #[value(name = "ES256")]
    Es256,
    #[value(name = "EdDSA")]
    EdDsa,
    #[value(name = "RS256")]
    Rs256,
    #[value(name = "PS256")]
    Ps256,
}

impl From<SignedWith> for Algorithm {
    fn from(name: SignedWith) -> Self {
        match name {
            SignedWith::Es256 => Self::Es256,
            SignedWith::EdDsa => Self::EdDsa,
            SignedWith::Rs256 => Self::Rs256,
            SignedWith::Ps256 => Self::Ps256,
        }
    }
}
