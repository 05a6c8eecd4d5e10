//! An app's own key, and what it signs.

use grantor_jose::{algorithm::Algorithm, jwk::JwkSet, sign::SigningKey};
use serde_json::Value;

pub struct Signer(SigningKey);

impl Signer {
    /// A new key, called `kid`.
    pub fn new(algorithm: Algorithm, kid: &str) -> Self {
        let der = SigningKey::generate(algorithm).unwrap();
        let key = SigningKey::from_pkcs8(algorithm, &der).unwrap();
        Self(key.with_kid(kid).unwrap())
    }

    pub fn of_secret(secret: &str) -> Self {
        Self(SigningKey::from_secret(secret.as_bytes()).unwrap())
    }

    /// The public half as a set of keys.
    pub fn jwks(&self) -> String {
        let public = self.0.public_jwk().unwrap().clone();
        JwkSet::new(vec![public]).to_json().to_string()
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.0.sign(None, claims.to_string().as_bytes()).unwrap()
    }

    /// With this `typ`.
    pub fn sign_as(&self, typ: &str, claims: &Value) -> String {
        let payload = claims.to_string();
        self.0.sign(Some(typ), payload.as_bytes()).unwrap()
    }
}
