//! Ports for servers that are started again: outside of the range from which the
//! kernel gives ports to clients, so that nobody has taken it meanwhile. Every second one:
//! the demo takes the one beside its own.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU32, Ordering},
};

static NEXT: AtomicU32 = AtomicU32::new(0);

pub fn quiet_port() -> u16 {
    let first = std::process::id().wrapping_mul(37);
    loop {
        let number = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + 2 * (number % 6_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
