//! A server on a port of its own, and a client that writes bytes.

use super::super::*;
use axum::Router;
use axum::extract::Extension;
use axum::routing::{get, post};
use bytes::Bytes;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tower::service_fn;

pub(super) const SHORT: Duration = Duration::from_millis(200);
/// Longer than any deadline under test: reached only when a test fails.
pub(super) const PATIENT: Duration = Duration::from_secs(5);

pub(super) fn limits() -> Limits {
    Limits {
        head_deadline: SHORT,
        ..Limits::default()
    }
}

pub(super) struct Running {
    pub(super) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    pub(super) ended: JoinHandle<anyhow::Result<()>>,
    /// `GET /slow` has begun, and may end.
    pub(super) begun: Arc<Notify>,
    pub(super) release: Arc<Notify>,
}

/// A service that knows no methods.
async fn whole(_: axum::extract::Request) -> Result<http::Response<axum::body::Body>, Infallible> {
    Ok(http::Response::new("all of it".into()))
}

impl Running {
    pub(super) async fn start(limits: Limits) -> Self {
        Self::start_with(limits, None, false).await
    }

    pub(super) async fn start_with(
        limits: Limits,
        tls: Option<tls::Current>,
        proxy_protocol: bool,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = (begun.clone(), release.clone());
        let app = Router::new()
            .route(
                "/",
                get(|Extension(Peer(peer))| async move { format!("to {peer}!") }),
            )
            .route("/echo", post(|body: Bytes| async move { body }))
            .route_service("/whole", service_fn(whole))
            .route(
                "/panic",
                get(|| async { panic!("a bug, on purpose") as () }),
            )
            .route(
                "/slow",
                get(move || async move {
                    slow.0.notify_one();
                    slow.1.notified().await;
                    "done"
                }),
            );
        let (stop, stopped) = oneshot::channel::<()>();
        let server = Server {
            listener,
            tls,
            limits,
            proxy_protocol,
        };
        let ended = tokio::spawn(server.serve(app, stopped));
        Self {
            address,
            stop: Some(stop),
            ended,
            begun,
            release,
        }
    }

    pub(super) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub(super) async fn ask(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }

    pub(super) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

/// All that comes until the server closes.
pub(super) async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    // A reset, or TLS cut without its goodbye, is a close as well.
    let _ = timeout(PATIENT, reading)
        .await
        .expect("the server closes the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer with a short body on a connection that stays open.
pub(super) async fn answer(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.ends_with(end) {
        let read = timeout(PATIENT, stream.read(&mut buffer))
            .await
            .expect("an answer")
            .unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

pub(super) fn tls() -> (tls::Current, TlsConnector) {
    let folder = tempfile::tempdir().unwrap();
    let hosts = ["localhost".to_owned()];
    let now = crate::world::World::real().now();
    let server = crate::tls::self_signed(folder.path(), &hosts, now).unwrap();
    let pem = std::fs::read(folder.path().join("development-tls.pem")).unwrap();
    let certificate = rustls_pki_types::pem::PemObject::from_pem_slice(&pem).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (server, TlsConnector::from(Arc::new(client)))
}

pub(super) async fn over_tls(
    connector: &TlsConnector,
    stream: TcpStream,
) -> tokio_rustls::client::TlsStream<TcpStream> {
    connector
        .connect(ServerName::try_from("localhost").unwrap(), stream)
        .await
        .unwrap()
}

pub(super) const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
pub(super) const GET_SLOW: &str = "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
pub(super) const GET_AND_CLOSE: &str = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
