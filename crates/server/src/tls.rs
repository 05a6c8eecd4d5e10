//! TLS for our own listener: certificates from files, or one that we make
//! ourselves for development.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use arc_swap::ArcSwap;
use grantor_protocol::secret::Digest;
use grantor_protocol::time::{Millis, Timestamp};
use rcgen::{DnType, ExtendedKeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::{self, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// Browsers refuse certificates that last much longer than a year.
const SELF_SIGNED_LIFETIME: Millis = Millis::days(365);
/// A kept one is replaced this long before its end, never during it.
const SELF_SIGNED_MARGIN: Millis = Millis::days(7);
const SELF_SIGNED_FILE: &str = "development-tls.pem";

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0} is not PEM: {1}")]
    NotPem(PathBuf, String),
    #[error("{0} holds no certificate (a block that begins with -----BEGIN CERTIFICATE-----)")]
    NoCertificate(PathBuf),
    #[error(
        "{0} holds no private key that can be read (a block that begins with \
         -----BEGIN PRIVATE KEY-----, not encrypted by a passphrase)"
    )]
    NoKey(PathBuf),
    #[error("the key in {key} does not belong to the first certificate in {certificate}")]
    Mismatch { certificate: PathBuf, key: PathBuf },
    #[error("{certificate} and {key} cannot be used for TLS: {reason}")]
    Unusable {
        certificate: PathBuf,
        key: PathBuf,
        reason: rustls::Error,
    },
}

/// What new connections use; it may be replaced while the server runs.
pub type Current = Arc<ArcSwap<ServerConfig>>;

/// A certificate in files that somebody else renews.
pub struct Renewed {
    files: Files,
    /// Of the files as they were last read, for good or bad.
    seen: Digest,
    pub current: Current,
}

impl Renewed {
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let files = Files {
            certificate: certificate.into(),
            key: key.into(),
        };
        let contents = files.read()?;
        Ok(Self {
            seen: contents.digest(),
            current: Arc::new(ArcSwap::new(files.parse(&contents)?)),
            files,
        })
    }

    /// Looks whether the files changed; whether new connections use another certificate
    /// now. What cannot be used is an error once, and the old one stays.
    pub fn look_again(&mut self) -> Result<bool, TlsError> {
        let read = self.files.read();
        let seen = match &read {
            Ok(contents) => contents.digest(),
            Err(error) => Digest::of(error.to_string().as_bytes()),
        };
        if std::mem::replace(&mut self.seen, seen).proves(&seen) {
            return Ok(false);
        }
        self.current.store(self.files.parse(&read?)?);
        Ok(true)
    }
}

/// The certificate chain (the server's own first) and its key, as PEM files.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

struct Contents {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Contents {
    fn digest(&self) -> Digest {
        let parts = [&self.chain[..], &self.key[..]].map(|part| *Digest::of(part).as_bytes());
        Digest::of(&parts.concat())
    }
}

impl Files {
    fn read(&self) -> Result<Contents, TlsError> {
        let read =
            |path: &Path| fs::read(path).map_err(|error| TlsError::Unreadable(path.into(), error));
        Ok(Contents {
            chain: read(&self.certificate)?,
            key: read(&self.key)?.into(),
        })
    }

    fn parse(&self, contents: &Contents) -> Result<Arc<ServerConfig>, TlsError> {
        let Self { certificate, key } = self;
        let chain = parse_chain(certificate, &contents.chain)?;
        let private = parse_key(key, &contents.key)?;
        server_config(chain, private).map_err(|reason| explain(certificate, key, reason))
    }
}

fn explain(certificate: &Path, key: &Path, reason: rustls::Error) -> TlsError {
    match reason {
        rustls::Error::InconsistentKeys(_) => TlsError::Mismatch {
            certificate: certificate.into(),
            key: key.into(),
        },
        reason => TlsError::Unusable {
            certificate: certificate.into(),
            key: key.into(),
            reason,
        },
    }
}

/// A certificate for development that browsers warn about: made at the first
/// start and kept in `folder`, so that an exception made for it keeps counting.
pub fn self_signed(folder: &Path, hosts: &[String], now: Timestamp) -> anyhow::Result<Current> {
    let file = folder.join(SELF_SIGNED_FILE);
    if !is_kept(&file, hosts, now)? {
        let text = make_self_signed(hosts, now).context("cannot make a TLS certificate")?;
        replace_private(&file, &text)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(Renewed::open(&file, &file)?.current)
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn parse_chain(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate(path.into())),
        Ok(chain) => Ok(chain),
        Err(error) => Err(not_pem(path, error)),
    }
}

fn parse_key(path: &Path, pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey(path.into()),
        error => not_pem(path, error),
    })
}

fn not_pem(path: &Path, error: pem::Error) -> TlsError {
    match error {
        pem::Error::MissingSectionEnd { .. } => TlsError::NotPem(
            path.into(),
            "a block has no end; was the file cut short?".into(),
        ),
        pem::Error::IllegalSectionStart { .. } => {
            TlsError::NotPem(path.into(), "a block begins with a malformed line".into())
        }
        error => TlsError::NotPem(path.into(), error.to_string()),
    }
}

/// The kept file says in its first line what it is good for. PEM readers pass
/// over text outside the blocks.
fn headline(hosts: &[String], until: Timestamp) -> String {
    format!(
        "Self-signed for {} until {}",
        hosts.join(" "),
        until.seconds()
    )
}

fn is_kept(file: &Path, hosts: &[String], now: Timestamp) -> anyhow::Result<bool> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(TlsError::Unreadable(file.into(), error).into()),
    };
    let first = text.lines().next().unwrap_or_default();
    let until = first
        .rsplit(' ')
        .next()
        .and_then(|seconds| seconds.parse().ok());
    let Some(until) = until.map(|seconds| Timestamp(0) + Millis::seconds(seconds)) else {
        return Ok(false);
    };
    Ok(first == headline(hosts, until) && now + SELF_SIGNED_MARGIN < until)
}

fn make_self_signed(hosts: &[String], now: Timestamp) -> anyhow::Result<Zeroizing<String>> {
    let until = now + SELF_SIGNED_LIFETIME;
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let seconds = |instant: Timestamp| Duration::from_secs(instant.seconds().unsigned_abs());
    let mut params = rcgen::CertificateParams::new(hosts)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Grantor development certificate");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A browser's clock may be a little behind ours.
    params.not_before = epoch + seconds(now - Millis::days(1));
    params.not_after = epoch + seconds(until);
    let key = rcgen::KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    let key = Zeroizing::new(key.serialize_pem());
    Ok(format!("{}\n{certificate}{}", headline(hosts, until), *key).into())
}

/// Written beside and moved into place: a start that is cut short leaves no
/// half file. Only the server's own user may read the key.
fn replace_private(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut written = options.open(&beside)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&beside, file)
}

#[cfg(test)]
mod tests;
