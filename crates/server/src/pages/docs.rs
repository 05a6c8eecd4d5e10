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

/// An address, and the message that says what it is for.
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
        sentence: "docs-request-me",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/users/me/authorizations",
        sentence: "docs-request-authorizations",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/users/me/personal_access_tokens",
        sentence: "docs-request-tokens",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/openid_connect/userinfo",
        sentence: "docs-request-userinfo",
    },
    Entry {
        method: "POST",
        path: "/api/1.0/openid_connect/userinfo",
        sentence: "docs-request-userinfo-post",
    },
];

/// Where an app talks to this server.
pub const ENDPOINTS: [Entry; 7] = [
    Entry {
        method: "GET",
        path: routes::AUTHORIZE,
        sentence: "docs-endpoint-authorize",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_token",
        sentence: "docs-endpoint-token",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_revoke",
        sentence: "docs-endpoint-revoke",
    },
    Entry {
        method: "POST",
        path: "/-/oauth_introspect",
        sentence: "docs-endpoint-introspect",
    },
    Entry {
        method: "GET",
        path: "/.well-known/openid-configuration",
        sentence: "docs-endpoint-discovery",
    },
    Entry {
        method: "GET",
        path: "/api/1.0/openid_connect/jwks",
        sentence: "docs-endpoint-keys",
    },
    Entry {
        method: "POST",
        path: "/-/token_info",
        sentence: "docs-endpoint-token-info",
    },
];

/// What an ID token says of the login, whatever the scopes: claims and their messages.
pub const ID_TOKEN: [(&str, &str); 11] = [
    ("iss", "docs-claim-iss"),
    ("sub", "docs-claim-sub"),
    ("aud", "docs-claim-aud"),
    ("exp", "docs-claim-exp"),
    ("nonce", "docs-claim-nonce"),
    ("auth_time", "docs-claim-auth-time"),
    ("acr", "docs-claim-acr"),
    ("amr", "docs-claim-amr"),
    ("sid", "docs-claim-sid"),
    ("at_hash", "docs-claim-at-hash"),
    ("c_hash", "docs-claim-c-hash"),
];
/// The parameter `claims` of an app that wants more than a password.
const INSISTING: &str = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
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
    use crate::{failure::Format, language::Language};
    use grantor_jose::algorithm::Algorithm;
    use grantor_protocol::{
        openid::{
            claims::{ClaimSet, ClaimsRequest},
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
    fn every_level_of_a_login_is_explained() {
        for (language, level) in Language::ALL
            .into_iter()
            .flat_map(|it| Level::all().map(move |level| (it, level)))
        {
            let says = |id, value: &str| {
                let said = language.text(id);
                assert!(said.contains(&format!("<code>{value}</code>")), "{said}");
            };
            says("docs-claim-acr", level.acr());
            for method in level.amr() {
                says("docs-claim-amr", method);
            }
        }
        let asked = ClaimsRequest::parse(INSISTING).expect("a claims parameter");
        assert_eq!(
            asked.essential_acr,
            [*Level::CLASSES.last().expect("a class")]
        );
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
