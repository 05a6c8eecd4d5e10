//! What each route does, by the tree of its URLs.

use crate::support::{App, Person, Reply, Site};
use grantor_protocol::time::Millis;

pub mod access;
mod account;
mod account_delete;
mod address;
mod admin;
mod admin_acts;
mod admin_introspection;
mod api;
mod apps;
mod apps_edit;
mod apps_openid;
mod apps_requests;
mod authorizations;
mod brand;
mod check_session;
mod consent;
mod factors;
mod health;
mod history;
mod login;
mod login_second;
mod logout;
mod logout_notices;
mod metadata;
mod oauth_authorize;
mod oauth_authorize_object;
mod oauth_introspect;
mod oauth_register;
mod oauth_register_openid;
mod oauth_revoke;
mod oauth_token;
mod oauth_token_assertion;
mod once;
mod password;
mod password_timing;
mod scim;
mod setup;
mod signup;
mod token_info;
mod tokens;
pub mod upstream;
mod userinfo;

pub use logout::claims as claims_of;
pub use setup::link as setup_link;

/// A site with a server app and a user who is signed in.
async fn scene() -> (Site, Person, App) {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    site.pass(Millis::minutes(1));
    (site, alice, clock)
}

/// A refusal of the protocol in one line.
fn refusal(name: &str, reply: &Reply) -> String {
    let (error, description) = (reply.member("error"), reply.member("error_description"));
    format!("{name:<36}{} {error}: {description}\n", reply.code())
}
