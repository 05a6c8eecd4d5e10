//! TLS for our own listener: certificates from files, or one that we make
//! ourselves for development.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
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

/// The certificate chain (the server's own first) and its key, as PEM files.
pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = read_chain(certificate)?;
    let private = read_key(key)?;
    server_config(chain, private).map_err(|reason| match reason {
        rustls::Error::InconsistentKeys(_) => TlsError::Mismatch {
            certificate: certificate.into(),
            key: key.into(),
        },
        reason => TlsError::Unusable {
            certificate: certificate.into(),
            key: key.into(),
            reason,
        },
    })
}

/// A certificate for development that browsers warn about: made at the first
/// start and kept in `folder`, so that an exception made for it keeps counting.
pub fn self_signed(
    folder: &Path,
    hosts: &[String],
    now: Timestamp,
) -> anyhow::Result<Arc<ServerConfig>> {
    let file = folder.join(SELF_SIGNED_FILE);
    if !is_kept(&file, hosts, now)? {
        let text = make_self_signed(hosts, now).context("cannot make a TLS certificate")?;
        replace_private(&file, &text)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(from_files(&file, &file)?)
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

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(|certificates| certificates.collect());
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate(path.into())),
        Ok(chain) => Ok(chain),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey(path.into()),
        error => unreadable(path, error),
    })
}

fn unreadable(path: &Path, error: pem::Error) -> TlsError {
    match error {
        pem::Error::Io(error) => TlsError::Unreadable(path.into(), error),
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
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    struct Files(tempfile::TempDir);

    impl Files {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }
        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.path().join(name);
            fs::write(&path, text).unwrap();
            path
        }
        fn error(&self, certificate: &str, key: &str) -> String {
            let certificate = self.write("certificate.pem", certificate);
            let key = self.write("key.pem", key);
            let error = from_files(&certificate, &key).unwrap_err().to_string();
            error.replace(&format!("{}/", self.0.path().display()), "")
        }
        fn self_signed(&self, hosts: &[&str], now: Timestamp) -> String {
            let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
            self_signed(self.0.path(), &hosts, now).unwrap();
            fs::read_to_string(self.0.path().join(SELF_SIGNED_FILE)).unwrap()
        }
    }

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_matching_pair_speaks_both_versions_of_http() {
        let files = Files::new();
        let (certificate, key) = pair();
        let certificate = files.write("certificate.pem", &certificate);
        let config = from_files(&certificate, &files.write("key.pem", &key)).unwrap();
        assert_eq!(
            config.alpn_protocols,
            [b"h2".to_vec(), b"http/1.1".to_vec()]
        );
    }

    #[test]
    fn each_mistake_has_its_own_sentence() {
        let files = Files::new();
        let (certificate, key) = pair();
        let (_, other_key) = pair();
        assert_eq!(
            files.error(&certificate, &other_key),
            "the key in key.pem does not belong to the first certificate in certificate.pem"
        );
        assert!(
            files
                .error(&certificate, &certificate)
                .starts_with("key.pem holds no private key")
        );
        assert!(
            files
                .error(&key, &key)
                .starts_with("certificate.pem holds no certificate")
        );
        assert!(
            files
                .error("", &key)
                .starts_with("certificate.pem holds no certificate")
        );
        let cut = &certificate[..certificate.len() / 2];
        assert!(
            files
                .error(cut, &key)
                .starts_with("certificate.pem is not PEM")
        );
        let missing = files.0.path().join("missing.pem");
        let error = from_files(&missing, &missing).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot read /") && error.contains("missing.pem"),
            "{error}"
        );
    }

    #[test]
    fn a_self_signed_certificate_is_kept_while_valid_for_the_same_hosts() {
        let files = Files::new();
        let first = files.self_signed(&["localhost", "127.0.0.1"], NOW);
        let after = |days| NOW + Millis::days(days);
        assert_eq!(
            files.self_signed(&["localhost", "127.0.0.1"], after(300)),
            first
        );
        let other_hosts = files.self_signed(&["localhost"], after(300));
        assert_ne!(other_hosts, first);
        assert_eq!(files.self_signed(&["localhost"], after(657)), other_hosts);
        assert_ne!(files.self_signed(&["localhost"], after(659)), other_hosts);
    }

    #[test]
    fn only_its_own_user_may_read_the_key_we_made() {
        let files = Files::new();
        files.self_signed(&["localhost"], NOW);
        let metadata = fs::metadata(files.0.path().join(SELF_SIGNED_FILE)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}
