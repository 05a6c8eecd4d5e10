//! A third party's web site: a page with a "Connect" link, the addresses to which the
//! browser comes back (`/cb` from a login, `/bye` from a logout) or which it loads to tell
//! of a logout (`/out`), and a page that watches the login (`/watch`).

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Html,
    routing::get,
};
use grantor_protocol::form::Params;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Site {
    /// `http://localhost:<port>`: to the browser another site than the server's.
    pub origin: String,
    /// `http://127.0.0.1:<port>`, as a program on the user's device would use.
    pub loopback: String,
    shared: Arc<Shared>,
    answers: UnboundedReceiver<HashMap<String, String>>,
}

struct Shared {
    /// Where the "Connect" link leads.
    authorize: Mutex<String>,
    answers: UnboundedSender<HashMap<String, String>>,
}

impl Site {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, answers) = unbounded_channel();
        let shared = Arc::new(Shared {
            authorize: Mutex::default(),
            answers: sender,
        });
        let router = Router::new()
            .route("/", get(front))
            .route("/cb", get(come_back))
            .route("/out", get(come_back))
            .route("/bye", get(come_back))
            .route("/watch", get(watch))
            .route("/ask", get(ask))
            .with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            origin: format!("http://localhost:{port}"),
            loopback: format!("http://127.0.0.1:{port}"),
            shared,
            answers,
        }
    }

    /// From now on "Connect" leads there.
    pub fn connects_by(&self, authorize: &str) {
        *self.shared.authorize.lock().expect("no panic") = authorize.to_owned();
    }

    /// The parameters with which the browser came back.
    pub async fn answer(&mut self) -> HashMap<String, String> {
        let answer = timeout(PATIENCE, self.answers.recv()).await;
        answer
            .expect("the browser comes back")
            .expect("the site runs")
    }
}

fn page(words: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=en><link rel=icon href=data:,><title>Clock</title><h1>Clock</h1><p>{words}</p>"
    ))
}

async fn front(State(shared): State<Arc<Shared>>) -> Html<String> {
    let address = shared.authorize.lock().expect("no panic");
    let escaped = address.replace('&', "&amp;").replace('"', "&quot;");
    page(&format!("<a href=\"{escaped}\">Connect with Grantor</a>"))
}

async fn come_back(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Html<String> {
    let query = query.unwrap_or_default();
    let params = Params::parse(query.as_bytes()).expect("a well-formed answer");
    let answer = params
        .iter()
        .map(|(name, value)| (name.into(), value.into()));
    // The test may have seen all that it wanted.
    let _ = shared.answers.send(answer.collect());
    page("You are back at the app.")
}

/// Shows whether the session of `client` is still in this `state`, as the frame at `op`
/// tells a frame of this site beside it.
async fn watch(RawQuery(query): RawQuery) -> Html<String> {
    let query = query.unwrap_or_default();
    let params = Params::parse(query.as_bytes()).expect("a query");
    let op = params.get("op").expect("op");
    page(&format!(
        "<output>nothing yet</output><iframe src='{op}/-/check_session' title='op' hidden></iframe><script>\
         addEventListener('load', () => {{ document.getElementById('ours').src = '/ask?{query}'; }});</script>\
         <iframe id='ours' title='ours' hidden></iframe>"
    ))
}

async fn ask(RawQuery(query): RawQuery) -> Html<String> {
    let params = Params::parse(query.unwrap_or_default().as_bytes()).expect("a query");
    let [op, client, state] = ["op", "client", "state"].map(|it| params.get(it).expect("it"));
    page(&format!(
        "<script>\
         addEventListener('message', (event) => {{ parent.document.querySelector('output').value = event.data; }});\
         parent.frames[0].postMessage('{client} {state}', '{op}');</script>"
    ))
}
