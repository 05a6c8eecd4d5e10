//! The road back to an app, and what is put on it.

use super::response::ResponseMode;
use crate::{
    error::Cause,
    redirect::{Place, RedirectUri, with_params},
    scope::ScopeSet,
    secret::Secret,
    time::Millis,
};

/// The one road back to an app. Only `validate` makes it, from a verified
/// client and a redirect URI registered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    pub(super) uri: RedirectUri,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<String>,
    pub(super) issuer: String,
}

/// An answer on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The browser is sent to this address.
    Redirect(String),
    /// The browser posts these fields to this address (Form Post Response Mode §2).
    Post {
        uri: String,
        fields: Vec<(&'static str, String)>,
    },
}

/// What an approved request is answered with: what its response type asks for.
#[derive(Default)]
pub struct Granted<'a> {
    pub code: Option<&'a Secret>,
    /// An access token, its lifetime and its scopes.
    pub token: Option<(&'a Secret, Millis, &'a ScopeSet)>,
    pub id_token: Option<&'a str>,
    /// OpenID Connect Session Management §3.
    pub session_state: Option<String>,
}

impl ReturnTo {
    /// The URI as the app asked for it, which its code is bound to.
    pub fn uri(&self) -> &RedirectUri {
        &self.uri
    }

    /// The answer is a page here instead of a redirect.
    pub fn is_out_of_band(&self) -> bool {
        self.uri.is_oob()
    }

    /// What tells the app of a refusal (RFC 6749 §4.1.2.1).
    pub fn with_error(&self, cause: Cause) -> Delivery {
        self.refused(cause, cause.description().to_owned())
    }

    /// The same of a scope that is not offered, which is named.
    pub fn with_unknown(&self, scope: &str) -> Delivery {
        let description = format!(
            "scope names '{scope}', which is not offered here; scopes_supported in the metadata lists what is."
        );
        self.refused(Cause::ScopeUnknown, description)
    }

    fn refused(&self, cause: Cause, description: String) -> Delivery {
        self.with(vec![
            ("error", cause.code().as_str().to_owned()),
            ("error_description", description),
        ])
    }

    /// What carries a code (RFC 6749 §4.1.2), an access token (§4.2.2, also under the
    /// name that the described service uses, `token`) and an ID token (OpenID Connect
    /// Core §3.2.2.5, §3.3.2.5).
    pub fn with_answer(&self, granted: Granted<'_>) -> Delivery {
        let mut params = Vec::new();
        if let Some(code) = granted.code {
            params.push(("code", code.reveal_for_response().to_owned()));
        }
        if let Some((token, lifetime, scopes)) = granted.token {
            let token = token.reveal_for_response();
            params.extend([
                ("access_token", token.to_owned()),
                ("token", token.to_owned()),
                ("token_type", "bearer".to_owned()), // RFC 6749 §7.1
                ("expires_in", lifetime.as_seconds().to_string()),
                ("scope", scopes.to_string()),
            ]);
        }
        if let Some(id_token) = granted.id_token {
            params.push(("id_token", id_token.to_owned()));
        }
        if let Some(session_state) = granted.session_state {
            params.push(("session_state", session_state));
        }
        self.with(params)
    }

    fn with(&self, mut params: Vec<(&'static str, String)>) -> Delivery {
        if let Some(state) = &self.state {
            params.push(("state", state.clone()));
        }
        params.push(("iss", self.issuer.clone())); // RFC 9207 §2
        let place = match self.mode {
            ResponseMode::Query => Place::Query,
            ResponseMode::Fragment => Place::Fragment,
            ResponseMode::FormPost => {
                let uri = self.uri.as_str().to_owned();
                return Delivery::Post {
                    uri,
                    fields: params,
                };
            }
        };
        let pairs: Vec<_> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Delivery::Redirect(with_params(self.uri.as_str(), &pairs, place))
    }
}
