//! `/docs`: how to call the API and connect an app, on one page; the documents for
//! machines are linked there.

use askama::Template;

use super::{
    Frame, Place, ScopeLine,
    page::{Page, html},
};
use crate::{failure::Answer, routes};
use grantor_protocol::{openid::claims::Claim, scope};

#[derive(Template)]
#[template(path = "docs.html")]
pub struct Docs {
    pub frame: Frame,
    /// Of this server.
    pub origin: String,
    /// What it is called in tokens.
    pub issuer: String,
    pub scopes: Vec<ScopeLine>,
}

/// An address and what it is for.
pub struct Entry {
    pub method: &'static str,
    pub path: &'static str,
    pub sentence: &'static str,
}

/// What a bearer token may ask.
pub const REQUESTS: [Entry; 5] = [
    Entry {
        method: "GET",
        path: "/api/1.0/users/me",
        sentence: "The user whom the token belongs to: gid, name, email address, photo.",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/users/me/authorizations",
        sentence: "The apps that the user allowed, with their scopes and last use.",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/users/me/personal_access_tokens",
        sentence: "The user’s personal access tokens, without their texts.",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/openid_connect/userinfo",
        sentence: "Userinfo: who logged in, as far as the scopes go. Needs the scope openid.",
    },
    Entry {
        method: "POST",
        path: "/api/1.0/openid_connect/userinfo",
        sentence: "The same, for libraries that post.",
    },
];

/// Where an app talks to this server.
pub const ENDPOINTS: [Entry; 7] = [
    Entry {
        method: "GET",
        path: routes::AUTHORIZE,
        sentence: "Authorization: where the app sends the user’s browser.",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_token",
        sentence: "Token: a code or a refresh token becomes an access token.",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_revoke",
        sentence: "Revocation: the app gives a token back, for instance when its user leaves.",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_introspect",
        sentence: "Introspection: what a token of the app may do, for apps with a secret.",
    },
    Entry {
        method: "GET",
        path: "/.well-known/openid-configuration",
        sentence: "Discovery: everything that an OpenID Connect library needs to know.",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/openid_connect/jwks",
        sentence: "Keys: what ID tokens are verified with.",
    },
    Entry {
        method: "POST",
        path: "/-/token_info",
        sentence: "Token info: what a token says about itself, to whoever holds it.",
    },
];

/// What an ID token says of the login, whatever the scopes.
pub const ID_TOKEN: [(&str, &str); 11] = [
    ("iss", "This server. Compare it."),
    (
        "sub",
        "Who logged in: the user’s name to your app, for good. Keep accounts by this and nothing else.",
    ),
    ("aud", "Your client ID. Compare it; azp says the same."),
    (
        "exp",
        "When the token stops being good, in seconds since 1970; iat says when it was made.",
    ),
    (
        "nonce",
        "What your request sent. Compare it with what the browser’s session kept.",
    ),
    ("auth_time", "When the user last typed the password."),
    ("acr", "How sure we are: 1 is a password."),
    ("amr", "How we know: pwd is a password."),
    ("sid", "The session, to be recognised in logout messages."),
    ("at_hash", "Ties the token to the access token beside it."),
    (
        "c_hash",
        "Ties it to the code beside it, in answers through the browser.",
    ),
];
/// Said within another claim's sentence.
#[cfg(test)]
const SAID_BESIDE: [&str; 2] = ["azp", "iat"];

/// The scopes that ask for claims, each with these.
fn claims_by_scope() -> Vec<(&'static str, Vec<&'static str>)> {
    let scopes = [scope::PROFILE, scope::EMAIL, scope::ADDRESS, scope::PHONE];
    let of = |scope| {
        let asked = Claim::ALL.iter().filter(|claim| claim.scope() == scope);
        (scope, asked.map(|claim| claim.name()).collect())
    };
    scopes.map(of).to_vec()
}

pub async fn show(page: Page) -> Answer {
    html(&Docs {
        frame: page.frame(Place::Elsewhere),
        origin: page.app.config.service.public_url.origin().to_owned(),
        issuer: page.app.policy.issuer.clone(),
        scopes: page
            .app
            .policy
            .scopes
            .iter()
            .map(|scope| ScopeLine {
                name: scope.as_str().to_owned(),
                sentence: page
                    .app
                    .scope_sentence(scope.as_str(), page.context.language),
            })
            .collect(),
    })
}

#[cfg(test)]
impl Docs {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let docs = Self {
            frame: Frame::sample_out(),
            origin: "https://auth.example.org".into(),
            issuer: "https://auth.example.org".into(),
            scopes: ScopeLine::samples(),
        };
        vec![("docs", docs)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Format;
    use grantor_jose::algorithm::Algorithm;
    use grantor_protocol::{
        openid::{
            claims::ClaimSet,
            id_token::IdToken,
            login::{Level, Login},
        },
        time::Timestamp,
    };

    #[test]
    fn every_request_of_the_api_and_no_other_is_listed() {
        let mut served: Vec<_> = routes::routes()
            .iter()
            .filter(|route| matches!(route.access, routes::Access::Bearer(_)))
            // Those of directories, SCIM describes.
            .filter(|route| !route.path.starts_with(crate::scim::BASE))
            .map(|route| (route.method, route.path))
            .collect();
        let mut listed = REQUESTS.map(|entry| (entry.method, entry.path)).to_vec();
        served.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, served);
    }

    #[test]
    fn every_claim_of_an_id_token_and_no_other_is_listed() {
        let login = Login {
            session: 1,
            auth_time: Timestamp(0),
            level: Level::PASSWORD,
            nonce: Some("n".into()),
            id_token: ClaimSet::default(),
            userinfo: ClaimSet::default(),
        };
        let token = IdToken {
            issuer: "",
            subject: "",
            client_id: "",
            login: &login,
            sid: "",
            issued: Timestamp(0),
            access_token: Some("a"),
            code: Some("c"),
        };
        let mut made: Vec<_> = token
            .claims(serde_json::Map::new(), Some(Algorithm::Rs256))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let listed = ID_TOKEN.map(|(name, _)| name);
        let mut listed = [&listed[..], &SAID_BESIDE].concat();
        made.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, made);
    }

    #[test]
    fn every_endpoint_that_is_listed_is_served() {
        let all = routes::routes();
        for entry in ENDPOINTS {
            let served = all.iter().find(|route| {
                (route.method, route.path) == (entry.method, entry.path)
                    && matches!(route.format, Format::OAuth | Format::Page)
            });
            assert!(served.is_some(), "{} {}", entry.method, entry.path);
        }
    }
}
