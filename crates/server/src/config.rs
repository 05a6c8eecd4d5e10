//! Every setting, once. A field's name is its key in the file; `GRANTOR_` and
//! the name in capitals is its environment variable; the name with dashes is
//! its flag (`load` makes all three of the one). Its comment is its help.
//!
//! A setting must survive the question "who would change it?", which
//! `docs/configuration.md` answers for each.

mod branding;
mod destination;
mod factors;
mod load;
mod mail;
mod passwords;
mod platform;
mod problem;
mod scope;
mod upstream;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use grantor_protocol::{email::Email, time::Millis};
use ipnet::IpNet;

pub use branding::{Branding, Contact, Link};
pub use destination::Destination;
pub use factors::Factors;
pub use load::{Flags, environment};
pub use mail::{GivenSmtpPassword, Mail, MailServer, SmtpTls};
pub use passwords::Passwords;
pub use platform::{PlatformUrl, SignedWith};
pub use problem::{ConfigError, Problem};
pub use scope::Scope;
pub use upstream::{OwnSecret, Upstream, dead_ends};
pub use values::{
    Brand, Database, DaysOrOff, DynamicRegistration, GivenMasterKey, LogFormat, LogLevel,
    MasterKey, MetricsListen, PublicUrl, SecurityContact, SignUp, SyslogAddress, TokenPrefix,
    WebhookUrl,
};

use crate::language::Languages;
use values::{address, duration, email, network, number};

#[derive(Args, Clone)]
pub struct Config {
    #[command(flatten)]
    pub service: Service,
    #[command(flatten)]
    pub branding: Branding,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub storage: Storage,
    #[command(flatten)]
    pub tokens: Tokens,
    #[command(flatten)]
    pub sign_in: SignIn,
    #[command(flatten)]
    pub passwords: Passwords,
    #[command(flatten)]
    pub mail: Mail,
    #[command(flatten)]
    pub hand_over: HandOver,
    #[command(flatten)]
    pub registration: Registration,
    #[command(flatten)]
    pub legacy: Legacy,
    #[command(flatten)]
    pub outbound: Outbound,
    #[command(flatten)]
    pub audit: Audit,
    #[command(flatten)]
    pub logs: Logs,
    /// The platform's own scopes: `[[scopes]]` in the file.
    #[arg(skip)]
    pub scopes: Vec<Scope>,
    /// Where users may sign in elsewhere: `[[upstream]]` in the file.
    #[arg(skip)]
    pub upstream: Vec<Upstream>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Service")]
pub struct Service {
    /// Where browsers and apps reach this server: an origin, optionally with the path
    /// /api/1.0, which then is part of the issuer. https, except on loopback
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: PublicUrl,
    /// Name of the platform, shown on every page
    #[arg(long, value_name = "NAME", default_value = "Grantor")]
    pub brand: Brand,
    /// Languages of pages and mails, the first for whoever asks for none of them
    #[arg(long, value_name = "TAGS", default_value = "en,de,fr,es,ar")]
    pub languages: Languages,
    /// How tokens begin, so that secret scanners know them: 2 to 12 letters a-z
    #[arg(long, value_name = "LETTERS", default_value = "gr")]
    pub token_prefix: TokenPrefix,
    /// Whether visitors may make an account: at once, by a link that is mailed to their address
    /// (then nobody learns which addresses have accounts), or not at all
    #[arg(long, value_name = "WHO", default_value = "open")]
    pub sign_up: SignUp,
    /// Where to report a weakness, as mailto: or https:; told at /.well-known/security.txt
    #[arg(long, value_name = "URL")]
    pub security_contact: Option<SecurityContact>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Network")]
pub struct Network {
    /// Addresses to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    #[arg(value_delimiter = ',', value_parser = address)]
    pub listen: Vec<SocketAddr>,
    /// PEM file with the certificate chain, this server's own certificate first
    #[arg(long, value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file with the private key of the certificate
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Make a certificate for development and keep it in the data folder
    #[arg(long, value_name = "BOOL", default_value = "false")]
    pub tls_self_signed: bool,
    /// Networks of the proxies whose X-Forwarded-For or Forwarded header is believed
    #[arg(long, value_name = "NETWORK", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Expect a PROXY protocol header (version 1 or 2) at the start of every connection; only
    /// the load balancer may then be able to reach this server
    #[arg(long, value_name = "BOOL", default_value = "false")]
    pub proxy_protocol: bool,
    /// Connections open at once; more wait
    #[arg(long, value_name = "NUMBER", default_value = "10000")]
    #[arg(value_parser = number::<u32>(1..=1_000_000))]
    pub max_connections: u32,
    /// How long a server that is told to stop goes on first, while /readyz says so to its
    /// load balancer; told again, it stops at once
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    #[arg(value_parser = number::<u32>(0..=300))]
    pub drain_seconds: u32,
    /// Address of the metrics, or "off"
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9464")]
    pub metrics_listen: MetricsListen,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Storage")]
pub struct Storage {
    /// Folder for everything that this server keeps
    #[arg(long, value_name = "FOLDER", default_value = "grantor-data")]
    pub data: PathBuf,
    /// Database as sqlite:FILE, or postgresql://user:password@host[,host]/database that any
    /// number of servers share (better as GRANTOR_DATABASE: users of this machine can see
    /// flags); without it grantor.db in the data folder
    #[arg(long, value_name = "URL")]
    pub database: Option<Database>,
    /// PEM file with the authorities that may sign PostgreSQL's certificate; without it
    /// those that this machine trusts
    #[arg(long, value_name = "FILE")]
    pub database_ca_file: Option<PathBuf>,
    /// Connections to PostgreSQL at once
    #[arg(long, value_name = "NUMBER", default_value = "16")]
    #[arg(value_parser = number::<u32>(2..=1000))]
    pub database_connections: u32,
    /// Users, apps, grants and tokens of each kind that a server keeps in memory, about 1 KiB
    /// each: the busiest, which it then need not read
    #[arg(long, value_name = "NUMBER", default_value = "20000")]
    #[arg(value_parser = number::<usize>(1000..=10_000_000))]
    pub remembered_records: usize,
    /// File with the master key (32 bytes in base64); without it master.key in the data
    /// folder, made at the first start, but not beside PostgreSQL, whose servers must all have
    /// the same. The environment variable GRANTOR_MASTER_KEY can give the key itself
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Days after which the security history forgets an event
    #[arg(id = "audit_retention_days", long = "audit-retention-days")]
    #[arg(value_name = "DAYS", default_value = "400")]
    #[arg(value_parser = duration(Millis::days, 30..=3650))]
    pub audit_retention: Millis,
    /// The key itself comes only from the environment: flags are seen by all
    /// users of a machine, and files of settings are handed around.
    #[arg(skip)]
    pub given_master_key: Option<GivenMasterKey>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Tokens")]
pub struct Tokens {
    /// Seconds that an access token lives
    #[arg(long, value_name = "SECONDS", default_value = "3600")]
    #[arg(value_parser = duration(Millis::seconds, 60..=86_400))]
    pub access_token_lifetime: Millis,
    /// Seconds in which an app must exchange its code
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    #[arg(value_parser = duration(Millis::seconds, 10..=60))]
    pub code_lifetime: Millis,
    /// Days after which an unused refresh token ends
    #[arg(id = "refresh_token_idle_days", long = "refresh-token-idle-days")]
    #[arg(value_name = "DAYS", default_value = "180")]
    #[arg(value_parser = duration(Millis::days, 1..=3650))]
    pub refresh_token_idle: Millis,
    /// Days after which one authorization can be refreshed no more, however much it is
    /// used; or "off": as long as the user allows the app
    #[arg(
        id = "refresh_token_absolute_days",
        long = "refresh-token-absolute-days"
    )]
    #[arg(value_name = "DAYS", default_value = "off")]
    pub refresh_token_absolute: DaysOrOff,
    /// Personal access tokens that one user may have
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    #[arg(value_parser = number::<u32>(1..=1000))]
    pub pat_limit: u32,
    /// Days that a personal access token lives when its maker does not choose
    #[arg(id = "pat_default_days", long = "pat-default-days")]
    #[arg(value_name = "DAYS", default_value = "90")]
    #[arg(value_parser = duration(Millis::days, 1..=3650))]
    pub pat_default_lifetime: Millis,
    /// Days that a personal access token may live at most
    #[arg(id = "pat_max_days", long = "pat-max-days")]
    #[arg(value_name = "DAYS", default_value = "366")]
    #[arg(value_parser = duration(Millis::days, 1..=3650))]
    pub pat_max_lifetime: Millis,
    /// Offer personal access tokens that never expire
    #[arg(long, value_name = "BOOL", default_value = "false")]
    pub pat_never_expires: bool,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Signing in")]
pub struct SignIn {
    /// What a sign-in takes: a password alone (password), a second factor of those who set
    /// one up (optional) or of everybody (required), or a passkey (passkey)
    #[arg(long, value_name = "WHAT", default_value = "optional")]
    pub factors: Factors,
    /// Hours without use after which a browser must sign in again
    #[arg(id = "session_idle_hours", long = "session-idle-hours")]
    #[arg(value_name = "HOURS", default_value = "8")]
    #[arg(value_parser = duration(Millis::hours, 1..=720))]
    pub session_idle: Millis,
    /// Days after which a browser must sign in again in any case
    #[arg(id = "session_absolute_days", long = "session-absolute-days")]
    #[arg(value_name = "DAYS", default_value = "14")]
    #[arg(value_parser = duration(Millis::days, 1..=90))]
    pub session_absolute: Millis,
    /// Slow down guessing of passwords and secrets; switched off only to measure
    #[arg(long, value_name = "BOOL", default_value = "true")]
    pub throttling: bool,
    /// Threads that check passwords, each 19 MiB while at work; without it one for two cores
    #[arg(long, value_name = "NUMBER", value_parser = number::<usize>(1..=256))]
    pub password_threads: Option<usize>,
    /// Database of cities or countries by address (MMDB), to say in words where somebody is
    /// signed in; it is held in memory
    #[arg(long, value_name = "FILE")]
    pub places_file: Option<PathBuf>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Login at the platform")]
pub struct HandOver {
    /// The platform's own login page, which says who its users are; their accounts then need
    /// nothing of this server's own (docs/hand-over.md)
    #[arg(id = "hand_over_url", long = "hand-over-url", value_name = "URL")]
    pub url: Option<PlatformUrl>,
    /// File with the secret that both sides sign with (HS256): one line, at least 32 bytes
    #[arg(id = "hand_over_secret_file", long = "hand-over-secret-file")]
    #[arg(value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// File with the platform's public key or keys, as JWK or JWK Set
    #[arg(id = "hand_over_keys_file", long = "hand-over-keys-file")]
    #[arg(value_name = "FILE")]
    pub keys_file: Option<PathBuf>,
    /// Where the platform publishes its keys
    #[arg(id = "hand_over_jwks_uri", long = "hand-over-jwks-uri")]
    #[arg(value_name = "URL")]
    pub jwks_uri: Option<PlatformUrl>,
    /// What its keys sign with
    #[arg(id = "hand_over_algorithm", long = "hand-over-algorithm")]
    #[arg(value_name = "NAME", default_value = "ES256")]
    pub algorithm: SignedWith,
    /// The platform's logout page, to which whoever signed out here goes on
    #[arg(id = "hand_over_logout_url", long = "hand-over-logout-url")]
    #[arg(value_name = "URL")]
    pub logout: Option<PlatformUrl>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Apps that register themselves")]
pub struct Registration {
    /// Who may register an app by itself (RFC 7591): nobody, who has an initial access token
    /// (grantor registration add), or anybody
    #[arg(long, value_name = "WHO", default_value = "off")]
    pub dynamic_registration: DynamicRegistration,
    /// Address of the account that answers for apps which anybody registers
    #[arg(long, value_name = "EMAIL", value_parser = email)]
    pub dynamic_registration_owner: Option<Email>,
    /// Apps that one account may answer for in this way, its others counted
    #[arg(long, value_name = "NUMBER", default_value = "1000")]
    #[arg(value_parser = number::<u32>(1..=1_000_000))]
    pub dynamic_registration_limit: u32,
    /// Days after which a registration ends that no user has approved until then
    #[arg(
        id = "dynamic_registration_unused_days",
        long = "dynamic-registration-unused-days"
    )]
    #[arg(value_name = "DAYS", default_value = "30")]
    #[arg(value_parser = duration(Millis::days, 1..=3650))]
    pub dynamic_registration_unused: Millis,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Compatibility with older apps")]
pub struct Legacy {
    /// Let apps tick response_type=token and "token id_token" (implicit flow)
    #[arg(long, value_name = "BOOL", default_value = "true")]
    pub implicit_flow: bool,
    /// Let apps register urn:ietf:wg:oauth:2.0:oob (the user copies the code)
    #[arg(long, value_name = "BOOL", default_value = "true")]
    pub out_of_band: bool,
    /// Take tokens also as ?access_token= and as the user of HTTP Basic
    #[arg(long, value_name = "BOOL", default_value = "false")]
    pub legacy_bearer: bool,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Requests to apps")]
pub struct Outbound {
    /// Fetch what apps have registered by address (jwks_uri, request_uri,
    /// sector_identifier_uri) and tell apps of logouts (back-channel); nothing else needs it
    #[arg(
        id = "outbound",
        long = "outbound",
        value_name = "BOOL",
        default_value = "false"
    )]
    pub on: bool,
    /// Hosts (with or without a port) and networks that may be asked although they are not
    /// public, and by http too where the URL names one of them
    #[arg(id = "outbound_allow", long = "outbound-allow")]
    #[arg(value_name = "DESTINATION", value_delimiter = ',')]
    pub allow: Vec<Destination>,
    /// PEM file with certificates of authorities to trust beside the system's
    #[arg(
        id = "outbound_ca_file",
        long = "outbound-ca-file",
        value_name = "FILE"
    )]
    pub ca_file: Option<PathBuf>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Audit log")]
pub struct Audit {
    /// Append each event of the audit log to this file, as a line of JSON
    #[arg(id = "audit_file", long = "audit-file", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Send each event to a syslog: udp://HOST:PORT, tcp://HOST:PORT or unix:FILE
    #[arg(id = "audit_syslog", long = "audit-syslog", value_name = "ADDRESS")]
    pub syslog: Option<SyslogAddress>,
    /// Post events to this URL; needs outbound and audit_webhook_secret_file
    #[arg(id = "audit_webhook", long = "audit-webhook", value_name = "URL")]
    pub webhook: Option<WebhookUrl>,
    /// File with the secret that signs posts to audit_webhook, 32 bytes or more
    #[arg(
        id = "audit_webhook_secret_file",
        long = "audit-webhook-secret-file",
        value_name = "FILE"
    )]
    pub webhook_secret_file: Option<PathBuf>,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Logs")]
pub struct Logs {
    /// Log lines for machines or for people
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub log_format: LogFormat,
    /// The least severe lines to log
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub log_level: LogLevel,
    /// Log a line for every request
    #[arg(long, value_name = "BOOL", default_value = "true")]
    pub request_log: bool,
}

impl Network {
    /// Whether the operator said that browsers reach a proxy or a load balancer.
    pub fn is_behind_proxy(&self) -> bool {
        !self.trusted_proxies.is_empty() || self.proxy_protocol
    }

    pub fn has_tls(&self) -> bool {
        self.tls_certificate.is_some() || self.tls_self_signed
    }
}

impl Storage {
    pub fn database(&self) -> Database {
        let default = || Database::Sqlite(self.data.join("grantor.db"));
        self.database.clone().unwrap_or_else(default)
    }

    pub fn master_key(&self) -> MasterKey<'_> {
        match (&self.given_master_key, &self.master_key_file) {
            (Some(key), _) => MasterKey::Given(key),
            (None, Some(file)) => MasterKey::File(file.clone()),
            (None, None) => MasterKey::File(self.data.join("master.key")),
        }
    }
}

impl Config {
    /// Whether logging users in takes requests to servers that the operator named.
    pub fn asks_elsewhere(&self) -> bool {
        !self.upstream.is_empty() || self.hand_over.jwks_uri.is_some()
    }

    /// What no setting can know alone.
    fn contradictions(&self) -> Vec<Problem> {
        let network = &self.network;
        let platform = &self.hand_over;
        let keys = [
            platform.secret_file.is_some(),
            platform.keys_file.is_some(),
            platform.jwks_uri.is_some(),
        ];
        let keys = keys.into_iter().filter(|given| *given).count();
        let tls = network.tls_certificate.is_some();
        let rules = [
            (
                tls != network.tls_key.is_some(),
                "tls_certificate and tls_key belong together: give both or neither",
            ),
            (
                tls && network.tls_self_signed,
                "tls_self_signed and tls_certificate exclude each other: keep one",
            ),
            (
                self.tokens.pat_default_lifetime > self.tokens.pat_max_lifetime,
                "pat_default_days must not be greater than pat_max_days",
            ),
            (
                self.sign_in.session_idle > self.sign_in.session_absolute,
                "session_idle_hours must not be longer than session_absolute_days",
            ),
            (
                self.registration.dynamic_registration == DynamicRegistration::Open
                    && self.registration.dynamic_registration_owner.is_none(),
                "dynamic_registration = open needs dynamic_registration_owner: the account that answers for the apps",
            ),
            (
                platform.url.is_some() && keys != 1,
                "hand_over_url needs one of hand_over_secret_file, hand_over_keys_file and hand_over_jwks_uri",
            ),
            (
                platform.url.is_none() && (keys > 0 || platform.logout.is_some()),
                "the settings hand_over_* need hand_over_url: the platform's login page",
            ),
            (
                platform.url.is_some() && !self.upstream.is_empty(),
                "hand_over_url and [[upstream]] exclude each other: let the platform's own login offer the providers",
            ),
            (
                self.storage.given_master_key.is_some() && self.storage.master_key_file.is_some(),
                "GRANTOR_MASTER_KEY and master_key_file both give the master key: keep one",
            ),
        ];
        let by_mail = (
            self.service.sign_up == SignUp::Mail && !self.mail.is_on(),
            "sign_up = mail needs a mail server: smtp_server",
        );
        // With codes of an app, `required` can be met anywhere.
        let by_passkey = (
            self.sign_in.factors == Factors::Passkey && self.service.public_url.is_of_numbers(),
            "factors = passkey needs a public_url with a host name: browsers make no passkey for an IP address, so nobody could sign in",
        );
        let rules = rules.into_iter().chain([by_mail, by_passkey]);
        let rules = rules.chain(self.mail.rules());
        let audit = &self.audit;
        let webhook = [
            (
                audit.webhook.is_some() != audit.webhook_secret_file.is_some(),
                "audit_webhook and audit_webhook_secret_file belong together: give both or neither",
            ),
            (
                audit.webhook.is_some() && !self.outbound.on,
                "audit_webhook needs outbound = true: this server sends no request to anybody without it",
            ),
        ];
        let rules = rules.into_iter().chain(webhook);
        let broken = rules.filter(|(broken, _)| *broken);
        let problems = broken.map(|(_, rule)| Problem::general(rule));
        let languages = &self.service.languages;
        let scopes = self.scopes.iter().filter_map(|it| it.wrong(languages));
        problems
            .chain(scopes.map(|wrong| Problem::general(&wrong)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
