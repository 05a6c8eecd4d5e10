//! What every answer must be like, read by a library that is not ours.

use super::variant::Variant;
use crate::support::{Call, ISSUER, Reply, Site};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, JwkSet},
};
use serde_json::Value;
use std::{collections::BTreeMap, str::FromStr};

/// Bits that a code must have, measured as the suite does.
const ENTROPY: f64 = 96.0;

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Query,
    Fragment,
    Form,
}

/// The parameters that came back to the app.
#[derive(Debug)]
pub struct Answer(BTreeMap<String, String>);

impl Answer {
    /// Reads an answer from its place, and sees that nothing stands anywhere else.
    pub fn read(reply: &Reply, place: Place, redirect: &str) -> Self {
        let pairs = match place {
            Place::Form => {
                assert_eq!(reply.code(), 200, "{}", reply.body);
                assert_eq!(reply.between("action=\"", "\""), Some(redirect));
                assert_eq!(reply.location(), "");
                form_fields(&reply.body)
            }
            Place::Query | Place::Fragment => {
                assert_eq!(reply.code(), 303, "{}", reply.body);
                let mark = if place == Place::Query { '?' } else { '#' };
                let rest = reply.location().strip_prefix(redirect).unwrap();
                let params = rest.strip_prefix(mark).unwrap();
                assert!(!params.contains(['?', '#']), "{params}");
                let pairs = url::form_urlencoded::parse(params.as_bytes());
                pairs.into_owned().collect()
            }
        };
        let count = pairs.len();
        let answer = Self(pairs.into_iter().collect());
        assert_eq!(answer.0.len(), count, "a name comes twice");
        assert_eq!(answer.get("iss"), Some(ISSUER));
        answer
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// An answer that grants what its response type names, and nothing else.
    pub fn check_members(&self, variant: Variant) {
        let response = variant.response;
        assert_eq!(self.get("error"), None, "{variant:?} {self:?}");
        for (name, expected) in [
            ("code", response.code),
            ("access_token", response.token),
            ("id_token", response.id_token),
        ] {
            assert_eq!(self.get(name).is_some(), expected, "{variant:?} {name}");
        }
        if let Some(code) = self.get("code") {
            assert!(entropy(code) >= ENTROPY, "{code}");
        }
        if response.token {
            assert!(
                self.get("token_type")
                    .unwrap()
                    .eq_ignore_ascii_case("bearer")
            );
            assert!(self.get("expires_in").unwrap().parse::<u32>().unwrap() > 0);
        }
    }

    /// A refusal, with no member that a refusal does not have.
    pub fn check_error(&self, possible: &[&str]) {
        let error = self.get("error").unwrap_or_default();
        assert!(possible.contains(&error), "{error} {self:?}");
        let legal = ["error", "error_description", "error_uri", "state", "iss"];
        assert!(self.0.keys().all(|name| legal.contains(&name.as_str())));
        let text = self.get("error_description").unwrap_or_default();
        let plain = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
        assert!(text.chars().all(plain), "{text}");
    }
}

/// The hidden fields of the page that sends itself.
fn form_fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("id=\"answer\"").nth(1).expect("the form");
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"")?;
        let value = rest.split('"').next()?;
        let value = value.replace("&#60;", "<").replace("&#62;", ">");
        let value = value.replace("&#34;", "\"").replace("&#39;", "'");
        Some((name.to_owned(), value.replace("&#38;", "&")))
    };
    inputs.filter_map(field).collect()
}

/// Shannon's, of the characters, times their number.
fn entropy(text: &str) -> f64 {
    let mut counts = BTreeMap::<char, f64>::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
    }
    let length = text.chars().count() as f64;
    let bits = counts.values().map(|count| {
        let share = count / length;
        -share * share.log2()
    });
    bits.sum::<f64>() * length
}

/// The published keys.
#[derive(Clone)]
pub struct Keys(pub Vec<Jwk>);

pub async fn keys(site: &Site) -> Keys {
    let reply = site.send(Call::get("/api/1.0/openid_connect/jwks")).await;
    let set: JwkSet = serde_json::from_value(reply.json()).unwrap();
    Keys(set.keys)
}

impl Keys {
    /// The claims of an ID token, proved by one of these keys; `None`: by none of them.
    pub fn verify(&self, client_id: &str, token: &str) -> Option<Claims> {
        let header = decode_header(token).unwrap();
        let kid = header.kid.clone().expect("a kid");
        let mut keys = self.0.iter();
        let key = keys.find(|key| key.common.key_id.as_ref() == Some(&kid))?;
        let algorithm = key.common.key_algorithm.unwrap().to_string();
        let mut rules = Validation::new(Algorithm::from_str(&algorithm).unwrap());
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[client_id]);
        rules.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        rules.validate_exp = false; // The site's clock stands.
        let key = DecodingKey::from_jwk(key).unwrap();
        let claims = decode::<Value>(token, &key, &rules).unwrap().claims;
        Some(Claims(claims))
    }

    /// As [`Self::verify`], at this moment.
    pub fn read(&self, site: &Site, client_id: &str, token: &str) -> Claims {
        let claims = self.verify(client_id, token).expect("a published key");
        let now = site.world.now().seconds();
        let number = |name: &str| claims.0[name].as_i64().unwrap();
        assert!((now - number("iat")).abs() <= 300 && now < number("exp"));
        claims
    }
}

/// What an ID token says.
#[derive(Clone, Debug, Default)]
pub struct Claims(pub Value);

impl Claims {
    pub fn number(&self, name: &str) -> i64 {
        self.0[name].as_i64().unwrap_or_else(|| panic!("{name}"))
    }

    /// The nonce of the request, and what the token came with.
    pub fn check(&self, nonce: Option<&str>, code: Option<&str>, access: Option<&str>) {
        let expected = |text: Option<&str>| text.map_or(Value::Null, |it| half_hash(it).into());
        assert_eq!(self.0["nonce"].as_str(), nonce);
        assert_eq!(self.0["c_hash"], expected(code));
        assert_eq!(self.0["at_hash"], expected(access));
        assert!(self.0["acr"].as_str().is_none_or(|acr| !acr.is_empty()));
        let subject = self.0["sub"].as_str().unwrap();
        assert!((1..=255).contains(&subject.len()) && subject.is_ascii());
    }

    /// Both ID tokens of a hybrid flow are about one login (OpenID Connect Core
    /// §3.3.3.6).
    pub fn check_same_login(&self, other: &Self) {
        for name in ["iss", "sub", "aud", "auth_time", "sid"] {
            assert_eq!(self.0[name], other.0[name], "{name}");
        }
    }
}

/// SHA-256, the left half, base64url: written down once more on purpose.
fn half_hash(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

/// RFC 6749 §5.1.
pub fn check_token_answer(reply: &Reply) {
    assert_eq!(reply.code(), 200, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/json");
    assert!(reply.header("cache-control").contains("no-store"));
    assert!(reply.member("token_type").eq_ignore_ascii_case("bearer"));
    assert!(reply.json()["expires_in"].as_u64().unwrap() > 0);
}

/// What a flow has brought to the app.
#[derive(Debug, Default)]
pub struct Outcome {
    /// From the token endpoint where there is a code, else from the browser.
    pub id_token: Claims,
    /// The same as text.
    pub hint: String,
    pub code: Option<String>,
    pub access: Option<String>,
    pub refresh: Option<String>,
    /// Null without an access token.
    pub userinfo: Value,
}

impl Outcome {
    /// Where the app reads about the user: an ID token that comes alone says it itself.
    pub fn about(&self, variant: Variant) -> &Value {
        match variant.is_id_token_alone() {
            true => &self.id_token.0,
            false => &self.userinfo,
        }
    }
}
