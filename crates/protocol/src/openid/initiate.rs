//! A login that a third party, here the server itself, begins for an app (OpenID Connect
//! Core §4).

use crate::{
    client::Client,
    redirect::{Place, RedirectUri, with_params},
};

/// Where the app begins a login with `issuer`. It gets to know nothing of the user by that.
/// `None`: it cannot be asked to, or not now.
pub fn initiate_login(client: &Client, issuer: &str) -> Option<String> {
    let uri = client.registration.initiate_login_uri.as_deref()?;
    let uri = RedirectUri::parse(uri, client.kind).ok()?;
    let fit = uri.is_https() && !client.suspended; // OpenID Connect Core §4
    fit.then(|| with_params(uri.as_str(), &[("iss", issuer)], Place::Query))
}
