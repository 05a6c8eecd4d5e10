//! What the OpenID Foundation's certification suite demands of a provider, module by
//! module. Each test runs the modules that it stands for as their plans do: once for
//! every response type, answered where it is by default and by a form. `docs/openid.md`
//! says which test stands for which module, and the last test here holds it to that.
//!
//! ```text
//! party.rs     a provider, a user, two clients      variant.rs   the plans' flows
//! reader.rs    what every answer must be like       the others   the modules, by subject
//! ```

mod claims;
mod login;
mod logout;
mod metadata;
mod party;
mod reader;
mod requests;
mod rotation;
mod table;
mod tokens;
mod variant;
