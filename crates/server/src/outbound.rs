//! The one client for everything that this server fetches or posts, to addresses that
//! strangers chose. It is off until the operator switches it on.
//!
//! 1. The URL: https, a host that is no private literal, no user ([`Outbound::check`]).
//! 2. The name is resolved, every address of it must be public, and the connection goes
//!    to one of those very addresses: an answer that changes meanwhile changes nothing.
//! 3. One request: no redirect, no proxy, no cookie, no connection kept.
//! 4. 5 seconds for all of it, and no more bytes than the caller wants.
//!
//! What the operator allows by name is exempt from the addresses and may be http.

mod address;
mod ask;
pub mod kept;

use crate::config::{self, Config, Destination};
use anyhow::Context;
use grantor_protocol::time::Millis;
use quick_cache::sync::Cache;
use reqwest::{
    Body, Certificate, Client, Method, Request, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect, retry,
};
use std::{
    convert::Infallible,
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Semaphore;
use url::{Host, Url};

/// For everything from waiting for a place to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests under way at once, in all and to one host; more wait.
const AT_ONCE: usize = 64;
const AT_ONE_HOST: usize = 4;
/// Hosts whose requests are counted.
const HOSTS: usize = 4096;
/// The longest URL, in bytes.
pub const MAX_URL_BYTES: usize = 2048;
const USER_AGENT: &str = concat!("grantor/", env!("CARGO_PKG_VERSION"));

/// Why a request was not answered, in words for the developer of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("this server fetches nothing: its operator has not switched 'outbound' on")]
    Off,
    #[error("the URL must be absolute, without a user, at most {MAX_URL_BYTES} bytes long")]
    Url,
    #[error("the URL must begin with https://")]
    NotHttps,
    #[error("the host has an address that is not public")]
    NotPublic,
    #[error("the host name is not known")]
    UnknownHost,
    #[error("the host accepts no connection")]
    Unreachable,
    #[error("the host's TLS certificate is not trusted, or its TLS is too old")]
    Tls,
    #[error("the host did not answer in full within 5 seconds")]
    TooSlow,
    #[error("the host answered with a redirect, which is not followed")]
    Redirect,
    #[error("the host answered with status {0}")]
    Status(u16),
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    #[error("what proves this server would not fit into a header")]
    Header,
}

/// What a host answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub body: Vec<u8>,
    /// As the host said, for so long the answer may be kept; `None`: it did not say.
    pub fresh_for: Option<Millis>,
}

/// The client, or nothing where the operator has not switched it on.
pub struct Outbound(Option<Clients>);

struct Clients {
    allowed: Arc<[Destination]>,
    /// Connects to public addresses only.
    guarded: Client,
    /// For hosts that the operator allows by name.
    free: Client,
    places: Semaphore,
    /// By host, so that a slow one takes nobody else's.
    hosts: Cache<String, Arc<Semaphore>>,
    patience: Duration,
}

impl Outbound {
    pub fn open(settings: &config::Outbound) -> anyhow::Result<Self> {
        Self::with(settings, Arc::new(System))
    }

    /// For what the operator has chosen, not strangers: it needs no switch, and where the
    /// server is for this device alone, it may be on this device.
    pub fn to_providers(config: &Config) -> anyhow::Result<Self> {
        let mut allow = config.outbound.allow.clone();
        if config.service.public_url.is_loopback() {
            let own = ["127.0.0.0/8", "::1/128", "localhost"];
            allow.extend(own.iter().filter_map(|it| it.parse().ok()));
        }
        Self::open(&config::Outbound {
            on: config.asks_elsewhere(),
            allow,
            ca_file: config.outbound.ca_file.clone(),
        })
    }

    fn with(settings: &config::Outbound, names: Arc<dyn Resolve>) -> anyhow::Result<Self> {
        if !settings.on {
            return Ok(Self(None));
        }
        let authorities = authorities(settings)?;
        let allowed: Arc<[Destination]> = settings.allow.as_slice().into();
        let guard = Guard {
            names: names.clone(),
            allowed: allowed.clone(),
        };
        Ok(Self(Some(Clients {
            guarded: client(&authorities, Arc::new(guard))?,
            free: client(&authorities, names)?,
            allowed,
            places: Semaphore::new(AT_ONCE),
            hosts: Cache::new(HOSTS),
            patience: PATIENCE,
        })))
    }

    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// What is wrong with an address before anything is sent to it: for registrations.
    ///
    /// # Errors
    /// [`OutboundError::Off`], [`OutboundError::Url`], [`OutboundError::NotHttps`],
    /// [`OutboundError::NotPublic`].
    pub fn check(&self, uri: &str) -> Result<(), OutboundError> {
        let clients = self.0.as_ref().ok_or(OutboundError::Off)?;
        clients.for_url(uri).map(|_| ())
    }

    /// `GET`s at most `limit` bytes that come with the status 200.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn fetch(
        &self,
        uri: &str,
        accept: &'static str,
        limit: usize,
    ) -> Result<Fetched, OutboundError> {
        let build = |url| {
            let mut request = Request::new(Method::GET, url);
            let accept = HeaderValue::from_static(accept);
            request.headers_mut().insert(ACCEPT, accept);
            request
        };
        self.send(uri, build, async |response| {
            match response.status().as_u16() {
                200 => Ok(Fetched {
                    fresh_for: fresh_for(response.headers()),
                    body: read(response, limit).await?,
                }),
                other => Err(OutboundError::Status(other)),
            }
        })
        .await
    }

    /// `POST`s a form; any status of success will do, and the body is not read.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn post_form(&self, uri: &str, fields: &[(&str, &str)]) -> Result<(), OutboundError> {
        let form = grantor_protocol::form::encode(fields.iter().copied());
        let build = |url| form_to(url, form);
        self.send(uri, build, async |response| match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(OutboundError::Status(status.as_u16())),
        })
        .await
    }

    /// `POST`s JSON with one more header; any status of success will do, and the body is
    /// not read.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn post_json(
        &self,
        uri: &str,
        body: String,
        (name, value): (&'static str, String),
    ) -> Result<(), OutboundError> {
        let value = HeaderValue::try_from(value).map_err(|_| OutboundError::Url)?;
        let build = |url| {
            let mut request = Request::new(Method::POST, url);
            let json_type = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json_type);
            request.headers_mut().insert(name, value);
            *request.body_mut() = Some(Body::from(body));
            request
        };
        self.send(uri, build, async |response| match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(OutboundError::Status(status.as_u16())),
        })
        .await
    }

    async fn send<T>(
        &self,
        uri: &str,
        build: impl FnOnce(Url) -> Request,
        read: impl AsyncFnOnce(Response) -> Result<T, OutboundError>,
    ) -> Result<T, OutboundError> {
        let clients = self.0.as_ref().ok_or(OutboundError::Off)?;
        let (client, url) = clients.for_url(uri)?;
        let host = clients.places_at(&url);
        let conversation = async {
            // First there: who waits for a host takes no place of others.
            let _place_there = host.acquire().await;
            let _place = clients.places.acquire().await;
            let response = client.execute(build(url)).await;
            let response = response.map_err(|error| reason(&error))?;
            match response.status().is_redirection() {
                true => Err(OutboundError::Redirect),
                false => read(response).await,
            }
        };
        let answer = tokio::time::timeout(clients.patience, conversation).await;
        answer.unwrap_or(Err(OutboundError::TooSlow))
    }
}

impl Clients {
    fn places_at(&self, url: &Url) -> Arc<Semaphore> {
        let host = url.host_str().unwrap_or_default();
        let places = self.hosts.get_or_insert_with(host, || {
            Ok::<_, Infallible>(Arc::new(Semaphore::new(AT_ONE_HOST)))
        });
        let Ok(places) = places;
        places
    }

    fn for_url(&self, uri: &str) -> Result<(&Client, Url), OutboundError> {
        let url = Url::parse(uri).ok().filter(|_| uri.len() <= MAX_URL_BYTES);
        let url = url.ok_or(OutboundError::Url)?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(OutboundError::Url);
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Url);
        }
        let named = self.allowed.iter().any(|it| it.is_named(&host, port));
        match (url.scheme(), host) {
            ("https" | "http", _) if named => return Ok((&self.free, url)),
            ("https", Host::Domain(_)) => {}
            // No name, so nothing that the resolver would be asked for.
            ("https", Host::Ipv4(address)) if address::is_public(address.into()) => {}
            ("https", Host::Ipv6(address)) if address::is_public(address.into()) => {}
            ("https", _) => return Err(OutboundError::NotPublic),
            _ => return Err(OutboundError::NotHttps),
        }
        Ok((&self.guarded, url))
    }
}

fn form_to(url: Url, form: String) -> Request {
    let mut request = Request::new(Method::POST, url);
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(CONTENT_TYPE, form_type);
    *request.body_mut() = Some(Body::from(form));
    request
}

fn authorities(settings: &config::Outbound) -> anyhow::Result<Vec<Certificate>> {
    let Some(path) = &settings.ca_file else {
        return Ok(Vec::new());
    };
    let place = || {
        format!(
            "cannot use {}, which outbound_ca_file names",
            path.display()
        )
    };
    let pem = std::fs::read(path).with_context(place)?;
    let certificates = Certificate::from_pem_bundle(&pem).with_context(place)?;
    match certificates.is_empty() {
        true => Err(anyhow::anyhow!("it holds no certificate")).with_context(place),
        false => Ok(certificates),
    }
}

fn client(authorities: &[Certificate], names: Arc<dyn Resolve>) -> anyhow::Result<Client> {
    Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0)
        .dns_resolver(names)
        .tls_certs_merge(authorities.iter().cloned())
        .build()
        .context(
            "cannot trust anybody: install the system's certificates (ca-certificates), or name outbound_ca_file",
        )
}

/// The system's resolver, as the operator set it up.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(|_| OutboundError::UnknownHost)?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Hands on only what may be connected to: all addresses of a name, or none.
struct Guard {
    names: Arc<dyn Resolve>,
    allowed: Arc<[Destination]>,
}

impl Guard {
    fn admits(allowed: &[Destination], address: IpAddr) -> bool {
        address::is_public(address) || allowed.iter().any(|it| it.contains(address))
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolving, allowed) = (self.names.resolve(name), self.allowed.clone());
        Box::pin(async move {
            let found: Vec<SocketAddr> = resolving.await?.collect();
            if found.is_empty() {
                return Err(OutboundError::UnknownHost.into());
            }
            if !found.iter().all(|it| Self::admits(&allowed, it.ip())) {
                return Err(OutboundError::NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, OutboundError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(OutboundError::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The `max-age` of an answer (RFC 9111 §5.2.2.1); nothing, where it may not be kept.
fn fresh_for(headers: &HeaderMap) -> Option<Millis> {
    let lines = headers.get_all(CACHE_CONTROL).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let directives = lines.flat_map(|line| line.split(',').map(str::trim));
    directives.fold(None, |kept, directive| {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => Some(Millis(0)),
            "max-age" => {
                let seconds: Option<u32> = value.trim_matches('"').parse().ok();
                let asked = seconds.map(|seconds| Millis::seconds(seconds.into()));
                [kept, asked].into_iter().flatten().min()
            }
            _ => kept,
        }
    })
}

/// What of a failure concerns the app's developer: the innermost reason that says it.
fn reason(error: &reqwest::Error) -> OutboundError {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(ours) = error.downcast_ref::<OutboundError>() {
            return *ours;
        }
        if error.is::<rustls::Error>() {
            return OutboundError::Tls;
        }
        // What an I/O error wraps is not its source, but has one.
        let wrapped = error.downcast_ref::<std::io::Error>();
        next = match wrapped.and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    OutboundError::Unreachable
}

#[cfg(test)]
mod tests;
