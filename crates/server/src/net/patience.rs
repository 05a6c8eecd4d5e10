//! How long a connection may keep us waiting. The HTTP library knows one
//! timer for "no complete head yet", which cannot be right for both a client
//! that dribbles half a request line and one that politely keeps a connection
//! open. So the bytes are listened to, and what they mean is known here.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::Version;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Limits;

/// What a connection is doing, as its parts tell it.
pub(super) struct Activity {
    state: Mutex<State>,
    head_deadline: Duration,
    idle: Duration,
}

struct State {
    in_flight: usize,
    awaiting: Awaiting,
    since: Instant,
    /// On HTTP/2 bytes may be a ping or a window: they announce no head.
    multiplexed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaiting {
    /// A head that must come now: the first one, one that has begun, or the
    /// last before the end.
    Head,
    /// The next request, whenever the client wants one.
    Next,
}

impl Activity {
    pub(super) fn new(accepted: Instant, limits: &Limits) -> Arc<Self> {
        let state = State {
            in_flight: 0,
            awaiting: Awaiting::Head,
            since: accepted,
            multiplexed: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            head_deadline: limits.head_deadline,
            idle: limits.idle,
        })
    }

    /// A request is in flight until the returned value is dropped.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> InFlight {
        let mut state = self.state.lock();
        state.in_flight += 1;
        state.awaiting = Awaiting::Next;
        state.multiplexed = version == Version::HTTP_2;
        InFlight(self.clone())
    }

    fn heard(&self) {
        let mut state = self.state.lock();
        if state.in_flight == 0 && state.awaiting == Awaiting::Next && !state.multiplexed {
            state.awaiting = Awaiting::Head;
            state.since = Instant::now();
        }
    }

    /// An idle client is told goodbye and gets the time of one head to take
    /// it. Whoever owes us something already gets no more.
    pub(super) fn last_chance(&self) -> bool {
        let mut state = self.state.lock();
        let idle = state.awaiting == Awaiting::Next;
        state.awaiting = Awaiting::Head;
        state.since = Instant::now();
        idle
    }

    /// When patience ends; never while it is we who are working.
    fn due(&self) -> Option<Instant> {
        let state = self.state.lock();
        let length = match state.awaiting {
            Awaiting::Head => self.head_deadline,
            Awaiting::Next => self.idle,
        };
        (state.in_flight == 0).then(|| state.since + length)
    }
}

pub(super) struct InFlight(Arc<Activity>);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.in_flight -= 1;
        state.awaiting = Awaiting::Next;
        state.since = Instant::now();
    }
}

/// The timer of a connection. It is set only when a deadline comes nearer:
/// requests that follow each other quickly never touch it.
pub(super) struct Patience {
    activity: Arc<Activity>,
    timer: Pin<Box<Sleep>>,
}

impl Patience {
    pub(super) fn new(activity: Arc<Activity>) -> Self {
        let first = activity.due().unwrap_or_else(Instant::now);
        Self {
            activity,
            timer: Box::pin(sleep_until(first)),
        }
    }

    /// Must be polled after each poll of the connection, which changes what
    /// is due.
    pub(super) async fn ended(&mut self) {
        poll_fn(|cx| {
            loop {
                let due = self.activity.due();
                if due.is_some_and(|due| due < self.timer.deadline()) {
                    self.timer.as_mut().reset(due.unwrap_or_else(Instant::now));
                }
                ready!(self.timer.as_mut().poll(cx));
                let now = Instant::now();
                match due {
                    Some(due) if due <= now => return Poll::Ready(()),
                    Some(due) => self.timer.as_mut().reset(due),
                    None => self.timer.as_mut().reset(now + self.activity.idle),
                }
            }
        })
        .await;
    }
}

/// A stream that tells when bytes arrive.
pub(super) struct Listened<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Listened<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Listened<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        if buffer.filled().len() > before {
            self.activity.heard();
        }
        Poll::Ready(result)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Listened<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
