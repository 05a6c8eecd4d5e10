//! The protocol's endpoints: each loads facts, lets `grantor_protocol` decide, and
//! applies the verdict.

pub mod authorize;
pub mod client;
pub mod introspect;
pub mod metadata;
pub mod request_object;
pub mod revoke;
pub mod token;
