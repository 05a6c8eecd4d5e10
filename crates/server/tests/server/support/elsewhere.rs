//! A host of an app's, on loopback, for what the server fetches and posts.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Elsewhere {
    port: u16,
    state: Arc<Mutex<Shown>>,
}

#[derive(Default)]
struct Shown {
    /// By path: status, headers and body.
    answers: BTreeMap<String, (StatusCode, HeaderMap, Vec<u8>)>,
    seen: Vec<Seen>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub authorization: String,
    pub body: String,
}

impl Elsewhere {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::default();
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { port, state }
    }

    /// What a site's configuration has to allow, as `outbound_allow`.
    pub fn destination(&self) -> grantor::config::Destination {
        format!("127.0.0.1:{}", self.port).parse().unwrap()
    }

    pub fn uri(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on `path` answers so; every other one with 404.
    pub fn show(
        &self,
        path: &str,
        status: u16,
        headers: &[(&'static str, &str)],
        body: &(impl AsRef<[u8]> + ?Sized),
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        let answer = (status, headers, body.as_ref().to_vec());
        self.state.lock().answers.insert(path.to_owned(), answer);
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.lock().seen.clone()
    }
}

async fn answer(State(state): State<Arc<Mutex<Shown>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().to_owned();
    let mut shown = state.lock();
    shown.seen.push(Seen {
        method: parts.method.to_string(),
        path: path.clone(),
        authorization: {
            let sent = parts.headers.get("authorization");
            sent.map_or("", |it| it.to_str().unwrap()).to_owned()
        },
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    match shown.answers.get(&path) {
        Some(answer) => answer.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
