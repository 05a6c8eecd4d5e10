//! How mails to users are sent.

use super::values::{email, is_loopback};
use clap::{Args, ValueEnum};
use grantor_protocol::email::Email;
use std::{path::PathBuf, str::FromStr};
use url::Host;
use zeroize::Zeroizing;

#[derive(Args, Clone)]
#[command(next_help_heading = "Mail")]
pub struct Mail {
    /// Mail server (SMTP) as a host or host:port. Without it, and without mail_folder, no mail
    /// is sent, and what needs mail (verified addresses, forgotten passwords) is not offered
    #[arg(long, value_name = "HOST")]
    pub smtp_server: Option<MailServer>,
    /// TLS from the first byte (port 465), by STARTTLS (port 587), or off (port 25), which is
    /// for a mail server on this machine
    #[arg(long, value_name = "MODE", default_value = "implicit")]
    pub smtp_tls: SmtpTls,
    /// User at the mail server
    #[arg(long, value_name = "USER")]
    pub smtp_user: Option<String>,
    /// File with that user's password. The environment variable GRANTOR_SMTP_PASSWORD can give
    /// the password itself
    #[arg(long, value_name = "FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// PEM file with certificates of authorities to trust beside the system's
    #[arg(long, value_name = "FILE")]
    pub smtp_ca_file: Option<PathBuf>,
    /// Address that mails come from; their sender's name is the brand
    #[arg(long, value_name = "EMAIL", value_parser = email)]
    pub mail_from: Option<Email>,
    /// Write mails into this folder instead of sending them: for development
    #[arg(long, value_name = "FOLDER")]
    pub mail_folder: Option<PathBuf>,
    #[arg(skip)]
    pub given_password: Option<GivenSmtpPassword>,
    /// Print mails instead of sending them: the demo does.
    #[arg(skip)]
    pub printed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SmtpTls {
    Implicit,
    Starttls,
    Off,
}

impl SmtpTls {
    pub fn port(self) -> u16 {
        match self {
            Self::Implicit => 465,
            Self::Starttls => 587,
            Self::Off => 25,
        }
    }
}

/// Where the mail server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    host: Host<String>,
    port: Option<u16>,
}

impl MailServer {
    /// A name or address; IPv6 without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        }
    }

    pub fn port(&self) -> Option<u16> {
        self.port
    }

    fn is_on_this_machine(&self) -> bool {
        is_loopback(&match &self.host {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        })
    }
}

impl FromStr for MailServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
            _ => (text, None),
        };
        let port = port.map(str::parse::<u16>).transpose().ok();
        let port = port.filter(|port| *port != Some(0));
        let host = Host::parse(host).ok();
        match (host, port) {
            (Some(host), Some(port)) => Ok(Self { host, port }),
            _ => Err("must be a host like mail.example.com, or with a port: mail.example.com:465 or [::1]:25".to_owned()),
        }
    }
}

/// The password at the mail server. It has no Debug and no Display.
#[derive(Clone)]
pub struct GivenSmtpPassword(Zeroizing<String>);

impl GivenSmtpPassword {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for GivenSmtpPassword {
    fn from(text: &str) -> Self {
        Self(text.to_owned().into())
    }
}

impl Mail {
    pub fn is_on(&self) -> bool {
        self.smtp_server.is_some() || self.mail_folder.is_some() || self.printed
    }

    pub(super) fn rules(&self) -> [(bool, &'static str); 5] {
        let given = self.given_password.is_some();
        let in_file = self.smtp_password_file.is_some();
        let plain = self.smtp_tls == SmtpTls::Off;
        let server = self.smtp_server.as_ref();
        [
            (
                server.is_some() && self.mail_folder.is_some(),
                "smtp_server and mail_folder exclude each other: keep one",
            ),
            (
                self.is_on() && self.mail_from.is_none(),
                "mails need mail_from: the address that they come from",
            ),
            (
                self.smtp_user.is_some() != (given || in_file),
                "smtp_user and its password (smtp_password_file or GRANTOR_SMTP_PASSWORD) belong together: give both or neither",
            ),
            (
                given && in_file,
                "GRANTOR_SMTP_PASSWORD and smtp_password_file both give the password: keep one",
            ),
            (
                plain && server.is_some_and(|server| !server.is_on_this_machine()),
                "smtp_tls = off is for a mail server on this machine: mails carry secrets",
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_a_host_with_or_without_port() {
        for (text, host, port) in [
            ("mail.example.com", "mail.example.com", None),
            ("Mail.Example.com:2525", "mail.example.com", Some(2525)),
            ("192.0.2.1:25", "192.0.2.1", Some(25)),
            ("[::1]", "::1", None),
            ("[2001:db8::1]:465", "2001:db8::1", Some(465)),
        ] {
            let server: MailServer = text.parse().unwrap();
            assert_eq!(
                (server.host().as_str(), server.port()),
                (host, port),
                "{text}"
            );
        }
        for wrong in [
            "",
            "a b",
            "smtp://mail.example.com",
            "mail.example.com:",
            "mail.example.com:0",
            "mail.example.com:70000",
            "mail.example.com/x",
            "user@mail.example.com",
            "::1",
        ] {
            assert!(wrong.parse::<MailServer>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn this_machine_needs_no_tls() {
        for (text, here) in [
            ("localhost:25", true),
            ("127.0.0.1", true),
            ("[::1]:25", true),
            ("localhost.example.com", false),
            ("10.0.0.1", false),
        ] {
            let server: MailServer = text.parse().unwrap();
            assert_eq!(server.is_on_this_machine(), here, "{text}");
        }
    }
}
