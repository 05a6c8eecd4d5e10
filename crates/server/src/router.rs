//! From a request to its row of the table: by the path, and there by the method.

use crate::{
    app::Shared,
    cors,
    failure::Format,
    front::front,
    metrics::RouteMetrics,
    pages,
    routes::{Cors, NO_ENDPOINT, NO_RESOURCE, NOWHERE, Route, Row, table},
    scim,
};
use axum::{
    Router,
    extract::Request,
    handler::Handler as _,
    http::{HeaderValue, Method},
    response::Response,
};
use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Service, ServiceExt as _};

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;
/// A handler, with all that it wants to know of a request.
pub type Handle = Box<dyn Fn(Request, Shared) -> Answer + Send + Sync>;

/// A row of the table at work.
pub struct Endpoint {
    pub route: Route,
    pub metrics: RouteMetrics,
    pub then: Then,
}

/// What follows when everything holds that the row asks for.
pub enum Then {
    Handle(Handle),
    /// Nobody answers this method; those that somebody answers.
    WrongMethod(HeaderValue),
}

/// The whole server. Most paths are one name each and found by it; the framework's router has
/// those that name something, and those that are nowhere.
#[derive(Clone)]
pub struct Paths(Arc<ByName>);

struct ByName {
    plain: HashMap<&'static str, Fronted>,
    other: Router,
}

impl Service<Request> for Paths {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.0.plain.get(request.uri().path()) {
            Some(fork) => fork.clone().call(request),
            None => Box::pin(self.0.other.clone().oneshot(request)),
        }
    }
}

/// The table at work.
pub fn paths(app: Shared) -> Paths {
    let mut paths: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Row(route, handle) in table() {
        let endpoint = Endpoint::new(&app, route, Then::Handle(handle));
        paths.entry(route.path).or_default().push(endpoint);
    }
    let mut plain = HashMap::new();
    let mut other = Router::new();
    for (path, endpoints) in paths {
        let Some(fork) = Fork::of_methods(&app, endpoints) else {
            continue;
        };
        let fork = Fronted(Arc::new(fork));
        if path.contains('{') {
            other = other.route_service(path, fork);
        } else {
            plain.insert(path, fork);
        }
    }
    let other = other.fallback_service(Fronted(Arc::new(Fork::nowhere(&app))));
    Paths(Arc::new(ByName { plain, other }))
}

impl Endpoint {
    fn new(app: &Shared, route: Route, then: Then) -> Self {
        let method = Method::from_bytes(route.method.as_bytes());
        let metrics = app.metrics.route(route.path, &method.unwrap_or_default());
        Self {
            route,
            metrics,
            then,
        }
    }
}

/// Who may answer a request: the first that fits.
struct Fork {
    app: Shared,
    ways: Vec<Endpoint>,
    fits: fn(&Route, &Request) -> bool,
    other: Endpoint,
}

impl Fork {
    /// At a path, whose rows have the same rules for other origins; `None` without any.
    fn of_methods(app: &Shared, ways: Vec<Endpoint>) -> Option<Self> {
        let last = ways.last()?.route;
        let mut methods = Vec::new();
        for way in &ways {
            methods.push(way.route.method);
            methods.extend((way.route.method == "GET").then_some("HEAD"));
        }
        methods.extend((last.cors != Cors::None).then_some("OPTIONS"));
        let allow = HeaderValue::from_str(&methods.join(", ")).ok()?;
        let other = Endpoint::new(app, last.of_other_methods(), Then::WrongMethod(allow));
        let fits = |route: &Route, request: &Request| match *request.method() {
            Method::HEAD => route.method == "GET",
            ref method => route.method == method.as_str(),
        };
        Some(Self {
            app: app.clone(),
            ways,
            fits,
            other,
        })
    }

    /// At every path without a row.
    fn nowhere(app: &Shared) -> Self {
        let endpoint = |route| {
            let handle =
                |request, app| Box::pin(pages::error::no_such_page.call(request, app)) as _;
            Endpoint::new(app, route, Then::Handle(Box::new(handle)))
        };
        let fits = |route: &Route, request: &Request| match route.format {
            Format::Scim => request.uri().path().starts_with(scim::BASE),
            _ => request.uri().path().starts_with("/api/"),
        };
        Self {
            app: app.clone(),
            ways: vec![endpoint(NO_RESOURCE), endpoint(NO_ENDPOINT)],
            fits,
            other: endpoint(NOWHERE),
        }
    }

    async fn answer(&self, request: Request) -> Response {
        let other = &self.other;
        if request.method() == Method::OPTIONS && other.route.cors != Cors::None {
            return cors::preflight(&other.route, request.headers());
        }
        let fits = |way: &&Endpoint| (self.fits)(&way.route, &request);
        let endpoint = self.ways.iter().find(fits).unwrap_or(other);
        front(&self.app, endpoint, request).await
    }
}

/// A fork behind the front.
#[derive(Clone)]
struct Fronted(Arc<Fork>);

impl Service<Request> for Fronted {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let fork = self.0.clone();
        Box::pin(async move { Ok(fork.answer(request).await) })
    }
}
