//! The demo's load balancer: each request to the next server, and a page that says which.
//! In earnest use HAProxy or nginx.

use anyhow::Context;
use askama::Template;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};
use tokio::{net::TcpListener, sync::watch};

/// More than any form of ours.
const BODY: usize = 8 << 20;
/// Requests that the page shows.
const SHOWN: usize = 20;
/// Of one connection, not of a message (RFC 9110 §7.6.1).
const HOP_BY_HOP: [header::HeaderName; 6] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
];

pub struct Balancer {
    nodes: Vec<Node>,
    turn: AtomicUsize,
    recent: Mutex<VecDeque<Answered>>,
    http: reqwest::Client,
}

struct Node {
    number: usize,
    port: u16,
    pid: u32,
    answered: AtomicUsize,
}

/// Without the query: there may be codes in it.
#[derive(Clone)]
struct Answered {
    node: usize,
    method: String,
    path: String,
    status: u16,
}

#[derive(Template)]
#[template(path = "demo_nodes.html")]
struct Page<'a> {
    nodes: &'a [Node],
    recent: Vec<Answered>,
}

impl Balancer {
    /// `nodes`: ports and process ids.
    pub fn new(nodes: impl Iterator<Item = (u16, u32)>) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let node = |(index, (port, pid))| Node {
            number: index + 1,
            port,
            pid,
            answered: AtomicUsize::new(0),
        };
        Ok(Self {
            nodes: nodes.enumerate().map(node).collect(),
            turn: AtomicUsize::new(0),
            recent: Mutex::default(),
            http: http.build().context("cannot make an HTTP client")?,
        })
    }

    pub async fn serve(
        self,
        listener: TcpListener,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let router = Router::new()
            .route("/demo/nodes", get(show))
            .fallback(forward)
            .with_state(Arc::new(self));
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        Ok(axum::serve(listener, service)
            .with_graceful_shutdown(stopped)
            .await?)
    }

    /// The answer of the next server that can be reached.
    async fn ask(&self, head: &Parts, body: &Bytes, peer: SocketAddr) -> Option<Response> {
        for _ in &self.nodes {
            let turn = self.turn.fetch_add(1, Relaxed);
            let node = &self.nodes[turn % self.nodes.len()];
            let target = head.uri.path_and_query().map_or("/", |it| it.as_str());
            let mut headers = end_to_end(&head.headers);
            // The servers believe what stands before them.
            headers.remove(header::FORWARDED);
            let from = HeaderValue::from_str(&peer.ip().to_string()).ok()?;
            headers.insert("x-forwarded-for", from);
            let request = self
                .http
                .request(
                    head.method.clone(),
                    format!("http://127.0.0.1:{}{target}", node.port),
                )
                .headers(headers)
                .body(body.clone());
            match request.send().await {
                Ok(answer) => return self.pass_on(node, head, answer).await,
                // It is not there, so nothing of it happened.
                Err(error) if error.is_connect() => {}
                Err(_) => return None,
            }
        }
        None
    }

    async fn pass_on(
        &self,
        node: &Node,
        head: &Parts,
        answer: reqwest::Response,
    ) -> Option<Response> {
        let (status, headers) = (answer.status(), end_to_end(answer.headers()));
        let mut response = Response::new(Body::from(answer.bytes().await.ok()?));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        let number = HeaderValue::from(node.number);
        response.headers_mut().insert("grantor-demo-node", number);
        node.answered.fetch_add(1, Relaxed);
        let mut recent = self.recent.lock();
        recent.truncate(SHOWN - 1);
        recent.push_front(Answered {
            node: node.number,
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            status: status.as_u16(),
        });
        Some(response)
    }
}

fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    headers
}

async fn forward(
    State(balancer): State<Arc<Balancer>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match balancer.ask(&head, &body, peer).await {
        Some(answer) => answer,
        None => (StatusCode::BAD_GATEWAY, "No server of the demo answers.").into_response(),
    }
}

async fn show(State(balancer): State<Arc<Balancer>>) -> Response {
    let page = Page {
        nodes: &balancer.nodes,
        recent: balancer.recent.lock().iter().cloned().collect(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
