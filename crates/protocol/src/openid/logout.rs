//! Signing out because an app asks for it (OpenID Connect RP-Initiated Logout), and what
//! tells the others (OpenID Connect Front-Channel Logout, Back-Channel Logout).

use crate::{
    client::Client,
    form::Params,
    redirect::{Place, RedirectUri, with_params},
    time::{Millis, Timestamp},
};
use serde_json::{Map, Value, json};

/// The ID token that a request brings to say who is to be signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hinted {
    Nobody,
    /// It is not one that this server has made.
    Unreadable,
    /// It was made for the app of the request.
    Login {
        /// Whether it tells of the login at this very browser.
        here: bool,
    },
}

/// The facts beside the request itself.
pub struct Situation<'a> {
    pub hinted: Hinted,
    /// The app that the hint was made for; without a hint, the one that `client_id` names.
    pub client: Option<&'a Client>,
    /// Whether somebody is signed in at this browser.
    pub signed_in: bool,
    /// Whether she has said that she wants to sign out.
    pub confirmed: bool,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// She is asked: nobody else's link signs her out.
    Ask(Option<Onward>),
    /// Her session ends, and she goes on.
    End(Option<Onward>),
    /// There is nobody to sign out.
    Nobody(Option<Onward>),
}

/// Where the app wants the user back. Only [`next_step`] makes one, of what the app has
/// registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onward {
    uri: RedirectUri,
    state: Option<String>,
    /// Whether an ID token shows that the app sent her, or she herself has said what to do.
    sure: bool,
}

impl Onward {
    pub fn address(&self) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        with_params(self.uri.as_str(), state.as_slice(), Place::Query)
    }

    /// For the `form-action` of the page that asks.
    pub fn csp_source(&self) -> Option<String> {
        self.uri.csp_source()
    }

    /// Whether the browser may be sent there without a click.
    pub fn is_sure(&self) -> bool {
        self.sure
    }
}

/// Why a request is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    HintInvalid,
    ClientUnknown,
    ClientDiffers,
    ClientMissing,
    RedirectUnregistered,
}

/// The only dispatcher of the end-session endpoint.
///
/// # Errors
/// The request is wrong in itself: nothing ends and nobody is sent anywhere by it.
pub fn next_step(params: &Params, facts: &Situation<'_>) -> Result<Step, Trouble> {
    let onward = onward(params, facts)?;
    let known = facts.hinted == Hinted::Login { here: true };
    Ok(match facts.signed_in {
        false => Step::Nobody(onward),
        true if known || facts.confirmed => Step::End(onward),
        true => Step::Ask(onward), // OpenID Connect RP-Initiated Logout §2
    })
}

fn onward(params: &Params, facts: &Situation<'_>) -> Result<Option<Onward>, Trouble> {
    if facts.hinted == Hinted::Unreadable {
        return Err(Trouble::HintInvalid); // OpenID Connect RP-Initiated Logout §4
    }
    if let Some(named) = params.get("client_id") {
        let client = facts.client.ok_or(Trouble::ClientUnknown)?;
        if client.id.to_string() != named {
            return Err(Trouble::ClientDiffers); // OpenID Connect RP-Initiated Logout §2
        }
    }
    let Some(uri) = params.get("post_logout_redirect_uri") else {
        return Ok(None);
    };
    let client = facts.client.ok_or(Trouble::ClientMissing)?;
    let registered = &client.registration.post_logout_redirect_uris;
    if client.suspended || !registered.iter().any(|registered| registered == uri) {
        return Err(Trouble::RedirectUnregistered); // OpenID Connect RP-Initiated Logout §3
    }
    let uri = RedirectUri::parse(uri, client.kind).ok();
    let uri = uri.filter(|uri| !uri.is_oob());
    Ok(Some(Onward {
        uri: uri.ok_or(Trouble::RedirectUnregistered)?,
        state: params.get("state").map(str::to_owned),
        sure: facts.confirmed || facts.hinted != Hinted::Nobody,
    }))
}

/// What tells an app by way of the browser that a session has ended: loaded in a frame
/// (OpenID Connect Front-Channel Logout §2). `None`: the app does not want to be told so.
pub fn front_channel(client: &Client, issuer: &str, sid: &str) -> Option<RedirectUri> {
    let uri = client.registration.frontchannel_logout_uri.as_deref()?;
    let uri = RedirectUri::parse(uri, client.kind).ok()?;
    let fit = uri.origin().is_some() && !client.suspended;
    let told = [("iss", issuer), ("sid", sid)]; // OpenID Connect Front-Channel Logout §2
    let address = with_params(uri.as_str(), &told, Place::Query);
    fit.then(|| RedirectUri::from_registered(address))
}

/// How long a logout token is good for, in which it must have arrived.
const LIFETIME: Millis = Millis::minutes(2);

/// The facts of one logout token.
pub struct LogoutToken<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    pub client_id: &'a str,
    pub sid: &'a str,
    pub issued: Timestamp,
    /// Never the same twice.
    pub id: &'a str,
}

impl LogoutToken<'_> {
    /// With no `nonce` among them, by which it can be told from an ID token.
    pub fn claims(&self) -> Map<String, Value> {
        const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
        [
            ("iss", json!(self.issuer)),
            ("sub", json!(self.subject)),
            ("aud", json!(self.client_id)),
            ("iat", json!(self.issued.seconds())),
            ("exp", json!((self.issued + LIFETIME).seconds())),
            ("jti", json!(self.id)),
            ("sid", json!(self.sid)),
            ("events", json!({ EVENT: {} })), // OpenID Connect Back-Channel Logout §2.4
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logout_token_is_no_id_token() {
        let token = LogoutToken {
            issuer: "https://id.example",
            subject: "7",
            client_id: "100",
            sid: "s",
            issued: Timestamp(1_800_000_000_999),
            id: "j",
        };
        let expected = json!({
            "iss": "https://id.example",
            "sub": "7",
            "aud": "100",
            "iat": 1_800_000_000,
            "exp": 1_800_000_120,
            "jti": "j",
            "sid": "s",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        assert_eq!(Value::Object(token.claims()), expected);
    }
}
