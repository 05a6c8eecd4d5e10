//! Logging users in by an OpenID provider elsewhere: this server is its client.
//!
//! 1. [`Metadata::parse`]: what the provider says of itself.
//! 2. [`read_answer`]: what came back by way of the browser.
//! 3. [`id_token::judge`]: what the ID token proves.
//! 4. [`super::linking::decide`]: whose account that is.

pub mod id_token;

use crate::form::Params;
use grantor_jose::{
    algorithm::Algorithm,
    claims::{ClaimError, Claims},
    json::{JsonError, parse_object},
};
use serde_json::{Map, Value};

/// The longest document that a provider may have of itself, in bytes.
pub const MAX_METADATA_BYTES: usize = 64 * 1024;
/// What ID tokens may be signed with: with public keys alone.
const SIGNED_WITH: [Algorithm; 4] = [
    Algorithm::Rs256,
    Algorithm::Ps256,
    Algorithm::Es256,
    Algorithm::EdDsa,
];

/// Why a login by a provider came to nothing. The sentences are for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the provider's document cannot be read: {0}")]
    Json(#[from] JsonError),
    #[error("the provider's document is one of another issuer")]
    OtherDocument,
    #[error("the provider's document lacks {0}, or it is no text")]
    Member(&'static str),
    #[error("the provider signs ID tokens with nothing that this server accepts")]
    NoAlgorithm,
    #[error("the answer does not say that it is of this provider")]
    OtherIssuer,
    #[error("the answer has neither a code nor an error")]
    NoCode,
    #[error("the ID token is signed with an algorithm that the provider does not announce")]
    OtherAlgorithm,
    #[error("no key of the provider has signed the ID token")]
    Signature,
    #[error("the ID token: {0}")]
    Claim(#[from] ClaimError),
    #[error("the ID token is for other parties too, or for another one")]
    Audience,
    #[error("the ID token is of another login")]
    Nonce,
    #[error("the ID token belongs to another access token")]
    AccessToken,
    #[error("the subject must have 1 to 255 ASCII characters")]
    Subject,
    #[error("the user did not log in anew at the provider, or it does not say when she did")]
    NotFresh,
    #[error("the answer of userinfo is about somebody else")]
    OtherUser,
}

/// What a provider says of itself, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: Option<String>,
    pub jwks_uri: String,
    pub algorithms: Vec<Algorithm>,
    /// Whether each of its answers says whose it is.
    pub names_itself: bool,
    /// Whether its client sends the secret in the form rather than by HTTP Basic.
    pub secret_in_form: bool,
}

impl Metadata {
    /// Reads the document of `issuer`.
    ///
    /// # Errors
    /// [`Fault`], at the first thing wrong.
    pub fn parse(text: &[u8], issuer: &str) -> Result<Self, Fault> {
        let members = parse_object(text, MAX_METADATA_BYTES)?;
        let text = |name: &'static str| required(&members, name);
        if text("issuer")? != issuer {
            return Err(Fault::OtherDocument); // OpenID Connect Discovery §4.3
        }
        let names = |name: &str| list(&members, name);
        let announced = names("id_token_signing_alg_values_supported");
        let accepted = SIGNED_WITH.into_iter();
        let accepted = accepted.filter(|it| announced.iter().any(|name| is_named(*it, name)));
        let algorithms: Vec<_> = accepted.collect();
        if algorithms.is_empty() {
            return Err(Fault::NoAlgorithm);
        }
        let methods = names("token_endpoint_auth_methods_supported");
        let offers = |method: &str| methods.contains(&method);
        Ok(Self {
            authorization_endpoint: text("authorization_endpoint")?,
            token_endpoint: text("token_endpoint")?,
            userinfo_endpoint: text("userinfo_endpoint").ok(),
            jwks_uri: text("jwks_uri")?,
            algorithms,
            names_itself: members.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            secret_in_form: offers("client_secret_post") && !offers("client_secret_basic"),
        })
    }
}

fn is_named(algorithm: Algorithm, name: &str) -> bool {
    Algorithm::parse(name) == Some(algorithm)
}

fn required(members: &Map<String, Value>, name: &'static str) -> Result<String, Fault> {
    let value = members.get(name).and_then(Value::as_str);
    value.map(str::to_owned).ok_or(Fault::Member(name))
}

fn list<'m>(members: &'m Map<String, Value>, name: &str) -> Vec<&'m str> {
    let list = members.get(name).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// What came back from the provider.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer<'p> {
    Code(&'p str),
    /// With the provider's own name for why.
    Refused(&'p str),
}

/// Reads an answer that came where those of `issuer` are expected. Whose it is, comes
/// first: an error of another provider is none either.
///
/// # Errors
/// [`Fault::OtherIssuer`], [`Fault::NoCode`].
pub fn read_answer<'p>(
    params: &'p Params,
    issuer: &str,
    names_itself: bool,
) -> Result<Answer<'p>, Fault> {
    match params.get("iss") {
        Some(iss) if iss != issuer => return Err(Fault::OtherIssuer), // RFC 9207 §2.4
        None if names_itself => return Err(Fault::OtherIssuer),       // RFC 9207 §2.4
        _ => {}
    }
    if let Some(error) = params.get("error") {
        return Ok(Answer::Refused(error));
    }
    params.get("code").map(Answer::Code).ok_or(Fault::NoCode)
}

/// Who somebody is, in the words of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub name: Option<String>,
    pub email: Option<String>,
    /// Whether the provider has checked the address: only its own `true` says so.
    pub email_verified: bool,
    /// In which language.
    pub locale: Option<String>,
}

impl About {
    pub fn of(claims: &Claims) -> Self {
        let text = |name| claims.text(name).ok().flatten().map(str::to_owned);
        let parts = [text("given_name"), text("family_name")];
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            name: text("name").or(Some(joined).filter(|name| !name.is_empty())),
            email: text("email"),
            email_verified: claims.get("email_verified") == Some(&Value::Bool(true)),
            locale: text("locale"),
        }
    }

    /// Whether userinfo would have more to say.
    pub fn is_whole(&self) -> bool {
        self.name.is_some() && self.email.is_some()
    }
}

/// What userinfo says of `subject`.
///
/// # Errors
/// [`Fault::OtherUser`], [`Fault::Claim`].
pub fn userinfo(text: &[u8], subject: &str) -> Result<About, Fault> {
    let claims = Claims::parse(text, MAX_METADATA_BYTES)?;
    match claims.required_text("sub")? == subject {
        true => Ok(About::of(&claims)),
        false => Err(Fault::OtherUser), // OpenID Connect Core §5.3.2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ISSUER: &str = "https://id.example";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES512"],
        })
    }

    fn parse(document: &Value) -> Result<Metadata, Fault> {
        Metadata::parse(document.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_providers_document_is_its_own_and_names_what_is_needed() {
        let read = parse(&document()).unwrap();
        assert_eq!(read.algorithms, [Algorithm::Rs256]);
        assert!(!read.names_itself && !read.secret_in_form);
        for other in [
            "https://id.example/",
            "https://ID.example",
            "http://id.example",
        ] {
            let mut document = document();
            document["issuer"] = other.into();
            assert_eq!(parse(&document), Err(Fault::OtherDocument), "{other}");
        }
        for name in [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
        ] {
            let mut document = document();
            document[name] = Value::Null;
            assert_eq!(parse(&document), Err(Fault::Member(name)));
        }
        for weak in [
            json!(["none"]),
            json!(["HS256"]),
            json!([]),
            json!("RS256"),
            Value::Null,
        ] {
            let mut document = document();
            document["id_token_signing_alg_values_supported"] = weak;
            assert_eq!(parse(&document), Err(Fault::NoAlgorithm));
        }
    }

    #[test]
    fn the_secret_travels_as_the_provider_wants_it() {
        for (methods, in_form) in [
            (json!(null), false),
            (json!(["client_secret_post"]), true),
            (json!(["client_secret_post", "client_secret_basic"]), false),
        ] {
            let mut document = document();
            document["token_endpoint_auth_methods_supported"] = methods;
            assert_eq!(parse(&document).unwrap().secret_in_form, in_form);
        }
    }

    #[test]
    fn an_answer_says_whose_it_is_before_it_says_anything() {
        let answer = |query: &str, names_itself| {
            let params = Params::parse(query.as_bytes()).unwrap();
            match read_answer(&params, ISSUER, names_itself) {
                Ok(answer) => format!("{answer:?}"),
                Err(fault) => format!("{fault:?}"),
            }
        };
        let ours = "iss=https%3A%2F%2Fid.example";
        assert_eq!(answer("code=c", false), "Code(\"c\")");
        assert_eq!(answer("code=c", true), "OtherIssuer");
        assert_eq!(answer(&format!("code=c&{ours}"), true), "Code(\"c\")");
        assert_eq!(
            answer("code=c&iss=https%3A%2F%2Fevil.example", false),
            "OtherIssuer"
        );
        assert_eq!(
            answer("error=x&iss=https%3A%2F%2Fevil.example", true),
            "OtherIssuer"
        );
        assert_eq!(
            answer("code=c&iss=https%3A%2F%2Fid.example%2F", true),
            "OtherIssuer"
        );
        assert_eq!(
            answer(&format!("error=access_denied&code=c&{ours}"), true),
            "Refused(\"access_denied\")"
        );
        assert_eq!(answer(ours, true), "NoCode");
    }

    #[test]
    fn an_address_is_checked_only_where_the_provider_says_true() {
        for (said, verified) in [
            (json!(true), true),
            (json!("true"), false),
            (json!(1), false),
            (json!(false), false),
            (json!(null), false),
        ] {
            let text = json!({"sub": "7", "email": "a@b.example", "email_verified": said});
            let about = userinfo(text.to_string().as_bytes(), "7").unwrap();
            assert_eq!(about.email_verified, verified, "{said}");
        }
        let somebody = json!({"sub": "8", "email": "a@b.example"}).to_string();
        assert_eq!(userinfo(somebody.as_bytes(), "7"), Err(Fault::OtherUser));
        let nobody = json!({"email": "a@b.example"}).to_string();
        assert!(userinfo(nobody.as_bytes(), "7").is_err());
    }
}
