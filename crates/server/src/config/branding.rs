//! What makes the pages and mails the platform's own, beside its name.

use crate::look::Color;
use clap::Args;
use grantor_protocol::email::Email;
use std::{path::PathBuf, str::FromStr};
use url::Url;

#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Brand")]
pub struct Branding {
    /// File with the platform's logo (SVG, PNG or WebP), shown on every page and in browser tabs
    #[arg(long, value_name = "FILE")]
    pub brand_logo_file: Option<PathBuf>,
    /// Colour of buttons and links, like #0d5c63: dark enough for white text on it
    #[arg(long, value_name = "COLOR")]
    pub brand_color: Option<Color>,
    /// File with a stylesheet that follows the pages' own (docs/brand.md)
    #[arg(long, value_name = "FILE")]
    pub brand_css_file: Option<PathBuf>,
    /// The platform's privacy policy; like the next three it stands below pages and mails
    #[arg(long, value_name = "URL")]
    pub privacy_policy_url: Option<Link>,
    /// The platform's terms of service
    #[arg(long, value_name = "URL")]
    pub terms_url: Option<Link>,
    /// Who the platform is, where the law wants that said
    #[arg(long, value_name = "URL")]
    pub legal_notice_url: Option<Link>,
    /// Where users get help, as https: or mailto:
    #[arg(long, value_name = "URL")]
    pub support_url: Option<Contact>,
}

/// A page of the platform's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Link {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "https");
        url.map(|url| Self(url.into()))
            .ok_or_else(|| "must be like https://example.com/privacy".to_owned())
    }
}

/// A page, or an address to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(String);

impl Contact {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_address = |url: &Url| Email::parse(url.path()).is_ok();
        let url = Url::parse(text).ok().filter(|url| match url.scheme() {
            "https" => true,
            "mailto" => is_address(url),
            _ => false,
        });
        let sentence = "must be like https://example.com/help or mailto:help@example.com";
        url.map(|url| Self(url.into()))
            .ok_or_else(|| sentence.to_owned())
    }
}
