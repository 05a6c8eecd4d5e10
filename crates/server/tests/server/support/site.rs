//! A server of its own for each test: a folder, a standing clock, the paths.

use super::{App, Browser, Person, Reply, app::AppPlan, names::Names, transcript::Transcript};
use axum::body::Body;
use bytes::Bytes;
use grantor::{
    app::Shared,
    config::{Config, Flags},
    net::Peer,
    router::{self, Paths},
    start,
    world::World,
};
use grantor_protocol::time::{Millis, Timestamp};
use http::{Request, header};
use hyper::body::Frame;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::Deref,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

pub const ISSUER: &str = "https://auth.example";
/// 2026-11-25T12:00:00Z.
pub const NOON: Timestamp = Timestamp(1_795_608_000_000);

#[derive(Clone)]
pub struct Site(Arc<Inner>);

pub struct Inner {
    pub app: Shared,
    pub world: World,
    pub names: Arc<Names>,
    pub transcript: Transcript,
    paths: Paths,
    folder: Arc<TempDir>,
    /// Dropped with the site: the follower of the change feed ends.
    _stop: watch::Sender<bool>,
}

impl Deref for Site {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// A request as it goes over the wire.
pub struct Call {
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub from: IpAddr,
}

pub const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

impl Call {
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
            from: HOME,
        }
    }

    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    pub fn post(target: impl Into<String>) -> Self {
        Self::new("POST", target)
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = grantor_protocol::form::encode(fields.iter().copied());
        self.raw_form(body)
    }

    pub fn json(mut self, value: &serde_json::Value) -> Self {
        self.body = value.to_string().into();
        self.header("content-type", "application/json")
    }

    /// A body that is, or should be, a form.
    pub fn raw_form(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/x-www-form-urlencoded")
    }
}

/// A body in two halves, with something in between.
struct Slow {
    halves: Vec<Bytes>,
    between: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl hyper::body::Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.halves.len() == 1 {
            ready!(self.between.as_mut().poll(context));
        }
        let half = match self.halves.is_empty() {
            true => None,
            false => Some(self.halves.remove(0)),
        };
        Poll::Ready(half.map(|half| Ok(Frame::data(half))))
    }
}

impl Site {
    pub async fn open() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let names = Arc::default();
        Self::start(folder, World::at(NOON), names, change).await
    }

    /// The same data under another configuration, with nothing remembered: a restart.
    pub async fn reopened(&self, change: impl FnOnce(&mut Config)) -> Self {
        let (folder, world) = (self.folder.clone(), self.world.clone());
        Self::start(folder, world, self.names.clone(), change).await
    }

    async fn start(
        folder: Arc<TempDir>,
        world: World,
        names: Arc<Names>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let flags = Flags::default()
            .with("public_url", ISSUER)
            .with("metrics_listen", "off")
            .with("data", folder.path().to_str().unwrap());
        let mut config = Config::load(None, &[], &flags).unwrap();
        config.sign_in.password_threads = Some(1);
        change(&mut config);
        let app = start::open(config, world.clone()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(app.store.clone().follow(stopped));
        Self(Arc::new(Inner {
            paths: router::paths(app.clone()),
            transcript: Transcript::default(),
            app,
            world,
            names,
            folder,
            _stop: stop,
        }))
    }

    pub fn origin(&self) -> &str {
        self.app.config.service.public_url.origin()
    }

    /// Lets time pass.
    pub fn pass(&self, length: Millis) {
        self.world.advance(length);
    }

    /// All that is stored, as text: two of them say whether anything changed.
    pub fn contents(&self) -> String {
        let database = rusqlite::Connection::open(self.database()).unwrap();
        let list = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let mut list = database.prepare(list).unwrap();
        let tables = list.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let tables: Vec<_> = tables.map(Result::unwrap).collect();
        let mut text = String::new();
        for table in tables {
            let mut all = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = all.column_count();
            let mut rows = all.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<_> = (0..columns).map(|it| row.get_ref(it).unwrap()).collect();
                text += &format!("{table} {values:?}\n");
            }
        }
        text
    }

    pub fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("grantor.db")
    }

    pub async fn send(&self, call: Call) -> Reply {
        self.answer(&call, Body::from(call.body.clone())).await
    }

    async fn answer(&self, call: &Call, body: Body) -> Reply {
        let mut request = Request::builder().method(call.method).uri(&call.target);
        if !call.headers.iter().any(|(name, _)| *name == "host") {
            let host = self.origin().split_once("//").unwrap().1;
            request = request.header(header::HOST, host);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value.as_bytes());
        }
        let mut request = request.body(body).unwrap();
        let peer = Peer(SocketAddr::from((call.from, 40_000)));
        request.extensions_mut().insert(peer);
        let answer = self.paths.clone().oneshot(request).await.unwrap();
        Reply::of(answer).await
    }

    /// As [`Site::send`], with a body that arrives in two halves: `between` happens while
    /// the server waits for the second.
    pub async fn send_slowly(
        &self,
        call: Call,
        between: impl Future<Output = ()> + Send + 'static,
    ) -> Reply {
        let (first, second) = call.body.split_at(call.body.len() / 2);
        let halves = [first, second].map(Bytes::copy_from_slice);
        let slow = Slow {
            halves: halves.into(),
            between: Box::pin(between),
        };
        self.answer(&call, Body::new(slow)).await
    }

    /// Somebody at a browser who is nobody here.
    pub fn visitor(&self) -> Browser {
        Browser::new(self, "visitor")
    }

    /// A user who is not signed in, and has no password.
    pub async fn user(&self, name: &str) -> Person {
        Person::new(self, name).await
    }

    /// A server app, until the plan says otherwise.
    pub fn app(&self, name: &str) -> AppPlan {
        App::plan(self, name)
    }

    /// Calls the API as whoever holds `token`.
    pub async fn api(&self, token: &str, path: &str) -> Reply {
        let call = Call::get(format!("/api/1.0{path}")).bearer(token);
        self.say("somebody", call, &[]).await
    }

    /// Sends a call and writes it into the transcript.
    pub async fn say(&self, who: &str, call: Call, said: &[(&str, &str)]) -> Reply {
        let line = format!("{} {}", call.method, call.target);
        let reply = self.send(call).await;
        self.transcript.note(self, who, (&line, said), &reply);
        reply
    }
}
