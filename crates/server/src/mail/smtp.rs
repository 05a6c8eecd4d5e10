//! The way to the mail server (RFC 5321), by TLS unless it is on this machine.

use crate::config::{Config, MailServer, SmtpTls};
use anyhow::Context;
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
    },
};
use std::time::Duration;
use tokio::time::timeout;

/// For all that comes before the first mail, and for one mail.
const HELLO: Duration = Duration::from_secs(10);
const ONE: Duration = Duration::from_secs(30);
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

pub struct Smtp {
    host: String,
    port: u16,
    mode: SmtpTls,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    /// What this server calls itself.
    name: ClientId,
}

/// A mail server that listens.
pub struct Connected(AsyncSmtpConnection);

/// What came of a mail, where the mail server did not take it.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It never will.
    Refused(String),
    /// It may later.
    Later(String),
    /// Nobody knows whether it has, and it says nothing more.
    Lost(String),
}

impl Trouble {
    /// In words for the operator.
    pub fn reason(&self) -> &str {
        match self {
            Self::Refused(reason) | Self::Later(reason) | Self::Lost(reason) => reason,
        }
    }
}

impl Smtp {
    pub fn open(server: &MailServer, config: &Config) -> anyhow::Result<Self> {
        let (settings, host) = (&config.mail, server.host());
        let mode = settings.smtp_tls;
        let tls = match mode {
            SmtpTls::Off => None,
            SmtpTls::Implicit | SmtpTls::Starttls => Some(tls(&host, config)?),
        };
        let credentials = settings.smtp_user.as_ref().map(|user| {
            let password = password(config)?;
            Ok::<_, anyhow::Error>(Credentials::new(user.clone(), password))
        });
        let own = config.service.public_url.host();
        Ok(Self {
            port: server.port().unwrap_or(mode.port()),
            host,
            mode,
            tls,
            credentials: credentials.transpose()?,
            name: match own.parse::<std::net::IpAddr>() {
                Ok(std::net::IpAddr::V4(address)) => ClientId::Ipv4(address),
                Ok(std::net::IpAddr::V6(address)) => ClientId::Ipv6(address),
                Err(_) => ClientId::Domain(own.to_owned()),
            },
        })
    }

    /// Past greeting, TLS and password; or why not, in words for the operator.
    pub async fn connect(&self) -> Result<Connected, String> {
        let connected = timeout(HELLO, self.greet()).await;
        let connected = connected.map_err(|_| "it does not answer within 10 seconds".to_owned())?;
        connected.map(Connected).map_err(|error| words(&error))
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let first = self.tls.clone().filter(|_| self.mode == SmtpTls::Implicit);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(HELLO), &self.name, first, None)
                .await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.mode == SmtpTls::Starttls) {
            connection.starttls(tls, &self.name).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

impl Connected {
    pub async fn send(&mut self, message: &Message) -> Result<(), Trouble> {
        let text = message.formatted();
        let sent = timeout(ONE, self.0.send(message.envelope(), &text)).await;
        match sent {
            Err(_) => Err(Trouble::Lost("it does not answer within 30 seconds".into())),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if is_about_the_mail(&error) => Err(Trouble::Refused(words(&error))),
            Ok(Err(error)) if error.is_response() || error.status().is_some() => {
                Err(Trouble::Later(words(&error)))
            }
            Ok(Err(error)) => Err(Trouble::Lost(words(&error))),
        }
    }

    /// Whether it would take another mail: after a refusal the library says goodbye.
    pub fn is_open(&self) -> bool {
        !self.0.has_broken()
    }

    /// Says goodbye, as far as anybody listens.
    pub async fn leave(mut self) {
        let _ = timeout(Duration::from_secs(1), self.0.quit()).await;
    }
}

/// Whether the answer is for ever and of this mail (RFC 5321 §4.2.3: 550 to 556). Of what else
/// is refused, a password or a sequence of commands, the operator can mend the cause.
fn is_about_the_mail(error: &Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    code.is_some_and(|code| code.starts_with("55"))
}

fn words(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = inner.source();
    }
    words
}

fn password(config: &Config) -> anyhow::Result<String> {
    let settings = &config.mail;
    match (&settings.given_password, &settings.smtp_password_file) {
        (Some(given), _) => Ok(given.reveal().to_owned()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("cannot read {}", path.display()))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => anyhow::bail!("smtp_user has no password"),
    }
}

fn tls(host: &str, config: &Config) -> anyhow::Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = &config.mail.smtp_ca_file {
        let text = std::fs::read(path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        let authorities = Certificate::from_pem(&text);
        let authorities = authorities.with_context(|| {
            format!("{} holds something else than certificates", path.display())
        })?;
        parameters = parameters.add_root_certificate(authorities);
    }
    parameters
        .build_rustls()
        .context("cannot set up TLS for the mail server")
}
