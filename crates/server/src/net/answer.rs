//! Around every request: its peer, its deadlines, and the rule that a bug in
//! a handler costs one answer and never the process.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::{App, Limits, Peer};

pub(super) async fn answer(
    app: impl App,
    request: Request<Incoming>,
    peer: Peer,
    limits: Limits,
) -> Response<Body> {
    let is_head = request.method() == Method::HEAD;
    let mut response = whole_answer(app, request, peer, limits).await;
    if is_head {
        let length = response.body().size_hint().exact();
        let headers = response.headers_mut();
        if let Some(length) = length {
            headers.entry(CONTENT_LENGTH).or_insert(length.into());
        }
        *response.body_mut() = Body::empty(); // RFC 9110 §9.3.2
    }
    response
}

async fn whole_answer(
    mut app: impl App,
    request: Request<Incoming>,
    peer: Peer,
    limits: Limits,
) -> Response<Body> {
    let url_size = request
        .uri()
        .path_and_query()
        .map_or(0, |url| url.as_str().len());
    if url_size > limits.url_size {
        return plain(
            StatusCode::URI_TOO_LONG,
            "The URL of this request is too long.\n",
        );
    }
    let uri = request.uri().clone();
    let body_due = Instant::now() + limits.body_deadline;
    let mut request = request.map(|body| match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(DueBody {
            body,
            due: Box::pin(sleep_until(body_due)),
        }),
    });
    request.extensions_mut().insert(peer);
    let handler = caught(async move { app.call(request).await });
    match timeout_at(body_due + limits.handler_deadline, handler).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(_panic)) => {
            // The path only: queries carry codes and states.
            tracing::error!(path = uri.path(), "a handler panicked: this is a bug");
            let text = "Something went wrong on our side. It has been logged.\n";
            plain(StatusCode::INTERNAL_SERVER_ERROR, text)
        }
        Err(_elapsed) => {
            tracing::warn!(
                path = uri.path(),
                "a request took too long and was given up"
            );
            let text = "This took too long and was given up. Try again later.\n";
            plain(StatusCode::SERVICE_UNAVAILABLE, text)
        }
    }
}

async fn caught<F: Future>(work: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut work = pin!(work);
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    )
    .await
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A request body that fails when it is not complete in time.
struct DueBody {
    body: Incoming,
    due: Pin<Box<Sleep>>,
}

#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("the request body did not arrive in time")]
    Late,
    #[error(transparent)]
    Broken(#[from] hyper::Error),
}

impl hyper::body::Body for DueBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => Poll::Ready(frame.map(|frame| Ok(frame?))),
            Poll::Pending => {
                ready!(self.due.as_mut().poll(cx));
                Poll::Ready(Some(Err(BodyError::Late)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
