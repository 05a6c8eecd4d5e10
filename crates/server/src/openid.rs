//! OpenID Connect: ID tokens, userinfo, and the keys that they are checked with.

pub mod back_channel;
pub mod check_session;
pub mod hint;
pub mod id_token;
pub mod keys;
pub mod protect;
pub mod registration;
pub mod signers;
pub mod userinfo;
