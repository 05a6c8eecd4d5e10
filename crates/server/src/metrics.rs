//! Metrics of an authorization server, in the OpenMetrics text format. Labels
//! are `&'static str`: nothing that a client sends can become one, so their
//! number is known when the program is compiled.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use grantor_protocol::time::Timestamp;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use parking_lot::Mutex;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;

use crate::net::{Limits, Server};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Handles to all metrics; clones count into the same numbers.
#[derive(Clone)]
pub struct Metrics {
    pub password_queue: Gauge,
    pub store_queue: Gauge,
    /// Batches written since the start, and the commits that carried them.
    pub store_batches: Gauge,
    pub store_commits: Gauge,
    /// Mails that wait, and how long the first of them has.
    pub mail_queue: Gauge,
    pub mail_oldest: Gauge,
    mails: Family<OutcomeLabel, Counter>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    tokens: Family<GrantLabel, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    bearer_checks: Family<OutcomeLabel, Counter>,
    /// The one of these that nearly all requests count.
    pub bearer_admitted: Counter,
    logins: Family<OutcomeLabel, Counter>,
    logout_notices: Family<OutcomeLabel, Counter>,
    registry: Arc<Registry>,
    /// Gauges that are asked when somebody looks, not told at each change.
    asked: Arc<Mutex<Vec<(Gauge, Ask)>>>,
}

type Ask = Box<dyn Fn() -> i64 + Send>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GrantLabel {
    grant_type: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    endpoint: &'static str,
    error: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

impl Metrics {
    pub fn new(started: Timestamp) -> Self {
        let mut metrics = Self {
            password_queue: Gauge::default(),
            store_queue: Gauge::default(),
            store_batches: Gauge::default(),
            store_commits: Gauge::default(),
            mail_queue: Gauge::default(),
            mail_oldest: Gauge::default(),
            mails: Family::default(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            tokens: Family::default(),
            refusals: Family::default(),
            bearer_checks: Family::default(),
            bearer_admitted: Counter::default(),
            logins: Family::default(),
            logout_notices: Family::default(),
            registry: Arc::default(),
            asked: Arc::default(),
        };
        let admitted = OutcomeLabel {
            outcome: "Admitted",
        };
        metrics.bearer_admitted = metrics.bearer_checks.get_or_create_owned(&admitted);
        metrics.registry = Arc::new(metrics.registry(started));
        metrics
    }

    fn registry(&self, started: Timestamp) -> Registry {
        let mut all = Registry::default();
        let process = all.sub_registry_with_prefix("process");
        let start: Gauge = Gauge::default();
        start.set(started.seconds());
        process.register_with_unit("start_time", "Start, Unix time", Unit::Seconds, start);
        let ours = all.sub_registry_with_prefix("grantor");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        ours.register("build", "The running version", version);
        ours.register("requests", "Requests answered", self.requests.clone());
        let seconds = self.request_seconds.clone();
        ours.register_with_unit("request", "Time to an answer", Unit::Seconds, seconds);
        ours.register("tokens_issued", "Access tokens issued", self.tokens.clone());
        ours.register(
            "refusals",
            "Protocol errors answered",
            self.refusals.clone(),
        );
        ours.register(
            "bearer_checks",
            "Bearer tokens checked",
            self.bearer_checks.clone(),
        );
        ours.register("logins", "Attempts to sign in", self.logins.clone());
        ours.register(
            "logout_notices",
            "Attempts to tell an app of a logout from server to server",
            self.logout_notices.clone(),
        );
        ours.register("mails", "Attempts to send a mail", self.mails.clone());
        let waiting = self.mail_queue.clone();
        ours.register("mail_queue", "Mails that wait to be sent", waiting);
        ours.register_with_unit(
            "mail_oldest",
            "How long the oldest of them has waited",
            Unit::Seconds,
            self.mail_oldest.clone(),
        );
        let queue = self.password_queue.clone();
        ours.register("password_queue", "Passwords waiting to be checked", queue);
        ours.register(
            "store_batches",
            "Batches written",
            self.store_batches.clone(),
        );
        ours.register(
            "store_commits",
            "Commits that carried them, one sync each",
            self.store_commits.clone(),
        );
        ours.register(
            "store_queue",
            "Batches waiting to be written",
            self.store_queue.clone(),
        );
        all
    }

    /// The handles of one row of the routing table: make them once.
    pub fn route(&self, route: &'static str, method: &Method) -> RouteMetrics {
        let method = method_label(method);
        let count = |status| {
            self.requests.get_or_create_owned(&RequestLabels {
                route,
                method,
                status,
            })
        };
        RouteMetrics {
            by_status: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(count),
            seconds: self
                .request_seconds
                .get_or_create_owned(&RouteLabel { route }),
        }
    }

    pub fn token_issued(&self, grant_type: &'static str) {
        self.tokens.get_or_create(&GrantLabel { grant_type }).inc();
    }

    pub fn refused(&self, endpoint: &'static str, error: &'static str) {
        self.refusals
            .get_or_create(&RefusalLabels { endpoint, error })
            .inc();
    }

    pub fn bearer_refused(&self, why: &'static str) {
        self.bearer_checks
            .get_or_create(&OutcomeLabel { outcome: why })
            .inc();
    }

    pub fn login(&self, outcome: &'static str) {
        self.logins.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    pub fn logout_notice(&self, outcome: &'static str) {
        self.logout_notices
            .get_or_create(&OutcomeLabel { outcome })
            .inc();
    }

    pub fn mail(&self, outcome: &'static str) {
        self.mails.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// From now on `gauge` shows what `ask` answers at each look.
    pub fn ask(&self, gauge: &Gauge, ask: impl Fn() -> i64 + Send + 'static) {
        self.asked.lock().push((gauge.clone(), Box::new(ask)));
    }

    pub fn render(&self) -> String {
        for (gauge, ask) in self.asked.lock().iter() {
            gauge.set(ask());
        }
        let mut page = String::new();
        text::encode(&mut page, &self.registry).expect("a String takes all that is written to it");
        page
    }
}

/// Counting one answer costs two atomic additions and one lock of the route's own.
#[derive(Clone)]
pub struct RouteMetrics {
    by_status: [Counter; 5],
    seconds: Histogram,
}

impl RouteMetrics {
    pub fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_status.get(class) {
            counter.inc();
        }
        self.seconds.observe(took.as_secs_f64());
    }
}

fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// `GET /metrics` on a listener of its own, which the world need not reach.
pub async fn serve_metrics(
    listener: TcpListener,
    metrics: Metrics,
    shutdown: impl Future,
) -> anyhow::Result<()> {
    let page = move || async move { ([(CONTENT_TYPE, OPEN_METRICS)], metrics.render()) };
    let app = Router::new().route("/metrics", get(page));
    // A scrape is short, and must not hold up the end of the process.
    let limits = Limits {
        connections: 32,
        drain: Duration::from_secs(1),
        ..Limits::default()
    };
    Server {
        listener,
        tls: None,
        limits,
        proxy_protocol: false,
    }
    .serve(app, shutdown)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    const STARTED: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn what_has_no_labels_is_there_from_the_start() {
        let page = Metrics::new(STARTED).render();
        for line in [
            "process_start_time_seconds 1800000000",
            concat!(
                "grantor_build_info{version=\"",
                env!("CARGO_PKG_VERSION"),
                "\"} 1"
            ),
            "grantor_password_queue 0",
            "grantor_store_queue 0",
            "grantor_store_batches 0",
            "grantor_store_commits 0",
        ] {
            assert!(
                page.lines().any(|it| it == line),
                "{line} is missing in\n{page}"
            );
        }
        assert!(page.ends_with("# EOF\n"));
    }

    #[test]
    fn events_are_counted_by_their_labels() {
        let metrics = Metrics::new(STARTED);
        let token = metrics.route("/-/oauth_token", &Method::POST);
        token.answered(StatusCode::OK, Duration::from_millis(2));
        token.answered(StatusCode::BAD_REQUEST, Duration::from_millis(2));
        token
            .clone()
            .answered(StatusCode::BAD_REQUEST, Duration::from_secs(60));
        metrics.token_issued("authorization_code");
        metrics.refused("token", "invalid_grant");
        metrics.bearer_refused("expired");
        metrics.bearer_admitted.inc();
        metrics.login("wrong_password");
        metrics.store_batches.inc();
        let page = metrics.render();
        for line in [
            "grantor_requests_total{route=\"/-/oauth_token\",method=\"POST\",status=\"2xx\"} 1",
            "grantor_requests_total{route=\"/-/oauth_token\",method=\"POST\",status=\"4xx\"} 2",
            "grantor_request_seconds_bucket{le=\"0.0025\",route=\"/-/oauth_token\"} 2",
            "grantor_request_seconds_count{route=\"/-/oauth_token\"} 3",
            "grantor_tokens_issued_total{grant_type=\"authorization_code\"} 1",
            "grantor_refusals_total{endpoint=\"token\",error=\"invalid_grant\"} 1",
            "grantor_bearer_checks_total{outcome=\"expired\"} 1",
            "grantor_bearer_checks_total{outcome=\"Admitted\"} 1",
            "grantor_logins_total{outcome=\"wrong_password\"} 1",
            "grantor_store_batches 1",
        ] {
            assert!(
                page.lines().any(|it| it == line),
                "{line} is missing in\n{page}"
            );
        }
    }

    #[test]
    fn a_gauge_can_be_asked_at_each_look() {
        let metrics = Metrics::new(STARTED);
        let depth = Arc::new(std::sync::atomic::AtomicI64::new(5));
        let asked = depth.clone();
        metrics.ask(&metrics.password_queue, move || {
            asked.load(std::sync::atomic::Ordering::Relaxed)
        });
        assert!(metrics.render().contains("grantor_password_queue 5\n"));
        depth.store(6, std::sync::atomic::Ordering::Relaxed);
        assert!(
            metrics
                .clone()
                .render()
                .contains("grantor_password_queue 6\n")
        );
    }

    #[tokio::test]
    async fn the_page_is_served_on_its_own_listener() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(serve_metrics(listener, Metrics::new(STARTED), stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
        assert!(
            page.contains("content-type: application/openmetrics-text"),
            "{page}"
        );
        assert!(page.ends_with("# EOF\n"), "{page}");
        stop.send(()).unwrap();
        serving.await.unwrap().unwrap();
    }
}
