//! `[[upstream]]`: the OpenID providers that users may sign in with.

use std::fs;

use toml::{Spanned, de::DeTable, de::DeValue};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::{Config, SignUp, values::is_loopback};

/// A secret of this server's own at another one. It has no Debug and no Display.
#[derive(Clone)]
pub struct OwnSecret(Zeroizing<String>);

impl OwnSecret {
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match (1..=4096).contains(&text.len()) && !text.contains(char::is_control) {
            true => Ok(Self(Zeroizing::new(text.to_owned()))),
            false => Err("the secret must be one line that is not empty".to_owned()),
        }
    }

    pub fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map(Zeroizing::new);
        let text = text.map_err(|error| format!("cannot read {path}: {error}"))?;
        Self::new(&text).map_err(|error| format!("{path}: {error}"))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// One provider.
#[derive(Clone)]
pub struct Upstream {
    /// Its name in addresses.
    pub id: String,
    /// Its name on buttons.
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// `None`: this server is a public client there.
    pub client_secret: Option<OwnSecret>,
    pub scopes: String,
    /// Whether its word on an address is the operator's.
    pub trust_email: bool,
    /// Whether somebody new may come in by it, where the service lets anybody in.
    pub sign_up: bool,
}

const KEYS: [&str; 8] = [
    "id",
    "name",
    "issuer",
    "client_id",
    "client_secret_file",
    "scopes",
    "trust_email",
    "sign_up",
];

/// The environment variable that gives the secret of the provider `id`, in small letters.
fn variable(id: &str) -> String {
    format!("upstream_{}_secret", id.replace('-', "_"))
}

pub fn is_variable(key: &str) -> bool {
    key.starts_with("upstream_") && key.ends_with("_secret")
}

impl Upstream {
    /// Reads a table; `secret` finds what the environment gives.
    pub(super) fn read(
        item: &Spanned<DeValue<'_>>,
        earlier: &[Self],
        secret: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let table = item.get_ref().as_table();
        let table = Table(table.ok_or("each is a table, [[upstream]]")?);
        table.check_keys()?;
        let id = table.text("id")?;
        if !is_id(id) {
            return Err("the id must be 1 to 32 of a-z, 0-9 and -".to_owned());
        }
        if earlier.iter().any(|other| other.id == id) {
            return Err(format!("{id} is there twice"));
        }
        let issuer = issuer(table.text("issuer")?)?;
        if earlier.iter().any(|other| other.issuer == issuer) {
            return Err(format!("{issuer} is there twice"));
        }
        let name = table.text("name")?.trim();
        if !(1..=40).contains(&name.chars().count()) || name.contains(char::is_control) {
            return Err("the name must have 1 to 40 characters on one line".to_owned());
        }
        let client_secret = match (table.optional("client_secret_file")?, secret(&variable(id))) {
            (Some(_), Some(_)) => {
                return Err(
                    "the secret is given twice, by a file and by the environment".to_owned(),
                );
            }
            (Some(path), None) => Some(OwnSecret::read(path)?),
            (None, Some(text)) => Some(OwnSecret::new(&text)?),
            (None, None) => None,
        };
        Ok(Self {
            id: id.to_owned(),
            name: name.to_owned(),
            issuer,
            client_id: table.text("client_id")?.to_owned(),
            client_secret,
            scopes: scopes(table.optional("scopes")?.unwrap_or("openid email profile"))?,
            trust_email: table.switch("trust_email", false)?,
            sign_up: table.switch("sign_up", true)?,
        })
    }
}

/// Providers whose button leads a stranger nowhere, although it is said that it may; why.
pub fn dead_ends(config: &Config) -> Vec<String> {
    let why = |it: &&Upstream| match config.service.sign_up {
        SignUp::Closed => Some("sign_up = closed, so whoever has no account yet gets none by it"),
        SignUp::Mail if !it.trust_email => Some(
            "sign_up = mail, and without trust_email no address of it counts as checked: whoever has no account yet gets none by it, but signs up by mail and connects it then",
        ),
        SignUp::Mail | SignUp::Open => None,
    };
    let new = config.upstream.iter().filter(|it| it.sign_up);
    new.filter_map(|it| why(&it).map(|why| format!("upstream {}: {why}", it.id)))
        .collect()
}

struct Table<'t>(&'t DeTable<'t>);

impl<'t> Table<'t> {
    fn check_keys(&self) -> Result<(), String> {
        let unknown = self
            .0
            .keys()
            .find(|key| !KEYS.contains(&key.get_ref().as_ref()));
        match unknown {
            Some(key) => Err(format!(
                "there is no {}; there are {}",
                key.get_ref(),
                KEYS.join(", ")
            )),
            None => Ok(()),
        }
    }

    fn optional(&self, key: &str) -> Result<Option<&'t str>, String> {
        match self.0.get(key).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::String(text)) => Ok(Some(text.as_ref())),
            Some(_) => Err(format!("{key} must be a text")),
        }
    }

    fn text(&self, key: &str) -> Result<&'t str, String> {
        self.optional(key)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| format!("{key} is missing"))
    }

    fn switch(&self, key: &str, default: bool) -> Result<bool, String> {
        match self.0.get(key).map(Spanned::get_ref) {
            None => Ok(default),
            Some(DeValue::Boolean(switch)) => Ok(*switch),
            Some(_) => Err(format!("{key} must be true or false")),
        }
    }
}

fn is_id(id: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=32).contains(&id.len()) && id.bytes().all(plain)
}

/// As the provider writes it: it is compared byte by byte.
fn issuer(text: &str) -> Result<String, String> {
    let sentence =
        "the issuer must be a URL like https://accounts.example.com, without query and fragment";
    let url = Url::parse(text).map_err(|_| sentence)?;
    let plain = url.username().is_empty() && url.query().is_none() && url.fragment().is_none();
    let secure = match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(host)) => is_loopback(&host),
        _ => false,
    };
    match plain && secure && text.len() <= 500 {
        true => Ok(text.to_owned()),
        false => Err(sentence.to_owned()),
    }
}

fn scopes(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words.contains(&"openid") && text.is_ascii() {
        true => Ok(words.join(" ")),
        false => Err(
            "scopes must be names with openid among them, like \"openid email profile\"".to_owned(),
        ),
    }
}

/// Whether addresses of this device are as good as public ones to a server at `host`.
pub(super) fn is_local(host: &str) -> bool {
    Host::parse(host)
        .or_else(|_| Host::parse(&format!("[{host}]")))
        .is_ok_and(|host| match host {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(name) => is_loopback(&Host::Domain(&name)),
        })
}
