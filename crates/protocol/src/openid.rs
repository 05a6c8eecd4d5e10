//! OpenID Connect: who logged in, and what of her an app may know.
//!
//! ```text
//! claims.rs        what can be said of a user, by scope or on request
//! profile.rs       what a user says of herself
//! subject.rs       her name to an app: the same for all, or one for each sector
//! login.rs         how and when she proved who she is
//! id_token.rs      all of that as the claims of an ID token
//! registration.rs  what an app has chosen, in the words of RFC 7591
//! upstream.rs      a login that a provider elsewhere makes for this server
//! linking.rs       whose account that is
//! initiate.rs      a login that begins here instead of at the app
//! logout.rs        who is signed out when an app asks, and where she goes then
//! session_state.rs whether a login has changed, for an app to compare
//! ```

pub mod claims;
pub mod id_token;
pub mod initiate;
pub mod linking;
pub mod login;
pub mod logout;
pub mod profile;
pub mod registration;
pub mod session_state;
pub mod subject;
pub mod upstream;
