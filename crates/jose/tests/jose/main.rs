//! The crate as others see it: RFC vectors, attacks, another implementation, properties.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod attacks;
mod keys;
mod oracle;
mod properties;
mod sets;
mod vectors;
