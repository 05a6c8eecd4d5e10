//! Where the database is, and how to get in.

use super::server;
use crate::error::{Error, Result};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use std::{path::Path, str::FromStr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinSet,
    time::timeout,
};
use tokio_postgres::{
    Client, Config, Connection, NoTls, Socket,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// For a server to say who it is; a node far away asks it half a dozen times.
const CONNECT: Duration = Duration::from_secs(2);
/// Limits of every session, so that nobody waits for what somebody forgot; a lock's is longer
/// than the server takes to find that two wait for each other (1 s). Every statement of ours
/// finds its rows by a key, whatever the values: a plan holds for all of them.
const SESSION: &str = "SET statement_timeout = '1250ms'; SET lock_timeout = '1100ms';
    SET idle_in_transaction_session_timeout = '5s'; SET default_transaction_isolation = 'read committed';
    SET plan_cache_mode = 'force_generic_plan'";

/// The server lets go of a node that it cannot hear, which may have half of a transaction open
/// or come back with new connections; by itself it does so after two hours.
const UNHEARD: &str = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 2; SET tcp_user_timeout = 15000";

/// A way into a database, read but not tried.
#[derive(Clone)]
pub struct Access {
    config: Config,
    /// The same for each host alone.
    hosts: Vec<Config>,
    tls: Option<MakeRustlsConnect>,
    connections: usize,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

impl Access {
    /// Reads `postgresql://user:password@host[:port][,host…]/database[?…]`. Hosts that are
    /// not this machine are spoken to by TLS, unless the URL says `sslmode=disable`; their
    /// certificates must be signed by an authority that this machine knows, or by one in
    /// the file `authorities`. `connections`: at most, of this node.
    ///
    /// # Errors
    /// [`Error::Start`], with a sentence for the operator and without the password.
    pub fn parse(url: &str, authorities: Option<&Path>, connections: usize) -> Result<Self> {
        let wrong = |why: String| Error::Start(format!("the database URL is not usable: {why}"));
        if connections < 2 {
            return Err(wrong("a node needs two connections at least".into()));
        }
        // The parser's own words could repeat a password.
        let mut config = Config::from_str(url).map_err(|_| {
            wrong("write postgresql://user:password@host:5432/database, with what is special in a password percent-encoded".into())
        })?;
        if config.get_hosts().is_empty() {
            return Err(wrong("it names no host".into()));
        }
        if !config.get_hostaddrs().is_empty() {
            return Err(wrong("name hosts, not hostaddr".into()));
        }
        if config
            .get_hosts()
            .iter()
            .any(|host| name(host).contains('@'))
        {
            return Err(wrong("an @ in a password is written %40".into()));
        }
        if config.get_application_name().is_none() {
            config.application_name("grantor");
        }
        if config.get_target_session_attrs() == TargetSessionAttrs::Any {
            // A standby does not know what has ended.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config.connect_timeout(CONNECT);
        config.keepalives_idle(Duration::from_secs(10));
        config.tcp_user_timeout(CONNECT);
        let here = config.get_hosts().iter().all(is_here);
        let mode = match config.get_ssl_mode() {
            SslMode::Prefer if here => SslMode::Prefer,
            SslMode::Disable => SslMode::Disable,
            _ => SslMode::Require,
        };
        config.ssl_mode(mode);
        let tls = match mode {
            SslMode::Disable => None,
            _ if here && authorities.is_none() && mode != SslMode::Require => None,
            _ => Some(MakeRustlsConnect::new(trust(authorities).map_err(wrong)?)),
        };
        Ok(Self {
            hosts: (0..config.get_hosts().len())
                .map(|number| of_host(&config, number))
                .collect(),
            config,
            tls,
            connections,
        })
    }

    /// Connections for point reads, for groups of writes, and for everything else.
    pub(super) fn shares(&self) -> [usize; 3] {
        let lanes = (self.connections / 4).max(1);
        let writers = (self.connections / 4).min(2);
        [lanes, writers, self.connections - lanes - writers]
    }

    /// Host and database, for messages.
    pub fn place(&self) -> String {
        let hosts: Vec<_> = self.config.get_hosts().iter().map(name).collect();
        let database = self.config.get_dbname().unwrap_or("the user's own");
        format!("{database} at {}", hosts.join(", "))
    }

    /// To whichever host takes writes and says so first: all are asked at once, for one that
    /// is not there would cost the time that the others need.
    pub(super) async fn connect(&self) -> Result<Client> {
        let mut asked = JoinSet::new();
        for host in self.hosts.clone() {
            let access = self.clone();
            asked.spawn(async move { timeout(CONNECT, access.connect_to(&host)).await });
        }
        let mut reasons = Vec::new();
        while let Some(answer) = asked.join_next().await {
            reasons.push(match answer {
                Ok(Ok(Ok(client))) => return Ok(client),
                Ok(Ok(Err(why))) => why,
                Ok(Err(_)) => "no answer".into(),
                Err(stopped) => stopped.to_string(),
            });
        }
        let (place, why) = (self.place(), reasons.join("; "));
        Err(Error::Unavailable(format!(
            "cannot connect to {place}: {why}"
        )))
    }

    async fn connect_to(&self, host: &Config) -> std::result::Result<Client, String> {
        let client = match &self.tls {
            Some(tls) => begin(host.connect(tls.clone()).await.map_err(reason)?)?,
            None => begin(host.connect(NoTls).await.map_err(reason)?)?,
        };
        let set = client.batch_execute(&[SESSION, UNHEARD].join(";")).await;
        set.map_err(reason)?;
        Ok(client)
    }
}

/// The conversation goes on by itself, where the other end is one that we can work with.
fn begin<T>(
    (client, connection): (Client, Connection<Socket, T>),
) -> std::result::Result<Client, String>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    server::assert_usable(|name| connection.parameter(name))?;
    tokio::spawn(connection);
    Ok(client)
}

fn reason(error: tokio_postgres::Error) -> String {
    match std::error::Error::source(&error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// What a URL says, for one of its hosts.
fn of_host(all: &Config, number: usize) -> Config {
    let mut one = Config::new();
    match &all.get_hosts()[number] {
        Host::Tcp(name) => one.host(name),
        #[cfg(unix)]
        Host::Unix(path) => one.host_path(path),
    };
    let ports = all.get_ports();
    if let Some(port) = ports.get(number).or(ports.first()) {
        one.port(*port);
    }
    if let Some(user) = all.get_user() {
        one.user(user);
    }
    if let Some(database) = all.get_dbname() {
        one.dbname(database);
    }
    if let Some(options) = all.get_options() {
        one.options(options);
    }
    if let Some(name) = all.get_application_name() {
        one.application_name(name);
    }
    if let Some(password) = all.get_password() {
        one.password(password);
    }
    one.ssl_mode(all.get_ssl_mode())
        .target_session_attrs(all.get_target_session_attrs())
        .channel_binding(all.get_channel_binding())
        .connect_timeout(CONNECT)
        .tcp_user_timeout(CONNECT)
        .keepalives_idle(Duration::from_secs(10));
    one
}

fn trust(authorities: Option<&Path>) -> std::result::Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let Some(path) = authorities else {
        let builder = builder.with_platform_verifier();
        return Ok(builder
            .map_err(|error| error.to_string())?
            .with_no_client_auth());
    };
    let unusable = |why: String| format!("{} {why}", path.display());
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(|found| found.collect::<std::result::Result<Vec<_>, _>>())
        .map_err(|error| unusable(format!("cannot be read as PEM: {error}")))?;
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(unusable("has no certificate in it".into()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Access> {
        Access::parse(url, None, 8)
    }

    #[test]
    fn another_machine_is_spoken_to_by_tls() {
        for (url, mode, tls) in [
            ("postgresql://u@db.example/grantor", SslMode::Require, true),
            (
                "postgresql://u@localhost,db.example/grantor",
                SslMode::Require,
                true,
            ),
            (
                "postgresql://u@db.example/grantor?sslmode=disable",
                SslMode::Disable,
                false,
            ),
            (
                "postgresql://u@db.example/grantor?sslmode=prefer",
                SslMode::Require,
                true,
            ),
            (
                "postgresql://u:sslmode=disable@db.example/grantor",
                SslMode::Require,
                true,
            ),
            ("postgresql://u@127.0.0.1/grantor", SslMode::Prefer, false),
            (
                "postgresql://u@127.0.0.1/grantor?sslmode=require",
                SslMode::Require,
                true,
            ),
            (
                "postgresql:///grantor?host=/run/postgresql",
                SslMode::Prefer,
                false,
            ),
        ] {
            let access = parse(url).unwrap();
            assert_eq!(
                (access.config.get_ssl_mode(), access.tls.is_some()),
                (mode, tls),
                "{url}"
            );
        }
    }

    #[test]
    fn no_message_has_the_password() {
        for wrong in [
            "postgresql://u:hunter2@h:x/db",
            "postgresql://u:hunter2@/db",
            "postgresql://u:pa@hunter2@db/x",
            "postgresql://u:hunter2@localhost/x?hostaddr=203.0.113.5",
            "hunter2",
            "",
        ] {
            let said = parse(wrong).unwrap_err().to_string();
            assert!(
                said.starts_with("the database URL is not usable") && !said.contains("hunter2"),
                "{said}"
            );
        }
        let access = parse("postgresql://u:hunter2@h1,h2/db").unwrap();
        assert_eq!(format!("{access:?}"), "db at h1, h2");
    }
}
