//! The accept loop. It is our own because every phase of a connection needs a
//! deadline and every count a bound:
//!
//! 1. a seat is free (or accepting pauses; the kernel's queue waits)
//! 2. PROXY header, when configured, and TLS handshake
//! 3. HTTP/1.1 or HTTP/2, request by request, under `patience`
//! 4. at shutdown: no new connections, requests in flight finish, then the rest is cut

mod answer;
mod patience;
mod proxy;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tower::Service;

use crate::tls;
use patience::{Activity, Listened, Patience};

/// Who is at the other end of the connection: an extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections. One more waits in the kernel's queue.
    pub connections: u32,
    /// From accepting to the end of the first request's head, PROXY header
    /// and TLS handshake included; and for each later head from its first byte.
    pub head_deadline: Duration,
    /// From the end of the head to the end of the body.
    pub body_deadline: Duration,
    /// From the end of the body to the answer.
    pub handler_deadline: Duration,
    /// Between an answer and the next request, and for the client to read the
    /// answer. Longer than what load
    /// balancers keep, so that it is they who close.
    pub idle: Duration,
    /// Request line and headers, in bytes.
    pub head_size: usize,
    /// Path and query, in bytes.
    pub url_size: usize,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
    /// How long requests in flight may take to finish at shutdown.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head_deadline: Duration::from_secs(10),
            body_deadline: Duration::from_secs(15),
            handler_deadline: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            head_size: 16 * 1024,
            url_size: 8 * 1024,
            streams: 100,
            drain: Duration::from_secs(30),
        }
    }
}

/// What answers the requests.
pub trait App:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> App for T where
    T: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

pub struct Server {
    pub listener: TcpListener,
    pub tls: Option<tls::Current>,
    pub limits: Limits,
    /// Every connection begins with a PROXY header (version 1 or 2), or is cut.
    pub proxy_protocol: bool,
}

/// What all connections of a server share.
struct Shared<A> {
    app: A,
    http: auto::Builder<TokioExecutor>,
    tls: Option<tls::Current>,
    limits: Limits,
    proxy_protocol: bool,
}

impl Server {
    /// Serves until `shutdown` resolves and what was in flight is answered.
    pub async fn serve(self, app: impl App, shutdown: impl Future) -> anyhow::Result<()> {
        let limits = self.limits;
        let shared = Arc::new(Shared {
            app,
            http: http(&limits),
            tls: self.tls,
            limits,
            proxy_protocol: self.proxy_protocol,
        });
        let seats = Arc::new(Semaphore::new(limits.connections as usize));
        // A message means "finish"; dropping the sender means "now".
        let (stop, stopping) = watch::channel(());
        let accepting = async {
            loop {
                let seat = seats.clone().acquire_owned().await;
                let seat = seat.context("the seats of the listener were closed")?;
                let (stream, peer) = accept(&self.listener).await;
                let (shared, stopping) = (shared.clone(), stopping.clone());
                tokio::spawn(async move {
                    shared.connection(stream, peer, stopping).await;
                    drop(seat);
                });
            }
        };
        tokio::select! {
            biased;
            _ = shutdown => {}
            failed = accepting => return failed,
        }
        drop(self.listener);
        stop.send_replace(());
        if timeout(limits.drain, seats.acquire_many(limits.connections))
            .await
            .is_err()
        {
            let open = limits.connections as usize - seats.available_permits();
            tracing::warn!(
                open,
                "shutting down without {open} connections that did not finish"
            );
        }
        Ok(())
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                if let Some(pause) = pause_after(&error) {
                    tracing::warn!(%error, "cannot accept connections: {error}");
                    sleep(pause).await;
                }
            }
        }
    }
}

/// A client that has already left is nothing; out of file descriptors or
/// memory is a state that lasts, in which a tight loop would make it worse.
fn pause_after(error: &io::Error) -> Option<Duration> {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    match error.kind() {
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted => None,
        _ => Some(Duration::from_millis(100)),
    }
}

fn http(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        // Its timer cannot tell an idle connection from a slow head; ours can.
        // At most 100 headers: the default, which costs no allocation.
        .header_read_timeout(None)
        .max_buf_size(limits.head_size);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head_size).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams)
        // Streams opened only to be reset are an attack, not a use.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100)
        // What a connection may make us hold before a handler reads it.
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024);
    http
}

impl<A: App> Shared<A> {
    async fn connection(
        &self,
        mut stream: TcpStream,
        mut peer: SocketAddr,
        mut stopping: watch::Receiver<()>,
    ) {
        let accepted = Instant::now();
        let opening = async {
            // Small answers must not wait for an acknowledgement.
            stream.set_nodelay(true)?;
            if self.proxy_protocol
                && let Some(source) = proxy::read_header(&mut stream).await?
            {
                peer = source;
            }
            match &self.tls {
                Some(tls) => {
                    let acceptor = TlsAcceptor::from(tls.load_full());
                    acceptor.accept(stream).await.map(Stream::Tls)
                }
                None => Ok(Stream::Plain(stream)),
            }
        };
        let deadline = accepted + self.limits.head_deadline;
        let opened = tokio::select! {
            opened = timeout_at(deadline, opening) => opened,
            // Nothing has been asked yet, so there is nothing to finish.
            _ = stopping.changed() => return,
        };
        match opened {
            Ok(Ok(Stream::Plain(stream))) => self.http(stream, peer, accepted, stopping).await,
            Ok(Ok(Stream::Tls(stream))) => self.http(stream, peer, accepted, stopping).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "connection not opened: {error}"),
            Err(_) => tracing::debug!(%peer, "connection not opened in time"),
        }
    }

    async fn http(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
        peer: SocketAddr,
        accepted: Instant,
        mut stopping: watch::Receiver<()>,
    ) {
        let activity = Activity::new(accepted, &self.limits);
        let service = service_fn(|request: Request<Incoming>| {
            let work = activity.begin(request.version());
            let (app, limits) = (self.app.clone(), self.limits);
            async move {
                let answer = answer::answer(app, request, Peer(peer), limits).await;
                drop(work);
                Ok::<_, Infallible>(answer)
            }
        });
        let stream = TokioIo::new(Listened::new(stream, activity.clone()));
        let mut connection = pin!(self.http.serve_connection(stream, service));
        let mut patience = Patience::new(activity.clone());
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%peer, error, "connection ended: {error}");
                    }
                    return;
                }
                stop = stopping.changed() => match stop {
                    Ok(()) => connection.as_mut().graceful_shutdown(),
                    Err(_) => return,
                },
                () = patience.ended() => {
                    if !activity.last_chance() {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

#[expect(clippy::large_enum_variant, reason = "lives for one match")]
enum Stream {
    Plain(TcpStream),
    Tls(tokio_rustls::server::TlsStream<TcpStream>),
}

#[cfg(test)]
mod tests;
