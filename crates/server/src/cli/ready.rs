//! `grantor ready`: asks the server of these settings how it is, from the same machine.

use super::Settings;
use crate::config::Config;
use anyhow::{Context, bail};
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// Longer than a server takes to find that its database is not there.
const PATIENCE: Duration = Duration::from_secs(5);
/// PROXY protocol, version 2: whoever connects speaks for itself.
const FOR_ITSELF: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
const LONGEST: u64 = 16 * 1024;

/// Says it in a sentence.
///
/// # Errors
/// It is not ready, with its own reason, or nobody answers.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let config = settings.config()?;
    let listen = config.network.listen.first();
    let address = reachable(*listen.context("the server listens nowhere")?);
    let asked = timeout(PATIENCE, ask(&config, address)).await;
    let answer = asked.unwrap_or_else(|_| bail!("it says nothing for {} s", PATIENCE.as_secs()));
    let answer = answer.with_context(|| format!("no server answers at {address}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    match head.split(' ').nth(1) {
        Some("200") => {
            println!("ready");
            Ok(())
        }
        Some("503") => bail!("the server at {address} is not ready: {}", body.trim()),
        _ => bail!("what answers at {address} is not this server"),
    }
}

/// Where a server that listens on all of its addresses is found.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(config: &Config, address: SocketAddr) -> anyhow::Result<String> {
    let network = &config.network;
    let mut stream = TcpStream::connect(address).await?;
    if network.proxy_protocol {
        stream.write_all(FOR_ITSELF).await?;
    }
    if network.tls_certificate.is_none() && !network.tls_self_signed {
        return converse(stream, address).await;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(WhoeverAnswers(provider)))
        .with_no_client_auth();
    let name = ServerName::try_from(config.service.public_url.host().to_owned())?;
    let connector = TlsConnector::from(Arc::new(client));
    converse(connector.connect(name, stream).await?, address).await
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    address: SocketAddr,
) -> anyhow::Result<String> {
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The certificate is for others: who answers at our own address is told nothing, and
/// believed in nothing but how it is.
#[derive(Debug)]
struct WhoeverAnswers(Arc<CryptoProvider>);

impl ServerCertVerifier for WhoeverAnswers {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
