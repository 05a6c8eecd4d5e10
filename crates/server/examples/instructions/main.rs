//! Requests of one kind after another through the whole server but its sockets, on one thread
//! beside those that write and log, for callgrind to count.
//!
//! `cargo xtask instructions` runs it: it counts from [`begin_count`] to [`end_count`], and
//! reads on standard error how many requests of which kind that was.

mod site;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use grantor::router::Paths;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use site::Site;
use std::hint::black_box;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// Caches are warm and statements compiled after so many.
const WARM_UP: usize = 20;
/// Few, for callgrind is slow, and enough for a checkpoint of the log to weigh little.
const COUNTED: usize = 200;

type Answers = anyhow::Result<Vec<Answer>>;

fn main() -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let site = runtime.block_on(Site::open())?;
    let run = Run {
        runtime: &runtime,
        paths: &site.paths,
    };
    run.count("metadata", each(0..ALL, |_| site.metadata())?)?;
    let tokens = run.walk(&site, "default", ["authorize", "code", "refresh"])?;
    run.count("introspect", each(&tokens, |it| site.introspect(it))?)?;
    run.count("bearer", each(&tokens, |it| site.me(it))?)?;
    let names = ["authorize_openid", "code_id_token", "refresh_id_token"];
    run.walk(&site, "openid email", names)?;
    runtime.block_on(site.close());
    Ok(())
}

const ALL: usize = WARM_UP + COUNTED;

/// What was answered.
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

struct Run<'a> {
    runtime: &'a Runtime,
    paths: &'a Paths,
}

impl Run<'_> {
    /// As every app goes: a code, its exchange, and once on with the refresh token; the
    /// access tokens of the end.
    fn walk(&self, site: &Site, scope: &str, names: [&str; 3]) -> anyhow::Result<Vec<String>> {
        self.runtime.block_on(site.consent(scope))?;
        let [authorize, code, refresh] = names;
        let answers = self.count(authorize, each(0..ALL, |_| site.authorize(scope))?)?;
        let codes = each(&answers, Answer::code)?;
        let answers = self.count(code, each(&codes, |it| site.exchange(it))?)?;
        let tokens = each(&answers, |it| it.member("refresh_token"))?;
        let answers = self.count(refresh, each(&tokens, |it| site.refresh(it))?)?;
        each(&answers, |it| it.member("access_token"))
    }

    fn count(&self, name: &str, mut requests: Vec<Request<Body>>) -> Answers {
        let measured = requests.split_off(WARM_UP);
        let mut answers = self.runtime.block_on(send(self.paths.clone(), requests))?;
        eprintln!("{name} {}", measured.len());
        begin_count();
        let counted = self.runtime.block_on(send(self.paths.clone(), measured));
        end_count();
        answers.extend(counted?);
        Ok(answers)
    }
}

/// Callgrind begins to count where this is called.
#[inline(never)]
fn begin_count() {
    black_box("begin");
}

/// And writes down here what it counted.
#[inline(never)]
fn end_count() {
    black_box("end");
}

async fn send(paths: Paths, requests: Vec<Request<Body>>) -> Answers {
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let Ok(answer) = paths.clone().oneshot(request).await;
        answers.push(Answer::of(answer).await?);
    }
    Ok(answers)
}

impl Answer {
    async fn of(answer: Response) -> anyhow::Result<Self> {
        let (parts, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        let done = matches!(parts.status, StatusCode::OK | StatusCode::SEE_OTHER);
        anyhow::ensure!(done, "{}: {body:?}", parts.status);
        Ok(Self {
            headers: parts.headers,
            body,
        })
    }

    /// The code that the browser is sent back with.
    fn code(&self) -> anyhow::Result<String> {
        let location = self.headers.get(header::LOCATION);
        let location = location.map_or("", |it| it.to_str().unwrap_or_default());
        let (_, rest) = location.split_once("code=").unwrap_or_default();
        let code = rest.split('&').next().unwrap_or_default();
        anyhow::ensure!(!code.is_empty(), "no code: {location} {:?}", self.body);
        Ok(code.to_owned())
    }

    fn member(&self, name: &str) -> anyhow::Result<String> {
        let answer: Value = serde_json::from_slice(&self.body)?;
        let member = answer[name].as_str();
        member
            .map(str::to_owned)
            .ok_or_else(|| anyhow::anyhow!("no {name} in {answer}"))
    }
}

fn each<T, U>(
    from: impl IntoIterator<Item = T>,
    make: impl FnMut(T) -> anyhow::Result<U>,
) -> anyhow::Result<Vec<U>> {
    from.into_iter().map(make).collect()
}
