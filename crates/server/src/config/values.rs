//! The types of settings. Whatever has one of these types has been checked.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use grantor_protocol::{email::Email, time::Millis};
use grantor_store::Access;
use ipnet::IpNet;
use url::{Host, Url};
use zeroize::Zeroizing;

/// The only path that the public URL may have.
const ISSUER_PATH: &str = "/api/1.0";

/// Where the world reaches this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    issuer: String,
    host: String,
}

impl PublicUrl {
    /// `https://host[:port]`, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// The origin, with `/api/1.0` when the operator chose that issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
    /// Name or address without port; IPv6 without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }
    /// Also that of the scheme.
    pub fn port(&self) -> Option<u16> {
        Url::parse(&self.origin).ok()?.port_or_known_default()
    }
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
    /// Whether its host is an IP address: no browser keeps a passkey for one.
    pub fn is_of_numbers(&self) -> bool {
        self.host.parse::<std::net::IpAddr>().is_ok()
    }
    /// Whether it is for whoever sits at this device alone.
    pub fn is_loopback(&self) -> bool {
        super::upstream::is_local(&self.host)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|error| format!("must be a URL like https://auth.example.com ({error})"))?;
        let host = match (url.scheme(), url.host()) {
            ("https", Some(host)) => host,
            ("http", Some(host)) if is_loopback(&host) => host,
            ("http", Some(_)) => {
                return Err("must begin with https:// (http:// is for loopback only: \
                     127.0.0.1, [::1] or localhost)"
                    .to_owned());
            }
            _ => return Err("must begin with https://".to_owned()),
        };
        let issuer_path = match url.path().trim_end_matches('/') {
            "" => "",
            ISSUER_PATH => ISSUER_PATH,
            _ => return Err(format!("must have no path, or the path {ISSUER_PATH}")),
        };
        let user = !url.username().is_empty() || url.password().is_some();
        if user || url.query().is_some() || url.fragment().is_some() {
            return Err("must have no user, query or fragment".to_owned());
        }
        let host = match host {
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        };
        let origin = url.origin().ascii_serialization();
        Ok(Self {
            issuer: format!("{origin}{issuer_path}"),
            origin,
            host,
        })
    }
}

pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
    }
}

/// The name of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand(String);

impl Brand {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Brand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let fits = (1..=40).contains(&text.chars().count());
        if fits && !text.contains(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must have 1 to 40 characters on one line".to_owned())
        }
    }
}

/// How tokens begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPrefix(String);

impl TokenPrefix {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = (2..=12).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 2 to 12 of the letters a-z".to_owned())
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SignUp {
    Open,
    /// By a link that is mailed to their address: nobody learns whose addresses have accounts.
    Mail,
    Closed,
}

/// Who may register an app without a person at the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DynamicRegistration {
    Off,
    /// With an initial access token.
    Token,
    Open,
}

/// Where to report a weakness: a URL on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityContact(String);

impl SecurityContact {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecurityContact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_address = |text: &str| Email::parse(text).is_ok();
        let url = Url::parse(text).ok().filter(|url| match url.scheme() {
            "https" => true,
            "mailto" => is_address(url.path()),
            _ => false,
        });
        let sentence = "must be like mailto:security@example.com or https://example.com/security";
        url.map(|url| Self(url.into()))
            .ok_or_else(|| sentence.to_owned())
    }
}

/// Where a syslog takes messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyslogAddress {
    /// Host and port.
    Udp(String),
    Tcp(String),
    /// A socket of datagrams.
    Unix(PathBuf),
}

impl fmt::Display for SyslogAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp(to) => write!(f, "udp://{to}"),
            Self::Tcp(to) => write!(f, "tcp://{to}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl FromStr for SyslogAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at = |rest: &str| {
            let (host, port) = rest.rsplit_once(':')?;
            let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
            let is_host = Host::parse(host).is_ok();
            is_host.then(|| format!("{host}:{port}"))
        };
        let read = match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Some(Self::Unix(path.into())),
            Some(("udp", rest)) => rest.strip_prefix("//").and_then(at).map(Self::Udp),
            Some(("tcp", rest)) => rest.strip_prefix("//").and_then(at).map(Self::Tcp),
            _ => None,
        };
        read.ok_or_else(|| {
            "must be like udp://logs.example.com:514, tcp://127.0.0.1:601 or unix:/dev/log".into()
        })
    }
}

/// Where events are posted to; whether that is allowed says `outbound`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        url.map(|url| Self(url.into()))
            .ok_or_else(|| "must be a URL like https://siem.example.com/events".to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Json,
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsListen {
    Off,
    At(SocketAddr),
}

impl FromStr for MetricsListen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            _ => address(text)
                .map(Self::At)
                .map_err(|error| format!("{error}, or off")),
        }
    }
}

/// A number of days, or no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysOrOff(pub Option<Millis>);

impl FromStr for DaysOrOff {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self(None)),
            _ => duration(Millis::days, 1..=3650)(text)
                .map(|days| Self(Some(days)))
                .map_err(|error| format!("{error}, or off")),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres(DatabaseUrl),
}

/// Where a PostgreSQL is. It has no Display, and its Debug says nothing: such URLs carry
/// passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("postgresql://…")
    }
}

impl FromStr for Database {
    type Err = String;

    /// Never repeats the text: such URLs carry passwords.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return match Access::parse(text, None, 2) {
                Ok(_) => Ok(Self::Postgres(DatabaseUrl(text.to_owned()))),
                Err(error) => Err(error.to_string()),
            };
        }
        let file = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"));
        match file {
            Some(file) if !file.is_empty() => Ok(Self::Sqlite(file.into())),
            _ => Err("must be sqlite:FILE, like sqlite:/var/lib/grantor/grantor.db, or postgresql://user@host/database".to_owned()),
        }
    }
}

/// A master key from the environment. It has no Debug and no Display.
#[derive(Clone)]
pub struct GivenMasterKey(Zeroizing<[u8; 32]>);

impl GivenMasterKey {
    pub fn reveal(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for GivenMasterKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new).ok();
        let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        key.map(|key| Self(key.into())).ok_or_else(|| {
            "must be 32 bytes in base64, as `openssl rand -base64 32` prints them".to_owned()
        })
    }
}

/// Where the master key comes from.
pub enum MasterKey<'a> {
    Given(&'a GivenMasterKey),
    File(PathBuf),
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let sentence = "must be an IP address and a port, like 127.0.0.1:8080 or [::]:8080";
    text.trim().parse().map_err(|_| sentence.to_owned())
}

pub(super) fn email(text: &str) -> Result<Email, String> {
    let sentence = "must be an e-mail address, like apps@example.com";
    Email::parse(text).map_err(|_| sentence.to_owned())
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse().ok().or_else(one);
    let network: Option<IpNet> = network.map(|it: IpNet| it.trunc());
    network.ok_or_else(|| "must be networks or addresses, like 10.0.0.0/8 or fd00::1".to_owned())
}

pub(super) fn number<T>(bounds: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Clone + fmt::Display,
{
    move |text| match text.trim().parse() {
        Ok(number) if bounds.contains(&number) => Ok(number),
        _ => Err(format!(
            "must be a whole number from {} to {}",
            bounds.start(),
            bounds.end()
        )),
    }
}

pub(super) fn duration(
    unit: fn(i64) -> Millis,
    bounds: RangeInclusive<i64>,
) -> impl Fn(&str) -> Result<Millis, String> + Clone {
    let number = number(bounds);
    move |text| number(text).map(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_in_days_can_be_off() {
        assert_eq!("off".parse(), Ok(DaysOrOff(None)));
        assert_eq!("30".parse(), Ok(DaysOrOff(Some(Millis::days(30)))));
        for wrong in ["0", "3651", "never", ""] {
            assert_eq!(
                wrong.parse::<DaysOrOff>(),
                Err("must be a whole number from 1 to 3650, or off".into()),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_security_contact_is_a_url_on_one_line() {
        for good in ["mailto:security@example.com", "https://example.com/report"] {
            assert_eq!(good.parse::<SecurityContact>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "security@example.com",
            "mailto:",
            "http://example.com",
            "tel:1",
        ] {
            assert!(bad.parse::<SecurityContact>().is_err(), "{bad}");
        }
        let two_lines = "https://example.com/a\nContact: https://evil.example";
        let one = two_lines.parse::<SecurityContact>();
        assert!(one.is_ok_and(|it| !it.as_str().contains(char::is_whitespace)));
    }
}
